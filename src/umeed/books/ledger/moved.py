"""What moved on loans, by day: what of it was paid, let go, or came back of what had been written off."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.books.ledger.off import WRITES_OFF, WRITTEN_OFF
from umeed.books.models import Agreement, Loan
from umeed.books.rules.demands import Paid
from umeed.kernel.money import Paise

_PRINCIPAL = frozenset(BY_KEY[key].number for key in (
    "loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other",
))  # fmt: skip
_INTEREST = frozenset(BY_KEY[key].number for key in (
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


@dataclass(frozen=True, slots=True)
class Sums:
    """What moved on a loan under some terms. Paise; `owed` of all its moves. What reversed a repayment is taken off it,
    and what took back a write-off off that, on the day of the reversal. `recovered` is what came of it after it was
    written off: to the book that gave it, or from the one that had taken it."""

    owed: Paise
    paid: tuple[Paid, ...]
    let_go: tuple[Paid, ...]
    recovered: Paise


def sums_of(loan: Loan, terms: Agreement, moves: Iterable[Moved], *, is_first: bool) -> Sums:
    """One pass over the moves of a loan; paid and let go are those since the terms began, by day."""
    head, since, back = BY_KEY[loan.head], terms.since, -1 if loan.way == "given" else 1
    owed = recovered = 0
    paid: _ByDay = defaultdict(lambda: [0, 0])
    let_go: _ByDay = defaultdict(lambda: [0, 0])
    for day, number, is_off, paise in moves:
        if number == head.number:
            owed += head.grows_by * paise
        elif number == WRITTEN_OFF and not is_off:
            recovered += back * paise
        if day >= since:
            if number in _PRINCIPAL:
                (let_go if is_off else paid)[day][0] -= head.grows_by * paise
            elif number in _INTEREST:
                (let_go if is_off else paid)[day][1] += BY_NUMBER[number].grows_by * paise
    if is_first:
        # On the first day of its first terms the loan itself came into the book.
        paid[since][0] += terms.principal_paise
    return Sums(Paise(owed), _of_days(paid), _of_days(let_go), Paise(recovered))


# {day: what principal fell by, interest}
_ByDay = dict[datetime.date, list[int]]


def _of_days(sums: _ByDay) -> tuple[Paid, ...]:
    return tuple(Paid(day, Paise(one), Paise(two)) for day, (one, two) in sorted(sums.items()) if one or two)
