"""Who posts, and what: a VO's bookkeeper, her books, sheets that were never posted before."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace

from umeed.access.models import User
from umeed.bench.books.filling import WEEKS, keepers
from umeed.bench.books.quarter import Quarter
from umeed.bench.books.sheets import Keeper, meeting
from umeed.bench.measuring import ask
from umeed.books.ledger.drafts import Draft
from umeed.books.models import Book
from umeed.core import doors
from umeed.core.viewer import as_system, as_viewer
from umeed.kernel.ids import new_id

READS, POSTS = "vo", "clf"
"""Sign-ins: who reads, and who posts. Her reach takes more looking up than that of a group's own bookkeeper; and what
is posted stays, so that a run spreads it over those of her hundred books that got least this month: a book of this
world gets no year's sheets in one."""
_THIS_MONTH = """
SELECT b.id FROM books_book b LEFT JOIN books_sheet s ON s.book_id = b.id AND s.on_date >= date_trunc('month', %s::date)
WHERE b.id = ANY(%s) GROUP BY b.id ORDER BY count(s.id), b.id
"""


def keeper_of_books(where: Quarter, username: str = READS) -> tuple[str, list[Keeper]]:
    """A bookkeeper, and the books that she keeps."""
    with as_system():
        viewer = str(User.objects.get(username=username).pk)
    scope = doors.scope_of_viewer(viewer)
    with as_viewer(viewer):
        groups = list(Book.objects.seen_by(scope, "books.keep").values_list("institution_id", flat=True))
    with as_system():
        return viewer, keepers(where.first, groups)


def poster(where: Quarter, on: datetime.date) -> tuple[str, list[Keeper]]:
    """Who posts, and the half of her books that got least in the month of a day."""
    viewer, kept = keeper_of_books(where, POSTS)
    by_book = {one.book: one for one in kept}
    with as_system():
        least = [by_book[book] for (book,) in ask(_THIS_MONTH, [on, list(by_book)])]
    return viewer, least[: len(least) // 2 + 1]


def fresh_sheets(kept: Sequence[Keeper], on: datetime.date, lines: int) -> Iterator[tuple[int, Draft]]:
    """Sheets that were never posted, from one book after the other."""
    at = 0
    while True:
        keeper = kept[at % len(kept)]
        yield keeper.book, replace(meeting(keeper, 1 + at % WEEKS, on, lines=lines), uid=new_id())
        at += 1


def not_durable() -> str:
    """Why what was measured is not on disk; "" when it is."""
    off = [name for name in ("fsync", "synchronous_commit") if ask("SELECT current_setting(%s)", [name])[0][0] == "off"]
    return f"{' and '.join(off)} off: nothing waited for the disk" if off else ""
