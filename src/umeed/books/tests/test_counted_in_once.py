"""What was sent is counted in once, in whatever order the days are written: a meeting or day that comes late, or is
corrected, finds what nobody has counted in until today either."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions import close_meeting
from umeed.books.ledger.on_the_way import sent_by_way
from umeed.books.meetings.facts import before
from umeed.books.tests.making import day
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
    assert sent_by_way(vo.book, day("2024-05-15"), us().today) == {vo.one.group.pk: (4_500_00, 0)}
    count_in(vo, "2024-05-20", cash=4_000)
    assert sent_by_way(vo.book, day("2024-05-15"), us().today) == {vo.one.group.pk: (500_00, 0)}
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
    assert sent_by_way(vo.book, day("2024-05-07"), us().today) == {}
    loan = lend(vo)
    arrive(vo, 40_000, on="2024-05-09")
    repaid = [{"loan": loan.uid, "principal": 4_000_00, "interest": 0}]
    close(vo, a_day(vo, on="2024-05-20", repayments=repaid, counted=4_000_00), is_sure=True)
    facts = before(vo.one.book, day("2024-05-15"), number=9, today=us().today).facts
    assert (facts.on_the_way, facts.counted_there) == ({}, {vo.vo.pk: 4_000_00})
