"""Reading a day out, settling what is wrong or asked, and closing it; putting it away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext

from umeed.books.actions.days import close_day
from umeed.books.models import Book
from umeed.books.pages.days.state import DayWriting, day_of, for_federations
from umeed.books.pages.days.steps import DAY
from umeed.books.pages.days.telling import names_for, sections
from umeed.books.pages.opening import KEEP
from umeed.books.pages.writing.beginning import given_up
from umeed.books.pages.writing.closing import apart, closed_before, closed_by, shown_to_close
from umeed.books.pages.writing.walking import nothing_open
from umeed.core.doors import needs


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def close(request: HttpRequest, book: Book) -> HttpResponse:
    """The whole day in sight; it closes when nothing stands against it and every question is answered."""
    writing, id = day_of(request.scope, book), book.institution_id
    if writing is None:
        known = closed_before(request, id, DAY, writing) if request.method == "POST" else None
        return known or nothing_open(request, id)
    if request.method != "POST":
        return _asked(request, writing)
    words = gettext("The day is closed. What concerns others stands in their books too.")
    return closed_by(request, writing, DAY, close_day, apart(writing, DAY), _asked, words)


def _asked(request: HttpRequest, writing: DayWriting, *, status: int = 200, **told: Any) -> HttpResponse:
    document, facts, book = writing.document, writing.known.facts, writing.book.institution_id
    lines = sections(document, names_for(writing.book, document))
    return render(request, "books/bodies/day_close.html", {
        **shown_to_close(request, writing, DAY, *apart(writing, DAY), **told),
        "told": [(one, DAY.address(book, one.key)) for one in lines],
        "came": sum(map(document.came, facts.below)), "all": len(facts.below),
        "is_meeting": document.kind == "regular",
    }, status=status)  # fmt: skip


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def give_up(request: HttpRequest, book: Book) -> HttpResponse:
    """Put away a day that was begun by mistake, with a reason."""
    writing = day_of(request.scope, book)
    return given_up(request, writing, DAY) if writing else nothing_open(request, book.institution_id)


routes = [
    path("books/<uuid:id>/days/open/close/", close, name="day_close"),
    path("books/<uuid:id>/days/open/put-away/", give_up, name="day_put_away"),
]
