"""The floor under the ledger: its lines and sheets in bare tables, with the same columns and indexes and nothing else.

No triggers, checks, foreign keys or row security, and no months kept. In the same database, as the owner of the tables.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from umeed.bench.measuring import milliseconds
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft
from umeed.core.roles import work_as_app, work_as_owner

_FIRST = 1_000_000_000
"""Their numbers begin here; nobody looks at them."""


@dataclass(frozen=True)
class Spelt:
    """Sheets as COPY takes them, spelt beforehand: (table, columns, text) each."""

    parts: Sequence[tuple[str, str, str]]


def spelt(drafts: Sequence[tuple[int, Draft]]) -> Spelt:
    numbered = [(_FIRST + at, book, draft) for at, (book, draft) in enumerate(drafts)]
    lines, sheets = writing.spell(numbered, "bench")
    return Spelt([
        (table, columns, "".join(blocks))
        for (_stage, table, columns), blocks in zip(writing.STAGES, (lines, sheets), strict=True)
    ])  # fmt: skip


@contextmanager
def bare_tables() -> Iterator[None]:
    """`bare_books_line` and `bare_books_sheet`, while it lasts."""
    work_as_owner()
    try:
        with connection.cursor() as cursor:
            for _stage, table, _columns in writing.STAGES:
                cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)")
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                for _stage, table, _columns in writing.STAGES:
                    cursor.execute(f"DROP TABLE bare_{table}")
            work_as_app()


def copied(what: Spelt) -> float:
    """Seconds of COPY alone, within a transaction. The tables are empty again afterwards."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for table, columns, text in what.parts:
            with cursor.copy(f"COPY bare_{table} ({columns}) FROM STDIN") as copy:
                copy.write(text)
        seconds = time.perf_counter() - began
        for table, _columns, _text in what.parts:
            cursor.execute(f"TRUNCATE bare_{table}")
    return seconds


def inserted(drafts: Sequence[tuple[int, Draft]]) -> list[float]:
    """Milliseconds of each sheet by two plain INSERTs and a commit."""
    return [milliseconds(lambda at=at, one=one: _insert(at, *one)) for at, one in enumerate(drafts)]  # type: ignore[misc]


def _insert(at: int, book: int, draft: Draft) -> None:
    sheet, entries = _FIRST + at, draft.entries
    lines = [
        (sheet, position, book, one.under.number, one.amount, one.woman, one.loan, one.body)
        for position, one in enumerate(entries, 1)
    ]
    values = ", ".join(["(%s, %s, %s, %s, %s, %s::uuid, %s::bigint, %s::uuid)"] * len(lines))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO bare_books_line ({writing.LINE_COLUMNS}) VALUES {values}",  # noqa: S608
            [value for line in lines for value in line],
        )
        cursor.execute(
            f"INSERT INTO bare_books_sheet ({writing.SHEET_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",  # noqa: S608
            [sheet, draft.uid, book, draft.on, draft.kind, len(entries), draft.event, None, draft.digest, "bench"],
        )
