"""Whoever has no book yet is led to begin it; officers see which have none; after a cut-off missed weeks are told."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from umeed.books.health.facts import health_of
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.rhythm import Rhythm
from umeed.books.models import Book
from umeed.books.tests.making import day, entry, make_book, saving, sheet
from umeed.books.tests.making import post as post_sheet
from umeed.books.tests.test_cutoff import cut_off, post
from umeed.books.tests.writing import text_of
from umeed.core.audit import audited
from umeed.institutions.tests.making import bookkeeper_of, make_group, officer_at, signed_in, us

BEGIN = "Begin the book of Roshni"


@pytest.fixture
def group(valley: Any, settings: Any) -> Any:
    settings.SECOND_FACTOR = "none"
    return make_group(valley.chinar, members=5)


def test_a_bookkeeper_is_led_to_begin_the_book_of_her_group(group) -> None:
    bookkeeper_of(group)
    client = signed_in("bookkeeper")
    way = f'href="{reverse("books:cut_off", args=[group.pk])}"'
    for page in ("/", "/books/"):
        shown = client.get(page)
        assert BEGIN in text_of(shown) and way in shown.content.decode(), page
    client.post(reverse("books:cut_off_begin", args=[group.pk]))
    assert "Go on with the cut-off of Roshni" in text_of(client.get("/"))
    make_book(group)
    for page in ("/", "/books/"):
        assert BEGIN not in text_of(client.get(page)) and "Go on with the cut-off" not in text_of(client.get(page))


def test_an_officer_sees_how_many_have_no_book_and_which(valley, group) -> None:
    make_book(make_group(valley.chinar, "Gulab", members=5))
    make_group(valley.deodar, "Zooni", members=5)
    officer_at(valley.chinar)
    client = signed_in("officer")
    today = client.get("/")
    assert "1 has no book yet" in text_of(today) and reverse("unkept:list") in today.content.decode()
    assert BEGIN not in text_of(today)
    listed = text_of(client.get(reverse("unkept:list")))
    assert "Roshni" in listed and "Gulab" not in listed and "Zooni" not in listed
    assert "Without a book" in text_of(client.get("/books/"))


def test_weeks_missed_since_the_last_meeting_before_the_cut_off_are_told(group) -> None:
    with audited(by=us(), did="x"):
        group.meeting_frequency, group.meeting_day = "weekly", "mon"
        group.save()
    post(group, cut_off(group, last_meeting="2024-03-25"))
    book = Book.objects.get(institution=group)
    told = calendar_of(book, day("2024-04-20"))
    assert [str(one) for one in told.missed] == ["2024-04-01", "2024-04-08"] and told.next == day("2024-04-15")
    assert told.last is None and calendar_of(book, day("2024-03-31")).missed == []


def test_a_book_in_which_no_meeting_was_held_misses_those_since_it_began(kept, keeper) -> None:
    """As many as its health counts as due; the first one may be held any day all the same."""
    with audited(by=us(), did="x"):
        kept.group.meeting_frequency, kept.group.meeting_day = "weekly", "wed"
        kept.group.save()
    book, on = Book.objects.get(pk=kept.book.pk), day("2024-04-26")
    told = calendar_of(book, on)
    # It began on Monday, 1 April; the meeting of the 24th is the one that is due now.
    assert [str(one) for one in told.missed] == ["2024-04-03", "2024-04-10", "2024-04-17"] and told.next == on
    due = {one.mark.key: one.measure.base for one in health_of(book, on).result.marks}
    assert len(told.missed) == due["meetings"]
    assert calendar_of(book, day("2024-04-02")).missed == []
    assert "No meeting is missing" not in text_of(keeper.client.get(keeper.url("meetings_missed")))


@pytest.mark.parametrize(
    ("frequency", "said", "first"),
    [
        ("weekly", {}, "2024-04-03"), ("weekly", {"weekday": "wed"}, "2024-04-03"),
        ("fortnightly", {"weekday": "tue"}, "2024-04-09"), ("monthly", {}, "2024-04-03"),
        ("monthly", {"date": 10}, "2024-04-10"), ("monthly", {"date": 2}, "2024-05-02"),
    ],
)  # fmt: skip
def test_the_first_day_of_meeting_from_a_day_on(frequency, said, first) -> None:
    assert Rhythm(frequency, **said).first(day("2024-04-03")) == day(first)


def test_of_whom_the_book_says_nothing_yet_nothing_is_said_to_be_settled(kept, keeper) -> None:
    words = "nothing is left to settle"
    assert words not in text_of(keeper.client.get(keeper.url("women")))
    her = kept.women[0]
    post_sheet(kept.book, saving(her))
    assert words not in text_of(keeper.client.get(keeper.url("women")))
    given_back = sheet(entry("saving_compulsory", 100, woman=her.pk), entry("cash", -100), on="2024-04-15")
    post_sheet(kept.book, given_back)
    assert text_of(keeper.client.get(keeper.url("women"))).count(words) == 1
