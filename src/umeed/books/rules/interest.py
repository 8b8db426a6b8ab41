"""Interest by the day, as banks count it: on what stands at the end of each day, 365 days a year, whatever the year.

For the cash credit of a group at its bank, and for interest that a group gives on savings. Exact until it is rounded,
once, at the end. What a cash credit's standing rests on is counted from the same days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.demands import CreditAccount
from umeed.books.rules.rounding import TO_THE_PAISA, Rounding
from umeed.kernel.money import Paise

DAYS_A_YEAR = 365
"""Actual/365, as a bank counts a cash credit by its daily balances: a leap year's 366th night bears interest too."""
WINDOW = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands at the end of a day and until the next one is given."""

    on: date
    paise: Paise


def interest_by_days(
    stands: Iterable[Stand], *, since: date, until: date, rate_bp_a_year: int, rounding: Rounding = TO_THE_PAISA
) -> Paise:
    """Interest on the nights from `since` to before `until`: each bears it on what stood at its day's end.

    What stands below nothing bears none.
    """
    if rate_bp_a_year < 0:
        raise ValueError("a rate is nought or more")
    days = sum(
        max(0, stand.paise) * (min(end, until) - max(stand.on, since)).days
        for stand, end in _periods(stands, until)
        if max(stand.on, since) < min(end, until)
    )
    return rounding(Fraction(days * rate_bp_a_year, 10_000 * DAYS_A_YEAR))


def _periods(stands: Iterable[Stand], until: date) -> list[tuple[Stand, date]]:
    """Each with the day on which the next one begins; of several on one day the last holds."""
    last = {stand.on: stand for stand in sorted(stands, key=lambda one: one.on)}
    ordered: Sequence[Stand] = list(last.values())
    ends = [*(stand.on for stand in ordered[1:]), max(until, ordered[-1].on)] if ordered else []
    return list(zip(ordered, ends, strict=True))


@dataclass(frozen=True, slots=True)
class CreditDay:
    """What happened on a cash credit on a day: paid in, drawn, interest that the bank took. Paise, none negative."""

    on: date
    paid_in: Paise = NOTHING
    drawn: Paise = NOTHING
    interest: Paise = NOTHING


def credit_account(days: Iterable[CreditDay], *, on: date, limit: Paise) -> CreditAccount:
    """A cash credit as it is seen at a day's end: the 90 days that end with it, and how long it is above its limit."""
    known = sorted((one for one in days if one.on <= on), key=lambda one: one.on)
    recent = [one for one in known if on - WINDOW < one.on]
    owed, above_since = 0, None
    for day in sorted({one.on for one in known}):
        owed += sum(one.drawn + one.interest - one.paid_in for one in known if one.on == day)
        above_since = (above_since or day) if owed > limit else None
    return CreditAccount(
        credits_in_90_days=Paise(sum(one.paid_in for one in recent)),
        interest_in_90_days=Paise(sum(one.interest for one in recent)),
        days_over_limit=0 if above_since is None else (on - above_since).days + 1,
    )
