"""Closing a group's meeting: its record, and now and then one that was written wrongly and corrected the next day."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from umeed.books.bulk import STATES, Mirror
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Sheet
from umeed.kernel.money import Paise
from umeed.simulator.books.habits import Member
from umeed.simulator.books.minutes import Minutes

if TYPE_CHECKING:
    from umeed.simulator.books.year import GroupYear

CORRECTED = 0.003
"""How many meetings are corrected: three in a thousand, most often a slip in one amount (our estimate)."""
_WHY = (
    "An amount was written wrongly",
    "Her saving was written twice as much",
    "Read from the wrong line of the register",
)
_MORE_THAN_SAVINGS = {"requests", "decisions", "lendings", "arrived", "withdrawals"}


def close(year: GroupYear, minutes: Minutes, number: int, came: dict[str, str], president: Member) -> None:
    """Write the meeting; what was slipped is written too, reversed, and replaced by the right one."""
    year.cash += minutes.cash
    year.bank += minutes.bank
    assert year.cash >= 0 and year.bank >= 0
    states: dict[str, list[UUID]] = {state: [] for state in STATES}
    for woman in year.group.members:
        if woman.text in came:
            states[came[woman.text]].append(woman.id)
    more: dict[str, Any] = {
        "number": number, "attendance": states, "president": president.id, "place": year.group.place,
        "institution": year.group.id, "books": year.books,
    }  # fmt: skip
    at = closed_at(year, minutes.on)
    # The group that is shown has one in autumn, so that a correction is seen among its last meetings.
    is_wrong = year.chance.happens(CORRECTED) or (year.group.is_shown and number % 40 == 7)
    wrong = _slipped(year, minutes) if is_wrong else None
    if wrong is None:
        year.rows.close(year.book, minutes, closed_at=at, **more)
        return
    year.rows.close(year.book, wrong, closed_at=at, **more)
    back = tuple(Entry(one.head, Paise(-one.amount), one.woman, one.loan, one.body) for one in wrong.entries())
    mirror = Draft(uuid5(wrong.id, "reversal"), minutes.on, Sheet.Kind.REVERSAL, back)
    year.rows.mirrors.append(Mirror(year.book, mirror, wrong.id))
    more |= {"version": 2, "replaces": wrong.id, "why": year.chance.of(_WHY)}
    year.rows.close(year.book, minutes, closed_at=at + datetime.timedelta(hours=27), **more)


def _slipped(year: GroupYear, minutes: Minutes) -> Minutes | None:
    """The same meeting with one saving written wrongly; None where it moved more than savings and repayments."""
    said = minutes.said
    if minutes.sent or not said.get("savings") or said.keys() & _MORE_THAN_SAVINGS:
        return None
    wrong = Minutes(year.new_id(), minutes.on)
    savings = [dict(one) for one in said["savings"]]
    slip = savings[year.chance.between(0, len(savings) - 1)]
    more = slip["paise"]
    slip["paise"] += more
    wrong.said = {**said, "id": str(wrong.id), "savings": savings, "counted": said["counted"] + more}
    wrong.lines, wrong.cash, wrong.bank = dict(minutes.lines), minutes.cash + more, minutes.bank
    wrong.lines[slip["head"], UUID(slip["woman"]), None, None, False] -= more
    return wrong


def closed_at(year: GroupYear, day: datetime.date) -> datetime.datetime:
    """In the afternoon of the day; groups that write late, days or weeks after."""
    wait = datetime.timedelta(hours=15 + 4 * year.chance.uniform())
    if year.habits.writes_late:
        wait += datetime.timedelta(days=year.chance.between(1, 24))
    return datetime.datetime.combine(day, datetime.time(), year.span.now.tzinfo) + wait
