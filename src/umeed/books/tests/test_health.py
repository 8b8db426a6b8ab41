"""A group's health: marks by the rubric, and the cheapest way to win back what is lost."""

from __future__ import annotations

import datetime

import pytest

from umeed.books import norms
from umeed.books.actions import close_meeting
from umeed.books.actions.grading import record_grade
from umeed.books.health.facts import health_of
from umeed.books.rules.demands import Paid
from umeed.books.rules.health import Measure, at_risk, cheapest, health, paid_in_time, scored
from umeed.books.rules.schedules import Due
from umeed.books.tests.test_meetings import lend, meeting, saved
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

RUBRIC = norms.in_force(datetime.date(2026, 1, 1)).rubric
FULL = {mark.key: Measure(10, 10) for mark in RUBRIC.marks}


def test_the_marks_of_the_rubric_add_up_to_a_hundred() -> None:
    assert sum(mark.most for mark in RUBRIC.marks) == 100
    assert health(RUBRIC, FULL).grade == "A"


@pytest.mark.parametrize(("held", "points", "more"), [(13, 15, None), (11, 8, "1"), (7, 0, "1"), (4, 0, "4")])
def test_each_lost_mark_says_how_much_more_would_have_done(held: int, points: int, more: str | None) -> None:
    one = scored(RUBRIC.marks[0], Measure(held, 13))
    assert one.points == points
    assert (one.way.values["more"] if one.way else None) == more


def test_the_cheapest_way_comes_first() -> None:
    found = health(RUBRIC, {**FULL, "meetings": Measure(5, 13), "savings": Measure(89, 100)})
    assert (found.points, found.grade, found.next_grade, found.missing) == (75, "B", "A", 10)
    assert [one.mark.key for one in cheapest(found)] == ["savings", "meetings"]


def test_what_was_paid_by_its_day_counts_the_oldest_first() -> None:
    days = [datetime.date(2026, month, 5) for month in (1, 2, 3)]
    asked = [Due(day, Paise(100), Paise(2)) for day in days]
    paid = [Paid(days[0], Paise(100), Paise(2)), Paid(datetime.date(2026, 2, 20), Paise(100), Paise(2))]
    measure = paid_in_time(asked, paid, since=days[1], until=days[2])
    assert (measure.done, measure.base) == (0, 200)
    assert paid_in_time(asked, [*paid, Paid(days[2], Paise(100), Paise(2))], since=days[2], until=days[2]).done == 100


def test_what_is_at_risk_falls_as_the_days_grow() -> None:
    risks = at_risk([(Paise(500), 0), (Paise(300), 31), (Paise(200), 95)])
    assert risks == {1: 500, 30: 500, 60: 200, 90: 200}


def test_health_is_read_from_the_book(kept) -> None:
    """One meeting in a quarter of thirteen: few points for meetings, all for attendance."""
    loan = lend(kept, 1, 200)
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), lendings=[loan], counted=50_00))
    found = health_of(kept.book, datetime.date(2024, 6, 30))
    marks = {one.mark.key: one for one in found.result.marks}
    assert (marks["meetings"].measure.done, marks["meetings"].points) == (1, 0)
    assert marks["attendance"].points == 15 and marks["savings"].points == 20
    assert (found.corpus, found.owed, found.lent_in_a_year) == (250_00, 200_00, 200_00)
    assert found.at_risk == {1: 200_00, 30: 200_00, 60: 0, 90: 0}
    assert (marks["repayment"].measure.done, marks["repayment"].measure.base) == (0, 80_00)


def test_the_grade_of_the_vo_stands_beside(kept) -> None:
    id = new_id()
    said = {"by": us(), "book": kept.book, "id": id, "on": us().today, "grade": "B", "graded_by": "VO Noor"}
    assert record_grade(**said) == record_grade(**said)
    with pytest.raises(Refused) as refused:
        record_grade(**{**said, "id": new_id(), "grade": "D", "graded_by": " "})
    assert set(codes_of(refused)) == {"no_grade", "graded", "by_whom"}
