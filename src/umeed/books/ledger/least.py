"""The least, at the end of any day from a day on, of what is a sum of many lines: funds, what bodies below have here,
the money that is not lent out. What is written of a day that is past takes from every day after it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Sheet
from umeed.books.rules.limits import LOANS, Account, Lowest
from umeed.books.rules.sources import FUND_OF
from umeed.kernel.money import Paise

# What stands on the right is held: it is credited. Days before the first one count as one, also when
# nothing moved on them.
_LEAST = """
WITH moved AS (
    SELECT {of} AS "of", {body} AS body, greatest(s.on_date, %(on)s) AS day, -l.amount_paise AS paise
    FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_loan o ON o.id = l.loan_id
    WHERE s.book_id = %(book)s AND l.head = ANY(%(heads)s)
), every AS (TABLE moved UNION ALL SELECT DISTINCT "of", body, %(on)s::date, 0::bigint FROM moved), ends AS (
    SELECT "of", body, day, sum(sum(paise)) OVER (PARTITION BY "of", body ORDER BY day) AS held
    FROM every GROUP BY 1, 2, 3
)
SELECT DISTINCT ON ("of", body) "of", body, held, day FROM ends ORDER BY "of", body, held, day
"""
_FUNDS = " ".join(f"WHEN {BY_KEY[head].number} THEN '{source}'" for source, head in FUND_OF.items())
# The money that a loan was lent out of, or, of one that was taken, that it is: `ledger.sources.source_of`.
_SOURCE = f"CASE l.head {_FUNDS} ELSE CASE o.head WHEN 'loan_from_bank' THEN 'bank' ELSE o.source END END"


def least_held(book: int, on: datetime.date, heads: Iterable[str]) -> dict[Account, Lowest]:
    """Of what every body below has here under these heads, or of a fund."""
    found = _least(book, on, (BY_KEY[head].number for head in heads), of="l.head", body="l.body_id")
    return {Account(BY_NUMBER[head].key, body=body): lowest for (head, body), lowest in found.items()}


def least_not_lent(book: int, on: datetime.date) -> dict[str, Paise]:
    """{source: what of it is not lent out}: the fund and what was borrowed of it, less what is out. Nothing where no
    later day is written: then it is what `ledger.sources` says of the day."""
    if not Sheet.objects.filter(book=book, on_date__gt=on).exists():
        return {}
    heads = [BY_KEY[head].number for head in FUND_OF.values()] + [head.number for head in LOANS]
    found = {of: lowest.paise for (of, _body), lowest in _least(book, on, heads, of=_SOURCE).items()}
    return {source: found.get(source, Paise(0)) for source in (*FUND_OF, "bank")}


def least_sum(book: int, on: datetime.date, heads: Iterable[str]) -> Paise:
    """Of what was credited under all of these heads, less what was debited."""
    found = _least(book, on, (BY_KEY[head].number for head in heads))
    return next((one.paise for one in found.values()), Paise(0))


def least_back(book: int, off: Sequence[RunningLoan], on: datetime.date, today: datetime.date) -> dict[int, Paise]:
    """{loan: what of it may still be brought} of loans that were written off by a day: what came later is not brought
    again."""
    if not off or on >= today:
        return {one.loan.pk: one.may_come_back for one in off}
    pks = [one.loan.pk for one in off]
    now = {one.loan.pk: one.may_come_back for one in running_loans(book, today, loans=pks, with_closed=True)}
    return {one.loan.pk: min(one.may_come_back, now.get(one.loan.pk, Paise(0))) for one in off}


def _least(
    book: int,
    on: datetime.date,
    heads: Iterable[int],
    *,
    of: str = "''",
    body: str = "NULL::uuid",
) -> dict[tuple[Any, UUID | None], Lowest]:
    """One question."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAST.format(of=of, body=body), {"book": book, "on": on, "heads": list(heads)})
        return {(what, whose): Lowest(Paise(int(paise)), day) for what, whose, paise, day in cursor.fetchall()}
