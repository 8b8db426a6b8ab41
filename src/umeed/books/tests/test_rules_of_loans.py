"""Worked cases of loans: schedules, due days, arrears, allocation. Amounts in rupees where the source prints rupees."""

import datetime
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.rules.allocation import USUAL_ORDER, Split, allocated
from umeed.books.rules.demands import (
    CreditAccount,
    Paid,
    Standing,
    arrears,
    demands,
    is_out_of_order,
    standings,
    worst,
)
from umeed.books.rules.rounding import Rounding, shared_out
from umeed.books.rules.schedules import Due, LoanTerms, due_days, instalment, is_whole, months_between, schedule
from umeed.kernel.money import Paise


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def rs(rupees: float) -> Paise:
    return Paise(round(rupees * 100))


def terms(**said: object) -> LoanTerms:
    usual = {
        "principal": rs(500), "rate_bp_a_year": 2400, "method": "balance", "first_due": day("2006-09-10"),
        "instalments": 5,
    }  # fmt: skip
    return LoanTerms(**{**usual, **said})  # type: ignore[arg-type]


AMOUNTS = st.integers(1, 10**9)
TERMS = st.builds(
    terms,
    principal=AMOUNTS, rate_bp_a_year=st.integers(0, 6000), method=st.sampled_from(["balance", "flat", "declining"]),
    first_due=st.dates(day("2015-01-01"), day("2035-12-31")), instalments=st.integers(1, 60),
    frequency=st.sampled_from(["weekly", "fortnightly", "monthly", "quarterly", "half_yearly", "yearly"]),
    multiple=st.sampled_from([1, 100, 500, 1000]),
    rounding=st.sampled_from([Rounding(), Rounding(100, "up"), Rounding(100)]),
)  # fmt: skip


# Rounding -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact", "rounding", "whole"),
    [
        (Fraction(1, 2), Rounding(), 0), (Fraction(3, 2), Rounding(), 2), (Fraction(-3, 2), Rounding(), -2),
        (150, Rounding(100), 200), (250, Rounding(100), 200), (250, Rounding(100, "up"), 300),
        (249, Rounding(100, "up"), 200), (-250, Rounding(100, "up"), -300), (1499, Rounding(1000), 1000),
    ],
)  # fmt: skip
def test_a_half_goes_to_the_even_one_or_up(exact, rounding, whole) -> None:
    assert rounding(exact) == whole


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**6), min_size=1, max_size=25).filter(any))
def test_shares_add_up_and_lie_within_a_paisa(total, weights) -> None:
    parts = shared_out(Paise(total), weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(part - Fraction(total * weight, whole)) < 1 for part, weight in zip(parts, weights, strict=True))
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=2, max_size=9, unique=True))
def test_who_stands_where_changes_no_share(total, weights) -> None:
    there = dict(zip(weights, shared_out(Paise(total), weights), strict=True))
    back = dict(zip(weights[::-1], shared_out(Paise(total), weights[::-1]), strict=True))
    assert there == back


# Due days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("2023-01-31", "31 28 31 30 31 30 31 31 30 31 30 31 31 29"),
        ("2023-01-30", "30 28 30 30 30 30 30 30 30 30 30 30 30 29"),
        ("2023-01-28", "28 28 28 28 28 28 28 28 28 28 28 28 28 28"),
    ],
)
def test_months_keep_the_day_they_began_with(first, days) -> None:
    found = due_days(day(first), 14, "monthly")
    assert " ".join(str(each.day) for each in found) == days
    assert [(each.year, each.month) for each in found[::13]] == [(2023, 1), (2024, 2)]


def test_weeks_and_quarters() -> None:
    assert due_days(day("2024-02-22"), 3, "weekly") == [day("2024-02-22"), day("2024-02-29"), day("2024-03-07")]
    assert due_days(day("2024-11-30"), 3, "quarterly") == [day("2024-11-30"), day("2025-02-28"), day("2025-05-30")]


