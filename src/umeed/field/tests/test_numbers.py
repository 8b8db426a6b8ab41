"""Two phones of one group that count alike: different meetings merge, the same one twice is settled by a person."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from umeed.books.actions import close_meeting, take_back_meeting
from umeed.books.actions.settling import settle
from umeed.books.models import Clash, Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import meeting, saved
from umeed.field.models import Command
from umeed.field.numbers import Standing, number_of
from umeed.field.tests.javascript import JavaScript, plain
from umeed.field.tests.making import Phone, closing
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["kept", "valley"]

FIRST = date(2024, 4, 12)


def day(weeks: float) -> date:
    return FIRST + timedelta(days=round(7 * weeks))


# The rule -------------------------------------------------------------------------------------------------------------


def standing(**days: int) -> list[Standing]:
    return [Standing(id, at, FIRST + timedelta(days=after)) for at, (id, after) in enumerate(days.items(), 37)]


TWO = standing(a=0, b=7)
# (number, days after the first, frequency, known, what comes of it)
CASES: list[tuple[int, int, str, tuple[str, ...], int]] = [
    (39, 14, "weekly", (), 39),  # free
    (37, 0, "weekly", (), 37),  # the same day: the same meeting
    (37, 3, "weekly", (), 37),  # perhaps dated a few days off; nearer to the first
    (37, 4, "weekly", (), 38),  # nearer to the second
    (37, 7, "weekly", (), 38),  # the second, under another number: settled with that one
    (37, 12, "weekly", (), 38),  # still perhaps the second
    (37, 13, "weekly", (), 39),  # plainly another
    (37, 14, "fortnightly", (), 38),
    (37, 17, "fortnightly", (), 38),
    (37, 18, "fortnightly", (), 39),
    (37, 29, "monthly", (), 38),
    (37, 30, "monthly", (), 39),
    (37, -7, "weekly", (), 39),  # before both, plainly another: late
    (37, -5, "weekly", (), 37),
    (38, -7, "weekly", (), 39),  # of smaller numbers she knew
    (38, 9, "weekly", ("b",), 39),  # an extra one of hers, two days after one that was hers too and got another number
    (38, 14, "weekly", ("b",), 39),
    (37, 2, "", (), 37),  # a group that says nothing meets every week
]  # fmt: skip


@pytest.mark.parametrize(("number", "after", "frequency", "known", "expected"), CASES)
def test_the_number_of_a_meeting(
    number: int, after: int, frequency: str, known: tuple[str, ...], expected: int
) -> None:
    assert number_of(number, FIRST + timedelta(days=after), TWO, frequency, known) == expected


@pytest.mark.browser
@pytest.mark.xdist_group("javascript")
def test_the_phone_counts_alike(js: JavaScript) -> None:
    many = [standing(), standing(a=0), TWO, standing(a=0, b=7, c=2), standing(a=0, b=30, c=37, d=61)]
    cases = [
        (number, FIRST + timedelta(days=after), rows, frequency, known)
        for number, after, rows, frequency, known in product(
            (36, 37, 38, 39, 41), range(-9, 70, 3), many, ("weekly", "fortnightly", "monthly", ""), ((), ("a", "c"))
        )
    ]
    here = [number_of(*case) for case in cases]
    assert js.calls("rules/numbers.js", "numberOf", plain(cases)) == here


# On the server --------------------------------------------------------------------------------------------------------


def met(kept: Any, number: int, on: date, rupees: int = 0, **more: Any) -> dict[str, Any]:
    """Everybody saves so much; `counted` is what the box holds then."""
    counted = more.pop("counted", 5 * rupees * 100)
    said = meeting(kept, number, on.isoformat(), savings=saved(kept, rupees) if rupees else (), counted=counted)
    said |= more.pop("document", {})
    return closing(kept.group.pk, said, **more)


def told(phone: Phone, *sent: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = phone.sync(*sent, **more)["answers"]
    return answers


def stands() -> list[tuple[int | None, date]]:
    rows = Meeting.objects.filter(replaced_by=None).exclude(kind="undone").order_by("number")
    return list(rows.values_list("number", "held_on"))


def test_two_phones_that_number_different_meetings_alike_merge(kept: Any, two_phones: tuple[Phone, Phone]) -> None:
    one, other = two_phones
    assert one.send(met(kept, 1, day(0), 50)) == ["accepted"]
    hers = met(kept, 1, day(1), 20, counted=350_00)
    (answer,) = told(other, hers)
    assert (answer["state"], answer["number"]) == ("accepted", 2)
    assert stands() == [(1, day(0)), (2, day(1))] and not Clash.objects.exists()
    again = {**answer, "state": "known"}
    assert told(other, hers) == [again] == told(other, open=[hers["id"]]), "the same again is known, with its number"
    assert one.send(met(kept, 3, day(2), counted=350_00)) == ["accepted"]
    assert "number" not in told(one, open=[str(Meeting.objects.get(number=1).pk)])[0]


def test_what_she_wrote_after_it_follows(kept: Any, two_phones: tuple[Phone, Phone]) -> None:
    """Her next meeting, an extra one two days later, a correction and one that is taken back."""
    one, other = two_phones
    assert one.send(met(kept, 1, day(0))) == ["accepted"]
    first = met(kept, 1, day(1))
    extra = met(kept, 2, day(1) + timedelta(days=2), after=[first["id"]], document={"kind": "extra"})
    right = met(kept, 1, day(1), replaces=first["id"], why="A slip", after=[first["id"], extra["id"]])
    last = met(kept, 3, day(2), after=[first["id"], extra["id"], right["id"]])
    answers = told(other, first, extra, right, last)
    assert [(said["state"], said["number"]) for said in answers] == [
        ("accepted", 2), ("accepted", 3), ("accepted", 2), ("accepted", 4)
    ]  # fmt: skip
    assert stands() == [(1, day(0)), (2, day(1)), (3, day(1) + timedelta(days=2)), (4, day(2))]
    assert other.send(met(kept, 5, day(3))) == ["accepted"] and not Clash.objects.exists()


@pytest.mark.parametrize("days", [0, 1, 5, -3])
def test_what_may_be_the_same_meeting_is_settled_by_a_person(
    kept: Any, two_phones: tuple[Phone, Phone], days: int
) -> None:
    one, other = two_phones
    assert one.send(met(kept, 1, day(2), 50)) == ["accepted"]
    (answer,) = told(other, met(kept, 1, day(2) + timedelta(days=days), 50))
    assert answer["state"] == "conflict" and answer["with"]["number"] == 1 and "number" not in answer
    assert Clash.objects.count() == 1 and stands() == [(1, day(2))]


def test_it_stands_against_the_meeting_that_it_may_be_not_against_that_of_its_number(
    kept: Any, two_phones: tuple[Phone, Phone]
) -> None:
    """One phone was at both meetings, the other at the second only, which it took for the first."""
    one, other = two_phones
    assert one.send(met(kept, 1, day(0)), met(kept, 2, day(1))) == ["accepted", "accepted"]
    hers = met(kept, 1, day(1))
    (answer,) = told(other, hers)
    assert answer["state"] == "conflict" and (answer["with"]["number"], answer["number"]) == (2, 2)
    settle(by=us(), clash=Clash.objects.get().pk, settled="replaced", why="Hers is right")
    (answer,) = told(other, open=[hers["id"]])
    assert (answer["state"], answer["number"]) == ("known", 2) and stands() == [(1, day(0)), (2, day(1))]


def test_one_that_comes_after_a_later_one_is_asked_about(kept: Any, two_phones: tuple[Phone, Phone]) -> None:
    """Whatever she was sure of: she knew nothing of the later one, whose cash was counted without hers."""
    one, other = two_phones
    assert one.send(met(kept, 1, day(1), 50)) == ["accepted"]
    hers = met(kept, 1, day(0), 20)
    (answer,) = told(other, hers)
    assert answer["state"] == "refused"
    assert {said["code"] for said in answer["reasons"]} == {"forgotten", "counted_since"}
    assert {said["severity"] for said in answer["reasons"]} == {"warn"}
    mended = {**hers, "try": 2, "said": {**hers["said"], "document": {**hers["said"]["document"], "number": 2}}}
    assert other.send(mended) == ["accepted"] and stands() == [(1, day(1)), (2, day(0))]


def test_a_box_that_does_not_hold_both_is_no_second_meeting(kept: Any, two_phones: tuple[Phone, Phone]) -> None:
    """One meeting that was dated a week apart: what was counted once is not there twice."""
    one, other = two_phones
    assert one.send(met(kept, 1, day(0), 50)) == ["accepted"]
    (answer,) = told(other, met(kept, 1, day(1), 50))
    assert answer["state"] == "refused" and [said["code"] for said in answer["reasons"]] == ["difference"]
    assert stands() == [(1, day(0))]


def test_a_number_that_is_free_again_is_taken(kept: Any, two_phones: tuple[Phone, Phone]) -> None:
    there = close_meeting(by=us(), book=kept.book, said=meeting(kept, 1, day(0).isoformat(), counted=0))
    take_back_meeting(by=us(), meeting=there.meeting, id=new_id(), why="It was not held")
    (answer,) = told(two_phones[0], met(kept, 1, day(1)))
    assert answer["state"] == "accepted" and "number" not in answer and stands() == [(1, day(1))]


def test_another_content_under_an_id_that_got_another_number_stays_a_conflict(
    kept: Any, two_phones: tuple[Phone, Phone]
) -> None:
    one, other = two_phones
    assert one.send(met(kept, 1, day(0))) == ["accepted"]
    hers = met(kept, 1, day(1))
    assert other.send(hers) == ["accepted"]
    assert other.send({**hers, "try": 2}) == ["known"]
    # A file that is brought once more, when nothing is known of the command any more.
    Command.objects.filter(uid=hers["id"]).update(uid=uuid4())
    (answer,) = told(other, hers)
    assert (answer["state"], answer["number"]) == ("known", 2) and Meeting.objects.count() == 2
    changed = {**hers, "try": 2, "said": {**hers["said"], "document": {**hers["said"]["document"], "place": "A hall"}}}
    Command.objects.filter(uid=hers["id"]).update(uid=uuid4())
    assert other.send(changed) == ["conflict"] and Meeting.objects.count() == 2
