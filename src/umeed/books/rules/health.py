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
from umeed.books.rules.schedules import Due
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

    @property
    def most(self) -> int:
        return self.bands[0].points


@dataclass(frozen=True, slots=True)
class Rubric:
    """How a group is graded since a day, over the last `months`; `grades` (points from which on, grade)."""

    since: date
    source: str
    months: int
    grades: Sequence[tuple[int, str]]
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Unlock:
    """Money that a grade opens once the group has met for so many months. Paise."""

    title: str
    grade: str
    after_months: int
    paise: Paise
    source: str
    since: date
    times_corpus: int = 0
    # The head that it stands under once it has come.
    head: str = ""

    def amount(self, corpus: Paise) -> Paise:
        return Paise(max(self.paise, self.times_corpus * corpus))


@dataclass(frozen=True, slots=True)
class Measure:
    """A share as two whole numbers: 10 of 13 meetings, or 8,000 of 10,000 paise. Of nothing there is no share."""

    done: int
    base: int
    is_money: bool = False

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
        return self.mark.most - self.points


@dataclass(frozen=True, slots=True)
class Health:
    """What the marks come to. `first` is the cheapest next step towards the next grade, dearest last."""

    grade: str
    points: int
    marks: Sequence[Scored]
    next_grade: str
    missing: int


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


def health(rubric: Rubric, measures: Mapping[str, Measure]) -> Health:
    """Points and grade. A mark with nothing to measure (no loan was due yet) gives its points: nothing was missed."""
    marks = [scored(mark, measures[mark.key]) for mark in rubric.marks]
    points = sum(one.points for one in marks)
    grade = next(grade for least, grade in rubric.grades if points >= least)
    above = [(least, better) for least, better in rubric.grades if least > points]
    least, better = above[-1] if above else (points, "")
    return Health(grade, points, marks, better, least - points)


def scored(mark: Mark, measure: Measure) -> Scored:
    """A mark with its points and the next band that can be reached."""
    share = measure.share
    if share is None:
        return Scored(mark, measure, mark.most)
    points = next((band.points for band in mark.bands if share * 100 >= band.percent), 0)
    better = [band for band in mark.bands if band.points > points]
    if not better:
        return Scored(mark, measure, points)
    band = better[-1]
    return Scored(mark, measure, points, _way(mark.key, measure, band), band.points - points)


def _way(key: str, measure: Measure, band: Band) -> Refusal:
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


def paid_in_time(asked: Iterable[Due], paid: Sequence[Paid], *, since: date, until: date, within: int = 0) -> Measure:
    """Of the principal that fell due in a stretch of time, how much was paid `within` so many days of its day.

    Oldest dues are paid first. What may still be paid in time is not counted yet.
    """
    due = done = before = 0
    for one in asked:
        last = one.on + timedelta(days=within)
        settled = sum(pay.principal for pay in paid if pay.on <= last)
        if since <= one.on and last <= until:
            due += one.principal
            done += min(one.principal, max(0, settled - before))
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
