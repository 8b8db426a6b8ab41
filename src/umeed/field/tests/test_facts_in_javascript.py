"""A phone says of any day of its window what the server says, also with commands folded in that wait."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

import pytest

from umeed.books.models import Book, Meeting
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.field.tests.books_compared import Asked, differences, said_by_phone, said_by_server, told
from umeed.field.tests.javascript import JavaScript
from umeed.simulator.books import closing, loading, turns
from umeed.simulator.books.reading import read
from umeed.simulator.books.year import Span
from umeed.simulator.tests.test_books import known, put, span

__all__ = ["known", "span"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def year(known: Any, by: Scope, span: Span, monkeypatch: pytest.MonkeyPatch) -> Span:
    """Thirty weeks of the books of a CLF and all below it; more is corrected, and more women leave, than usual."""
    monkeypatch.setattr(closing, "CORRECTED", 0.03)
    monkeypatch.setattr(turns, "LEAVE", 0.9)
    with as_system():
        rows = loading.invent(read(known, span), span, seed=7)
    put(rows, by)
    return span


def days_of(chance: Random, first: datetime.date, today: datetime.date, count: int) -> list[Asked]:
    """Days of a window, with numbers near those that there are."""
    spread = (today - first).days
    return [
        Asked(
            first + datetime.timedelta(days=chance.randint(0, spread + 3)),
            chance.choice((None, chance.randint(1, 460))),
            today,
        )
        for _ in range(count)
    ]


def test_a_year_of_invented_books_says_the_same(js: JavaScript, year: Span, by: Scope) -> None:
    """Every group, with windows that begin in the middle of it too."""
    chance, compared = Random(4), 0
    with as_system():
        for book in Book.objects.filter(institution__kind="shg").select_related("institution").order_by("pk"):
            since = chance.choice(
                (book.opened_on, year.now.date() - datetime.timedelta(days=chance.randint(30, 150)))
            ).replace(day=1)
            asked = days_of(chance, since, by.today, 12)
            numbers = list(Meeting.objects.filter(book=book, number__isnull=False).values_list("number", flat=True))
            asked = [
                Asked(one.on, chance.choice((one.number, *numbers, max(numbers, default=0) + 1)), one.today)
                for one in asked
            ]
            phone = said_by_phone(js, told(by, book.institution_id, since), asked)
            for one, said in zip(asked, phone, strict=True):
                found = differences(said_by_server(book, one), said)
                assert not found, (book.institution.name, since, one, found[:12])
                compared += 1
    assert compared > 100
