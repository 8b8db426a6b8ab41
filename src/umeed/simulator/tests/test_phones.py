"""Phones of the demonstration: what the block officer finds on her pages, once however often it is loaded."""

from __future__ import annotations

import html
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from umeed.access.models import User
from umeed.access.scope import scope_of
from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Meeting
from umeed.core.viewer import as_system
from umeed.field import rules
from umeed.field.actions.letting_in import let_in
from umeed.field.models import Command, Device
from umeed.field.queries import inbox
from umeed.simulator import sign_ins, sizes
from umeed.simulator.management.commands import load_demo
from umeed.simulator.phones.showing import KEEPERS
from umeed.simulator.sizes import Size

SMALL = Size("small", 40, 2, 1, 1, panchayats_a_block=2, villages_a_block=3)
STATES = {"accepted": 3, "refused": 1, "conflict": 1, "held": 2}
KEPT = sorted(one.name for one in KEEPERS)


@pytest.fixture
def demonstration(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """A small one, loaded by the command itself; but for the VACUUM at its end, which no transaction can hold."""
    monkeypatch.setattr(load_demo, "tidied", lambda: None)
    monkeypatch.setitem(sizes.SIZES, "small", SMALL)
    monkeypatch.setitem(sizes.SIZES, "village", SMALL)
    settings.DATA, settings.MODE, settings.SECOND_FACTOR = tmp_path, "demonstration", "none"
    load()


def load() -> None:
    call_command("load_demo", size="village", verbosity=0)


def counted() -> tuple[Counter[str], list[str], int, int]:
    with as_system():
        states = Counter(Command.objects.values_list("state", flat=True))
        owners = sorted(Device.objects.values_list("owner__name", flat=True))
        return states, owners, Meeting.objects.count(), User.objects.count()


def opened(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return html.unescape(answer.content.decode())


def test_the_officer_finds_phones_at_work_and_a_second_load_adds_none(demonstration: None) -> None:
    once = counted()
    assert (once[0], once[1]) == (STATES, KEPT)
    load()
    assert counted() == once
    officer = Client()
    assert officer.login(username="block", password=sign_ins.password())
    _sees_phones(officer)
    _sees_what_they_sent(officer)
    _may_let_in_all_that_is_held()
    with as_system():
        assert first_difference() is None and first_disagreement() is None


def _sees_phones(officer: Client) -> None:
    listed = opened(officer, "/phones/")
    for who in KEEPERS:
        assert (who.name in listed) == (who.username != "afroza"), who
    for words in ("1 to be mended", "1 held for you", "behind", "Silent", "In use"):
        assert words in listed, words
    assert "Khalida Bano" in opened(officer, "/phones/?state=silent")
    assert "Afroza Begum" in opened(officer, "/phones/?state=ended")


def _sees_what_they_sent(officer: Client) -> None:
    held = opened(officer, "/phones/inbox/")
    assert rules.PHONE_ENDED in held and rules.NOT_HERS in held
    twice = opened(officer, "/phones/inbox/?state=conflict")
    assert "Bilqees Begum" in twice
    refused = opened(officer, "/phones/inbox/?state=refused")
    assert "Kulsuma Akhter" in refused and "Say why there is ₹20 less." in refused
    phone = Device.objects.get(owner__username="masrat")
    assert "Accepted" in opened(officer, f"/phones/{phone.pk}/")


def _may_let_in_all_that_is_held() -> None:
    """What was held was only held: it is good."""
    by = scope_of(User.objects.get(username="block"))
    with as_system():
        for row in list(inbox(by, "held")):
            assert let_in(by=by, command=row.pk, why="The president brought the register").state == "accepted"
