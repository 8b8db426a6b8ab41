"""A meeting of a closed month, put right by what it differs: its lines, each with the amount that is right."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from umeed.books.actions.differing import (
    Written,
    changed_meanwhile,
    put_right,
    reasons_to_put_right,
    written_in,
)
from umeed.books.actions.records import is_month_closed
from umeed.books.meetings.differences import MOST_TIMES, put_right_by
from umeed.books.models import Loan, Meeting
from umeed.books.naming import women_called
from umeed.books.pages.meetings import LAST, _title, meeting_behind
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import group_only
from umeed.books.pages.writing.typed import Typed, rupees_as_typed, sent_by
from umeed.books.registers.slips import slip_title
from umeed.books.registers.which_loan import which_loans
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal


@needs(KEEP, of="institutions_institution")
def differing(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """What was written, what is right, and why; the difference is posted today."""
    book = group_only(book_behind(request.scope, id, KEEP))
    if which == LAST and not Meeting.objects.filter(book=book).exists():
        return redirect("books:meetings", id)
    held = meeting_behind(request, book, which)
    if not is_month_closed(held):
        return redirect("books:meeting_correct", id, held.pk)
    values, reasons = _values(held, len(put_right_by(held))), list[Refusal]()
    if request.method == "POST":
        values, reasons = _posted(request, held)
        if not reasons:
            messages.success(request, gettext("What it differs by stands in the book today, with your reason."))
            return redirect("books:meeting", id, held.pk)
    lines = written_in(held)
    shown, told = Shown(values, reasons), _told(held, lines)
    return render(request, "books/meetings/differing.html", {
        "page": page(
            request, book, gettext("Put it right by what it differs"), lead=f"{book.institution.name} · {_title(held)}"
        ), "held": held, "reasons": _with_names(reasons, told),
        "nth": values["nth"], "why": shown.box("why", gettext("Why")),
        "groups": _by_name(told, shown),
        "back": reverse("books:meeting", args=[id, held.pk]),
    }, status=422 if reasons else 200)  # fmt: skip


def _values(held: Meeting, nth: int) -> dict[str, Any]:
    """The fields as they stood before it was put right for the nth time."""
    return {one.key: rupees_as_typed(one.paise) for one in written_in(held, nth)} | {"nth": nth}


def _posted(request: HttpRequest, held: Meeting) -> tuple[dict[str, Any], list[Refusal]]:
    """(the fields to show again, what stands against it); without a reason it was posted, or was before."""
    sent = sent_by(request.POST)
    nth = Typed(sent).whole("nth", 0, MOST_TIMES)
    nth = len(put_right_by(held)) if nth is None else nth
    # As they stood when the page was made: another window may have put some right since.
    values = _values(held, nth) | sent | {"nth": nth}
    typed = Typed(values)
    said = {"meeting": held.pk, "nth": nth, **_said(typed, written_in(held, nth))}
    try:
        if not typed.reasons:
            put_right(by=request.scope, **said)
            return values, []
        # What cannot be read may be what differs.
        more = reasons_to_put_right(by=request.scope, **said)
        reasons = [*typed.reasons, *(one for one in more if one.code != "nothing_differs")]
    except Refused as refused:
        reasons = refused.refusals
    if any(one.code == "conflict" for one in reasons):
        reasons += _caught_up(held, said, values)
    return values, reasons


def _said(typed: Typed, lines: list[Written]) -> dict[str, Any]:
    """The right amounts and why; amounts that cannot be read stay as they are."""
    amounts, why = {one.key: typed.amount(one.key) for one in lines}, typed.text("why")
    unread = {one.field for one in typed.reasons}
    return {"right": {key: paise or Paise(0) for key, paise in amounts.items() if key not in unread}, "why": why}


def _caught_up(held: Meeting, said: dict[str, Any], values: dict[str, Any]) -> list[Refusal]:
    """What was not touched follows the book, so that posting it again does not undo what another one put right."""
    values["nth"] = len(put_right_by(held))
    now, told = changed_meanwhile(held, said["nth"], said["right"])
    values |= {key: rupees_as_typed(paise) for key, paise in now.items()}
    return told


@dataclass(frozen=True)
class _Told:
    """A line as it is read: whose it is, of which of her loans where she has several, and what came or went."""

    line: Written
    name: str
    loan: str

    @property
    def title(self) -> str:
        return slip_title(self.line.head, is_paid=self.line.sign < 0)

    @property
    def whole(self) -> str:
        return " · ".join(filter(None, (self.name, self.loan, self.title)))


def _told(held: Meeting, lines: list[Written]) -> list[_Told]:
    """Women by name, then what is nobody's; what is of one loan stands together."""
    # What came of a loan that was written off names the loan alone.
    loans = [one.loan for one in lines if one.loan and not one.woman]
    of = dict(Loan.objects.filter(pk__in=loans).values_list("pk", "woman")) if loans else {}
    names = women_called([*(one.woman for one in lines), *of.values()])
    which = which_loans(held.book_id, held.held_on)
    told = [
        _Told(one, names.get(one.woman or of.get(one.loan), ""), which.get(one.loan or 0, ""))  # type: ignore[arg-type]
        for one in lines
    ]
    return sorted(told, key=lambda one: (not one.name, one.name, one.line.loan or 0))


def _with_names(reasons: list[Refusal], told: list[_Told]) -> list[dict[str, Any]]:
    """Where reasons are listed together, each says whose amount it is about, and which."""
    whose = {one.line.key: one.whole for one in told}
    return [
        {"field": one.field, "text": one.message(gettext), "severity": one.severity,
         "label": whose.get(one.field or "", "")}
        for one in reasons
    ]  # fmt: skip


def _by_name(told: list[_Told], shown: Shown) -> list[dict[str, Any]]:
    """A card a woman, and in it, where she has several, each of her loans."""
    return [
        {"name": name, "parts": [
            {"loan": loan, "rows": [_row(one, shown) for one in of_it]}
            for loan, of_it in groupby(hers, key=lambda one: one.loan)
        ]}
        for name, hers in groupby(told, key=lambda one: one.name)
    ]  # fmt: skip


def _row(one: _Told, shown: Shown) -> dict[str, Any]:
    return {
        "title": one.title, "whose": one.whole, "was": one.line.paise,
        "right": shown.amount(one.line.key, gettext("What is right")),
    }  # fmt: skip


routes = [path("books/<uuid:id>/meetings/<str:which>/put-right/", differing, name="meeting_differing")]
