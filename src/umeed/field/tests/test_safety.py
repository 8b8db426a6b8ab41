"""What a thief, a jealous relative, a dishonest bookkeeper and a curious officer try, one after the other."""

from __future__ import annotations

import gzip
import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from umeed.access.capabilities import ROLES
from umeed.books.tests.conftest import keep, kept, valley
from umeed.books.tests.writing import text_of
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.models import AuditChange
from umeed.core.scope import Grant, Scope
from umeed.core.seal import opened_bytes
from umeed.core.viewer import as_viewer
from umeed.field.actions import ask_wipe, end_phone, give_code, undo_end
from umeed.field.actions.pages import PURPOSE
from umeed.field.models import Command, Device, Page
from umeed.field.telling import may_look, told_of
from umeed.field.tests.making import Phone, command
from umeed.field.tests.test_pages_of_books import picture, send
from umeed.field.tests.test_receiving import first, leaves
from umeed.field.views.phone import MOST_ENROLLING
from umeed.institutions.actions import correct_woman
from umeed.institutions.models import Membership, Woman
from umeed.institutions.tests.making import bookkeeper_of, codes_of, make_group, us

__all__ = ["kept", "valley"]


def a_woman(kept: Any) -> Woman:
    return Woman.objects.get(pk=Membership.objects.filter(institution=kept.group).order_by("pk").values("woman")[:1])


# A phone that was enrolled anew and then stolen -----------------------------------------------------------------------


def test_who_steals_a_phone_has_no_use_of_its_older_key(kept: Any, phone: Phone) -> None:
    newer = Phone(phone.officer, phone=phone.phone).enrol()
    newest = Phone(phone.officer, phone=phone.phone).enrol()
    assert [one.sync()["wipe"] for one in (phone, newer, newest)] == [False] * 3
    end_phone(by=phone.officer, device=newest.device.pk, why="Stolen", wipe=True)
    for one in (phone, newer, newest):
        told = one.sync(first(kept))
        assert (told["answers"][0]["state"], told["wipe"], told["groups"]) == ("held", True, [])
    with pytest.raises(Refused) as refused:
        undo_end(by=phone.officer, device=phone.device.pk, why="It is here")
    assert "not_ended" in codes_of(refused)


def test_who_ends_a_lost_phone_is_told_of_others_who_used_it(kept: Any, phone: Phone, officer: Client) -> None:
    bookkeeper_of(kept.group, username="sister")
    sister = Phone(phone.officer, "sister", phone.phone).enrol()
    for one, is_told in ((phone, True), (sister, False)):
        address = reverse("phones:phone", args=[one.device.pk])
        told = text_of(officer.post(address, {"do": "lost", "why": "On the bus"}, follow=True))
        assert ("end theirs" in told) is is_told


def test_an_older_key_forgets_with_the_phone_that_is_sold(phone: Phone) -> None:
    newer = Phone(phone.officer, phone=phone.phone).enrol()
    ask_wipe(by=phone.officer, device=newer.device.pk, why="Sold")
    assert phone.sync()["wipe"] and Device.objects.get(pk=phone.device.pk).is_trusted


# Who is nobody yet ----------------------------------------------------------------------------------------------------


def test_nobody_makes_the_server_read_much_before_she_is_known(phone: Phone) -> None:
    said = {"code": "AAAAAAAAAA", "public_key": phone.jwk, "phone": str(uuid4()), "label": "x"}
    large = json.dumps({**said, "more": "x" * MOST_ENROLLING}).encode()
    stranger = Client()
    for raw, packed in ((large, {}), (gzip.compress(large), {"content-encoding": "gzip"})):
        answer = stranger.post("/field/api/enrol", raw, content_type="application/json", headers=packed)
        assert answer.status_code == 400 and "more than can be sent at once" in answer.json()["detail"]
    assert stranger.post("/field/api/enrol", said, content_type="application/json").status_code == 422
    code = give_code(by=phone.officer, owner=phone.owner)
    enrolled = stranger.post("/field/api/enrol", {**said, "code": code}, content_type="application/json")
    assert enrolled.status_code == 200


# What somebody learns who may not -------------------------------------------------------------------------------------

BESIDE_HERS = {"religion": "hindu", "social_category": "sc", "disability": "self", "guardian_name": "Ghulam Nabi"}


def test_a_conflict_tells_no_field_that_the_bookkeeper_may_write_and_not_see(kept: Any, phone: Phone) -> None:
    woman = a_woman(kept)
    number = {"account_number": "31234567890", "ifsc": "JAKA0TULAIL", "account_name": "Zooni"}
    correct_woman(by=us(), woman=woman.pk, address="By the bridge", **BESIDE_HERS, **number)
    number = {"account_number": "39999999999", "ifsc": "JAKA0DAWARX", "account_name": "x"}
    beside = {"religion": "sikh", "social_category": "st", "disability": "family", "guardian_name": "x"}
    changes = {**beside, **number, "address": "Above it"}
    said = {"woman": str(woman.pk), "revision": woman.revision, "changes": changes, "why": ""}
    answer = phone.sync(command("correct_woman", kept.group.pk, said))["answers"][0]
    assert answer["state"] == "conflict", answer
    stands = answer["with"]["stands"]
    assert stands.pop("address") == "By the bridge" and set(stands) == set(changes) - {"address"}
    assert set(stands.values()) == {"••••••"}


def held_correction(kept: Any, phone: Phone) -> Command:
    leaves(phone)
    changes = {"phone": "9419012345", "account_number": "31234567890", "address": "By the bridge"}
    said = {"woman": str(a_woman(kept).pk), "revision": 1, "why": "", "changes": changes}
    assert phone.send(command("correct_woman", kept.group.pk, said)) == ["held"]
    return Command.objects.get()


