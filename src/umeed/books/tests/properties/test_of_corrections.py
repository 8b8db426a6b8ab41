"""What stands may be written again: in any history of a group and its VO each meeting and day is corrected as it is,
also when days were written late, and money was counted by the one before the other said it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from umeed.books.actions import close_meeting
from umeed.books.actions.days import close_day
from umeed.books.ledger.on_the_way import Waits, waiting_on
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Book, Loan
from umeed.books.tests.making import entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, lend, meet, vo
from umeed.core.actions import Refused
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["vo"]
FIRST, STEPS, NOTHING = datetime.date(2024, 4, 10), 14, Waits(Paise(0), Paise(0))
HELD = 50_000


class _Back(Exception):
    """Nothing of what was tried is kept."""


@dataclass
class History:
    """Meetings and days by chance; what the rules refuse did not happen."""

    vo: Vo
    chance: Random
    loan: Loan
    said: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    count: int = 0

    def step(self, on: datetime.date) -> None:
        try:
            with transaction.atomic():
                self.chance.choice([self._lend, self._meet, self._meet, self._day, self._day])(on)
        except Refused:
            return

    def _lend(self, on: datetime.date) -> None:
        lend(self.vo, rupees=100 * self.chance.randrange(1, 20), on=on)

    def _meet(self, on: datetime.date) -> None:
        """The group counts in what waits, says what had left, and saves with its VO."""
        group, body = self.vo.one, self.vo.vo.pk
        waits = waiting_on(group.book.pk, on).get(body, NOTHING)
        said = {"arrived": self._some(body, waits.sent), "left": self._some(body, waits.counted)}
        if self.chance.random() < 0.4:
            said["given"] = [{"body": body, "what": "saving", "paise": 100_00 * self.chance.randrange(1, 9)}]
        self._close(close_meeting, group.book, meet(group, number=self._next(), on=on.isoformat(), **said))

    def _day(self, on: datetime.date) -> None:
        """The VO counts in what waits, and what the group brought and has not said."""
        group, book = self.vo.one.group.pk, self.vo.book
        said: dict[str, Any] = {"arrived": self._some(group, waiting_on(book.pk, on).get(group, NOTHING).sent)}
        if self.chance.random() < 0.6:
            paid = 100_00 * self.chance.randrange(1, 9)
            said["repayments"] = [{"loan": self.loan.uid, "principal": paid, "interest": 0}]
        self._close(close_day, book, a_day(self.vo, number=self._next(), on=on.isoformat(), **said))

    def _some(self, body: UUID, waits: Paise) -> list[dict[str, Any]]:
        paise = self.chance.choice([0, waits, waits // 200 * 100])
        return [{"body": body, "paise": paise}] if paise else []

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _close(self, close: Callable[..., Any], book: Book, said: dict[str, Any]) -> None:
        said = {**said, "counted": HELD * 100, "difference_why": "As it was counted"}
        self.said[close(by=us(), book=book, said=said, is_sure=True).meeting] = said

    def stuck(self, close: Callable[..., Any], book: Book) -> list[str]:
        """Why what stands is not written again as it is."""
        told = []
        for held in standing_meetings(book):
            said = {**self.said[held.pk], "id": new_id()}
            try:
                with transaction.atomic():
                    close(by=us(), book=book, said=said, is_sure=True, replaces=held.pk, why="As it is")
                    raise _Back
            except _Back:
                continue
            except Refused as refused:
                told += [f"{held.held_on}: {one.message(str)}" for one in refused.refusals if one.severity == "refuse"]
        return told


@pytest.mark.parametrize(("seed", "is_late"), [(0, False), (1, False), (0, True), (1, True), (2, True), (3, True)])
def test_every_meeting_and_day_is_corrected_as_it_stands(vo: Vo, seed: int, is_late: bool) -> None:
    chance = Random(seed)
    for book in (vo.book, vo.one.book):
        post(book, sheet(entry("cash", HELD), entry("other_receipt", -HELD), on="2024-04-01"))
    history = History(vo, chance, lend(vo, rupees=20_000))
    for step in range(STEPS):
        days = chance.randrange(1, 60) if is_late else 3 * step + chance.randrange(3)
        history.step(FIRST + datetime.timedelta(days=days))
    assert len(history.said) > STEPS // 3
    assert history.stuck(close_meeting, vo.one.book) + history.stuck(close_day, vo.book) == []
