"""Any history of three books: two groups that save, lend, spend and correct, and the VO that one of them saves with."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from umeed.books.actions import Move, post_event, post_sheet, reverse_sheet
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Book, Loan
from umeed.books.tests.conftest import Kept, keep
from umeed.books.tests.making import BEGAN, make_book, make_loan, sheet
from umeed.core.actions import Refused
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import make_federation, make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

quickly = partial(
    settings, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the same cases every time, so that CI and a desk see the same
LAST = 700


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody tries. What is refused has not happened."""

    what: str
    group: int
    woman: int
    paise: int
    later: int
    which: int

    @property
    def on(self) -> str:
        return str(BEGAN + datetime.timedelta(days=self.later))


STEPS = st.builds(
    Step,
    st.sampled_from([
        "meet", "save", "save", "lend", "repay", "withdraw", "fine", "bank", "spend", "receive", "above", "reverse",
    ]),
    st.integers(0, 1), st.integers(0, 4), st.integers(1, 3_000_00), st.integers(0, LAST), st.integers(0, 30),
)  # fmt: skip
# Each begins with some savings, so that not all that follows is refused.
_BEGINNING = [Step("meet", group, 0, 900_00, 0, 0) for group in (0, 1)]
HISTORIES = st.lists(STEPS, min_size=1, max_size=12).map(lambda steps: [*_BEGINNING, *steps])


@dataclass
class World:
    """Two groups, their VO, and what was posted: (book, sheet) in the order in which it came."""

    groups: Sequence[Kept]
    vo: Institution
    above: Book
    posted: list[tuple[int, int]] = field(default_factory=list)
    drafts: list[tuple[Book, Draft]] = field(default_factory=list)
    loans: dict[tuple[int, int], Loan] = field(default_factory=dict)
    refused: int = 0

    @property
    def books(self) -> list[Book]:
        return [*(one.book for one in self.groups), self.above]

    def live(self, steps: Sequence[Step]) -> None:
        for step in steps:
            try:
                if step.what == "above":
                    self._above(step)
                elif step.what == "reverse":
                    self._reverse(step)
                else:
                    self._post(step)
            except Refused:
                self.refused += 1

    def _post(self, step: Step) -> None:
        kept = self.groups[step.group]
        draft = sheet(*_ENTRIES[step.what](self, kept, step), on=step.on)
        done = post_sheet(by=us(), book=kept.book, draft=draft)
        self.posted.append((kept.book.pk, done.sheet))
        self.drafts.append((kept.book, draft))

    def _reverse(self, step: Step) -> None:
        mine = [one for one in self.posted if one[0] == self.groups[step.group].book.pk]
        if mine:
            book, wrong = mine[step.which % len(mine)]
            on = datetime.date.fromisoformat(step.on)
            done = reverse_sheet(by=us(), sheet=wrong, uid=new_id(), why="Wrong", on=on)
            self.posted.append((book, done.sheet))

    def _above(self, step: Step) -> None:
        """The first group saves with its VO; what it gave is counted out of its box on the same day."""
        kept, on = self.groups[0], step.on
        out = sheet(Entry("on_the_way", Paise(step.paise), body=self.vo.pk), Entry("cash", Paise(-step.paise)), on=on)
        moves = [Move("saving_with_vo", "saving_of_body", Paise(step.paise))]
        with transaction.atomic():
            post_sheet(by=us(), book=kept.book, draft=out)
            post_event(
                by=us(), book=kept.book, other=self.vo.pk, uid=new_id(), on=datetime.date.fromisoformat(on), moves=moves
            )

    def loan_of(self, kept: Kept, step: Step) -> Loan:
        key = step.group, step.woman
        if key not in self.loans:
            self.loans[key] = make_loan(kept.book, kept.women[step.woman])
        return self.loans[key]


def _one(debit: Entry | str, credit: Entry | str, paise: int) -> tuple[Entry, ...]:
    there = debit if isinstance(debit, Entry) else Entry(debit, Paise(paise))
    back = credit if isinstance(credit, Entry) else Entry(credit, Paise(-paise))
    return there, back


def _meet(_world: World, kept: Kept, step: Step) -> tuple[Entry, ...]:
    saved = [
        Entry(head, Paise(-step.paise - at), woman=woman.pk)
        for at, woman in enumerate(kept.women)
        for head in ("saving_compulsory", "saving_health")
    ]
    return Entry("cash", Paise(-sum(one.amount for one in saved))), *saved


def _lend(world: World, kept: Kept, step: Step) -> tuple[Entry, ...]:
    loan = world.loan_of(kept, step)
    return _one(Entry("loan_to_member", Paise(step.paise), woman=loan.woman_id, loan=loan.pk), "cash", step.paise)


def _repay(world: World, kept: Kept, step: Step) -> tuple[Entry, ...]:
    loan = world.loan_of(kept, step)
    hers, interest = {"woman": loan.woman_id, "loan": loan.pk}, step.paise // 50 + 1
    return (
        Entry("cash", Paise(step.paise + interest)), Entry("loan_to_member", Paise(-step.paise), **hers),
        Entry("interest_from_members", Paise(-interest), **hers),
    )  # fmt: skip


_ENTRIES: dict[str, Callable[[World, Kept, Step], tuple[Entry, ...]]] = {
    "meet": _meet,
    "lend": _lend,
    "repay": _repay,
    "save": lambda _w, kept, one: _one(
        "cash", Entry("saving_optional", Paise(-one.paise), woman=kept.women[one.woman].pk), one.paise
    ),
    "withdraw": lambda _w, kept, one: _one(
        Entry("saving_optional", Paise(one.paise), woman=kept.women[one.woman].pk), "cash", one.paise
    ),
    "fine": lambda _w, kept, one: _one(
        "cash", Entry("fine", Paise(-one.paise), woman=kept.women[one.woman].pk), one.paise
    ),
    "bank": lambda _w, _kept, one: _one(*(("bank", "cash") if one.which % 3 else ("cash", "bank")), one.paise),
    "spend": lambda _w, _kept, one: _one("rent", "cash", one.paise),
    "receive": lambda _w, _kept, one: _one("bank", "revolving_fund", one.paise),
}


def begin(valley: Any) -> World:
    groups = [
        keep(make_group(place, name, members=5))
        for place, name in ((valley.chinar, "Roshni"), (valley.poplar, "Gulab"))
    ]
    vo = make_group(valley.chinar, "Umeed VO", kind="vo")
    make_federation(groups[0].group, vo)
    return World(groups, vo, make_book(vo))


@contextmanager
def lived(world: World, steps: Sequence[Step]) -> Iterator[World]:
    """The world after a history, and afterwards as it was before. What is put off to the end is looked at here."""
    now = World(world.groups, world.vo, world.above)
    with transaction.atomic():
        now.live(steps)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield now
        transaction.set_rollback(True)


def rows(sql: str, values: Any = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def all_lines() -> list[Any]:
    """(book, day, sheet, head, paise, woman, loan, body) of every line: what everything else must follow from."""
    return rows(
        "SELECT s.book_id, s.on_date, s.id, l.head, l.amount_paise, l.woman_id, l.loan_id, l.body_id"
        " FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id ORDER BY s.id, l.position"
    )
