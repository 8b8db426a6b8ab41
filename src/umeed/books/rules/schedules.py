"""When a loan falls due, and how much of it: by the method that the group chose for the loan."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from umeed.books.rules.rounding import TO_THE_PAISA, Rounding
from umeed.books.rules.running_interest import PartMonth
from umeed.kernel.money import Paise

Frequency = Literal["weekly", "fortnightly", "monthly", "quarterly", "half_yearly", "yearly"]
Method = Literal["balance", "flat", "declining", "bullet"]

_DAYS = {"weekly": 7, "fortnightly": 14}
_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
MOST_INSTALMENTS, SHORTEST = 600, 28
# So many times by which the last of equal instalments differs are the others at least: a tenth. Our choice.
MOST_APART = 10
_ONE = 10**30


@dataclass(frozen=True, slots=True)
class Due:
    """What falls due on a day. Paise, both ≥ 0; `interest` is what is expected if all before was paid on its day."""

    on: date
    principal: Paise
    interest: Paise

    @property
    def whole(self) -> Paise:
        return Paise(self.principal + self.interest)


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """What was agreed on a loan. Amounts in paise; 2 per cent a month are 2,400 basis points a year.

    balance    equal parts of the principal, and per cent a month on what is still owed
    flat       equal parts, and per cent a month on the whole loan, for as long as was agreed
    declining  equal instalments (EMI) of interest on the balance and principal
    bullet     all at once on the first due day (after the apple harvest), with the interest since the disbursement
    """

    principal: Paise
    rate_bp_a_year: int
    method: Method
    first_due: date
    instalments: int
    frequency: Frequency = "monthly"
    lent_on: date | None = None
    rounding: Rounding = TO_THE_PAISA
    # What an instalment is a multiple of: people bring whole rupees, or tens.
    multiple: int = 1
    # How a month that runs counts when she repays before it is over; for interest on the balance.
    part_month: PartMonth = "due"

    def __post_init__(self) -> None:
        if self.principal <= 0 or self.rate_bp_a_year < 0 or self.multiple < 1:
            raise ValueError("a loan has a principal, a rate of nought or more, and instalments in whole paise")
        if not 1 <= self.instalments <= MOST_INSTALMENTS:
            raise ValueError(f"a loan is repaid in 1 to {MOST_INSTALMENTS} instalments")

    @property
    def rate_a_month(self) -> Fraction:
        """The part of a balance that is its interest for a month."""
        return Fraction(self.rate_bp_a_year, 120_000)

    @property
    def rate(self) -> Fraction:
        """The part of a balance that is its interest for one period of the schedule."""
        return _rate(self.rate_bp_a_year, self.frequency)


@lru_cache(maxsize=1024)
def _rate(rate_bp_a_year: int, frequency: Frequency) -> Fraction:
    return Fraction(rate_bp_a_year, 120_000) * months_in(frequency)


def months_in(frequency: Frequency) -> Fraction:
    """How many months a period of this frequency counts as; a week as 7/30 of one, a fortnight as 14/30."""
    return Fraction(_MONTHS[frequency]) if frequency in _MONTHS else Fraction(_DAYS[frequency], 30)


def month_later(day: date, months: int, seed: int) -> date:
    """`months` after the month of `day`, on day `seed` of it or its last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, seed if seed <= SHORTEST else min(seed, calendar.monthrange(year, month + 1)[1]))


def due_days(first: date, count: int, frequency: Frequency) -> list[date]:
    """The days on which instalments fall due. Months keep the day of the first one and clip it to shorter months.

    Keeping the first day (31 Jan, 28 Feb, 31 Mar) rather than the last one used (29, 29, 29) is our choice: people
    remember the day they agreed on.
    """
    if frequency in _DAYS:
        return [first + timedelta(days=_DAYS[frequency] * at) for at in range(count)]
    return [month_later(first, _MONTHS[frequency] * at, first.day) for at in range(count)]


def month_before(first: date, frequency: Frequency) -> date:
    """The day from which the first instalment's interest runs, where nothing else tells it."""
    if frequency in _DAYS:
        return first - timedelta(days=_DAYS[frequency])
    return month_later(first, -_MONTHS[frequency], first.day)


def schedule(terms: LoanTerms) -> list[Due]:
    """The dues of a loan, in order; their principals add up to the loan exactly, the last takes the remainder."""
    return list(_schedule(terms))


