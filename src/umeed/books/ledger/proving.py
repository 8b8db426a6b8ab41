"""Recounts everything that is kept, and names the first difference."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

_DIFFERENT = """
SELECT book_id, month, head, k.debit_paise, k.credit_paise, r.debit_paise, r.credit_paise
FROM books_movement k FULL JOIN (
    SELECT s.book_id, books_month(s.on_date) AS month, l.head,
        sum(greatest(l.amount_paise, 0)) AS debit_paise, sum(greatest(-l.amount_paise, 0)) AS credit_paise
    FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id GROUP BY 1, 2, 3
) r USING (book_id, month, head)
WHERE k.debit_paise IS DISTINCT FROM r.debit_paise OR k.credit_paise IS DISTINCT FROM r.credit_paise
ORDER BY book_id, month, head LIMIT 1
"""
_BROKEN = """
SELECT coalesce(s.id, l.sheet_id) FROM books_sheet s FULL JOIN (
    SELECT sheet_id, count(*) AS lines, sum(amount_paise) AS total, min(book_id) AS one, max(book_id) AS other
    FROM books_line GROUP BY 1
) l ON l.sheet_id = s.id
WHERE l.lines IS DISTINCT FROM s.line_count OR l.total <> 0 OR l.one <> s.book_id OR l.other <> s.book_id
ORDER BY 1 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that does not agree: a sheet that is not whole, or a kept movement beside its recount."""

    sheet: int | None = None
    book: int | None = None
    month: int | None = None
    head: int | None = None
    kept: tuple[int | None, int | None] = (None, None)
    recounted: tuple[int | None, int | None] = (None, None)


def first_difference() -> Difference | None:
    """None when every sheet is whole and every movement the sum of its lines. For the product's own work: all rows."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN)
        if broken := cursor.fetchone():
            return Difference(sheet=broken[0])
        cursor.execute(_DIFFERENT)
        row = cursor.fetchone()
    if row is None:
        return None
    book, month, head, *sums = row
    kept_debit, kept_credit, debit, credit = (None if one is None else int(one) for one in sums)
    return Difference(None, book, month, head, (kept_debit, kept_credit), (debit, credit))
