"""A group's health: marks by a rubric, its grade, and for each lost mark the cheapest way to win it back.

The rubric is data (`norms.py`). The five sutras: regular meetings, savings, lending, repayment, books.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from umeed.books.heads import BY_KEY
from umeed.books.rules.demands import Paid
from umeed.books.rules.schedules import Due, month_later
from umeed.kernel.money import Paise, grouped, rupees
from umeed.kernel.refusals import N_, Refusal, in_number


@dataclass(frozen=True, slots=True)
class Band:
    """From so many per cent on, so many points."""

    percent: int
    points: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is graded; `bands` from the best down, below the last there are no points."""

    key: str
    title: str
    bands: Sequence[Band]
    # It is done in meetings: where none was held, it was not done.
    in_meetings: bool = False

    @property
    def most(self) -> int:
        return self.bands[0].points


@dataclass(frozen=True, slots=True)
class Rubric:
    """How a group is graded since a day, over the last `months`; `grades` (points from which on, grade).

    By how often a group meets: so many meetings it takes to be graded at all (`least_meetings`), and after so many days
    without one it has met no longer (`longest_break`). It meets regularly when of 100 meetings that were due it held
    `regular_percent`; of what is done in meetings, those that lack to it count as if nobody had come.
    """

    since: date
    source: str
    months: int
    grades: Sequence[tuple[int, str]]
    marks: Sequence[Mark]
    least_meetings: Mapping[str, int]
    longest_break: Mapping[str, int]
    regular_percent: int

    def lacking(self, held: int, due: int) -> int:
        """How many meetings are missing to the least that is regular."""
        return max(0, math.ceil(Fraction(due * self.regular_percent, 100)) - held)


@dataclass(frozen=True, slots=True)
class Measure:
    """A share as two whole numbers: 10 of 13 meetings, or 8,000 of 10,000 paise. Of nothing there is no share."""

    done: int
    base: int
    is_money: bool = False
    # So many meetings, of those that had to be held, are in the base without having been held.
    meetings_lacking: int = 0

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.done, self.base) if self.base > 0 else None

    def lacks(self, percent: int) -> int:
        """How much more would have reached so many per cent of the same base."""
        return max(0, math.ceil(Fraction(self.base * percent, 100)) - self.done)


@dataclass(frozen=True, slots=True)
class Scored:
    """A mark with its points. `way` is the cheapest way to the next points, None when there are no more."""

    mark: Mark
    measure: Measure
    points: int
    way: Refusal | None = None
    gain: int = 0

    @property
    def lost(self) -> int:
        return self.mark.most - self.points if self.counts else 0

    @property
    def counts(self) -> bool:
        """A mark with nothing to measure (no loan was due) neither gives nor takes points."""
        return self.measure.share is not None


@dataclass(frozen=True, slots=True)
class Health:
    """What the marks come to, of 100. Where there was too little to grade, the grade is empty and `waits` says why."""

    grade: str
    points: int
    marks: Sequence[Scored]
    next_grade: str
    missing: int
    waits: Refusal | None = None

    @property
    def left_out(self) -> list[Scored]:
        return [one for one in self.marks if not one.counts]

    def worth(self, points: int) -> int:
        """So many points of a mark as points of the 100, when marks are left out."""
        return of_hundred(points, sum(one.mark.most for one in self.marks if one.counts))


@dataclass(frozen=True, slots=True)
class Run:
    """For how many whole months, until today, meetings were held regularly and booked; `since` is its first day."""

    months: int
    since: date | None = None

    def earliest(self, months: int, today: date) -> date:
        """The day on which it will be so many months, if the group goes on meeting."""
        since = self.since or today
        return month_later(since, months, since.day)


_WAYS = {
    "meetings": (N_("Hold one more meeting."), N_("Hold %(more)s more meetings.")),
    "attendance": (
        N_("One more woman at one meeting."),
        N_("%(more)s more women at the meetings of these months: about one more each time they meet."),
    ),
    "savings": (N_("One more saving of one woman."), N_("%(more)s more savings: who was away may send hers.")),
    "lending": (N_("Lend %(amount)s more of what lies idle."),) * 2,
    "repayment": (N_("%(amount)s more repaid by the day it is due."),) * 2,
    "books": (
        N_("Write one more meeting into the book within a week."),
        N_("Write %(more)s more meetings into the book within a week."),
    ),
}
_NEEDS_MEETINGS = (
    N_("This comes with the meetings: hold one more."),
    N_("This comes with the meetings: hold %(more)s more."),
)
_WAITS = (
    N_("Hold one more meeting and write it into the book: then there is a grade, on %(day)s at the earliest."),
    N_("Hold %(more)s meetings and write them into the book: then there is a grade, on %(day)s at the earliest."),
)


def health(rubric: Rubric, measures: Mapping[str, Measure], *, waits: Refusal | None = None) -> Health:
    """Points of 100 and grade. A mark with nothing to measure is left out, and the others count for all."""
    marks = [scored(mark, measures[mark.key]) for mark in rubric.marks]
    most = sum(one.mark.most for one in marks if one.counts)
    if waits is not None or not most:
        return Health("", 0, marks, "", 0, waits)
    points = of_hundred(sum(one.points for one in marks), most)
    grade = next(grade for least, grade in rubric.grades if points >= least)
    above = [(least, better) for least, better in rubric.grades if least > points]
    least, better = above[-1] if above else (points, "")
    return Health(grade, points, marks, better, least - points)


