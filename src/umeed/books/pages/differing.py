"""A meeting of a closed month, put right by what it differs: its lines, each with the amount that is right."""

from __future__ import annotations

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
from umeed.books.heads import BY_KEY
from umeed.books.meetings.differences import MOST_TIMES, put_right_by
from umeed.books.models import Meeting
from umeed.books.naming import women_called
from umeed.books.pages.meetings import LAST, _title, meeting_behind
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import group_only
from umeed.books.pages.writing.typed import Typed, rupees_as_typed, sent_by
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
    shown, names = Shown(values, reasons), _names(lines)
    return render(request, "books/meetings/differing.html", {
        "page": page(
            request, book, gettext("Put it right by what it differs"), lead=f"{book.institution.name} · {_title(held)}"
        ), "held": held, "reasons": _with_names(reasons, lines, names),
        "nth": values["nth"], "why": shown.box("why", gettext("Why")),
        "rows": [_row(one, names, shown) for one in sorted(lines, key=lambda one: _by_name(one, names))],
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


def _with_names(
    reasons: list[Refusal], lines: list[Written], names: dict[UUID | None, str]
) -> list[dict[str, Any]]:  # fmt: skip
    """Where reasons are listed together, each says whose amount it is about, and which."""
    whose = {one.key: _whose(one, names) for one in lines}
    return [
        {"field": one.field, "text": one.message(gettext), "severity": one.severity,
         "label": whose.get(one.field or "", "")}
        for one in reasons
    ]  # fmt: skip


def _whose(one: Written, names: dict[UUID | None, str]) -> str:
    return " · ".join(filter(None, (names.get(one.woman, ""), gettext(BY_KEY[one.head].title))))


def _by_name(one: Written, names: dict[UUID | None, str]) -> tuple[bool, str]:
    """Women by name, then what is nobody's."""
    return one.woman is None, names.get(one.woman, "")


def _row(one: Written, names: dict[UUID | None, str], shown: Shown) -> dict[str, Any]:
    name, title = names.get(one.woman, ""), gettext(BY_KEY[one.head].title)
    return {
        "name": name, "title": title, "whose": _whose(one, names), "was": one.paise,
        "is_back": one.sign > 0 and one.head.startswith("saving_"),
        "right": shown.amount(one.key, gettext("What is right")),
    }  # fmt: skip


def _names(lines: list[Written]) -> dict[UUID | None, str]:
    return dict(women_called(one.woman for one in lines))


routes = [path("books/<uuid:id>/meetings/<str:which>/put-right/", differing, name="meeting_differing")]
