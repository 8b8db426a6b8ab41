"""When a book's meetings were, which are missing, and when the next one is due."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from umeed.books.meetings.facts import rhythm_of, standing_meetings
from umeed.books.models import Book


@dataclass(frozen=True)
class Calendar:
    """`missed` days went by without a meeting or a word about it; `next` is the day of the one that is due now."""

    last: datetime.date | None
    last_number: int
    missed: list[datetime.date]
    next: datetime.date


def calendar_of(book: Book, today: datetime.date) -> Calendar:
    """The calendar of a book on a day. Two questions, and one more while it has no meeting yet."""
    rhythm = rhythm_of(book)
    rows = standing_meetings(book).filter(held_on__lte=today)
    # An extra meeting does not move the rhythm.
    last = rows.exclude(kind="extra").order_by("-held_on").values_list("held_on", flat=True).first()
    number = rows.filter(number__isnull=False).order_by("-number").values_list("number", flat=True).first()
    if number is None:
        number = book.cut_offs.order_by("-version").values_list("meetings_before", flat=True).first() or 0
    if last is None:
        return _before_the_first(book, number, today)
    missed, following = rhythm.due(last, today)
    return Calendar(last, number, missed, following)


def _before_the_first(book: Book, number: int, today: datetime.date) -> Calendar:
    """A book that has no meeting yet. After a cut-off the rhythm goes on from the last meeting before it; else meetings
    are due from the day on which the book began. Whatever is missing, the first one may be held any day."""
    row = book.cut_offs.filter(sheet__reversed_by=None).order_by("-version").select_related("sheet").first()
    if row is None:
        rhythm = rhythm_of(book)
        missed, _due = rhythm.due_from(rhythm.first(book.opened_on), today)
        return Calendar(None, number, missed, today)
    on, said = row.sheet.on_date, row.said.get("last_meeting")
    missed, following = rhythm_of(book).due(datetime.date.fromisoformat(said) if said else on, today)
    return Calendar(None, number, [one for one in missed if one > on], following)
