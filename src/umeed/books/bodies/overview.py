"""For the pages of VOs and CLFs: money on the way and its age, what happened between two books, rotation of the CIF."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from umeed.books.ledger.on_the_way import on_the_way
from umeed.books.models import Agreement, Book, Line, Loan
from umeed.kernel.money import Paise

MOST_EVENTS = 40
_EVENTS = """
WITH found AS (
    SELECT s.id, s.event, s.on_date, s.reverses_id FROM books_sheet s
    WHERE s.book_id = %(book)s AND s.event IS NOT NULL AND EXISTS (
        SELECT FROM books_line l LEFT JOIN books_loan o ON o.id = l.loan_id
        WHERE l.sheet_id = s.id AND coalesce(l.body_id, o.body_id) = %(other)s)
    ORDER BY s.on_date DESC, s.id DESC LIMIT %(most)s
)
SELECT f.event, f.on_date, f.reverses_id IS NOT NULL, EXISTS (SELECT FROM books_sheet r WHERE r.reverses_id = f.id),
    array_agg(l.head ORDER BY l.position), array_agg(l.amount_paise ORDER BY l.position), f.id
FROM found f JOIN books_line l ON l.sheet_id = f.id AND l.head NOT IN (101, 102, 119)
GROUP BY f.id, 1, 2, 3, 4 ORDER BY f.on_date DESC, f.id DESC
"""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened between two bodies, as one book has it. `lines` are (head, paise)."""

    event: UUID
    on: datetime.date
    is_reversal: bool
    is_reversed: bool
    lines: tuple[tuple[int, int], ...]
    sheet: int


def ageing(book: Book, on: datetime.date) -> dict[UUID, tuple[Paise, datetime.date]]:
    """{body: (paise on the way, the day of the oldest)}; positive was sent by them, negative counted in there."""
    return {
        body: (Paise(sum(one.paise for one in waits)), waits[0].on) for body, waits in on_the_way(book.pk, on).items()
    }


def events_between(book: Book, other: UUID) -> list[Event]:
    """The last events with another body, newest first. One question."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"book": book.pk, "other": other, "most": MOST_EVENTS})
        return [
            Event(event, on, is_reversal, is_reversed, tuple(zip(heads, map(int, paise), strict=True)), sheet)
            for event, on, is_reversal, is_reversed, heads, paise, sheet in cursor.fetchall()
        ]


def rotation_of(book: Book, on: datetime.date) -> tuple[Paise, Paise]:
    """(CIF lent in the twelve months before a day, CIF received until then): indicator “CIF rotation” of the domain."""
    year = Loan.objects.filter(book=book, way="given", source="cif", lent_on__lte=on)
    year = year.filter(lent_on__gt=on - datetime.timedelta(days=365))
    lines = Line.objects.filter(sheet__book=book, sheet__on_date__lte=on)
    fund = lines.filter(head=302).aggregate(paise=Sum("amount_paise"))["paise"] or 0
    taken = Loan.objects.filter(book=book, way="taken", source="cif", agreements__since__lte=on)
    return _began_with(year), Paise(_began_with(taken) - int(fund))


def _began_with(loans: QuerySet[Loan]) -> Paise:
    """What loans began with: terms that were agreed later lend nothing more."""
    first = Agreement.objects.filter(loan__in=loans).order_by("loan", "since").distinct("loan")
    return Paise(sum(first.values_list("principal_paise", flat=True)))
