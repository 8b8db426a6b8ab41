"""The pages of a day's steps, and beginning it: as those of a meeting, with what is known of a VO or CLF."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from umeed.books.actions.days import known_before_day
from umeed.books.bodies.documents import BodyDay
from umeed.books.meetings.sums import Tally
from umeed.books.models import Book
from umeed.books.pages.days.state import DayWriting, day_of, for_federations
from umeed.books.pages.days.steps import DAY
from umeed.books.pages.opening import KEEP
from umeed.books.pages.writing.beginning import HEAD, asked, begun, kept
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.typed import Values, day_as_typed
from umeed.books.pages.writing.walking import Page, nothing_open, step_answer
from umeed.books.rules.bodies import why_not_close_day
from umeed.core.doors import needs
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal, hard


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def begin(request: HttpRequest, book: Book) -> HttpResponse:
    """Day, number and kind; of a day that is being written they can be changed here."""
    writing = day_of(request.scope, book)
    if request.method == "POST":
        return begun(request, book, DAY, writing, _why_not)
    return asked(request, book, DAY, writing, kept(writing) if writing else _expected(request, book), [])


def _expected(request: HttpRequest, book: Book) -> Values:
    today = request.scope.today
    number = known_before_day(by=request.scope, book=book, on=today, number=None).facts.last_number + 1
    place = book.institution.meeting_place
    return {"on": day_as_typed(today), "number": str(number), "kind": "regular", "place": place, "id": str(new_id())}


def _why_not(request: HttpRequest, book: Book, writing: DayWriting | None, head: dict[str, Any]) -> list[Refusal]:
    """What stands against the day and the number themselves."""
    on = datetime.date.fromisoformat(head["on"])
    replaces = writing.replaces if writing else None
    known = known_before_day(by=request.scope, book=book, on=on, number=head["number"], replaces=replaces)
    told = why_not_close_day(BodyDay(id=new_id(), on=on, number=head["number"]), known.facts, Tally(*[Paise(0)] * 4))
    return [reason for reason in hard(told) if reason.field in HEAD]


def step_page(step: Step) -> Page:
    @needs(KEEP, of="institutions_institution")
    @for_federations(KEEP)
    def view(request: HttpRequest, book: Book) -> HttpResponse:
        writing = day_of(request.scope, book)
        if writing is None:
            return nothing_open(request, book.institution_id)
        return step_answer(request, writing, DAY, step)

    return view


routes = [
    path("books/<uuid:id>/days/open/begin/", begin, name="day_begin"),
    *(path(f"books/<uuid:id>/days/open/{step.key}/", step_page(step), name=f"day_{step.key}") for step in DAY.steps),
]
