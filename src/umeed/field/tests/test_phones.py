"""Enrolling a phone, its first conversation, ending it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from umeed.books.models import Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import meeting, saved
from umeed.field.models import Command
from umeed.field.tests.making import Phone, closing
from umeed.institutions.tests.making import bookkeeper_of, officer_at

__all__ = ["kept", "valley"]


@pytest.fixture
def phone(kept: Any) -> Phone:
    cache.clear()
    bookkeeper_of(kept.group)
    return Phone(officer_at(kept.group.place))


def test_a_phone_is_enrolled_and_closes_a_meeting(kept: Any, phone: Phone) -> None:
    phone.enrol()
    assert phone.told["name"] == "Bookkeeper" and phone.told["server_key"]
    said = closing(kept.group.pk, meeting(kept, savings=saved(kept), counted=250_00))
    told = phone.sync(said)
    answer = told["answers"][0]
    assert (answer["state"], answer["receipt"]) == ("accepted", Command.objects.get().pk)
    assert [one["id"] for one in told["groups"]] == [str(kept.group.pk)] and told["wipe"] is False
    assert Meeting.objects.get().closed_by == str(phone.owner.pk)
    again = phone.sync(said)["answers"][0]
    assert (again["state"], again["receipt"]) == ("known", answer["receipt"])
    assert Command.objects.get().said == ""
