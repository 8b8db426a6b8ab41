"""What comes once in a while: new rules, a woman who leaves, the grade that the VO gives each quarter."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from umeed.simulator.books.habits import Member, bylaws_from
from umeed.simulator.books.minutes import Minutes

if TYPE_CHECKING:
    from umeed.simulator.books.year import GroupYear

_DAY = datetime.timedelta(days=1)
LEAVE, NEW_RULES = 0.09, 0.15
"""How many groups lose a woman in the year (about one woman in ninety), and how many change their rules."""
_NOTES = {"A": "Ready for the next loan", "B": "Attendance", "C": "Books and repayments"}


@dataclass(slots=True)
class Plans:
    """Days on which something happens, if it does."""

    leaves: Member | None = None
    leaves_on: datetime.date = datetime.date.max
    rules_on: datetime.date = datetime.date.max


def plans_of(year: GroupYear) -> Plans:
    """Drawn when the book begins. Who holds an office does not leave; a group of six or fewer keeps everybody."""
    chance, plans = year.chance, Plans()
    draws = chance.uniform(), chance.uniform()
    if draws[0] < LEAVE and len(year.group.members) > 6:
        plans.leaves = chance.of(year.group.members[3:])
        plans.leaves_on = year.span.first + _DAY * chance.between(60, 300)
    if draws[1] < NEW_RULES or year.group.is_shown:
        plans.rules_on = year.opened + _DAY * chance.between(70, 250)
    return plans


def new_rules(year: GroupYear, day: datetime.date) -> None:
    """From this meeting on more is saved, or a fine is agreed on: a new row, the old one stays."""
    if day < year.plans.rules_on:
        return
    year.plans.rules_on = datetime.date.max
    row = dict(year.habits.row)
    saving = int(str(row["compulsory_paise"]))
    if saving < 10_000:
        row |= {
            "compulsory_paise": 2 * saving,
            "resolution": "Everybody saves twice as much",
        }
    else:
        row |= {"fine_late_paise": 1_000, "fine_absent_paise": 2_000, "resolution": "Fines for late and absent doubled"}
    year.habits.row, year.habits.bylaws = row, bylaws_from(row)
    year.rows.bylaw(year.book, day, row, year.new_id())


def leaving_on(year: GroupYear, day: datetime.date, came: dict[str, str]) -> Member | None:
    """The woman for whom this meeting is the last: when she came, and the box can give her what she saved."""
    woman = year.plans.leaves
    if woman is None or day < year.plans.leaves_on or came.get(woman.text) != "present" or woman.joined >= day:
        return None
    if any(wish.woman is woman for wish in year.queue) or max(year.cash, year.bank) < sum(woman.saved.values()):
        return None
    year.plans.leaves = None
    return woman


def give_back(year: GroupYear, minutes: Minutes, woman: Member) -> None:
    """All that she has saved; from the next day on she is no member."""
    mode = "cash" if year.cash >= sum(woman.saved.values()) else "bank"
    for head, paise in woman.saved.items():
        if paise:
            minutes.give_back(woman.id, head, paise, mode)
    woman.saved, woman.left = {}, minutes.on + _DAY
    if woman.membership is not None:
        why = year.chance.of(("married_out", "migrated", "left"))
        year.rows.leaving.append((woman.membership, woman.joined, woman.left, why))


def grade(year: GroupYear) -> None:
    """What the VO says at the end of each quarter of the year that is over: most groups with good habits are A."""
    vo, span = year.group.vo, year.span
    if vo is None:
        return
    quarter = datetime.date(span.first.year, (span.first.month - 1) // 3 * 3 + 1, 1)
    while (quarter := (quarter + _DAY * 95).replace(day=1)) <= span.end:
        on = quarter - _DAY
        if on <= max(year.opened + _DAY * 60, vo.since):
            continue
        draw = year.chance.uniform() * 0.3 + year.habits.discipline
        given = "A" if draw > 1.05 else "B" if draw > 0.9 else "C"
        year.rows.gradings.append((year.new_id(), year.book, on, given, vo.name, _NOTES[given]))
