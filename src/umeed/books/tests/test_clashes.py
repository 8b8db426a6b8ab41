"""Two meetings, or two days of a VO or CLF, that came for one place: a person says which holds."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest

from umeed.books.actions import Conflict, close_meeting, settle_clash
from umeed.books.actions.days import close_day
from umeed.books.ledger.balances import balances
from umeed.books.models import Clash, OpenMeeting
from umeed.books.tests.conftest import Kept, keep
from umeed.books.tests.test_bodies import a_day, vo
from umeed.books.tests.test_bodies_pages import browser, url
from umeed.books.tests.test_meetings import meeting, saved
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import make_group, officer_at, signed_in, us

__all__ = ["browser", "vo"]


def clash_of(kept: Kept) -> Clash:
    """Meeting 1 stands with 50 from each; another one came with 60."""
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    with pytest.raises(Conflict):
        close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept, 60), counted=300_00))
    return Clash.objects.get(book=kept.book)


def test_what_came_twice_is_one_press_away_from_the_first_page(valley, kept: Kept, keeper: Keeper) -> None:
    """Of one book the task leads to the two themselves; of several to those books alone."""
    clash_of(kept)
    assert f'href="{keeper.url("clashes")}"' in keeper.client.get("/").content.decode()
    other = keep(make_group(valley.chinar, "Gulab", members=5))
    clash_of(other)
    officer_at(valley.chinar, "resource_person")
    officer = signed_in("officer")
    assert 'href="/books/?two=yes"' in officer.get("/").content.decode()
    assert text_of(officer.get("/books/?two=no")).count("Roshni") == 0
    settle_clash(by=us(), clash=Clash.objects.get(book=other.book).pk, settled="kept", why="The secretary remembers")
    listed = text_of(officer.get("/books/?two=yes"))
    assert "Roshni" in listed and "Gulab" not in listed


@pytest.mark.parametrize(("settled", "cash"), [("kept", 250_00), ("replaced", 300_00), ("both", 250_00)])
def test_two_for_one_place_are_settled(kept: Kept, keeper: Keeper, settled: str, cash: int) -> None:
    clash = clash_of(kept)
    url = keeper.url("clashes")
    page = text_of(keeper.client.get(url))
    assert "₹ 250" in page and "₹ 300" in page
    sent: dict[str, Any] = {"clash": clash.pk, "settled": settled}
    assert keeper.client.post(url, {**sent, "why": ""}).status_code == 422
    unsaid = keeper.client.post(url, {"clash": clash.pk, "why": ""})
    assert unsaid.status_code == 422 and "Say which one holds." in text_of(unsaid) and "Say why." in text_of(unsaid)
    assert "nothing to settle" not in text_of(unsaid) and f'href="#id_settled_{clash.pk}"' in unsaid.content.decode()
    assert keeper.client.post(url, {**sent, "why": "The secretary remembers"}).status_code == 302
    assert balances(kept.book.pk, us().today)["cash"] == cash
    clash.refresh_from_db()
    assert clash.settled == ("" if settled == "both" else settled), "both is settled when the second is closed"
    assert OpenMeeting.objects.exists() is (settled == "both")
    if settled == "both":
        assert OpenMeeting.objects.get().said["number"] == 2


def test_the_second_holds_though_the_box_changed_since(kept: Kept, keeper: Keeper) -> None:
    """Meeting 1 is corrected by ten more: the second of the two counted 550, and 560 have to be there."""
    first = close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    for rupees in (50, 60):
        said = meeting(kept, 2, "2024-04-15", savings=saved(kept, rupees), counted=250_00 + 5 * rupees * 100)
        with suppress(Conflict):
            close_meeting(by=us(), book=kept.book, said=said)
    more = meeting(kept, savings=saved(kept, 52), counted=260_00)
    close_meeting(by=us(), book=kept.book, said=more, replaces=first.meeting, why="Two more from each")
    clash, url = Clash.objects.get(), keeper.url("clashes")
    sent = {"clash": clash.pk, "settled": "replaced", "why": "The secretary remembers"}
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422 and "Why the cash that was counted is another sum" in text_of(answer)
    assert f'href="#id_difference_why_{clash.pk}"' in answer.content.decode()
    assert 'value="The secretary remembers"' in answer.content.decode()
    assert keeper.client.post(url, {**sent, "difference_why": "Ten were left at home"}).status_code == 302
    assert balances(kept.book.pk, us().today)["cash_short"] == 10_00


def test_the_second_is_asked_about_before_it_holds(kept: Kept, keeper: Keeper) -> None:
    """What is asked of a meeting that is closed is asked of one that takes the place of another."""
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    close_meeting(by=us(), book=kept.book, said=meeting(kept, 2, "2024-04-15", counted=250_00))
    much = [{"woman": kept.women[0].pk, "paise": 90_000_00, "why": "late"}]
    with pytest.raises(Conflict):
        close_meeting(by=us(), book=kept.book, said=meeting(kept, fines=much, counted=90_000_00))
    clash, url = Clash.objects.get(), keeper.url("clashes")
    sent = {"clash": clash.pk, "settled": "replaced", "why": "The secretary remembers"}
    assert "One meeting was held since." in text_of(keeper.client.get(url))
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422 and "Nothing stands in the book yet" in text_of(answer)
    assert balances(kept.book.pk, us().today)["cash"] == 250_00
    marks = re.findall(r'name="sure" value="([^"]+)"', answer.content.decode())
    assert marks and keeper.client.post(url, {**sent, "sure": marks}).status_code == 302
    assert balances(kept.book.pk, us().today)["cash"] == 90_000_00


@pytest.mark.parametrize("settled", ["replaced", "both"])
def test_two_days_that_came_for_one_place_are_settled(vo, browser, settled: str) -> None:
    """The second one asks what any day would before it takes the place of the first; “both” closes nothing yet."""

    def fees(rupees: int) -> dict[str, Any]:
        return a_day(vo, receipts=[{"head": "vrf", "paise": rupees * 100, "mode": "bank"}])

    close_day(by=us(), book=vo.book, said=fees(100), is_sure=True)
    with pytest.raises(Conflict):
        close_day(by=us(), book=vo.book, said=fees(9_000_000), is_sure=True)
    page = text_of(browser.get(url(vo, "clashes")))
    assert "Day 1 came twice" in page and "90,00,000" in page and "100" in page
    with as_system():
        clash = Clash.objects.get()
    sent: dict[str, Any] = {"clash": clash.pk, "settled": settled, "why": "The accountant remembers"}
    answer = browser.post(url(vo, "clashes"), sent)
    marks = re.findall(r'name="sure" value="([^"]+)"', answer.content.decode())
    assert (answer.status_code, len(marks)) == ((422, 1) if settled == "replaced" else (302, 0))
    if settled == "replaced":
        assert "Is it right" in text_of(answer)
        answer = browser.post(url(vo, "clashes"), {**sent, "sure": marks})
    assert answer.status_code == 302 and browser.get(answer.url).status_code == 200
    with as_system():
        came = 9_000_000_00 if settled == "replaced" else 100_00
        assert balances(vo.book.pk, us().today)["bank"] == 100_000_00 + came
        assert OpenMeeting.objects.exists() is (settled == "both")
