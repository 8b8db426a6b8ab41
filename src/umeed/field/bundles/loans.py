"""The part `loans`: those that run, or ran in the window, with everything that was agreed on them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from umeed.books.ledger.moved import Moved
from umeed.books.ledger.off import WRITES_OFF
from umeed.books.ledger.running import _running
from umeed.books.models import Agreement, CreditLimit, Loan
from umeed.field.bundles.columns import plain, without_empty
from umeed.field.bundles.named import Named
from umeed.field.bundles.windows import FRAME, Window, frame, kept_books

Part = dict[str, Any]
# What a row of terms says.
TERMS = (
    "since", "principal_paise", "rate_bp_a_year", "method", "frequency", "instalments", "first_due", "multiple_paise",
    "rounding_paise", "halves", "part_month", "overdue_principal_paise", "overdue_interest_paise", "overdue_since",
    "run_paise", "resolution", "carried",
)  # fmt: skip
_HER_OWN = ("since", "principal_paise", "first_due", "carried", "resolution")
_MOVED = f"""
SELECT f.book, l.loan_id, s.on_date, l.head, {WRITES_OFF}, sum(l.amount_paise)
FROM {FRAME} JOIN books_sheet s ON s.book_id = f.book AND s.on_date < f.since
JOIN books_line l ON l.sheet_id = s.id AND l.loan_id IS NOT NULL
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Lent:
    """The loans of a book that a phone is told, with what moved on them before the window."""

    part: Part
    before: list[list[Any]]


def lent_in(windows: Sequence[Window], named: Mapping[UUID, Named]) -> dict[UUID, Lent]:
    """{group: its loans}. Four questions."""
    books = kept_books(windows)
    every = list(Loan.objects.filter(book__in=list(books)).order_by("book", "pk"))
    # Only a cash credit has limits.
    limits = limits_of_loans([loan.pk for loan in every if loan.is_cash_credit])
    agreed, moves = _agreed(books), _moves(windows)
    rows: dict[int, list[Loan]] = defaultdict(list)
    for loan in every:
        if _is_told(loan, books[loan.book_id], named, agreed[loan.pk], limits[loan.pk], moves[loan.pk]):
            rows[loan.book_id].append(loan)
    return {
        window.group.pk: Lent(
            _part(rows[book], agreed, limits),
            [_move(loan.pk, one) for loan in rows[book] for one in moves[loan.pk]],
        )
        for book, window in books.items()
    }  # fmt: skip


def agreed_on(loans: Iterable[int]) -> Mapping[int, list[Agreement]]:
    return _by_loan(Agreement.objects.filter(loan__in=list(loans)))


def _agreed(books: Iterable[int]) -> Mapping[int, list[Agreement]]:
    return _by_loan(Agreement.objects.filter(book__in=list(books)))


def _by_loan(rows: QuerySet[Agreement]) -> Mapping[int, list[Agreement]]:
    found: dict[int, list[Agreement]] = defaultdict(list)
    for row in rows.order_by("loan", "since"):
        found[row.loan_id].append(row)
    return found


def limits_of_loans(loans: Iterable[int]) -> Mapping[int, list[tuple[datetime.date, int]]]:
    """As `ledger.credits.limits_of`: of one day the last that was said."""
    said: dict[int, dict[datetime.date, int]] = defaultdict(dict)
    rows = CreditLimit.objects.filter(loan__in=list(loans)).order_by("loan", "since", "changed_at", "pk")
    for loan, since, paise in rows.values_list("loan", "since", "limit_paise"):
        said[loan][since] = paise
    return defaultdict(list, {loan: list(days.items()) for loan, days in said.items()})


def _moves(windows: Sequence[Window]) -> Mapping[int, list[Moved]]:
    found: dict[int, list[Moved]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, frame(windows))
        for _book, loan, day, head, is_off, paise in cursor.fetchall():
            found[loan].append((day, head, is_off, int(paise)))
    return found


def _is_told(
    loan: Loan, window: Window, named: Mapping[UUID, Named], agreed: Sequence[Agreement],
    limits: Sequence[tuple[datetime.date, int]], moves: Sequence[Moved],
) -> bool:  # fmt: skip
    """Whether it matters on some day of the window: it moves, or its terms change, in it, or it ran when it began, or
    was written off and not all came back."""
    since = window.since
    if loan.lent_on >= since or loan.pk in named[window.group.pk].loans or any(one.since >= since for one in agreed):
        return True
    known = [one for one in agreed if one.since < since]
    if not known:
        return False
    if loan.is_cash_credit:
        return True
    # What a meeting has asked for does not decide whether a loan runs: only the money does.
    loan.last_met = loan.meets = loan.penalty = None  # type: ignore[attr-defined]
    then = _running(loan, known, moves, window.until, ())
    return not then.is_closed or then.may_come_back > 0


def _part(loans: Sequence[Loan], agreed: Mapping[int, Sequence[Agreement]], limits: Mapping[int, Any]) -> Part:
    terms = {loan.pk: [terms_of(row) for row in agreed[loan.pk]] for loan in loans}
    usual = _usual(next((one for rows in terms.values() for one in rows), {}))
    told = [
        loan_row(loan, [_unlike(one, usual) for one in terms[loan.pk]], limits[loan.pk]) for loan in loans
    ]  # fmt: skip
    return {"loans": told, "usual": usual}


def loan_row(loan: Loan, agreements: list[Part], limits: Sequence[tuple[datetime.date, int]]) -> Part:
    row = {
        "n": loan.pk, "uid": loan.uid, "way": loan.way, "head": loan.head, "woman": loan.woman_id,
        "body": loan.body_id, "called": "" if loan.woman_id else loan.called, "lent_on": loan.lent_on,
        "source": loan.source, "purpose": loan.purpose, "request": loan.request_id,
        "twin": loan.twin_id is not None, "is_cash_credit": loan.is_cash_credit, "limits": plain(limits),
    }  # fmt: skip
    return without_empty({**{name: plain(value) for name, value in row.items()}, "agreements": agreements}, "n", "uid")


def terms_of(row: Agreement) -> Part:
    said: Part = plain({name: getattr(row, name) for name in TERMS})
    return said


def _usual(first: Part) -> Part:
    """What the first of them says, where others may say the same: a loan that comes later changes nothing of it."""
    usual = {name: first.get(name) for name in TERMS if name not in _HER_OWN}
    return usual | {"carried": None, "resolution": ""}


def _unlike(row: Part, usual: Part) -> Part:
    return {name: value for name, value in row.items() if name not in usual or usual[name] != value}


def _move(loan: int, moved: Moved) -> list[Any]:
    day, head, is_off, paise = moved
    return [loan, day.isoformat(), head, int(is_off), paise]
