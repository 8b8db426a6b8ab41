"""What two books say of each other: family by family, the first that differs, what is on the way and since when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from umeed.books.ledger.others import said_about
from umeed.books.models import Book
from umeed.kernel.money import Paise

# Heads that are one thing seen from two sides. Funds name nobody: the database compares them, event by event.
FAMILIES = {
    "loan": (112, 212, 213),
    "interest": (404, 543),
    "saving": (104, 105, 221),
    "share": (106, 107, 222),
    "fee": (413, 515),
}
# What flows is compared from the day on which both keep a book: a cut-off does not tell what was paid before.
FLOWS = ("interest", "fee")
_HEADS = {head: family for family, heads in FAMILIES.items() for head in heads}
_VALUES = ", ".join(f"({head}, '{family}')" for head, family in _HEADS.items())
_APART = f"""
WITH said AS (
    -- What takes something back is of the day of what it takes back.
    SELECT b.institution_id AS who, coalesce(l.body_id, o.body_id) AS whom, f.family, l.amount_paise,
        coalesce(r.on_date, s.on_date) AS on_date
    FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id LEFT JOIN books_sheet r ON r.id = s.reverses_id
    JOIN books_book b ON b.id = s.book_id
    JOIN (VALUES {_VALUES}) f (head, family) ON f.head = l.head LEFT JOIN books_loan o ON o.id = l.loan_id
    WHERE coalesce(l.body_id, o.body_id) IS NOT NULL
), sums AS (
    SELECT least(who, whom) AS one, greatest(who, whom) AS other, family,
        sum(amount_paise) FILTER (WHERE who < whom) AS of_one, sum(amount_paise) FILTER (WHERE who > whom) AS of_other
    FROM said JOIN books_book b ON b.institution_id = said.who JOIN books_book c ON c.institution_id = said.whom
    WHERE family <> ALL (ARRAY{list(FLOWS)}) OR on_date >= greatest(b.opened_on, c.opened_on) GROUP BY 1, 2, 3
)
SELECT one, other, family, coalesce(of_one, 0), coalesce(of_other, 0) FROM sums
WHERE coalesce(of_one, 0) + coalesce(of_other, 0) <> 0 ORDER BY one, other, family LIMIT 1
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two institutions whose books differ about a family. Paise, debits positive: they should add up to nothing."""

    one: UUID
    other: UUID
    family: str
    ours: Paise
    theirs: Paise


@dataclass(frozen=True, slots=True)
class Standing:
    """What two books say about one family, as people say it. `apart_since` is the first day on which they differed."""

    family: str
    ours: Paise
    theirs: Paise
    apart_since: datetime.date | None = None

    @property
    def agrees(self) -> bool:
        return self.ours == self.theirs


def first_disagreement() -> Disagreement | None:
    """Compares every two books that name each other. For the product's own work: all rows."""
    with connection.cursor() as cursor:
        cursor.execute(_APART)
        row = cursor.fetchone()
    if row is None:
        return None
    one, other, family, ours, theirs = row
    return Disagreement(one, other, family, Paise(int(ours)), Paise(int(theirs)))


def standings(book: Book, other: UUID, on: datetime.date) -> list[Standing]:
    """What this book and that of another body say of each other, family by family; nothing when theirs is not here."""
    days = said_about(book, other, on, _HEADS, flows=FLOWS)
    if days is None:
        return []
    told = []
    for family in FAMILIES:
        ours = theirs = 0
        apart: datetime.date | None = None
        for one in (day for day in days if day.family == family):
            ours, theirs = ours + one.ours, theirs + one.theirs
            apart = (apart or one.on) if ours != theirs else None
        if ours or theirs or apart:
            told.append(Standing(family, Paise(ours), Paise(theirs), apart))
    return told
