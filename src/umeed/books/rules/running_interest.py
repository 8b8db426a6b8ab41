"""Per cent a month on the balance: what is asked on each due day, and when a loan is repaid before it.

How a running month counts is the group's own rule. Whatever the rule, a loan that is left alone asks each time for the
whole month, so what was agreed comes out as agreed; the rules differ only in what was repaid between two due days:

days   what was repaid counts for the days that it was out, of the days of that month
whole  a month begun counts whole
due    only what is owed on the due day counts: who repays before it pays nothing for the month that runs
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from umeed.books.rules.rounding import Rounding
from umeed.kernel.money import Paise

NOTHING = Paise(0)
PartMonth = Literal["days", "whole", "due"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one due day (or the day it was lent) to the next, and the principal that was agreed for it."""

    begin: date
    due: date
    principal: Paise = NOTHING


@dataclass(frozen=True, slots=True)
class OnTheBalance:
    """How interest on the balance is counted: the part of a balance for a whole stretch, rounded; how a part counts."""

    rate: Fraction
    rounding: Rounding
    part_month: PartMonth = "due"


Repaid = Sequence[tuple[date, int]]
"""(day, principal) in order of days; below nought what was taken back."""


def stretches(begin: date, days: Iterable[date]) -> list[Stretch]:
    """From `begin` over all due days."""
    return [Stretch(one, two) for one, two in pairwise([begin, *days])]


def asked_in(stretch: Stretch, owed: int, repaid: Repaid, counted: OnTheBalance) -> Iterator[tuple[date, Paise]]:
    """(day, interest) of one stretch: on its due day, and before it on a day on which nothing was left to be owed.

    `owed` is what was owed when the loan began, `repaid` all that was repaid before the due day. What was repaid on a
    due day still bore the interest of that day. Nothing is asked for twice: the due day asks for the rest.
    """
    begun = owed - sum(paise for day, paise in repaid if day <= stretch.begin)
    within = [one for one in repaid if stretch.begin < one[0] < stretch.due]
    return asked_within(stretch, begun, within, counted)


def asked_within(
    stretch: Stretch, begun: int, within: Repaid, counted: OnTheBalance
) -> Iterator[tuple[date, Paise]]:  # fmt: skip
    """The same of what was owed when the stretch began, and what was repaid within it."""
    before = 0
    if within and counted.part_month != "due":
        for day in _days_of_nothing(begun, within):
            now = _until(day, stretch, begun, [one for one in within if one[0] <= day], counted)
            if now > before:
                yield day, Paise(now - before)
                before = now
    whole = _until(stretch.due, stretch, begun, within, counted)
    yield stretch.due, Paise(max(0, whole - before))


def _days_of_nothing(left: int, within: Repaid) -> Iterator[date]:
    """Days within a stretch at whose end nothing is owed any more."""
    for day in dict.fromkeys(day for day, _paise in within):
        was, left = left, left - sum(paise for on, paise in within if on == day)
        if left <= 0 < was:
            yield day


def _until(day: date, stretch: Stretch, begun: int, within: Repaid, counted: OnTheBalance) -> Paise:
    """The interest of a stretch from its begin to a day in it, with what was repaid until then, rounded once."""
    left = begun - sum(paise for _on, paise in within)
    if counted.part_month == "due":
        return counted.rounding.part(max(0, left), counted.rate)
    if counted.part_month == "whole":
        most = now = begun
        for _on, paise in within:
            now -= paise
            most = max(most, now)
        return counted.rounding.part(max(0, most), counted.rate)
    length = (stretch.due - stretch.begin).days
    paise_days = max(0, left) * (day - stretch.begin).days
    paise_days += sum(paise * (on - stretch.begin).days for on, paise in within)
    return counted.rounding.part(max(0, paise_days), counted.rate, length)