def test_an_officer_sees_a_covered_field_of_what_was_sent_only_when_she_asks_and_it_is_kept(
    kept: Any, phone: Phone, officer: Client
) -> None:
    row = held_correction(kept, phone)
    address = reverse("phones:command", args=[row.pk])
    shown = officer.get(address)
    assert "By the bridge" in text_of(shown) and shown.headers["Cache-Control"] == "no-store"
    assert not any(secret in shown.content.decode() for secret in ("9419012345", "31234567890"))
    assert not AuditChange.objects.filter(table="field_command", kind=AuditChange.READ).exists()
    looked = officer.post(address, {"field": "phone"})
    assert "9419012345" in text_of(looked) and "31234567890" not in text_of(looked)
    (entry,) = AuditChange.objects.filter(table="field_command", kind=AuditChange.READ)
    assert (entry.subject_id, entry.after) == (str(row.pk), {"fields": ["phone"]})
    assert entry.entry.did == "look_at_sealed" and entry.entry.place_id == kept.group.place_id
    assert officer.get(f"{address}?field=phone").content.decode().count("9419012345") == 0
    for field in ("ifsc", "address", "name", "x"):
        assert officer.post(address, {"field": field}).status_code == 404
    Command.objects.filter(pk=row.pk).update(said="")
    assert officer.post(address, {"field": "phone"}).status_code == 404


def test_who_may_see_accounts_elsewhere_only_is_not_asked_here(kept: Any, phone: Phone) -> None:
    row = held_correction(kept, phone)
    here = Grant("block_officer", ROLES["block_officer"].capabilities - {"women.see_bank"}, kept.group.place_id)
    elsewhere = Grant("accounts", frozenset({"women.see_bank"}), -1)
    by = Scope("x", "x", phone.officer.today, (here, elsewhere))
    assert may_look(by, row, "phone") and not may_look(by, row, "account_number")
    told = told_of(by, row, "account_number")
    assert {key for _what, _said, key in told.covered} == {"phone", ""} and "31234567890" not in str(told)


# What hurts an officer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["close_meeting", "write_cut_off", "correct_woman", "add_woman", "attach_page"])
def test_nothing_that_is_held_breaks_the_page_on_which_it_is_turned_down(
    kept: Any, phone: Phone, officer: Client, kind: str
) -> None:
    leaves(phone)
    junk: list[Any] = ["x" * 100_000, 5, 1.5, True, "x", [], [[]], {}, {"on": {}}, {"on": "x" * 9000}]
    sent = [command(kind, kept.group.pk, {"document": one, "changes": one, "meeting": one, "phone": one, "why": one})
            for one in junk]  # fmt: skip
    assert set(phone.send(*sent)) == {"held"}
    for row in Command.objects.all():
        shown = officer.get(reverse("phones:command", args=[row.pk]))
        assert shown.status_code == 200 and len(shown.content) < 40_000, row.said
        answer = officer.post(reverse("phones:command", args=[row.pk]), {"do": "turn_down", "why": "Nonsense"})
        assert answer.status_code == 302


# Pictures -------------------------------------------------------------------------------------------------------------


def test_a_picture_does_not_say_where_it_was_taken(kept: Any, phone: Phone) -> None:
    plain = picture()
    beside = b"".join(
        b"\xff" + bytes([mark]) + (len(said) + 2).to_bytes(2, "big") + said
        for mark, said in ((0xE1, b"Exif\0\0 GPS 34.52N 74.85E"), (0xED, b"Photoshop 3.0"), (0xFE, b"Rifat's phone"))
    )
    raw, uid = plain[:2] + beside + plain[2:], str(uuid4())
    for _again in range(2):
        assert send(phone, uid, raw).status_code == 200
    assert opened_bytes(bytes(Page.objects.get().picture), PURPOSE) == plain


# An account that was switched off, another's rows ---------------------------------------------------------------------


def test_the_phone_of_an_account_that_was_switched_off_is_told_nothing_and_posts_nothing(
    kept: Any, phone: Phone
) -> None:
    assert phone.sync()["groups"]
    phone.owner.is_active = False
    with audited(by=us(), did="switch_off"):
        phone.owner.save()
    told = phone.sync(first(kept), have={str(kept.group.pk): {}})
    assert (told["answers"][0]["state"], told["groups"], told["gone"]) == ("held", [], [str(kept.group.pk)])
    carried = phone.post("carried", phone.envelope(first(kept)))
    assert carried.json()["answers"][0]["state"] == "held"


def test_the_database_shows_one_bookkeeper_nothing_that_another_one_sent(valley: Any, kept: Any, phone: Phone) -> None:
    group = keep(make_group(valley.deodar, "Gulab", members=5)).group
    stranger = bookkeeper_of(group, username="stranger")
    one, raw = first(kept), picture()
    assert phone.send(one) == ["accepted"] and send(phone, str(uuid4()), raw).status_code == 200
    leaves(phone)
    assert phone.send(first(kept)) == ["held"]
    seen = []
    for viewer in (stranger.viewer, "", str(uuid4())):
        with as_viewer(viewer), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] == "umeed_app"
            for table, column in (("field_command", "owner_id"), ("field_page", "owner_id"), ("books_meeting", "id")):
                cursor.execute(f"SELECT {column} FROM {table}")
                seen += cursor.fetchall()
            cursor.execute("SELECT id FROM institutions_woman WHERE id = ANY(%s)", [[one.pk for one in kept.women]])
            seen += cursor.fetchall()
    assert seen == []
