"""A meeting of a closed month, put right by what it differs: its lines, each with the amount that is right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from umeed.books.actions.differing import Written, put_right, reasons_to_put_right, written_in
from umeed.books.actions.records import is_month_closed
from umeed.books.heads import BY_KEY
from umeed.books.meetings.differences import put_right_by
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
    lines, reasons = written_in(held), list[Refusal]()
    values: dict[str, Any] = {one.key: rupees_as_typed(one.paise) for one in lines}
    if request.method == "POST":
        values |= sent_by(request.POST)
        typed = Typed(values)
        said = _said(held, typed, lines)
        try:
            if not typed.reasons:
                put_right(by=request.scope, **said)
                messages.success(request, gettext("What it differs by stands in the book today, with your reason."))
                return redirect("books:meeting", id, held.pk)
            # What cannot be read may be what differs.
            more = reasons_to_put_right(by=request.scope, **said)
            reasons = [*typed.reasons, *(one for one in more if one.code != "nothing_differs")]
        except Refused as refused:
            reasons = refused.refusals
    shown, names = Shown(values, reasons), _names(lines)
    return render(request, "books/meetings/differing.html", {
        "page": page(
            request, book, gettext("Put it right by what it differs"), lead=f"{book.institution.name} · {_title(held)}"
        ), "held": held, "reasons": _with_names(reasons, lines, names),
        "nth": values.get("nth", len(put_right_by(held))), "why": shown.box("why", gettext("Why")),
        "rows": [_row(one, names, shown) for one in sorted(lines, key=lambda one: _by_name(one, names))],
        "back": reverse("books:meeting", args=[id, held.pk]),
    }, status=422 if reasons else 200)  # fmt: skip


def _said(held: Meeting, typed: Typed, lines: list[Written]) -> dict[str, Any]:
    """What is asked for; amounts that cannot be read stay as they are."""
    amounts = {one.key: typed.amount(one.key) for one in lines}
    nth, why = typed.whole("nth", 0, 99) or 0, typed.text("why")
    unread = {one.field for one in typed.reasons}
    right = {key: paise or Paise(0) for key, paise in amounts.items() if key not in unread}
    return {"meeting": held.pk, "nth": nth, "right": right, "why": why}


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
