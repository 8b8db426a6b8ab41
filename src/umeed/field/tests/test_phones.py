"""Enrolling a phone, its first conversation, ending it; what comes from who is no phone."""

from __future__ import annotations

import gzip
import inspect
import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from umeed.books.models import Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import meeting, saved
from umeed.core.actions import Refused
from umeed.core.models import AuditEntry
from umeed.field import sync as conversation
from umeed.field.actions import ask_wipe, end_phone, give_code, undo_end, undo_wipe
from umeed.field.commands.sent import MOST_DEEP
from umeed.field.devices import ALPHABET, MOST_WRONG
from umeed.field.lines import KIND as LINES
from umeed.field.models import Command, Device, PhoneCode
from umeed.field.tests.making import Phone, closing
from umeed.field.views.bodies import MOST_BYTES
from umeed.institutions.tests.making import bookkeeper_of, codes_of, officer_at, signed_in

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
    assert phone.device.last_synced_at is not None and phone.device.told_app == "test"


# Enrolling ------------------------------------------------------------------------------------------------------------


def test_a_code_is_good_once_for_one_phone_and_its_secrets_are_not_kept(phone: Phone) -> None:
    code = give_code(by=phone.officer, owner=phone.owner)
    assert len(code) == 10 and set(code) <= set(ALPHABET)
    phone.enrol(f"{code[:5].lower()}-{code[5:]} ")
    kept_of_it = json.dumps([list(PhoneCode.objects.values()), list(Device.objects.values())], default=str)
    assert code not in kept_of_it and phone.told["token"] not in kept_of_it
    other = Phone(phone.officer, phone.owner.username)
    answer = other.post("enrol", {"code": code, "public_key": other.jwk, "phone": str(other.phone), "label": ""})
    assert answer.status_code == 422 and "Ask the block office for a new one" in answer.json()["detail"]
    assert AuditEntry.objects.filter(did="enrol_phone").count() == 1


def test_the_same_phone_asks_again_because_the_answer_was_lost(phone: Phone) -> None:
    code = give_code(by=phone.officer, owner=phone.owner)
    first = dict(phone.enrol(code).told)
    phone.told = {}
    again = phone.enrol(code).told
    assert again["device"] == first["device"] and again["token"] != first["token"]
    phone.sync()
    answer = phone.post("sync", {"protocol": 1}, authorization=f"Device {first['token']}")
    assert answer.status_code == 401
    phone.told = {}
    said = {"code": code, "public_key": phone.jwk, "phone": str(phone.phone), "label": ""}
    assert phone.post("enrol", said).status_code == 422, "it has spoken since: somebody else shows the old code"


def test_a_newer_code_ends_the_older_and_an_old_one_opens_nothing(phone: Phone) -> None:
    older, newer = (give_code(by=phone.officer, owner=phone.owner) for _ in range(2))
    said = {"public_key": phone.jwk, "phone": str(phone.phone), "label": "x"}
    assert phone.post("enrol", {**said, "code": older}).status_code == 422
    PhoneCode.objects.filter(used_at=None).update(good_until=timezone.now() - timedelta(seconds=1))
    assert phone.post("enrol", {**said, "code": newer}).status_code == 422


def test_codes_are_not_guessed(phone: Phone) -> None:
    said = {"code": "AAAAAAAAAA", "public_key": phone.jwk, "phone": str(phone.phone), "label": "x"}
    told = [phone.post("enrol", said).status_code for _ in range(MOST_WRONG + 1)]
    assert told == [422] * MOST_WRONG + [429]
    code = give_code(by=phone.officer, owner=phone.owner)
    assert phone.post("enrol", {**said, "code": code}).status_code == 429
    cache.clear()
    assert phone.post("enrol", {**said, "code": code}).status_code == 200


@pytest.mark.parametrize("key", [
    None, "x", {}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    {"kty": "EC", "crv": "P-256", "x": "!" * 43, "y": "A" * 43}, {"kty": "EC", "crv": "P-256", "x": "A" * 9000, "y": 5},
])  # fmt: skip
def test_a_key_that_is_none_is_refused(phone: Phone, key: Any) -> None:
    code = give_code(by=phone.officer, owner=phone.owner)
    said = {"code": code, "public_key": key, "phone": str(phone.phone), "label": "x"}
    assert phone.post("enrol", said).status_code == 422 and not Device.objects.exists()
    phone.enrol(code)


