"""A meeting that was forgotten, or an extra one, is written after those that followed it are closed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from umeed.books.actions import Conflict, close_meeting, lock_month, take_back_meeting
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.facts import came_late
from umeed.books.models import Meeting, OpenMeeting
from umeed.books.registers import meetings as registers
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_meetings import close, meeting, saved
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id

DAYS = ("2024-04-08", "2024-04-15", "2024-04-29")
FORGOTTEN = "2024-04-17"


def held_three(kept: Kept) -> list[Any]:
    """Three meetings in which everybody saves fifty: 250, 500, 750 in the box."""
    return [
        close(kept, meeting(kept, at, on, savings=saved(kept), counted=at * 250_00)).meeting
        for at, on in enumerate(DAYS, 1)
    ]  # fmt: skip


def forgotten(kept: Kept, number: int = 4, on: str = FORGOTTEN, **said: Any) -> dict[str, Any]:
    return meeting(kept, number, on, **{"kind": "extra", "savings": saved(kept, 20), "counted": 600_00, **said})


def codes_at(kept: Kept, said: dict[str, Any], **more: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        close(kept, said, **more)
    return codes_of(refused)


def test_one_that_was_forgotten_takes_the_next_number_when_it_is_meant(kept: Kept) -> None:
    held_three(kept)
    assert codes_at(kept, forgotten(kept)) == ["forgotten", "counted_since"]
    close(kept, forgotten(kept), is_sure=True)
    assert balances(kept.book.pk, day("2024-04-16"))["cash"] == 500_00
    assert balances(kept.book.pk, day(FORGOTTEN))["cash"] == 600_00
    assert balances(kept.book.pk, us().today)["cash"] == 850_00
    assert first_difference() is None
    # Papers are in the order of days; the calendar goes on from the last day and number.
    calendar = calendar_of(kept.book, day("2024-05-02"))
    assert (calendar.last, calendar.last_number) == (day("2024-04-29"), 4)
    shown = registers.meetings_of(kept.book, day("2024-04-01"), day("2024-04-30"))
    assert [one.number for one in shown] == [3, 4, 2, 1]


def test_of_one_without_money_only_its_day_is_asked(kept: Kept) -> None:
    held_three(kept)
    assert codes_at(kept, forgotten(kept, savings=[], counted=500_00)) == ["forgotten"]


def test_a_number_that_is_taken_says_which_is_free(kept: Kept) -> None:
    held_three(kept)
    with pytest.raises(Conflict) as refused:
        close(kept, forgotten(kept, 2))
    assert "Another one takes the next number, 4" in str(refused.value.refusals[0].message(str))


def test_on_the_day_of_another_it_is_no_meeting_of_its_own(kept: Kept) -> None:
    held_three(kept)
    for at, on in enumerate(DAYS):
        assert "same_day" in codes_at(kept, forgotten(kept, on=on, counted=(at + 1) * 250_00 + 100_00), is_sure=True)


def test_those_after_it_keep_their_order(kept: Kept) -> None:
    held_three(kept)
    close(kept, forgotten(kept), is_sure=True)
    # The next one is later than the last that was held, not than the one that came late.
    following = meeting(kept, 5, "2024-04-22", savings=saved(kept), counted=850_00)
    assert codes_at(kept, following) == ["forgotten", "counted_since"]
    close(kept, {**following, "on": "2024-05-06", "counted": 1_100_00})
    assert [one.held_on for one in Meeting.objects.order_by("number")][-1] == day("2024-05-06")


@pytest.mark.parametrize("at", range(4))
def test_all_of_them_can_be_corrected(kept: Kept, at: int) -> None:
    """Those whose cash was counted without it, and itself also when others came after it."""
    ids = held_three(kept)
    ids.append(close(kept, forgotten(kept), is_sure=True).meeting)
    close(kept, meeting(kept, 5, "2024-05-06", savings=saved(kept), counted=1_100_00))
    said = [
        *(meeting(kept, at, on, savings=saved(kept, 60), counted=cash)
          for at, on, cash in zip((1, 2, 3), DAYS, (300_00, 550_00, 900_00), strict=True)),
        forgotten(kept, savings=saved(kept, 30), counted=650_00),
    ]  # fmt: skip
    close_meeting(by=us(), book=kept.book, said=said[at], replaces=ids[at], why="Ten more each")
    assert balances(kept.book.pk, us().today)["cash"] == 1_150_00
    assert first_difference() is None


def test_what_was_found_more_because_of_it_goes_with_a_correction(kept: Kept) -> None:
    """On 29 April the money of the forgotten meeting was in the box, and was told as found."""
    ids = [
        close(kept, meeting(kept, at, on, savings=saved(kept), counted=at * 250_00)).meeting
        for at, on in enumerate(DAYS[:2], 1)
    ]
    third = meeting(kept, 3, DAYS[2], savings=saved(kept), counted=850_00)
    ids.append(close(kept, {**third, "difference_why": "Nobody knows"}).meeting)
    close(kept, forgotten(kept), is_sure=True)
    assert balances(kept.book.pk, us().today)["cash_over"] == -100_00
    close_meeting(by=us(), book=kept.book, said={**third, "id": new_id()}, replaces=ids[2], why="It was the meeting's")
    assert "cash_over" not in balances(kept.book.pk, us().today)
    assert balances(kept.book.pk, us().today)["cash"] == 850_00


def test_a_number_that_is_free_again_keeps_the_order_of_days(kept: Kept) -> None:
    ids = held_three(kept)
    take_back_meeting(by=us(), meeting=ids[1], id=new_id(), why="Another group's")
    assert "out_of_order" in codes_at(kept, forgotten(kept, 2, "2024-05-02", counted=600_00), is_sure=True)
    close(kept, forgotten(kept, 2, counted=350_00), is_sure=True)


def test_it_is_written_at_the_pages(kept: Kept, keeper: Keeper) -> None:
    held_three(kept)
    assert keeper.begin(FORGOTTEN, 2).status_code == 422
    assert keeper.begin(FORGOTTEN, 4).status_code == 302
    keeper.walk(count={"counted": "750"})
    page = text_of(keeper.open("close"))
    assert "Was this one forgotten then?" in page and "₹250 more is in the box since" in page
    assert keeper.close().status_code == 422 and OpenMeeting.objects.exists()
    marks = re.findall(r'name="sure" value="([^"]+)"', keeper.open("close").content.decode())
    assert keeper.close(sure=marks).status_code == 302
    assert Meeting.objects.get(number=4).held_on == day(FORGOTTEN)


def test_which_came_late() -> None:
    days = [(at, day(on)) for at, on in enumerate((*DAYS, FORGOTTEN, "2024-05-06", DAYS[0]), 1)]
    assert came_late(days) == {4, 6}
    assert came_late(days[:3]) == set()


def test_of_a_closed_month_it_is_said_what_she_can_do(keeper: Keeper, kept: Kept) -> None:
    held_three(kept)
    lock_month(by=us(), book=kept.book, month=day("2024-04-30"))
    with pytest.raises(Refused) as refused:
        close(kept, forgotten(kept), is_sure=True)
    assert "Write this one as an extra meeting on a day of an open month" in refused.value.refusals[0].message(str)
    answer = keeper.send("begin", on=FORGOTTEN, number="4", kind="extra")
    assert answer.status_code == 422 and "say under “What was decided” when it was held" in text_of(answer)
    assert keeper.url("months") in answer.content.decode()
    assert keeper.url("months") not in keeper.client.get(keeper.url("meeting_begin")).content.decode()
    # Done so, it stands in the book; of one that was not held nothing of the kind is said.
    told = [{"topic": "Forgotten", "decided": "Held on 17 April"}]
    close(kept, forgotten(kept, on="2024-05-02", counted=850_00, agenda=told))
    with pytest.raises(Refused) as refused:
        close(kept, {"id": new_id(), "on": "2024-04-22", "kind": "missed", "why": "Snow"})
    assert refused.value.refusals[0].message(str) == "The month of 22 Apr 2024 is closed in this book."
