"""What a book knows before a meeting comes in one question: it is what each question says by itself, in any history;
and what is not asked after posting would have said nothing."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest

from umeed.books.actions import meetings as closing
from umeed.books.actions.meetings import known_before
from umeed.books.ledger.balances import balances
from umeed.books.ledger.credits import above_limit, least_left
from umeed.books.ledger.least import least_back, least_not_lent
from umeed.books.ledger.lowest import each_below_nothing
from umeed.books.ledger.on_the_way import waiting_on
from umeed.books.ledger.others import above, books_of
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.ledger.sources import sources
from umeed.books.meetings import facts as known
from umeed.books.meetings.queue import queue_before
from umeed.books.meetings.quiet import is_surely_right
from umeed.books.meetings.since import moved_before
from umeed.books.models import Book, Meeting, MonthLock
from umeed.books.tests.conftest import valley
from umeed.books.tests.test_bodies import Vo, vo
from umeed.core.actions import Refused
from umeed.field.tests.histories_at_random import History
from umeed.institutions.tests.making import us

__all__ = ["valley", "vo"]
STEPS = 60


@pytest.mark.parametrize("seed", range(4))
def test_one_question_says_what_many_say(vo: Vo, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, skipped = Random(seed), _nothing_is_lost(monkeypatch)
    history, compared = History(vo.one, vo, chance), 0
    history.begin()
    for _ in range(STEPS):
        try:
            history.step()
        except Refused:
            continue
        for on in (history.on, history.on + datetime.timedelta(days=9), history.on - datetime.timedelta(days=33)):
            compared += _compared(history.book, on, chance.randint(1, 30))
    _corrections(history, chance)
    assert compared > STEPS and 5 < skipped.count(True) < len(skipped), (compared, skipped, history.did)


def _nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whenever the questions after posting are left out, they are asked all the same."""
    skipped = []

    def looked_at(before: known.Before, entries: Any) -> bool:
        skipped.append(surely := is_surely_right(before, entries))
        if surely:
            book, on = _closes[-1]
            assert each_below_nothing(book.pk, on, entries, posted=True) == {}
            assert above_limit(book.pk, on, entries) == []
            assert moved_before(book, {on: entries}, us().today) == []
        return surely

    _closes: list[tuple[Book, datetime.date]] = []
    write = closing._write

    def written(by: Any, book: Book, meeting: Any, *rest: Any) -> Meeting:
        _closes.append((book, meeting.on))
        return write(by, book, meeting, *rest)

    monkeypatch.setattr(closing, "is_surely_right", looked_at)
    monkeypatch.setattr(closing, "_write", written)
    return skipped


def _corrections(history: History, chance: Random) -> None:
    """Before a correction too: as if the old one had not been."""
    standing = list(known.standing_meetings(history.book).order_by("-held_on")[:6])
    for old in chance.sample(standing, min(3, len(standing))):
        try:
            found = known_before(by=us(), book=history.book, on=old.held_on, number=old.number, replaces=old.pk)
        except Refused:
            continue
        assert old.number is None or found.facts.same_number is None


def _compared(book: Book, on: datetime.date, number: int) -> int:
    today = us().today
    found = known.before(book, on, number=number, today=today)
    for name, plain in _asked_apart(book, on, number, today).items():
        assert getattr(found.facts, name) == plain, (name, on)
    assert [_plain(one) for one in found.loans] == [_plain(one) for one in _loans(book, on, found.facts.last_met)]
    over = above(book.institution_id, on)
    keeping = books_of(over, on)
    assert found.bodies == {body: (kind, body in keeping) for body, (kind, _name) in over.items()}
    assert found.bylaws == known.bylaws_of(book, on)
    return 1


def _asked_apart(book: Book, on: datetime.date, number: int, today: datetime.date) -> dict[str, Any]:
    """Each fact by its own question, as it was asked before there was one for all."""
    every = running_loans(book.pk, on, with_closed=True)
    off = [one for one in every if known._may_come_back(one)]
    loans, paise = [one for one in every if not one.is_closed], balances(book.pk, on)
    left, back = least_left(book.pk, on, (one.loan for one in loans)), least_back(book.pk, off, on, today)
    waiting, queue = waiting_on(book.pk, on), queue_before(book, on, "woman")
    called = known._everybody(book)
    return {
        "cash": paise.get("cash", 0), "bank": paise.get("bank", 0), "savings": known.savings_of_women(book, on),
        "members": {woman: name for (woman, during), name in called.items() if on in during},
        "called": {woman: name for (woman, _during), name in called.items()},
        "loans": {one.loan.uid: known._facts_of(one, left, back) for one in (*loans, *off)},
        "sources": sources(loans, paise), "sources_later": least_not_lent(book.pk, on),
        "requests": queue.waiting, "built_on": queue.built_on,
        "on_the_way": {body: one.sent for body, one in waiting.items() if one.sent},
        "counted_there": {body: one.counted for body, one in waiting.items() if one.counted},
        "is_month_locked": MonthLock.objects.closing(on).filter(book=book).exists(),
        **known.neighbours(book, on, number, None), "last_met": _last_met(book, on),
    }  # fmt: skip


def _last_met(book: Book, on: datetime.date) -> datetime.date | None:
    held = known.standing_meetings(book).filter(number__isnull=False, held_on__lt=on).exclude(kind="extra")
    return max(held.values_list("held_on", flat=True), default=None)


def _loans(book: Book, on: datetime.date, met: datetime.date | None) -> list[RunningLoan]:
    found = running_loans(book.pk, on)
    for one in (then for loan in found for then in (loan, *loan.earlier)):
        object.__setattr__(one, "met", met)
    return found


def _plain(one: RunningLoan) -> tuple[UUID, dict[str, Any]]:
    said = {name: getattr(one, name) for name in ("owed", "paid", "met", "meets_every", "let_go", "recovered", "limits",
            "lets_go_from", "penalty", "arrears", "run", "to_come", "due_now", "standing")}  # fmt: skip
    return one.loan.uid, {**said, "terms": one.agreement.pk, "earlier": [_plain(then) for then in one.earlier]}
