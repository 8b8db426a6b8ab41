"""A month that is not over, as plain rules: what is repaid early never costs more, in however many parts it comes."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.rules.carried import Carried, CarriedTerms, carried_demands
from umeed.books.rules.demands import Paid, demands
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, LoanTerms, schedule
from umeed.books.tests.making import day
from umeed.books.tests.test_rules_of_loans import AMOUNTS
from umeed.books.tests.test_rules_of_running_interest import DAYS_ON, LATEST, RUNNING, repaid
from umeed.kernel.money import Paise

NOTHING = Paise(0)
# A loan of a VO to its group: 40,000 at one per cent a month, lent on 10 April, due from 10 May on in ten parts.
LENT = LoanTerms(
    Paise(40_000_00), 1_200, "balance", day("2024-05-10"), 10, lent_on=day("2024-04-10"), rounding=Rounding(100, "up")
)


def interest(terms: LoanTerms, paid: list[Paid], until: datetime.date = LATEST) -> int:
    return sum(due.interest for due in demands(terms, paid, until))


def whole_on(on: str) -> list[Paid]:
    return [Paid(day(on), Paise(40_000_00), NOTHING)]


@pytest.mark.parametrize(
    ("part", "on", "asked"),
    [
        # 40,000 × 1% = 400 a month; April's has 30 days, May's (10 May to 10 June) 31.
        ("days", "2024-04-11", 13_00), ("days", "2024-04-17", 93_00), ("days", "2024-05-09", 387_00),
        ("days", "2024-05-10", 400_00), ("days", "2024-05-11", 413_00), ("days", "2024-06-09", 787_00),
        ("whole", "2024-04-11", 400_00), ("whole", "2024-05-10", 400_00), ("whole", "2024-05-11", 800_00),
        ("due", "2024-04-11", 0), ("due", "2024-05-09", 0), ("due", "2024-05-10", 400_00),
        ("due", "2024-06-09", 400_00),
    ],
)  # fmt: skip
def test_all_that_is_ever_asked_of_who_repays_at_once(part, on, asked) -> None:
    """Counted by hand: 400 × days / length of the month, to the rupee."""
    assert interest(replace(LENT, part_month=part), whole_on(on)) == asked


def test_by_the_days_to_the_paisa() -> None:
    """A quarter's loan: 40,000 × 3% = 1,200 for 91 days (10 April to 10 July); after 36 of them 474.7252… → 474.73."""
    loan = replace(
        LENT, frequency="quarterly", first_due=day("2024-07-10"), rounding=Rounding(), part_month="days",
    )  # fmt: skip
    assert interest(loan, whole_on("2024-05-16")) == 474_73


@pytest.mark.parametrize(("part", "asked"), [("days", 267_00), ("whole", 400_00), ("due", 200_00)])
def test_a_loan_that_was_taken_over_counts_its_month_over_both_books(part, asked) -> None:
    """20,000 came back on 20 April in the book before; the new one begins on the 25th with the other 20,000."""
    terms = CarriedTerms(
        Paise(20_000_00), day("2024-04-25"), 1_200, "balance", "monthly", day("2024-05-10"), Rounding(100, "up"), part
    )
    is_known = part != "due"
    carried = Carried(
        plan=(Due(day("2024-05-10"), Paise(4_000_00), NOTHING),), first_due=day("2024-05-10"),
        begun=day("2024-04-10") if is_known else None,
        repaid=((day("2024-04-20"), Paise(20_000_00)),) if is_known else (),
    )  # fmt: skip
    assert carried_demands(carried, terms, [], day("2024-05-10")) == [
        Due(day("2024-05-10"), Paise(4_000_00), Paise(asked))
    ]
    # What comes back in the new book on its first day is one with what came in the old one: 20 April, 25 April.
    rest = [Paid(day("2024-04-25"), Paise(20_000_00), NOTHING)]
    all_of_it = sum(due.interest for due in carried_demands(carried, terms, rest, LATEST))
    # By the days: 20,000 for 10 days (66.67) and for 15 (100).
    assert all_of_it == {"days": 167_00, "whole": 400_00, "due": 0}[part]


# Of any loan ----------------------------------------------------------------------------------------------------------

PARTS = st.lists(st.tuples(DAYS_ON, AMOUNTS), max_size=6)


@given(RUNNING, PARTS, st.integers(0, 5), st.integers(1, 200))
def test_what_is_repaid_earlier_never_raises_what_is_asked_for(loan, parts, at, earlier) -> None:
    """One of the repayments some days earlier, all others as they were."""
    if not parts:
        return
    paid = repaid(loan, parts)
    at %= len(paid)
    first = min(one.on for one in paid)
    sooner = max(day("2024-02-06"), paid[at].on - datetime.timedelta(days=earlier), first - datetime.timedelta(days=60))
    early = [*paid[:at], replace(paid[at], on=sooner), *paid[at + 1 :]]
    until = max(one.on for one in paid) + datetime.timedelta(days=400)
    assert interest(loan, early, until) <= interest(loan, paid, until)


@given(RUNNING, DAYS_ON, AMOUNTS)
def test_a_prepayment_on_top_of_the_schedule_never_raises_it(loan, on, amount) -> None:
    """All instalments as agreed, with one more in between; what is over at the end is not paid."""
    agreed = [(due.on, due.principal) for due in schedule(loan)]
    plain, more, until = repaid(loan, agreed), repaid(loan, [*agreed, (on, amount)]), agreed[-1][0]
    assert interest(loan, more, until) <= interest(loan, plain, until) == sum(due.interest for due in schedule(loan))


@given(RUNNING, PARTS, st.lists(st.integers(1, 99), min_size=1, max_size=4), st.integers(0, 10**9))
def test_in_how_many_parts_it_comes_on_a_day_changes_nothing(loan, parts, shares, mistaken) -> None:
    """Also when a part of them was a mistake that was taken back on the same day."""
    paid = repaid(loan, parts)
    split = []
    for one in paid:
        left = one.principal
        for share in shares:
            part = left * share // 100
            left = Paise(left - part)
            split.append(replace(one, principal=Paise(part)))
        split.append(replace(one, principal=left))
        split += [replace(one, principal=Paise(mistaken)), replace(one, principal=Paise(-mistaken))]
    is_repaid = sum(one.principal for one in paid) == loan.principal
    for until in (day("2024-07-01"), LATEST if is_repaid else day("2027-01-01")):
        assert demands(loan, split, until) == demands(loan, paid, until)
