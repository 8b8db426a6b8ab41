"""Pictures of signed pages: apart from their command, in either order, sealed, and nothing but pictures."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from umeed.books.tests.conftest import kept, valley
from umeed.core.seal import opened_bytes
from umeed.field.actions.pages import PURPOSE
from umeed.field.jpeg import MOST_BYTES, size_of
from umeed.field.models import Page
from umeed.field.tests.making import Phone, command
from umeed.field.tests.test_receiving import first

__all__ = ["kept", "valley"]


def picture(width: int = 640, height: int = 480, padding: int = 50) -> bytes:
    """The skeleton of a JPEG: no pixel of it is ever looked at here."""
    frame = bytes([8]) + height.to_bytes(2, "big") + width.to_bytes(2, "big") + bytes([1, 1, 0x11, 0])
    parts = [(0xE0, b"JFIF\0" + bytes(9)), (0xDB, bytes(65)), (0xC0, frame), (0xC4, bytes(20)), (0xDA, bytes(6))]
    body = b"".join(b"\xff" + bytes([mark]) + (len(said) + 2).to_bytes(2, "big") + said for mark, said in parts)
    return b"\xff\xd8" + body + b"\x42" * padding + b"\xff\xd9"


def attaching(kept: Any, meeting: str, raw: bytes) -> dict[str, Any]:
    said = {"meeting": meeting, "sha256": hashlib.sha256(raw).hexdigest(), "width": 640, "height": 480}
    return command("attach_page", kept.group.pk, said, after=[meeting])


def send(phone: Phone, uid: str, raw: bytes) -> Any:
    return phone.client.post(
        f"/field/api/page/{uid}", raw, content_type="image/jpeg",
        headers={"authorization": f"Device {phone.told['token']}"},
    )  # fmt: skip


@pytest.mark.parametrize("comes_first", [True, False])
def test_a_picture_comes_before_or_after_its_command(kept: Any, phone: Phone, comes_first: bool) -> None:
    one, raw = first(kept), picture()
    page = attaching(kept, one["id"], raw)
    assert phone.send(one) == ["accepted"]
    if comes_first:
        assert send(phone, page["id"], raw).json()["answers"][0]["state"] == "unknown"
        assert phone.send(page) == ["accepted"]
    else:
        told = phone.sync(page)["answers"][0]
        assert (told["state"], told["why"]["code"]) == ("waits", "no_picture")
        assert send(phone, page["id"], raw).json()["answers"][0]["state"] == "accepted"
    assert send(phone, page["id"], raw).status_code == 200 and phone.send(page) == ["known"]
    row = Page.objects.get()
    assert (str(row.meeting), row.group, row.width, row.height) == (one["id"], kept.group.pk, 640, 480)
    with connection.cursor() as cursor:
        cursor.execute("SELECT picture FROM field_page")
        kept_bytes = bytes(cursor.fetchone()[0])
    assert raw[:40] not in kept_bytes and opened_bytes(kept_bytes, PURPOSE) == raw


def test_another_picture_than_was_announced_is_refused_and_one_that_stands_stays(kept: Any, phone: Phone) -> None:
    one, raw = first(kept), picture()
    page = attaching(kept, one["id"], raw)
    send(phone, page["id"], picture(padding=60))
    assert phone.send(one, page) == ["accepted", "refused"]
    other = attaching(kept, one["id"], raw)
    send(phone, other["id"], picture(padding=60))
    send(phone, other["id"], raw)
    assert phone.send(other) == ["accepted"]
    assert send(phone, other["id"], picture(padding=60)).status_code == 422


def test_of_a_meeting_of_another_group_there_is_no_page(kept: Any, phone: Phone) -> None:
    raw = picture()
    page = {**attaching(kept, str(uuid4()), raw), "after": []}
    send(phone, page["id"], raw)
    assert phone.send(page) == ["refused"]


@pytest.mark.parametrize("raw", [
    b"", b"<svg onload=alert(1)>", picture()[:-2], b"GIF89a" + picture(), picture(0, 5), picture(5, 5000),
    picture(padding=MOST_BYTES), picture()[:30] + b"\xff\xd9", b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xc0\xff\xff\xff\xd9",
    b"\xff\xd8\xff\xda\x00\x02\xff\xd9",
])  # fmt: skip
def test_what_is_no_picture_is_refused(phone: Phone, raw: bytes) -> None:
    assert size_of(raw) is None
    assert send(phone, str(uuid4()), raw).status_code in (413, 422) and not Page.objects.exists()


def test_a_meeting_has_so_many_pictures_and_no_more(kept: Any, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("umeed.field.commands.pages.MOST_OF_A_MEETING", 2)
    one = first(kept)
    phone.send(one)
    states = []
    for size in (51, 52, 53):
        raw = picture(padding=size)
        page = attaching(kept, one["id"], raw)
        send(phone, page["id"], raw)
        (told,) = phone.sync(page)["answers"]
        states.append(told["state"])
    assert states == ["accepted", "accepted", "refused"] and "as many photos" in told["reasons"][0]["text"]
    monkeypatch.setattr("umeed.field.commands.pages.MOST_OF_A_MEETING", 9)
    monkeypatch.setattr("umeed.field.commands.pages.MOST_BYTES_OF_A_MEETING", 600)
    raw = picture(padding=300)
    page = attaching(kept, one["id"], raw)
    send(phone, page["id"], raw)
    assert phone.send(page) == ["refused"]


@pytest.mark.parametrize(("what", "most"), [("MOST_IN_A_DAY", 2), ("MOST_BYTES_IN_A_DAY", 500)])
def test_within_a_day_so_many_pictures_are_taken(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, what: str, most: int
) -> None:
    monkeypatch.setattr(f"umeed.field.actions.pages.{what}", most)
    answers = [send(phone, str(uuid4()), picture(padding=50 + at)) for at in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 422]
    (reason,) = answers[-1].json()["reasons"]
    assert reason["code"] == "too_many", "the phone keeps it and sends it again"
    Page.objects.update(received_at=timezone.now() - datetime.timedelta(days=2))
    assert send(phone, str(uuid4()), picture(padding=59)).status_code == 200
