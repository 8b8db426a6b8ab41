"""Interest for a month that is not over: worked cases, and what holds of any loan and any payments."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.rules.allocation import USUAL_ORDER, Split, allocated_in_turn
from umeed.books.rules.demands import Paid, arrears, demands, run_so_far
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, LoanTerms, schedule
from umeed.books.tests.test_rules_of_loans import AMOUNTS, TERMS, day, rs, terms
from umeed.kernel.money import Paise

BIG = {
    "principal": rs(18_000), "lent_on": day("2026-11-10"), "first_due": day("2026-12-10"), "instalments": 10,
    "rounding": Rounding(100, "up"),
}  # fmt: skip


def interest_of(loan: LoanTerms, paid: list[Paid], until: str = "2028-12-31") -> int:
    return sum(due.interest for due in demands(loan, paid, day(until)))


@pytest.mark.parametrize(("part", "interest"), [("days", 84), ("whole", 360), ("due", 0)])
def test_who_repays_all_after_a_week_of_thirty_days(part, interest) -> None:
    """18,000 at 2 per cent a month, repaid after 7 of 30 days: 84 by the days, 360 when a month begun counts whole."""
    loan = terms(**BIG, part_month=part)
    paid = [Paid(day("2026-11-17"), rs(18_000), rs(0))]
    assert interest_of(loan, paid) == rs(interest)
    if interest:
        first = demands(loan, paid, day("2026-11-17"))
        assert first == [Due(day("2026-11-17"), rs(0), rs(interest))], "on the very day, not when the month is over"


@pytest.mark.parametrize(("part", "interest"), [("days", 240), ("whole", 360), ("due", 180)])
def test_who_repays_half_after_ten_days(part, interest) -> None:
    """By the days: 9,000 for 10 of 30 days (60) and 9,000 for all of them (180)."""
    paid = [Paid(day("2026-11-20"), rs(9_000), rs(0))]
    (due,) = demands(terms(**BIG, part_month=part), paid, day("2026-12-10"))
    assert (due.principal, due.interest) == (rs(1_800), rs(interest))


@pytest.mark.parametrize("part", ["days", "whole", "due"])
def test_who_pays_on_each_due_day_pays_what_was_agreed(part) -> None:
    loan = terms(**BIG, part_month=part)
    paid = [Paid(due.on, due.principal, due.interest) for due in schedule(loan)]
    assert demands(loan, paid, day("2027-09-10")) == schedule(loan)
    assert interest_of(loan, paid) == sum(due.interest for due in schedule(loan))


def run(loan: LoanTerms, paid: list[Paid], on: datetime.date) -> int:
    left = loan.principal - sum(one.principal for one in paid)
    return run_so_far(demands(loan, paid, on), demands(loan, [*paid, Paid(on, Paise(left), Paise(0))], on), paid)


def test_interest_that_has_run_is_paid_once() -> None:
    """After a week she brings 84 of interest and 1,000; after two weeks 79.33 have run on 17,000."""
    loan = terms(**{**BIG, "rounding": Rounding()}, part_month="days")
    assert run(loan, [], day("2026-11-10")) == 0 and run(loan, [], day("2026-11-17")) == rs(84)
    paid = [Paid(day("2026-11-17"), rs(1_000), rs(84))]
    assert run(loan, paid, day("2026-11-24")) == rs(79.33)
    assert arrears(demands(loan, paid, day("2026-12-10")), paid, day("2026-12-10")).interest == rs(344.67 - 84)


RUNNING = st.builds(
    replace, TERMS.filter(lambda loan: loan.method == "balance"), part_month=st.sampled_from(["days", "whole", "due"])
).map(lambda loan: replace(loan, first_due=day("2024-03-10"), lent_on=day("2024-02-06")))  # fmt: skip
DAYS_ON = st.integers(0, 900).map(lambda days: day("2024-02-06") + datetime.timedelta(days=days))


def repaid(loan: LoanTerms, parts: list[tuple[datetime.date, int]]) -> list[Paid]:
    """Principal only, never more than is owed."""
    left, paid = loan.principal, []
    for on, amount in sorted(parts):
        part = Paise(min(left, amount))
        left = Paise(left - part)
        paid.append(Paid(on, part, Paise(0)))
    return paid


LATEST = day("2036-01-01")


@given(RUNNING, st.lists(st.tuples(DAYS_ON, AMOUNTS), max_size=5), st.integers(1, 99), st.integers(0, 60))
def test_a_repayment_in_two_never_costs_less_interest(loan, parts, share, later) -> None:
    """On the same day it is the same; its second half some days later costs as much or more."""
    parts = [*parts, (day("2024-04-01"), 50_000)]
    on, amount = parts[-1]
    first = amount * share // 100
    then = on + datetime.timedelta(days=later)
    whole = repaid(loan, parts)
    until = LATEST if sum(one.principal for one in whole) == loan.principal else day("2027-01-01")
    split = repaid(loan, [*parts[:-1], (on, first), (then, amount - first)])
    one, two = (sum(due.interest for due in demands(loan, paid, until)) for paid in (whole, split))
    assert two == one if not later else two >= one


@given(RUNNING, st.lists(st.tuples(DAYS_ON, AMOUNTS), max_size=5), DAYS_ON)
def test_who_pays_all_that_is_owed_with_its_interest_owes_nothing_ever_after(loan, parts, on) -> None:
    paid = [one for one in repaid(loan, parts) if one.on < on]
    left = loan.principal - sum(one.principal for one in paid)
    late = arrears(demands(loan, paid, on), paid, on)
    paid.append(Paid(on, Paise(left), Paise(late.interest + (run(loan, paid, on) if left else 0))))
    for until in (on, on + datetime.timedelta(days=40), LATEST):
        now = arrears(demands(loan, paid, until), paid, until)
        assert (now.principal, now.interest, now.since) == (0, 0, None)
    assert sum(due.interest for due in demands(loan, paid, LATEST)) == sum(one.interest for one in paid)


@given(RUNNING, DAYS_ON, st.integers(0, 400))
def test_interest_that_runs_grows_day_by_day_and_is_never_more_than_the_whole_month(loan, on, more) -> None:
    later = on + datetime.timedelta(days=more)
    one, two = (
        sum(due.interest for due in demands(loan, [Paid(when, loan.principal, Paise(0))], LATEST))
        for when in (on, later)
    )
    assert one <= two
    asked = demands(loan, [], LATEST)
    assert one <= sum(due.interest for due in asked[: sum(due.on < on for due in asked) + 1])


SPLITS = st.builds(Split, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))


@given(st.integers(0, 10**7), SPLITS, st.integers(0, 10**6), st.integers(0, 10**6), st.permutations(USUAL_ORDER))
def test_who_brings_what_is_due_owes_nothing_that_was_due(paid, due, run, later, order) -> None:
    owed = Split(due.penalty, Paise(due.interest + run), Paise(due.principal + later))
    assert allocated_in_turn(due.whole, due=due, owed=owed, order=order) == due
    split = allocated_in_turn(Paise(paid), due=due, owed=owed, order=order)
    assert split.whole == paid and all(getattr(split, part) <= getattr(owed, part) for part in USUAL_ORDER)
    if paid >= due.whole:
        assert all(getattr(split, part) >= getattr(due, part) for part in USUAL_ORDER)
    assert not split.over or split.whole - split.over == owed.whole
