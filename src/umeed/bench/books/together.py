"""Very many sheets at once, every guard in force, beside a raw COPY of the same rows."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import connection

from umeed.bench.bench import Bench
from umeed.bench.books.bare import bare_tables, copied, spelt
from umeed.bench.books.filling import WEEKS, keepers
from umeed.bench.books.quarter import quarter
from umeed.bench.books.sheets import WHOLE, meeting
from umeed.bench.measuring import milliseconds, thrown_away
from umeed.bench.parts import BOOKS
from umeed.bench.promises import MEDIAN, Figure, promise
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft
from umeed.core.memory import keep_what_is_loaded
from umeed.core.viewer import as_system
from umeed.kernel.ids import new_id

SHARE, SHEETS, ROUNDS = 400, 20_000, 5
"""Per cent of a raw COPY's time: at least a quarter of its speed."""


@promise(BOOKS, "Sheets in bulk with every guard, time beside a raw COPY", most=SHARE, unit="%", by=MEDIAN)
def in_bulk(bench: Bench) -> Figure:
    """The sheets are made beforehand, and for COPY spelt as well; digests, spelling and guards are counted for us."""
    with quarter(bench) as where:
        with as_system():
            kept = keepers(where.first)[:SHEETS]
        count = min(SHEETS, len(kept) * WEEKS)
        shares, rates = [], []
        for number in range(min(ROUNDS, bench.runs)):
            sheets = [
                (one.book, replace(meeting(one, 1 + (at + number) // len(kept), bench.today), uid=new_id()))
                for at, one in ((at, kept[at % len(kept)]) for at in range(count))
            ]
            keep_what_is_loaded()
            floor, ours = _floor(sheets), _ours(sheets)
            shares.append(100 * ours / floor)
            rates.append((count * WHOLE / ours, count * WHOLE / floor))
    lines, bare = (sorted(rate[at] for rate in rates)[len(rates) // 2] for at in (0, 1))
    return Figure(shares, beside=("COPY", 100), note=f"{lines:,.0f} lines a second, COPY {bare:,.0f}")


def _floor(sheets: Sequence[tuple[int, Draft]]) -> float:
    ready = spelt(sheets)
    with thrown_away(), bare_tables():
        return copied(ready)


def _ours(sheets: Sequence[tuple[int, Draft]]) -> float:
    """With what waits for the end of the transaction; only the commit itself is left out, as for the floor."""

    def put() -> None:
        writing.put_many(sheets, by="bench")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    with thrown_away(), as_system():
        return milliseconds(put) / 1000
