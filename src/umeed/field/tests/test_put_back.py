"""A server whose disk was put back to an earlier day bears its name of then: a phone's own number tells it apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from umeed.books.models import Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.field.conversations import LUCK, MOST_KEPT, MOST_NUMBER
from umeed.field.models import Device
from umeed.field.tests.making import Phone
from umeed.field.tests.test_receiving import first, second
from umeed.field.tests.test_renewing import renews

__all__ = ["kept", "valley"]


@contextmanager
def put_back() -> Iterator[None]:
    """Afterwards every row of the database is as it was before, also those of phones, and it bears the same name."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


def test_answers_count_upwards_also_those_without_parts(phone: Phone) -> None:
    numbers = [phone.sync(parts=parts)["told"] for parts in (True, False, True)]
    assert numbers == sorted(numbers) and len({one // LUCK for one in numbers}) == 3
    assert phone.device.told_numbers == numbers[1:], "what it took, and what it was given since"


def test_a_server_that_was_put_back_has_another_name_and_compares_everything(kept: Any, phone: Phone) -> None:
    sent, group = first(kept), str(kept.group.pk)
    name = phone.sync()["server"]
    with put_back():
        told = phone.sync(sent)
        assert told["answers"][0]["state"] == "accepted" and told["server"] == name
        assert phone.sync()["server"] == name, "that it was answered is no news"
        phone.have = {group: {"sheets": 0, "since": None, "parts": {}}}
    taken = phone.number
    told = phone.sync(open=[sent["id"]])
    assert not Meeting.objects.exists() and told["answers"] == [{"id": sent["id"], "state": "unknown"}]
    assert told["server"] == f"{name}.{taken}" and told["cursor"].rpartition(".")[0] == told["server"]
    assert [one["id"] for one in told["groups"]] == [group] and "rows" not in told["groups"][0]
    assert phone.send(sent) == ["accepted"] and phone.sync()["server"] == told["server"]
    assert Device.objects.get().put_back_at == taken


def test_no_matter_how_many_of_these_answers_are_lost(kept: Any, phone: Phone) -> None:
    name = phone.sync()["server"]
    with put_back():
        phone.sync()
    taken, cursor = phone.number, phone.cursor
    for parts in (True, False, False):
        assert phone.sync(told=taken, cursor=cursor, parts=parts)["server"] == f"{name}.{taken}"
    assert phone.sync()["server"] == f"{name}.{taken}"


def test_it_never_has_the_same_name_twice(phone: Phone) -> None:
    names, first_day = [phone.sync()["server"]], transaction.savepoint()
    for _ in range(4):
        phone.sync()
        transaction.savepoint_rollback(first_day)
        names.append(phone.sync()["server"])
    assert len(set(names)) == 5
    with put_back():
        phone.sync()
    assert phone.sync()["server"] not in names, "also put back to after it was noticed"


@pytest.mark.parametrize("late", [1, 2, MOST_KEPT + 1])
def test_a_message_that_was_long_on_its_way_does_not_hide_it(phone: Phone, late: int) -> None:
    name = phone.sync()["server"]
    older = phone.number
    with put_back():
        phone.sync()
    for _ in range(late):  # it had given up waiting for the answers to these
        assert Phone.sync(_again(phone), told=older)["server"] == name
    assert phone.sync()["server"] == f"{name}.{phone.device.put_back_at}" != name


def _again(phone: Phone) -> Phone:
    other = Phone(phone.officer, phone=phone.phone)
    other.told = phone.told
    return other


def test_whatever_it_took_of_what_it_was_given_is_known(phone: Phone) -> None:
    name = phone.sync()["server"]
    taken, given = phone.number, [phone.sync(told=phone.number)["told"]]
    given += [phone.sync(told=taken)["told"] for _ in range(2 * MOST_KEPT)]
    assert phone.device.told_numbers == [taken, *given[1 - MOST_KEPT :]]
    for said in (taken, given[-2], taken, given[-1]):
        assert phone.sync(told=said)["server"] == name, "also an older message that comes late"


@pytest.mark.parametrize("said", [None, True, "7", 1.5, -1, 0, MOST_NUMBER, 2**63, 10**40, [], {"a": 1}])
def test_a_number_that_is_none_says_nothing(phone: Phone, said: Any) -> None:
    name = phone.sync()["server"]
    told = phone.sync(told=said)
    assert told["server"] == name and phone.device.put_back_at == 0


def test_who_says_a_number_of_her_own_making_is_told_all_and_no_more(phone: Phone) -> None:
    name, taken = phone.sync()["server"], MOST_NUMBER - 1
    assert phone.sync(told=taken)["server"] == f"{name}.{taken}"
    assert phone.sync()["server"] == phone.sync(told=taken)["server"] == f"{name}.{taken}"
    assert all(number < 2**53 for number in phone.device.told_numbers)


def test_an_app_that_says_no_number_is_told_the_name_that_it_knows(phone: Phone) -> None:
    name = phone.sync()["server"]
    with put_back():
        phone.sync()
    assert phone.sync(told=None)["server"] == name


def test_a_phone_that_is_enrolled_anew_compares_once(kept: Any, phone: Phone) -> None:
    name = phone.sync(first(kept))["server"]
    taken = phone.number
    renews(phone)
    assert phone.sync()["server"] == f"{name}.{taken}" == phone.sync(second(kept))["server"]
