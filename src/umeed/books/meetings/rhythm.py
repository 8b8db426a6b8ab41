"""How often a group meets, and so when its next meetings are due. Plain values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from umeed.books.rules.schedules import Frequency, due_days, month_later

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
        return self.due_from(self.after(last), today)

    def first(self, since: datetime.date) -> datetime.date:
        """The first day of meeting from a day on, that day too."""
        if self.frequency == "monthly":
            day = month_later(since, 0, self.date or since.day)
            return day if day >= since else month_later(since, 1, self.date or since.day)
        away = WEEKDAYS.index(self.weekday) - since.weekday() if self.weekday in WEEKDAYS else 0
        return since + datetime.timedelta(days=away % 7)

    def due_from(self, first: datetime.date, today: datetime.date) -> tuple[list[datetime.date], datetime.date]:
        """As `due`, of a body whose first meeting was due on a day."""
        missed: list[datetime.date] = []
        day = first
        while (following := self.after(day)) <= today and len(missed) < MOST_MISSED:
            missed.append(day)
            day = following
        return missed, day

    def first_due(self, lent_on: datetime.date, frequency: Frequency) -> datetime.date:
        """The first meeting one period or more after a loan is paid out: money moves in meetings, so on another day
        nobody could repay. A group that meets as often as it is repaid takes its next meeting."""
        period = due_days(lent_on, 2, frequency)[1]
        if frequency == self.frequency:
            return self.after(lent_on)
        if self.frequency == "monthly" and frequency not in DAYS:
            return month_later(period, 0, self.date or period.day)
        day = self.after(lent_on)
        while day < period:
            day = self.after(day)
        return day
