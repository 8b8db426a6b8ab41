"""The bulk path of what is not a sheet: books, bylaws, loans with their terms, requests, meetings, reversals.

For loads and the simulator: within a transaction, inside `audited(…)`. Sheets go by `ledger.writing.put_many`. Every
guard of the database stands as for one row; the rules of meetings are the caller's business.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft
from umeed.core.audit import is_open
from umeed.core.models import UnauditedWrite

STATES = ("present", "late", "absent", "on_leave")
_MEETING = (
    "id, book_id, number, version, replaces_id, held_on, kind, place, president_id, present, late, absent, on_leave,"
    " counted_paise, said, digest, closed_at, closed_by"
)
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Closed:
    """A meeting that was closed. Its sheet, if it has one, is posted under the same id and found by it."""

    id: UUID
    book: int
    number: int | None
    version: int
    replaces: UUID | None
    on: datetime.date
    kind: str
    place: str
    president: UUID | None
    attendance: dict[str, list[UUID]]
    counted: int
    said: dict[str, Any]
    digest: bytes
    closed_at: datetime.datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mirror:
    """The reversal of a sheet that is posted: `of` is that sheet's uid."""

    book: int
    draft: Draft
    of: UUID


def numbers(sequence: str, count: int) -> list[int]:
    """So many numbers of a sequence, nobody else's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [number for (number,) in cursor.fetchall()]


def put_meetings(meetings: Iterable[Closed], *, by: str) -> int:
    """Write closed meetings, each after the one that it replaces; returns how many."""
    _must_be_audited()
    count, rest = 0, iter(meetings)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE stage_meetings ON COMMIT DROP AS SELECT {_MEETING} FROM books_meeting WITH NO DATA"  # noqa: S608
        )
        while part := list(islice(rest, _AT_ONCE)):
            with cursor.copy("COPY stage_meetings FROM STDIN") as copy:
                for block in _blocks(_row(one, by) for one in part):
                    copy.write(block)
            cursor.execute(
                f"INSERT INTO books_meeting ({_MEETING}, sheet_id)"  # noqa: S608
                f" SELECT {', '.join(f'm.{name.strip()}' for name in _MEETING.split(','))}, s.id"
                " FROM stage_meetings m LEFT JOIN books_sheet s ON s.uid = m.id"
            )
            cursor.execute("TRUNCATE stage_meetings")
            count += len(part)
        cursor.execute("DROP TABLE stage_meetings")
    return count


def put_mirrors(mirrors: Sequence[Mirror], *, by: str) -> int:
    """Write reversals of sheets that are posted; returns how many."""
    _must_be_audited()
    if not mirrors:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT uid, id FROM books_sheet WHERE uid = ANY(%s)", [[one.of for one in mirrors]])
        posted = dict(cursor.fetchall())
    for one in mirrors:
        writing.put_one(one.book, one.draft, by=by, reverses=posted[one.of])
    return len(mirrors)


def _must_be_audited() -> None:
    if not is_open():
        raise UnauditedWrite("meetings and reversals may only be written inside audited(…)")


def _row(one: Closed, by: str) -> str:
    states = "\t".join("{" + ",".join(map(str, one.attendance[state])) + "}" for state in STATES)
    said = json.dumps(one.said, separators=(",", ":"), ensure_ascii=False)
    return "\t".join((
        str(one.id), str(one.book), _or_null(one.number), str(one.version), _or_null(one.replaces), str(one.on),
        one.kind, _text(one.place), _or_null(one.president), states, str(one.counted), _text(said),
        f"\\\\x{one.digest.hex()}", one.closed_at.isoformat(), by,
    )) + "\n"  # fmt: skip


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _or_null(value: object) -> str:
    return "\\N" if value is None else str(value)


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    while block := list(islice(lines, 2_000)):
        yield "".join(block)
