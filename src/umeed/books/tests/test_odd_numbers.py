"""What is no number, or none that a book can hold, is refused with a plain reason wherever a number is typed."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError

from umeed.books.pages.bylaws import RateField
from umeed.books.pages.cutoff.forms import MonthlyRate, Rate
from umeed.books.pages.taken import YearRateField
from umeed.books.tests.conftest import Kept
from umeed.books.tests.writing import Keeper, fields_of
from umeed.core.form_fields import CountField, RupeesField
from umeed.kernel.ids import new_id

ODD = ["NaN", "sNaN", "-NaN", "nan1", "Infinity", "-inf", "1/0", "٫", "²", "9" * 5_000]
HUGE = ["1e999999", "1e999999999999", "9" * 12, "9" * 40, "9" * 5_000]
FIELDS = [RateField(), YearRateField(), Rate(""), MonthlyRate(""), CountField(), RupeesField()]
NAMES = {
    "bylaws_new": (
        "rate_bp_a_year", "instalments", "compulsory_paise", "multiple_paise", "rounding_paise", "most_paise",
        "quorum_percent",
    ),
    "loan_new": ("rate_bp_a_year", "instalments", "paise"),
}  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text)[:20])
@pytest.mark.parametrize("field", FIELDS, ids=lambda one: type(one).__name__)
def test_what_is_no_number_is_told_so(field: forms.Field, text: str) -> None:
    if len(text) > 1_000 and isinstance(field, RateField):
        assert field.clean(text) > 10_000, "too much, which the rules say"
        return
    with pytest.raises(ValidationError):
        field.clean(text)


@pytest.mark.parametrize("field", [RateField(), YearRateField()], ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("text", ["1e-99", "1e-100", "1e-999999", "1e-999999999999"])
def test_a_rate_of_next_to_nothing_is_too_fine(field: RateField, text: str) -> None:
    with pytest.raises(ValidationError, match="at most two digits"):
        field.clean(text)


@pytest.mark.parametrize("text", HUGE, ids=lambda text: text[:13])
@pytest.mark.parametrize("page", NAMES)
def test_a_page_refuses_what_is_too_much(kept: Kept, keeper: Keeper, page: str, text: str) -> None:
    """Also where every other field is right."""
    url = keeper.url(page)
    right = {
        **fields_of(keeper.client.get(url)), "since": "1-5-2024", "lender": "J&K Bank", "on": "10-4-2024",
        "paise": "50000", "instalments": "10", "first_due": "10-5-2024", "multiple_paise": "100", "rounding_paise": "1",
    }  # fmt: skip
    # An amount of twelve figures can be kept; a number of instalments, a rate, a unit of rounding cannot.
    amounts = {"compulsory_paise", "most_paise", "paise"} if text == "9" * 12 else set()
    for name in set(NAMES[page]) - amounts:
        answer = keeper.client.post(url, {**right, "record_id": new_id(), name: text})
        assert answer.status_code == 422 and name in answer.context["form"].errors, name


@pytest.mark.parametrize("text", ["NaN", "9" * 40, "9" * 5_000], ids=lambda text: text[:10])
def test_so_does_what_is_asked_for_in_an_address(kept: Kept, keeper: Keeper, text: str) -> None:
    asked = {"on": "1-6-2024", "basis": "equal", "unit": "1", "mode": "cash", "paise": text}
    answer = keeper.client.get(keeper.url("share_out"), asked)
    assert answer.status_code == 422 and "paise" in answer.context["form"].errors
