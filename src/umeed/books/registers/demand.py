"""Demand, collection and balance: by loan what was asked for, what of it was paid, what is left."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Book
from umeed.books.registers.loans import Loans, loans_on, without_empty
from umeed.books.registers.papering import ONE_DAY, money, officers, paper, register_url, some, summed, table
from umeed.books.rules.demands import Paid
from umeed.core.papers.shapes import Column, Paper, Row
from umeed.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class Demand:
    """One loan in a period, in paise, principal and interest together: `before` + `asked` = `collected` + `left`, and
    what of `off` (all that was written off in it) was due."""

    before: int
    asked: int
    collected: int
    ahead: int
    left: int
    owed: int
    days: int
    off: int = 0

    @property
    def is_nothing(self) -> bool:
        return not any((self.before, self.asked, self.collected, self.ahead, self.left, self.owed, self.off))


def demand_of(start: RunningLoan | None, end: RunningLoan, period: Period) -> Demand:
    """What was asked for, paid and written off of a loan. What was paid beyond what was asked for was paid ahead; what
    was written off is neither."""
    before = start.arrears.principal + start.arrears.interest if start is not None else 0
    asked = sum(due.whole for due in end.dues if due.on in period)
    paid = _for_what_is_asked(end, end.paid, period)
    if start is None or start.agreement.pk != end.agreement.pk:
        # Under new terms what was overdue before them is part of what they ask for.
        before = 0 if start is not None else before
        asked += sum(due.whole for due in end.dues if due.on < period.first_day)
    left = end.arrears.principal + end.arrears.interest
    off = _for_what_is_asked(end, end.settled, period) - paid
    return Demand(before, asked, *_divided(before + asked - left, paid, off), left, end.owed, end.days_late, off)


def _for_what_is_asked(one: RunningLoan, moved: Iterable[Paid], period: Period) -> int:
    """What of it was paid in a time. A cash credit asks for its interest alone: what is repaid of the rest is drawn
    again as they like."""
    is_credit = one.loan.is_cash_credit
    return sum(part.interest + (0 if is_credit else part.principal) for part in moved if part.on in period)


def _divided(settled: int, paid: int, off: int) -> tuple[int, int]:
    """(what was collected of it, what was paid ahead) of what was asked for and is not left: money that came settles
    first. What is settled besides was written off; what that took back is asked for again."""
    collected = min(settled - min(off, 0), paid) if off else settled
    return collected, paid - collected


def demand_collection_balance(book: Book, period: Period, *, until: datetime.date | None = None) -> Paper:
    """By loan: what was asked for before and in this time, what of it was paid, what is left. Of a time that runs, what
    fell due `until` today. At most ten questions."""
    last = min(period.last_day, until or period.last_day)
    starts = {
        one.loan.pk: one for one in running_loans(book.pk, period.first_day - ONE_DAY, with_closed=True)
    }  # fmt: skip
    loans = loans_on(book, last, with_closed=True)
    columns = [
        Column(gettext("Name"), width=22), Column(gettext("Lent on"), "day"),
        *money(gettext("Demand before"), gettext("Demand"), gettext("Together"), gettext("Collected"),
               gettext("Written off"), gettext("Balance"), gettext("Paid ahead"), gettext("Owed")),
        Column(gettext("Days late"), "count"),
    ]  # fmt: skip
    tables, notes = [], [gettext("Principal and interest together.")]
    for way, title in (("given", gettext("Loans given")), ("taken", gettext("Loans taken"))):
        rows = list(_demands(book, period, loans, starts, way))
        if rows or way == "given":
            shown = table(title, columns, summed(rows, *range(2, 10)), empty=gettext("No loan ran in this time."))
            tables.append(without_empty(shown, 6))
        if len(notes) == 1 and any(row.cells[6] for row in rows):
            notes.append(gettext("Written off is all that was let go, also what was not due yet."))
    return paper(
        book, gettext("Demand, collection and balance"), tables, period=period, form="a4_landscape",
        as_of=last, signatures=officers(), notes=notes,
    )  # fmt: skip


def _demands(book: Book, period: Period, loans: Loans, starts: dict[int, RunningLoan], way: str) -> Iterable[Row]:
    for one in loans.running:
        start = starts.get(one.loan.pk)
        if one.loan.way != way or (start is not None and start.is_closed and one.is_closed):
            continue
        it = demand_of(start, one, period)
        if it.is_nothing or is_ghost(one):
            continue
        yield Row(
            (loans.whose(one), one.loan.lent_on, some(it.before), some(it.asked), it.before + it.asked,
             some(it.collected), some(it.off), it.left, some(it.ahead), it.owed, it.days or None),
            href=register_url(book, "loan-ledger", as_of=one.on.isoformat(), loan=one.loan.pk),
        )  # fmt: skip


def is_ghost(one: RunningLoan) -> bool:
    """Whether the loan was lent in a sheet that was taken back: all of it is "repaid" on the day it was lent."""
    first = one.paid[0] if one.paid else None
    return bool(
        first and one.is_closed and first.on == one.agreement.since
        and first.principal >= one.agreement.principal_paise and not first.interest
    )  # fmt: skip
