"""Recounts everything that is kept, and names the first difference."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection

from umeed.books.heads import BY_KEY
from umeed.books.rules.limits import OF_BODIES, WATCHED

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
_WATCHED = ", ".join(f"({BY_KEY[key].number}, {BY_KEY[key].grows_by})" for key in sorted(WATCHED))
_OF_BODIES = ", ".join(str(BY_KEY[key].number) for key in OF_BODIES)
# A woman by the record that is kept of her; of a loan, whosever it is. So many books at once, that it stays in memory.
BOOKS_AT_ONCE = 500
_LEAST = f"""
WITH kept AS MATERIALIZED (
    SELECT w.id, umeed_kept_woman(w.id) AS woman FROM institutions_woman w WHERE w.merged_into_id IS NOT NULL
), moved AS (
    SELECT s.book_id, l.head, l.loan_id, CASE WHEN l.loan_id IS NULL THEN coalesce(k.woman, l.woman_id) END AS woman,
        CASE WHEN l.head IN ({_OF_BODIES}) THEN l.body_id END AS body, s.on_date, sum(l.amount_paise * h.grows) AS paise
    FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
        JOIN (VALUES {_WATCHED}) h (head, grows) ON h.head = l.head LEFT JOIN kept k ON k.id = l.woman_id
    WHERE s.book_id > %(after)s AND s.book_id <= %(until)s GROUP BY 1, 2, 3, 4, 5, 6
), ends AS (
    SELECT *, sum(paise) OVER (PARTITION BY book_id, head, loan_id, woman, body ORDER BY on_date) AS held FROM moved
)
SELECT book_id, head, woman, loan_id, on_date, held FROM ends WHERE held < 0 ORDER BY book_id, on_date, head LIMIT 1
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Below:
    """An account that may not fall below nothing, and the first day on which it did. Paise as people say them."""

    book: int
    head: int
    woman: object
    loan: int | None
    on: datetime.date
    paise: int


def first_below_nothing() -> Below | None:
    """The first box, bank, saving or loan that was less than nothing at the end of a day (`rules.limits`)."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT max(id) FROM (SELECT id FROM books_book WHERE id > %s ORDER BY id LIMIT %s) part",
                [after, BOOKS_AT_ONCE],
            )
            (until,) = cursor.fetchone()
            if until is None:
                return None
            cursor.execute(_LEAST, {"after": after, "until": until})
            row = cursor.fetchone()
        if row is not None:
            book, head, woman, loan, on, held = row
            return Below(book, head, woman, loan, on, int(held))
        after = until


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
