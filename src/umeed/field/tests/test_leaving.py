"""A bookkeeper who signs out on a phone, or whose posting ended: who looks after that phone then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from umeed.access.models import Posting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.writing import text_of
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.models import AuditEntry
from umeed.field.actions import undo_end
from umeed.field.models import Command, Device
from umeed.field.tests.making import Phone
from umeed.field.tests.test_receiving import first, leaves
from umeed.institutions.tests.making import make_group, officer_at, signed_in, us

__all__ = ["kept", "valley"]


def pages(client: Client, phone: Phone, state: str = "ended") -> list[str]:
    addresses = f"{reverse('phones:list')}?state={state}", reverse("phones:phone", args=[phone.device.pk])
    return [text_of(client.get(address, headers={"accept-language": "en"})) for address in addresses]


def test_who_signs_out_ends_her_phone_and_the_officer_reads_it(kept: Any, phone: Phone, officer: Client) -> None:
    phone.sync()
    assert phone.post("leave", {}).status_code == 200
    assert phone.post("leave", {}).status_code == 200, "said twice, since the answer was lost"
    listed, shown = pages(officer, phone)
    assert "Signed out by her" in listed and "Signed out by her on" in shown and "take it back" not in shown
    entry = AuditEntry.objects.filter(did="leave_phone").first()
    assert entry is not None and entry.actor == str(phone.owner.pk)
    with pytest.raises(Refused):
        undo_end(by=phone.officer, device=phone.device.pk, why="It was another")
    # Whoever has a copy of its token posts nothing.
    assert phone.send(first(kept)) == ["held"] and Command.objects.get().state == "held"


def test_a_phone_that_was_ended_before_stays_ended_by_whoever_ended_it(phone: Phone, officer: Client) -> None:
    address = reverse("phones:phone", args=[phone.device.pk])
    officer.post(address, {"do": "end", "why": "Lost"})
    phone.post("leave", {})
    assert phone.device.ended_why == "Lost" and "Signed out by her" not in pages(officer, phone)[1]


def test_nobody_without_a_token_leaves_for_her(phone: Phone) -> None:
    assert Client().post("/field/api/leave").status_code == 401 and phone.device.ended_at is None


def test_the_block_in_which_she_kept_books_looks_after_her_phone_also_when_her_posting_ended(
    valley: Any, kept: Any, phone: Phone, officer: Client
) -> None:
    phone.sync()
    leaves(phone)
    assert "Bookkeeper" in pages(officer, phone, "")[0]
    officer_at(valley.walnut, username="elsewhere")
    assert "Bookkeeper" not in pages(signed_in("elsewhere"), phone, "")[0]
    # She keeps books elsewhere now: they look after it there too, and here it stays in sight.
    with audited(by=us(), did="post_person"):
        there = make_group(valley.walnut, "Gulab")
        from_then = since(date(2026, 1, 2))
        Posting(user=phone.owner, role="group_bookkeeper", institution_id=there.pk, during=from_then).save()
    assert "Bookkeeper" in pages(signed_in("elsewhere"), phone, "")[0]
    assert "Bookkeeper" in pages(officer, phone, "")[0]
    officer.post(reverse("phones:phone", args=[phone.device.pk]), {"do": "lost", "why": "She keeps books no more here"})
    assert Device.objects.get().ended_at is not None