def of_hundred(points: int, most: int) -> int:
    """Whole points of 100, never more than were earned."""
    return 100 * points // most if most else 0


def why_no_grade(rubric: Rubric, held: int, *, every: str, next_due: Sequence[date]) -> Refusal | None:
    """What is needed before there is a grade, and when it may be: `next_due` are the days of the next meetings."""
    more = rubric.least_meetings[every] - held
    if more <= 0:
        return None
    values = {"more": grouped(more), "day": next_due[more - 1]}
    return Refusal("meetings", "waits", in_number(more, *_WAITS), values, "warn")


def regular_run(rubric: Rubric, held: Iterable[date], today: date, *, every: str, a_year: int) -> Run:
    """How long the group has met regularly: back from today without too long a break, and of the meetings due in these
    months enough were held."""
    since, later = None, today
    days = sorted((day for day in held if day <= today), reverse=True)
    for day in days:
        if (later - day).days > rubric.longest_break[every]:
            break
        since = later = day
    if since is None:
        return Run(0)
    whole = _whole_months(since, today)
    for months in range(whole, 0, -1):
        first = since if months == whole else month_later(today, -months, today.day)
        due = (today - first).days * a_year // 364
        if not rubric.lacking(sum(1 for day in days if day >= first), due):
            return Run(months, first)
    return Run(0, since if whole == 0 else None)


def _whole_months(since: date, until: date) -> int:
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if month_later(since, months, since.day) <= until else months - 1


def scored(mark: Mark, measure: Measure) -> Scored:
    """A mark with its points and the next band that can be reached."""
    share = measure.share
    if share is None:
        return Scored(mark, measure, 0)
    points = next((band.points for band in mark.bands if share * 100 >= band.percent), 0)
    better = [band for band in mark.bands if band.points > points]
    if not better:
        return Scored(mark, measure, points)
    band = better[-1]
    return Scored(mark, measure, points, _way(mark.key, measure, band), band.points - points)


def _way(key: str, measure: Measure, band: Band) -> Refusal:
    if measure.meetings_lacking:
        lacking = measure.meetings_lacking
        return Refusal(key, "way", in_number(lacking, *_NEEDS_MEETINGS), {"more": grouped(lacking)}, "warn")
    more = measure.lacks(band.percent)
    values = {"more": grouped(more), "amount": rupees(more)}
    return Refusal(key, "way", in_number(more, *_WAYS[key]), values, "warn")


def cheapest(health: Health) -> list[Scored]:
    """Lost marks in the order in which they are best won back: most points for the smallest step first."""
    lost = [one for one in health.marks if one.way is not None]
    return sorted(lost, key=lambda one: (_effort(one), -one.gain))


def _effort(one: Scored) -> Fraction:
    """The part of the base that is missing to the next band, for each point that it brings."""
    share = one.measure.share or Fraction(0)
    band = next(band for band in reversed(one.mark.bands) if band.points > one.points)
    return (Fraction(band.percent, 100) - share) / max(1, one.gain)


def paid_in_time(
    asked: Iterable[Due], paid: Sequence[Paid], *, since: date, until: date, within: int = 0, ended: date | None = None
) -> Measure:
    """Of the principal that fell due in a stretch of time, how much was paid `within` so many days of its day.

    Oldest dues are paid first. What may still be paid in time is not counted yet. Where these terms `ended` before it
    was late, it is asked for under other ones: what was paid by then was in time.
    """
    due = done = before = 0
    for one in asked:
        last = one.on + timedelta(days=within)
        settled = sum(pay.principal for pay in paid if pay.on <= last)
        if since <= one.on and last <= until:
            in_time = min(one.principal, max(0, settled - before))
            due += in_time if ended is not None and last > ended else one.principal
            done += in_time
        before += one.principal
    return Measure(done, due, is_money=True)


def at_risk(owed: Iterable[tuple[Paise, int]]) -> dict[int, Paise]:
    """{days: what is owed on loans overdue by so many days or more}, from (owed, days past due). 1, 30, 60, 90."""
    loans = list(owed)
    return {days: Paise(sum(amount for amount, late in loans if late >= days)) for days in (1, 30, 60, 90)}


def idle(cash_and_bank: Paise, outflow_of_two_months: Paise) -> Paise:
    """What lies idle: cash and bank above what two months pay out."""
    return Paise(max(0, cash_and_bank - outflow_of_two_months))


def corpus(balances: Mapping[str, int]) -> Paise:
    """What a bank counts as the group's own, of {head: debits less credits}: savings, revolving fund, grants, surplus.

    IOB, 28 January 2025. Loans taken, and the CIF that is repaid, are not of it.
    """
    own = ("saving_", "revolving_fund", "startup", "other_grant", "surplus_before")
    kept = -sum(paise for head, paise in balances.items() if head.startswith(own) and not _is_with_others(head))
    return Paise(kept - sum(paise for head, paise in balances.items() if _is_result(head)))


def _is_with_others(head: str) -> bool:
    return head.startswith(("saving_with", "saving_of"))


def _is_result(head: str) -> bool:
    return BY_KEY[head].side in ("income", "expense")
