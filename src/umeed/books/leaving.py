"""A woman who leaves her group: what she has in its book and what she owes it must be settled first (M7)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q

from umeed.books.heads import SAVINGS
from umeed.books.ledger.balances import balances_of_a_woman
from umeed.books.models import Book, Line, Meeting, stands
from umeed.books.naming import women_called
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_SAVED = N_("She still has %(amount)s of savings in the book. Give it back to her in a meeting first.")
_OWES = N_("She still owes the group %(amount)s. It must be repaid in a meeting first.")
_STANDS = N_("%(name)s stands in the book on %(day)s. Her last day as a member is then or later: write %(next)s.")
_DAY = datetime.timedelta(days=1)
_FOR_EVER = datetime.date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a woman has saved and what she owes, in one book. Paise."""

    saved: Paise
    owes: Paise


def standing_of(book: int, woman: UUID, on: datetime.date = _FOR_EVER) -> Standing:
    """Whatever the book knows of her, until a day."""
    hers = balances_of_a_woman(book, woman, on)
    saved = -sum(hers.get(head.key, 0) for head in SAVINGS)
    return Standing(Paise(saved), Paise(hers.get("loan_to_member", 0)))


def leaves_from(woman: UUID, institution: UUID) -> datetime.date | None:
    """The day after the last one on which the book names her: a meeting in which she had a part when she was no member
    any more could not be corrected. Asked by the room of institutions for what it fills in; None of an empty book."""
    book = Book.objects.filter(institution=institution).values_list("pk", flat=True).first()
    last = _last_day(book, woman) if book is not None else None
    return last + _DAY if last else None


def _last_day(book: int, woman: UUID) -> datetime.date | None:
    """The last day of her lines, and of the meetings that hold and to which she came."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT umeed_merged_women(%s)", [woman])
        hers = [row[0] for row in cursor.fetchall()]
    lines = Line.objects.filter(sheet__book=book, woman__in=hers, sheet__reverses=None, sheet__reversed_by=None)
    came = Q(present__overlap=hers) | Q(late__overlap=hers)
    met = Meeting.objects.filter(stands(), came, book=book)
    days = (lines.aggregate(last=Max("sheet__on_date"))["last"], met.aggregate(last=Max("held_on"))["last"])
    return max((day for day in days if day), default=None)


def why_not_leave(woman: UUID, institution: UUID, left_on: datetime.date) -> Iterable[Refusal]:
    """Asked by the room of institutions before a membership ends."""
    book = Book.objects.filter(institution=institution).values_list("pk", flat=True).first()
    if book is None:
        return
    hers = standing_of(book, woman)
    if hers.saved > 0:
        yield Refusal("left_on", "has_savings", _SAVED, {"amount": rupees(hers.saved)})
    if hers.owes > 0:
        yield Refusal("left_on", "owes", _OWES, {"amount": rupees(hers.owes)})
    last = _last_day(book, woman)
    if last is not None and left_on <= last:
        name = women_called([woman]).get(woman, "?")
        yield Refusal("left_on", "stands_in_the_book", _STANDS, {"name": name, "day": last, "next": last + _DAY})
