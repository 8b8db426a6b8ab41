"""Everything that is kept, recounted: each check answers the first thing that does not hold, or None.

What the database refuses cannot come about by its own roads; this looks for what came by others: a restored copy, a
guard that somebody took away, a broken disk. For the product's own work: all rows are looked at.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.heads import BY_NUMBER, CHART
from umeed.books.ledger.proving import first_below_nothing, first_difference
from umeed.books.meetings.proving import first_different

AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """The first difference of a check, in plain words, with the book and the sheet that it is about."""

    check: str
    said: str
    book: int | None = None
    sheet: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was carried out: what it found, how long it took."""

    check: str
    found: Found | None
    seconds: float


def verify(since: datetime.datetime | None = None, tell: Callable[[str], None] = lambda _check: None) -> list[Checked]:
    """Carry out every check. With `since` the documents of meetings closed earlier are left out, and nothing else."""
    done = []
    for check in CHECKS:
        tell(check)
        begun = time.monotonic()
        found = _documents(since) if check == "documents" else CHECKS[check]()
        done.append(Checked(check, found, time.monotonic() - begun))
    return done


def counts() -> tuple[int, int]:
    """How many sheets and lines there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(sum(line_count), 0) FROM books_sheet")
        sheets, lines = cursor.fetchone()
    return int(sheets), int(lines)


def _movements() -> Found | None:
    one = first_difference()
    if one is None:
        return None
    if one.sheet is not None:
        said = f"Sheet {one.sheet}: its lines are not whole, or lie in another book, or it is not there."
        return Found("lines", said, sheet=one.sheet)
    year, month = divmod(one.month or 0, 12)
    head = BY_NUMBER[one.head].key if one.head in BY_NUMBER else one.head
    said = f"Book {one.book}, {year}-{month + 1:02}, {head}: kept are {one.kept}, its lines say {one.recounted}."
    return Found("lines", said, book=one.book)


def _first(check: str, sql: str, said: str, values: dict[str, Any] | None = None) -> Found | None:
    """The first row of (book, sheet or other number, …) as a finding; `said` takes the row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return None if row is None else Found(check, said.format(*row), book=row[0], sheet=row[1])


_HEADS = ", ".join(f"({head.number}, '{head.key}')" for head in CHART)
# As `ledger.drafts` spells a sheet.
_OTHER_DIGEST = f"""
WITH said AS (
    SELECT l.sheet_id, string_agg(
        '["' || h.key || '",' || l.amount_paise || ',"' || coalesce(l.woman_id::text, '') || '","'
        || coalesce(l.loan_id::text, '') || '","' || coalesce(l.body_id::text, '') || '"]',
        ',' ORDER BY l.position) AS lines
    FROM books_line l LEFT JOIN (VALUES {_HEADS}) h (number, key) ON h.number = l.head
    WHERE l.sheet_id > %(after)s AND l.sheet_id <= %(until)s GROUP BY 1
)
SELECT s.book_id, s.id FROM books_sheet s LEFT JOIN said ON said.sheet_id = s.id
WHERE s.id > %(after)s AND s.id <= %(until)s AND s.digest IS DISTINCT FROM sha256(convert_to(
    '["' || s.uid || '","' || to_char(s.on_date, 'YYYY-MM-DD') || '",' || s.kind || ',[' || said.lines || ']'
    || coalesce(',"' || s.event || '"', '') || ']', 'UTF8'))
ORDER BY s.id LIMIT 1
"""  # noqa: S608


def _digests() -> Found | None:
    for after, until in _parts("books_sheet"):
        values = {"after": after, "until": until}
        found = _first("digests", _OTHER_DIGEST, "Sheet {1}: its lines are not those that were sent.", values)
        if found:
            return found
    return None


def _parts(table: str) -> Iterator[tuple[int, int]]:
    """Ids of a table in parts: (after, until)."""
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT max(id) FROM (SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT %s) part",  # noqa: S608
                [after, AT_ONCE],
            )
            (until,) = cursor.fetchone()
        if until is None:
            return
        yield after, until
        after = until


