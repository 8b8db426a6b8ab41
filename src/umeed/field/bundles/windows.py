"""Which groups are told, each from a day on, and what a phone has of them already."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from umeed.books.models import Book
from umeed.core.scope import Scope
from umeed.institutions.models import Institution

KEEP = "books.keep"
_KEPT = """
SELECT id, book, places, above FROM books_groups_reached(ARRAY(SELECT umeed_federated(%s::uuid[], %s)), %s)
"""


@dataclass(frozen=True, slots=True)
class Window:
    """A group with its book, if one was opened. What lies before `since` is told summed up; of the sheets from it on
    those after `last`, the last one that the phone has."""

    group: Institution
    book: Book | None
    since: datetime.date
    last: int = 0

    @property
    def until(self) -> datetime.date:
        """The day before it."""
        return self.since - datetime.timedelta(days=1)


def usual_since(today: datetime.date) -> datetime.date:
    """Where a phone's year begins when it says nothing: a whole year, and the month that runs."""
    return today.replace(year=today.year - 1, day=1)


def read_since(text: object, today: datetime.date) -> datetime.date:
    """The day that a phone says; what is no first day of a month until today is the usual one."""
    try:
        since = datetime.date.fromisoformat(str(text))
    except ValueError:
        return usual_since(today)
    return since if since.day == 1 and since <= today else usual_since(today)


def books_kept(scope: Scope) -> dict[UUID, int | None]:
    """{group: its book} of those whose books the viewer keeps. Of who is posted at groups, VOs or CLFs the database
    looks from each of these upwards, as at a book, whether it is reached; of others downwards from their places."""
    if not scope.is_system and not scope.place_roots(KEEP):
        with connection.cursor() as cursor:
            cursor.execute(_KEPT, [list(scope.institution_roots(KEEP)), scope.today, scope.today])
            rows = cursor.fetchall()
        return {pk: book for pk, book, places, above in rows if scope.reaches(KEEP, places, above)}
    found = Institution.objects.filter(kind="shg").seen_by(scope, KEEP)
    return dict(found.values_list("pk", "book"))


def windows_of(
    scope: Scope, groups: Collection[UUID], since: Mapping[UUID, datetime.date], last: Mapping[UUID, int] | None = None
) -> list[Window]:
    """Those of the groups that the viewer keeps, in order of their names. Two questions."""
    found = Institution.objects.filter(kind="shg", pk__in=list(groups)).seen_by(scope, KEEP).select_related("place")
    rows = list(found.order_by("name", "pk"))
    books = {book.institution_id: book for book in Book.objects.filter(institution__in=[row.pk for row in rows])}
    usual, windows = usual_since(scope.today), []
    for row in rows:
        book = books.get(row.pk)
        if book is not None:
            # Asked for already, with its village.
            book.institution = row
        windows.append(Window(row, book, since.get(row.pk, usual), (last or {}).get(row.pk, 0)))
    return windows


def kept_books(windows: Iterable[Window]) -> dict[int, Window]:
    """{number of the book: its window} of those that have one."""
    return {one.book.pk: one for one in windows if one.book is not None}


def frame(windows: Sequence[Window]) -> dict[str, Any]:
    """What a question about many books is asked with: `unnest(%(books)s::int[], %(since)s::date[], …)`."""
    books = kept_books(windows)
    return {
        "books": list(books), "since": [one.since for one in books.values()],
        "last": [one.last for one in books.values()],
    }  # fmt: skip


FRAME = "unnest(%(books)s::int[], %(since)s::date[], %(last)s::bigint[]) AS f (book, since, last)"
