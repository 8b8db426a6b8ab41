"""The book of another body, into which a person may have to write without seeing it: what she gives stands there."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import Q, Sum

from umeed.books.heads import BANK, BY_KEY, BY_NUMBER
from umeed.books.models import Book, Bylaw, Loan, Meeting, MonthLock, Sheet
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.rounding import Rounding
from umeed.core.viewer import as_system
from umeed.institutions.models import Federation, Institution

ON_THE_WAY = BY_KEY["on_the_way"].number


def books_of(institutions: Iterable[UUID], on: datetime.date) -> dict[UUID, int]:
    """{institution: its book's number} of those that kept one here on a day. Tells only that there is a book."""
    # The second door would hide the VO's book from a group's bookkeeper, who must know whether to write into it.
    with as_system():
        rows = Book.objects.filter(institution__in=list(institutions), opened_on__lte=on)
        return dict(rows.values_list("institution", "pk"))


def above(institution: UUID, on: datetime.date) -> dict[UUID, tuple[str, str]]:
    """{VO or CLF to which an institution belonged on a day, its VO's CLF among them: (its kind, its name)}."""
    # A group's bookkeeper reaches no institution but her own; which VO it belongs to she knows and must write.
    found: dict[UUID, tuple[str, str]] = {}
    below = [institution]
    with as_system():
        for _level in range(2):
            ties = Federation.objects.filter(member__in=below, during__contains=on)
            rows = list(ties.values_list("above", "above__kind", "above__name"))
            found |= {pk: (kind, name or "") for pk, kind, name in rows if kind in ("vo", "clf")}
            below = [pk for pk, _kind, _name in rows]
    return found


def bodies_called(bodies: Iterable[UUID | None]) -> dict[UUID, str]:
    """{body: its name} of bodies that a book names: those in reach, and VOs and CLFs wherever they are. One question,
    one more where some are out of reach."""
    asked = {pk for pk in bodies if pk}
    found = _names_of(asked) if asked else {}
    if left := asked - set(found):
        # A VO's bookkeeper reaches no CLF; what the VO pays to it is written down, read out and signed with its name.
        with as_system():
            found |= _names_of(left, kind__in=("vo", "clf"))
    return found


def _names_of(bodies: Iterable[UUID], **which: object) -> dict[UUID, str]:
    return dict(Institution.objects.filter(pk__in=list(bodies), **which).values_list("pk", "name"))


def rounding_of(institution: UUID, on: datetime.date) -> Rounding:
    """How an institution rounds interest on a day, by its own rules; as all do that have said none."""
    with as_system():
        rows = Bylaw.objects.filter(book__institution=institution, since__lte=on).order_by("-since")
        return next((row.plain for row in rows[:1]), Bylaws({})).rounding


def closed_months_of(books: Mapping[UUID, int], on: datetime.date) -> dict[UUID, str]:
    """{institution: its name} of those whose month of a day is closed, so that nothing can be written there."""
    with as_system():
        locks = MonthLock.objects.closing(on).filter(book__in=books.values())
        return dict(locks.values_list("book__institution", "book__institution__name"))


def sent_by(book: Book, events: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """{event: {cash or bank: paise}} of what other bodies sent us by some events, as their own books say: at once out
    of their bank, or in a meeting or day. Three questions."""
    us, asked = str(book.institution_id), list(events)
    if not asked:
        return {}
    with as_system():
        at_bank = Sum("lines__amount_paise", filter=Q(lines__head=BANK.number))
        sheets = list(Sheet.objects.filter(event__in=asked).exclude(book=book).annotate(at_bank=at_bank))
        books = {one.book_id for one in sheets}
        days = Meeting.objects.filter(book__in=books, held_on__in={one.on_date for one in sheets})
        said = {uuid5(one.pk, f"event/{us}"): one.said for one in days}
        lent = Loan.objects.filter(book__in=books, body=book.institution_id).values_list("uid", flat=True)
        ours = {str(uid) for uid in lent}
    return {
        one.event: {"bank": abs(int(one.at_bank)), "cash": 0} if one.at_bank else _said_to_send(said, one, us, ours)
        for one in sheets if one.event
    }  # fmt: skip


def _said_to_send(said: Mapping[UUID, dict[str, Any]], theirs: Sheet, us: str, ours: Collection[str]) -> dict[str, int]:
    sums = {"bank": 0, "cash": 0}
    document = said.get(theirs.event, {}) if theirs.event else {}
    for part in ("repaid", "given", "lendings", "passed", "returned"):
        for one in document.get(part, ()):
            if one.get("body") == us or one.get("loan") in ours:
                paise = one.get("paise") or one.get("principal", 0) + one.get("interest", 0)
                sums[one.get("mode", "cash")] += paise
    return sums


_SAID = """
SELECT s.on_date, coalesce(r.on_date, s.on_date), l.head, s.book_id = %(ours)s, sum(l.amount_paise)
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_loan o ON o.id = l.loan_id
    LEFT JOIN books_sheet r ON r.id = s.reverses_id
WHERE s.on_date <= %(on)s AND l.head = ANY(%(heads)s)
    AND ((s.book_id = %(ours)s AND coalesce(l.body_id, o.body_id) = %(them)s)
        OR (s.book_id = %(theirs)s AND coalesce(l.body_id, o.body_id) = %(us)s))
GROUP BY 1, 2, 3, 4 ORDER BY 1, 3
"""


@dataclass(frozen=True, slots=True)
class SaidOn:
    """What two books say of each other on a day about one thing, as people say it. Paise."""

    on: datetime.date
    family: str
    ours: int
    theirs: int


def said_about(
    book: Book, other: UUID, on: datetime.date, families: Mapping[int, str], *, flows: Collection[str] = ()
) -> list[SaidOn] | None:
    """Day by day, sums of what this book says of another body and theirs of this one, of `flows` since both are kept;
    None when they keep no book.

    Only what is between the two: it is this body's own, wherever it stands.
    """
    with as_system(), connection.cursor() as cursor:
        theirs = Book.objects.filter(institution=other).first()
        if theirs is None:
            return None
        cursor.execute(_SAID, {
            "ours": book.pk, "theirs": theirs.pk, "us": book.institution_id, "them": other, "on": on,
            "heads": list(families),
        })  # fmt: skip
        rows = cursor.fetchall()
    told: dict[tuple[datetime.date, str], list[int]] = {}
    both_since = max(book.opened_on, theirs.opened_on)
    for day, flowed_on, head, is_ours, paise in rows:
        if families[head] in flows and flowed_on < both_since:
            continue
        sums = told.setdefault((day, families[head]), [0, 0])
        sums[0 if is_ours else 1] += BY_NUMBER[head].grows_by * int(paise)
    return [SaidOn(day, family, *sums) for (day, family), sums in told.items()]
