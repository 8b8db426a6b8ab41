"""A phone says of any day of its window what the server says, also with commands folded in that wait."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

import pytest

from umeed.books.actions.meetings import known_before
from umeed.books.actions.records import why_not_correct
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Book, Meeting
from umeed.books.tests.conftest import valley
from umeed.books.tests.test_bodies import Vo, vo
from umeed.core.actions import Refused
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.field.tests.books_compared import Asked, as_told, compare, differences, said_by_phone, said_by_server, told
from umeed.field.tests.histories_at_random import History
from umeed.field.tests.javascript import JavaScript
from umeed.institutions.tests.making import us
from umeed.simulator.books import closing, loading, turns
from umeed.simulator.books.reading import read
from umeed.simulator.books.year import Span
from umeed.simulator.tests.test_books import known, put, span

__all__ = ["known", "span", "valley", "vo"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]


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
            asked = days_of(chance, since, by.today, 8)
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


STEPS = 40


@pytest.mark.parametrize("seed", [1, 2])
def test_any_history_says_the_same_also_with_what_waits_folded_in(js: JavaScript, vo: Vo, seed: int) -> None:
    """After every step the phone, which heard of the last steps by its own commands alone, says what the server says;
    so does one that has just been told all."""
    chance = Random(seed)
    since = chance.choice((datetime.date(2024, 4, 1), datetime.date(2024, 6, 1), datetime.date(2024, 7, 1)))
    history = History(vo.one, vo, chance, since)
    history.begin()
    group = vo.one.group.pk
    parts, commands, compared, folded = told(us(), group, since), [], 0, 0
    for _ in range(STEPS):
        try:
            done = history.step()
        except Refused:
            continue
        if history.on < since:
            parts = told(us(), group, since)
            continue
        whole = told(us(), group, since)
        asked = _asked(chance, history, since)
        server = [_said_by_server(history, one) for one in asked]
        compared += compare(server, said_by_phone(js, whole, asked), (seed, history.did))
        if done is None or chance.random() < 0.15:
            parts, commands = whole, []
            continue
        commands.append(done)
        folded += compare(
            server, said_by_phone(js, parts, asked, commands), (seed, history.did, commands), is_folded=True
        )
    assert compared > STEPS // 2 and folded > STEPS // 4 and history.beside, (compared, folded, history.did)
    assert history.renumbered, "some meetings got another number than they said"


def _asked(chance: Random, history: History, since: datetime.date) -> list[Asked]:
    """Days about the last one, and a correction of a meeting that may be corrected."""
    last = max(since, history.on)
    days = [last, last + datetime.timedelta(days=chance.randint(1, 40)),
            max(since, last - datetime.timedelta(days=chance.randint(1, 60)))]  # fmt: skip
    asked = [Asked(day, chance.choice((None, chance.randint(1, 30))), us().today) for day in days]
    open_ones = [one for one in standing_meetings(history.book).order_by("-held_on")[:8] if not why_not_correct(one)]
    if open_ones:
        held = chance.choice(open_ones)
        if held.held_on >= since:
            asked.append(Asked(held.held_on, held.number, us().today, held.pk))
    return asked


def _said_by_server(history: History, asked: Asked) -> dict[str, Any]:
    if asked.without is None:
        return said_by_server(history.book, asked)
    known = known_before(by=us(), book=history.book, on=asked.on, number=asked.number, replaces=asked.without)
    return as_told(known)
