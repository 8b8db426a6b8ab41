"""Demand, collection and balance: by loan what was asked for, what of it was paid, what is left."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext

from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Book
from umeed.books.registers.loans import Loans, loans_on
from umeed.books.registers.papering import (
    ONE_DAY,
    money,
    officers,
    paper,
    register_url,
    some,
    summed,
    table,
    without_empty,
)
from umeed.books.rules.demands import Arrears, Paid
from umeed.books.rules.schedules import Due
from umeed.core.papers.shapes import Column, Paper, Row
from umeed.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class Demand:
    """One loan in a period, in paise, principal and interest together: `before` + `asked` = `collected` + `left` +
    `anew`, and what of `off` (all that was written off in it) was due. `anew` is what of the demand was agreed anew."""

    before: int
    asked: int
    collected: int
    ahead: int
    left: int
    owed: int
    days: int
    off: int = 0
    anew: int = 0

    @property
    def is_nothing(self) -> bool:
        told = self.before, self.asked, self.collected, self.ahead, self.left, self.owed, self.off, self.anew
        return not any(told)


@dataclass(frozen=True, slots=True)
class _Part:
    """What happened in a period under some terms of a loan."""

    asked: int
    collected: int
    ahead: int
    off: int
    left: int


def demand_of(start: RunningLoan | None, end: RunningLoan, period: Period) -> Demand:
    """What was asked for, paid and written off of a loan. What was paid beyond what was asked for was paid ahead; what
    was written off is neither. Of a loan that was agreed anew each terms have their own part; between them what was
    due and is divided anew leaves the demand, and what is due besides is asked for."""
    before = _whole(start.arrears) if start is not None else 0
    first, *later = [one for one in (*end.earlier, end) if one.on >= period.first_day]
    # Of a loan that came into the book in this time, what was overdue then too.
    asked = sum(due.whole for due in first.dues if start is None or due.on in period)
    parts, more, less = [_part(first, period, before, asked)], 0, 0
    for was, terms in pairwise((first, *later)):
        opened = terms.opened_with
        besides, anew = _taken_over(was.arrears, opened)
        more, less = more + besides, less + anew
        due = sum(one.whole for one in opened)
        parts.append(_part(terms, period, due, sum(one.whole for one in terms.dues) - due))
    return Demand(
        before, sum(one.asked for one in parts) + more, sum(one.collected for one in parts),
        sum(one.ahead for one in parts), parts[-1].left, end.owed, end.days_late, sum(one.off for one in parts), less,
    )  # fmt: skip


def _part(terms: RunningLoan, period: Period, before: int, asked: int) -> _Part:
    paid, left = _for_what_is_asked(terms, terms.paid, period), _whole(terms.arrears)
    off = _for_what_is_asked(terms, terms.settled, period) - paid
    return _Part(asked, *_divided(before + asked - left, paid, off), off, left)


def _taken_over(was: Arrears, opened: Sequence[Due]) -> tuple[int, int]:
    """(what is due besides on the day of new terms, what was due and is no more), principal and interest apart."""
    principal, interest = (sum(due.principal for due in opened), sum(due.interest for due in opened))
    more = principal - was.principal, interest - was.interest
    return sum(max(0, paise) for paise in more), sum(max(0, -paise) for paise in more)


def _whole(due: Arrears) -> int:
    return due.principal + due.interest


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
               gettext("Written off"), gettext("Agreed anew"), gettext("Balance"), gettext("Paid ahead"),
               gettext("Owed")),
        Column(gettext("Days late"), "count"),
    ]  # fmt: skip
    tables, notes, told = [], [gettext("Principal and interest together.")], list[Row]()
    for way, title in (("given", gettext("Loans given")), ("taken", gettext("Loans taken"))):
        rows = list(_demands(book, period, loans, starts, way))
        if rows or way == "given":
            shown = table(title, columns, summed(rows, *range(2, 11)), empty=gettext("No loan ran in this time."))
            tables.append(without_empty(shown, 6, 7))
        told += rows
    if any(row.cells[6] for row in told):
        notes.append(gettext("Written off is all that was let go, also what was not due yet."))
    if any(row.cells[7] for row in told):
        notes.append(gettext("Agreed anew is what was due and falls due later under new terms."))
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
            (loans.whose(one), loans.lent_on(one), some(it.before), some(it.asked), it.before + it.asked,
             some(it.collected), some(it.off), some(it.anew), it.left, some(it.ahead), it.owed, it.days or None),
            href=register_url(book, "loan-ledger", as_of=one.on.isoformat(), loan=one.loan.pk),
        )  # fmt: skip


def is_ghost(one: RunningLoan) -> bool:
    """Whether the loan was lent in a sheet that was taken back: all of it is "repaid" on the day it was lent."""
    first = one.first.paid[0] if one.first.paid else None
    return bool(
        first and one.is_closed and first.on == one.first.agreement.since
        and first.principal >= one.came_with and not first.interest
    )  # fmt: skip
