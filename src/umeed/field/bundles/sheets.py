"""What a phone lacks of the sheets of a group: columns, since most of them say the same week by week."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from umeed.books.ledger.off import WRITES_OFF
from umeed.field.bundles.columns import Table, differences
from umeed.field.bundles.digests import LENGTH, sum_of
from umeed.field.bundles.windows import FRAME, Window, frame

Part = dict[str, Any]
_SHEETS = f"""
SELECT s.book_id, s.id, s.on_date, s.kind, s.reverses_id,
    coalesce(o.event, s.event) IS NOT NULL OR coalesce(o.kind, s.kind) = 4, {WRITES_OFF},
    array_agg(l.head ORDER BY l.position), array_agg(l.amount_paise ORDER BY l.position),
    array_agg(l.woman_id ORDER BY l.position), array_agg(l.loan_id ORDER BY l.position),
    array_agg(l.body_id ORDER BY l.position)
FROM {FRAME} JOIN books_sheet s ON s.book_id = f.book AND s.on_date >= f.since AND s.id > f.last
JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_sheet o ON o.id = s.reverses_id
GROUP BY s.id, o.id ORDER BY 1, 2
"""  # noqa: S608
# As `digests.sum_of` says it.
_ALL = f"""
SELECT f.book, count(*), max(s.id),
    left(encode(sha256(string_agg(s.id::text, ',' ORDER BY s.id)::bytea), 'hex'), {LENGTH})
FROM {FRAME} JOIN books_sheet s ON s.book_id = f.book AND s.on_date >= f.since GROUP BY 1
"""  # noqa: S608


class NewSheet(NamedTuple):
    id: int
    on: datetime.date
    kind: int
    reverses: int | None
    is_theirs: bool
    is_off: bool
    heads: list[int]
    paise: list[int]
    women: list[UUID | None]
    loans: list[int | None]
    bodies: list[UUID | None]


def sheets_parts(windows: Sequence[Window]) -> dict[UUID, Part]:
    """{group: its sheets in the window after the last one that the phone has}. One question."""
    found = new_sheets(windows)
    return {one.group.pk: sheets_part(one, found[one.book.pk] if one.book else []) for one in windows}


def new_sheets(windows: Sequence[Window]) -> Mapping[int, list[NewSheet]]:
    """{book: its sheets in the window after the last one that the phone has}. One question."""
    found: dict[int, list[NewSheet]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SHEETS, frame(windows))
        for book, *row in cursor.fetchall():
            found[book].append(NewSheet(*row))
    return found


def sheets_part(window: Window, rows: Sequence[NewSheet]) -> Part:
    accounts, who, whom = Table[tuple[int, int, int, int]](), Table[UUID](), Table[UUID]()
    lines = [
        accounts.at((head, who.at_or_none(woman), loan or 0, whom.at_or_none(body)))
        for row in rows
        for head, woman, loan, body in zip(row.heads, row.women, row.loans, row.bodies, strict=True)
    ]
    heads, women, loans, bodies = ([one[at] for one in accounts.places] for at in range(4))
    return {
        "first": window.last == 0, "since": window.since.isoformat(), "ids": differences(row.id for row in rows),
        "on": differences((row.on - window.since).days for row in rows), "kind": [row.kind for row in rows],
        "reverses": {str(at): row.reverses for at, row in enumerate(rows) if row.reverses},
        "theirs": [at for at, row in enumerate(rows) if row.is_theirs],
        "off": [at for at, row in enumerate(rows) if row.is_off], "lines": [len(row.heads) for row in rows],
        "heads": heads, "women": women, "loans": loans, "bodies": bodies, "who": who.said, "whom": whom.said,
        "account": lines, "paise": _by_account(lines, rows),
    }  # fmt: skip


def _by_account(lines: Sequence[int], rows: Sequence[NewSheet]) -> list[int]:
    """All amounts of the first account, then of the second: mostly the same week by week. The first of each sheet is
    left out."""
    found: dict[int, list[int]] = defaultdict(list)
    amounts = (paise if at else None for row in rows for at, paise in enumerate(row.paise))
    for account, paise in zip(lines, amounts, strict=True):
        if paise is not None:
            found[account].append(paise)
    return [paise for account in sorted(found) for paise in found[account]]


def has_of(windows: Sequence[Window]) -> dict[UUID, Part]:
    """{group: how many sheets are in the window, the last of them, and their sum}: what a phone must have when it has
    added what it was sent. One question."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL, frame(windows))
        every = {book: {"sheets": count, "last": last, "sum": told} for book, count, last, told in cursor.fetchall()}
    return {one.group.pk: every.get(one.book.pk, _NONE) if one.book else _NONE for one in windows}


_NONE: Part = {"sheets": 0, "last": 0, "sum": sum_of(())}
