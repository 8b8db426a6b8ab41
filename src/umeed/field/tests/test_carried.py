"""Files that phones hand over: opened by the server they were written for, the same answers, nothing for a thief."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db.models import F

from umeed.books.models import Meeting, Sheet
from umeed.books.tests.conftest import kept, valley
from umeed.core.actions import Refused
from umeed.core.models import AuditEntry
from umeed.field.actions import end_phone
from umeed.field.codes import base45, joined
from umeed.field.envelope import open_envelope
from umeed.field.models import Command
from umeed.field.tests.making import Phone
from umeed.field.tests.test_put_away import away, short
from umeed.field.tests.test_receiving import adding, correcting, first, leaves, second
from umeed.institutions.models import Woman
from umeed.institutions.tests.making import bookkeeper_of, codes_of

__all__ = ["kept", "valley"]


@pytest.fixture
def courier(kept: Any, phone: Phone) -> Phone:
    bookkeeper_of(kept.group, username="sister")
    return Phone(phone.officer, "sister").enrol()


def states(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["state"] for one in answer.json()["answers"]]


def test_a_file_is_as_good_as_a_connection_and_may_come_twice(kept: Any, phone: Phone) -> None:
    one = first(kept)
    raw = phone.envelope(one, second(kept, after=[one["id"]]))
    assert states(phone.post("carried", raw)) == ["accepted", "accepted"]
    assert states(phone.post("carried", raw)) == ["known", "known"]
    assert phone.send(one) == ["known"] and Meeting.objects.count() == 2


def standing() -> list[Any]:
    """All that a letter might change, and that nothing was written into the chain."""
    rows = [model.objects.order_by("pk").values_list() for model in (Command, Meeting, Sheet, Woman)]
    return [*map(list, rows), AuditEntry.objects.count()]


@pytest.mark.parametrize("has_token", [True, False])
def test_a_letter_that_is_sent_again_after_a_year_changes_nothing(kept: Any, phone: Phone, has_token: bool) -> None:
    """No key is kept for that: a command is known by its id, its try and what it says, for ever."""
    zoona, one, wrong = kept.women[0], first(kept), short(kept)
    never, woman, older = (
        second(kept, after=[wrong["id"]]),
        adding(kept),
        correcting(kept, kept.women[0], phone="9906543210"),
    )
    letter = phone.envelope(one, wrong, never, woman, older)
    assert states(phone.post("carried", letter)) == ["accepted", "conflict", "waits", "accepted", "accepted"]
    zoona.refresh_from_db()
    newer = correcting(kept, zoona, phone="9906000000")
    assert phone.send(away(never), newer) == ["aside", "accepted"]
    year = datetime.timedelta(days=366)
    Command.objects.update(received_at=F("received_at") - year, settled_at=F("settled_at") - year)
    cache.clear()
    before = standing()
    client = phone if has_token else Phone(phone.officer, phone=phone.phone)
    again = states(client.post("carried", letter))
    assert again == ["known", "conflict", "aside", "known", "known"] and standing() == before
    zoona.refresh_from_db()
    assert zoona.phone == "9906000000"


def test_what_was_mended_since_is_not_said_as_before_by_an_old_letter(kept: Any, phone: Phone) -> None:
    wrong = short(kept)
    letter = phone.envelope(wrong)
    assert states(phone.post("carried", letter)) == ["refused"]
    right = {**wrong, "try": 2, "said": first(kept)["said"]}
    right["said"]["document"]["id"] = wrong["id"]
    assert phone.send(right) == ["accepted"]
    before = standing()
    assert states(phone.post("carried", letter)) == ["known"] and standing() == before


def test_another_phone_carries_it_and_learns_no_reasons(kept: Any, phone: Phone, courier: Phone) -> None:
    wrong = first(kept)
    wrong["said"]["document"]["counted"] = 240_00
    answer = courier.post("carried", phone.envelope(wrong)).json()
    assert answer["answers"] == [{"id": wrong["id"], "try": 1, "state": "refused"}]
    told = phone.read_answers(base64.b64decode(answer["sealed"]))
    assert told["answers"][0]["reasons"][0]["code"] == "difference"
    row = Command.objects.get()
    assert (row.owner_id, row.carried_by) == (phone.owner.pk, str(courier.owner.pk))
    assert phone.sync(open=[wrong["id"]])["answers"][0]["state"] == "refused", "it learns it later by network too"


def test_the_worker_of_her_own_phone_brings_it_without_a_token(kept: Any, phone: Phone) -> None:
    one = first(kept)
    answer = phone.post("carried", phone.envelope(one), authorization="")
    assert answer.json()["answers"] == [
        {"id": one["id"], "try": 1, "state": "accepted", "receipt": Command.objects.get().pk}
    ]
    told = phone.read_answers(base64.b64decode(answer.json()["sealed"]))
    assert told["answers"][0]["state"] == "accepted" and phone.send(one) == ["known"]
    row = Command.objects.get()
    assert (row.owner_id, row.carried_by) == (phone.owner.pk, "")
    assert "without a token" in AuditEntry.objects.filter(did="close_meeting").get().origin


def test_who_has_no_token_and_no_signature_brings_nothing(kept: Any, phone: Phone, courier: Phone) -> None:
    raw = phone.envelope(first(kept))
    forged = phone.envelope(first(kept), device=str(courier.device.pk))
    for bad, code in ((raw[:-1] + bytes([raw[-1] ^ 1]), "changed"), (forged, "changed"), (b"x" * 5000, "not_ours")):
        assert _code(phone.post("carried", bad, authorization="")) == code
    assert phone.post("carried", b"x" * (512 * 1024 + 1), authorization="").status_code == 400
    assert not Command.objects.exists()
    end_phone(by=phone.officer, device=phone.device.pk, why="Stolen")
    assert phone.post("carried", raw, authorization="").json()["answers"][0]["state"] == "held"


def test_what_a_thief_changes_is_found_and_nothing_of_it_taken(kept: Any, phone: Phone) -> None:
    raw = phone.envelope(first(kept))
    with pytest.raises(Refused) as refused:
        for at in range(len(raw)):
            if at % 7 == 0 or at > len(raw) - 70:
                changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
                answer = phone.post("carried", changed)
                assert answer.status_code == 422, (at, answer.content)
        open_envelope(raw[:-1])
    assert codes_of(refused) == ["changed"] and not Command.objects.exists()


def test_a_file_that_says_another_phone_wrote_it_is_refused(kept: Any, phone: Phone, courier: Phone) -> None:
    forged = phone.envelope(first(kept), device=str(courier.device.pk))
    assert _code(phone.post("carried", forged)) == "changed"
    assert _code(phone.post("carried", phone.envelope(device=str(uuid4())))) == "unknown_phone"
    assert _code(phone.post("carried", phone.envelope(key="0" * 16))) == "other_server"


@pytest.mark.parametrize("header", [
    {"n": 5}, {"n": "1"}, {"iv": ""}, {"iv": "AAAA"}, {"iv": "!"}, {"epk": "AAAA"}, {"epk": "!"}, {"epk": ""},
])  # fmt: skip
def test_a_signed_file_that_says_nonsense_is_refused(kept: Any, phone: Phone, header: dict[str, Any]) -> None:
    assert _code(phone.post("carried", phone.envelope(first(kept), **header))) == "unreadable"


@pytest.mark.parametrize("header", [{"device": "x"}, {"device": 5}, {"epk": 5}, {"key": "x" * 500}, {"key": None}])
def test_a_header_that_is_none_is_refused(phone: Phone, header: dict[str, Any]) -> None:
    assert _code(phone.post("carried", phone.envelope(**header))) == "not_ours"


@pytest.mark.parametrize(
    "raw", [b"", b"UMEED1\n", b"UMEED1\n{}\n", b"PK\x03\x04" + b"x" * 200, b"UMEED1\n" + b"x" * 5000]
)
def test_what_is_no_file_of_ours_is_refused(phone: Phone, raw: bytes) -> None:
    assert _code(phone.post("carried", raw)) == "not_ours"


def test_what_a_file_of_an_ended_phone_brings_is_held(kept: Any, phone: Phone, courier: Phone) -> None:
    raw = phone.envelope(first(kept))
    end_phone(by=phone.officer, device=phone.device.pk, why="Stolen")
    assert states(courier.post("carried", raw)) == ["held"]


def test_who_left_meanwhile_has_her_file_held(kept: Any, phone: Phone, courier: Phone) -> None:
    raw = phone.envelope(first(kept))
    leaves(phone)
    assert states(courier.post("carried", raw)) == ["held"] and not Meeting.objects.exists()


def _code(answer: Any) -> str:
    assert answer.status_code == 422, answer.content
    code: str = answer.json()["reasons"][0]["code"]
    return code


# Codes ----------------------------------------------------------------------------------------------------------------

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def as_base45(raw: bytes) -> str:
    out = ""
    for at in range(0, len(raw), 2):
        part = raw[at : at + 2]
        value = int.from_bytes(part, "big")
        for _ in range(len(part) + 1):
            value, digit = divmod(value, 45)
            out += LETTERS[digit]
    return out


def pieces(raw: bytes, most: int = 60) -> list[str]:
    who = hashlib.sha256(raw).hexdigest()[:8].upper()
    parts = [raw[at : at + most] for at in range(0, len(raw), most)]
    return [f"UM1:{who}:{at}:{len(parts)}:{as_base45(part)}" for at, part in enumerate(parts, 1)]


def test_a_row_of_codes_is_the_file_in_any_order(phone: Phone, kept: Any) -> None:
    raw = phone.envelope(first(kept))
    codes = pieces(raw)
    assert joined("\n".join([*reversed(codes), codes[0]])) == raw
    assert base45("QED8WEX0") == b"ietf!"


@pytest.mark.parametrize(("spoil", "code"), [
    (lambda codes: [], "no_code"), (lambda codes: codes[1:], "missing"),
    (lambda codes: [codes[0].replace("UM1", "UM2")], "no_code"),
    (lambda codes: [*codes, codes[0].replace(codes[0][4:12], "0" * 8)], "two_rows"),
    (lambda codes: [codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1"), *codes[1:]], "misread"),
    (lambda codes: [f"UM1:00000000:1:1:{'::::'}"], "misread"), (lambda codes: ["UM1:00000000:1:9999:00"], "no_code"),
])  # fmt: skip
def test_codes_that_are_not_right_are_told_so(spoil: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        joined("\n".join(spoil(pieces(json.dumps(list(range(100))).encode()))))
    assert codes_of(refused) == [code]