@lru_cache(maxsize=256)
def _schedule(terms: LoanTerms) -> tuple[Due, ...]:
    """A loan is looked at several times in a row: for what was asked, what has run, what is to come."""
    if terms.method == "bullet":
        return (Due(terms.first_due, terms.principal, first_interest(terms)),)
    days = due_days(terms.first_due, terms.instalments, terms.frequency)
    parts = {"balance": _on_the_balance, "flat": _flat, "declining": _declining}[terms.method](terms)
    return tuple(Due(day, principal, interest) for day, (principal, interest) in zip(days, parts, strict=True))


def first_months(terms: LoanTerms) -> Fraction:
    """For how many months the first instalment asks for interest, however many days lie before it: for one period; of
    a bullet loan for those between two days of the calendar."""
    if terms.method != "bullet":
        return months_in(terms.frequency)
    return Fraction(months_between(terms.lent_on or terms.first_due, terms.first_due))


def first_interest(terms: LoanTerms) -> Paise:
    return terms.rounding(terms.principal * terms.rate_a_month * first_months(terms))


def months_between(since: date, until: date) -> int:
    """Months by the calendar: from any day of August to any day of September is one. Never negative."""
    return max(0, (until.year - since.year) * 12 + until.month - since.month)


def equal_parts(terms: LoanTerms) -> list[Paise]:
    """The principal in equal parts: the last with what is left over. In multiples none is more than one larger than
    another, the larger ones first."""
    units, rest = divmod(terms.principal, terms.multiple)
    each, over = divmod(units, terms.instalments)
    larger, last = (over, rest) if terms.multiple > 1 else (0, over)
    parts = [Paise((each + (at < larger)) * terms.multiple) for at in range(terms.instalments)]
    return [*parts[:-1], Paise(parts[-1] + last)]


def _on_the_balance(terms: LoanTerms) -> Iterator[tuple[Paise, Paise]]:
    owed, rate = terms.principal, terms.rate
    for part in equal_parts(terms):
        yield part, terms.rounding.part(owed, rate)
        owed = Paise(owed - part)


def _flat(terms: LoanTerms) -> Iterator[tuple[Paise, Paise]]:
    interest = terms.rounding.part(terms.principal, terms.rate)
    for part in equal_parts(terms):
        yield part, interest


def instalment(principal: Paise, rate: Fraction, count: int) -> Fraction:
    """The exact equal instalment that repays `principal` in `count` periods at `rate` a period."""
    if rate == 0:
        return Fraction(principal, count)
    growth = (1 + rate) ** count
    return principal * rate * growth / (growth - 1)


def _declining(terms: LoanTerms) -> list[tuple[Paise, Paise]]:
    """Equal instalments, the last with whatever is still owed. Where multiples would make that one another by more than
    a tenth, they are not equal: each is the multiple that leaves owed most nearly what exact ones would leave, so that
    nothing is heaped on the last day."""
    exact = instalment(terms.principal, terms.rate, terms.instalments)
    if terms.multiple == 1:
        each = terms.rounding(exact)
        return list(_repaid(terms, lambda _at, _due: each))
    to_multiple = Rounding(terms.multiple, "up")
    each = to_multiple(exact)
    equal = list(_repaid(terms, lambda _at, _due: each))
    if MOST_APART * abs(sum(equal[-1]) - each) <= each:
        return equal
    left = _left_exactly(terms)
    return list(_repaid(terms, lambda at, due: to_multiple(due - left[at])))


def _repaid(terms: LoanTerms, asked: Callable[[int, Paise], Paise]) -> Iterator[tuple[Paise, Paise]]:
    """Instalments as they are `asked` for, by their number and all that is owed then with its interest. Each repays
    something, however small it is beside its multiple."""
    owed, rate = terms.principal, terms.rate
    for at in range(1, terms.instalments + 1):
        interest = terms.rounding.part(owed, rate)
        least = (interest // terms.multiple + 1) * terms.multiple
        whole = max(asked(at, Paise(owed + interest)), least)
        part = owed if at == terms.instalments else Paise(min(owed, whole - interest))
        yield part, interest
        owed = Paise(owed - part)


def _left_exactly(terms: LoanTerms) -> list[Fraction]:
    """What is owed at first, and after each exact equal instalment: as much as those that are left are worth then.
    Their worth in whole numbers of 1/`_ONE`, exact enough for any loan: fractions of 600 periods are slow."""
    rate, worth = terms.rate, [0]
    for _instalment in range(terms.instalments):
        worth.append((worth[-1] + _ONE) * rate.denominator // (rate.denominator + rate.numerator))
    return [Fraction(terms.principal * one, worth[-1]) for one in reversed(worth)]


def is_whole(dues: list[Due], principal: Paise) -> bool:
    """Whether dues are in order of their days and repay the principal exactly."""
    ordered = all(one.on < two.on for one, two in pairwise(dues))
    return ordered and sum(due.principal for due in dues) == principal
