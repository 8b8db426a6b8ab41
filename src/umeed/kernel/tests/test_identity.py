"""Identity numbers: shapes, check digits, and refusals that never repeat the number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.kernel import identity
from umeed.kernel.refusals import Refusal

digits = st.text("0123456789", min_size=1, max_size=20)


def test_verhoeff_of_the_literature():
    assert identity.verhoeff_digit("236") == "3"  # worked example in Wikipedia, "Verhoeff algorithm"
    assert identity.verhoeff_holds("2363")
    assert not identity.verhoeff_holds("2364")


@given(digits)
def test_verhoeff_digit_fits(text):
    assert identity.verhoeff_holds(text + identity.verhoeff_digit(text))


@given(digits, st.data())
def test_verhoeff_finds_every_single_wrong_digit_and_every_swap(text, data):
    whole = text + identity.verhoeff_digit(text)
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != whole[at]]))
    assert not identity.verhoeff_holds(whole[:at] + other + whole[at + 1 :])
    if at and whole[at - 1] != whole[at]:
        assert not identity.verhoeff_holds(whole[: at - 1] + whole[at] + whole[at - 1] + whole[at + 1 :])


def made_aadhaar(eleven="99990000001"):
    return eleven + identity.verhoeff_digit(eleven)


def test_aadhaar():
    number = made_aadhaar()
    for written in (number, int(number), float(number), f"{number[:4]} {number[4:8]} {number[8:]}", f"#{number}"):
        assert identity.aadhaar_refusals(written) == []
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert [r.code for r in identity.aadhaar_refusals(wrong)] == ["aadhaar_check_digit"]
    for text in ("", None, "12345", "x" * 12, made_aadhaar("09990000001"), made_aadhaar("19990000001")):
        assert [r.code for r in identity.aadhaar_refusals(text)] == ["aadhaar_shape"]
    assert [r.code for r in identity.aadhaar_refusals("9.9E+11")] == ["rounded"]


def test_no_refusal_repeats_the_number():
    for answer in (
        *identity.aadhaar_refusals("999900000099"),
        identity.mobile_number("1234567890"),
        identity.account_number("12AB34567890"),
    ):
        assert not any(c.isdigit() for c in str(dict(answer.values)))


def test_last_four():
    assert identity.last_four("#9000 0000 0054") == "0054"
    assert identity.last_four("12") == ""
    assert identity.masked(9000000054) == "••••0054"


@pytest.mark.parametrize(
    "written",
    [
        "9876543210",
        "+91 98765 43210",
        "+91-98765-43210",
        "0091 9876543210",
        "91 9876543210",
        "09876543210",
        "+91 09876543210",
        "#9876543210",
        "'9876543210",
        "(98765) 43210",
        9876543210,
        9876543210.0,
        "۹۸۷۶۵۴۳۲۱۰",
        "९८७६५४३२१०",
    ],
)
def test_mobile(written):
    assert identity.mobile_number(written) == "9876543210"


def test_mobile_that_begins_like_a_country_code():
    assert identity.mobile_number("9123456789") == "9123456789"
    assert identity.mobile_number("919123456789") == "9123456789"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("5876543210", "mobile_shape"),
        ("987654321", "mobile_shape"),
        ("98765432101", "mobile_shape"),
        ("", "mobile_shape"),
        (None, "mobile_shape"),
        ("Null", "mobile_shape"),
        (True, "mobile_shape"),
        ("9.87654E+09", "rounded"),
        ("9876543210/9876543211", "mobile_shape"),
    ],
)
def test_mobile_refused(written, code):
    answer = identity.mobile_number(written)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_ifsc():
    assert identity.ifsc_code(" jaka0keeper ") == "JAKA0KEEPER"
    assert identity.ifsc_code("SBIN0000131") == "SBIN0000131"
    assert "letter O" in identity.ifsc_code("SBINO000131").message()
    for wrong in ("", None, "SBIN000131", "SB1N0000131", "SBIN0000131X", 5):
        assert isinstance(identity.ifsc_code(wrong), Refusal)


def test_pin():
    assert identity.pin_code(190001) == identity.pin_code("190 001") == identity.pin_code(190001.0) == "190001"
    for wrong in ("", None, "019001", "19001", "1900011", "19000a"):
        assert isinstance(identity.pin_code(wrong), Refusal)


def test_account_numbers_are_text():
    assert identity.account_number("0012 3456 7890") == "001234567890"
    assert identity.account_number("#90000000040") == "90000000040"
    assert identity.account_number(90000000040.0) == "90000000040"
    assert identity.account_number("۹۰۰۰۰۰۰۰۰۴۰") == "90000000040"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("9.0E+10", "rounded"),
        ("9E10", "rounded"),
        (1234567890123456, "rounded"),
        (1.2e17, "rounded"),
        ("12345", "account_shape"),
        ("1" * 19, "account_shape"),
        ("SB-123456", "account_shape"),
        ("0000000000", "account_shape"),
        (90000000040.5, "account_shape"),
        (None, "account_shape"),
    ],
)
def test_account_refused(written, code):
    answer = identity.account_number(written)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_rounding_is_explained():
    assert "rounded" in identity.account_number("9.0E+10").message()


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none()))
def test_anything_gets_an_answer(value):
    for reads in (identity.mobile_number, identity.ifsc_code, identity.pin_code, identity.account_number):
        assert isinstance(reads(value), (str, Refusal))
    assert all(isinstance(r, Refusal) for r in identity.aadhaar_refusals(value))
