"""When a book's meetings were, which are missing, and when the next one is due."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from umeed.books.meetings.expected import Rhythm
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Book


@dataclass(frozen=True)
class Calendar:
    """`missed` days went by without a meeting or a word about it; `next` is the day of the one that is due now."""

    last: datetime.date | None
    last_number: int
    missed: list[datetime.date]
    next: datetime.date


def rhythm_of(book: Book) -> Rhythm:
    """How often its body meets: a group that says nothing meets every week, a VO or CLF every month."""
    body = book.institution
    usual = "weekly" if body.kind == "shg" else "monthly"
    return Rhythm(body.meeting_frequency or usual, body.meeting_day, body.meeting_date)


def calendar_of(book: Book, today: datetime.date) -> Calendar:
    """The calendar of a book on a day. Two questions."""
    rhythm = rhythm_of(book)
    rows = standing_meetings(book).filter(held_on__lte=today)
    # An extra meeting does not move the rhythm.
    last = rows.exclude(kind="extra").order_by("-held_on").values_list("held_on", flat=True).first()
    number = rows.filter(number__isnull=False).order_by("-number").values_list("number", flat=True).first()
    if number is None:
        number = book.cut_offs.order_by("-version").values_list("meetings_before", flat=True).first() or 0
    if last is None:
        # A book that has no meeting yet: nothing is missing, the first one may be held any day.
        return Calendar(None, number, [], today)
    missed, following = rhythm.due(last, today)
    return Calendar(last, number, missed, following)