def test_an_officer_gives_codes_only_to_who_keeps_books_in_her_places(valley: Any, kept: Any, phone: Phone) -> None:
    elsewhere = officer_at(valley.walnut, username="elsewhere")
    keeper = bookkeeper_of(kept.group, username="other")
    for by, owner in ((elsewhere, phone.owner), (phone.officer, Device._meta.get_field("owner").related_model())):
        with pytest.raises(Refused) as refused:
            give_code(by=by, owner=owner)
        assert codes_of(refused) == ["not_hers"]
    assert not keeper.can("devices.manage")


def test_two_bookkeepers_on_one_phone_are_two_devices_of_it(kept: Any, phone: Phone) -> None:
    phone.enrol()
    bookkeeper_of(kept.group, username="sister")
    other = Phone(phone.officer, "sister", phone.phone).enrol()
    assert Device.objects.filter(phone=phone.phone, ended_at=None).count() == 2
    assert phone.told["token"] != other.told["token"]


def test_who_enrols_anew_on_the_same_phone_ends_her_older_key_without_suspicion(kept: Any, phone: Phone) -> None:
    phone.enrol()
    token = phone.told["token"]
    newer = Phone(phone.officer, phone=phone.phone).enrol()
    older = Device.objects.get(pk=phone.told["device"])
    assert older.ended_at and older.replaced_by_id == newer.device.pk and older.is_trusted
    said = closing(kept.group.pk, meeting(kept, savings=saved(kept), counted=250_00))
    phone.told["token"] = token
    assert phone.send(said) == ["accepted"]
    end_phone(by=phone.officer, device=older.pk, why="It was copied")
    assert not Device.objects.get(pk=older.pk).is_trusted


# Ending ---------------------------------------------------------------------------------------------------------------


def test_an_ending_is_taken_back_until_the_phone_has_heard_of_it(phone: Phone) -> None:
    phone.enrol().sync()
    pk = phone.device.pk
    end_phone(by=phone.officer, device=pk, why="Another one was meant", wipe=True)
    assert undo_end(by=phone.officer, device=pk, why="It is here").wipe_asked_at is None
    assert phone.sync()["wipe"] is False
    end_phone(by=phone.officer, device=pk, why="Lost")
    assert phone.sync()["wipe"] is True
    with pytest.raises(Refused) as refused:
        undo_end(by=phone.officer, device=pk, why="Found")
    assert codes_of(refused) == ["spoke_since"]
    with pytest.raises(Refused) as refused:
        end_phone(by=phone.officer, device=pk, why="")
    assert set(codes_of(refused)) == {"ended", "no_reason"}


def test_a_phone_is_asked_to_forget_and_its_work_is_posted_before(kept: Any, phone: Phone) -> None:
    phone.enrol()
    pk = phone.device.pk
    ask_wipe(by=phone.officer, device=pk, why="It is sold")
    undo_wipe(by=phone.officer, device=pk)
    ask_wipe(by=phone.officer, device=pk, why="It is sold")
    told = phone.sync(closing(kept.group.pk, meeting(kept, savings=saved(kept), counted=250_00)))
    assert told["wipe"] is True and told["answers"][0]["state"] == "accepted"
    with pytest.raises(Refused) as refused:
        undo_wipe(by=phone.officer, device=pk)
    assert codes_of(refused) == ["spoke_since"]


def test_no_officer_elsewhere_ends_a_phone(valley: Any, phone: Phone) -> None:
    phone.enrol()
    with pytest.raises(Refused) as refused:
        end_phone(by=officer_at(valley.walnut, username="elsewhere"), device=phone.device.pk, why="x")
    assert codes_of(refused) == ["not_found"]


# Who is no phone ------------------------------------------------------------------------------------------------------


def test_without_a_token_nobody_gets_in_and_a_session_is_none(kept: Any, phone: Phone) -> None:
    for client in (Client(), Client(enforce_csrf_checks=True), signed_in("bookkeeper"), signed_in("officer")):
        for headers in ({}, {"authorization": "Device phone_x"}, {"authorization": "Bearer x"}, {"authorization": "x"}):
            answer = client.post("/field/api/sync", b"{}", content_type="application/json", headers=headers)
            assert answer.status_code == 401 and "not enrolled" in answer.json()["detail"]
    assert Client().get("/field/api/sync").status_code == 401


def test_a_token_opens_nothing_but_what_phones_talk_to(phone: Phone) -> None:
    phone.enrol()
    token = {"authorization": f"Device {phone.told['token']}"}
    for path in ("/women/", "/api/v1/women", "/books/"):
        assert phone.client.get(path, headers=token).status_code in (302, 401)


