"""Worked cases from printed sources, retyped: amounts in rupees where the source prints rupees."""

from __future__ import annotations

import datetime
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.rules.allocation import Split, allocated
from umeed.books.rules.demands import Paid, Standing, arrears, demands, is_out_of_order, standings
from umeed.books.rules.interest import CreditDay, Stand, credit_account, interest_by_days
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, due_days, instalment, schedule
from umeed.books.tests.making import entry, make_loan, post, sheet
from umeed.books.tests.test_rules_of_loans import day, rs, terms
from umeed.institutions.tests.making import us
from umeed.kernel.money import Paise

# A member's passbook of twelve months (training book of Jnana Prabodhini, mr.wikisource.org, scanned pages 32 and 33):
# saved, lent, principal, interest, and what the book prints: cash in, savings, loan.
PASSBOOK = (
    ("2006-03", 25, 0, 0, 0, 25, 25, 0), ("2006-04", 25, 0, 0, 0, 25, 50, 0), ("2006-05", 25, 0, 0, 0, 25, 75, 0),
    ("2006-06", 25, 0, 0, 0, 25, 100, 0), ("2006-07", 25, 0, 0, 0, 25, 125, 0),
    ("2006-08", 25, 500, 0, 0, 25, 150, 500), ("2006-09", 25, 0, 100, 10, 135, 175, 400),
    ("2006-10", 0, 0, 100, 8, 108, 175, 300), ("2006-11", 50, 0, 0, 6, 56, 225, 300),
    ("2006-12", 25, 0, 200, 6, 231, 250, 100), ("2007-01", 0, 0, 0, 0, 0, 250, 100),
    ("2007-02", 50, 0, 100, 4, 154, 300, 0),
)  # fmt: skip


def test_a_members_passbook_of_twelve_months_as_it_is_printed(kept) -> None:
    """Dated eighteen years later, when the book of the test begins; the fund for the loan comes from the group."""
    her = kept.women[0]
    loan = make_loan(kept.book, her)
    about = {"woman": her.pk, "loan": loan.pk}
    post(kept.book, sheet(entry("cash", 1_000), entry("other_grant", -1_000), on="2024-04-01"))
    for month, saved, lent, principal, interest, cash_in, savings, owed in PASSBOOK:
        on = day(f"{int(month[:4]) + 18}{month[4:]}-10")
        if on < kept.book.opened_on:
            on = day("2024-04-02")
        lines = [entry("saving_compulsory", -saved, woman=her.pk)] if saved else []
        lines += [entry("loan_to_member", -principal, **about)] if principal else []
        lines += [entry("interest_from_members", -interest, **about)] if interest else []
        assert -sum(one.amount for one in lines) == cash_in * 100, "the cash that the source prints"
        if lines:
            post(kept.book, sheet(entry("cash", cash_in), *lines, on=str(on)))
        if lent:
            post(kept.book, sheet(entry("loan_to_member", lent, **about), entry("cash", -lent), on=str(on)))
        hers = balances_of_a_woman(kept.book.pk, her.pk, on)
        assert (-hers["saving_compulsory"], hers.get("loan_to_member", 0)) == (savings * 100, owed * 100)
    assert balances(kept.book.pk, us().today)["interest_from_members"] == -34_00


def test_interest_of_two_months_is_paid_when_she_comes_again() -> None:
    """January missed: in February 4 rupees are asked for, 2 of each month, carried and not compounded."""
    loan = terms(first_due=day("2006-09-10"), lent_on=day("2006-08-10"))
    paid = [
        Paid(day(f"{month}-10"), rs(principal), rs(interest))
        for month, _saved, _lent, principal, interest, *_printed in PASSBOOK
        if (principal or interest) and month < "2007-02"
    ]
    due = arrears(demands(loan, paid, day("2007-02-10")), paid, day("2007-02-10"))
    assert (due.principal, due.interest) == (rs(100), rs(4))


def test_a_group_that_lends_all_it_collects_has_exactly_7786_45_in_its_32nd_month() -> None:
    """Same source, page 46: 20 × 25 a month, all lent the same day in five parts at 2 per cent a month. It prints 7,786
    and, for a part of four, 1,947."""
    lent: list[Fraction] = []
    for _month in range(32):
        collected = Fraction(20 * 25)
        for age, loan in enumerate(reversed(lent[-5:])):
            collected += loan / 5 + loan * Fraction(5 - age, 5) * Fraction(2, 100)
        lent.append(collected)
    assert round(lent[-1] * 100) == 7786_45
    assert round(lent[-1] / 4) == 1947


