"""A group's health: marks by the rubric, and the cheapest way to win back what is lost."""

from __future__ import annotations

import datetime
import re

import pytest

from umeed.books import norms
from umeed.books.actions import close_meeting
from umeed.books.actions.grading import record_grade
from umeed.books.health import facts
from umeed.books.health.facts import health_of
from umeed.books.rules.demands import Paid
from umeed.books.rules.health import (
    Measure,
    Run,
    at_risk,
    cheapest,
    health,
    paid_in_time,
    regular_run,
    scored,
    why_no_grade,
)
from umeed.books.rules.schedules import Due
from umeed.books.rules.unlocks import Had, opened
from umeed.books.tests import test_cutoff
from umeed.books.tests.test_meetings import lend, meeting, saved
from umeed.books.tests.test_taken import take
from umeed.books.tests.writing import keeper_of
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

RUBRIC = norms.in_force(datetime.date(2026, 1, 1)).rubric
FULL = {mark.key: Measure(10, 10) for mark in RUBRIC.marks}
NONE = Measure(0, 0)


def weekly(first: str, count: int) -> list[datetime.date]:
    return [datetime.date.fromisoformat(first) + datetime.timedelta(days=7 * at) for at in range(count)]


def hold(kept, count: int, **last) -> None:
    """So many weekly meetings since 8 April 2024, in which everybody saves 50."""
    for at, on in enumerate(weekly("2024-04-08", count)):
        said = meeting(kept, at + 1, str(on), savings=saved(kept), counted=250_00 * (at + 1))
        close_meeting(by=us(), book=kept.book, said={**said, **(last if at == count - 1 else {})}, is_sure=True)


def states(found) -> set[str]:
    return {one.state for one in found.unlocks}


def marks_of(found) -> dict:
    return {one.mark.key: one for one in found.result.marks}


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


def test_a_mark_with_nothing_to_measure_is_left_out_and_the_others_count_for_all() -> None:
    """No loan was due: 80 points can be had. All of them is 100 of 100; 66 is 82, a B."""
    without = {**FULL, "repayment": NONE}
    assert (health(RUBRIC, without).points, health(RUBRIC, without).grade) == (100, "A")
    found = health(RUBRIC, {**without, "lending": Measure(60, 100), "attendance": Measure(89, 100)})
    assert (found.points, found.grade, found.next_grade, found.missing) == (82, "B", "A", 3)
    assert [one.mark.key for one in found.left_out] == ["repayment"]
    assert found.worth(7) == 8 and not {"repayment"} & {one.mark.key for one in cheapest(found)}


def test_no_points_are_given_for_nothing() -> None:
    found = health(RUBRIC, dict.fromkeys(FULL, NONE))
    assert (found.grade, found.points) == ("", 0)


def test_too_few_meetings_are_no_grade_but_what_is_needed_and_when() -> None:
    days = weekly("2024-07-01", 4)
    assert why_no_grade(RUBRIC, 4, every="weekly", next_due=days) is None
    waits = why_no_grade(RUBRIC, 1, every="weekly", next_due=days)
    assert waits is not None and waits.values == {"more": "3", "day": days[2]}
    found = health(RUBRIC, FULL, waits=waits)
    assert (found.grade, found.points, found.next_grade) == ("", 0, "")


@pytest.mark.parametrize(
    ("held", "today", "months", "since"),
    [
        ([], "2024-07-08", 0, None),
        (weekly("2024-04-08", 14), "2024-07-07", 2, "2024-04-08"),
        (weekly("2024-04-08", 14), "2024-07-08", 3, "2024-04-08"),
        # It sleeps since 8 July: a month is borne, no more.
        (weekly("2024-04-08", 14), "2024-08-08", 4, "2024-04-08"),
        (weekly("2024-04-08", 14), "2024-08-09", 0, None),
        # A break of more than a month: what was before it no longer counts.
        ([*weekly("2024-01-01", 9), *weekly("2024-05-06", 10)], "2024-07-10", 2, "2024-05-06"),
        # Once a month is no regular meeting of a group that meets every week.
        ([datetime.date(2024, month, 8) for month in range(1, 8)], "2024-07-10", 0, None),
    ],
)
def test_for_how_many_months_meetings_were_held(held, today, months, since) -> None:
    run = regular_run(RUBRIC, held, datetime.date.fromisoformat(today), every="weekly", a_year=52)
    assert (run.months, run.since and str(run.since)) == (months, since)


