"""Money is exact in paise and shown in lakh and crore."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.kernel.money import grouped, in_words_short, paise_from_rupees, rupees, rupees_in_words_short
from umeed.kernel.refusals import Refusal


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1000, "1,000"),
        (94962, "94,962"),
        (100000, "1,00,000"),
        (1234567, "12,34,567"),
        (-1234567, "-12,34,567"),
        (5288600000, "5,28,86,00,000"),
    ],
)
def test_grouped(n, text):
    assert grouped(n) == text


@given(st.integers())
def test_grouping_only_adds_commas(n):
    assert int(grouped(n).replace(",", "")) == n


@pytest.mark.parametrize(
    ("written", "paise"),
    [
        ("12,34,567.50", 123456750),
        ("1,234,567.5", 123456750),
        ("₹ 12,34,567", 123456700),
        ("Rs. 500/-", 50000),
        ("Rs 500", 50000),
        ("500 ₹", 50000),
        ("INR 1200.05", 120005),
        ("(1,200)", -120000),
        ("-1,200.25", -120025),
        ("₹-5", -500),
        (".5", 50),
        ("5.", 500),
        ("۱۲۳", 12300),
        ("१२,३४,५६७.५०", 123456750),
        ("۱۲٬۳۴٬۵۶۷٫۵۰", 123456750),
        ("1٬000", 100000),
        ("۱،۰۰۰", 100000),
        ("1٫5", 150),
        ("۱٬۲۵۰۔۷۵", 125075),
        ("12۔5", 1250),
        ("\u2066₹\u00a02,000\u2069", 200000),
        ("\u200e₹\u202f2,000\u200f", 200000),
        ("\u202d-₹ 5\u202c", -500),
        (12, 1200),
        (12.5, 1250),
        (0.1 + 0.2, 30),
        (1234567.89, 123456789),
        (Decimal("9.99"), 999),
        (0, 0),
    ],
)
def test_rupees_read(written, paise):
    assert paise_from_rupees(written) == paise


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "not_an_amount"),
        (None, "not_an_amount"),
        (True, "not_an_amount"),
        ("abc", "not_an_amount"),
        ("1,2", "not_an_amount"),
        ("12,34", "not_an_amount"),
        ("1.2.3", "not_an_amount"),
        ("1٫2٫3", "not_an_amount"),
        ("1۔2۔3", "not_an_amount"),
        ("۱۲۳۔", "not_an_amount"),
        ("1،2", "not_an_amount"),
        ("1e5", "not_an_amount"),
        ("--5", "not_an_amount"),
        (float("nan"), "not_an_amount"),
        (float("inf"), "not_an_amount"),
        ("1.005", "part_of_a_paisa"),
        (2.345, "part_of_a_paisa"),
    ],
)
def test_rupees_refused(written, code):
    answer = paise_from_rupees(written, field="amount")
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.field) == (code, "amount")


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_what_is_shown_is_read_back(paise):
    assert paise_from_rupees(rupees(paise)) == paise
    assert paise_from_rupees(rupees(paise, always_paise=True)) == paise


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_spreadsheet_floats_are_read_as_shown(paise):
    assert abs(paise) >= 10**13 or paise_from_rupees(paise / 100) == paise


def test_rupees_shown():
    assert rupees(123456750) == "₹12,34,567.50"
    assert rupees(123456700) == "₹12,34,567"
    assert rupees(123456700, always_paise=True) == "₹12,34,567.00"
    assert rupees(-5, sign="") == "-0.05"


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0"),
        (94962, "94,962"),
        (99999, "99,999"),
        (100000, "1 lakh"),
        (766000, "7.66 lakh"),
        (760000, "7.6 lakh"),
        (9999499, "99.99 lakh"),
        (9999999, "1 crore"),
        (12345678900, "1,234.57 crore"),
        (-766000, "-7.66 lakh"),
    ],
)
def test_counts_in_short(n, text):
    assert in_words_short(n) == text


def test_amounts_in_short():
    assert rupees_in_words_short(528_86_00_000_00) == "₹528.86 crore"
    assert rupees_in_words_short(-528_86_00_000_00) == "-₹528.86 crore"
    assert rupees_in_words_short(12345) == "₹123.45"
    assert rupees_in_words_short(94962_00, lambda s: s.upper()) == "₹94,962"
    assert in_words_short(766000, lambda s: {"%(number)s lakh": "%(number)s लाख"}[s]) == "7.66 लाख"
