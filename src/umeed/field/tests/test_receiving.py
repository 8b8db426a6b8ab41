"""What becomes of commands: accepted, known, conflict, refused, held, waits; nothing lost, nothing twice."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from umeed.access.models import Posting
from umeed.books.actions import close_meeting
from umeed.books.actions.settling import settle
from umeed.books.models import Clash, Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import meeting, saved
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.dated import between
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_viewer
from umeed.duplicates.actions import merge_women
from umeed.field.actions import end_phone
from umeed.field.actions.letting_in import let_in, let_in_all, try_again, turn_down
from umeed.field.commands import receiving
from umeed.field.models import Command
from umeed.field.tests.making import Phone, closing, command
from umeed.institutions.actions import correct_woman
from umeed.institutions.models import Membership, Woman
from umeed.institutions.tests.making import codes_of, make_woman, officer_at, us
from umeed.kernel.ids import new_id

__all__ = ["kept", "valley"]


def first(kept: Any, rupees: int = 50, **said: Any) -> dict[str, Any]:
    """The command that closes the first meeting: everybody saves so much."""
    return closing(kept.group.pk, meeting(kept, savings=saved(kept, rupees), counted=5 * rupees * 100), **said)


def second(kept: Any, **said: Any) -> dict[str, Any]:
    document = meeting(kept, 2, "2024-04-15", savings=saved(kept), counted=500_00)
    return closing(kept.group.pk, document, **said)


def leaves(phone: Phone) -> None:
    """Her posting ended."""
    with audited(by=us(), did="end_posting"):
        for posting in Posting.objects.filter(user=phone.owner):
            posting.during = between(posting.during.lower, date(2026, 1, 1))
            posting.save()


def answer(phone: Phone, *sent: dict[str, Any], **said: Any) -> dict[str, Any]:
    told: dict[str, Any] = phone.sync(*sent, **said)["answers"][-1]
    return told


def test_what_cannot_stand_is_refused_with_all_reasons_and_mended_under_its_id(kept: Any, phone: Phone) -> None:
    wrong = first(kept)
    wrong["said"]["document"]["counted"] = 240_00
    told = answer(phone, wrong)
    assert told["state"] == "refused" and [one["code"] for one in told["reasons"]] == ["difference"]
    row = Command.objects.get()
    assert "counted" in row.said
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM field_command")
        assert cursor.fetchone()[0].startswith("s1:")
    assert answer(phone, wrong)["state"] == "refused" and Command.objects.count() == 1
    right = {**wrong, "try": 2, "said": first(kept)["said"]}
    right["said"]["document"]["id"] = wrong["id"]
    told = answer(phone, right)
    assert (told["state"], told["try"]) == ("accepted", 2)
    assert [one.state for one in Command.objects.order_by("attempt")] == ["aside", "accepted"]
    assert answer(phone, wrong)["state"] == "known"


def test_another_content_under_the_same_try_is_not_taken_for_the_first(kept: Any, phone: Phone) -> None:
    said = first(kept)
    assert phone.send(said) == ["accepted"]
    other = {**first(kept, 60), "id": said["id"]}
    other["said"]["document"]["id"] = said["id"]
    told = answer(phone, other)
    assert told["state"] == "refused" and told["reasons"][0]["code"] == "other_content"
    assert answer(phone, {**other, "try": 2})["state"] == "conflict"
    assert answer(phone, said)["state"] == "conflict" and Meeting.objects.count() == 1


@pytest.mark.parametrize("settled", ["kept", "replaced"])
def test_two_for_one_place_are_settled_in_the_books_and_the_phone_learns_it(
    kept: Any, phone: Phone, settled: str
) -> None:
    there = close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    hers = first(kept, 60)
    after = second(kept, after=[hers["id"]])
    told = phone.sync(hers, after)["answers"]
    assert [one["state"] for one in told] == ["conflict", "waits"]
    assert told[0]["with"]["id"] == str(there.meeting) and told[0]["with"]["number"] == 1
    assert told[1]["for"] == [hers["id"]]
    assert phone.send(hers, {**hers, "try": 2}) == ["conflict"], "a person must settle it first"
    clash = Clash.objects.get()
    settle(by=us(), clash=clash.pk, settled=settled, why="The secretary remembers", number=3)
    told = phone.sync(open=[hers["id"], after["id"]])["answers"]
    if settled == "replaced":
        assert told[0]["state"] == "accepted" or told[0]["state"] == "known"
        assert told[0]["receipt"] == Command.objects.get(uid=hers["id"], attempt=1).pk
    else:
        assert told[0]["state"] == "aside"
        assert told[0]["why"]["values"]["why"] == "The secretary remembers"
    assert told[1]["state"] in ("accepted", "known", "refused"), "what stood on it was tried"


def test_what_stands_on_another_waits_and_is_tried_when_that_is_accepted(kept: Any, phone: Phone) -> None:
    one = first(kept)
    two = second(kept, after=[one["id"]])
    assert phone.send(two) == ["waits"]
    assert phone.send(two) == ["waits"] and Command.objects.count() == 1
    told = phone.sync(one, open=[two["id"]])["answers"]
    assert [said["state"] for said in told] == ["accepted", "accepted"]
    assert {row.state for row in Command.objects.all()} == {"accepted"} and Meeting.objects.count() == 2
    assert not Command.objects.exclude(said="").exists()


def test_a_chain_that_comes_backwards_is_posted_in_its_order(kept: Any, phone: Phone) -> None:
    one = first(kept)
    two = second(kept, after=[one["id"]])
    three = closing(
        kept.group.pk, meeting(kept, 3, "2024-04-22", savings=saved(kept), counted=750_00), after=[two["id"]]
    )
    assert phone.send(three) == ["waits"] and phone.send(two) == ["waits"]
    told = phone.sync(one, open=[two["id"], three["id"]])
    assert [said["state"] for said in told["answers"]] == ["accepted"] * 3


def test_who_may_not_write_there_any_more_is_held_and_let_in_under_her_name(kept: Any, phone: Phone) -> None:
    leaves(phone)
    one = first(kept)
    two = second(kept, after=[one["id"]])
    told = phone.sync(one, two)
    assert [said["state"] for said in told["answers"]] == ["held", "waits"]
    assert told["answers"][0]["why"]["code"] == "not_hers"
    assert not Meeting.objects.exists()
    officer = phone.officer
    with as_viewer(officer.viewer):
        held = Command.objects.get(state="held")
        with pytest.raises(Refused) as refused:
            let_in(by=officer, command=held.pk, why=" ")
        assert codes_of(refused) == ["no_reason"]
        done = let_in(by=officer, command=held.pk, why="She wrote it while she was bookkeeper")
    assert done.state == "accepted"
    row = Meeting.objects.get()
    assert row.closed_by == str(phone.owner.pk)
    entries = list(AuditEntry.objects.filter(did__in=("close_meeting", "let_in_command")).order_by("seq"))
    assert [(one.did, one.actor_name) for one in entries] == [
        ("close_meeting", "Bookkeeper"), ("let_in_command", "Officer")
    ]  # fmt: skip
    assert "Officer" in entries[0].origin and entries[1].why.startswith("She wrote it")
    told = phone.sync(open=[one["id"], two["id"]])["answers"]
    assert (told[0]["state"], told[0]["receipt"]) == ("known", held.pk)
    assert told[1]["state"] == "held", "what stood on it is looked at by the officer too"


def test_all_that_is_held_of_one_writer_is_let_in_at_once(kept: Any, phone: Phone) -> None:
    leaves(phone)
    assert phone.send(first(kept), second(kept)) == ["held", "held"]
    with as_viewer(phone.officer.viewer):
        held = Command.objects.order_by("pk").first()
        done = let_in_all(by=phone.officer, command=held.pk, why="All are hers")
    assert [one.state for one in done] == ["accepted", "accepted"] and Meeting.objects.count() == 2


def test_an_officer_may_not_let_it_in_and_says_why(kept: Any, phone: Phone) -> None:
    leaves(phone)
    one = first(kept)
    assert phone.send(one) == ["held"]
    with as_viewer(phone.officer.viewer):
        turn_down(by=phone.officer, command=Command.objects.get().pk, why="Another bookkeeper wrote this meeting")
    told = answer(phone, open=[one["id"]])
    assert told["state"] == "refused" and told["reasons"][0]["values"]["why"].startswith("Another bookkeeper")
    assert Command.objects.get().said


def test_an_officer_elsewhere_sees_and_decides_nothing(valley: Any, kept: Any, phone: Phone) -> None:
    leaves(phone)
    phone.send(first(kept))
    elsewhere = officer_at(valley.walnut, username="elsewhere")
    held = Command.objects.get()
    with as_viewer(elsewhere.viewer):
        assert not Command.objects.exists()
        with pytest.raises(Refused) as refused:
            let_in(by=elsewhere, command=held.pk, why="Mine")
    assert codes_of(refused) == ["not_there"]


def test_of_an_ended_phone_all_is_held_and_it_is_told_to_forget(kept: Any, phone: Phone) -> None:
    end_phone(by=phone.officer, device=phone.device.pk, why="Lost on the road")
    told = phone.sync(first(kept), have={str(kept.group.pk): {}})
    assert [one["state"] for one in told["answers"]] == ["held"] and told["answers"][0]["why"]["code"] == "phone_ended"
    assert told["wipe"] is True and told["groups"] == [] and told["gone"] == [str(kept.group.pk)]
    with as_viewer(phone.officer.viewer):
        assert let_in(by=phone.officer, command=Command.objects.get().pk, why="It is hers").state == "accepted"


def test_work_of_an_account_that_was_switched_off_is_held(kept: Any, phone: Phone) -> None:
    phone.owner.is_active = False
    phone.owner.save()
    assert phone.send(first(kept)) == ["held"]
    assert Command.objects.get().owner_id == phone.owner.pk


def test_a_fault_of_ours_keeps_the_command_and_no_other_one_back(kept: Any, phone: Phone, monkeypatch: Any) -> None:
    def broken(work: Any) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return True

    one, two = first(kept), command("take_back_meeting", kept.group.pk, {"meeting": str(new_id()), "why": "x"})
    monkeypatch.setitem(receiving.HANDLERS, "take_back_meeting", broken)
    told = phone.sync(two, one)["answers"]
    assert [said["state"] for said in told] == ["held", "accepted"]
    assert told[0]["why"]["code"] == "our_fault"
    monkeypatch.undo()
    with as_viewer(phone.officer.viewer):
        row = try_again(by=phone.officer, command=Command.objects.get(uid=two["id"]).pk)
    assert (row.state, row.answer["reasons"][0]["code"]) == ("refused", "no_meeting")


def test_of_a_group_that_never_was_nobody_could_decide(kept: Any, phone: Phone) -> None:
    told = answer(phone, closing(uuid4(), meeting(kept)))
    assert told["state"] == "refused" and told["reasons"][0]["code"] == "no_group"


def test_what_the_server_does_not_know_is_told_so(phone: Phone) -> None:
    assert answer(phone, open=[str(uuid4())])["state"] == "unknown"


def test_a_meeting_that_stands_already_is_known_at_the_first_time(kept: Any, phone: Phone) -> None:
    document = meeting(kept, savings=saved(kept), counted=250_00)
    close_meeting(by=us(), book=kept.book, said=document)
    told = answer(phone, closing(kept.group.pk, document))
    assert (told["state"], told["receipt"]) == ("known", Command.objects.get().pk)


def test_what_happened_behind_its_back_can_be_taken_back_from_a_phone(kept: Any, phone: Phone) -> None:
    one = first(kept)
    back = command(
        "take_back_meeting", kept.group.pk, {"meeting": one["id"], "why": "Of another group"}, after=[one["id"]]
    )
    assert phone.send(one, back) == ["accepted", "accepted"]
    assert phone.send(back) == ["known"] and Meeting.objects.count() == 2


# Women ----------------------------------------------------------------------------------------------------------------


def correcting(kept: Any, woman: Woman, revision: int | None = None, **changes: Any) -> dict[str, Any]:
    said = {"woman": str(woman.pk), "revision": revision or woman.revision, "changes": changes}
    return command("correct_woman", kept.group.pk, said)


def test_a_womans_record_is_corrected(kept: Any, phone: Phone) -> None:
    zoona = kept.women[0]
    said = correcting(kept, zoona, phone="9906543210", born_on="1984-03-13", reads=["arab"], is_insured=True)
    assert phone.send(said) == ["accepted"] and phone.send(said) == ["known"]
    zoona.refresh_from_db()
    assert (zoona.phone, zoona.born_on, zoona.reads, zoona.is_insured) == (
        "9906543210",
        date(1984, 3, 13),
        ["arab"],
        True,
    )


@pytest.mark.parametrize(("field", "value"), [
    ("phone", "12"), ("phone", 5), ("born_on", "yesterday"), ("born_on", 5), ("born_year", "1984"), ("gender", "cat"),
    ("reads", "arab"), ("reads", ["klingon"]), ("is_insured", "yes"), ("names_local", {"ur": 5}), ("name", ""),
    ("merged_into", None), ("place", 1), ("identity_hash", "x"), ("livelihoods", [["a"]]), ("name", "x" * 121),
])  # fmt: skip
def test_what_cannot_be_kept_of_a_woman_is_refused(kept: Any, phone: Phone, field: str, value: Any) -> None:
    told = answer(phone, correcting(kept, kept.women[0], **{field: value}))
    assert told["state"] == "refused" and told["reasons"][0]["field"] == field


def test_who_touched_another_field_keeps_nobody_back(kept: Any, phone: Phone) -> None:
    zoona = kept.women[0]
    said = correcting(kept, zoona, phone="9906543210")
    correct_woman(by=us(), woman=zoona, address="Near the spring")
    assert phone.send(said) == ["accepted"]
    zoona.refresh_from_db()
    assert (zoona.phone, zoona.address) == ("9906543210", "Near the spring")


def test_the_same_field_changed_by_two_is_told_with_what_stands(kept: Any, phone: Phone) -> None:
    zoona = kept.women[0]
    said = correcting(kept, zoona, phone="9906543210", address="By the mosque")
    correct_woman(by=us(), woman=zoona, address="Near the spring", phone="9906500000")
    told = answer(phone, said)
    assert told["state"] == "conflict"
    assert told["with"]["stands"] == {"phone": "••••••0000", "address": "Near the spring"}
    mended = {**correcting(kept, zoona, told["with"]["revision"], address="By the mosque"), "id": said["id"], "try": 2}
    assert phone.send(mended) == ["accepted"]
    zoona.refresh_from_db()
    assert (zoona.phone, zoona.address) == ("9906500000", "By the mosque")
    assert [row.state for row in Command.objects.order_by("attempt")] == ["aside", "accepted"]


@pytest.mark.parametrize(("field", "state"), [("address", "accepted"), ("belonging_name", "conflict")])
def test_a_woman_who_was_merged_meanwhile_is_corrected_in_the_record_that_is_kept(
    kept: Any, phone: Phone, field: str, state: str
) -> None:
    """What the two records said alike is what she saw; what the kept one says otherwise, a person looks at."""
    zoona, twin = kept.women[0], kept.women[1]
    correct_woman(by=us(), woman=zoona, belonging_name="Abdul Rehman")
    said = correcting(kept, twin, **{field: "By the mosque"})
    tie = Membership.objects.get(woman=twin)
    merge_women(by=us(), keep=zoona, other=twin, why="One woman", doubles={tie.pk: date(2016, 2, 2)})
    told = answer(phone, said)
    assert told["state"] == state
    zoona.refresh_from_db()
    if state == "accepted":
        assert zoona.address == "By the mosque"
    else:
        assert told["with"]["woman"] == str(zoona.pk) and told["with"]["stands"] == {field: "Abdul Rehman"}


def adding(kept: Any, name: str = "Mugli Jan", **more: Any) -> dict[str, Any]:
    woman = str(new_id())
    said = {
        "woman": woman, "name": name, "belonging_name": "Ghulam Nabi", "relation": "husband", "born_on": "1990-01-01",
        "membership": str(new_id()), "joined_on": "2024-04-01", "head_name": "Ghulam Nabi", **more,
    }  # fmt: skip
    return command("add_woman", kept.group.pk, said, id=woman)


def test_a_woman_is_added_once(kept: Any, phone: Phone) -> None:
    said = adding(kept)
    assert phone.send(said) == ["accepted"] and phone.send(said) == ["known"]
    woman = Woman.objects.get(pk=said["id"])
    assert woman.household.head_name == "Ghulam Nabi" and woman.place_id == kept.group.place_id
    assert Membership.objects.get(woman=woman).during.lower == date(2024, 4, 1)
    assert phone.send(adding(kept, born_on="2020-01-01")) == ["refused"]


def test_a_meeting_names_a_woman_who_was_added_just_before(kept: Any, phone: Phone) -> None:
    new = adding(kept)
    one = first(kept)
    one["said"]["document"]["attendance"][new["id"]] = "present"
    one["after"] = [new["id"]]
    assert phone.send(one) == ["waits"]
    told = phone.sync(new, open=[one["id"]])["answers"]
    assert [said["state"] for said in told] == ["accepted", "accepted"]


def test_nobody_reaches_a_woman_of_another_group(kept: Any, phone: Phone) -> None:
    stranger = make_woman(kept.group.place, "Raja Begum")
    told = answer(phone, correcting(kept, stranger, address="x"))
    assert told["state"] == "held"
    stranger.refresh_from_db()
    assert stranger.address == ""


def test_what_was_mended_and_is_refused_again_lets_nothing_go_on_that_stands_on_it(kept: Any, phone: Phone) -> None:
    wrong = first(kept)
    wrong["said"]["document"]["counted"] = 240_00
    after = second(kept, after=[wrong["id"]])
    assert phone.send(wrong, after) == ["refused", "waits"]
    again = {**wrong, "try": 2, "said": {**wrong["said"], "why": "x"}}
    assert phone.send(again, after) == ["refused", "waits"]


def test_what_waits_goes_on_also_when_the_server_went_down_before_it_could(kept: Any, phone: Phone) -> None:
    one = first(kept)
    after = second(kept, after=[one["id"]])
    assert phone.send(after) == ["waits"]
    close_meeting(by=us(), book=kept.book, said=one["said"]["document"])
    assert phone.sync(open=[after["id"]])["answers"][0]["state"] in ("accepted", "known")


def test_the_same_with_another_order_is_another_try(kept: Any, phone: Phone) -> None:
    one, other = first(kept), str(uuid4())
    after = second(kept, after=[one["id"], other])
    assert phone.send(one, after) == ["accepted", "waits"]
    assert phone.send({**after, "after": [one["id"]], "try": 2}) == ["accepted"]
