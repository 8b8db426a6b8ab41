"""What a book holds: on any day, and as it was known at any time. Kept months, and the lines of the month that runs."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection

from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.kernel.money import Paise

_ON = """
SELECT head, sum(paise) FROM (
    SELECT m.head, m.debit_paise - m.credit_paise AS paise FROM books_movement m
    WHERE m.book_id = %(book)s AND m.month < books_month(%(on)s)
    UNION ALL
    SELECT l.head, l.amount_paise FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
    WHERE s.book_id = %(book)s AND s.on_date >= date_trunc('month', %(on)s::date)::date AND s.on_date <= %(on)s
) AS parts GROUP BY head
"""
_KNOWN = """
SELECT l.head, sum(l.amount_paise) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND s.recorded_at <= %(at)s GROUP BY l.head
"""

_HERS = """
SELECT l.head, sum(l.amount_paise) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.woman_id IN (SELECT umeed_merged_women(%(woman)s))
GROUP BY l.head
"""
_KEPT = "SELECT one, umeed_kept_woman(one) FROM unnest(%s::uuid[]) one"


def balances(book: int, on: datetime.date, *, known_at: datetime.datetime | None = None) -> dict[str, Paise]:
    """{head: debits less credits} of a book at the end of a day, heads without a balance left out.

    With `known_at`, as the book stood when it had learnt of nothing recorded later.
    """
    return _summed(_KNOWN if known_at else _ON, {"book": book, "on": on, "at": known_at})


def own_money(book: int, on: datetime.date) -> Paise:
    """What a book holds at the end of a day, lent on or not, without what it borrowed."""
    held = balances(book, on)
    counted = (paise for key, paise in held.items() if BY_KEY[key].side == "asset" or key.startswith("loan_from_"))
    return Paise(sum(counted))


def balances_of_a_woman(book: int, woman: object, on: datetime.date) -> dict[str, Paise]:
    """{head: debits less credits} of the lines that name her, or a record that was merged into hers."""
    return _summed(_HERS, {"book": book, "on": on, "woman": woman})


def kept_woman(woman: UUID | None) -> UUID | None:
    """The record that hers was merged into at last; her own when it was not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT umeed_kept_woman(%s)", [woman])
        row = cursor.fetchone()
    return row[0] if row else None


def kept_women(women: Collection[UUID]) -> dict[UUID, UUID]:
    """{a record: the one that is kept of her}. One question."""
    if not women:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [list(women)])
        return dict(cursor.fetchall())


def _summed(sql: str, values: Mapping[str, object]) -> dict[str, Paise]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {BY_NUMBER[head].key: Paise(int(paise)) for head, paise in cursor.fetchall() if paise}