def test_a_group_that_meets_once_a_month_meets_regularly_too() -> None:
    held = [datetime.date(2024, month, 5 + month % 3) for month in range(1, 8)]
    run = regular_run(RUBRIC, held, datetime.date(2024, 7, 20), every="monthly", a_year=12)
    assert (run.months, run.earliest(9, datetime.date(2024, 7, 20))) == (6, datetime.date(2024, 10, 6))


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
    """One meeting in a quarter of thirteen: the seven that lack to the least count as if nobody had come."""
    loan = lend(kept, 1, 200)
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), lendings=[loan], counted=50_00))
    found = health_of(kept.book, datetime.date(2024, 6, 30))
    marks = marks_of(found)
    assert (marks["meetings"].measure.done, marks["meetings"].points) == (1, 0)
    for key in ("attendance", "savings"):
        assert (marks[key].measure.done, marks[key].measure.base, marks[key].points) == (5, 40, 0)
        assert marks[key].way.values == {"more": "7"}
    assert found.result.grade == "" and found.result.waits.values["more"] == "3"
    assert (found.corpus, found.owed, found.lent_in_a_year) == (250_00, 200_00, 200_00)
    assert found.at_risk == {1: 200_00, 30: 200_00, 60: 0, 90: 0}
    assert (marks["repayment"].measure.done, marks["repayment"].measure.base) == (0, 80_00)


def test_a_group_that_never_met_has_no_grade_and_opens_nothing(kept, settings) -> None:
    on = datetime.date(2024, 6, 30)
    found = health_of(kept.book, on)
    assert (found.result.grade, found.result.points, found.run.months) == ("", 0, 0)
    assert found.result.waits.values == {"more": "4", "day": on + datetime.timedelta(days=21)}
    assert all(one.points == 0 for one in found.result.marks)
    assert states(found) == {"waits"}
    assert [(one.code, one.values["day"]) for one in found.unlocks[0].waits] == [("months", datetime.date(2024, 9, 30))]
    settings.SECOND_FACTOR = "none"
    text = keeper_of(kept).client.get(f"/books/{kept.group.pk}/health/").content.decode()
    assert "Not yet" in text and "Hold 4 meetings" in text and "of 100 points" not in text
    assert "open now" not in text and "in the book: on" in text


def test_a_group_with_a_cut_off_and_no_meeting_since_has_no_grade(valley) -> None:
    """It owes instalments, and years of meetings stand in its registers: none of them is booked here."""
    group = make_group(valley.chinar, members=5)
    test_cutoff.post(group, test_cutoff.cut_off(group))
    found = health_of(group.book, datetime.date(2024, 6, 30))
    marks = marks_of(found)
    assert (found.result.grade, found.run.months) == ("", 0)
    assert [marks[key].points for key in ("meetings", "attendance", "savings", "repayment", "books")] == [0] * 5
    assert "open" not in states(found)
    # Nothing was lent in these twelve months but the loan of June 2023, and that only while they reach back to it.
    assert (found.lent_in_a_year, found.was_lent_before) == (0, True)
    found = health_of(group.book, datetime.date(2024, 5, 31))
    assert (found.lent_in_a_year, found.owed) == (10_000_00, 6_000_00)


def test_a_group_that_fell_asleep_loses_its_grade(kept) -> None:
    hold(kept, 12)
    awake, asleep = datetime.date(2024, 6, 30), datetime.date(2024, 10, 15)
    assert health_of(kept.book, awake).result.grade
    found = health_of(kept.book, asleep)
    assert (found.result.grade, found.run.months) == ("", 0)
    assert states(found) == {"waits"}


def test_an_extra_meeting_takes_no_mark_and_wins_none(kept) -> None:
    """Nobody was due to save in it, and the meetings that were not held stay so."""
    hold(kept, 10)
    on = datetime.date(2024, 7, 1)
    before = marks_of(health_of(kept.book, on))
    close_meeting(by=us(), book=kept.book, said=meeting(kept, 11, "2024-06-12", kind="extra", counted=2_500_00))
    after = marks_of(health_of(kept.book, on))
    for key in ("meetings", "attendance", "savings", "books"):
        assert (after[key].measure, after[key].points) == (before[key].measure, before[key].points)


def test_a_group_that_always_met_and_lent_nothing_is_graded_by_the_rest(kept, monkeypatch) -> None:
    """15 + 15 + 20 + 15 of 80 points, since nothing was lent: 81 of 100, a B, which opens nothing."""
    monkeypatch.setattr(facts, "_days_to_write", lambda _meeting: 0)
    hold(kept, 14)
    found = health_of(kept.book, datetime.date(2024, 7, 8))
    assert (found.result.points, found.result.grade) == (81, "B")
    assert [one.mark.key for one in found.result.left_out] == ["repayment"]
    assert (found.run.months, states(found)) == (3, {"waits"})
    assert [one.code for one in found.unlocks[0].waits] == ["grade"]


