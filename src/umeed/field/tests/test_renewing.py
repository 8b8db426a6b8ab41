"""A phone that the server does not know any more, and a new code for it: it is its bookkeeper's, and nobody else's."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from umeed.books.models import Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.field.actions import end_phone, give_code
from umeed.field.envelope import MOST_COMMANDS
from umeed.field.models import Device, PhoneCode
from umeed.field.tests.making import Phone, command
from umeed.field.tests.test_receiving import first
from umeed.field.views.bodies import MOST_BYTES
from umeed.institutions.tests.making import bookkeeper_of

__all__ = ["kept", "valley"]


def asks(phone: Phone, **said: Any) -> Any:
    """The answer to a new code of hers, typed on a phone."""
    code = give_code(by=phone.officer, owner=phone.owner)
    asked = {"code": code, "public_key": phone.jwk, "phone": str(phone.phone), "label": "Redmi", **said}
    return phone.post("enrol", asked, authorization="")


def renews(phone: Phone) -> None:
    answer = asks(phone, owner=str(phone.owner.pk), was=phone.told["device"])
    assert answer.status_code == 200, answer.content
    phone.told = answer.json()


def another(kept: Any, phone: Phone) -> Phone:
    bookkeeper_of(kept.group, username="sister")
    return Phone(phone.officer, "sister")


def test_a_phone_is_told_whose_it_is(phone: Phone) -> None:
    assert phone.told["owner"] == str(phone.owner.pk)


def test_a_server_that_forgot_a_phone_knows_it_again_with_the_files_that_it_wrote(kept: Any, phone: Phone) -> None:
    was, carried = phone.told["device"], phone.envelope(first(kept))
    Device.objects.all().delete()  # put back from a backup that is older than the enrolment
    PhoneCode.objects.all().delete()
    assert phone.post("sync", {"protocol": 1}).status_code == 401
    helper = another(kept, phone).enrol()
    assert helper.post("carried", carried).json()["reasons"][0]["code"] == "unknown_phone"
    renews(phone)
    assert phone.told["device"] == was
    assert [one["state"] for one in helper.post("carried", carried).json()["answers"]] == ["accepted"]
    assert phone.send(first(kept)) and Meeting.objects.exists()


def test_of_a_server_that_lost_its_keys_the_older_device_is_replaced(kept: Any, phone: Phone) -> None:
    carried, was = phone.envelope(first(kept)), phone.told["device"]
    Device.objects.update(token_digest="x" * 64)
    renews(phone)
    assert phone.told["device"] != was and str(Device.objects.get(pk=was).replaced_by_id) == phone.told["device"]
    assert [one["state"] for one in phone.post("carried", carried).json()["answers"]] == ["accepted"]


def test_what_an_ended_phone_wrote_stays_held_when_it_is_let_in_anew(kept: Any, phone: Phone) -> None:
    carried = phone.envelope(first(kept))
    end_phone(by=phone.officer, device=phone.device.pk, why="Lost")
    renews(phone)
    assert [one["state"] for one in phone.post("carried", carried).json()["answers"]] == ["held"]


def test_the_code_of_another_renews_nobody_and_is_not_used_up(kept: Any, phone: Phone) -> None:
    other = another(kept, phone)
    code = give_code(by=phone.officer, owner=other.owner)
    said = {"code": code, "public_key": phone.jwk, "phone": str(phone.phone), "label": "x"}
    answer = phone.post("enrol", {**said, "owner": str(phone.owner.pk)}, authorization="")
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (422, "of_another")
    other.enrol(code)
    assert Device.objects.filter(owner=other.owner).count() == 1


def test_nobody_takes_the_place_of_a_phone_that_is_known(kept: Any, phone: Phone) -> None:
    thief = another(kept, phone)
    answer = asks(thief, was=phone.told["device"])
    assert answer.status_code == 200 and answer.json()["device"] != phone.told["device"]
    assert phone.device.owner_id == phone.owner.pk and phone.send() == []


def test_who_is_on_a_phone_already_is_no_second_person_there(phone: Phone) -> None:
    code = give_code(by=phone.officer, owner=phone.owner)
    said = {"code": code, "public_key": phone.jwk, "phone": str(phone.phone), "label": "x"}
    known = [str(uuid4()), str(phone.owner.pk)]
    answer = phone.post("enrol", {**said, "known": known}, authorization="")
    (reason,) = answer.json()["reasons"]
    assert (answer.status_code, reason["code"], reason["values"]) == (422, "here_already", {"owner": known[1]})
    assert phone.post("enrol", {**said, "owner": known[1]}, authorization="").status_code == 200, "it is good still"


@pytest.mark.parametrize("said", [{"owner": "x"}, {"was": 5}, {"known": [None]}])
def test_nonsense_about_who_she_is_uses_up_no_code(phone: Phone, said: Any) -> None:
    assert asks(phone, **said).status_code == 400
    assert not PhoneCode.objects.exclude(device=phone.device).exclude(used_at=None).exists()


@pytest.mark.parametrize("many", [
    [{} for _ in range(MOST_COMMANDS + 1)], [{"x": "y" * (MOST_BYTES // 4)} for _ in range(5)],
])  # fmt: skip
def test_a_file_that_holds_too_much_is_told_so(kept: Any, phone: Phone, many: list[Any]) -> None:
    sent = [command("take_back_meeting", kept.group.pk, one) for one in many]
    answer = phone.post("carried", phone.envelope(*sent)).json()
    assert answer["reasons"][0]["code"] == "too_much" and "makes several" in answer["detail"]
