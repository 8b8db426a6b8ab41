"""What was sent is counted in once, in whatever order the days are written: a meeting or day that comes late, or is
corrected, finds what nobody has counted in until today either."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions import close_meeting, take_back_meeting
from umeed.books.ledger.on_the_way import sent_by_way
from umeed.books.meetings.facts import before
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, arrive, close, lend, meet, today, vo
from umeed.books.tests.test_counted_in import count_in, sent
from umeed.core.actions import Refused
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["vo"]


def refused(write: Any) -> list[str]:
    with pytest.raises(Refused) as wrong:
        write()
    return [one.code for one in wrong.value.refusals if one.severity == "refuse"]


def test_a_late_day_of_a_vo_does_not_count_in_what_was_counted_in_later(vo: Vo) -> None:
    sent(vo, "cash")
    late = a_day(vo, on="2024-05-15", arrived=[{"body": vo.one.group.pk, "paise": 4_500_00}], counted=4_500_00)
    assert sent_by_way(vo.book, day("2024-05-15")) == {vo.one.group.pk: (4_500_00, 0)}
    count_in(vo, "2024-05-20", cash=4_000)
    assert sent_by_way(vo.book, day("2024-05-15")) == {vo.one.group.pk: (500_00, 0)}
    assert refused(lambda: close(vo, late, is_sure=True)) == ["more_than_sent"]
    part = {**late, "id": new_id(), "arrived": [{"body": vo.one.group.pk, "paise": 500_00}], "counted": 500_00}
    close(vo, part, is_sure=True)
    assert (today(vo.book)["cash"], today(vo.book).get("on_the_way", 0)) == (4_500_00, 0)


def test_a_late_or_corrected_meeting_does_not_either(vo: Vo) -> None:
    lend(vo)
    arrived = {"arrived": [{"body": vo.vo.pk, "paise": 40_000_00}], "counted": 40_000_00}
    first = close_meeting(by=us(), book=vo.one.book, said=meet(vo.one, number=1, on="2024-04-20"), is_sure=True)
    arrive(vo, 40_000, on="2024-05-08")
    late = meet(vo.one, number=2, on="2024-05-01", **arrived)
    assert refused(lambda: close_meeting(by=us(), book=vo.one.book, said=late, is_sure=True)) == ["more_than_sent"]
    again = meet(vo.one, number=1, on="2024-04-20", **arrived)
    correct = {"replaces": first.meeting, "why": "It came then"}
    assert refused(lambda: close_meeting(by=us(), book=vo.one.book, said=again, is_sure=True, **correct)) == [
        "more_than_sent"
    ]
    assert today(vo.one.book)["cash"] == 40_000_00


def test_nothing_is_counted_in_before_it_was_sent_nor_what_was_counted_there_forgotten(vo: Vo) -> None:
    """What the VO counted in later, and the group never said, waits for the group to say it: also on an earlier day."""
    sent(vo, "cash")
    assert sent_by_way(vo.book, day("2024-05-07")) == {}
    loan = lend(vo)
    arrive(vo, 40_000, on="2024-05-09")
    repaid = [{"loan": loan.uid, "principal": 4_000_00, "interest": 0}]
    close(vo, a_day(vo, on="2024-05-20", repayments=repaid, counted=4_000_00), is_sure=True)
    facts = before(vo.one.book, day("2024-05-15"), number=9, today=us().today).facts
    assert (facts.on_the_way, facts.counted_there) == ({}, {vo.vo.pk: 4_000_00})


# What is sent again and again ----------------------------------------------------------------------------------------


def send(vo: Vo, number: int, on: str) -> None:
    """The group saves 100 with the VO."""
    saved = [{"head": "saving_optional", "woman": vo.one.women[0].pk, "paise": 100_00}]
    given = [{"body": vo.vo.pk, "what": "saving", "paise": 100_00}]
    said = meet(vo.one, number=number, on=on, savings=saved, given=given, counted=0)
    close_meeting(by=us(), book=vo.one.book, said=said, is_sure=True)


def counts_in(vo: Vo, number: int, on: str, *, counted: int, **more: Any) -> dict[str, Any]:
    arrived = [{"body": vo.one.group.pk, "paise": 100_00}]
    return a_day(vo, number=number, on=on, arrived=arrived, counted=counted * 100, **more)


def test_a_day_is_corrected_also_when_the_next_one_counted_in_what_came_next(vo: Vo) -> None:
    send(vo, 1, "2024-05-08")
    said = counts_in(vo, 1, "2024-05-10", counted=100)
    first = close(vo, said, is_sure=True).meeting
    send(vo, 2, "2024-05-15")
    close(vo, counts_in(vo, 2, "2024-05-17", counted=200), is_sure=True)
    ten = {"receipts": [{"head": "other_receipt", "paise": 10_00, "mode": "cash"}], "counted": 110_00}
    close(vo, {**said, **ten, "id": new_id()}, is_sure=True, replaces=first, why="Ten were forgotten")
    assert (today(vo.book)["cash"], today(vo.book).get("on_the_way", 0)) == (210_00, 0)


@pytest.mark.parametrize("between", [False, True])
def test_a_forgotten_day_finds_what_was_there(vo: Vo, between: bool) -> None:
    """Of two sendings one was counted in after the second: on a day between them the first was there."""
    send(vo, 1, "2024-05-08")
    send(vo, 2, "2024-05-15")
    close(vo, counts_in(vo, 2, "2024-05-17", counted=100), is_sure=True)
    assert sent_by_way(vo.book, day("2024-05-10")) == {vo.one.group.pk: (100_00, 0)}
    if between:
        count_in(vo, "2024-05-10", sure=True, cash=100)
    else:
        close(vo, counts_in(vo, 1, "2024-05-10", counted=100), is_sure=True)
    assert today(vo.book).get("on_the_way", 0) == 0
    assert sent_by_way(vo.book, us().today) == {}


def test_a_meeting_is_corrected_also_when_the_next_one_counted_in_what_came_next(vo: Vo) -> None:
    lend(vo, rupees=10_000)
    arrived = [{"body": vo.vo.pk, "paise": 10_000_00}]
    said = meet(vo.one, number=1, on="2024-04-20", arrived=arrived, counted=10_000_00)
    first = close_meeting(by=us(), book=vo.one.book, said=said, is_sure=True).meeting
    lend(vo, rupees=5_000, on=day("2024-05-02"))
    arrived = [{"body": vo.vo.pk, "paise": 5_000_00}]
    second = meet(vo.one, number=2, on="2024-05-08", arrived=arrived, counted=15_000_00)
    close_meeting(by=us(), book=vo.one.book, said=second, is_sure=True)
    fine = {"fines": [{"woman": vo.one.women[0].pk, "paise": 10_00, "why": "late"}], "counted": 10_010_00}
    close_meeting(
        by=us(), book=vo.one.book, said={**said, **fine, "id": new_id()}, is_sure=True, replaces=first,
        why="A fine was forgotten",
    )  # fmt: skip
    assert today(vo.one.book)["cash"] == 15_010_00


@pytest.mark.parametrize("said", [False, True])
def test_what_the_other_side_counted_first_takes_nothing_from_what_was_sent(vo: Vo, said: bool) -> None:
    """The VO lends 10,000, counted in on 20 April; on 15 May it counts 1,000 that the group says later, or not at all.
    The meeting of 20 April is corrected, and one that was forgotten finds what was there."""
    loan = lend(vo, rupees=10_000)
    arrived = [{"body": vo.vo.pk, "paise": 10_000_00}]
    first = meet(vo.one, number=1, on="2024-04-20", arrived=arrived, counted=10_000_00)
    held = close_meeting(by=us(), book=vo.one.book, said=first, is_sure=True).meeting
    repaid = [{"loan": loan.uid, "principal": 1_000_00, "interest": 0}]
    close(vo, a_day(vo, on="2024-05-15", repayments=repaid, counted=1_000_00), is_sure=True)
    if said:
        left = [{"body": vo.vo.pk, "paise": 1_000_00}]
        second = meet(vo.one, number=2, on="2024-05-17", left=left, counted=9_000_00)
        close_meeting(by=us(), book=vo.one.book, said=second, is_sure=True)
    fine = {"fines": [{"woman": vo.one.women[0].pk, "paise": 10_00, "why": "late"}], "counted": 10_010_00}
    again = {**first, **fine, "id": new_id()}
    held = close_meeting(
        by=us(), book=vo.one.book, said=again, is_sure=True, replaces=held, why="A fine was forgotten"
    ).meeting
    assert today(vo.one.book).get("on_the_way", 0) == (0 if said else -1_000_00)
    if said:
        return
    take_back_meeting(by=us(), meeting=held, id=new_id(), why="Never held")
    assert sent_by_way(vo.one.book, day("2024-04-20")) == {vo.vo.pk: (0, 10_000_00)}
    close_meeting(by=us(), book=vo.one.book, said={**again, "id": new_id()}, is_sure=True)


def test_what_a_cut_off_says_is_on_the_way_is_counted_in_once(vo: Vo) -> None:
    """It began with 700 of the group on the way; nobody sent it again."""
    lines = entry("on_the_way", 700, body=vo.one.group.pk), entry("surplus_before", -700)
    post(vo.book, sheet(*lines, on="2024-04-01", kind=4))
    said = a_day(vo, number=1, on="2024-05-10", arrived=[{"body": vo.one.group.pk, "paise": 700_00}], counted=700_00)
    first = close(vo, said, is_sure=True).meeting
    assert refused(lambda: close(vo, {**said, "id": new_id(), "number": 2, "on": "2024-05-09"}, is_sure=True)) == [
        "more_than_sent"
    ]
    close(vo, {**said, "id": new_id(), "on": "2024-05-09"}, is_sure=True, replaces=first, why="On the ninth")
    assert today(vo.book).get("on_the_way", 0) == 0


def test_what_stands_may_be_written_again_whatever_came_late(vo: Vo) -> None:
    """The group counted in 10,000 on 20 April; the VO then writes a day of the 15th on which it counted 1,000 first.
    The meeting is corrected as it stands; more than it had counted in is not there."""
    loan = lend(vo, rupees=10_000)
    arrived = [{"body": vo.vo.pk, "paise": 10_000_00}]
    said = meet(vo.one, number=1, on="2024-04-20", arrived=arrived, counted=10_000_00)
    held = close_meeting(by=us(), book=vo.one.book, said=said, is_sure=True).meeting
    repaid = [{"loan": loan.uid, "principal": 1_000_00, "interest": 0}]
    close(vo, a_day(vo, on="2024-04-15", repayments=repaid, counted=1_000_00), is_sure=True)
    correct: Any = {"is_sure": True, "replaces": held, "why": "A note"}
    more = {"arrived": [{"body": vo.vo.pk, "paise": 10_001_00}], "counted": 10_001_00}
    book = vo.one.book
    assert refused(lambda: close_meeting(by=us(), book=book, said={**said, **more, "id": new_id()}, **correct)) == [
        "more_than_sent"
    ]
    held = close_meeting(by=us(), book=book, said={**said, "id": new_id()}, **correct).meeting
    # What it says to have left may be said again too.
    left = meet(vo.one, number=2, on="2024-04-27", left=[{"body": vo.vo.pk, "paise": 1_000_00}], counted=9_000_00)
    second = close_meeting(by=us(), book=book, said=left, is_sure=True).meeting
    lend(vo, rupees=500, on=day("2024-04-26"))
    close_meeting(by=us(), book=book, said={**left, "id": new_id()}, is_sure=True, replaces=second, why="A note")
    assert today(book)["cash"] == 9_000_00
