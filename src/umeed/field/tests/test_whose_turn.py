"""All of a group is compared now and then, though nothing came to it: of a phone that brings nothing, once a day."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import pytest

from umeed.books.tests.conftest import kept, valley
from umeed.field.bundles import difference
from umeed.field.bundles.difference import whose_turn
from umeed.field.bundles.digests import digest_of
from umeed.field.models import Mark
from umeed.field.tests.making import Phone, command
from umeed.kernel.ids import new_id

__all__ = ["kept", "valley"]
ALWAYS = 1


def _spoilt(phone: Phone) -> None:
    """The phone has all but what it has of the women, which is wrong; and nothing came since."""
    groups = phone.sync(rows=True)["groups"]
    phone.have = {
        one["id"]: {"sheets": one["has"]["last"], "since": one["sheets"]["since"],
                    "parts": {name: digest_of(part) for name, part in one["parts"].items()} | {"women": "x" * 16}}
        for one in groups
    }  # fmt: skip
    Mark.objects.all().delete()


def _parts(told: dict[str, Any]) -> list[set[str]]:
    return [set(one["parts"]) for one in told["groups"]]


@pytest.fixture
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(difference, "CHECKED_EVERY", ALWAYS)


@pytest.mark.usefixtures("_always")
def test_a_phone_that_brings_nothing_is_compared_once_a_day(phone: Phone, kept: Any) -> None:
    _spoilt(phone)
    device = phone.device
    assert device.compared_on is not None, "the first contact told it all"
    assert _parts(phone.sync(rows=True)) == []
    type(device).objects.update(compared_on=device.compared_on - datetime.timedelta(days=1))
    assert _parts(phone.sync(rows=True)) == [{"women"}]
    assert phone.device.compared_on == device.compared_on
    assert _parts(phone.sync(rows=True)) == []


@pytest.mark.usefixtures("_always")
def test_a_phone_that_brings_work_does_not_wait_for_it_but_seldom(
    phone: Phone, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _spoilt(phone)
    type(phone.device).objects.update(compared_on=None)
    work = command("take_back_meeting", kept.group.pk, {"meeting": str(new_id()), "why": "wrong day"})
    monkeypatch.setattr(difference, "WEEKS", 10**40)
    assert _parts(phone.sync(work, rows=True)) == [] and phone.device.compared_on is None
    monkeypatch.setattr(difference, "WEEKS", ALWAYS)
    assert _parts(phone.sync(work | {"id": str(new_id())}, rows=True)) == [{"women"}]
    assert phone.device.compared_on is None, "the turn of those that were not compared is still to come"


def test_each_group_has_its_turn_and_work_has_it_among_sevenfold_as_many_days() -> None:
    groups = [UUID(int=number * 7919) for number in range(400)]
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=day) for day in range(29 * 7)]
    for brings, each in ((False, 7), (True, 1)):
        turns = [pk for day in days for pk in whose_turn(groups, day, brings=brings)]
        assert {turns.count(pk) for pk in groups} == {each}
