"""What is expected of a meeting and filled in beforehand: when it is due, savings, fines, terms. No database."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from umeed.books.ledger.running import RunningLoan
from umeed.books.meetings.facts import Before
from umeed.books.rules.allocation import Split
from umeed.books.rules.schedules import due_days, month_later
from umeed.kernel.money import Paise

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS = {"weekly": 7, "fortnightly": 14}
MOST_MISSED = 60
"""So many missed meetings are counted; a group that slept longer begins anew rather than excuse each week."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a group meets: weekly, fortnightly or monthly; on which weekday or date where it is known."""

    frequency: str
    weekday: str = ""
    date: int | None = None

    def after(self, last: datetime.date) -> datetime.date:
        """The day on which the meeting after that of `last` is due."""
        if self.frequency == "monthly":
            return month_later(last, 1, self.date or last.day)
        step = DAYS.get(self.frequency, 7)
        day = last + datetime.timedelta(days=step)
        if self.weekday not in WEEKDAYS:
            return day
        # The nearest such weekday: a meeting held a day early or late does not move the rhythm.
        away = (WEEKDAYS.index(self.weekday) - day.weekday() + 3) % 7 - 3
        return day + datetime.timedelta(days=away)

    def due(self, last: datetime.date, today: datetime.date) -> tuple[list[datetime.date], datetime.date]:
        """(days on which meetings were due and none stands in the book, the day of the next one)."""
        missed: list[datetime.date] = []
        day = self.after(last)
        while (following := self.after(day)) <= today and len(missed) < MOST_MISSED:
            missed.append(day)
            day = following
        return missed, day


def savings_of(known: Before, attendance: Mapping[str, str]) -> dict[tuple[UUID, str], Paise]:
    """{(woman, head): the regular amount} of those who came."""
    regular = {head: paise for head, paise in known.bylaws.savings.items() if paise}
    return {
        (woman, head): paise
        for woman in known.facts.members
        if attendance.get(str(woman)) in ("present", "late")
        for head, paise in regular.items()
    }


def fines_of(known: Before, attendance: Mapping[str, str]) -> list[tuple[UUID, str, Paise]]:
    """(woman, why, paise) of the fines that the group's rules ask for."""
    asks = {"late": known.bylaws.fine_late, "absent": known.bylaws.fine_absent}
    return [
        (woman, state, asks[state])
        for woman in known.facts.members
        if (state := attendance.get(str(woman), "")) in asks and asks[state]
    ]


def owed_of(known: Before, loan: RunningLoan) -> Split:
    """All that a payment may be for today: the penalty, the interest that has run so far, the whole principal."""
    due = known.due(loan)
    return Split(due.penalty, Paise(due.interest + loan.run), loan.owed)


def loans_of_women(known: Before) -> list[RunningLoan]:
    """Loans given to women, in order of their names."""
    given = [one for one in known.loans if one.loan.way == "given" and one.loan.woman_id]
    return sorted(given, key=lambda one: (one.loan.woman.name, one.loan.lent_on, one.loan.pk))  # type: ignore[union-attr]


def loans_taken(known: Before) -> Iterator[RunningLoan]:
    return (one for one in known.loans if one.loan.way == "taken")


def first_due(known: Before, on: datetime.date) -> datetime.date:
    """When the first instalment of a loan falls due under the usual terms: one period after it is paid out."""
    return due_days(on, 2, known.bylaws.frequency)[1]
