"""What phones sent and was not posted: held for the officer, two for one place, refused, waiting; and one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from umeed.books.actions.clashes import SETTLE
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.doors import needs
from umeed.field import queries
from umeed.field.actions import letting_in
from umeed.field.commands.trying import name_of
from umeed.field.devices import scope_of_device
from umeed.field.models import Command
from umeed.field.queries import MANAGE
from umeed.field.telling import covered_in, groups_called, may_look, reasons_of, told_of
from umeed.field.views.phones import crumb, inbox_tabs
from umeed.institutions.models import Institution

PAGE_SIZE = 50
PARTS = ("held", "conflict", "refused", "waits")
BADGES = {"accepted": "good", "held": "warn", "conflict": "bad", "refused": "bad", "waits": "info", "aside": ""}


@needs(MANAGE)
def inbox(request: HttpRequest) -> HttpResponse:
    """One part of the inbox, the oldest first."""
    state = request.GET.get("state", "")
    state = state if state in PARTS else PARTS[0]
    page = Paginator(queries.inbox(request.scope, state).defer("said"), PAGE_SIZE).get_page(request.GET.get("page"))
    groups = [row.group for row in page]
    called, alone = groups_called(request.scope, groups), queries.without_officer(groups, request.scope.today)
    return render(request, "field/inbox.html", {
        "page": {"title": gettext("Sent by phones"), "crumbs": [crumb()]}, "tabs": inbox_tabs(request, state),
        "state": state, "rows": [
            {"row": one, "kind": one.get_kind_display(), "group": called.get(one.group), "says": reasons_of(one)[:2],
             "is_alone": one.group in alone}
            for one in page
        ],
        "previous": f"?state={state}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"?state={state}&page={page.next_page_number()}" if page.has_next() else "",
    })  # fmt: skip


@needs(MANAGE, of="field_command")
def command(request: HttpRequest, id: int) -> HttpResponse:
    """One command in plain lines, why it is as it is, and what may be done with it."""
    row = get_object_or_404(queries.commands(request.scope).select_related("owner", "device"), pk=id)
    reasons, why, asked = [], " ".join(request.POST.get("why", "").split()), request.POST.get("field", "")
    if asked:
        _look(request, row, asked)
    elif request.method == "POST":
        try:
            return _done(request, row, why)
        except Refused as refused:
            reasons = refused.refusals
    beside = letting_in.held_beside(request.scope, row).count() if row.state == "held" else 0
    group = groups_called(request.scope, [row.group]).get(row.group, "")
    answer = render(request, "field/command.html", {
        "page": {"title": row.get_kind_display(), "lead": group, "crumbs": [crumb(), _inbox_crumb(row)]},
        "row": row, "told": told_of(request.scope, row, asked), "state": row.get_state_display(),
        "kind": BADGES[row.state], "says": reasons_of(row), "reasons": reasons, "why": why,
        "beside": beside if beside > 1 else 0,
        **_who_is_there(request, row),
        "is_our_fault": (row.answer.get("why") or {}).get("code") == "our_fault",
        "carried_by": name_of(row.carried_by), "settled_by": name_of(row.settled_by), "group": group,
    }, status=422 if reasons else 200)  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _who_is_there(request: HttpRequest, row: Command) -> dict[str, Any]:
    """Whether she who wrote it still keeps that book, until when she did, whether its block has an officer."""
    hers = scope_of_device(row.device)
    keeps = Institution.objects.filter(pk=row.group).seen_by(hers, "books.keep").exists()
    until = None if keeps else queries.kept_until(row, request.scope.today)
    return {
        "keeps": keeps, "kept_until": until, "settles": row.state == "conflict" and request.scope.can(SETTLE),
        "is_alone": row.group in queries.without_officer([row.group], request.scope.today),
    }  # fmt: skip


def _look(request: HttpRequest, row: Command, field: str) -> None:
    """That she looked at a covered field is kept, as of a woman's own record: only by POST, a machine follows links."""
    if field not in covered_in(row) or not may_look(request.scope, row, field):
        raise Http404
    with audited(by=request.scope, did="look_at_sealed") as trail:
        trail.rows("read", "field_command", [(str(row.pk), None, {"fields": [field]})])
        trail.at_place(Institution.objects.filter(pk=row.group).values_list("place", flat=True).first())


def _inbox_crumb(row: Command) -> dict[str, Any]:
    part = row.state if row.state in PARTS else PARTS[0]
    return {"title": gettext("Sent by phones"), "url": f"{reverse('phones:inbox')}?state={part}"}


def _done(request: HttpRequest, row: Command, why: str) -> HttpResponse:
    do, by = request.POST.get("do", ""), request.scope
    if do == "let_in":
        _say(request, [letting_in.let_in(by=by, command=row.pk, why=why)])
    elif do == "let_in_all":
        _say(request, letting_in.let_in_all(by=by, command=row.pk, why=why))
    elif do == "turn_down":
        letting_in.turn_down(by=by, command=row.pk, why=why)
        messages.success(request, gettext("It was not let in. The bookkeeper reads your reason on her phone."))
    elif do == "put_aside":
        letting_in.put_aside(by=by, command=row.pk, why=why)
        messages.success(request, gettext("It is put aside. The bookkeeper reads your reason on her phone."))
    elif do == "try_again":
        _say(request, [letting_in.try_again(by=by, command=row.pk)])
    else:
        raise Http404
    return redirect("phones:command", row.pk)


def _say(request: HttpRequest, done: list[Command]) -> None:
    """What came of it; it may be refused now, or stand against another."""
    if all(one.state == "accepted" for one in done):
        messages.success(request, gettext("It is posted, under the name of who wrote it."))
    else:
        messages.warning(request, gettext("It could not be posted. Why stands below, and on the phone."))
