"""Dates are read day first in every form seen in the field, or refused with the form expected."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.kernel.dates import date_as_written
from umeed.kernel.refusals import Refusal

JAN_25 = date(2016, 1, 25)


@pytest.mark.parametrize(
    "written",
    [
        JAN_25,
        datetime(2016, 1, 25, 13, 30),
        42394,
        42394.75,
        "42394",
        20160125,
        25012016,
        "25012016",
        "20160125",
        "25_01_2016",
        "25-01-2016",
        "25/01/2016",
        "25/1/2016",
        "25.01.2016",
        "25.01.16",
        "25-01-16",
        "25 01 2016",
        " 25 / 01 / 2016 ",
        "2016-01-25",
        "2016/01/25",
        "2016-01-25T00:00:00",
        "2016-01-25 10:30:00.000",
        "2016-01-25T10:30:00+05:30",
        "25-01-2016 10:30",
        "25/01/2016 10:30:15 PM",
        "25 Jan 2016",
        "25-Jan-16",
        "25Jan2016",
        "25th January, 2016",
        "25 JANUARY 2016",
        "Jan 25, 2016",
        "January 25th, 2016",
        "Jan 25, 2016 2:13 AM",
        "२५-०१-२०१६",
        "२५ जनवरी २०१६",
        "۲۵-۰۱-۲۰۱۶",
        "٢٥/٠١/٢٠١٦",
        "۲۵ جنوری ۲۰۱۶",
        "25\u00a0Jan\u00a02016",
        "\u200e25-01-2016\u200f",
        "'25-01-2016",
        "#25_01_2016",
    ],
)
def test_read(written):
    assert date_as_written(written) == JAN_25


def test_day_first_when_both_are_possible():
    assert date_as_written("03/04/2016") == date(2016, 4, 3)
    assert date_as_written("Aug 6, 2022 2:13 AM") == date(2022, 8, 6)
    assert date_as_written("29_02_2016") == date(2016, 2, 29)
    assert date_as_written("5 फ़रवरी 2016") == date_as_written("5 फरवरी 2016") == date(2016, 2, 5)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("01/25/2016", "month_first"),
        ("2016-25-01", "month_first"),
        ("30-02-2016", "no_such_day"),
        ("29_02_2015", "no_such_day"),
        ("31 Apr 2016", "no_such_day"),
        ("00_00_0000", "year_too_far"),
        ("00-01-2016", "no_such_day"),
        ("45-45-2016", "no_such_day"),
        ("25-01-1816", "year_too_far"),
        (date(1816, 1, 25), "year_too_far"),
        ("Jan 2016", "part_of_a_date"),
        ("2016", "part_of_a_date"),
        ("01-2016", "part_of_a_date"),
        ("2016-01", "part_of_a_date"),
        ("", "no_date"),
        ("  ", "no_date"),
        (None, "no_date"),
        ("Null", "not_a_date"),
        ("yesterday", "not_a_date"),
        ("25 Foo 2016", "not_a_date"),
        (True, "not_a_date"),
        (24, "not_a_date"),
        (14000, "not_a_date"),
        (9876543210, "not_a_date"),
        (float("nan"), "not_a_date"),
        (float("inf"), "not_a_date"),
        (-5, "not_a_date"),
        ("9000000054", "not_a_date"),
        ("250116", "not_a_date"),
        (99999999, "not_a_date"),
    ],
)
def test_refused(written, code):
    answer = date_as_written(written, field="born_on")
    assert isinstance(answer, Refusal), answer
    assert (answer.code, answer.field) == (code, "born_on")
    assert "%(" not in answer.message()


def test_the_american_form_is_refused_with_the_form_expected():
    reason = date_as_written("01/25/2016").message()
    assert "“01/25/2016”" in reason
    assert "25-01-2016" in reason


def test_two_digit_years():
    assert date_as_written("25.01.40") == date(2040, 1, 25)
    assert date_as_written("25.01.41") == date(1941, 1, 25)
    assert date_as_written("25.01.38", latest=date(2026, 5, 1)) == date(1938, 1, 25)
    assert date_as_written("25.01.26", latest=date(2026, 5, 1)) == date(2026, 1, 25)
    assert date_as_written("25.05.26", latest=date(2026, 5, 1)) == date(1926, 5, 25)


def test_serials_are_bounded():
    assert date_as_written(14611) == date(1940, 1, 1)
    assert isinstance(date_as_written(14610), Refusal)
    assert date_as_written(73415) == date(2100, 12, 31)
    assert isinstance(date_as_written(73416), Refusal)


@given(
    st.dates(date(1941, 1, 1), date(2040, 12, 31)),
    st.sampled_from(
        ["%d_%m_%Y", "%d/%m/%Y", "%d.%m.%y", "%Y-%m-%d", "%d %b %Y", "%d%m%Y", "%B %d, %Y", "%d-%m-%Y %H:%M"]
    ),
)
def test_every_form_reads_back(day, form):
    assert date_as_written(day.strftime(form)) == day


@given(st.dates(date(1940, 1, 1), date(2100, 12, 31)))
def test_every_serial_reads_back(day):
    assert date_as_written((day - date(1899, 12, 30)) / timedelta(days=1)) == day


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.none()))
def test_anything_is_a_date_or_a_reason(value):
    assert isinstance(date_as_written(value), (date, Refusal))
