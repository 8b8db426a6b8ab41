"""Pictures that no sheet has attached: which of them go, which count, and when the phone is told to send more."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from umeed.books.tests.conftest import kept, valley
from umeed.field.actions import pages
from umeed.field.actions.pages import DAYS_LOOSE, forget_loose
from umeed.field.models import Command, Page
from umeed.field.tests.making import Phone
from umeed.field.tests.test_pages_of_books import attaching, picture, send
from umeed.field.tests.test_put_away import away
from umeed.field.tests.test_receiving import first

__all__ = ["kept", "valley"]
_HOUR = 3600


def aged(days: int) -> None:
    Page.objects.update(received_at=timezone.now() - datetime.timedelta(days=days))


def test_pictures_go_that_nothing_will_ever_attach(kept: Any, phone: Phone) -> None:
    one = first(kept)
    kinds = ("stands", "put away", "waits", "mended", "nothing yet", "nothing ever")
    sent = {kind: attaching(kept, one["id"], picture(padding=60 + at)) for at, kind in enumerate(kinds)}
    for at, (kind, page) in enumerate(sent.items()):
        assert send(phone, page["id"], picture(padding=60 + at)).status_code == 200, kind
    never = {**sent["waits"], "after": [str(uuid4())]}
    other = {**sent["mended"], "said": {**sent["mended"]["said"], "sha256": "0" * 64}}
    assert phone.send(one, sent["stands"], never, other) == ["accepted", "accepted", "waits", "refused"]
    again = {**other, "try": 2, "after": [str(uuid4())]}
    assert phone.send(away(sent["put away"]), again) == ["aside", "waits"]
    Page.objects.filter(uid=sent["nothing ever"]["id"]).update(
        received_at=timezone.now() - datetime.timedelta(days=DAYS_LOOSE + 1)
    )
    assert forget_loose() == 2 and forget_loose() == 0
    left = {str(uid) for uid in Page.objects.values_list("uid", flat=True)}
    assert left == {sent[kind]["id"] for kind in ("stands", "waits", "mended", "nothing yet")}
    aged(DAYS_LOOSE * 9)
    assert forget_loose() == 1, "what waits or stands stays, however old"


def test_who_never_settles_old_pictures_may_send_new_ones(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_LOOSE", 2)
    answers = [send(phone, str(uuid4()), picture(padding=50 + at)) for at in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 422]
    (reason,) = answers[-1].json()["reasons"]
    assert (reason["code"], reason["values"]) == ("too_many", {"seconds": _HOUR})
    aged(DAYS_LOOSE + 1)
    assert send(phone, str(uuid4()), picture(padding=59)).status_code == 200


def test_the_phone_is_told_when_more_are_taken(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_IN_A_DAY", 2)
    for at in range(2):
        send(phone, str(uuid4()), picture(padding=50 + at))
    for minutes_ago, seconds in ((0, 24 * _HOUR), (60, 23 * _HOUR), (24 * 60 - 1, _HOUR // 4)):
        Page.objects.update(received_at=timezone.now() - datetime.timedelta(minutes=minutes_ago))
        (reason,) = send(phone, str(uuid4()), picture()).json()["reasons"]
        assert seconds - 60 <= reason["values"]["seconds"] <= seconds


def test_what_waits_for_a_picture_that_is_here_goes_on(kept: Any, phone: Phone) -> None:
    """The server went down between the picture and its sheet."""
    one, raw = first(kept), picture()
    page = attaching(kept, one["id"], raw)
    assert phone.send(one, page) == ["accepted", "waits"]
    pages.keep_page(device=phone.device, uid=page["id"], raw=raw)
    assert Command.objects.get(uid=page["id"]).state == "waits"
    phone.sync()
    assert Command.objects.get(uid=page["id"]).state == "accepted"
