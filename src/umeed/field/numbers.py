"""Which number a meeting gets that says one which is taken: two phones of one group do not know of each other and count
alike. Plain values; `static/field/rules/numbers.js` says the same."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

APART = {"weekly": 6, "fortnightly": 11, "monthly": 23}
"""From so many days on two days are of two meetings: at least three quarters of the group's rhythm. A meeting that one
writer dates a few days off is still the same one. Two records of one meeting must never both be written, two of which
a person must say so only cost her a minute: so rather too many days than too few."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting that stands in the book."""

    id: str
    number: int
    on: datetime.date


def may_be_same(one: datetime.date, other: datetime.date, frequency: str) -> bool:
    """Whether two writers may mean one meeting by these days."""
    return abs((one - other).days) < APART.get(frequency, APART["weekly"])


def unknown_to_her(number: int, standing: Iterable[Standing], known: Collection[str] = ()) -> list[Standing]:
    """Those of which who wrote meeting `number` cannot have known: she counted on from all smaller numbers, and `known`
    are the ids of those that she wrote before, whatever number they got since."""
    return [one for one in standing if one.number >= number and one.id not in known]


def number_of(
    number: int, on: datetime.date, standing: Collection[Standing], frequency: str, known: Collection[str] = ()
) -> int:
    """The number under which a meeting is looked at that says `number`: that, as long as it is free; that of the
    meeting which it may be, so that a person settles which one holds; else the next one."""
    if all(one.number != number for one in standing):
        return number
    others = unknown_to_her(number, standing, known)
    same = [one for one in others if may_be_same(one.on, on, frequency)]
    if same:
        return min(same, key=lambda one: (abs((one.on - on).days), one.number)).number
    return max(one.number for one in standing) + 1