def test_a_year_end_agrees_with_the_box(kept) -> None:
    """Same source, pages 38 and 40: 22,200 saved, 1,465 interest, 50 fines, 100 else, 12 from the bank, 18,500 lent,
    800 spent, 3,512 at the bank. What must be in the box, 1,015, follows from the printed figures: it is our sum."""
    her = kept.women[0]
    loan = make_loan(kept.book, her)
    about = {"woman": her.pk, "loan": loan.pk}
    post(kept.book, sheet(entry("cash", 22_200), entry("saving_compulsory", -22_200, woman=her.pk)))
    post(kept.book, sheet(entry("loan_to_member", 18_500, **about), entry("cash", -18_500), on="2024-05-01"))
    post(
        kept.book,
        sheet(
            entry("cash", 1_615), entry("interest_from_members", -1_465, **about), entry("fine", -50, woman=her.pk),
            entry("other_receipt", -100), on="2024-06-01",
        ),
    )  # fmt: skip
    post(kept.book, sheet(entry("travel", 600), entry("meeting_cost", 200), entry("cash", -800), on="2024-07-01"))
    post(kept.book, sheet(entry("bank", 3_500), entry("cash", -3_500), on="2024-07-02"))
    post(kept.book, sheet(entry("bank", 12), entry("interest_from_bank", -12), on="2025-03-31"))
    trial = balances(kept.book.pk, day("2025-03-31"))
    assert {key: paise / 100 for key, paise in trial.items()} == {
        "cash": 1_015, "bank": 3_512, "loan_to_member": 18_500, "saving_compulsory": -22_200,
        "interest_from_members": -1_465, "fine": -50, "other_receipt": -100, "interest_from_bank": -12,
        "travel": 600, "meeting_cost": 200,
    }  # fmt: skip


# Due days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "clipped"), [("2023-01-31", (28, 29)), ("2023-01-25", (25, 25))])
def test_months_keep_their_day(first, clipped) -> None:
    """Fineract's LoanApplicationScheduleMonthlyTest: first due 31 (or 30, 28, 25) January 2023, 14 instalments."""
    found = due_days(day(first), 14, "monthly")
    assert (found[1].day, found[13].day) == clipped and found[12] == day(first).replace(year=2024)


def test_the_29th_does_not_stick() -> None:
    """Two peers differ: after 31 January 2024 and 29 February one goes on with 29 March. We keep what was agreed."""
    assert due_days(day("2024-01-31"), 3, "monthly")[2] == day("2024-03-31")


def test_twelve_months_from_the_day_that_repayment_begins() -> None:
    """frappe/lending's test_term_loan_schedule_types: from 17 October 2022; other days are the first due one."""
    for first, last in (("2022-10-17", "2023-09-17"), ("2022-11-01", "2023-10-01"), ("2022-10-31", "2023-09-30")):
        assert due_days(day(first), 12, "monthly")[-1] == day(last)


# Instalments ----------------------------------------------------------------------------------------------------------

# A bank's printed card: 4 lakh at 20 per cent a year in 60 instalments. Interest before rounding, every sixth row, and
# the balance after it.
CARD = {
    1: ("6666.666667", "396069.113181"), 6: ("6327.990128", "375409.844316"), 12: ("5882.843640", "348255.908564"),
    18: ("5391.285991", "318270.891946"), 24: ("4848.478332", "285159.624771"), 30: ("4249.077317", "248596.162826"),
    36: ("3587.182497", "208220.578822"), 42: ("2856.278242", "163635.419294"), 48: ("2049.169600", "114401.792112"),
    54: ("1157.911468", "60035.046064"), 58: ("512.693727", "20676.763856"), 60: ("173.730385", "0.000000"),
}  # fmt: skip


def test_every_cell_of_a_banks_card() -> None:
    rate, principal = Fraction(20, 1200), Paise(400_000)
    each, owed = instalment(principal, rate, 60), Fraction(principal)
    assert round(each) == 10598
    for number in range(1, 61):
        interest = owed * rate
        owed += interest - each
        if number in CARD:
            said, left = CARD[number]
            assert (f"{float(interest):.6f}", f"{abs(float(owed)):.6f}") == (said, left)


def test_the_card_in_whole_paise_is_never_a_rupee_away() -> None:
    dues = schedule(terms(principal=rs(400_000), rate_bp_a_year=2000, method="declining", instalments=60))
    owed = 400_000_00
    for number, due in enumerate(dues, 1):
        owed -= due.principal
        if number in CARD:
            assert abs(owed - Fraction(CARD[number][1]) * 100) < 100
            assert abs(due.interest - Fraction(CARD[number][0]) * 100) < 100
    assert owed == 0


