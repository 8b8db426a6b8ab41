"""Books and loans for the groups that are there, and a quarter of their meetings through the ledger's own bulk way."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from umeed.bench.books.sheets import Keeper, opening, weeks_of_meetings
from umeed.bench.measuring import ask
from umeed.books.ledger import writing
from umeed.books.models import Book, Loan
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
GROUP BY 1 ORDER BY 1
"""
_KEEPERS = """
SELECT b.id, g.women, o.loans, o.borrowers
FROM books_book b JOIN (@groups) AS g (institution_id, women) ON g.institution_id = b.institution_id
JOIN (
    SELECT book_id, array_agg(id ORDER BY id DESC) AS loans, array_agg(woman_id ORDER BY id DESC) AS borrowers
    FROM books_loan WHERE woman_id IS NOT NULL GROUP BY 1
) o ON o.book_id = b.id
WHERE cardinality(%(only)s::uuid[]) = 0 OR b.institution_id = ANY(%(only)s) ORDER BY b.id
""".replace("@groups", _GROUPS)


def first_day(today: datetime.date) -> datetime.date:
    """The Monday on which the quarter begins: its last week is over."""
    monday = today - datetime.timedelta(days=today.weekday())
    return monday - datetime.timedelta(weeks=WEEKS)


def fill(by: Scope, first: datetime.date, told: Told) -> None:
    """Books with two running loans each, then the meetings, a transaction a week. As the product's own work."""
    told("Books and loans")
    with as_system():
        _open_all(by, first)
        kept = keepers(first)
        writing.put_many(((one.book, opening(one, first)) for one in kept), by=RECORDED_BY)
    for week in range(1, WEEKS + 1):
        told(f"Meetings of week {week} of {WEEKS}")
        with as_system():
            writing.put_many(weeks_of_meetings(kept, first, [week]), by=RECORDED_BY)


def keepers(first: datetime.date, only: Sequence[Any] = ()) -> list[Keeper]:
    """The books with their women and loans: all, or those of some institutions."""
    return [
        Keeper(book, tuple(women), tuple(zip(loans, borrowers, strict=True))[:LOANS_A_BOOK])
        for book, women, loans, borrowers in ask(_KEEPERS, {"on": first, "only": list(only)})
    ]


def _open_all(by: Scope, first: datetime.date) -> None:
    """A book for every group that has none, and loans for all: the last women of each, so that others only save."""
    members = dict(ask(_GROUPS, {"on": first}))
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
