"""Norms of the books as dated facts with their source: the rubric of grades, and what a grade opens.

A norm that changes gets a new row with a later `since`; what was graded under the old one stays explainable.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from umeed.books.rules.health import Band, Mark, Rubric
from umeed.books.rules.unlocks import Unlock
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_

# Marks: grading annexure of a State mission (vdocuments.mx, annx02), bounds 75 and 85 of 100 (experts123).
_GUIDE = N_(
    "As State missions grade: attendance of 90 of 100 and more is A, of 60 and more B; more than 80 of 100 rupees"
    " repaid on the day; 80 of 100 rupees of the fund lent. From 85 points the grade is A, from 75 it is B. J&K"
    " grades every quarter, and only grade A gets funds and bank loans. Our own measure: a grade needs the meetings of"
    " one month in these three. Where fewer than 60 of 100 were held, what is done in meetings counts for the missing"
    " ones as not done."
)
_JK = N_(
    "J&K grades every quarter, and only grade A is capitalised or linked; RF after 3 months, CIF after 6 (Greater"
    " Kashmir, 21 November 2022)."
)
_BANK = N_(
    "Six times the corpus or ₹1.5 lakh, whichever is more (IOB circular, 28 January 2025), when the group was active"
    " for six months by its own books, not by the day of its account (RBI, Master Circular on DAY-NRLM)."
)
_PARTS = N_(
    "₹80,000 in three parts: ₹15,000 of revolving fund, then ₹40,000 and ₹25,000 of CIF (101Reporters, in OdishaBytes)."
    " No source says how long after the first part the second comes: the mission sets it."
)
_NEXT_BANK = N_(
    "The second: eight times the corpus or ₹3 lakh, whichever is more. The third: ₹6 lakh, on a micro credit plan."
    " Later ones: more than ₹6 lakh, on such a plan. Irregular repayment stops the next one (IOB circular, 28 January"
    " 2025). Banks leave a year between two (Union Bank)."
)
_BANK_SINCE = datetime.date(2025, 1, 28)
_ALWAYS = datetime.date.min

RUBRICS: tuple[Rubric, ...] = (
    Rubric(
        since=_ALWAYS,
        source=_GUIDE,
        months=3,
        grades=((85, "A"), (75, "B"), (0, "C")),
        marks=(
            Mark("meetings", N_("Regular meetings"), (Band(90, 15), Band(60, 8))),
            Mark("attendance", N_("Attendance"), (Band(90, 15), Band(60, 8)), in_meetings=True),
            Mark("savings", N_("Regular savings"), (Band(90, 20), Band(60, 10)), in_meetings=True),
            Mark("lending", N_("Regular lending among members"), (Band(80, 15), Band(50, 8))),
            Mark("repayment", N_("Timely repayment"), (Band(80, 20), Band(60, 10))),
            Mark("books", N_("Proper books"), (Band(90, 15), Band(60, 8)), in_meetings=True),
        ),
        least_meetings={"weekly": 4, "fortnightly": 2, "monthly": 1},
        longest_break={"weekly": 31, "fortnightly": 31, "monthly": 62},
        regular_percent=60,
    ),
)
# What grade A opens, by how long the group has met regularly as its book shows. Amounts that the programmes themselves
# decide stand in their rooms.
UNLOCKS: tuple[Unlock, ...] = (
    Unlock(N_("Revolving fund"), "A", 3, Paise(15_000_00), source=_JK, since=_ALWAYS, head="revolving_fund"),
    Unlock(
        N_("Community investment fund, first part"), "A", 6, Paise(40_000_00), source=_JK, since=_ALWAYS, head="cif"
    ),
    Unlock(
        N_("Community investment fund, second part"), "A", 6, Paise(25_000_00), source=_PARTS, since=_ALWAYS,
        head="cif", beyond=Paise(40_000_00),
    ),
    Unlock(
        N_("First bank loan"), "A", 6, Paise(1_50_000_00), source=_BANK, since=_BANK_SINCE, times_corpus=6, nth=1,
    ),
    Unlock(
        N_("Second bank loan"), "A", 6, Paise(3_00_000_00), source=_NEXT_BANK, since=_BANK_SINCE, times_corpus=8,
        nth=2, after_the_last=12,
    ),
    Unlock(
        N_("Third bank loan"), "A", 6, Paise(6_00_000_00), source=_NEXT_BANK, since=_BANK_SINCE, nth=3,
        after_the_last=12,
    ),
    Unlock(
        N_("Next bank loan, on a micro credit plan"), "A", 6, Paise(6_00_000_00), source=_NEXT_BANK,
        since=_BANK_SINCE, nth=4, after_the_last=12, is_last=True,
    ),
)  # fmt: skip
USUAL_SAVING_A_MONTH = Paise(100_00)
"""What a woman saves in a month where nothing else was agreed on (Odisha's mission, odishabytes); of a weekly group a
quarter of it at each meeting. Only shown and filled into a group's first rules, never into its meetings."""
_MEETINGS_A_MONTH = {"weekly": 4, "fortnightly": 2, "monthly": 1}
PAID_WITHIN_DAYS = 7
"""All money moves in meetings (LBSNAA, record 79969): what falls due between two is paid in time at the next one."""
CLOSED_WITHIN_DAYS = 7
"""A meeting that stands in the book a week after it was held was kept in time (our own measure of “proper books”)."""


def usual_saving(frequency: str) -> Paise:
    """The usual saving at each meeting of a group that meets so often."""
    return Paise(USUAL_SAVING_A_MONTH // _MEETINGS_A_MONTH.get(frequency, 4))


@dataclass(frozen=True)
class _InForce:
    rubric: Rubric
    unlocks: tuple[Unlock, ...]


def in_force(on: datetime.date) -> _InForce:
    """The rubric and what it opens on a day."""
    rubric = max((row for row in RUBRICS if row.since <= on), key=lambda row: row.since)
    return _InForce(rubric, tuple(row for row in UNLOCKS if row.since <= on))