@pytest.mark.parametrize(
    ("principal", "rate", "count", "each"),
    [
        (15_000, Fraction(8, 1200), 60, "304.1459143262052"), (15_000, Fraction(0), 60, "250"),
        (2_000, Fraction(0), 12, "166.66666666666667"), (20_000, Fraction(8, 10), 3, "19311.25827814569"),
        (2_000, Fraction(3, 10), 12, "626.90814017007577"), (55_000, Fraction(1, 120), 60, "1168.5874591196"),
    ],
)  # fmt: skip
def test_annuities_as_numpy_financial_tests_them(principal, rate, count, each) -> None:
    """numpy-financial's test_financial.py: pmt at the end of each period; of the last, ppmt 710.25 and ipmt 458.33."""
    exact = instalment(Paise(principal), rate, count)
    assert float(exact) == pytest.approx(float(each), rel=1e-11)
    assert rate != Fraction(1, 120) or float(exact - principal * rate) == pytest.approx(710.2541257864217, rel=1e-11)


@pytest.mark.parametrize("multiple", [100, 500, 1000])
@pytest.mark.parametrize("method", ["balance", "flat", "declining"])
def test_instalments_in_whole_rupees_fives_and_tens(method, multiple) -> None:
    dues = schedule(
        terms(principal=rs(12_345), method=method, instalments=12, multiple=multiple, rounding=Rounding(100, "up"))
    )
    assert sum(due.principal for due in dues) == rs(12_345)
    told = [due.whole if method == "declining" else due.principal for due in dues[:-1]]
    assert all(part % multiple == 0 for part in told) and all(due.interest % 100 == 0 for due in dues)


def test_flat_costs_more_than_it_says() -> None:
    """12,000 at 24 per cent in 12 parts: flat asks 2,880 of interest, on the balance 1,560."""
    sums = {
        method: sum(due.interest for due in schedule(terms(principal=rs(12_000), method=method, instalments=12)))
        for method in ("flat", "balance", "declining")
    }
    assert (sums["flat"], sums["balance"]) == (rs(2_880), rs(1_560))
    assert sums["balance"] < sums["declining"] < sums["flat"]


def test_the_apple_loan_waits_for_the_harvest_and_is_late_after_it() -> None:
    loan = terms(
        method="bullet", principal=rs(20_000), lent_on=day("2026-04-15"), first_due=day("2026-11-15"), instalments=1
    )
    (due,) = asked = demands(loan, [], day("2027-03-01"))
    assert (due.principal, due.interest) == (rs(20_000), rs(2_800))
    assert arrears(asked, [], day("2026-11-14")).since is None
    assert arrears(asked, [], day("2027-02-13")).standing is Standing.NPA


def test_paid_ahead_and_agreed_anew() -> None:
    """1,000 at 2 per cent in five parts; 600 at once in the second month; what is left runs on in ten parts of 20."""
    loan = terms(principal=rs(1_000), first_due=day("2026-02-10"), lent_on=day("2026-01-10"))
    paid = [Paid(day("2026-02-10"), rs(200), rs(20)), Paid(day("2026-03-10"), rs(600), rs(16))]
    asked = demands(loan, paid, day("2026-06-10"))
    assert [due.interest for due in asked] == [rs(20), rs(16), rs(4), rs(4), rs(4)]
    later = arrears(asked, paid, day("2026-05-31"))
    assert (later.principal, later.interest) == (0, rs(8)), "what was paid ahead is not due again, its interest is"
    anew = terms(principal=rs(200), first_due=day("2026-04-10"), lent_on=day("2026-03-10"), instalments=10)
    assert [due.principal for due in schedule(anew)] == [rs(20)] * 10


@pytest.mark.parametrize(
    ("order", "penalty", "interest", "principal"),
    [
        ("penalty interest principal", 10, 40, 50), ("interest penalty principal", 10, 40, 50),
        ("interest principal penalty", 0, 40, 60), ("principal interest penalty", 0, 0, 100),
        ("principal penalty interest", 0, 0, 100), ("penalty principal interest", 10, 0, 90),
    ],
)  # fmt: skip
def test_a_hundred_rupees_by_every_order(order, penalty, interest, principal) -> None:
    split = allocated(rs(100), owed=Split(rs(10), rs(40), rs(200)), order=order.split())
    assert (split.penalty, split.interest, split.principal, split.over) == (rs(penalty), rs(interest), rs(principal), 0)


# Days past due --------------------------------------------------------------------------------------------------------


def test_a_cut_off_brings_what_was_overdue_with_its_day() -> None:
    loan = terms(principal=rs(300), first_due=day("2026-05-10"), lent_on=day("2026-04-20"), instalments=3)
    asked = demands(loan, [], day("2026-05-01"), before=Due(day("2026-02-10"), rs(100), rs(8)))
    late = arrears(asked, [], day("2026-05-01"))
    assert (late.principal, late.interest, late.since, late.days) == (rs(100), rs(8), day("2026-02-10"), 80)
    assert late.standing is Standing.SMA2


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.integers(0, 400), st.integers(1, 10**6))
def test_11_who_pays_earlier_was_never_later_and_the_class_follows_the_days(due, on, paise) -> None:
    start = day("2025-01-01")
    asked = [Due(start + datetime.timedelta(days=one), Paise(paise), Paise(0)) for one in sorted(due)]
    days = [arrears(asked, [], start + datetime.timedelta(days=on + later)) for later in range(100)]
    order = list(Standing)
    for one, two in pairwise(days):
        assert two.days >= one.days, "without a payment it only grows"
    assert [order.index(one.standing) for one in days] == sorted(order.index(one.standing) for one in days)
    back = [Paid(asked[0].on, Paise(paise * len(asked)), Paise(0))]
    assert all(arrears(asked, back, one.on).since is None for one in days), "a payment dated back heals what followed"
    assert standings(days)[-1] is days[-1].standing


