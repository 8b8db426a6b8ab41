"""Sheets by raw SQL, as a thief with SQL would write them: in one statement, the only way that the database takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from umeed.kernel.ids import new_id

LINE = (
    "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise, woman_id, loan_id, body_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
FIRST = 10**9
"""Where numbers of such sheets begin."""
EVEN = [(101, 100), (423, -100)]

Lines = Sequence[tuple[Any, ...]]
"""(head, paise), and as far as they name somebody: woman, loan, body."""


def line(sheet: int, position: int, book: int, head: int, paise: int, *about: Any) -> list[Any]:
    """The values of `LINE`."""
    return [sheet, position, book, head, paise, *about, *[None] * (3 - len(about))]


def sheet_of(number: int, book: int, lines: Lines, **said: Any) -> tuple[str, list[Any]]:
    """A sheet with its lines, as one statement and its values; `said` are other values of its columns."""
    said = {
        "id": number, "uid": new_id(), "book_id": book, "on_date": "2024-04-08", "kind": 1, "line_count": len(lines),
        "digest": b"", "recorded_by": "thief", **said,
    }  # fmt: skip
    written = [line(number, position, book, *one) for position, one in enumerate(lines, 1)]
    columns, marks = ", ".join(said), ", ".join(["%s"] * len(said))
    sql = f"INSERT INTO books_sheet ({columns}) VALUES ({marks})"
    if written:
        rows, (into, row) = len(written), LINE.split(" VALUES ")
        sql = f"WITH line AS ({into} VALUES {', '.join([row] * rows)}) {sql}"
    return sql, [value for one in written for value in one] + list(said.values())
