"""What others sent is counted in between two books: not before it was sent, and not behind a closed count unasked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from umeed.books.actions.bodies import settle_on_the_way
from umeed.books.ledger.balances import balances
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import Vo, a_day, arrive, close, lend, today, vo
from umeed.books.tests.test_bodies_pages import browser, url
from umeed.books.tests.test_days_filled_in import sent
from umeed.books.tests.writing import text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["browser", "vo"]


def codes(vo: Vo, on: str, *, sure: bool = False, **ways: int) -> list[str]:
    with pytest.raises(Refused) as refused:
        count_in(vo, on, sure=sure, **ways)
    return codes_of(refused)


def count_in(vo: Vo, on: str, *, sure: bool = False, **ways: int) -> None:
    settle_on_the_way(
        by=us(), book=vo.book, body=vo.one.group.pk, on=day(on), uid=new_id(), is_sure=sure,
        ways={way: Paise(rupees * 100) for way, rupees in ways.items()},  # type: ignore[misc]
    )  # fmt: skip


def test_not_on_a_day_before_it_was_sent(vo: Vo) -> None:
    """The group sent 4,500 on 8 May."""
    sent(vo, "bank")
    for sure in (False, True):
        assert codes(vo, "2024-05-07", cash=10, sure=sure) == ["before_sent"]
    count_in(vo, "2024-05-08", cash=10)


def test_nor_more_of_it_than_was_sent_until_then(vo: Vo) -> None:
    """The VO lends 30,000 on 10 April and 10,000 on the 20th."""
    lend(vo, rupees=30_000)
    lend(vo, rupees=10_000, on=day("2024-04-20"))
    for on, rupees in (("2024-04-09", 30_000), ("2024-04-19", 30_001)):
        with pytest.raises(Refused) as refused:
            arrive(vo, rupees, on=on)
        assert codes_of(refused) == ["before_sent"]
    arrive(vo, 30_000, on="2024-04-10")
    arrive(vo, 10_000, on="2024-04-20")


def test_behind_a_closed_count_it_is_asked(vo: Vo) -> None:
    """The box was counted on 15 May without it."""
    sent(vo, "cash")
    close(vo, a_day(vo, on="2024-05-15"))
    assert codes(vo, "2024-05-12", cash=4_500) == ["counted_since"]
    # By the bank, or on that day or later, no box was counted without it.
    count_in(vo, "2024-05-12", bank=1_000)
    count_in(vo, "2024-05-15", cash=1_000)
    count_in(vo, "2024-05-12", cash=2_500, sure=True)
    assert balances(vo.book.pk, day("2024-05-14"))["cash"] == 2_500_00


def test_the_page_asks_with_a_tick(vo: Vo, browser: Client) -> None:
    sent(vo, "cash")
    close(vo, a_day(vo, on="2024-05-15"))
    address = f"{url(vo, 'between')}?with={vo.one.group.pk}"
    said: dict[str, Any] = {"do": "settle", "id": new_id(), "cash": "4500", "bank": "", "on": "2024-05-12"}
    assert 'name="sure"' not in browser.get(address).content.decode()
    early = browser.post(address, {**said, "on": "2024-05-01"})
    assert early.status_code == 422 and "on an earlier day it cannot be counted in" in text_of(early)
    answer = browser.post(address, said)
    assert answer.status_code == 422 and "the cash was counted without this" in text_of(answer)
    assert 'name="sure"' in answer.content.decode() and 'value="4500"' in answer.content.decode()
    for _twice in range(2):
        assert browser.post(address, {**said, "sure": "on"}).status_code == 302
    with as_system():
        assert today(vo.book)["cash"] == 4_500_00