_NO_MIRROR = """
SELECT r.book_id, r.id FROM books_sheet r LEFT JOIN books_sheet o ON o.id = r.reverses_id
WHERE r.reverses_id IS NOT NULL AND (o.id IS NULL OR o.book_id <> r.book_id OR o.id >= r.id OR EXISTS (
    SELECT FROM books_line l WHERE l.sheet_id IN (r.id, o.id)
    GROUP BY l.head, l.woman_id, l.loan_id, l.body_id HAVING sum(l.amount_paise) <> 0))
ORDER BY r.id LIMIT 1
"""
_ONE_SIDED = """
SELECT min(book_id), min(id) FROM books_sheet WHERE event IS NOT NULL
GROUP BY event HAVING count(*) <> 2 OR count(DISTINCT book_id) <> 2 OR count(DISTINCT on_date) <> 1 ORDER BY 2 LIMIT 1
"""
_STRANGE_LOAN = """
SELECT l.book_id, min(l.sheet_id), l.loan_id FROM books_line l LEFT JOIN books_loan o ON o.id = l.loan_id
WHERE l.loan_id IS NOT NULL AND (o.id IS NULL OR o.book_id <> l.book_id
    OR (l.body_id IS NOT NULL AND l.body_id IS DISTINCT FROM o.body_id)
    OR (l.woman_id IS DISTINCT FROM o.woman_id AND l.woman_id IS NOT NULL
        AND umeed_kept_woman(l.woman_id) IS DISTINCT FROM umeed_kept_woman(o.woman_id)))
GROUP BY 1, 3 ORDER BY 2 LIMIT 1
"""
# A cut-off may name a loan between two bodies without an event: the database looks that both then say the same.
_LINKED_APART = """
SELECT min(l.book_id), max(l.sheet_id), least(o.id, o.twin_id), greatest(o.id, o.twin_id), sum(l.amount_paise)
FROM books_line l JOIN books_loan o ON o.id = l.loan_id
WHERE o.twin_id IS NOT NULL AND l.head IN (112, 212, 213)
GROUP BY 3, 4 HAVING sum(l.amount_paise) <> 0 ORDER BY 3 LIMIT 1
"""
# Most are members under the record that the line names; only the others are looked for under another, or further down.
_STRANGER = """
SELECT hers.book_id, hers.sheet_id, hers.woman_id FROM (
    SELECT l.book_id, l.woman_id, min(l.sheet_id) AS sheet_id
    FROM books_line l WHERE l.woman_id IS NOT NULL GROUP BY 1, 2
) hers JOIN books_book b ON b.id = hers.book_id
WHERE NOT EXISTS (SELECT FROM institutions_membership m
        WHERE m.institution_id = b.institution_id AND m.woman_id = hers.woman_id)
    AND NOT umeed_belonged(hers.woman_id, b.institution_id)
ORDER BY 2 LIMIT 1
"""
_AFTER_CLOSING = """
SELECT s.book_id, s.id, s.on_date FROM books_monthlock k
JOIN books_sheet s ON s.book_id = k.book_id AND books_month(s.on_date) = k.month AND s.recorded_at > k.locked_at
ORDER BY s.id LIMIT 1
"""
# Recorded on the evening before by the clock of the server (UTC), a sheet of the day that has begun here is right.
_NOT_YET = """
SELECT s.book_id, s.id, s.on_date, b.opened_on FROM books_sheet s JOIN books_book b ON b.id = s.book_id
WHERE s.on_date < b.opened_on OR s.on_date > (s.recorded_at AT TIME ZONE 'Asia/Kolkata')::date ORDER BY s.id LIMIT 1
"""
_OTHER_SHEET = """
SELECT m.book_id, s.id, m.id FROM books_meeting m LEFT JOIN books_sheet s ON s.id = m.sheet_id
WHERE m.sheet_id IS NOT NULL AND (
    s.id IS NULL OR s.book_id <> m.book_id OR s.on_date <> m.held_on OR s.uid <> m.id OR s.kind <> 1)
ORDER BY m.closed_at LIMIT 1
"""
_OTHER_CUT_OFF = """
SELECT c.book_id, s.id, c.id FROM books_cutoff c LEFT JOIN books_sheet s ON s.id = c.sheet_id
WHERE s.id IS NULL OR s.book_id <> c.book_id OR s.uid <> c.id OR s.kind <> 4 ORDER BY c.id LIMIT 1
"""
# Meetings and cut-offs have a record of their own; of the other kinds the sheet is all there is. A book that was loaded
# may begin with the sheet of a cut-off alone.
_NO_RECORD = """
SELECT s.book_id, s.id, CASE s.kind WHEN 1 THEN 'meeting' ELSE 'cut-off' END
FROM books_sheet s LEFT JOIN books_meeting m ON m.sheet_id = s.id
WHERE (s.kind = 1 AND m.id IS NULL)
    OR (s.kind = 4 AND NOT EXISTS (SELECT FROM books_cutoff c WHERE c.sheet_id = s.id) AND (
        s.on_date <> (SELECT b.opened_on FROM books_book b WHERE b.id = s.book_id)
        OR EXISTS (SELECT FROM books_cutoff c WHERE c.book_id = s.book_id)
        OR EXISTS (SELECT FROM books_sheet e WHERE e.book_id = s.book_id AND e.id < s.id)))
ORDER BY s.id LIMIT 1
"""
# The audit chain, which `audit_verify` proves, names what was posted, with its digest. Bulk paths name nothing.
_TOLD = """
WITH told AS MATERIALIZED (
    SELECT "table" AS kind, subject_id AS id, (after ->> 'book')::int AS book, after ->> 'sha256' AS digest
    FROM core_auditchange
    WHERE kind = 'created' AND "table" IN ('books_sheet', 'books_meeting', 'books_cutoff') AND subject_id <> ''
)
SELECT t.book, NULL::bigint, 'sheet ' || t.id FROM told t LEFT JOIN books_sheet s ON s.id = t.id::bigint
WHERE t.kind = 'books_sheet' AND (s.id IS NULL OR s.book_id <> t.book OR encode(s.digest, 'hex') <> t.digest)
UNION ALL
SELECT t.book, NULL, 'meeting ' || t.id FROM told t LEFT JOIN books_meeting m ON m.id = t.id::uuid
WHERE t.kind = 'books_meeting' AND (m.id IS NULL OR m.book_id <> t.book OR encode(m.digest, 'hex') <> t.digest)
UNION ALL
SELECT t.book, s.id, 'cut-off ' || t.id FROM told t LEFT JOIN books_cutoff c ON c.id = t.id::uuid
    LEFT JOIN books_sheet s ON s.id = c.sheet_id
WHERE t.kind = 'books_cutoff' AND (s.id IS NULL OR s.book_id <> t.book OR encode(s.digest, 'hex') <> t.digest)
LIMIT 1
"""


