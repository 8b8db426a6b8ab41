"""What becomes on a phone of two that came for one place, once a person settles them; and of what stands on them."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions import close_meeting, put_away
from umeed.books.actions.settling import settle, settle_written, written_as
from umeed.books.models import Clash, Meeting, OpenMeeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import meeting, saved
from umeed.core.viewer import as_viewer
from umeed.field.models import Command
from umeed.field.tests.making import Phone, closing, command
from umeed.field.tests.test_pages_of_books import attaching, picture, send
from umeed.field.tests.test_receiving import first
from umeed.institutions.tests.making import us

__all__ = ["kept", "valley"]


@pytest.fixture
def hers(kept: Any, phone: Phone) -> dict[str, Any]:
    """Her meeting stands against one that was written at the office."""
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept, 20), counted=100_00))
    mine = first(kept, 60)
    told = phone.sync(mine)["answers"][0]
    assert told["state"] == "conflict" and [one["code"] for one in told["reasons"]] == ["number_taken", "conflict"]
    return mine


def settled(what: str, **more: Any) -> Any:
    with as_viewer(us().viewer):
        return settle(by=us(), clash=Clash.objects.get().pk, settled=what, why="She counted", **more)


def closed_at_the_office(kept: Any) -> None:
    row = OpenMeeting.objects.get()
    said = {**row.said, "on": "2024-04-15", "counted": 400_00}
    said.pop("page")
    close_meeting(by=us(), book=kept.book, said=said, is_sure=True)
    settle_written(by=us(), written=row)


def test_the_reasons_of_a_conflict_are_those_of_the_place_alone(kept: Any, phone: Phone) -> None:
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept, 20), counted=100_00))
    wrong = first(kept)
    wrong["said"]["document"] |= {
        "counted": 7,
        "fines": [{"woman": str(kept.women[0].pk), "paise": 90_000_00, "why": "late"}],
    }
    told = phone.sync(wrong)["answers"][0]
    assert told["state"] == "conflict" and {one["code"] for one in told["reasons"]} <= {"number_taken", "conflict"}


def test_both_is_told_when_the_second_is_closed(kept: Any, phone: Phone, hers: dict[str, Any]) -> None:
    def told() -> dict[str, Any]:
        answer: dict[str, Any] = phone.sync(open=[hers["id"]])["answers"][0]
        return answer

    settled("both", number=2)
    said = told()
    assert (said["state"], said["why"]["code"]) == ("conflict", "being_written")
    put_away(by=us(), meeting=OpenMeeting.objects.get().pk, why="Not now")
    assert told()["state"] == "conflict" and "why" not in told()
    settled("both", number=2)
    assert told()["why"]["code"] == "being_written"
    closed_at_the_office(kept)
    said = told()
    assert (said["state"], said["why"]["code"]) == ("aside", "both") and Meeting.objects.count() == 2


@pytest.mark.parametrize("what", ["replaced", "both"])
def test_what_she_wrote_of_her_meeting_follows_it(kept: Any, phone: Phone, hers: dict[str, Any], what: str) -> None:
    raw = picture()
    photo = attaching(kept, hers["id"], raw)
    send(phone, photo["id"], raw)
    document = meeting(kept, 1, "2024-04-08" if what == "replaced" else "2024-04-15", savings=saved(kept, 61))
    document |= {"counted": 305_00 if what == "replaced" else 405_00, "number": 1 if what == "replaced" else 2}
    corrected = closing(kept.group.pk, document, replaces=hers["id"], why="One more each", after=[hers["id"]])
    back = command("take_back_meeting", kept.group.pk, {"meeting": hers["id"], "why": "No"}, after=[corrected["id"]])
    assert phone.send(photo, corrected, back) == ["waits", "waits", "waits"]
    settled(what, number=2)
    if what == "both":
        closed_at_the_office(kept)
    told = phone.sync(open=[photo["id"], corrected["id"], back["id"]])["answers"]
    assert [one["state"] for one in told[:2]] == ["accepted", "accepted"], told
    assert [one["code"] for one in told[2]["reasons"]] == ["not_standing"], "it was corrected: another stands"
    assert Meeting.objects.filter(pk=corrected["id"], replaces=written_as(Clash.objects.get())).exists()


def test_her_taking_back_follows_it(kept: Any, phone: Phone, hers: dict[str, Any]) -> None:
    back = command("take_back_meeting", kept.group.pk, {"meeting": hers["id"], "why": "No"}, after=[hers["id"]])
    assert phone.send(back) == ["waits"]
    settled("replaced")
    assert phone.sync(open=[back["id"]])["answers"][0]["state"] == "accepted"


@pytest.mark.parametrize("what", ["kept", "replaced"])
def test_two_corrections_of_one_meeting_are_settled_by_a_person(
    kept: Any, two_phones: tuple[Phone, Phone], what: str
) -> None:
    one, other = two_phones
    mine = first(kept)
    assert one.send(mine) == ["accepted"]
    said = [closing(kept.group.pk, meeting(kept, savings=saved(kept, rupees), counted=5 * rupees * 100),
                    replaces=mine["id"], why=f"It was {rupees}") for rupees in (40, 30)]  # fmt: skip
    assert one.send(said[0]) == ["accepted"]
    told = other.sync(said[1])["answers"][0]
    assert told["state"] == "conflict" and told["with"]["id"] == said[0]["id"]
    assert other.send(said[1]) == ["conflict"] and Clash.objects.count() == 1 and Meeting.objects.count() == 2
    officer = one.officer
    with as_viewer(officer.viewer):
        settle(by=officer, clash=Clash.objects.get().pk, settled=what, why="By the paper")
    told = other.sync(open=[said[1]["id"]])["answers"][0]
    assert told["state"] == ("known" if what == "replaced" else "aside")
    last = Meeting.objects.order_by("-version").first()
    assert (last.number, last.counted_paise) == (1, 150_00 if what == "replaced" else 200_00)
    again = closing(
        kept.group.pk, meeting(kept, savings=saved(kept, 31), counted=155_00), replaces=said[1]["id"], why="31"
    )
    assert other.send(again) == (["accepted"] if what == "replaced" else ["refused"])


def test_a_correction_of_what_another_took_back_is_settled_too(kept: Any, two_phones: tuple[Phone, Phone]) -> None:
    one, other = two_phones
    mine = first(kept)
    back = command("take_back_meeting", kept.group.pk, {"meeting": mine["id"], "why": "No"}, after=[mine["id"]])
    assert one.send(mine, back) == ["accepted", "accepted"]
    corrected = closing(
        kept.group.pk, meeting(kept, savings=saved(kept, 30), counted=150_00), replaces=mine["id"], why="30"
    )
    assert other.send(corrected) == ["conflict"]
    settled("replaced")
    assert other.sync(open=[corrected["id"]])["answers"][0]["state"] == "known"
    assert Command.objects.get(uid=corrected["id"]).state == "accepted"
    assert Meeting.objects.get(pk=written_as(Clash.objects.get())).counted_paise == 150_00
