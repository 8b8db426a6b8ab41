"""Financial years run from April to March; periods read back what they write."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.kernel.periods import FinancialYear, Period
from umeed.kernel.refusals import Refusal

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
makers = st.sampled_from([Period.month_of, Period.quarter_of, Period.year_of])


def test_the_year_turns_on_the_first_of_april():
    assert FinancialYear.of(date(2026, 3, 31)).label == "2025-26"
    assert FinancialYear.of(date(2026, 4, 1)).label == "2026-27"
    assert str(FinancialYear(1999)) == "1999-00"
    assert FinancialYear(2025).last_day == date(2026, 3, 31)


def test_quarters_and_months():
    quarters = FinancialYear(2025).quarters()
    assert [q.label() for q in quarters] == ["Q1 2025-26", "Q2 2025-26", "Q3 2025-26", "Q4 2025-26"]
    assert [q.first_day.month for q in quarters] == [4, 7, 10, 1]
    assert quarters[3].last_day == date(2026, 3, 31)
    assert [m.label() for m in quarters[3].months()] == ["January 2026", "February 2026", "March 2026"]
    assert [m.code for m in FinancialYear(2025).months()][::11] == ["2025-04", "2026-03"]
    assert FinancialYear(2025).next().previous() == FinancialYear(2025)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("April 2025", "2025-04"),
        ("Apr 2025", "2025-04"),
        ("apr-2025", "2025-04"),
        ("2025-04", "2025-04"),
        ("2025-26", "FY2025-26"),
        ("FY 2025-26", "FY2025-26"),
        ("FY2004-05", "FY2004-05"),
        ("2025–2026", "FY2025-26"),
        ("2025/26", "FY2025-26"),
        ("Q1 2025-26", "FY2025-26-Q1"),
        ("FY2004-05-Q4", "FY2004-05-Q4"),
        ("۲۰۲۵-۲۶", "FY2025-26"),
    ],
)
def test_parse(written, code):
    assert Period.parse(written).code == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2004-05", "month_or_year"),
        ("2025-27", "not_a_period"),
        ("2025-13", "not_a_period"),
        ("Q5 2025-26", "not_a_period"),
        ("Q1 2025-27", "not_a_period"),
        ("Smarch 2025", "not_a_period"),
        ("0000-01", "not_a_period"),
        ("", "not_a_period"),
    ],
)
def test_parse_refuses(written, code):
    answer = Period.parse(written)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_financial_year_refuses_years_that_do_not_follow():
    assert FinancialYear.parse("2004-05") == FinancialYear(2004)
    assert FinancialYear.parse("1999-2000") == FinancialYear(1999)
    assert isinstance(FinancialYear.parse("2004-06"), Refusal)
    assert isinstance(FinancialYear.parse("2004"), Refusal)


@given(days, makers)
def test_a_day_lies_in_its_period_and_the_code_reads_back(day, make):
    period = make(day)
    assert day in period
    assert period.last_day in period
    assert period.after not in period
    assert period.first_day - timedelta(days=1) in period.previous()
    assert period.after in period.next()
    assert period.next().previous() == period
    assert Period.from_code(period.code) == period
    assert Period.parse(period.label()) == period or period.kind == "year"
    months = period.months()
    assert (months[0].first_day, months[-1].last_day) == (period.first_day, period.last_day)


@pytest.mark.parametrize("code", ["2025", "2025-00", "2025-13", "FY2025-27", "FY2025-26-Q5", "x", "2025-26"])
def test_from_code_is_strict(code):
    with pytest.raises(ValueError, match=r".+"):
        Period.from_code(code)


def test_a_period_begins_where_its_kind_begins():
    with pytest.raises(ValueError, match="first of a month"):
        Period(date(2025, 4, 2), "month")
    with pytest.raises(ValueError, match="no quarter"):
        Period(date(2025, 5, 1), "quarter")


def test_labels_are_translated():
    assert Period.month_of(date(2025, 4, 9)).label({"April": "अप्रैल", "%(month)s %(year)s": "%(month)s %(year)s"}.get)
    assert "अप्रैल" in Period.month_of(date(2025, 4, 9)).label(lambda s: s.replace("April", "अप्रैल"))
