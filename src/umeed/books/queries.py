"""What other rooms ask of the books."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from umeed.books.meetings.facts import rhythm_of
from umeed.books.models import Book, Clash, CutOff, Meeting, OpenMeeting
from umeed.core.scope import Scope

SEE, KEEP = "books.see", "books.keep"
# Whoever keeps more books than these looks at the list, not at each.
MOST_KEPT = 200
LONG_DAYS = 60
"""Without a meeting for so long a group is no longer active (Appendix C of the indicator list: a policy value)."""
HELD = Q(kind__in=("regular", "extra", "missed"), replaced_by__isnull=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A book whose next meeting is due: since which day, and whether one is being written."""

    institution: UUID
    name: str
    due_on: datetime.date
    is_begun: bool


def meetings_due(scope: Scope) -> list[Waiting]:
    """Books that the viewer keeps whose next meeting is due by today, the longest due first. Three questions."""
    books = list(Book.objects.seen_by(scope, KEEP).select_related("institution")[: MOST_KEPT + 1])
    if len(books) > MOST_KEPT:
        return []
    # An extra meeting does not move the rhythm.
    held = Meeting.objects.filter(HELD, book__in=books).exclude(kind="extra")
    last = dict(held.values_list("book").annotate(on=Max("held_on")))
    begun = set(OpenMeeting.objects.filter(book__in=books).values_list("book", flat=True))
    waiting = []
    for book in books:
        due_on = rhythm_of(book).after(last[book.pk]) if book.pk in last else book.opened_on
        if due_on <= scope.today or book.pk in begun:
            waiting.append(Waiting(book.institution_id, book.institution.name, due_on, book.pk in begun))
    return sorted(waiting, key=lambda one: one.due_on)


def clashes(scope: Scope) -> list[UUID]:
    """The institutions of what came twice with different content, and waits for who keeps the book: one each."""
    rows = Clash.objects.filter(settled="").seen_by(scope, KEEP)
    return list(rows.values_list("book__institution", flat=True))


def unchecked_cut_offs(scope: Scope) -> QuerySet[CutOff]:
    """Cut-offs that hold and that nobody has looked at a second time."""
    rows = CutOff.objects.filter(checked_on__isnull=True, sheet__reversed_by__isnull=True)
    return rows.exclude(sheet__recorded_by=scope.viewer).seen_by(scope, SEE)


def long_without_meeting(scope: Scope) -> QuerySet[Book]:
    """Books of groups at work in which no meeting was closed for a long time."""
    since = scope.today - datetime.timedelta(days=LONG_DAYS)
    held = Meeting.objects.filter(book=OuterRef("pk"), held_on__gt=since, kind__in=("regular", "extra"))
    rows = Book.objects.filter(~Exists(held), opened_on__lte=since, institution__kind="shg")
    return rows.filter(institution__status="active").seen_by(scope, SEE)
