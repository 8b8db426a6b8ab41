"""What moved on loans, by day: what of it was paid, let go, or came back of what had been written off."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection

from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.books.ledger.off import WRITES_OFF, WRITTEN_OFF
from umeed.books.models import Agreement, Loan
from umeed.books.rules.demands import Paid
from umeed.kernel.money import Paise

_PRINCIPAL = tuple(BY_KEY[key].number for key in (
    "loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other",
))  # fmt: skip
_INTEREST = tuple(BY_KEY[key].number for key in (
    "interest_from_members", "interest_from_bodies", "interest_to_bank", "interest_to_body", "interest_to_other",
))  # fmt: skip

_MOVED = f"""
SELECT l.loan_id, s.on_date, l.head, {WRITES_OFF}, sum(l.amount_paise)
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.loan_id IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608

Moved = tuple[datetime.date, int, bool, int]
"""(day, number of the head, whether the sheet writes the loan off, debits less credits)"""
Moves = Mapping[int, list[Moved]]


def moves_of(book: int, on: datetime.date) -> Moves:
    moves: dict[int, list[Moved]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"book": book, "on": on})
        for loan, day, head, is_off, paise in cursor.fetchall():
            moves[loan].append((day, head, is_off, int(paise)))
    return moves


def owed(loan: Loan, moves: Iterable[Moved]) -> Paise:
    head = BY_KEY[loan.head]
    return Paise(head.grows_by * sum(paise for _day, number, _is_off, paise in moves if number == head.number))


def paid(loan: Loan, terms: Agreement, moves: Iterable[Moved], *, is_first: bool) -> tuple[Paid, ...]:
    """Repayments since the terms began. What reversed a repayment is taken off it, on the day of the reversal."""
    sums = _by_day(loan, terms, (one for one in moves if not one[2]))
    if is_first:
        # On the first day of its first terms the loan itself came into the book.
        sums[terms.since][0] += terms.principal_paise
    return _of_days(sums)


def let_go(loan: Loan, terms: Agreement, moves: Iterable[Moved]) -> tuple[Paid, ...]:
    """What was written off since the terms began. What took that back is taken off, on its own day."""
    return _of_days(_by_day(loan, terms, (one for one in moves if one[2])))


def recovered(loan: Loan, moves: Iterable[Moved]) -> Paise:
    """What came of it after it was written off: to the book that gave it, or from the one that had taken it."""
    sign = -1 if loan.way == "given" else 1
    return Paise(sign * sum(paise for _day, number, is_off, paise in moves if number == WRITTEN_OFF and not is_off))


Sums = dict[datetime.date, list[int]]


def _by_day(loan: Loan, terms: Agreement, moves: Iterable[Moved]) -> Sums:
    """{day: what principal fell by, interest} since the terms began."""
    sums: Sums = defaultdict(lambda: [0, 0])
    grows = BY_KEY[loan.head].grows_by
    for day, number, _is_off, paise in moves:
        if day >= terms.since and number in _PRINCIPAL:
            sums[day][0] -= grows * paise
        elif day >= terms.since and number in _INTEREST:
            sums[day][1] += BY_NUMBER[number].grows_by * paise
    return sums


def _of_days(sums: Sums) -> tuple[Paid, ...]:
    return tuple(Paid(day, Paise(one), Paise(two)) for day, (one, two) in sorted(sums.items()) if one or two)
