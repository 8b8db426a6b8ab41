"""Passwords that are easy to guess are told why."""

import pytest
from django.core.exceptions import ValidationError

from umeed.access.models import User
from umeed.access.passwords import NotEasyToGuess, why_easy_to_guess


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("aaaaaaaaaaaa", "few_signs"),
        ("1212121212", "few_signs"),
        ("1234567890", "a_run"),
        ("qwertyuiopa", "a_run"),
        ("9876543210x", "a_run"),
        ("20252026!!", "a_year"),
        ("x19471948y", "a_year"),
        ("Umeed@123", "common_word"),
        ("kashmirjammu1", "common_word"),
        ("shabnam77!", "own_name"),
    ],
)
def test_easy(password, code) -> None:
    assert code in why_easy_to_guess(password, own_words=("Shabnam", "Akhtar"))


@pytest.mark.parametrize(
    "password", ["plough-apricot-jhelum-maina", "kT9v#mQ2pLs", "leh to kargil by the river", "چناب-سیب-بلبل-قلم"]
)
def test_fine(password) -> None:
    assert why_easy_to_guess(password, own_words=("Shabnam",)) == []


def test_the_validator_tells_every_reason_and_a_better_way() -> None:
    person = User(username="shabnam", name="Shabnam Akhtar")
    with pytest.raises(ValidationError) as told:
        NotEasyToGuess().validate("shabnam1234", person)
    assert {error.code for error in told.value.error_list} == {"own_name"}
    assert "four words" in NotEasyToGuess().get_help_text()
