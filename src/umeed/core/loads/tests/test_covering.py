"""What stays covered of a file's first cells, and what tells a column and is shown."""

import pytest

from umeed.core.loads.covering import shown


@pytest.mark.parametrize(
    "text",
    [
        "2016-01-25", "25-01-2016", "25/01/2016", "25.01.2016", "25_01_2016", "1/2/2016", "2016-01-25 00:00:00",
        "2016-01-25T10:15:00.250000", "25-01-2016 31-12-2017", "25-01-2016 - 31-12-2017", "20160125",
        "003664", "3664", "00236400", "192211", "1", "2016", "18-12",
        "12,34,567.00", "1234567.50", "12345678.90", "₹ 1,00,000", "Rs. 12,34,567.50", "-1500.00", "100.0",
        "SBIN0000131", "jaka0keeper", "Ward 12, 003664", "JK003664", "Haseena Bano", "۰۰۳۶۶۴", "",
    ],
)  # fmt: skip
def test_what_identifies_nobody_is_shown(text):
    assert shown(text, longest=40) == text


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("9000000036", "••••••0036"),
        ("#9000000036", "#••••••0036"),
        ("+91 90000 00036", "+•• ••••• •0036"),
        ("90000-00036", "•••••-•0036"),
        ("90000.00036", "•••••.•0036"),
        ("(0194) 245 0000", "(••••) ••• 0000"),
        ("9000000036.0", "•••••••036.0"),
        ("9000000036, 9000000055", "••••••••••, ••••••0055"),
        ("Mother:9000000036;Father:9000000055", "Mother:••••••0036;Father:••••••0055"),
        ("9000O00036", "••••O•0036"),
        ("9876 5432 1098", "•••• •••• 1098"),
        ("9876-5432-1098", "••••-••••-1098"),
        ("987654321098", "••••••••1098"),
        ("९८७६५४३२१०९८", "••••••••१०९८"),
        ("۹۰۰۰۰۰۰۰۳۶", "••••••۰۰۳۶"),
        ("900000040", "•••••0040"),
        ("9,000,000,040", "•,•••,••0,040"),
        ("90000000.000040", "••••••••.••0040"),
        ("25-01-2016-00012", "••-••-••••-•0012"),
        ("99-99-2016 0012", "••-••-•••• 0012"),
        ("2016-01-25 900000", "••••-••-•• ••0000"),
        ("1.2345678901234568e+16", "•.••••••••••••4568e+16"),
        ("12,34,56,789.00", "••,••,••,•89.00"),
        ("ABC1234567", "ABC•••4567"),
        ("2016-01-25 12:34:56.9906543210", "••••-••-25 12:34:••.••••••3210"),
        ("2016-01-25 12:34:56.9906543", "••••-••-25 12:34:••.•••6543"),
    ],
)
def test_what_may_be_a_phone_an_account_or_an_aadhaar_number_is_covered(text, covered):
    assert shown(text, longest=40) == covered


def test_a_number_that_was_cut_off_with_its_cell_is_covered_whole():
    cell = "She lives behind the mosque, her phone: 9000000036"[:47]
    assert shown(cell, longest=47) == "She lives behind the mosque, her phone: •••••••"
    assert shown(cell, longest=60) == cell, "seven digits that are all there are no phone"


def test_in_a_sealed_column_short_numbers_are_covered_too():
    assert shown("12345678", longest=40, is_sealed=True) == "••••5678"
    assert shown("25-01-2016", longest=40, is_sealed=True) == "••-••-2016"
