"""How a loan is classed on a day, and what a cash credit asks for: worked by hand, and as the loans page shows it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from umeed.books.cutoffs.taking import cut_off_from
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.ledger.writing import put_one
from umeed.books.models import Book, CutOff
from umeed.books.registers.loans import loan_ledger
from umeed.books.rules.demands import Paid, Standing, arrears, run_so_far, standings
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, due_days
from umeed.books.rules.standing import credit_dues, credit_standing, standing_on
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import cut_off, group, loan, post, women_of
from umeed.books.tests.test_taken import TERMS, take
from umeed.books.tests.writing import Keeper
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["group"]
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


def test_what_has_run_is_counted_by_the_night_until_today() -> None:
    """20,000 drawn on 5 Oct at 10 per cent, 8,000 on the 12th, 50,000 on the 26th: on 1 Nov (20,000 * 27 + 8,000 * 20 +
    50,000 * 6) * 0.1 / 365 = 273.97 are due, to the rupee 274. On 23 Nov 78,274 * 22 * 0.1 / 365 = 471.79 have run."""
    drawn = [Paid(day(on), Paise(-rupees * 100), Paise(0)) for on, rupees in (
        ("2026-10-05", 20_000), ("2026-10-12", 8_000), ("2026-10-26", 50_000),
    )]  # fmt: skip
    terms = {"principal": Paise(0), "since": day("2026-10-01"), "rate_bp_a_year": 1_000}

    def told(on: str, paid: list[Paid], **more: Any) -> list[int]:
        return [due.interest for due in credit_dues([*drawn, *paid], until=day(on), **terms, **more)]

    rupee = {"rounding": Rounding(100, "up")}
    assert told("2026-11-01", []) == [273_97] and told("2026-11-23", [], **rupee) == [274_00]
    assert told("2026-11-01", [], **rupee, with_running=True) == [274_00], "nothing has run on the due day itself"
    assert told("2026-11-23", [], **rupee, with_running=True) == [274_00, 472_00]
    whole = Paid(day("2026-11-23"), Paise(78_000_00), Paise(274_00 + 472_00))
    for on in ("2026-11-23", "2026-11-30", "2027-06-01"):
        assert sum(told(on, [whole], **rupee, with_running=True)) == 274_00 + 472_00, "no due day asks twice"


MOVES = st.lists(st.tuples(st.integers(0, 80), st.integers(-9_000_00, 9_000_00), st.integers(0, 90_00)), max_size=6)


@given(st.integers(0, 90_000_00), MOVES, st.integers(0, 120), st.sampled_from([1, 100]))
def test_who_pays_what_is_due_and_has_run_is_asked_nothing_later(owed: int, moves: Any, after: int, to: int) -> None:
    """On any day, after any drawings, repayments and interest paid; who paid ahead is never asked less than nothing."""
    since = day("2026-04-01")
    last = since + datetime.timedelta(days=max([at for at, *_paid in moves], default=0) + after)
    paid = [Paid(since + datetime.timedelta(days=at), Paise(one), Paise(two)) for at, one, two in moves]
    left = owed - sum(one.principal for one in paid)
    terms = {"principal": Paise(owed), "since": since, "rate_bp_a_year": 1_100, "rounding": Rounding(to, "even")}
    asked = credit_dues(paid, until=last, **terms)
    run = run_so_far(asked, credit_dues(paid, until=last, with_running=True, **terms), paid)
    due = arrears(asked, paid, last).interest
    assume(left >= 0)
    whole = [*paid, Paid(last, Paise(left), Paise(due + run))]
    later = last + datetime.timedelta(days=100)
    assert arrears(credit_dues(whole, until=later, **terms), whole, later).interest == 0
    if run:
        less = [*paid, Paid(last, Paise(left), Paise(due + run - to))]
        assert arrears(credit_dues(less, until=later, **terms), less, later).interest >= to


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
    take(kept, replace(TERMS, is_cash_credit=True, limit=Paise(50_000_00), number="CC 7"))
    late, credit = running_loans(kept.book.pk, day("2024-08-08"))
    assert (late.standing, credit.standing) == (Standing.NPA, Standing.NPA)
    assert [due.on for due in credit.dues][:2] == [day("2024-05-01"), day("2024-06-01")]
    page = keeper.client.get(f"/books/{kept.group.pk}/loans/").content.decode()
    assert "NPA: late 90 days or more" in page and "Cash credit: interest by the day" in page
    assert "Limit of the cash credit: ₹" in page


@pytest.mark.parametrize(
    ("limit", "standing"), [(50_000_00, Standing.NPA), (1_00_000_00, Standing.REGULAR), (0, Standing.REGULAR)]
)
def test_the_limit_of_a_cash_credit_that_was_taken_over_counts_on(group: Institution, limit, standing) -> None:
    """60,000 are drawn and the interest is paid: out of order only when that is above the limit for 90 days."""
    credit = {
        "loan": new_id(), "head": "loan_from_bank", "lender": "J&K Bank, Shopian", "is_cash_credit": True,
        "number": "0123 4567 8901",
        "limit": limit, "lent_on": "2022-01-10", "lent": 50_000_00, "outstanding": 60_000_00, "rate_bp_a_year": 700,
        "method": "balance",
    }  # fmt: skip
    post(group, cut_off(group, loans=[loan(women_of(group)[0]), credit], bank=80_000_00))
    book = Book.objects.get()

    def running(on: str) -> RunningLoan:
        return next(one for one in running_loans(book.pk, day(on)) if one.loan.is_cash_credit)

    with as_system():
        number = running("2024-04-01").loan.pk
        lines = Entry("bank", Paise(-1_500_00)), Entry("interest_to_bank", Paise(1_500_00), loan=number)
        put_one(book.pk, Draft(new_id(), day("2024-06-20"), 3, lines), by="system")
        assert running("2024-06-20").standing is Standing.REGULAR
        one = running("2024-07-10")
        assert (one.standing, one.limit) == (standing, limit or None)
        facts = {fact[0]: fact[1] for fact in loan_ledger(book, day("2024-07-10"), loan=one.loan.pk).facts}
        assert facts.get("Limit of the cash credit") == (limit or None)
        again = cut_off_from(book, day("2024-07-10"), id=new_id())["loans"]
    assert [(said["limit"], said["number"]) for said in again if said["is_cash_credit"]] == [(limit, "…8901")]
    assert one.loan.called == "J&K Bank, Shopian · …8901" and "4567" not in str(CutOff.objects.get().said)
