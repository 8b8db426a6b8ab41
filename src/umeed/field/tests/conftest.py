"""What tests of the phone stand on: its JavaScript in Chromium (`javascript.py` says how), enrolled phones."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from umeed.field.tests.javascript import js
from umeed.field.tests.making import Phone
from umeed.institutions.tests.making import bookkeeper_of, officer_at, signed_in

__all__ = ["js"]


@pytest.fixture
def phone(kept: Any) -> Phone:
    """The phone of the bookkeeper of a group."""
    cache.clear()
    bookkeeper_of(kept.group)
    return Phone(officer_at(kept.group.place)).enrol()


@pytest.fixture
def two_phones(kept: Any) -> tuple[Phone, Phone]:
    """Two bookkeepers of one group, who know nothing of each other."""
    cache.clear()
    officer = officer_at(kept.group.place)
    for name in ("bookkeeper", "second"):
        bookkeeper_of(kept.group, username=name)
    return Phone(officer).enrol(), Phone(officer, "second").enrol()


@pytest.fixture
def officer(phone: Phone, settings: Any) -> Client:
    """The browser of the officer of its block."""
    settings.SECOND_FACTOR = "none"
    return signed_in("officer")
