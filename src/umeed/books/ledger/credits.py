"""Cash credits of a book with their limits, from a day on: what rules ask about a drawing."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from umeed.books.heads import BY_KEY
from umeed.books.ledger.drafts import Entry
from umeed.books.models import Agreement, CreditLimit, Loan
from umeed.books.rules.carried import read_carried
from umeed.books.rules.credits import Credit, Room, limit_on, why_above
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

_HEAD = BY_KEY["loan_from_bank"].number
_MOVED = """
SELECT l.loan_id, s.on_date, -sum(l.amount_paise) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND l.loan_id = ANY(%(loans)s) AND l.head = %(head)s GROUP BY 1, 2 ORDER BY 1, 2
"""
Limits = tuple[tuple[datetime.date, Paise], ...]


def limits_of(book: int, loans: Collection[int]) -> dict[int, Limits]:
    """{loan: (day, limit)} as they were said later than the first, in order; of one day the last that was said. One
    question, none without loans."""
    said: dict[int, dict[datetime.date, Paise]] = defaultdict(dict)
    if loans:
        rows = CreditLimit.objects.filter(book=book, loan__in=list(loans)).order_by("since", "changed_at", "pk")
        for loan, since, paise in rows.values_list("loan", "since", "limit_paise"):
            said[loan][since] = Paise(paise)
    return {loan: tuple(of.items()) for loan, of in said.items()}


def first_limit(loan: Loan, first: Agreement) -> Paise | None:
    """The limit with which a cash credit came; of one entered before limits were asked, what was drawn first. None
    while it is not known."""
    if not loan.is_cash_credit:
        return None
    if first.carried is not None:
        return read_carried(first.carried).limit
    return Paise(first.principal_paise) if first.overdue_since is None else None


def credits_from(book: int, on: datetime.date, loans: Collection[int]) -> dict[int, Credit]:
    """{loan: the cash credit from the end of a day on} of those among some loans. Three questions, one when none is."""
    rows = {row.pk: row for row in Loan.objects.filter(book=book, pk__in=list(loans), is_cash_credit=True)}
    if not rows:
        return {}
    agreed = {one.loan_id: one for one in Agreement.objects.filter(book=book, loan__in=rows).order_by("-since")}
    limits, moved = limits_of(book, rows), _moved(book, list(rows))
    return {
        pk: Credit(
            on, Paise(sum(paise for day, paise in moved[pk] if day <= on)),
            limit_on(limits.get(pk, ()), on, first_limit(row, agreed[pk])),
            tuple(one for one in limits.get(pk, ()) if one[0] > on), tuple(one for one in moved[pk] if one[0] > on),
        )
        for pk, row in rows.items() if pk in agreed
    }  # fmt: skip


def least_left(book: int, on: datetime.date, loans: Iterable[Loan]) -> dict[int, Room | None]:
    """{cash credit: the least that is left of its limit from a day on}. No question when there is none."""
    credits = [loan.pk for loan in loans if loan.is_cash_credit]
    return {pk: one.least_left() for pk, one in credits_from(book, on, credits).items()} if credits else {}


def _moved(book: int, loans: Collection[int]) -> Mapping[int, list[tuple[datetime.date, Paise]]]:
    """What was drawn less what was repaid, by day."""
    moved: dict[int, list[tuple[datetime.date, Paise]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"book": book, "loans": list(loans), "head": _HEAD})
        for loan, day, paise in cursor.fetchall():
            moved[loan].append((day, Paise(int(paise))))
    return moved


def above_limit(book: int, on: datetime.date, entries: Iterable[Entry]) -> list[Refusal]:
    """Every reason why lines of a day that are posted have put a cash credit above its limit on it or later. No
    question while nothing more is drawn by them."""
    more: dict[int, int] = defaultdict(int)
    for one in entries:
        if one.head == "loan_from_bank" and one.loan is not None:
            more[one.loan] -= one.amount
    drawn = {loan: paise for loan, paise in more.items() if paise > 0}
    if not drawn:
        return []
    found = credits_from(book, on, drawn)
    before = {pk: _without(found[pk], drawn[pk]) for pk in found}
    return why_above(before, {pk: drawn[pk] for pk in found})


def _without(credit: Credit, drawn: int) -> Credit:
    return Credit(credit.on, Paise(credit.owed - drawn), credit.limit, credit.limits, credit.moved)
