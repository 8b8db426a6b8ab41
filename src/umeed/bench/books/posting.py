"""One sheet through the action, as a CLF's bookkeeper posts it: scope, all reasons, audit, every guard, on disk."""

from itertools import islice

from umeed.bench.bench import Bench
from umeed.bench.books.bare import bare_tables, inserted
from umeed.bench.books.keeper import fresh_sheets, not_durable, poster
from umeed.bench.books.quarter import quarter
from umeed.bench.books.sheets import SMALL, WHOLE
from umeed.bench.measuring import milliseconds
from umeed.bench.parts import BOOKS
from umeed.bench.promises import Figure, promise
from umeed.books.actions import post_sheet
from umeed.books.ledger.drafts import Draft
from umeed.core import doors
from umeed.core.viewer import as_viewer

SHEET_MS = 10


@promise(BOOKS, "One sheet of 5 lines, posted and on disk", most=SHEET_MS)
def small(bench: Bench) -> Figure | str:
    return _posted(bench, SMALL)


@promise(BOOKS, "One meeting's sheet of 16 lines, posted and on disk", most=SHEET_MS)
def whole(bench: Bench) -> Figure | str:
    return _posted(bench, WHOLE)


def _posted(bench: Bench, lines: int) -> Figure | str:
    with quarter(bench) as where:
        viewer, kept = poster(where, bench.today)
        if not kept:
            return "the CLF's bookkeeper keeps no book here"
        sheets = fresh_sheets(kept, bench.today, lines)
        first = [post(viewer, *next(sheets)) for _ in kept]
        values = [post(viewer, *next(sheets)) for _ in range(bench.runs)]
        with bare_tables():
            floor = inserted(list(islice(sheets, bench.runs)))
        note = f"the first of each of {len(kept)} books, read from the disk, {Figure(first).median:.1f} ms"
        beside = ("two bare INSERTs, on disk", Figure(floor).median)
        return Figure(values, beside=beside, note=note, wrong=not_durable())


def post(viewer: str, book: int, draft: Draft) -> float:
    """Milliseconds from the call to the end of the commit. Her scope is built anew before, as for a request."""
    scope = doors.scope_of_viewer(viewer)

    def posted() -> None:
        with as_viewer(viewer):
            post_sheet(by=scope, book=book, draft=draft)

    return milliseconds(posted)
