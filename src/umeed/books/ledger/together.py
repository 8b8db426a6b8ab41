"""All books that somebody sees, added up: each head by the kind of institution, on any day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from umeed.books.heads import BY_NUMBER, Head
from umeed.books.ledger.reach import all_books_seen
from umeed.books.rules.sheets import month_of
from umeed.kernel.money import Paise

# Kept months, less those of the few books to leave out, which is quicker than asking of each; and the lines of the
# fewer days: those of the month until the day, or those after it taken off. Sheets of a month are recorded near each
# other: their numbers, looked up once, say where in the lines to look.
_TOGETHER = """
WITH edge AS MATERIALIZED (
    SELECT min(id) AS first, max(id) AS last FROM (
        SELECT id FROM books_sheet WHERE on_date BETWEEN %(first)s AND %(last)s OFFSET 0
    ) days
)
SELECT coalesce(o.kind, 'shg'), held.head, sum(held.paise) FROM (
    SELECT m.book_id, m.head, m.debit_paise - m.credit_paise AS paise FROM books_movement m WHERE m.month < %(month)s
    UNION ALL
    SELECT m.book_id, m.head, m.credit_paise - m.debit_paise FROM books_movement m
    WHERE m.month < %(month)s AND m.book_id = ANY(%(left_out)s::int[])
    UNION ALL
    SELECT l.book_id, l.head, %(sign)s * l.amount_paise FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
    WHERE s.on_date BETWEEN %(first)s AND %(last)s AND l.book_id <> ALL(%(left_out)s::int[])
        AND l.sheet_id BETWEEN (SELECT first FROM edge) AND (SELECT last FROM edge)
) held {of} (
    SELECT b.id, i.kind FROM books_book b JOIN institutions_institution i ON i.id = b.institution_id WHERE {which}
) o ON o.id = held.book_id GROUP BY 1, 2
"""
_BOOKS = """
SELECT i.kind, count(*) FROM books_book b JOIN institutions_institution i ON i.id = b.institution_id
WHERE b.opened_on <= %(on)s AND b.id <> ALL(%(left_out)s::int[])
    AND (%(places)s::bigint[] IS NULL OR i.place_id = ANY(%(places)s)) GROUP BY 1
"""
# Of all books only those that are not groups' are looked up: they are few.
_EVERY, _PLACED = (
    {"of": "LEFT JOIN", "which": "i.kind <> 'shg'"},
    {"of": "JOIN", "which": "i.place_id = ANY(%(places)s)"},
)
_ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Together:
    """The books of one kind of institution: how many, and what they hold. Debits less credits, heads of nought left
    out."""

    books: int
    held: dict[Head, Paise]


def together(on: datetime.date, places: Iterable[int] | None = None) -> dict[str, Together]:
    """{kind: its books together} at the end of a day: all that the viewer sees, or those at places. Two questions."""
    begins = on.replace(day=1)
    ends = (begins + datetime.timedelta(days=32)).replace(day=1) - _ONE_DAY
    # In the month that runs little or nothing is dated later.
    is_early = on.day <= ends.day // 2 and ends < timezone.localdate()
    days = (begins, on) if is_early else (on + _ONE_DAY, ends)
    values = {
        "on": on, "places": None if places is None else list(places), "first": days[0], "last": days[1],
        "month": month_of(on) + (0 if is_early else 1), "sign": 1 if is_early else -1,
    }  # fmt: skip
    with all_books_seen() as left_out, connection.cursor() as cursor:
        values["left_out"] = left_out
        cursor.execute(_BOOKS, values)
        counts = dict(cursor.fetchall())
        cursor.execute(_TOGETHER.format(**(_EVERY if places is None else _PLACED)), values)
        held: dict[str, dict[Head, Paise]] = {kind: {} for kind in counts}
        for kind, head, paise in cursor.fetchall():
            if paise:
                held.setdefault(kind, {})[BY_NUMBER[head]] = Paise(int(paise))
    return {kind: Together(counts.get(kind, 0), sums) for kind, sums in held.items()}
