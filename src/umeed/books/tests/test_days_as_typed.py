"""A day is typed in one way in the whole book: day first, as text. And what is told of counted notes names the note."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from umeed import books
from umeed.books.models import OpenMeeting
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_bodies import Vo, lend, vo
from umeed.books.tests.test_bodies_pages import begin, browser, step, url
from umeed.books.tests.test_taken_out_again import two_lent
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.viewer import as_system

__all__ = ["browser", "vo"]


def test_no_page_of_the_book_has_the_browsers_own_box_for_days() -> None:
    pages = Path(books.__file__).parent.joinpath("templates").rglob("*.html")
    assert [page.name for page in pages if re.search(r'type="date"', page.read_text())] == []


def test_days_of_a_meeting_are_typed_day_first_in_any_digits(kept: Kept, keeper: Keeper) -> None:
    first, _second = two_lent(kept, keeper)
    assert keeper.fields("begin")["on"] == "08-04-2024"
    assert keeper.fields("lendings")[f"l-{first}-first_due"] == "08-05-2024"
    page = keeper.open("lendings").content.decode()
    assert f'id="id_l-{first}-first_due_hint"' in page and "Day first, like" in text_of(keeper.open("begin"))
    assert keeper.send("lendings", **{f"l-{first}-first_due": "۰۵/۱۱/۲۰۲۴"}).status_code == 302
    assert OpenMeeting.objects.get().said["lendings"][0]["first_due"] == "2024-11-05"
    put_off = {"outcome": "deferred", "why": "Little money", "promised_on": "1.6.24"}
    keeper.send("requests", **{f"d-{first}-{key}": value for key, value in put_off.items()})
    assert keeper.fields("requests")[f"d-{first}-promised_on"] == "01-06-2024"


def test_days_of_a_vo_are_typed_day_first(vo: Vo, browser: Client) -> None:
    begin(browser, vo, "15-5-2024")
    with as_system():
        assert OpenMeeting.objects.get().said["on"] == "2024-05-15"
    page = browser.get(url(vo, "days", "open", "lendings")).content.decode()
    assert 'value="15-06-2024"' in page and "Day first, like" in page


def test_a_count_that_is_none_names_its_note(kept: Kept, keeper: Keeper) -> None:
    keeper.begin()
    answer = keeper.send("count", **{"n-5": "abc", "n-2": "-1"})
    told = text_of(answer).replace("₹ ", "₹")
    assert "How many of ₹5? “abc” is not a whole number" in told and "How many of ₹2? “-1” is" in told
    assert re.search(r'name="n-5"[^>]*aria-invalid="true" aria-describedby="id_n-5_error"', answer.content.decode())


@pytest.mark.parametrize("came", ["present", "absent"])
def test_what_is_due_today_is_told_also_of_a_group_that_did_not_come(vo: Vo, browser: Client, came: str) -> None:
    lend(vo)
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance", **{f"a-{vo.one.group.pk}": came})
    assert "due today ₹ 4,400" in text_of(browser.get(url(vo, "days", "open", "brought")))
