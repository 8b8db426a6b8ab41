"""The invented books hold: all recounted without a difference, nothing below nothing, and ledger reckons the same."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from django.db import connection

from umeed.books.export_ledger import account, text_of
from umeed.books.heads import BY_NUMBER
from umeed.books.models import Book
from umeed.books.rules.limits import WATCHED
from umeed.books.tests.properties.test_of_reading import LEDGER, reckoned
from umeed.books.verifying import verify
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.simulator.books import loading
from umeed.simulator.books.reading import read
from umeed.simulator.books.year import Span
from umeed.simulator.tests.test_books import known, put, span

assert known and span  # fixtures

_SUMS = """
SELECT book_id, head, woman_id, loan_id, body_id, sum(amount_paise)::bigint FROM books_line GROUP BY 1, 2, 3, 4, 5
"""
_LEAST = """
SELECT book_id, head, about, on_date, sum(sum(amount_paise)) OVER (PARTITION BY book_id, head, about ORDER BY on_date)
FROM (
    SELECT l.book_id, l.head, coalesce(l.loan_id::text, umeed_kept_woman(l.woman_id)::text) AS about, s.on_date,
        l.amount_paise
    FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id WHERE l.head = ANY(%s)
) moved GROUP BY 1, 2, 3, 4
"""


def _rows(sql: str, values: Any = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@pytest.fixture
def year(known: Any, by: Scope, span: Span) -> None:
    with as_system():
        rows = loading.invent(read(known, span), span, seed=7)
    put(rows, by)


def test_a_year_of_books_holds(year: None) -> None:
    with as_system():
        assert [one.found for one in verify() if one.found] == []


def test_nothing_in_it_ever_falls_below_nothing(year: None) -> None:
    heads = {number: head for number, head in BY_NUMBER.items() if head.key in WATCHED}
    with as_system():
        below = [row for row in _rows(_LEAST, [list(heads)]) if row[4] * heads[row[1]].grows_by < 0]
    assert below == []


@pytest.mark.skipif(LEDGER is None, reason="the programme `ledger` is not on this machine")
def test_ledger_reckons_every_account_of_every_book_of_it(year: None) -> None:
    with as_system():
        books = list(Book.objects.select_related("institution").order_by("pk"))
        told = reckoned("".join(text_of(books)))
        ours: dict[str, int] = defaultdict(int)
        for book, head, woman, loan, body, paise in _rows(_SUMS):
            ours[f"book {book}:{account(head, woman, loan, body)}"] += paise
    assert len(books) > 10 and told == {name: paise for name, paise in ours.items() if paise}
