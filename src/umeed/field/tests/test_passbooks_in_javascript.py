"""What women read on the phone of their bookkeeper is what the papers say: passbooks, the loan queue, meetings."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from umeed.books.heads import SAVINGS
from umeed.books.registers.papering import head_title
from umeed.books.registers.passbooks import member_passbook
from umeed.books.registers.queue import loan_queue
from umeed.books.registers.reading import women_in
from umeed.books.tests.conftest import valley
from umeed.books.tests.test_bodies import Vo, vo
from umeed.core.actions import Refused
from umeed.field.tests.books_compared import told
from umeed.field.tests.histories_at_random import History
from umeed.field.tests.javascript import JavaScript
from umeed.institutions.tests.making import us

__all__ = ["valley", "vo"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

READ = """async (load, {parts, commands, women, on}) => {
    const [{openBook}, {foldAll}, {passbook}, {loanQueue}, {history, partsOf}] = await Promise.all([
        load("book/parts.js"), load("book/fold.js"), load("book/passbook.js"), load("book/queue.js"),
        load("book/history.js"),
    ]);
    const book = foldAll(openBook(parts), commands);
    return {
        women: women.map((woman) => passbook(book, woman, on)), queue: loanQueue(book, on),
        meetings: history(book, {withGone: true}).map((one) => ({...one, parts: partsOf(book, one)})),
    };
}"""


@pytest.mark.parametrize("seed", [6, 7])
def test_passbooks_and_the_queue_are_those_of_the_server(js: JavaScript, vo: Vo, seed: int) -> None:
    history = History(vo.one, vo, Random(seed))
    history.begin()
    for _ in range(30):
        with contextlib.suppress(Refused):
            history.step()
    book, since = vo.one.book, datetime.date(2024, 4, 1)
    women, on = sorted(women_in(book)), history.on
    asked = {"parts": told(us(), book.institution_id, since), "commands": [], "women": women, "on": on}
    said = js.run(READ, asked)
    for woman, heard in zip(women, said["women"], strict=True):
        paper = member_passbook(book, woman, on)
        assert _savings_heard(heard["savings"]) == _savings_written(paper), (seed, history.did)
        owed = sum(one["owed"] for one in heard["loans"])
        assert owed == next((fact.value for fact in paper.facts if fact.label == "Loan owed"), 0)
    waiting, jumps = (table.rows for table in loan_queue(book, on).tables)
    assert [(row.cells[1], row.cells[2].isoformat(), row.cells[3]) for row in waiting] == [
        (one["name"], one["askedOn"], one["paise"]) for one in said["queue"]["waiting"]
    ]
    assert [(row.cells[0], row.cells[3]) for row in jumps] == [
        (one["name"], one["paise"]) for one in said["queue"]["jumps"]
    ]
    whole = [one for meeting in said["meetings"] for lines in meeting["parts"].values() for one in lines]
    assert sum(one["amount"] for one in whole) == 0 and len(said["meetings"]) > 8


def _savings_heard(savings: dict[str, Any]) -> list[Any]:
    return [
        (row["on"], {head: paise for head, paise in row["paise"].items() if paise}, row["total"])
        for row in savings["rows"]
    ]


def _savings_written(paper: Any) -> list[Any]:
    """Of the first table, without opening and closing."""
    table = paper.tables[0]
    heads = {str(head_title(head)): head.key for head in SAVINGS}
    kinds = [heads[column.title] for column in table.columns[2:-1]]
    return [
        (row.cells[0].isoformat(), _moved(kinds, row.cells[2:-1]), row.cells[-1])
        for row in table.rows
        if isinstance(row.cells[0], datetime.date)
    ]


def _moved(kinds: list[str], cells: Sequence[Any]) -> dict[str, int]:
    return {kind: paise for kind, paise in zip(kinds, cells, strict=True) if paise}