# Schedules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "rate", "count", "exact"),
    [
        (15_000, Fraction(8, 1200), 60, 304.1459143262052),
        (15_000, Fraction(0), 60, 250),
        (20_000, Fraction(8, 10), 3, 19311.25827814569),
        (2_000, Fraction(3, 10), 12, 626.90814017007577),
    ],
)
def test_the_equal_instalment(principal, rate, count, exact) -> None:
    assert float(instalment(Paise(principal), rate, count)) == pytest.approx(exact, rel=1e-12)


def test_a_bank_loan_of_four_lakh_at_20_per_cent_in_60_instalments() -> None:
    """Cells that a bank's printed card of 60 instalments shows in whole rupees, and its exact balances."""
    dues = schedule(terms(principal=rs(400_000), rate_bp_a_year=2000, method="declining", instalments=60))
    assert dues[0].whole == rs(10_597.55)
    assert [round(due.interest / 100) for due in dues[:4]] == [6667, 6601, 6535, 6467]
    assert [round(due.principal / 100) for due in dues[:4]] == [3931, 3996, 4063, 4131]
    assert abs(400_000_00 - sum(due.principal for due in dues[:58]) - rs(20_676.76)) < 100
    assert abs(dues[-1].whole - dues[0].whole) < 100


def test_per_cent_a_month_on_what_is_owed() -> None:
    dues = schedule(terms())
    assert [(due.principal, due.interest) for due in dues] == [
        (rs(100), rs(10)), (rs(100), rs(8)), (rs(100), rs(6)), (rs(100), rs(4)), (rs(100), rs(2)),
    ]  # fmt: skip


def test_flat_asks_for_the_same_interest_each_time() -> None:
    assert {due.interest for due in schedule(terms(method="flat"))} == {rs(10)}


def test_after_the_apple_harvest_all_at_once() -> None:
    (due,) = schedule(
        terms(
            method="bullet", principal=rs(10_000), lent_on=day("2026-04-20"), first_due=day("2026-11-05"), instalments=1
        )
    )
    assert (due.on, due.principal, due.interest) == (day("2026-11-05"), rs(10_000), rs(1_400))


