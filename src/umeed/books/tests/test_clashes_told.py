"""Two that came for one place, as they are told: what differs, in the words of the columns; who settled it, and why."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from umeed.books.actions import Conflict, close_meeting
from umeed.books.actions.days import close_day
from umeed.books.models import Clash, Meeting
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_bodies import Vo, a_day, close, vo
from umeed.books.tests.test_bodies_pages import browser, url
from umeed.books.tests.test_clashes import clash_of
from umeed.books.tests.test_meetings import meeting, saved
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["browser", "vo"]
_WHY = "The secretary remembers"


def test_of_a_group_who_came_and_why_the_cash_differs_are_compared_by_name(kept: Kept, keeper: Keeper) -> None:
    here = meeting(kept, savings=saved(kept), counted=245_00, difference_why="Tea")
    away = {**here["attendance"], kept.women[1].pk: "absent"}
    close_meeting(by=us(), book=kept.book, said=here)
    with pytest.raises(Conflict):
        said = {**here, "id": new_id(), "attendance": away, "difference_why": "Tea and sugar"}
        close_meeting(by=us(), book=kept.book, said=said)
    page = text_of(keeper.client.get(keeper.url("clashes")))
    assert f"Who came · {kept.women[1].name} Present Absent" in page
    assert "Why it is different Tea Tea and sugar" in page
    assert "Present: " not in page and kept.women[2].name not in page


def test_of_a_vo_who_came_is_said_on_both_sides(vo: Vo, browser: Client) -> None:
    first, second = vo.one.group, vo.two.group
    here = a_day(vo)
    close_day(by=us(), book=vo.book, said=here, is_sure=True)
    with pytest.raises(Conflict):
        away = {**here["attendance"], first.pk: "absent"}
        close_day(by=us(), book=vo.book, said=a_day(vo, attendance=away), is_sure=True)
    page = text_of(browser.get(url(vo, "clashes")))
    assert f"Who came · {first.name} Present Absent" in page and second.name not in page


def test_what_is_chosen_is_called_as_the_columns_are(kept: Kept, keeper: Keeper) -> None:
    clash_of(kept)
    page = text_of(keeper.client.get(keeper.url("clashes")))
    assert "What stands in the book holds What came later holds Both happened" in page and "first one" not in page


def test_a_question_leads_to_where_it_can_be_answered(vo: Vo, browser: Client) -> None:
    """Beside the two nothing is there to be chosen: the day is corrected when it is settled."""
    asked = [{"id": new_id(), "body": vo.one.group.pk, "paise": 9_000_00}]
    close(vo, a_day(vo, requests=asked), is_sure=True)
    lent: dict[str, Any] = {
        "loan": new_id(), "body": vo.one.group.pk, "paise": 5_000_00, "mode": "bank", "source": "cif",
        "rate_bp_a_year": 1_200, "instalments": 10, "method": "balance", "first_due": "2024-06-10",
    }  # fmt: skip
    with pytest.raises(Conflict):
        close(vo, a_day(vo, requests=asked, lendings=[lent]), is_sure=True)
    with as_system():
        clash = Clash.objects.get()
    page = text_of(browser.post(url(vo, "clashes"), {"clash": clash.pk, "settled": "replaced", "why": _WHY}))
    assert "then correct the day" in page and "beside it" not in page


@pytest.mark.parametrize("settled", ["kept", "replaced"])
def test_what_was_settled_is_told_with_its_meeting_the_reason_and_who(kept: Kept, keeper: Keeper, settled: str) -> None:
    clash = clash_of(kept)
    address = keeper.url("clashes")
    sent = {"clash": clash.pk, "settled": settled, "why": _WHY}
    assert keeper.client.post(address, sent).status_code == 302
    what = {"kept": "What stands in the book holds", "replaced": "What came later holds"}[settled]
    told = text_of(keeper.client.get(address))
    assert f"Meeting 1 · 8 Apr 2024 · {what} · {_WHY}" in told
    assert told.rstrip().split(_WHY)[1].count("Keeper") == 1, told
    with as_system():
        held = Meeting.objects.filter(replaced_by__isnull=True).get()
    page = text_of(keeper.client.get(keeper.url("meeting", held.pk))).split("How it came to this")[1]
    assert f"Two for one place: {what} · {_WHY}" in page and page.count(_WHY) == 1
    assert "Keeper" in page.split(_WHY)[1]


def test_a_correction_tells_who_and_why_in_how_it_came_to_this(kept: Kept, keeper: Keeper) -> None:
    first = close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    more = meeting(kept, savings=saved(kept, 52), counted=260_00)
    done = close_meeting(by=us(), book=kept.book, said=more, replaces=first.meeting, why="Two more from each")
    page = text_of(keeper.client.get(keeper.url("meeting", done.meeting))).split("How it came to this")[1]
    assert "Regular meeting · Two more from each" in page and page.count(f"· {us().name}") == 2


def test_a_day_tells_it_too(vo: Vo, browser: Client) -> None:
    held = close(vo, a_day(vo), is_sure=True)
    with pytest.raises(Conflict):
        fund = [{"head": "vrf", "paise": 100_00, "mode": "bank"}]
        close(vo, a_day(vo, receipts=fund), is_sure=True)
    with as_system():
        clash = Clash.objects.get()
    browser.post(url(vo, "clashes"), {"clash": clash.pk, "settled": "kept", "why": _WHY})
    assert f"Two for one place: What stands in the book holds · {_WHY}" in text_of(
        browser.get(url(vo, "days", str(held.meeting)))
    )
    assert "Day 1 · " in text_of(browser.get(url(vo, "clashes")))
