"""How a loan is classed on a day, and what a cash credit asks for: worked by hand, and as the loans page shows it."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from umeed.books.ledger.running import running_loans
from umeed.books.rules.demands import Paid, Standing, arrears, standings
from umeed.books.rules.schedules import Due, due_days
from umeed.books.rules.standing import credit_dues, credit_standing, standing_on
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_taken import TERMS, take
from umeed.books.tests.writing import Keeper
from umeed.kernel.money import Paise

DUES = [Due(on, Paise(100_00), Paise(0)) for on in due_days(day("2026-01-10"), 6, "monthly")]


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        ("2026-01-09", Standing.REGULAR), ("2026-01-10", Standing.SMA0), ("2026-02-09", Standing.SMA1),
        ("2026-03-11", Standing.SMA2), ("2026-04-10", Standing.NPA), ("2026-05-05", Standing.NPA),
        ("2026-05-06", Standing.REGULAR), ("2026-05-10", Standing.SMA0),
    ],
)  # fmt: skip
def test_an_npa_stays_one_until_nothing_is_overdue(on: str, standing: Standing) -> None:
    """300 of 400 paid on 5 May leaves April's due, 25 days late: still an NPA. The last 100 a day later end it."""
    paid = [Paid(day("2026-05-05"), Paise(300_00), Paise(0)), Paid(day("2026-05-06"), Paise(100_00), Paise(0))]
    assert standing_on([due for due in DUES if due.on <= day(on)], paid, day(on)) is standing


def test_it_is_what_every_single_day_end_would_say() -> None:
    paid = [Paid(day(on), Paise(paise), Paise(0)) for on, paise in (
        ("2026-01-10", 50_00), ("2026-04-20", 40_00), ("2026-05-02", 210_00), ("2026-05-30", 150_00),
        ("2026-06-30", 50_00),
    )]  # fmt: skip
    every = [day("2026-01-01") + datetime.timedelta(days=at) for at in range(200)]
    told = standings(arrears(DUES, paid, on) for on in every)
    assert [standing_on(DUES, paid, on) for on in every] == told
    assert set(told) == set(Standing)


def test_a_cash_credit_asks_for_interest_by_the_day() -> None:
    """36,500 at 10 per cent is 10 rupees a day: 22 nights of April, then 29,200 (after 7,300 on 11 May) at 8 a day."""
    paid = [Paid(day("2026-05-01"), Paise(0), Paise(220_00)), Paid(day("2026-05-11"), Paise(7_300_00), Paise(0))]
    given = {"principal": Paise(36_500_00), "since": day("2026-04-09"), "rate_bp_a_year": 1_000}
    dues = credit_dues(paid, until=day("2026-06-01"), **given)
    assert dues == [
        Due(day("2026-05-01"), Paise(0), Paise(220_00)),
        Due(day("2026-06-01"), Paise(0), Paise(10 * 10_00 + 21 * 8_00)),
    ]
    assert credit_dues(paid, until=day("2026-05-31"), **given) == dues[:1]


def test_interest_that_is_not_paid_bears_interest() -> None:
    terms = {"principal": Paise(36_500_00), "since": day("2026-04-01"), "rate_bp_a_year": 1_000}
    dues = credit_dues([], until=day("2026-06-01"), **terms)
    assert [due.interest for due in dues] == [300_00, 31 * 10_08 + 7]  # 36,800 a day: 10.0822 rupees


def test_a_cash_credit_is_out_of_order_when_its_credits_do_not_cover_the_interest() -> None:
    given = {"principal": Paise(36_500_00), "since": day("2026-04-01")}

    def told(on: str, paid: list[Paid], limit: int | None) -> Standing:
        dues = credit_dues(paid, until=day(on), rate_bp_a_year=1_000, **given)
        return credit_standing(dues, paid, day(on), limit=None if limit is None else Paise(limit), **given)

    assert told("2026-06-29", [], None) is Standing.REGULAR, "younger than 90 days"
    assert told("2026-06-30", [], None) is Standing.NPA
    enough = [Paid(day("2026-06-15"), Paise(0), Paise(700_00))]
    assert told("2026-06-30", enough, None) is Standing.REGULAR
    assert told("2026-06-30", enough, 30_000_00) is Standing.NPA, "90 days above its limit"


def test_the_loans_page_says_how_a_loan_is_classed(kept: Kept, keeper: Keeper) -> None:
    take(kept)
    take(kept, replace(TERMS, is_cash_credit=True, number="CC 7"))
    late, credit = running_loans(kept.book.pk, day("2024-08-08"))
    assert (late.standing, credit.standing) == (Standing.NPA, Standing.NPA)
    assert [due.on for due in credit.dues][:2] == [day("2024-05-01"), day("2024-06-01")]
    page = keeper.client.get(f"/books/{kept.group.pk}/loans/").content.decode()
    assert "NPA: late 90 days or more" in page and "Cash credit: interest by the day" in page
