"""What the office can do so that nothing about a sheet needs a phone call: with what was refused, with what stands
against another, with a phone that is gone; and what it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from umeed.access.models import User
from umeed.books.models import Clash, Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.writing import text_of
from umeed.core.models import AuditEntry
from umeed.field.models import Command, Device, Page
from umeed.field.tests.making import Phone
from umeed.field.tests.test_office import page
from umeed.field.tests.test_pages_of_books import attaching, picture, send
from umeed.field.tests.test_receiving import first, leaves, second
from umeed.institutions.tests.making import bookkeeper_of, officer_at, signed_in

__all__ = ["kept", "valley"]


def decide(client: Client, row: Command, do: str, why: str = "By the signed page") -> Any:
    return client.post(reverse("phones:command", args=[row.pk]), {"do": do, "why": why})


@pytest.fixture
def too_early(kept: Any, phone: Phone) -> dict[str, Any]:
    """The second meeting came without the first and was refused; then her posting ended."""
    later = second(kept)
    assert phone.send(later) == ["refused"]
    return later


def test_refused_work_of_a_group_that_is_hers_no_more_is_let_in_once_its_reason_is_gone(
    kept: Any, phone: Phone, officer: Client, too_early: dict[str, Any]
) -> None:
    row = Command.objects.get()
    leaves(phone)
    shown = page(officer, "command", row.pk)
    assert "Let it in as it is" in shown and "She kept this book until" in shown
    assert decide(officer, row, "let_in", "").status_code == 422
    assert decide(officer, row, "let_in").status_code == 302
    row.refresh_from_db()
    assert row.state == "refused" and not Meeting.objects.exists(), "its reason is there still"
    bookkeeper_of(kept.group, username="second")
    assert Phone(phone.officer, "second").enrol().send(first(kept)) == ["accepted"]
    assert decide(officer, row, "let_in").status_code == 302
    told = phone.sync(open=[too_early["id"]])["answers"][0]
    assert told["state"] == "known" and str(Meeting.objects.get(number=2).pk) == too_early["id"]
    assert AuditEntry.objects.filter(did="let_in_command", why="By the signed page").count() == 2


def test_refused_work_is_put_aside_with_a_reason_that_she_reads(
    phone: Phone, officer: Client, too_early: dict[str, Any]
) -> None:
    row = Command.objects.get()
    leaves(phone)
    assert decide(officer, row, "put_aside", "").status_code == 422
    assert decide(officer, row, "put_aside", "It stands in another book").status_code == 302
    assert "Nothing lies here" in page(officer, "inbox", state="refused")
    told = phone.sync(open=[too_early["id"]])["answers"][0]
    assert told["state"] == "aside" and told["why"]["values"] == {"name": "Officer", "why": "It stands in another book"}
    assert decide(officer, row, "put_aside").status_code == 422


def test_what_was_put_aside_she_may_still_mend(kept: Any, phone: Phone, officer: Client) -> None:
    wrong = first(kept)
    wrong["said"]["document"]["counted"] = 7
    assert phone.send(wrong) == ["refused"]
    decide(officer, Command.objects.get(), "put_aside")
    right = {**wrong, "try": 2, "said": {**wrong["said"], "document": {**wrong["said"]["document"], "counted": 250_00}}}
    assert phone.send(right) == ["accepted"]


def test_the_page_of_a_conflict_leads_the_officer_to_where_she_settles_it(
    kept: Any, phone: Phone, officer: Client
) -> None:
    phone.send(first(kept))
    phone.send(first(kept, 60))
    row = Command.objects.get(state="conflict")
    assert "Say which one holds" in page(officer, "command", row.pk)
    url = reverse("books:clashes", args=[kept.group.pk])
    sent = {"clash": row.clash_id, "settled": "replaced", "why": "By the signed page"}
    assert officer.post(url, sent).status_code == 302
    assert phone.sync(open=[str(row.uid)])["answers"][0]["state"] in ("accepted", "known")
    assert Clash.objects.get().settled_by == phone.officer.viewer
    assert "The meeting in the book" in page(officer, "command", row.pk), "under the id that it got"


def test_a_photo_of_a_signed_page_is_found_from_what_came_and_from_the_book(
    kept: Any, phone: Phone, officer: Client
) -> None:
    one, raw = first(kept), picture()
    photo = attaching(kept, one["id"], raw)
    send(phone, photo["id"], raw)
    assert phone.send(one, photo) == ["accepted", "accepted"]
    at = reverse("phones:picture", args=[Page.objects.get().pk])
    command = officer.get(reverse("phones:command", args=[Command.objects.get(kind="attach_page").pk]))
    held = officer.get(reverse("books:meeting", args=[kept.group.pk, one["id"]]))
    assert at in command.content.decode() and at in held.content.decode()
    assert officer.get(at).content == raw and AuditEntry.objects.get(did="look_at_page").place_id == kept.group.place_id
    assert "The signed page" not in text_of(signed_in("bookkeeper").get(reverse("books:home", args=[kept.group.pk])))


def test_a_stolen_phone_is_ended_for_each_at_once(kept: Any, phone: Phone, officer: Client) -> None:
    bookkeeper_of(kept.group, username="sister")
    other = Phone(phone.officer, "sister", phone.phone).enrol()
    url = reverse("phones:phone", args=[phone.device.pk])
    assert "Lost or stolen: end it for each" in text_of(officer.get(url))
    assert officer.post(url, {"do": "lost_each", "why": ""}).status_code == 422 and phone.device.ended_at is None
    assert officer.post(url, {"do": "lost_each", "why": "Taken at the bus stand"}).status_code == 302
    for device in (phone.device, other.device):
        assert device.ended_at and device.wipe_asked_at and device.ended_why == "Taken at the bus stand"
    assert "end it for each" not in text_of(officer.get(url))


def test_what_is_known_of_a_phone_that_was_told_to_forget(kept: Any, phone: Phone, officer: Client) -> None:
    url = reverse("phones:phone", args=[phone.device.pk])
    officer.post(url, {"do": "wipe", "why": "Sold"})
    phone.sync(counts={"waiting": 2, "refused": 0})
    assert phone.device.wipe_told_at is None and "It may keep what it has" in text_of(officer.get(url))
    assert phone.sync(first(kept), counts={"waiting": 1, "refused": 0})["wipe"] is True
    shown = text_of(officer.get(url))
    assert "Told to forget" in shown and "It may keep what it has" not in shown
    assert phone.device.told_waiting == 0, "what it brought waits on it no more"


@pytest.mark.parametrize(("off", "words"), [
    (timedelta(minutes=20), ""), (timedelta(hours=3), "3 hours ahead"), (timedelta(days=-400), "400 days behind"),
])  # fmt: skip
def test_a_wrong_clock_is_shown(phone: Phone, officer: Client, off: timedelta, words: str) -> None:
    phone.sync(clock=(timezone.now() + off).isoformat())
    shown = page(officer, "phone", phone.device.pk), page(officer, "list")
    assert all((words in text and bool(words)) or "Its clock" not in text for text in shown)
    assert ("Its clock" in shown[0]) is bool(words)
    Device.objects.update(told_clock="yesterday")
    assert "Its clock" not in page(officer, "phone", phone.device.pk)


def test_what_no_officer_of_the_block_can_decide_says_so(valley: Any, kept: Any, phone: Phone, officer: Client) -> None:
    leaves(phone)
    phone.send(first(kept))
    assert "No officer of its block" not in page(officer, "inbox")
    User.objects.filter(username="officer").update(is_active=False)
    cache.clear()
    officer_at(valley.upper, "district_officer", username="district")
    above = signed_in("district")
    assert "No officer of its block can sign in" in page(above, "inbox")
    assert "the district or the mission decides" in page(above, "command", Command.objects.get().pk)
    assert decide(above, Command.objects.get(), "let_in").status_code == 302 and Meeting.objects.exists()
