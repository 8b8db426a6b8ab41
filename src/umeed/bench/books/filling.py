"""Books and loans for the groups that are there, and a quarter of their meetings through the ledger's own bulk way."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from umeed.bench.books.sheets import Keeper, opening, uid_of, weeks_of_meetings
from umeed.bench.measuring import ask
from umeed.books.ledger import writing
from umeed.books.models import Book, Loan, Sheet
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.institutions import bulk
from umeed.kernel.ids import new_id

WEEKS, LOANS_A_BOOK = 13, 2
RECORDED_BY = "bench"
Told = Callable[[str], None]

# Whoever was a member on the first day, so that every later sheet may name her.
_GROUPS = """
SELECT m.institution_id, array_agg(m.woman_id ORDER BY m.woman_id)
FROM institutions_membership m JOIN institutions_institution i ON i.id = m.institution_id
WHERE i.kind = 'shg' AND i.formed_on <= %(on)s AND m.during @> %(on)s::date
    AND (%(only)s::uuid[] IS NULL OR i.id = ANY(%(only)s))
GROUP BY 1 ORDER BY 1
"""
_LOANS = (
    "SELECT book_id, id, woman_id FROM books_loan WHERE woman_id IS NOT NULL AND book_id = ANY(%s) ORDER BY id DESC"
)


def first_day(today: datetime.date) -> datetime.date:
    """The Monday on which the quarter begins: its last week is over."""
    monday = today - datetime.timedelta(days=today.weekday())
    return monday - datetime.timedelta(weeks=WEEKS)


def fill(by: Scope, first: datetime.date, told: Told) -> None:
    """Books with two running loans each, then the meetings, a transaction a week. As the product's own work.

    What was broken off goes on: a week that is there is there whole.
    """
    told("Books and loans")
    with as_system():
        if began() is None:
            _open_all(by, first)
            writing.put_many(((one.book, opening(one, first)) for one in keepers(first)), by=RECORDED_BY)
        kept = keepers(first)
    for week in range(1, WEEKS + 1):
        told(f"Meetings of week {week} of {WEEKS}")
        with as_system():
            if not Sheet.objects.filter(uid=uid_of(kept[0].book, week)).exists():
                writing.put_many(weeks_of_meetings(kept, first, [week]), by=RECORDED_BY)


def began() -> datetime.date | None:
    """The first day of the quarter that is here."""
    found = ask("SELECT on_date FROM books_sheet WHERE kind = 4 AND recorded_by = %s LIMIT 1", [RECORDED_BY])
    return found[0][0] if found else None


def keepers(first: datetime.date, only: Sequence[Any] | None = None) -> list[Keeper]:
    """The books with their women and loans: all, or those of some institutions.

    Three plain questions: joined in one, PostgreSQL takes hours over what it does not know yet within a first load.
    """
    books = dict(ask("SELECT institution_id, id FROM books_book"))
    members = {books[group]: tuple(women) for group, women in _groups(first, only) if group in books}
    loans: dict[int, list[tuple[int, Any]]] = {book: [] for book in members}
    for book, loan, woman in ask(_LOANS, [list(members)]):
        loans[book].append((loan, woman))
    return [
        Keeper(book, members[book], tuple(loans[book][:LOANS_A_BOOK]))
        for book in sorted(members)
        if len(loans[book]) >= LOANS_A_BOOK
    ]


def _groups(first: datetime.date, only: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    return ask(_GROUPS, {"on": first, "only": None if only is None else list(only)})


def _open_all(by: Scope, first: datetime.date) -> None:
    """A book for every group that has none, and loans for all: the last women of each, so that others only save."""
    members = dict(_groups(first))
    books = {group: book for book, group in ask("SELECT id, institution_id FROM books_book")}
    new = [group for group in members if group not in books]
    books |= zip(new, _numbers("books_book_id_seq", len(new)), strict=True)
    lent = [
        (books[group], women[-1 - at % len(women)]) for group, women in members.items() for at in range(LOANS_A_BOOK)
    ]
    numbers = _numbers("books_loan_id_seq", len(lent))
    terms = Loan.Way.GIVEN, "loan_to_member", first
    with audited(by=by, did="open_book", why="A quarter of meetings to be measured") as trail:
        rows = ((books[group], group, first) for group in new)
        bulk.put(trail, Book, ["id", "institution_id", "opened_on"], rows, note="together")
        loans = ((number, new_id(), *terms, book, woman) for number, (book, woman) in zip(numbers, lent, strict=True))
        bulk.put(trail, Loan, ["id", "uid", "way", "head", "lent_on", "book_id", "woman_id"], loans, note="together")


def _numbers(sequence: str, count: int) -> list[int]:
    return [number for (number,) in ask("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])]
