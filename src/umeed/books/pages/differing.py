"""A meeting of a closed month, put right by what it differs: its lines, each with the amount that is right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from umeed.books.actions.differing import Written, put_right, written_in
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
        right = {one.key: typed.amount(one.key) or Paise(0) for one in lines}
        nth = typed.whole("nth", 0, 99)
        reasons = typed.reasons
        try:
            if not reasons:
                put_right(by=request.scope, meeting=held.pk, nth=nth or 0, right=right, why=typed.text("why"))
                messages.success(request, gettext("What it differs by stands in the book today, with your reason."))
                return redirect("books:meeting", id, held.pk)
        except Refused as refused:
            reasons = refused.refusals
    shown, names = Shown(values, reasons), _names(lines)
    return render(request, "books/meetings/differing.html", {
        "page": page(
            request, book, gettext("Put it right by what it differs"), lead=f"{book.institution.name} · {_title(held)}"
        ), "held": held, "reasons": reasons,
        "nth": values.get("nth", len(put_right_by(held))), "why": shown.box("why", gettext("Why")),
        "rows": [_row(one, names, shown) for one in sorted(lines, key=lambda one: _by_name(one, names))],
        "back": reverse("books:meeting", args=[id, held.pk]),
    }, status=422 if reasons else 200)  # fmt: skip


def _by_name(one: Written, names: dict[UUID | None, str]) -> tuple[bool, str]:
    """Women by name, then what is nobody's."""
    return one.woman is None, names.get(one.woman, "")


def _row(one: Written, names: dict[UUID | None, str], shown: Shown) -> dict[str, Any]:
    name, title = names.get(one.woman, ""), gettext(BY_KEY[one.head].title)
    return {
        "name": name, "title": title, "whose": " · ".join(filter(None, (name, title))), "was": one.paise,
        "is_back": one.sign > 0 and one.head.startswith("saving_"),
        "right": shown.amount(one.key, gettext("What is right")),
    }  # fmt: skip


def _names(lines: list[Written]) -> dict[UUID | None, str]:
    return dict(women_called(one.woman for one in lines))


routes = [path("books/<uuid:id>/meetings/<str:which>/put-right/", differing, name="meeting_differing")]
