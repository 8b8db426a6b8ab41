"""What she put away on her phone is posted by nobody; what she said otherwise since is not posted as it was."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.models import Clash, Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.core.viewer import as_viewer
from umeed.field.actions import end_phone
from umeed.field.actions.letting_in import let_in, turn_down
from umeed.field.models import Command
from umeed.field.queries import counts
from umeed.field.telling import reasons_of, told_of
from umeed.field.tests.making import Phone
from umeed.field.tests.test_receiving import adding, answer, correcting, first, leaves, second
from umeed.institutions.actions import correct_woman
from umeed.institutions.tests.making import us

__all__ = ["kept", "valley"]

WHY = "It was not held"


def away(said: dict[str, Any], why: str = WHY) -> dict[str, Any]:
    """As the phone tells that a command was put away: the next try of it, of a kind that no older server posts."""
    return {**said, "try": said["try"] + 1, "after": [], "kind": "put_away", "said": {"kind": said["kind"], "why": why}}


def short(kept: Any) -> dict[str, Any]:
    """A meeting that is refused: ten rupees are missing in the box."""
    said = first(kept)
    said["said"]["document"]["counted"] = 240_00
    return said


def better(kept: Any, wrong: dict[str, Any]) -> dict[str, Any]:
    right = {**wrong, "try": wrong["try"] + 1, "said": first(kept)["said"]}
    right["said"]["document"]["id"] = wrong["id"]
    return right


@pytest.mark.parametrize("is_together", [False, True])
def test_what_she_put_away_is_not_posted_when_what_it_stood_on_is_mended(
    kept: Any, phone: Phone, is_together: bool
) -> None:
    wrong = short(kept)
    later = second(kept, after=[wrong["id"]])
    assert phone.send(wrong, later) == ["refused", "waits"]
    if is_together:
        told = phone.sync(better(kept, wrong), away(later))["answers"]
    else:
        told = [*phone.sync(away(later))["answers"], *phone.sync(better(kept, wrong))["answers"]][::-1]
    assert [one["state"] for one in told] == ["accepted", "aside"]
    assert (told[1]["try"], told[1]["why"]["code"], told[1]["why"]["values"]) == (2, "put_away", {"why": WHY})
    assert phone.send(away(later), later, {**later, "try": 3}) == ["aside"], "the same again, and nothing after it"
    assert Meeting.objects.count() == 1 and not Meeting.objects.filter(pk=later["id"]).exists()


def test_what_stands_on_it_is_looked_at_by_her_first(kept: Any, phone: Phone) -> None:
    wrong = short(kept)
    later = second(kept, after=[wrong["id"]])
    assert phone.send(wrong, later, away(wrong)) == ["aside", "waits"]
    assert phone.sync(open=[later["id"]])["answers"][0]["state"] == "waits"
    anew = {**later, "try": 2, "after": [], "said": second(kept)["said"]}
    anew["said"]["document"] |= {"id": later["id"], "number": 1, "counted": 250_00}
    assert phone.send(anew) == ["accepted"], "written anew upon what stands"


def test_what_was_taken_before_stands_and_the_phone_is_told(kept: Any, phone: Phone) -> None:
    mine = first(kept)
    assert phone.send(mine) == ["accepted"]
    told = answer(phone, away(mine))
    assert (told["state"], told["try"]) == ("known", 1) and told["receipt"]
    assert Command.objects.count() == Meeting.objects.count() == 1


def test_a_conflict_that_the_books_keep_is_settled_there(kept: Any, phone: Phone) -> None:
    assert phone.send(first(kept)) == ["accepted"]
    mine = first(kept, 60)
    assert phone.send(mine) == ["conflict"]
    told = answer(phone, away(mine))
    assert (told["state"], told["try"]) == ("conflict", 2)
    assert Clash.objects.get().settled == "" and Command.objects.count() == 2


def test_what_the_server_never_had_or_forgot_is_not_taken_up_when_it_comes_late(kept: Any, phone: Phone) -> None:
    mine = first(kept)
    assert answer(phone, away(mine))["state"] == "aside"
    assert phone.send(mine) == ["aside"] and not Meeting.objects.exists()
    with as_viewer(phone.officer.viewer):
        told_of(phone.officer, Command.objects.get())


@pytest.mark.parametrize("is_added", [False, True])
def test_the_inbox_shows_it_closed_with_her_reason(kept: Any, phone: Phone, is_added: bool) -> None:
    if is_added:
        said = adding(kept)
        del said["said"]["name"]
    else:
        said = correcting(kept, kept.women[0], phone="9906543210")
        correct_woman(by=us(), woman=kept.women[0], phone="9906500000")
    state = answer(phone, said)["state"]
    assert counts(phone.officer) == {state: 1}
    assert answer(phone, away(said))["state"] == "aside"
    assert counts(phone.officer) == {}
    for row in Command.objects.all():
        assert row.is_put_away and row.answer["why"]["values"] == {"why": WHY}
        with as_viewer(phone.officer.viewer):
            assert reasons_of(row) == [f"Put away because: {WHY}"] and told_of(phone.officer, row).facts
    assert row.settled_by == str(phone.owner.pk) and row.settled_at


def test_what_is_held_needs_no_officer_any_more(kept: Any, phone: Phone) -> None:
    mine = first(kept)
    leaves(phone)
    assert phone.send(mine, away(mine)) == ["aside"]
    row = Command.objects.get(attempt=1)
    for decided in (let_in, turn_down):
        with as_viewer(phone.officer.viewer), pytest.raises(Exception, match="nothing to decide"):
            decided(by=phone.officer, command=row.pk, why="So it was")
    assert not Meeting.objects.exists()


def test_a_phone_that_was_ended_puts_nothing_away(kept: Any, phone: Phone) -> None:
    wrong = short(kept)
    later = second(kept, after=[wrong["id"]])
    assert phone.send(wrong, later) == ["refused", "waits"]
    end_phone(by=phone.officer, device=phone.device.pk, why="Lost on the road")
    for waiting in (0, 1):
        told = phone.sync(away(later), counts={"waiting": waiting, "refused": 0})
        assert [(one["state"], one["try"]) for one in told["answers"]] == [("waits", 1)]
        assert told["wipe"] is (waiting == 0), "what was put away is no work that must leave before it forgets"


def test_nonsense_puts_nothing_away(kept: Any, phone: Phone) -> None:
    mine = first(kept)
    for said in ({}, {"kind": "put_away", "why": "x"}, {"kind": 7, "why": "x"}):
        told = answer(phone, {**away(mine), "said": said})
        assert told["state"] == "refused" and told["reasons"][0]["code"] == "unknown_kind"
    assert answer(phone, away(mine, "x" * 900))["why"]["values"]["why"] == "x" * 240


@pytest.mark.parametrize("is_first", [False, True])
def test_what_she_mended_is_posted_as_she_mended_it(kept: Any, phone: Phone, is_first: bool) -> None:
    """12 is refused, 13 waits. Without a network she mends both; they go up together, in whatever order."""
    wrong = short(kept)
    later = second(kept, after=[wrong["id"]])
    assert phone.send(wrong, later) == ["refused", "waits"]
    mended = {**later, "try": 2, "said": second(kept)["said"]}
    mended["said"]["document"] |= {"id": later["id"], "savings": mended["said"]["document"]["savings"][:4]}
    mended["said"]["document"]["counted"] = 450_00
    both = [better(kept, wrong), mended]
    assert sorted(phone.send(*(both[::-1] if is_first else both))) in (["accepted", "accepted"], ["accepted", "known"])
    assert Meeting.objects.get(pk=later["id"]).counted_paise == 450_00
