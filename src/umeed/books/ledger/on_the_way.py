"""Money on the way between two bodies: which of what one sent the other has not counted in yet, the oldest first."""

from __future__ import annotations

import datetime
from collections.abc import Hashable
from uuid import UUID, uuid5

from django.db import connection

from umeed.books.ledger.least import least_on_the_way
from umeed.books.ledger.others import sent_by
from umeed.books.models import Book
from umeed.books.rules.bodies import Sent, still_on_the_way
from umeed.core.viewer import as_system
from umeed.kernel.money import Paise

_MOVED = """
SELECT l.body_id, s.on_date, coalesce(s.reverses_id, s.id), coalesce(o.event, s.event), m.id, l.amount_paise
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_sheet o ON o.id = s.reverses_id
LEFT JOIN books_meeting m ON m.sheet_id = coalesce(s.reverses_id, s.id)
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.head = 119
    AND (%(body)s::uuid IS NULL OR l.body_id = %(body)s)
    -- Of most nothing is left, whatever moved: of those nothing is read.
    AND l.body_id IN (
        SELECT w.body_id FROM books_sheet v JOIN books_line w ON w.sheet_id = v.id
        WHERE v.book_id = %(book)s AND v.on_date <= %(on)s AND w.head = 119 GROUP BY 1 HAVING sum(w.amount_paise) <> 0)
ORDER BY s.on_date, s.id
"""


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
    waits = {other: paise for other, paise in least_on_the_way(book.pk, on).items() if paise > 0}
    sent = {other: every for other, every in on_the_way(book.pk, on).items() if other in waits} if waits else {}
    told = sent_by(book, {one.what for every in sent.values() for one in every if isinstance(one.what, UUID)})
    found: dict[UUID, tuple[Paise, Paise]] = {}
    for other, paise in waits.items():
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