# By the day -----------------------------------------------------------------------------------------------------------


def test_a_banks_interest_is_by_the_day_over_365() -> None:
    """1,00,000 drawn on 1 April, 40,000 paid in on 21 April: 20 nights on 1,00,000 and 10 on 60,000 at 12 per cent."""
    stands = [Stand(day("2026-04-01"), rs(100_000)), Stand(day("2026-04-21"), rs(60_000))]
    april = interest_by_days(stands, since=day("2026-04-01"), until=day("2026-05-01"), rate_bp_a_year=1200)
    assert april == rs(854.79)  # (20 × 1,00,000 + 10 × 60,000) × 12 % ÷ 365 = 854.7945…
    leap = interest_by_days(
        [Stand(day("2024-01-01"), rs(36_500))], since=day("2024-01-01"), until=day("2025-01-01"), rate_bp_a_year=1000
    )
    assert leap == rs(3_660), "the 366th night bears interest too"


def test_interest_on_savings_by_the_day() -> None:
    """100 a month from 10 April, 6 per cent a year, given on 1 April: they bear from the night on which they came."""
    stands = [Stand(on, rs(100 * number)) for number, on in enumerate(due_days(day("2025-04-10"), 12, "monthly"), 1)]
    given_out = interest_by_days(stands, since=day("2025-04-01"), until=day("2026-04-01"), rate_bp_a_year=600)
    nights = sum((day("2026-04-01") - stand.on).days for stand in stands)
    assert given_out == round(Fraction(100_00 * nights * 6, 36_500)) == rs(37.13)


@given(
    st.lists(st.builds(Stand, st.dates(day("2025-01-01"), day("2025-12-31")), st.integers(-10**7, 10**9)), max_size=12),
    st.integers(0, 365), st.integers(0, 3600),
)  # fmt: skip
def test_days_add_up_wherever_they_are_cut(stands, at, rate) -> None:
    since, until = day("2025-01-01"), day("2026-01-01")
    cut = since + datetime.timedelta(days=at)

    def parts(since: datetime.date, until: datetime.date) -> int:
        exact = Rounding(1)
        return interest_by_days(stands, since=since, until=until, rate_bp_a_year=rate, rounding=exact)

    assert abs(parts(since, cut) + parts(cut, until) - parts(since, until)) <= 1
    assert parts(since, until) >= 0 == parts(until, since)


def test_a_cash_credit_gets_out_of_order() -> None:
    """Limit 50,000. In order while what is paid in covers the interest and it is not above its limit for 90 days."""
    drawn = CreditDay(day("2026-01-01"), drawn=rs(48_000))
    taken = [CreditDay(day(f"2026-{month:02}-28"), interest=rs(500)) for month in (1, 2, 3, 4)]
    paid = [CreditDay(day(f"2026-{month:02}-15"), paid_in=rs(600)) for month in (2, 3, 4)]

    def is_out(days: list[CreditDay], on: str) -> bool:
        return is_out_of_order(credit_account(days, on=day(on), limit=rs(50_000)))

    assert not is_out([drawn, *taken, *paid], "2026-04-30")
    assert is_out([drawn, *taken, *paid[:1]], "2026-04-30"), "600 were paid in, 1,500 taken in 90 days"
    above = [CreditDay(day("2026-01-01"), drawn=rs(50_001)), CreditDay(day("2026-02-01"), paid_in=Paise(50))]
    for on, days, out in (("2026-03-30", 89, False), ("2026-03-31", 90, True)):
        account = credit_account(above, on=day(on), limit=rs(50_000))
        assert (account.days_over_limit, is_out(above, on)) == (days, out)
    healed = [*above, CreditDay(day("2026-03-31"), paid_in=rs(2))]
    assert credit_account(healed, on=day("2026-03-31"), limit=rs(50_000)).days_over_limit == 0


def test_10_the_balance_falls_strictly_to_nothing() -> None:
    for method in ("balance", "flat", "declining"):
        dues = schedule(terms(principal=rs(9_999), method=method, instalments=36))
        owed = rs(9_999)
        for due in dues:
            assert due.principal > 0
            owed = Paise(owed - due.principal)
        assert owed == 0
