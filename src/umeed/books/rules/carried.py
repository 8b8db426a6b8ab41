"""Loans that a book takes over in the middle of their life: what was overdue then, by day, and what they ask for later.

Terms alone do not tell it: of a flat loan the interest is counted on what was lent at first, instalments were rounded
once over the whole loan, and some were paid ahead. So what is left is carried part by part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.demands import Paid, asked_on_the_balance
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.running_interest import OnTheBalance, PartMonth, Stretch, stretches
from umeed.books.rules.schedules import (
    Due,
    Frequency,
    LoanTerms,
    Method,
    due_days,
    month_before,
    months_between,
    schedule,
)
from umeed.kernel.money import Paise


@dataclass(frozen=True, slots=True)
class Carried:
    """Of a loan on the day it was taken over. `overdue` are the unpaid parts of what was due, oldest first; `plan` is
    what falls due later; `ahead` is interest that was paid before it was asked for. `first_due` is the first instalment
    of all, whose day of the month the later ones keep.
    """

    overdue: tuple[Due, ...] = ()
    plan: tuple[Due, ...] = ()
    ahead: Paise = NOTHING
    first_due: date | None = None
    # When the month that ran on that day had begun, and what was repaid in it: its interest is counted over both books.
    begun: date | None = None
    repaid: tuple[tuple[date, Paise], ...] = ()
    # Up to how much may be drawn of a cash credit, where it was said.
    limit: Paise | None = None

    @property
    def overdue_principal(self) -> Paise:
        return Paise(sum(due.principal for due in self.overdue))

    @property
    def overdue_interest(self) -> Paise:
        return Paise(sum(due.interest for due in self.overdue))

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        said: dict[str, Any] = {
            key: [[due.on.isoformat(), due.principal, due.interest] for due in getattr(self, key)]
            for key in ("overdue", "plan")
        }
        said |= {"ahead": self.ahead, "first_due": self.first_due.isoformat() if self.first_due else None}
        if self.begun is not None:
            said["begun"] = self.begun.isoformat()
            said["repaid"] = [[day.isoformat(), paise] for day, paise in self.repaid]
        if self.limit is not None:
            said["limit"] = self.limit
        return said


def read_carried(said: Mapping[str, Any]) -> Carried:
    """What `plain` wrote."""
    parts = {
        key: tuple(Due(date.fromisoformat(day), Paise(one), Paise(two)) for day, one, two in said[key])
        for key in ("overdue", "plan")
    }
    first, begun = (date.fromisoformat(day) if (day := said.get(key)) else None for key in ("first_due", "begun"))
    repaid = tuple((date.fromisoformat(day), Paise(paise)) for day, paise in said.get("repaid", ()))
    limit = Paise(said["limit"]) if said.get("limit") else None
    return Carried(**parts, ahead=Paise(said.get("ahead", 0)), first_due=first, begun=begun, repaid=repaid, limit=limit)


@dataclass(frozen=True, slots=True)
class CarriedTerms:
    """How a loan that was taken over goes on: what was owed then, since when, and how its interest is counted."""

    owed: Paise
    since: date
    rate_bp_a_year: int
    method: Method
    frequency: Frequency
    first_due: date
    rounding: Rounding
    part_month: PartMonth = "due"


def carried_demands(carried: Carried, terms: CarriedTerms, paid: Iterable[Paid], until: date) -> list[Due]:
    """What the loan has asked for up to a day, from what was overdue when it was taken over."""
    overdue = [due for due in carried.overdue if due.on <= until]
    if terms.method != "balance":
        return [*overdue, *(due for due in carried.plan if due.on <= until)]
    return [*overdue, *_on_what_is_owed(carried, terms, list(paid), until)]


def _on_what_is_owed(carried: Carried, terms: CarriedTerms, paid: Sequence[Paid], until: date) -> Iterable[Due]:
    """Interest on what is really owed on each day, for as long as anything is; less what was paid ahead."""
    rate = LoanTerms(Paise(1), terms.rate_bp_a_year, "balance", terms.first_due, 1, terms.frequency).rate
    planned = {due.on: due.principal for due in carried.plan}
    parts = [
        Stretch(one.begin, one.due, planned.get(one.due, NOTHING))
        for one in running_stretches(carried.first_due or terms.first_due, terms, carried.begun, until)
    ]
    before = [Paid(day, paise, NOTHING) for day, paise in carried.repaid]
    counted = OnTheBalance(rate, terms.rounding, terms.part_month)
    owed = terms.owed + sum(one.principal for one in before)
    ahead = carried.ahead
    for due in asked_on_the_balance(parts, owed, [*before, *paid], until, counted):
        # What was asked for by then is among what was overdue; on the very day only who owes nothing was asked.
        if due.on < terms.since or (due.on == terms.since and not terms.owed):
            continue
        used = min(ahead, due.interest)
        ahead = Paise(ahead - used)
        if due.whole > used:
            yield replace(due, interest=Paise(due.interest - used))


def running_stretches(first: date, terms: CarriedTerms, begun: date | None, until: date) -> list[Stretch]:
    """From the month that ran when the loan was taken over, up to the first due day after `until`."""
    count = 12
    while (days := due_days(first, count, terms.frequency))[-1] <= max(until, terms.since):
        count *= 2
    later = [day for day in days if day > terms.since]
    later = later[: sum(1 for day in later if day <= until) + 1]
    usual = max((day for day in days if day <= terms.since), default=month_before(first, terms.frequency))
    return stretches(begun or min(usual, terms.since), later)


def taken_over(asked: Sequence[Due], later: Sequence[Due], paid: Sequence[Paid], on: date) -> Carried:
    """What is carried of a loan that has asked for `asked` until a day and will ask for `later`; what was paid settles
    the oldest first, principal and interest apart, and what is left of it what comes later."""
    parts = [*asked, *later]
    principal, _ = _settled([due.principal for due in parts], sum(one.principal for one in paid if one.on <= on))
    interest, ahead = _settled([due.interest for due in parts], sum(one.interest for one in paid if one.on <= on))
    left = [replace(due, principal=one, interest=two) for due, one, two in zip(parts, principal, interest, strict=True)]
    unpaid = [due for due in left if due.whole]
    return Carried(
        tuple(due for due in unpaid if due.on <= on), tuple(due for due in unpaid if due.on > on), Paise(ahead)
    )


def _settled(asked: Sequence[int], paid: int) -> tuple[list[Paise], int]:
    left = []
    for amount in asked:
        used = min(amount, paid)
        paid -= used
        left.append(Paise(amount - used))
    return left, paid


def plan_of(terms: LoanTerms, *, lent: Paise, lent_on: date) -> tuple[Due, ...]:
    """What falls due of the rest of a loan (`terms.principal`, the instalments that are left) that was lent earlier.

    A flat loan asks each time for the interest on the whole that was lent; one that is repaid at once for the interest
    since the day it was lent. Interest on the balance is counted when it falls due.
    """
    dues = schedule(terms)
    if terms.method == "balance":
        return tuple(replace(due, interest=Paise(0)) for due in dues)
    if terms.method == "flat":
        interest = terms.rounding(lent * terms.rate)
        return tuple(replace(due, interest=interest) for due in dues)
    if terms.method == "bullet":
        months = months_between(lent_on, terms.first_due)
        return tuple(
            replace(due, interest=terms.rounding(terms.principal * terms.rate_a_month * months)) for due in dues
        )
    return tuple(dues)
