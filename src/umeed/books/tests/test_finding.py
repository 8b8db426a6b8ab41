"""Long lists are found through by name, in any spelling and without JavaScript; short ones are left alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory

from umeed.books.models import Meeting
from umeed.books.pages import finding
from umeed.books.pages.finding import by_name, is_like
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_bodies import Vo, vo
from umeed.books.tests.test_bodies import lend as lend_to
from umeed.books.tests.test_bodies_pages import browser, url
from umeed.books.tests.test_put_right import held
from umeed.books.tests.writing import Keeper, lend

__all__ = ["browser", "held", "vo"]


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("haseena", "Haseena Bano"), ("hasina", "Haseena Bano"), ("bano has", "Haseena Bano"), ("", "Noor"),
        ("حسینہ", "Haseena Bano"), ("12", "Noor 12"), ("zoona", "Zoona Begum (wife of Nisar Ahmad)"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_any_spelling(asked: str, name: str) -> None:
    assert is_like(asked, name) and not is_like("gulshan", name)


def test_a_short_list_is_left_alone_and_a_long_one_has_a_box_that_keeps_what_was_asked_before() -> None:
    names = [f"Group {at}" for at in range(finding.GLANCE)]
    request = RequestFactory().get("/?with=7&q=roshni")
    assert by_name(request, names, str) == (names, {})
    found, find = by_name(request, [*names, "Roshni"], str)
    assert found == ["Roshni"] and find == {"asked": "roshni", "kept": [("with", "7")], "is_nobody": False}
    assert by_name(RequestFactory().get("/?q=x"), [*names, "Roshni"], str)[1]["is_nobody"]


def test_groups_of_a_vo_and_the_other_books_are_found_by_name(browser, vo: Vo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'id="id_q"' not in page_of(browser, url(vo, "bodies"))
    monkeypatch.setattr(finding, "GLANCE", 1)
    groups = [vo.one.group, vo.two.group]
    for group in groups:
        lend_to(vo, group, 1_000)
    names = [group.name for group in groups]
    for page in ("bodies", "between"):
        whole = page_of(browser, url(vo, page))
        assert 'id="id_q"' in whole and all(name in whole for name in names)
        links = page_of(browser, url(vo, page) + f"?q={names[1]}").partition('id="id_q"')[2]
        assert f"?with={groups[1].pk}" in links and f"?with={groups[0].pk}" not in links
    nobody = page_of(browser, url(vo, "bodies") + "?q=zzz")
    assert "Nobody here is called so." in nobody and "Nobody belongs here yet" not in nobody


def test_loans_and_the_women_of_a_passbook_are_found_by_name(
    kept: Kept, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "GLANCE", 0)
    whose = lend(kept, keeper).woman.name
    loans = keeper.url("loans")
    assert f"<bdi>{whose}</bdi>" in page_of(keeper.client, loans + f"?q={whose[:4]}")
    other = page_of(keeper.client, loans + "?q=zzz")
    assert f"<bdi>{whose}</bdi>" not in other and "Nobody here is called so." in other
    women = page_of(keeper.client, keeper.url("register", "passbook") + f"?q={whose}")
    assert women.partition('<ul class="ways')[2].partition("</ul>")[0].count("<li>") == 1
    assert "Nobody here is called so." in page_of(keeper.client, keeper.url("register", "passbook") + "?q=zzz")


def test_who_is_put_right_is_reached_by_a_list_of_names(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    page = page_of(keeper.client, keeper.url("meeting_differing", held.pk))
    listed = re.findall(r'<li><a href="#(who-\d+)"><bdi>(.*?)</bdi>', page)
    assert {name for _at, name in listed} == {woman.name for woman in kept.women}
    for at, name in listed:
        assert page.partition(f'id="{at}" aria-label="')[2].startswith(name)