def _bytes_long(raw: bytes) -> str:
    """What a case is called: packed bytes carry the time of their packing."""
    return f"{len(raw)} bytes"


def _deep(depth: int) -> bytes:
    return b'{"protocol":1,"have":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize("raw", [
    b"", b"[]", b"5", b"{", b"\xff\xfe", b'{"protocol":1,"commands":{}}', b'{"protocol":1,"commands":[5]}',
    b'{"protocol":1,"commands":[{"id":"x"}]}', b'{"protocol":1,"open":["x"]}', b'{"protocol":1,"have":[]}',
    b'{"protocol":1,"x":NaN}', b'{"protocol":1,"x":"\\ud800"}', b'{"protocol":1,"x":"\\u0000"}',
    b'{"protocol":1,"\\u0000":1}', _deep(MOST_DEEP + 1), _deep(100_000), b"9" * 5000,
    b'{"protocol":1,"commands":' + json.dumps([{"id": str(uuid4())}] * 51).encode() + b"}", b" " * (MOST_BYTES + 1),
], ids=_bytes_long)  # fmt: skip
def test_hostile_messages_are_answered_plainly(phone: Phone, raw: bytes) -> None:
    phone.enrol()
    answer = phone.post("sync", raw)
    assert answer.status_code == 400 and answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("raw", [
    gzip.compress(b"0" * (MOST_BYTES * 20)), gzip.compress(b"{}")[:-5], b"no gzip", gzip.compress(b"{}") + b"x",
], ids=_bytes_long)  # fmt: skip
def test_what_is_packed_to_hurt_is_refused(phone: Phone, raw: bytes) -> None:
    phone.enrol()
    assert phone.post("sync", raw, **{"content-encoding": "gzip"}).status_code == 400


@pytest.mark.parametrize("wrong", [
    {"kind": "drop_table"}, {"group": "x"}, {"said": []}, {"after": [5]}, {"after": "x"}, {"kind": None},
    {"said": {}}, {"said": {"document": {}}}, {"said": {"document": []}}, {"said": {"document": {"id": 5}}},
    {"kind": "correct_woman", "said": {"woman": 5, "changes": {}}}, {"kind": "correct_woman", "said": {"woman": "x"}},
    {"kind": "add_woman", "said": {"woman": []}}, {"kind": "attach_page", "said": {"meeting": 5}},
    {"kind": "take_back_meeting", "said": {"meeting": {}}}, {"kind": "write_cut_off", "said": {"document": 1}},
])  # fmt: skip
def test_a_command_that_says_nothing_is_refused_by_itself(kept: Any, phone: Phone, wrong: dict[str, Any]) -> None:
    phone.enrol()
    good = closing(kept.group.pk, meeting(kept, savings=saved(kept), counted=250_00))
    bad = {**closing(kept.group.pk, meeting(kept)), **wrong}
    assert phone.send(bad, good) == ["refused", "accepted"]


def test_a_newer_app_is_told_and_an_unknown_part_of_a_message_is_left_alone(phone: Phone) -> None:
    phone.enrol()
    assert phone.post("sync", {"protocol": 2}).status_code == 426
    assert phone.sync(battery=5)["answers"] == []


def test_an_app_that_reads_only_the_first_kinds_is_answered_in_plain_json(kept: Any, phone: Phone) -> None:
    accepted = "application/vnd.umeed.lines+json, application/vnd.umeed.sideways+json, application/json"
    phone.enrol()
    answer = phone.post("sync", {"protocol": 1}, accept=accepted)
    assert answer["Content-Type"].startswith("application/json") and len(answer.json()["groups"]) == 1
    assert phone.post("sync", {"protocol": 1}, accept=LINES)["Content-Type"] == "application/json-lines"


def test_the_protocol_is_written_down_as_it_is_spoken(kept: Any, phone: Phone) -> None:
    """Every name that an answer has, and every one that a message is read by, stands in the docstring of sync.py."""
    _intro, message, answer = re.split(r"^(?:message|answer) ", str(conversation.__doc__), flags=re.MULTILINE)
    phone.enrol()
    told = phone.sync(closing(kept.group.pk, meeting(kept, savings=saved(kept), counted=250_00)))
    assert set(told) | set(told["answers"][0]) <= set(re.findall(r"\w+", answer))
    read = set(re.findall(r'message(?:\.get\(|, )"(\w+)"', inspect.getsource(conversation)))
    assert {"commands", "have", "parts", "cursor"} <= read <= set(re.findall(r"\w+", message))