def test_money_opens_after_the_months_in_which_meetings_were_held(kept, monkeypatch) -> None:
    """The fund is lent in the last meeting: 100 of 100. Three months open the revolving fund, not yet the CIF."""
    monkeypatch.setattr(facts, "_days_to_write", lambda _meeting: 0)
    hold(kept, 14, lendings=[lend(kept, 1, 3_300, first_due="2024-08-08")], counted=200_00)
    on = datetime.date(2024, 7, 8)
    before, found = health_of(kept.book, on - datetime.timedelta(days=1)), health_of(kept.book, on)
    assert (found.result.points, found.result.grade) == (100, "A")
    assert [one.state for one in found.unlocks] == ["open", "waits", "waits"]
    assert before.run.months == 2 and "open" not in states(before)


def next_of(had: Had, *, grade: str = "A", months: int = 9, on: str = "2026-06-30") -> dict:
    """{title: (state, rupees, codes of what is missing)} on a day, for a corpus of ₹50,000."""
    today = datetime.date.fromisoformat(on)
    found = opened(
        norms.in_force(today).unlocks, had, corpus=Paise(50_000_00), grade=grade, run=Run(months, today), today=today
    )
    return {
        one.unlock.title: (one.state, one.paise // 100, [why.code for why in one.waits]) for one in found
    }  # fmt: skip


def test_what_a_grade_opens_is_told_in_whole_rupees() -> None:
    """Six times 81,961.22 is 4,91,767.32."""
    unlock = next(one for one in norms.in_force(datetime.date(2026, 6, 30)).unlocks if one.times_corpus == 6)
    assert unlock.amount(Paise(81_961_22)) == 4_91_767_00


@pytest.mark.parametrize(
    ("came", "first", "second"),
    [(0, "open", ["part"]), (40_000, "has", []), (30_000, "has", []), (65_000, "has", None)],
)
def test_the_cif_comes_in_two_parts(came: int, first: str, second: list | None) -> None:
    found = next_of(Had({"cif": came * 100}))
    assert found["Community investment fund, first part"] == (first, 40_000, [])
    state = "has" if second is None else "waits" if second else "open"
    assert found["Community investment fund, second part"] == (state, 25_000, second or [])


def test_after_a_bank_loan_the_next_one_is_shown() -> None:
    """Eight times the corpus a year after the first; then ₹6 lakh; each later one more than that."""
    days = [datetime.date(year, 5, 1) for year in (2023, 2024, 2025, 2026)]

    def banks(had: Had, **more) -> dict:
        return {title: row for title, row in next_of(had, **more).items() if "bank" in title}

    assert banks(Had()) == {"First bank loan": ("open", 3_00_000, [])}
    assert banks(Had(bank_loans=days[2:3])) == {
        "First bank loan": ("has", 3_00_000, []), "Second bank loan": ("open", 4_00_000, []),
    }  # fmt: skip
    assert banks(Had(bank_loans=days[3:]))["Second bank loan"][2] == ["last"]
    late = banks(Had(bank_loans=days[2:3], is_bank_late=True), grade="B", months=3)
    assert late["Second bank loan"][2] == ["months", "late"]
    assert banks(Had(bank_loans=days[1:3]))["Third bank loan"] == ("open", 6_00_000, [])
    for had in (days[:3], [*days[:3], days[0]]):
        assert banks(Had(bank_loans=had))["Next bank loan, on a micro credit plan"] == ("open", 6_00_000, [])


def test_what_came_is_read_from_the_book_and_a_bar_shows_its_share(kept, settings) -> None:
    """A bank loan of which nothing was repaid; and no bar is full where something was lost."""
    settings.SECOND_FACTOR = "none"
    keeper = keeper_of(kept)
    hold(kept, 6)
    take(kept)
    found = health_of(kept.book, us().today)
    assert list(found.had.bank_loans) == [datetime.date(2024, 4, 10)] and found.had.is_bank_late
    text = keeper.client.get(keeper.url("health")).content.decode()
    assert "Second bank loan" in text and "when nothing of the bank" in text and "Third bank loan" not in text
    bars = re.findall(r'<progress[^>]*value="(\d+)" max="(\d+)"', text)
    marks = [one.measure for one in found.result.marks]
    assert bars == [(str(one.done), str(one.base or 100)) for one in marks]


def test_the_grade_of_the_vo_stands_beside(kept) -> None:
    id = new_id()
    said = {"by": us(), "book": kept.book, "id": id, "on": us().today, "grade": "B", "graded_by": "VO Noor"}
    assert record_grade(**said) == record_grade(**said)
    with pytest.raises(Refused) as refused:
        record_grade(**{**said, "id": new_id(), "grade": "D", "graded_by": " "})
    assert set(codes_of(refused)) == {"no_grade", "graded", "by_whom"}