def _bodies() -> Found | None:
    one = first_disagreement()
    if one is None:
        return None
    said = f"The books of {one.one} and {one.other} differ about {one.family}: {one.ours} and {one.theirs} paise."
    return Found("bodies", said)


_WHOM = {"cash": "the box", "bank": "the bank"}


def _below() -> Found | None:
    """What the rules let nobody do (`rules.limits`), PostgreSQL does not look at: it would cost a load too much."""
    one = first_below_nothing()
    if one is None:
        return None
    head = BY_NUMBER[one.head].key
    whose = _WHOM.get(head) or (f"{head}, loan {one.loan}" if one.loan is not None else f"{head} of {one.woman}")
    return Found("below", f"Book {one.book}: {whose} held {one.paise} paise on {one.on}.", one.book)


def _documents(since: datetime.datetime | None = None) -> Found | None:
    """Meetings that are not kept as they were closed: document, sheet, or what they sent on."""
    one = first_different(since)
    if one is None:
        return None
    closed, differs = one.closed, {
        "document": "its document is not the one that was closed",
        "sheet": f"sheet {one.closed.sheet} is not what its document comes to",
        "event": "what it sent to another body is gone from both books",
    }  # fmt: skip
    said = f"Meeting {closed.id} of book {closed.book}: {differs[one.what]}."
    return Found("documents", said, closed.book, closed.sheet)


CHECKS: dict[str, Callable[[], Found | None]] = {
    "lines": _movements,
    "digests": _digests,
    "reversals": lambda: _first("reversals", _NO_MIRROR, "Sheet {1}: it is no mirror of the one that it reverses."),
    "events": lambda: _first("events", _ONE_SIDED, "Sheet {1}: what it shares does not stand in two books on one day."),
    "bodies": _bodies,
    "linked": lambda: _first("linked", _LINKED_APART, "Loans {2} and {3} are one, and their books differ: {4} paise."),
    "loans": lambda: _first("loans", _STRANGE_LOAN, "Sheet {1}: loan {2} is of another book or another woman."),
    "women": lambda: _first("women", _STRANGER, "Sheet {1}: {2} never belonged to the institution of book {0}."),
    "months": lambda: _first("months", _AFTER_CLOSING, "Sheet {1}: it came after its month ({2}) was closed."),
    "days": lambda: _first("days", _NOT_YET, "Sheet {1}: its day {2} lies before the book ({3}) or had not come yet."),
    "meetings": lambda: _first("meetings", _OTHER_SHEET, "Meeting {2}: its sheet is of another book, day, kind or id."),
    "cut-offs": lambda: _first("cut-offs", _OTHER_CUT_OFF, "Cut-off {2}: its sheet is of another book, kind or id."),
    "records": lambda: _first("records", _NO_RECORD, "Sheet {1}: there is no {2}."),
    "below": _below,
    "chain": lambda: _first("chain", _TOLD, "Book {0}: {2} is gone, or not the one that the audit chain names."),
    "documents": _documents,
}
