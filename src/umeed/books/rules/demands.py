"""What a loan asks for as time passes, what was paid on it, and how late it is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from umeed.books.rules.running_interest import OnTheBalance, Stretch, asked_within, stretches
from umeed.books.rules.schedules import Due, LoanTerms, due_days, equal_parts, month_before, schedule
from umeed.kernel.money import Paise

ONE_DAY = timedelta(days=1)
SMA1_DAYS, SMA2_DAYS, NPA_DAYS = 30, 60, 90
"""Whole days between the oldest unpaid due day and the day end, as the RBI's circular of 12 Nov 2021 counts them."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment was for. Paise ≥ 0."""

    on: date
    principal: Paise
    interest: Paise


class Standing(StrEnum):
    """How late a loan is at the end of a day."""

    REGULAR = "regular"
    SMA0 = "sma0"
    SMA1 = "sma1"
    SMA2 = "sma2"
    NPA = "npa"


@dataclass(frozen=True, slots=True)
class Arrears:
    """What of a loan is due and unpaid on a day. `since` is its oldest unpaid due day, None when nothing is."""

    on: date
    principal: Paise
    interest: Paise
    since: date | None

    @property
    def days(self) -> int:
        """Days past due: 0 on the due day itself, and when nothing is due."""
        return 0 if self.since is None else (self.on - self.since).days

    @property
    def standing(self) -> Standing:
        """By the days alone. Whether an NPA has been upgraded depends on what was before: `standings`."""
        if self.since is None:
            return Standing.REGULAR
        if self.days >= NPA_DAYS:
            return Standing.NPA
        if self.days >= SMA2_DAYS:
            return Standing.SMA2
        return Standing.SMA1 if self.days >= SMA1_DAYS else Standing.SMA0


def demands(terms: LoanTerms, paid: Iterable[Paid], until: date, *, before: Due | None = None) -> list[Due]:
    """What the loan has asked for up to a day.

    Flat, declining and bullet loans ask for what was agreed. A loan with interest on the balance asks each time for
    the interest on what is really owed then, also after its last instalment for as long as anything is owed. `before`
    is what was overdue already when these terms began (a cut-off): it is owed besides their principal.
    """
    first = [before] if before is not None and before.on <= until else []
    if terms.method != "balance":
        return [*first, *(due for due in schedule(terms) if due.on <= until)]
    owed = Paise(terms.principal + (before.principal if before else 0))
    return [*first, *_on_what_is_owed(terms, sorted(paid, key=lambda one: one.on), until, owed)]


def _on_what_is_owed(terms: LoanTerms, paid: Sequence[Paid], until: date, whole: Paise) -> list[Due]:
    agreed = equal_parts(terms)
    parts = [
        Stretch(one.begin, one.due, agreed[at] if at < len(agreed) else Paise(0))
        for at, one in enumerate(stretches_of(terms, until))
    ]
    return asked_on_the_balance(parts, whole, paid, until, OnTheBalance(terms.rate, terms.rounding, terms.part_month))


def stretches_of(terms: LoanTerms, until: date) -> list[Stretch]:
    """From the day it was lent over all due days, up to the first after a day."""
    days = _days_past(terms, until)
    begin = terms.lent_on or month_before(terms.first_due, terms.frequency)
    return stretches(min(begin, days[0] - ONE_DAY), days)


def asked_on_the_balance(
    parts: Iterable[Stretch], owed: int, paid: Iterable[Paid], until: date, counted: OnTheBalance
) -> list[Due]:
    """What was asked for until a day: each stretch's principal and interest on its due day, and on the day on which a
    loan was repaid whole before it the interest that had run. A payment on a due day pays its demand; the interest is
    on what was owed before it."""
    repaid = _by_day(one for one in paid if one.on <= until)
    days, sums = [day for day, _paise in repaid], [0, *accumulate(paise for _day, paise in repaid)]
    asked = []
    for part in parts:
        begun = bisect_right(days, part.begin)
        within = repaid[begun : bisect_left(days, part.due, begun)]
        for day, interest in asked_within(part, owed - sums[begun], within, counted):
            principal = part.principal if day == part.due else Paise(0)
            if day <= until and (principal or interest):
                asked.append(Due(day, principal, interest))
    return asked


def _by_day(paid: Iterable[Paid]) -> list[tuple[date, int]]:
    """Principal by day: in how many parts it came on one day, or whether some of it was taken back, changes nothing."""
    sums: dict[date, int] = {}
    for one in paid:
        sums[one.on] = sums.get(one.on, 0) + one.principal
    return [(on, principal) for on, principal in sorted(sums.items()) if principal]


def run_so_far(asked: Iterable[Due], asked_when_repaid: Iterable[Due], paid: Iterable[Paid]) -> Paise:
    """Interest that has run and is not due yet: what would be asked for on top if all were repaid today, less what was
    paid ahead of it."""
    settled = sum(one.interest for one in paid)
    due = max(0, sum(one.interest for one in asked) - settled)
    return Paise(max(0, sum(one.interest for one in asked_when_repaid) - settled - due))


def _days_past(terms: LoanTerms, until: date) -> list[date]:
    """The due days of the agreed instalments, and on in the same step, up to the first after a day."""
    count = terms.instalments
    while (days := due_days(terms.first_due, count, terms.frequency))[-1] <= until:
        count *= 2
    return days[: sum(1 for day in days if day <= until) + 1]


def arrears(asked: Sequence[Due], paid: Iterable[Paid], on: date) -> Arrears:
    """What is due and unpaid at the end of a day: payments settle the oldest first, principal and interest apart."""
    due = [one for one in asked if one.on <= on]
    settled = [one for one in paid if one.on <= on]
    principal, first = _unpaid([(one.on, one.principal) for one in due], sum(one.principal for one in settled))
    interest, other = _unpaid([(one.on, one.interest) for one in due], sum(one.interest for one in settled))
    return Arrears(on, principal, interest, min((day for day in (first, other) if day), default=None))


def _unpaid(asked: Iterable[tuple[date, int]], paid: int) -> tuple[Paise, date | None]:
    """How much of what was asked is left after paying from the oldest on, and from which day."""
    # What was drawn again on a cash credit is no debt to an earlier demand.
    left, since, paid = 0, None, max(0, paid)
    for day, amount in asked:
        settled = min(amount, paid)
        paid -= settled
        if amount > settled:
            since = since or day
            left += amount - settled
    return Paise(left), since


def standings(days: Iterable[Arrears], *, before: Standing = Standing.REGULAR) -> list[Standing]:
    """Standings of following day ends. What is an NPA stays one until nothing at all is overdue."""
    told = []
    for day in days:
        now = day.standing
        before = Standing.NPA if before is Standing.NPA and now is not Standing.REGULAR else now
        told.append(before)
    return told


def worst(standings: Iterable[Standing]) -> Standing:
    """A borrower's standing: that of her worst loan, since one NPA makes all her loans one."""
    order = list(Standing)
    return max(standings, key=order.index, default=Standing.REGULAR)


@dataclass(frozen=True, slots=True)
class CreditAccount:
    """A bank's cash credit as seen at a day end. Paise; `days_over_limit` without a break."""

    credits_in_90_days: Paise
    interest_in_90_days: Paise
    days_over_limit: int


def is_out_of_order(account: CreditAccount) -> bool:
    """Whether a cash credit counts as an NPA: above its limit for 90 days, or credits did not cover the interest."""
    return account.days_over_limit >= NPA_DAYS or account.credits_in_90_days < account.interest_in_90_days
