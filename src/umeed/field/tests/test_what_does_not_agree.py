"""A phone that has not what the server has, however often it asks, says so; one that should forget and cannot, does at
last."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from umeed.books.tests.conftest import kept, valley
from umeed.field.actions import ask_wipe, end_phone
from umeed.field.forgetting import IN_VAIN
from umeed.field.models import Device
from umeed.field.tests.making import Phone

__all__ = ["kept", "valley"]


def pages(officer: Client, phone: Phone) -> list[str]:
    addresses = (reverse("phones:list"), reverse("phones:phone", args=[phone.device.pk]))
    return [officer.get(address).content.decode() for address in addresses]


def test_the_officer_reads_that_a_phone_does_not_agree_and_since_when(phone: Phone, officer: Client) -> None:
    phone.sync()
    assert not any("do not agree" in page for page in pages(officer, phone))
    phone.sync(counts={"waiting": 0, "refused": 0, "differs": 2})
    since = phone.device.differs_since
    phone.sync(counts={"waiting": 0, "refused": 0, "differs": 1})
    assert phone.device.differs_since == since is not None
    assert all("do not agree on 1 group" in page for page in pages(officer, phone))
    phone.sync(counts={"waiting": 0, "refused": 0, "differs": 0})
    assert phone.device.differs_since is None and not any("do not agree" in page for page in pages(officer, phone))


@pytest.mark.parametrize("is_ended", [True, False])
def test_what_is_never_taken_keeps_a_phone_from_forgetting_for_a_week_at_the_most(
    phone: Phone, officer: Client, is_ended: bool
) -> None:
    by = phone.officer
    end_phone(by=by, device=phone.device.pk, why="Lost") if is_ended else ask_wipe(
        by=by, device=phone.device.pk, why="Sold"
    )
    stuck = {"counts": {"waiting": 1, "refused": 0}}
    # While it still brings what it can, nothing is reckoned with.
    assert phone.sync(parts=False, **stuck)["wipe"] is False and phone.device.wipe_waits_since is None
    assert phone.sync(**stuck)["wipe"] is False and phone.device.wipe_waits_since is not None
    assert "could not be taken" in pages(officer, phone)[1]
    _days_ago(phone, IN_VAIN - datetime.timedelta(hours=1))
    assert phone.sync(**stuck)["wipe"] is False
    _days_ago(phone, IN_VAIN)
    assert phone.sync(parts=False, **stuck)["wipe"] is False, "it may bring it yet"
    assert phone.sync(**stuck)["wipe"] is True and phone.device.wipe_told_at is not None
    assert "could not be taken" not in pages(officer, phone)[1]


def test_a_phone_whose_work_was_taken_forgets_at_once(phone: Phone) -> None:
    ask_wipe(by=phone.officer, device=phone.device.pk, why="Sold")
    assert phone.sync(counts={"waiting": 1, "refused": 0})["wipe"] is False
    assert phone.sync(counts={"waiting": 0, "refused": 3})["wipe"] is True, "what was refused lies here"
    assert phone.device.wipe_waits_since is None


def _days_ago(phone: Phone, age: datetime.timedelta) -> None:
    Device.objects.filter(pk=phone.device.pk).update(wipe_waits_since=timezone.now() - age)
