"""The day that is being written, as its pages see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from umeed.books.actions.days import known_before_day
from umeed.books.bodies.documents import BodyDay, read
from umeed.books.bodies.facts import BeforeDay
from umeed.books.bodies.sums import tally_of
from umeed.books.meetings.sums import Tally
from umeed.books.models import Book, OpenMeeting
from umeed.books.pages.opening import book_behind
from umeed.books.pages.writing.state import Writing
from umeed.books.rules.bodies import why_not_close_day
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.refusals import Refusal

_NOTHING: dict[str, Any] = {
    "deposit": 0, "withdrawal": 0, "counted": None, "difference_why": "", "difference": None, "president": None,
}  # fmt: skip

View = Callable[..., HttpResponse]


@dataclass
class DayWriting(Writing):
    """An open day: what a meeting's steps know of a meeting, of a day."""

    @cached_property
    def document(self) -> BodyDay:  # type: ignore[override]
        found = read(self.said)
        if isinstance(found, BodyDay):
            return found
        wrong = {str(reason.field).split(".")[0] for reason in found}
        again = read({key: part for key, part in self.said.items() if key not in wrong})
        return again if isinstance(again, BodyDay) else BodyDay(id=self.id, on=self.scope.today)

    @cached_property
    def unread(self) -> list[Refusal]:
        found = read(self.said)
        return found if isinstance(found, list) else []

    @cached_property
    def known(self) -> BeforeDay:  # type: ignore[override]
        return known_before_day(
            by=self.scope, book=self.book, on=self.on, number=self.said.get("number"), replaces=self.replaces
        )

    @cached_property
    def reasons(self) -> list[Refusal]:
        return [*self.unread, *why_not_close_day(self.document, self.known.facts, self.tally)]

    @property
    def tally(self) -> Tally:
        return tally_of(self.document)

    def tally_without(self, parts: tuple[str, ...]) -> Tally:
        return tally_of(self.document.model_copy(update={part: _NOTHING.get(part, ()) for part in parts}))

    @cached_property
    def names(self) -> dict[Any, str]:
        """Names of those that owe or sent something and do not belong here any more, where they may be seen."""
        others = set(self.known.known.bodies) - set(self.known.facts.below)
        return dict(Institution.objects.filter(pk__in=others).values_list("pk", "name"))

    @property
    def below(self) -> list[tuple[Any, str]]:
        """(body, name) of the groups or VOs."""
        return list(self.known.facts.below.items())


def day_of(scope: Scope, book: Book) -> DayWriting | None:
    """The day that is being written in a book, if any."""
    row = OpenMeeting.objects.filter(book=book).seen_by(scope, "books.keep").first()
    return DayWriting(scope, book, row) if row is not None else None


def for_federations(capability: str) -> Callable[[View], View]:
    """A page of VOs and CLFs: the view is given their book. Groups, which have other pages, are sent to theirs."""

    def wrap(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, id: UUID, **more: Any) -> HttpResponse:
            book = book_behind(request.scope, id, capability)
            if book.institution.kind not in ("vo", "clf"):
                return redirect("books:home", id)
            return view(request, book, **more)

        return opened

    return wrap
