"""Money on the way between two bodies: which of what one sent the other has not counted in yet, the oldest first."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import connection

from umeed.books.ledger.others import sent_by
from umeed.books.models import Book, Meeting
from umeed.books.rules.bodies import Sent, still_on_the_way
from umeed.core.viewer import as_system
from umeed.kernel.money import Paise

_MOVED = """
SELECT l.body_id, s.on_date, coalesce(s.reverses_id, s.id), coalesce(o.event, s.event), m.id, l.amount_paise
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_sheet o ON o.id = s.reverses_id
LEFT JOIN books_meeting m ON m.sheet_id = coalesce(s.reverses_id, s.id)
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.head = 119
    AND (%(body)s::uuid IS NULL OR l.body_id = %(body)s)
    -- Of whom nothing is left, whatever moved, nothing is read.
    AND l.body_id IN (
        SELECT w.body_id FROM books_sheet v JOIN books_line w ON w.sheet_id = v.id
        WHERE v.book_id = %(book)s AND v.on_date <= %(on)s AND w.head = 119 GROUP BY 1 HAVING sum(w.amount_paise) <> 0)
ORDER BY s.on_date, s.id
"""
# By body and day, days before the first one as one: all that moved, and of it what they sent and we counted in. The
# rest is what they counted in and we say. What takes something back is of the kind of what it takes back. A cut-off
# says what had been sent, or counted in, before.
_BY_DAY = """
SELECT body_id, day, sum(amount_paise), coalesce(sum(amount_paise) FILTER (WHERE is_theirs = is_more), 0) FROM (
    SELECT l.body_id, greatest(s.on_date, %(on)s) AS day, l.amount_paise,
        coalesce(o.event, s.event) IS NOT NULL OR coalesce(o.kind, s.kind) = 4 AS is_theirs,
        (l.amount_paise > 0) = (s.reverses_id IS NULL) AS is_more
    FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_sheet o ON o.id = s.reverses_id
    WHERE s.book_id = %(book)s AND l.head = 119
) moved GROUP BY 1, 2 ORDER BY 2
"""


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits between a book and another body, as of a day. `sent` had been sent by them, and was counted in on no
    day since; `counted` they have counted in by now, and the book has not said. Paise, never below nothing."""

    sent: Paise
    counted: Paise


def waiting_on(book: int, on: datetime.date, without: UUID | None = None) -> dict[UUID, Waits]:
    """{other body: what waits}. One question, one more of a correction."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, {"book": book, "on": on})
        rows = ((body, day > on, int(paise), int(sent)) for body, day, paise, sent in cursor.fetchall())
        return said_again(waits_of(rows), without)


def waits_of(rows: Iterable[tuple[UUID, bool, int, int]]) -> dict[UUID, Waits]:
    """{other body: what waits} of (other body, whether it is later, all that moved, what of it was sent and counted in)
    by day."""
    days: dict[UUID, list[tuple[bool, int, int]]] = {}
    for body, *day in rows:
        days.setdefault(body, []).append(tuple(day))  # type: ignore[arg-type]
    return {body: _waits(every) for body, every in days.items()}


def said_again(found: Mapping[UUID, Waits], without: UUID | None) -> dict[UUID, Waits]:
    """With what the meeting or day that a correction replaces (`without`) counted in, or said to have left: it may be
    said again whatever was written since. One question, none when nothing is corrected."""
    waits = dict(found)
    for body, was in _said_in(without).items() if without is not None else ():
        now = waits.get(body, Waits(Paise(0), Paise(0)))
        waits[body] = Waits(max(now.sent, was.sent), max(now.counted, was.counted))
    return waits


def _said_in(meeting: UUID) -> dict[UUID, Waits]:
    """What it counted in of others' money, and what it said that they had counted in."""
    said = Meeting.objects.filter(pk=meeting).values_list("said", flat=True).first() or {}
    sums = [Counter[UUID](), Counter[UUID]()]
    for part, of in zip(("arrived", "left"), sums, strict=True):
        for one in said.get(part, ()):
            of[UUID(one["body"])] += one["paise"]
    arrived, left = sums
    return {body: Waits(Paise(arrived[body]), Paise(left[body])) for body in {*arrived, *left}}


def _waits(every: Sequence[tuple[bool, int, int]]) -> Waits:
    """Of (whether it is later, all that moved, what of it was sent and counted in), day by day."""
    then = sum(paise for is_later, paise, _sent in every if not is_later)
    sent = least = 0
    for is_later, _paise, moved in every:
        sent += moved if is_later else 0
        least = min(least, sent)
    now = sum(paise for _later, paise, _sent in every)
    return Waits(Paise(max(0, then + least)), Paise(max(0, -now)))


def on_the_way(book: int, on: datetime.date, body: UUID | None = None) -> dict[UUID, list[Sent]]:
    """{other body: what is on the way, the oldest first}: positive was sent by them, negative counted in there. What a
    meeting sends on by an event of its own is one with that event; so is what takes something back. One question."""
    moved: dict[UUID, list[tuple[datetime.date, Hashable, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"book": book, "on": on, "body": body})
        for other, day, sheet, event, meeting, paise in cursor.fetchall():
            key = event or (uuid5(meeting, f"event/{other}") if meeting else sheet)
            moved.setdefault(other, []).append((day, key, int(paise)))
    return {other: left for other, every in moved.items() if (left := still_on_the_way(every))}


def sent_by_way(book: Book, on: datetime.date) -> dict[UUID, tuple[Paise, Paise]]:
    """{other body: (in cash, by bank)} of what they had sent by a day and nobody counted in on it or later, by the ways
    that their own books say. Where part of what was sent was counted in, cash was counted first. Five questions."""
    waiting = {other: one.sent for other, one in waiting_on(book.pk, on).items() if one.sent}
    sent = {other: every for other, every in on_the_way(book.pk, on).items() if other in waiting} if waiting else {}
    told = sent_by(book, {one.what for every in sent.values() for one in every if isinstance(one.what, UUID)})
    found: dict[UUID, tuple[Paise, Paise]] = {}
    for other, paise in waiting.items():
        ways = (min(one.paise, told[one.what]["bank"]) for one in sent.get(other, ()) if one.what in told)  # type: ignore[index]
        bank = min(paise, sum(ways))
        found[other] = Paise(paise - bank), Paise(bank)
    return found


def not_arrived(book: Book, other: UUID, on: datetime.date) -> frozenset[UUID]:
    """Events between two books of which nothing was counted in yet by whom the money was sent to. Three questions."""
    waits = on_the_way(book.pk, on, other).get(other, [])
    with as_system():
        theirs = Book.objects.filter(institution=other).values_list("pk", flat=True).first()
        if theirs is not None:
            waits = [*waits, *on_the_way(theirs, on, book.institution_id).get(book.institution_id, [])]
    return frozenset(one.what for one in waits if isinstance(one.what, UUID) and one.is_whole and one.paise > 0)
