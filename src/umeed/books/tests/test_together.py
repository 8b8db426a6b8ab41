"""All books added up: what each holds, on any day, for whoever sees them and no other."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pytest

from umeed.books.heads import BY_KEY
from umeed.books.ledger.balances import balances
from umeed.books.ledger.together import together
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, post, saving
from umeed.core.viewer import as_viewer
from umeed.institutions.tests.making import bookkeeper_of, officer_at, signed_in


@pytest.fixture
def two(kept: Kept, other: Kept) -> tuple[Kept, Kept]:
    for on, rupees in (("2024-04-08", 100), ("2024-04-16", 20), ("2024-04-30", 3), ("2024-05-02", 40)):
        post(kept.book, saving(kept.women[0], rupees, on=on))
        post(other.book, saving(other.women[0], 2 * rupees, on=on))
    return kept, other


@pytest.mark.parametrize("on", [
    "2024-03-31", "2024-04-07", "2024-04-08", "2024-04-15", "2024-04-16", "2024-04-17", "2024-04-29", "2024-04-30",
    "2024-05-01", "2024-05-02", "2024-05-31", "2024-06-10",
])  # fmt: skip
def test_they_are_what_each_book_holds(two: tuple[Kept, Kept], on: str) -> None:
    whole: Counter[str] = Counter()
    for one in two:
        whole.update(balances(one.book.pk, day(on)))
    told = together(day(on)).get("shg")
    assert {head.key: paise for head, paise in told.held.items()} == dict(whole) if told else not whole


def test_of_a_place_only_its_books_are_added(two: tuple[Kept, Kept]) -> None:
    kept, _other = two
    here = together(day("2024-06-01"), [kept.group.place_id])["shg"]
    assert (here.books, here.held[BY_KEY["cash"]]) == (1, 163_00)


def test_nobody_gets_the_sum_of_what_she_does_not_see(two: tuple[Kept, Kept]) -> None:
    kept, other = two
    with as_viewer(bookkeeper_of(kept.group).viewer):
        mine = together(day("2024-06-01"))["shg"]
    assert (mine.books, mine.held[BY_KEY["cash"]]) == (1, 163_00)
    with as_viewer(officer_at(other.group.place).viewer):
        theirs = together(day("2024-06-01"))["shg"]
    assert (theirs.books, theirs.held[BY_KEY["cash"]]) == (1, 326_00)


def test_an_officer_opens_it_and_its_books(two: tuple[Kept, Kept], valley: Any) -> None:
    officer_at(valley.north)
    client = signed_in("officer")
    page = client.get("/books/together/", {"as_of": "30-04-2024"}).content.decode()
    assert "2 books" in page and "369.00" in page and "/books/?kind=shg" in page
    assert "Trial balance of all books" in client.get("/books/").content.decode()
    one = client.get("/books/together/", {"as_of": "30-04-2024", "place": str(two[0].group.place_id)}).content.decode()
    assert "1 book" in one and "123.00" in one
    wrong = client.get("/books/together/", {"as_of": "31-02-2024", "place": "999999"})
    assert wrong.status_code == 422
    assert client.get("/books/together/", {"as": "pdf"}).content.startswith(b"%PDF")
    later = datetime.date.today() + datetime.timedelta(days=40)
    assert client.get("/books/together/", {"as_of": f"{later:%d-%m-%Y}"}).status_code == 200
