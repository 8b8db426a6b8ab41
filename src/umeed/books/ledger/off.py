"""What was written off: never repaid, never collected. Read from the sheets, so that those of before read right too.

A sheet writes a loan off when it names the loan under “Loan written off” and under its principal; in the book of who
took it, when an event names “Other receipt” beside its principal. All that such a sheet says of the loan was let go:
sheets of before booked the interest that was due as income and wrote it off at once. Money that comes later stands
under “Loan written off” alone, in a sheet that writes nothing off: a credit in the book that gave the loan, a debit in
that of the body which had taken it and brings it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.kernel.money import Paise

WRITTEN_OFF, OTHER_RECEIPT = BY_KEY["written_off"].number, BY_KEY["other_receipt"].number
# Of a sheet `s`. Meetings write nothing off, and are most of a book.
WRITES_OFF = """(s.kind <> 1 AND EXISTS (
    SELECT FROM books_line w JOIN books_line p ON p.sheet_id = w.sheet_id
    WHERE w.sheet_id = s.id AND ((w.head = 561 AND p.head IN (111, 112) AND p.loan_id = w.loan_id)
        OR (w.head = 429 AND s.event IS NOT NULL AND p.head IN (212, 213)))))"""
_SHEETS = f"""
SELECT DISTINCT ON (l.loan_id) l.loan_id, s.id, s.on_date FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.loan_id = ANY(%(loans)s) AND l.head IN (111, 112, 212, 213)
    AND (s.on_date < %(on)s OR s.id < coalesce(%(before)s, s.id + 1))
    AND s.reverses_id IS NULL AND {WRITES_OFF}
    AND NOT EXISTS (SELECT FROM books_sheet r WHERE r.reverses_id = s.id)
ORDER BY l.loan_id, s.on_date DESC, s.id DESC
"""  # noqa: S608
_RESULT = f"""
SELECT l.head, l.is_off, l.is_taken, sum(l.amount_paise) FROM (
    SELECT l.head, l.amount_paise, {WRITES_OFF} AS is_off, l.head = 561 AND o.way = 'taken' AS is_taken
    FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_loan o ON o.id = l.loan_id
    WHERE s.book_id = %(book)s AND s.on_date BETWEEN %(first)s AND %(last)s
        AND (l.head = 561 OR (l.head IN (401, 404, 429, 543) AND s.kind <> 1))
) l WHERE l.head = 561 OR l.is_off GROUP BY 1, 2, 3
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Result:
    """What writing off did to the result of a time. `interest` {head: debits less credits} that was booked and let go
    in one sheet, so that it was neither earned nor spent; `recovered` is what came of loans that were written off,
    `paid` what this book paid of those that others had written off, and `let_go` the principal of those."""

    interest: dict[str, int]
    recovered: Paise
    paid: Paise
    let_go: Paise


def result_of(book: int, first: datetime.date, last: datetime.date) -> Result:
    """One question."""
    interest: dict[str, int] = {}
    recovered = paid = let_go = 0
    with connection.cursor() as cursor:
        cursor.execute(_RESULT, {"book": book, "first": first, "last": last})
        for head, is_off, is_taken, paise in cursor.fetchall():
            if head == OTHER_RECEIPT:
                let_go -= int(paise)
            elif head != WRITTEN_OFF:
                interest[BY_NUMBER[head].key] = int(paise)
            elif is_taken:
                paid += int(paise)
            elif not is_off:
                recovered -= int(paise)
    # What sheets of before booked as interest and let go at once was no principal.
    let_go -= sum(paise for key, paise in interest.items() if BY_KEY[key].side == "expense")
    return Result(interest, Paise(recovered), Paise(paid), Paise(let_go))


def sheets_of(
    book: int, on: datetime.date, loans: Collection[int], *, before: int | None = None
) -> dict[int, tuple[int, datetime.date]]:
    """{loan: (the sheet that wrote it off and stands, its day)}, on that day `before` a sheet alone where one is named.
    One question, none without loans."""
    if not loans:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SHEETS, {"book": book, "on": on, "loans": list(loans), "before": before})
        return {loan: (sheet, day) for loan, sheet, day in cursor.fetchall()}
