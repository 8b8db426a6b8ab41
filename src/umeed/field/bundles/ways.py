"""By which ways came what others have sent a group and nobody has counted in: what a phone cannot know, since it stands
in the books of those who sent it. The same as `ledger.on_the_way.sent_by_way`, of many groups at once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import Q, Sum

from umeed.books.heads import BANK
from umeed.books.ledger.others import _said_to_send
from umeed.books.models import Loan, Meeting, Sheet
from umeed.books.rules.bodies import Sent, still_on_the_way
from umeed.core.viewer import as_system
from umeed.field.bundles.windows import FRAME, Window, frame, kept_books

_MOVED = f"""
SELECT f.book, l.body_id, s.on_date, coalesce(s.reverses_id, s.id), coalesce(o.event, s.event), m.id, l.amount_paise
FROM {FRAME} JOIN books_sheet s ON s.book_id = f.book AND s.on_date <= %(today)s
JOIN books_line l ON l.sheet_id = s.id AND l.head = 119 LEFT JOIN books_sheet o ON o.id = s.reverses_id
LEFT JOIN books_meeting m ON m.sheet_id = coalesce(s.reverses_id, s.id)
WHERE (f.book, l.body_id) IN (
    SELECT v.book_id, w.body_id FROM {FRAME} JOIN books_sheet v ON v.book_id = f.book AND v.on_date <= %(today)s
    JOIN books_line w ON w.sheet_id = v.id AND w.head = 119 GROUP BY 1, 2 HAVING sum(w.amount_paise) > 0)
ORDER BY s.on_date, s.id
"""  # noqa: S608
# {(book, other body): what it has sent and is on the way, the oldest first}
_Waiting = Mapping[tuple[int, UUID], Sequence[Sent]]


def sent_parts(windows: Sequence[Window], today: datetime.date) -> dict[UUID, dict[str, list[int]]]:
    """{group: {body: [cash, bank]}}. One question, three more where something is on the way."""
    books, found = kept_books(windows), defaultdict[UUID, dict[str, list[int]]](dict)
    waiting = _waiting(windows, today)
    told = _told(waiting, books) if waiting else {}
    for (book, body), every in waiting.items():
        paise = sum(one.paise for one in every)
        by_bank = sum(min(one.paise, told.get((book, one.what), 0)) for one in every)
        bank = min(paise, by_bank)
        found[books[book].group.pk][str(body)] = [paise - bank, bank]
    return found


def _waiting(windows: Sequence[Window], today: datetime.date) -> _Waiting:
    moved: dict[tuple[int, UUID], list[tuple[datetime.date, Hashable, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {**frame(windows), "today": today})
        for book, other, day, sheet, event, meeting, paise in cursor.fetchall():
            key = event or (uuid5(meeting, f"event/{other}") if meeting else sheet)
            moved[book, other].append((day, key, int(paise)))
    return {of: left for of, every in moved.items() if (left := still_on_the_way(every))}


def _told(waiting: _Waiting, books: Mapping[int, Window]) -> dict[tuple[int, Hashable], int]:
    """{(book, event): what of it came by bank}, as the books of those who sent it say."""
    whose = {one.what: book for (book, _body), every in waiting.items() for one in every if isinstance(one.what, UUID)}
    groups = {books[book].group.pk for book in whose.values()}
    with as_system():
        at_bank = Sum("lines__amount_paise", filter=Q(lines__head=BANK.number))
        sheets = Sheet.objects.filter(event__in=list(whose)).exclude(book__in=list(books)).annotate(at_bank=at_bank)
        theirs = {sheet.event: sheet for sheet in sheets}
        days = Meeting.objects.filter(
            book__in={one.book_id for one in theirs.values()}, held_on__in={one.on_date for one in theirs.values()}
        ).values_list("pk", "said")
        said = {uuid5(pk, f"event/{group}"): document for pk, document in days for group in groups}
        lent: dict[UUID | None, set[str]] = defaultdict(set)
        for body, uid in Loan.objects.filter(body__in=groups).exclude(book__in=list(books)).values_list("body", "uid"):
            lent[body].add(str(uid))
    told: dict[tuple[int, Hashable], int] = {}
    for event, sheet in theirs.items():
        group = books[whose[event]].group.pk
        by_way = _said_to_send(said, sheet, str(group), lent[group])
        told[whose[event], event] = abs(int(sheet.at_bank)) if sheet.at_bank else by_way["bank"]  # type: ignore[attr-defined]
    return told