@pytest.mark.parametrize(
    ("rupees", "count", "multiple", "parts"),
    [
        (4_000, 30, 50, [150] * 20 + [100] * 10), (5_000, 30, 50, [200] * 10 + [150] * 20),
        (2_000, 30, 10, [70] * 20 + [60] * 10), (1_000, 3, 10, [340, 330, 330]),
        (300, 6, 100, [100, 100, 100, 0, 0, 0]), (4_030.5, 30, 50, [150] * 20 + [100] * 9 + [130.5]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["balance", "flat"])
def test_nothing_is_heaped_on_the_last_day(rupees, count, multiple, parts, method) -> None:
    """It was 29 of 100 and 1,100 at once; what is no multiple comes last."""
    dues = schedule(terms(principal=rs(rupees), instalments=count, multiple=rs(multiple), method=method))
    assert [due.principal for due in dues] == [rs(part) for part in parts]


@given(TERMS.filter(lambda loan: loan.multiple > 1 and loan.instalments > 1 and loan.method != "declining"))
def test_the_last_part_differs_by_one_multiple_at_most(loan) -> None:
    *others, last = [due.principal for due in schedule(loan)]
    assert max(abs(last - other) for other in others) <= loan.multiple
    exact = [Fraction(loan.principal * at, loan.instalments) for at in range(1, loan.instalments)]
    # Nobody is asked for later than in exact parts by more than a multiple.
    assert all(sum(others[:at]) > due - loan.multiple for at, due in enumerate(exact, 1))


@pytest.mark.parametrize(
    ("rupees", "count", "frequency", "multiple", "asked"),
    [
        (2_100, 7, "monthly", 10, [320, 330, 320, 330, 320, 330]),
        (3_700, 30, "weekly", 100, [100, 200, 100, 100, 200, 100, 100, 200, 100, 100]),
        (400, 30, "weekly", 10, [10, 20, 10, 20, 10, 20, 10, 20, 10, 10]),
        # Where the exact one is smaller than a multiple, each is one, and the loan is repaid before its time.
        (300, 6, "monthly", 100, [100, 100, 100, 12, 0]),
    ],
)  # fmt: skip
def test_equal_instalments_in_multiples_are_spread(rupees, count, frequency, multiple, asked) -> None:
    """It was 29 of 100 and 1,142 at once; 6 of 320 and 353."""
    loan = terms(
        principal=rs(rupees), instalments=count, multiple=rs(multiple), method="declining", frequency=frequency,
        rounding=Rounding(100, "up"),
    )  # fmt: skip
    found = [due.whole for due in schedule(loan)]
    assert found[: len(asked)] == [rs(one) for one in asked]
    assert abs(found[-1] - instalment(loan.principal, loan.rate, count)) < max(loan.multiple, found[0])


def are_equal(dues: list[Due]) -> bool:
    """All but the last are one sum, and that one is another by no more than a tenth."""
    each, last = {due.whole for due in dues[:-1]}, dues[-1].whole
    return not each or (len(each) == 1 and all(10 * abs(last - one) <= one for one in each))


def test_equal_instalments_are_equal_where_multiples_let_them_be() -> None:
    dues = schedule(terms(principal=rs(10_000), instalments=12, multiple=rs(1), method="declining"))
    assert len({due.whole for due in dues[:-1]}) == 1 and are_equal(dues)


@given(TERMS.filter(lambda loan: loan.multiple > 1), st.sampled_from([1, 100]))
def test_equal_instalments_are_multiples_that_leave_what_exact_ones_would(loan, of_rounding) -> None:
    """Each repays something, until nothing is owed; what is repaid by any day is within one multiple of what exact ones
    would have repaid, and so is what was paid but for the interest on that and its rounding."""
    loan = replace(loan, method="declining", rounding=Rounding(of_rounding, "up"))
    exact, owed = instalment(loan.principal, loan.rate, loan.instalments), loan.principal
    left, slack, paid = Fraction(owed), Fraction(0), 0
    dues = schedule(loan)
    if are_equal(dues):
        return
    for at, due in enumerate(dues):
        is_last = due.principal == owed
        assert due.principal > 0 or owed == 0
        assert is_last or due.whole % loan.multiple == 0
        slack += Fraction(of_rounding, 2) + abs(owed - left) * loan.rate
        owed, left, paid = owed - due.principal, left * (1 + loan.rate) - exact, paid + due.whole
        # An instalment is never less than a multiple and its interest, however small the exact one is.
        assert owed - left <= loan.multiple
        if exact >= 2 * loan.multiple + dues[0].interest:
            assert left - owed <= loan.multiple
            assert abs(paid - exact * (at + 1)) <= loan.multiple + slack
    assert owed == 0


@given(TERMS)
def test_the_balance_falls_strictly_to_nothing(loan) -> None:
    loan, owed = replace(loan, method="declining"), loan.principal
    for due in schedule(loan):
        assert due.principal > 0 or owed == 0
        owed -= due.principal
    assert owed == 0


def test_a_group_that_lends_out_all_it_collects_for_32_months() -> None:
    """20 women save Rs 25 each month, all is lent the same day at 2 % in five parts: the 32nd month brings Rs 7,786."""
    lent: list[Fraction] = []
    for _month in range(32):
        collected = Fraction(20 * 25)
        for age, loan in enumerate(reversed(lent[-5:])):
            collected += loan / 5 + loan * Fraction(5 - age, 5) * Fraction(2, 100)
        lent.append(collected)
    assert round(lent[-1]) == 7786


@given(TERMS)
def test_a_schedule_repays_its_loan_exactly(loan) -> None:
    dues = schedule(loan)
    assert is_whole(dues, loan.principal)
    assert all(due.principal >= 0 and due.interest >= 0 for due in dues)


@given(TERMS, st.integers(0, 59))
def test_the_balance_never_grows_and_interest_on_it_neither(loan, at) -> None:
    dues = schedule(loan)
    interests = [due.interest for due in dues]
    if loan.method != "flat":
        assert interests == sorted(interests, reverse=True)
    assert sum(due.principal for due in dues[: at + 1]) <= loan.principal


@given(TERMS.filter(lambda loan: loan.method == "balance" and loan.instalments > 1), st.integers(1, 10**9))
def test_paying_earlier_never_costs_more_interest(loan, early) -> None:
    dues = schedule(loan)
    on_time = [Paid(due.on, due.principal, due.interest) for due in dues]
    sooner, owed = [], loan.principal
    for due in dues:
        part = min(owed, due.principal + (early if due is dues[0] else 0))
        sooner.append(Paid(due.on, Paise(part), due.interest))
        owed = Paise(owed - part)

    def interest(paid: list[Paid]) -> int:
        return sum(due.interest for due in demands(loan, paid, dues[-1].on))

    assert interest(sooner) <= interest(on_time) == sum(due.interest for due in dues)


# What is owed ---------------------------------------------------------------------------------------------------------


def test_a_passbook_of_twelve_months() -> None:
    """Rs 500 lent in August at 2 % a month; October's savings missed, nobody came in January (a training book)."""
    loan = terms(first_due=day("2006-09-10"), lent_on=day("2006-08-10"))
    paid = [
        Paid(day("2006-09-10"), rs(100), rs(10)), Paid(day("2006-10-10"), rs(100), rs(8)),
        Paid(day("2006-11-10"), rs(0), rs(6)), Paid(day("2006-12-10"), rs(200), rs(6)),
        Paid(day("2007-02-10"), rs(100), rs(4)),
    ]  # fmt: skip
    asked = demands(loan, paid, day("2007-02-10"))
    assert [due.interest for due in asked] == [rs(10), rs(8), rs(6), rs(6), rs(2), rs(2)]
    after = {month: arrears(asked, paid, day(f"{month}-28")) for month in ("2006-11", "2006-12", "2007-01", "2007-02")}
    assert (after["2006-11"].principal, after["2006-11"].since) == (rs(100), day("2006-11-10"))
    assert (after["2006-12"].principal, after["2006-12"].since) == (rs(0), None)
    assert (after["2007-01"].principal, after["2007-01"].interest) == (rs(100), rs(2))
    assert (after["2007-02"].principal, after["2007-02"].interest, after["2007-02"].since) == (0, 0, None)


@pytest.mark.parametrize(
    ("due", "sma1", "sma2", "npa"),
    [
        ("2021-03-31", "2021-04-30", "2021-05-30", "2021-06-29"),
        ("2022-01-05", "2022-02-04", "2022-03-06", "2022-04-05"),
        ("2022-03-31", "2022-04-30", "2022-05-30", "2022-06-29"),
        ("2023-03-31", "2023-04-30", "2023-05-30", "2023-06-29"),
    ],
)
def test_days_are_counted_as_the_rbi_counts_them(due, sma1, sma2, npa) -> None:
    """RBI/2021-22/125 of 12 November 2021: the day on which each class begins."""
    asked = [Due(day(due), rs(100), rs(0))]

    def standing(on: datetime.date) -> Standing:
        return arrears(asked, [], on).standing

    before = datetime.timedelta(days=1)
    assert standing(day(due) - before) is Standing.REGULAR
    assert standing(day(due)) is Standing.SMA0
    assert (standing(day(sma1) - before), standing(day(sma1))) == (Standing.SMA0, Standing.SMA1)
    assert (standing(day(sma2) - before), standing(day(sma2))) == (Standing.SMA1, Standing.SMA2)
    assert (standing(day(npa) - before), standing(day(npa))) == (Standing.SMA2, Standing.NPA)


def test_an_npa_is_regular_again_only_when_nothing_is_overdue() -> None:
    asked = due_days(day("2026-01-10"), 6, "monthly")
    dues = [Due(on, rs(100), rs(0)) for on in asked]
    days = [day("2026-04-15"), day("2026-05-05"), day("2026-05-06")]
    paid = [Paid(day("2026-05-05"), rs(300), rs(0)), Paid(day("2026-05-06"), rs(100), rs(0))]
    told = standings(arrears(dues, [one for one in paid if one.on <= on], on) for on in days)
    assert told == [Standing.NPA, Standing.NPA, Standing.REGULAR]
    assert worst([Standing.REGULAR, Standing.SMA2]) is Standing.SMA2


@pytest.mark.parametrize(
    ("credits", "interest", "over", "is_out"), [(100, 100, 0, False), (99, 100, 0, True), (500, 100, 90, True)]
)
def test_a_cash_credit_out_of_order(credits, interest, over, is_out) -> None:
    assert is_out_of_order(CreditAccount(rs(credits), rs(interest), over)) is is_out


PAYMENTS = st.lists(
    st.builds(Paid, st.dates(day("2024-01-01"), day("2026-12-31")), st.integers(0, 10**6), st.integers(0, 10**6)),
    max_size=8,
)
LATE = TERMS.map(lambda loan: replace(loan, first_due=day("2024-02-10")))


@given(LATE, PAYMENTS, st.dates(day("2024-01-01"), day("2027-12-31")))
def test_days_past_due_are_nought_without_arrears_and_grow_by_one_a_day(loan, paid, on) -> None:
    asked = [due for due in schedule(loan) if due.on <= on]
    now = arrears(asked, paid, on)
    assert (now.since is None) == (now.principal + now.interest == 0)
    tomorrow = on + datetime.timedelta(days=1)
    if now.since and not any(one.on == tomorrow for one in paid):
        assert arrears(asked, paid, tomorrow).days == now.days + 1


@given(LATE, PAYMENTS, st.dates(day("2024-01-01"), day("2027-12-31")), st.integers(1, 10**6))
def test_a_payment_makes_no_loan_later(loan, paid, on, amount) -> None:
    asked = [due for due in schedule(loan) if due.on <= on]
    before = arrears(asked, paid, on)
    after = arrears(asked, [*paid, Paid(on, Paise(amount), Paise(amount))], on)
    assert after.days <= before.days and after.principal <= before.principal and after.interest <= before.interest


# What a payment is for ------------------------------------------------------------------------------------------------

OWED = st.builds(Split, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))


@given(st.integers(0, 10**7), OWED, st.permutations(USUAL_ORDER))
def test_a_payment_is_split_whole_and_in_the_groups_order(paid, owed, order) -> None:
    split = allocated(Paise(paid), owed=owed, order=order)
    assert split.whole == paid
    for first, second in pairwise(order):
        if getattr(split, second):
            assert getattr(split, first) == getattr(owed, first)
    assert not split.over or split.whole - split.over == owed.whole


@given(st.integers(0, 10**6), st.integers(0, 10**6), OWED)
def test_paying_twice_on_one_day_is_paying_once(one, two, owed) -> None:
    first = allocated(Paise(one), owed=owed)
    parts = ("penalty", "interest", "principal")
    left = Split(*(Paise(getattr(owed, part) - getattr(first, part)) for part in parts))
    assert first + allocated(Paise(two), owed=left) == allocated(Paise(one + two), owed=owed)


def test_months_go_by_the_calendar() -> None:
    assert months_between(day("2026-08-31"), day("2026-09-01")) == 1
    assert months_between(day("2026-08-01"), day("2026-08-31")) == 0
    assert months_between(day("2026-12-05"), day("2027-02-05")) == 2
