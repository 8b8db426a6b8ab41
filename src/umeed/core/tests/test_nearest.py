"""Whose language is not spoken here gets the nearest one, and is told so."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from umeed.core.nearest import NEAREST

pytestmark = pytest.mark.django_db


def told(client: Client, asked: str) -> tuple[str, str]:
    answer = client.get("/", headers={"Accept-Language": asked})
    return answer["Content-Language"], answer.content.decode()


@pytest.mark.parametrize(("asked", "spoken", "missing"), [
    ("ks-IN,en-IN;q=0.9", "ur", "کشمیری"), ("doi", "hi", "डोगरी"), ("bo,hi;q=0.5", "en", "Bhoti"),
    ("fr,ks;q=0.1", "ur", "کشمیری"),
])  # fmt: skip
def test_the_nearest_is_spoken_and_said_to_be_it(client: Client, asked: str, spoken: str, missing: str) -> None:
    language, page = told(client, asked)
    assert language == spoken and missing in page


@pytest.mark.parametrize("asked", ["ur-PK", "hi,ks;q=0.9", "en", "fr", "", "%%%", "ks;q=x"])
def test_nothing_is_said_of_a_language_that_is_spoken_or_not_known(client: Client, asked: str) -> None:
    language, page = told(client, asked)
    assert language in dict(settings.LANGUAGES) and "nearest" not in page and "کشمیری" not in page


def test_who_has_chosen_is_told_nothing_more(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "hi"
    language, page = told(client, "ks")
    assert language == "hi" and "کشمیری" not in page and "कश्मीरी" not in page


def test_what_is_nearest_is_spoken() -> None:
    assert {spoken for spoken, _called in NEAREST.values()} <= set(dict(settings.LANGUAGES)) and not set(NEAREST) & set(
        dict(settings.LANGUAGES)
    )
