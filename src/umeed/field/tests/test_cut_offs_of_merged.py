"""A cut-off that was written on a phone while the office put two records of one woman together."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from umeed.books.models import CutOff, Loan
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_cutoff import cut_off, women_of
from umeed.duplicates.actions import merge_women
from umeed.field.commands.merged import cut_off_with_kept_women
from umeed.field.tests.making import Phone, command, plain
from umeed.institutions.models import Institution, Membership
from umeed.institutions.tests.making import bookkeeper_of, make_group, make_woman, officer_at, us

__all__ = ["kept", "valley"]


@pytest.fixture
def group(valley: Any) -> Institution:
    return make_group(valley.chinar, members=5)


@pytest.fixture
def phone(group: Institution) -> Phone:
    cache.clear()
    bookkeeper_of(group)
    return Phone(officer_at(group.place)).enrol()


def writing(group: Institution, **said: Any) -> dict[str, Any]:
    document = json.loads(json.dumps(plain(cut_off(group, **said)), default=str))
    return command("write_cut_off", group.pk, {"document": document, "sure": True}, id=document["id"])


def answer(phone: Phone, sent: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = phone.sync(sent)["answers"][0]
    return told


def test_it_is_written_of_the_kept_records_once(group: Institution, phone: Phone) -> None:
    women = women_of(group)
    closed = [{"woman": str(women[0].pk), "count": 2, "paise": 500_00}]
    attended = {str(woman.pk): 90 for woman in women}
    mine = writing(group, closed=closed, attended=attended)
    keep = make_woman(group.place, "Raja Begum")
    merge_women(by=us(), keep=keep, other=women[0], why="One woman")
    told = answer(phone, mine)
    assert told["state"] == "accepted", told
    said = CutOff.objects.get().said
    assert str(women[0].pk) not in str(said) and said["attended"][str(keep.pk)] == 90
    assert said["savings"][0]["woman"] == said["closed"][0]["woman"] == str(keep.pk)
    assert Loan.objects.get().woman_id == keep.pk
    assert answer(phone, mine)["state"] == "known" and CutOff.objects.count() == 1


def test_of_two_that_it_speaks_of_a_person_says_which_holds(group: Institution) -> None:
    women = women_of(group)
    document = writing(group)["said"]["document"]
    tie = Membership.objects.get(woman=women[0], institution=group)
    merge_women(by=us(), keep=women[1], other=women[0], why="One woman", doubles={tie.pk: date(2016, 2, 2)})
    assert cut_off_with_kept_women(document) is document, "both have saved"
    one = {**document, "savings": document["savings"][1:], "attended": {str(women[0].pk): 90}}
    now = cut_off_with_kept_women(one)
    assert now["attended"] == {str(women[1].pk): 90} and now["loans"][0]["woman"] == str(women[1].pk)
    both = {**one, "attended": {str(women[0].pk): 90, str(women[1].pk): 80}}
    assert cut_off_with_kept_women(both) is both


def test_what_cannot_be_read_is_left_to_the_books(group: Institution) -> None:
    merge_women(by=us(), keep=make_woman(group.place, "Raja Begum"), other=women_of(group)[0], why="One woman")
    for wrong in ({"savings": 1}, {"savings": [1, {"woman": 5}]}, {"attended": []}, {"loans": [{"woman": "x"}]}):
        assert cut_off_with_kept_women(wrong) is wrong
