"""What row security is asked once, instead of for every table and every book: a book, a few, or sums over all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection

from umeed.core.viewer import as_system


def open_to_viewer(book: int) -> bool:
    """Let PostgreSQL remember until the transaction ends that the viewer reaches this book; False when she does not.

    It is open to her who opened it, in place of what was open: all its tables are then read without looking through all
    that she reaches.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT umeed_opens_book(%s)", [book])
        return bool(cursor.fetchone()[0])


def open_all_to_viewer(books: Collection[int]) -> frozenset[int]:
    """The same for some books at once; those of them that the viewer reaches."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT umeed_opens_books(%s::integer[])", [list(books)])
        return frozenset(cursor.fetchone()[0])


@contextmanager
def all_books_seen() -> Iterator[list[int]]:
    """The books to leave out of a question about all books: `book_id <> ALL(…)` must stand in it. For sums alone.

    Row security looks each book up in all that is seen; for a UT that is half of the time. Who reaches most places is
    told the few books that she does not see, and asks as the product; for others row security goes on answering.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT umeed_books_left_out()")
        left_out = cursor.fetchone()[0]
    if left_out is None:
        yield []
    else:
        with as_system():
            yield left_out
