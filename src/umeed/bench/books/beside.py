"""The same sheets by the ledgers that others keep for Django, on the same PostgreSQL server, round by round.

They know no scope, no row security and no audit chain, so the ledger alone is measured beside them: a sheet with every
guard of the database, a commit each. What the whole action takes stands in the note.
"""

import json
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection

from umeed.bench.bench import Bench
from umeed.bench.books.bare import bare_tables, inserted
from umeed.bench.books.keeper import fresh_sheets, not_durable, poster
from umeed.bench.books.peer import CannotInstall, Peer, environment
from umeed.bench.books.posting import post
from umeed.bench.books.quarter import quarter
from umeed.bench.books.sheets import SMALL, WHOLE, sums
from umeed.bench.measuring import ask, milliseconds
from umeed.bench.parts import BOOKS
from umeed.bench.promises import MEDIAN, Figure, promise
from umeed.books.heads import BY_NUMBER
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft
from umeed.core.plans import plans_kept
from umeed.core.viewer import as_system

AT_MOST = {"django-ledger": 10, "django-hordak": 33}
"""Per cent of the peer's time: a tenth, a third."""
IN_BULK = ("django-hordak",)
ROUNDS, A_ROUND = 8, 25
_HELD = """
SELECT book_id, head, sum(debit_paise - credit_paise) FROM books_movement WHERE book_id = ANY(%s) GROUP BY 1, 2
"""


@dataclass
class _Rounds:
    """Milliseconds a sheet: the ledger alone, the whole action, the peer as its documentation posts, its legs in bulk
    where it has a way for that, and two bare INSERTs: none can be quicker."""

    ledger: list[float] = field(default_factory=list)
    action: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    in_bulk: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    @property
    def shares(self) -> list[float]:
        return [100 * ours / theirs for ours, theirs in zip(self.ledger, self.peer, strict=True)]

    @property
    def note(self) -> str:
        every = (self.ledger, self.action, self.peer, self.floor)
        ledger, action, peer, floor = (statistics.median(one) for one in every)
        told = f"{ledger:.2f} ms, the whole action {action:.1f} ms, the peer {peer:.1f} ms"
        bulk = f", with its legs in bulk {statistics.median(self.in_bulk):.1f} ms" if self.in_bulk else ""
        return f"{told}{bulk}, two bare INSERTs {floor:.1f} ms: {100 * floor / peer:.0f} % of the peer"


def _promise_beside(name: str, lines: int, most: float) -> None:
    @promise(BOOKS, f"A sheet of {lines} lines in the ledger, time beside {name}", most=most, unit="%", by=MEDIAN)
    def measure(bench: Bench) -> Figure | str:
        return _beside(bench, name, lines)


for _name, _most in AT_MOST.items():
    for _lines in (SMALL, WHOLE):
        _promise_beside(_name, _lines, _most)


def _beside(bench: Bench, name: str, lines: int) -> Figure | str:
    if connection.in_atomic_block:
        return "peers are not measured within a transaction"
    try:
        python = environment()
    except CannotInstall as why:
        return str(why)
    with quarter(bench) as where:
        viewer, kept = poster(where, bench.today)
        if not kept:
            return "the CLF's bookkeeper keeps no book here"
        sheets = fresh_sheets(kept, bench.today, lines)
        theirs = list(islice(sheets, 2 * ROUNDS * A_ROUND))
        with Peer(name, python, theirs) as peer:
            measured, wrong = _in_rounds(viewer, sheets, peer, [one.book for one in kept], min(ROUNDS, bench.runs))
            posted = (len(measured.peer) + len(measured.in_bulk)) * A_ROUND
            wrong = wrong or _unlike(peer.balances(), sums(theirs[:posted]), name)
        return Figure(measured.shares, beside=(name, 100), note=measured.note, wrong=wrong or not_durable())


def _in_rounds(
    viewer: str, sheets: Iterator[tuple[int, Draft]], peer: Peer, books: list[int], rounds: int
) -> tuple[_Rounds, str]:
    """Ours, the action, the peer, in turn; and whether our books hold just what was posted."""
    measured, before, posted = _Rounds(), _held(books), []
    for _ in range(rounds):
        for kind, way in ((measured.ledger, _put), (measured.action, lambda book, draft: post(viewer, book, draft))):
            part = list(islice(sheets, A_ROUND))
            posted += part
            kind.append(_median_of(way, part))
        measured.peer.append(1000 * statistics.median(peer.post(A_ROUND)))
        if peer.name in IN_BULK:
            measured.in_bulk.append(1000 * statistics.median(peer.post(A_ROUND, "in_bulk")))
        with bare_tables():
            measured.floor.append(statistics.median(inserted(list(islice(sheets, A_ROUND)))))
    gained = _held(books)
    gained.subtract(before)
    return measured, _unlike(gained, sums(posted), "Umeed")


def _median_of(way: Callable[[int, Draft], float], part: Sequence[tuple[int, Draft]]) -> float:
    return statistics.median(way(book, draft) for book, draft in part)


def _put(book: int, draft: Draft) -> float:
    def put() -> None:
        # As the action has it.
        with plans_kept(), as_system():
            writing.put_one(book, draft, by="bench")

    return milliseconds(put)


def _held(books: list[int]) -> "Counter[tuple[int, str]]":
    with as_system():
        return Counter({(book, BY_NUMBER[head].key): int(paise) for book, head, paise in ask(_HELD, [books])})


def _unlike(held: "Counter[tuple[int, str]]", wanted: "Counter[tuple[int, str]]", whose: str) -> str:
    """Nothing when two sets of balances are the same to the paisa."""
    here, there = ({key: paise for key, paise in one.items() if paise} for one in (held, wanted))
    if here == there:
        return ""
    key = next(key for key in sorted(here | there) if here.get(key) != there.get(key))
    return f"{whose} holds {here.get(key, 0)} paise in {json.dumps(key)}, and should {there.get(key, 0)}"
