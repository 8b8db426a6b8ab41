"""The officer's pages about phones: the list, enrolling one, one phone and what may be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from umeed.access.models import User
from umeed.core.actions import Refused
from umeed.core.audit_pages.queries import entries_url
from umeed.core.doors import needs
from umeed.core.templatetags.umeed_text import grouped
from umeed.field import actions, queries
from umeed.field.commands.trying import name_of
from umeed.field.devices import shown
from umeed.field.forgetting import forgets_on
from umeed.field.models import Command, Device
from umeed.field.queries import MANAGE

PAGE_SIZE = 50
STATES = {
    "active": (_("In use"), "good"), "silent": (_("Silent"), "warn"), "new": (_("No word yet"), "info"),
    "forgets": (_("Asked to forget"), "warn"), "told": (_("Told to forget"), "info"), "ended": (_("Ended"), ""),
    "left": (_("Signed out by her"), ""),
}  # fmt: skip
SHOWN = (("", _("In use")), ("silent", _("Silent for two weeks")), ("ended", _("Ended")))


@needs(MANAGE)
def listed(request: HttpRequest) -> HttpResponse:
    """Phones in reach: who has which, when it was heard of last, what waits on it."""
    asked, q = request.GET.get("state", ""), request.GET.get("q", "").strip()
    rows = queries.phones(request.scope)
    rows = {"": rows.filter(ended_at=None), "ended": rows.exclude(ended_at=None)}.get(asked, queries.silent(rows))
    if q:
        rows = rows.filter(Q(owner__name__icontains=q) | Q(owner__username__icontains=q) | Q(label__icontains=q))
    page = Paginator(rows.order_by("owner__name", "-enrolled_at"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "field/phones.html", {
        "page": {"title": gettext("Phones"), "actions": _buttons(request)},
        "rows": [_row(one) for one in queries.rows_of(request.scope, page)], "total": page.paginator.count, "q": q,
        "asked": asked, "states": SHOWN, "inbox": inbox_tabs(request), "pager": _pager(page, asked, q),
    })  # fmt: skip


def _row(row: queries.PhoneRow) -> dict[str, Any]:
    said, kind = STATES[row.state]
    keeps = row.keeps_at[:3]
    return {"row": row, "device": row.device, "keeps": keeps, "more": len(row.keeps_at) - len(keeps), "state": said,
            "kind": kind, "clock": _clock(row), "differs": _differs(row.device)}  # fmt: skip


def _differs(device: Device) -> str:
    """That it has not what the server has of some groups, though it fetched all of them anew."""
    text = ngettext(
        "This phone and the server do not agree on %(count)s group",
        "This phone and the server do not agree on %(count)s groups", device.told_differs,
    )  # fmt: skip
    return text % {"count": grouped(device.told_differs)} if device.told_differs else ""


def _clock(row: queries.PhoneRow) -> str:
    """How far its clock is off, in words: what it dates wrongly is asked about, but the day of a meeting is hers."""
    off = row.clock_off
    if off is None:
        return ""
    hours = round(abs(off).total_seconds() / 3600) or 1
    days = round(hours / 24)
    count = days if hours >= 36 else hours
    if hours >= 36:
        text = (
            ngettext("%(count)s day ahead", "%(count)s days ahead", count) if off.days >= 0
            else ngettext("%(count)s day behind", "%(count)s days behind", count)
        )  # fmt: skip
    else:
        text = (
            ngettext("%(count)s hour ahead", "%(count)s hours ahead", count) if off.days >= 0
            else ngettext("%(count)s hour behind", "%(count)s hours behind", count)
        )  # fmt: skip
    return text % {"count": grouped(count)}


def _buttons(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"title": gettext("Enrol a phone"), "url": reverse("phones:enrol"), "icon": "add"},
        {"title": gettext("Load a file of a phone"), "url": reverse("phones:carried"), "icon": "upload", "quiet": True},
    ]


def _pager(page: Any, asked: str, q: str) -> dict[str, str]:
    def url(number: int) -> str:
        return f"?{'&'.join(f'{key}={value}' for key, value in (('state', asked), ('q', q)) if value)}&page={number}"

    first, last, total = (grouped(n) for n in (page.start_index(), page.end_index(), page.paginator.count))
    return {
        "shown": gettext("%(first)s–%(last)s of %(total)s") % {"first": first, "last": last, "total": total},
        "previous": url(page.previous_page_number()) if page.has_previous() else "",
        "next": url(page.next_page_number()) if page.has_next() else "",
    }  # fmt: skip


def inbox_tabs(request: HttpRequest, current: str | None = None) -> list[dict[str, Any]]:
    """The parts of the inbox with how much lies in each."""
    found = queries.counts(request.scope)
    titles = (
        ("held", gettext("Held for you")), ("conflict", gettext("Two for one place")),
        ("refused", gettext("Refused, to be mended")), ("waits", gettext("Waiting long")),
    )  # fmt: skip
    return [
        {"title": title, "url": f"{reverse('phones:inbox')}?state={state}", "count": found.get(state, 0) or None,
         "current": state == current}
        for state, title in titles
    ]  # fmt: skip


def crumb() -> dict[str, str]:
    return {"title": gettext("Phones"), "url": reverse("phones:list")}


@needs(MANAGE)
def enrol(request: HttpRequest) -> HttpResponse:
    """Choose a bookkeeper; her code is shown on the answer and never again."""
    q, code, owner, reasons = request.GET.get("q", "").strip(), "", None, []
    people = queries.people_to_enrol(request.scope)
    if request.method == "POST":
        owner = get_object_or_404(people, pk=_id(request.POST.get("owner")))
        try:
            code = shown(actions.give_code(by=request.scope, owner=owner))
        except Refused as refused:
            reasons = refused.refusals
    if q:
        people = people.filter(Q(name__icontains=q) | Q(username__icontains=q))
    found = list(people.order_by("name", "pk")[: PAGE_SIZE + 1])
    answer = render(request, "field/enrol.html", {
        "page": {"title": gettext("Enrol a phone"), "crumbs": [crumb()]}, "q": q, "code": code, "owner": owner,
        "reasons": reasons, "people": _people(request, found[:PAGE_SIZE]), "is_cut": len(found) > PAGE_SIZE,
        "address": request.build_absolute_uri(reverse("field")),
    })  # fmt: skip
    if code:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _people(request: HttpRequest, found: list[User]) -> list[dict[str, Any]]:
    at = queries.places_of_work(request.scope, {person.pk for person in found})
    has = queries.phones(request.scope).filter(owner__in=found, ended_at=None).values_list("owner", flat=True)
    has_phone = set(has)
    return [{"person": one, "at": at.get(one.pk, ())[:3], "has": one.pk in has_phone} for one in found]


@needs(MANAGE, of="field_device")
def phone(request: HttpRequest, id: UUID) -> HttpResponse:
    """One phone, and what may be done with it: ended, asked to forget, taken back."""
    device = get_object_or_404(queries.phones(request.scope), pk=id)
    reasons, why = [], " ".join(request.POST.get("why", "").split())
    if request.method == "POST":
        try:
            with transaction.atomic():
                return _done(request, id, why)
        except Refused as refused:
            reasons = refused.refusals
    row = queries.rows_of(request.scope, [device])[0]
    return render(request, "field/phone.html", {
        "page": {"title": device.label, "lead": str(device.owner), "crumbs": [crumb()]},
        **_row(row), "reasons": reasons, "why": why, "keeps": row.keeps_at, "enrolled_by": name_of(device.enrolled_by),
        "ended_by": name_of(device.ended_by), "may_undo_end": _may_undo_end(device),
        "shares": list(_on_the_same(request, device)),
        "sent": Command.objects.seen_by(request.scope, MANAGE).filter(device=device).defer("said")
        .order_by("-pk")[:10],
        "entries_url": entries_url(request.scope, "field_device", device.pk), "forgets_on": forgets_on(device),
    }, status=422 if reasons else 200)  # fmt: skip


def _on_the_same(request: HttpRequest, device: Device) -> QuerySet[Device]:
    """Of others who keep books on the same phone, as far as the officer looks after them."""
    return queries.phones(request.scope).filter(phone=device.phone, ended_at=None).exclude(pk=device.pk)


def _may_undo_end(device: Any) -> bool:
    if device.is_trusted or device.replaced_by_id is not None or queries.has_left(device):
        return False
    return not (device.last_synced_at and device.last_synced_at > device.ended_at)


def _done(request: HttpRequest, id: UUID, why: str) -> HttpResponse:
    do, by = request.POST.get("do", ""), request.scope
    if do in ("end", "lost", "lost_each"):
        ended = actions.end_phone(by=by, device=id, why=why, wipe=do != "end")
        others = list(_on_the_same(request, ended)) if do != "end" else []
        if do == "lost_each":
            for other in others:
                actions.end_phone(by=by, device=other.pk, why=why, wipe=True)
            messages.success(request, gettext("The phone is ended for each of them. What it still sends is kept."))
            return redirect("phones:phone", id)
        messages.success(request, gettext("The phone is ended. What it still sends is kept for you."))
        if others:
            messages.warning(
                request, gettext("Others keep books on the same phone. It is lost for them too: end theirs.")
            )
    elif do == "undo_end":
        actions.undo_end(by=by, device=id, why=why)
        messages.success(request, gettext("The phone goes on as before."))
    elif do == "wipe":
        actions.ask_wipe(by=by, device=id, why=why)
        messages.success(request, gettext("It forgets everything at its next contact, once nothing waits on it."))
    elif do == "undo_wipe":
        actions.undo_wipe(by=by, device=id, why=why)
        messages.success(request, gettext("The phone goes on as before."))
    else:
        raise Http404
    return redirect("phones:phone", id)


def _id(text: str | None) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as wrong:
        raise Http404 from wrong
