"""A woman who is merged, or whose record an officer corrects, while a bookkeeper writes of her without a network."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from umeed.books.actions import close_meeting
from umeed.books.models import Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import meeting, saved
from umeed.duplicates.actions import merge_women
from umeed.field.tests.making import Phone
from umeed.field.tests.test_receiving import adding, answer, correcting, first, second
from umeed.institutions.actions import correct_woman
from umeed.institutions.models import Membership, Woman
from umeed.institutions.tests.making import make_woman, us

__all__ = ["kept", "valley"]


def _merged(kept: Any, at: int = 1) -> tuple[Woman, Woman]:
    """(the record that is kept, the one of the group that was merged into it)"""
    twin = kept.women[at]
    keep = make_woman(kept.group.place, "Raja Begum")
    merge_women(by=us(), keep=keep, other=twin, why="One woman")
    return keep, twin


# Meetings that name a record that was merged --------------------------------------------------------------------------


def test_a_meeting_that_names_a_merged_record_is_written_of_the_kept_one_once(kept: Any, phone: Phone) -> None:
    mine = first(kept)
    document = mine["said"]["document"]
    document["fines"] = [{"woman": str(kept.women[1].pk), "why": "late", "paise": 10_00}]
    document["attendance"][str(kept.women[1].pk)], document["counted"] = "late", 260_00
    keep, twin = _merged(kept)
    told = answer(phone, mine)
    assert told["state"] == "accepted", told
    row = Meeting.objects.get()
    assert row.said["attendance"][str(keep.pk)] == "late" and str(twin.pk) not in str(row.said)
    again = answer(phone, mine)
    assert (again["state"], again["receipt"]) == ("known", told["receipt"]) and Meeting.objects.count() == 1


def test_who_presided_and_who_voted_are_named_by_the_kept_record(kept: Any, phone: Phone) -> None:
    mine = first(kept)
    document, twin = mine["said"]["document"], str(kept.women[0].pk)
    document["president"] = twin
    asked, decided = (f"0190b0f4-7a3e-7bbb-9a53-00000000000{at}" for at in (1, 2))
    document["requests"] = [{"id": asked, "woman": twin, "paise": 1000_00, "purpose": "other"}]
    decision = {"id": decided, "request": asked, "outcome": "refused", "way": "named", "why": "Later"}
    document["decisions"] = [{**decision, "voted": list(document["attendance"])}]
    keep, _twin = _merged(kept, 0)
    assert answer(phone, mine)["state"] == "accepted"
    said = Meeting.objects.get().said
    assert (
        said["president"] == said["requests"][0]["woman"] == str(keep.pk)
        and str(keep.pk) in said["decisions"][0]["voted"]
    )


def test_it_is_known_also_to_a_server_that_forgot_the_command(kept: Any, phone: Phone) -> None:
    """Put back to an earlier day, or let in from a file: the meeting stands under its own id, mapped."""
    mine = first(kept)
    keep, twin = _merged(kept)
    document = {**mine["said"]["document"]}
    document["attendance"] = {
        str(keep.pk) if who == str(twin.pk) else who: said for who, said in document["attendance"].items()
    }
    document["savings"] = [
        {**one, "woman": str(keep.pk) if one["woman"] == str(twin.pk) else one["woman"]} for one in document["savings"]
    ]
    close_meeting(by=us(), book=kept.book, said=document, is_sure=True)
    assert answer(phone, mine)["state"] == "known" and Meeting.objects.count() == 1


def test_what_stood_before_the_merging_is_known_as_it_was_written(kept: Any, phone: Phone) -> None:
    mine = first(kept)
    close_meeting(by=us(), book=kept.book, said=mine["said"]["document"], is_sure=True)
    _merged(kept)
    assert answer(phone, mine)["state"] == "known"


def test_a_merged_record_is_no_reason_to_forgive_another(kept: Any, phone: Phone) -> None:
    mine = first(kept)
    mine["said"]["document"]["counted"] = 1_00
    _merged(kept)
    told = answer(phone, mine)
    assert (told["state"], [one["code"] for one in told["reasons"]]) == ("refused", ["difference"])


def test_two_phones_number_alike_also_where_a_woman_was_merged(kept: Any, phone: Phone) -> None:
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    mine = second(kept)
    mine["said"]["document"]["number"] = 1
    _merged(kept)
    told = answer(phone, mine)
    assert (told["state"], told.get("number")) == ("accepted", 2), told


def test_two_records_of_one_woman_of_which_it_says_two_things_are_refused(kept: Any, phone: Phone) -> None:
    zoona, twin = kept.women[0], kept.women[1]
    mine = first(kept)
    mine["said"]["document"]["attendance"][str(twin.pk)] = "late"
    tie = Membership.objects.get(woman=twin)
    merge_women(by=us(), keep=zoona, other=twin, why="One woman", doubles={tie.pk: date(2016, 2, 2)})
    told = answer(phone, mine)
    assert told["state"] == "refused" and f"attendance.{twin.pk}" in [one["field"] for one in told["reasons"]]


@pytest.mark.parametrize("said", [
    {"attendance": {"x": "present"}}, {"savings": [5]}, {"savings": 5}, {"decisions": [{"voted": [5, "x"]}]},
    {"decisions": 5}, {"president": {}},
])  # fmt: skip
def test_what_cannot_be_read_is_refused_and_nothing_else(kept: Any, phone: Phone, said: dict[str, Any]) -> None:
    mine = first(kept)
    mine["said"]["document"] |= said
    _merged(kept)
    assert answer(phone, mine)["state"] == "refused"


# Corrections of a record that others correct --------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_second_correction_overwrites_nothing_that_an_officer_wrote_between(
    kept: Any, phone: Phone, ahead: int
) -> None:
    """Two steps without a network; `ahead`: the second tells the revision that the first was to make."""
    zoona = kept.women[0]
    one = correcting(kept, zoona, phone="9906543210")
    two = {**correcting(kept, zoona, zoona.revision + ahead, address="By the mosque"), "after": [one["id"]]}
    correct_woman(by=us(), woman=zoona, address="Near the spring")
    told = phone.sync(one, two)["answers"]
    zoona.refresh_from_db()
    assert [said["state"] for said in told] == ["accepted", "conflict"] and zoona.address == "Near the spring"
    assert told[1]["with"]["stands"] == {"address": "Near the spring"}
    again = {**two, "try": 2, "said": {**two["said"], "revision": told[1]["with"]["revision"]}}
    assert phone.send(again) == ["accepted"], "she has looked at it, and says it again"


@pytest.mark.parametrize("after", [True, False])
def test_her_own_corrections_stand_in_nobodys_way(kept: Any, phone: Phone, after: bool) -> None:
    zoona = kept.women[0]
    one = correcting(kept, zoona, address="By the mosque")
    two = correcting(kept, zoona, address="By the spring")
    assert phone.send(one, two | ({"after": [one["id"]]} if after else {})) == ["accepted", "accepted"]
    zoona.refresh_from_db()
    assert zoona.address == "By the spring"


def test_her_own_corrections_of_a_merged_record_stand_in_nobodys_way(kept: Any, phone: Phone) -> None:
    one, two = (correcting(kept, kept.women[1], address=said) for said in ("By the mosque", "By the spring"))
    keep, _twin = _merged(kept)
    assert phone.send(one, {**two, "after": [one["id"]]}) == ["accepted", "accepted"]
    keep.refresh_from_db()
    assert keep.address == "By the spring"
    correct_woman(by=us(), woman=keep, address="Near the shop")
    three = correcting(kept, kept.women[1], address="By the mill")
    assert phone.send(three) == ["conflict"]


def test_a_revision_that_never_was_is_not_believed(kept: Any, phone: Phone) -> None:
    zoona = kept.women[0]
    correct_woman(by=us(), woman=zoona, address="Near the spring")
    told = answer(phone, correcting(kept, zoona, zoona.revision + 40, address="By the mosque"))
    zoona.refresh_from_db()
    assert told["state"] == "conflict" and zoona.address == "Near the spring"


# A new woman who is said otherwise before any answer came -------------------------------------------------------------


def _anew(said: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {**said, "try": said["try"] + 1, "said": {**said["said"], **other}}


def test_what_differs_of_a_woman_who_was_entered_by_an_earlier_try_is_corrected(kept: Any, phone: Phone) -> None:
    """The answer to the first try was lost on its way."""
    new = adding(kept)
    assert phone.send(new) == ["accepted"]
    other = _anew(new, name="Mugli Begum", phone="9906543210")
    assert phone.send(other) == ["accepted"] and phone.send(other) == ["known"]
    woman = Woman.objects.get(pk=new["id"])
    assert (woman.name, woman.phone, woman.revision) == ("Mugli Begum", "9906543210", 2)
    assert Membership.objects.filter(woman=woman).count() == 1
    assert phone.send(_anew(other, address="By the spring")) == ["accepted"], "her own words stand in nobody's way"


@pytest.mark.parametrize("other", [{"joined_on": "2024-05-01"}, {"head_name": "Abdul Gani"}])
def test_day_and_household_of_a_woman_who_was_entered_stay(kept: Any, phone: Phone, other: dict[str, Any]) -> None:
    new = adding(kept)
    assert phone.send(new) == ["accepted"]
    told = answer(phone, _anew(new, **other))
    assert (told["state"], [one["field"] for one in told["reasons"]]) == ("refused", list(other))


def test_what_an_officer_wrote_of_a_new_woman_since_is_told(kept: Any, phone: Phone) -> None:
    new = adding(kept)
    assert phone.send(new) == ["accepted"]
    correct_woman(by=us(), woman=Woman.objects.get(pk=new["id"]).pk, name="Mugli Bano")
    assert answer(phone, _anew(new, name="Mugli Begum"))["state"] == "conflict"


def test_a_new_woman_of_another_writer_is_not_corrected_by_her_id(kept: Any, phone: Phone) -> None:
    zoona = kept.women[0]
    new = adding(kept)
    new["id"] = new["said"]["woman"] = str(zoona.pk)
    assert answer(phone, new)["state"] in ("refused", "conflict", "held")
    assert Woman.objects.get(pk=zoona.pk).name == zoona.name
