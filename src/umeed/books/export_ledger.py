"""A book in the text of `ledger` (ledger-cli.org): one transaction a sheet, an account a head, woman, loan or body.

Any programme that reads that text reckons the balances anew, without a line of ours. Amounts are rupees; accounts hold
ids and not names, so that they stay the same whatever is corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.db import connection

from umeed.books.heads import BY_NUMBER
from umeed.books.models import Book, Sheet

_LINES = """
SELECT s.id, s.on_date, s.kind, s.reverses_id, l.head, l.amount_paise, l.woman_id, l.loan_id, l.body_id
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id WHERE s.book_id = %s ORDER BY s.on_date, s.id, l.position
"""


def account(head: int, woman: object = None, loan: object = None, body: object = None) -> str:
    """The account of a line: its side, its head and what it is about."""
    about = [f"{name} {one}" for name, one in (("woman", woman), ("loan", loan), ("body", body)) if one]
    return ":".join([BY_NUMBER[head].side, BY_NUMBER[head].key, *about])


def text_of(books: Iterable[Book]) -> Iterator[str]:
    """The text of books, sheet by sheet. With several, each book's accounts begin with its number."""
    chosen = list(books)
    yield "; Umeed: books as text for ledger (ledger-cli.org). Amounts in rupees.\n"
    yield "commodity INR\n    format INR 1000.00\n\n"
    for book in chosen:
        yield f"; book {book.pk}: {book.institution.name}, kept since {book.opened_on}\n\n"
        yield from _sheets(book, f"book {book.pk}:" if len(chosen) > 1 else "")


def _sheets(book: Book, prefix: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [book.pk])
        for (sheet, on, kind, reverses), lines in groupby(cursor.fetchall(), key=lambda row: row[:4]):
            of = f", reverses {reverses}" if reverses else ""
            said = [f"{on:%Y-%m-%d} * ({sheet}) {Sheet.Kind(kind).name.lower()}{of}"]
            said += [
                f"    {prefix}{account(head, woman, loan, body)}  INR {_rupees(paise)}"
                for *_sheet, head, paise, woman, loan, body in lines
            ]
            yield "\n".join(said) + "\n\n"


def _rupees(paise: int) -> str:
    whole, part = divmod(abs(paise), 100)
    return f"{'-' if paise < 0 else ''}{whole}.{part:02}"
