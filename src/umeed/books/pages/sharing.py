"""Sharing out what a group has earned: who would get what and why, the doing of it, its paper, taking it back."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions.sharing import (
    HEAD,
    SharePlan,
    plan_share_out,
    share_out,
    surplus_of,
    undo_share_out,
    why_not_share_out,
)
from umeed.books.ledger.balances import balances
from umeed.books.meetings.facts import members
from umeed.books.models import Book, Sheet
from umeed.books.pages.opening import KEEP, SEE, book_behind, may_keep, page
from umeed.books.pages.writing.parts import MODES
from umeed.books.pages.writing.state import group_only
from umeed.books.pages.writing.typed import line_sent
from umeed.books.registers.sharing import share_paper, shared, why_so
from umeed.books.rules.sharing import WHOLE_RUPEES
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.form_fields import DayField, RupeesField
from umeed.core.forms import mark_of
from umeed.core.papers.answers import paper_page
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

LAST, SHOWN = "last", 20
BASES = (("savings", _("By savings")), ("equal", _("The same to all")))
UNITS = ((str(WHOLE_RUPEES), _("To the whole rupee")), ("1", _("To the paisa")))
_WHY_NOT = _("It is not shared out so")
_CHANGED = N_("Savings or earnings changed since this page was opened. Look at the parts once more.")


class ShareForm(forms.Form):
    on = DayField(label=_("Paid out on"))
    paise = RupeesField(label=_("How much is shared out"))
    basis = forms.ChoiceField(label=_("By which rule"), choices=BASES)
    unit = forms.ChoiceField(label=_("Parts"), choices=UNITS)
    mode = forms.ChoiceField(label=_("Paid from"), choices=MODES)

    @property
    def asked(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return {**said, "unit": int(said["unit"]), "paise": Paise(said["paise"])}


@needs(SEE, of="institutions_institution")
def listed(request: HttpRequest, id: UUID) -> HttpResponse:
    """What could be shared out, what it would come to for each, and what was shared out before."""
    book = group_only(book_behind(request.scope, id))
    keeps = may_keep(request.scope, book)
    if request.method == "POST":
        if not keeps:
            raise Http404
        return _shared_out(request, book)
    is_asked = "paise" in request.GET
    form = ShareForm(request.GET) if is_asked else ShareForm(initial=_usual(request, book))
    return _page(request, book, form, is_asked=is_asked)


def _usual(request: HttpRequest, book: Book) -> dict[str, Any]:
    """What the box or the bank can pay of what was earned, whichever holds more, in whole rupees."""
    today = request.scope.today
    held = balances(book.pk, today)
    mode = max(("cash", "bank"), key=lambda key: held.get(key, 0))
    whole = min(surplus_of(book, today), held.get(mode, 0)) // WHOLE_RUPEES * WHOLE_RUPEES
    return {"on": today, "paise": whole if whole > 0 else None, "basis": "savings", "unit": "100", "mode": mode}


def _page(
    request: HttpRequest, book: Book, form: ShareForm, *, is_asked: bool, more: list[Refusal] | None = None
) -> HttpResponse:
    today = request.scope.today
    plan, stops = None, []
    if is_asked and form.is_valid():
        plan = _plan(book, form)
        stops = why_not_share_out(request.scope, book, plan, form.cleaned_data["on"], form.asked["mode"])
    reasons = [*stops, *(one for one in more or () if one not in stops)]
    sure = set(request.POST.getlist("sure"))
    held = balances(book.pk, today)
    return render(request, "books/sharing/listed.html", {
        "cash": held.get("cash", 0), "bank": held.get("bank", 0), "why_not": _WHY_NOT,
        "page": page(request, book, _("Share-out")), "book": book, "form": form,
        "may_share": may_keep(request.scope, book) and not stops, "surplus": surplus_of(book, today),
        "as_of": today, "reasons": reasons,
        "plan": _told(book, form, plan) if plan is not None and plan.told else None,
        "asks": [{"text": one.message(gettext), "mark": mark_of(one), "is_sure": mark_of(one) in sure}
                 for one in (plan.asks if plan else ())],
        "uid": request.POST.get("uid") or new_id(), "seen": _mark(plan) if plan else "",
        "before": _before(book),
    }, status=422 if request.method == "POST" or (is_asked and not form.is_valid()) else 200)  # fmt: skip


def _plan(book: Book, form: ShareForm) -> SharePlan:
    said = form.asked
    return plan_share_out(book, on=said["on"], paise=said["paise"], basis=said["basis"], unit=said["unit"])


def _told(book: Book, form: ShareForm, plan: SharePlan) -> dict[str, Any]:
    said = form.asked
    names = members(book, said["on"])
    whole = sum(part.base for part in plan.told.values()) or 1
    return {
        "rows": [
            {"name": names.get(woman, "?"), "base": part.base, "paise": part.paise, "is_odd": part.is_odd,
             "percent": f"{100 * part.base / whole:.1f}"}
            for woman, part in plan.told.items()
        ],
        "by_savings": said["basis"] == "savings", "words": why_so(plan.told, said["basis"], said["unit"], names),
        "whole": sum(part.base for part in plan.told.values()), "paise": said["paise"], "on": said["on"],
        "left": Paise(plan.surplus - said["paise"]),
    }  # fmt: skip


def _mark(plan: SharePlan) -> str:
    """What was seen before it was confirmed: who gets what."""
    told = ";".join(f"{woman}={paise}" for woman, paise in sorted(plan.parts.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _before(book: Book) -> list[dict[str, Any]]:
    """Share-outs of this book, the newest first. Two questions."""
    rows = Sheet.objects.filter(book=book, kind=Sheet.Kind.ADJUSTMENT, lines__head=HEAD)
    summed = rows.annotate(paise=Sum("lines__amount_paise")).order_by("-on_date", "-pk")[:SHOWN]
    struck = set(Sheet.objects.filter(reverses__in=[one.pk for one in summed]).values_list("reverses", flat=True))
    return [
        {
            "on": one.on_date, "paise": one.paise, "is_struck": one.pk in struck,
            "url": reverse("books:share_out_one", args=[book.institution_id, one.pk]),
        }
        for one in summed
    ]  # fmt: skip


def _shared_out(request: HttpRequest, book: Book) -> HttpResponse:
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, book, form, is_asked=True)
    try:
        uid = UUID(request.POST.get("uid", ""))
    except ValueError:
        raise Http404 from None
    plan, is_known = _plan(book, form), Sheet.objects.filter(uid=uid, book=book).exists()
    sure = set(request.POST.getlist("sure"))
    if not is_known:
        if request.POST.get("seen") != _mark(plan):
            return _page(request, book, form, is_asked=True, more=[Refusal(None, "changed", _CHANGED)])
        if any(mark_of(one) not in sure for one in plan.asks):
            return _page(request, book, form, is_asked=True)
    try:
        done = share_out(by=request.scope, book=book, uid=uid, is_sure=True, **form.asked)
    except Refused as refused:
        return _page(request, book, form, is_asked=True, more=refused.refusals)
    messages.success(request, gettext("It stands in the book. Print the paper and let each woman sign it."))
    return redirect("books:share_out_one", book.institution_id, done.sheet)


def _sheet(book: Book, which: str) -> Sheet:
    rows = Sheet.objects.filter(book=book, kind=Sheet.Kind.ADJUSTMENT, lines__head=HEAD)
    found = rows.filter(pk=int(which)).first() if which.isascii() and which.isdigit() and len(which) < 19 else None
    if found is None:
        raise Http404
    return found


@needs(SEE, of="institutions_institution")
def one(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """One share-out on a paper."""
    book = group_only(book_behind(request.scope, id))
    if which == LAST:
        return redirect("books:share_out", id)
    found = shared(book, _sheet(book, which))
    may_undo = not found.is_struck and may_keep(request.scope, book)
    return paper_page(
        request, share_paper(book, found), of=book, template="books/sharing/one.html", crumbs=_crumbs(request, book),
        undo=reverse("books:share_out_undo", args=[id, found.sheet.pk]) if may_undo else "", shared=found,
    )  # fmt: skip


def _crumbs(request: HttpRequest, book: Book) -> list[dict[str, Any]]:
    above = page(request, book, "")["crumbs"]
    return [*above, {"title": gettext("Share-out"), "url": reverse("books:share_out", args=[book.institution_id])}]


@needs(KEEP, of="institutions_institution")
def undo(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Take a share-out back, with a reason."""
    book = group_only(book_behind(request.scope, id, KEEP))
    if which == LAST:
        return redirect("books:share_out", id)
    sheet = _sheet(book, which)
    reasons: list[Refusal] = []
    why = line_sent(request.POST, "why")
    if request.method == "POST":
        try:
            undo_share_out(by=request.scope, book=book, sheet=sheet.pk, why=why)
            messages.success(request, gettext("The share-out was taken back. Its money is in the book again."))
            return redirect("books:share_out_one", id, sheet.pk)
        except Refused as refused:
            reasons = refused.refusals
    return render(request, "books/sharing/undo.html", {
        "page": page(request, book, _("Take the share-out back")), "one": shared(book, sheet), "reasons": reasons,
        "why": why, "back": reverse("books:share_out_one", args=[id, sheet.pk]),
    }, status=422 if reasons else 200)  # fmt: skip


routes = [
    path("books/<uuid:id>/share-out/", listed, name="share_out"),
    path("books/<uuid:id>/share-out/<str:which>/", one, name="share_out_one"),
    path("books/<uuid:id>/share-out/<str:which>/undo/", undo, name="share_out_undo"),
]
