"""How sheets get into the tables: one in one question, very many by COPY. Lines and sheet in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from django.db import connection

from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Meeting

_ONE = """
SELECT books_put(%s, %s, %s, %s::smallint, %s::uuid, %s::bigint, %s, %s,
    %s::smallint[], %s::bigint[], %s::uuid[], %s::bigint[], %s::uuid[])
"""
_MEETING = """
SELECT books_put_meeting(%s, %s::jsonb, %s::jsonb, %s::bytea,
    %s::smallint[], %s::bigint[], %s::uuid[], %s::bigint[], %s::uuid[])
"""
LINE_COLUMNS = "sheet_id, position, book_id, head, amount_paise, woman_id, loan_id, body_id"
SHEET_COLUMNS = "id, uid, book_id, on_date, kind, line_count, event, reverses_id, digest, recorded_by"
STAGES = (("stage_lines", "books_line", LINE_COLUMNS), ("stage_sheets", "books_sheet", SHEET_COLUMNS))
# The database takes a line only with its sheet, from one statement.
_ALL = f"""
WITH line AS (INSERT INTO books_line ({LINE_COLUMNS}) SELECT {LINE_COLUMNS} FROM stage_lines)
INSERT INTO books_sheet ({SHEET_COLUMNS}) SELECT {SHEET_COLUMNS} FROM stage_sheets
"""  # noqa: S608
SHEETS_AT_ONCE = 2_500
_Numbered = Sequence[tuple[int, int, Draft]]
_Spelt = tuple[list[str], list[str]]


def put_one(book: int, draft: Draft, *, by: str, reverses: int | None = None) -> int:
    """Write one sheet; returns its id. The database refuses what is not whole."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [
            book, draft.uid, draft.on, draft.kind, draft.event, reverses, draft.digest, by, *_lines(draft.entries),
        ])  # fmt: skip
        return int(cursor.fetchone()[0])


def put_meeting(book: int, draft: Draft | None, record: Meeting, made: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write a meeting with its sheet, if money moved, and the records that it makes (by table, all columns of each)."""
    with connection.cursor() as cursor:
        cursor.execute(_MEETING, [
            book, json.dumps(_columns(record), ensure_ascii=False), json.dumps(made, ensure_ascii=False),
            draft.digest if draft is not None else None, *_lines(draft.entries if draft is not None else ()),
        ])  # fmt: skip


def _columns(record: Meeting) -> dict[str, Any]:
    """What the database does not say itself, as values of JSON."""
    return {
        "id": str(record.id), "number": record.number, "version": record.version,
        "replaces_id": str(record.replaces_id) if record.replaces_id else None, "held_on": record.held_on.isoformat(),
        "kind": record.kind, "place": record.place,
        "president_id": str(record.president_id) if record.president_id else None,
        **{state: [str(who) for who in getattr(record, state)] for state in ("present", "late", "absent", "on_leave")},
        "counted_paise": record.counted_paise, "said": record.said, "digest": f"\\x{record.digest.hex()}",
        "closed_by": record.closed_by,
    }  # fmt: skip


def _lines(entries: Sequence[Entry]) -> list[str]:
    """Lines by column, each as PostgreSQL spells an array: the driver would look at every value to find its type."""
    return [
        _array(entry.under.number for entry in entries), _array(entry.amount for entry in entries),
        _array(entry.woman for entry in entries), _array(entry.loan for entry in entries),
        _array(entry.body for entry in entries),
    ]  # fmt: skip


def _array(values: Iterable[object]) -> str:
    """Of numbers and ids."""
    return f"{{{','.join('NULL' if one is None else str(one) for one in values)}}}"


def put_many(drafts: Iterable[tuple[int, Draft]], *, by: str) -> int:
    """Write very many sheets, each with its book's number; returns how many. Every guard stands as for one.

    Within a transaction. PostgreSQL takes no COPY into a table with row security, so it goes by way of two others.
    While it looks at some sheets, a second thread spells the next ones; while they are sent, that would be in the way.
    """
    count, rest = 0, iter(drafts)
    with connection.cursor() as cursor, ThreadPoolExecutor(1, "spelling") as speller:
        for stage, table, columns in STAGES:
            shape = f"SELECT {columns} FROM {table} WITH NO DATA"  # noqa: S608
            cursor.execute(f"CREATE TEMP TABLE {stage} ON COMMIT DROP AS {shape}")
        part = _numbered(cursor, rest)
        spelt = speller.submit(spell, part, by)
        while part:
            _stage(cursor, spelt.result())
            count += len(part)
            part = _numbered(cursor, rest)
            spelt = speller.submit(spell, part, by)
            cursor.execute(_ALL)
            cursor.execute(f"TRUNCATE {', '.join(stage for stage, _table, _columns in STAGES)}")
        for stage, _table, _columns in STAGES:
            cursor.execute(f"DROP TABLE {stage}")
    return count


def _numbered(cursor: Any, rest: Iterator[tuple[int, Draft]]) -> _Numbered:
    part = list(islice(rest, SHEETS_AT_ONCE))
    cursor.execute("SELECT nextval('books_sheet_id_seq') FROM generate_series(1, %s)", [len(part)])
    return [(sheet, book, draft) for (sheet,), (book, draft) in zip(cursor.fetchall(), part, strict=True)]


def spell(numbered: _Numbered, by: str) -> _Spelt:
    """Lines and sheets as COPY takes them, in blocks. Asks the database nothing."""
    sheets = (_sheet_of(sheet, book, draft, by) for sheet, book, draft in numbered)
    return list(_blocks(_lines_of(numbered))), list(_blocks(sheets))


def _stage(cursor: Any, spelt: _Spelt) -> None:
    for (stage, _table, _columns), blocks in zip(STAGES, spelt, strict=True):
        with cursor.copy(f"COPY {stage} FROM STDIN") as copy:
            for block in blocks:
                copy.write(block)


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    while block := list(islice(lines, 4_000)):
        yield "".join(block)


def _lines_of(numbered: _Numbered) -> Iterator[str]:
    for sheet, book, draft in numbered:
        for position, entry in enumerate(draft.entries, 1):
            yield f"{sheet}\t{position}\t{book}\t{_cells(entry)}\n"


def _cells(entry: Entry) -> str:
    return "\t".join((
        str(entry.under.number), str(entry.amount), _or_null(entry.woman), _or_null(entry.loan), _or_null(entry.body),
    ))  # fmt: skip


def _sheet_of(sheet: int, book: int, draft: Draft, by: str) -> str:
    event, count = _or_null(draft.event), len(draft.entries)
    digest = f"\\\\x{draft.digest.hex()}"
    return f"{sheet}\t{draft.uid}\t{book}\t{draft.on}\t{draft.kind}\t{count}\t{event}\t\\N\t{digest}\t{by}\n"


def _or_null(value: object) -> str:
    return "\\N" if value is None else str(value)
