"""A meeting that is closed is told only of what it names: its reasons and its lines are those that all facts give."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest

from umeed.books.actions import meetings as closing
from umeed.books.meetings.facts import Before, before_closing, known_loan
from umeed.books.meetings.known import NOTHING_WRITTEN, Written
from umeed.books.meetings.sums import entries_of, tally_of
from umeed.books.models import Book
from umeed.books.rules.meetings import why_not_close
from umeed.books.tests.conftest import valley
from umeed.books.tests.test_bodies import Vo, vo
from umeed.core.actions import Refused
from umeed.field.tests.histories_at_random import History

__all__ = ["valley", "vo"]
STEPS = 60


@pytest.mark.parametrize("seed", range(2))
def test_what_it_does_not_name_changes_nothing(vo: Vo, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = _compared_with_all(monkeypatch)
    history = History(vo.one, vo, Random(seed))
    history.begin()
    for _ in range(STEPS):
        try:
            history.step()
        except Refused:
            continue
    assert len(looked) > STEPS / 4, (looked, history.did)


def _compared_with_all(monkeypatch: pytest.MonkeyPatch) -> list[UUID | None]:
    looked: list[UUID | None] = []
    told: list[tuple[Before, Before]] = []

    def both(
        book: Book, on: datetime.date, *, number: int | None, today: datetime.date, written: Written,
        without: UUID | None = None,
    ) -> Before:  # fmt: skip
        named, every = (
            before_closing(book, on, number=number, today=today, written=one, without=without)
            for one in (written, NOTHING_WRITTEN)
        )
        assert named.is_quiet == every.is_quiet
        assert set(named.facts.loans) <= set(every.facts.loans)
        looked.append(written.id)
        told.append((named, every))
        return named

    def reasons(meeting: Any, facts: Any, tally: Any) -> Any:
        named, every = told[-1]
        assert facts is named.facts
        found = why_not_close(meeting, facts, tally)
        assert found == why_not_close(meeting, every.facts, tally_of(meeting))
        if not any(one.severity == "refuse" for one in found) and not meeting.lendings:
            assert _lines(meeting, named) == _lines(meeting, every)
        return found

    monkeypatch.setattr(closing, "before_closing", both)
    monkeypatch.setattr(closing, "why_not_close", reasons)
    return looked


def _lines(meeting: Any, known: Before) -> Any:
    loans = {one.loan.uid: known_loan(one) for one in known.every}
    return entries_of(meeting, loans, known.bodies, cash_before=known.facts.cash)
