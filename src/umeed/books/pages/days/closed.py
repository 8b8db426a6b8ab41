"""Days that were closed: the list, one of them, taking it back, writing it anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions.days import take_back_day
from umeed.books.bodies.documents import BodyDay, read
from umeed.books.codes import MeetingKind
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.facts import explained_in
from umeed.books.models import Book, Meeting, OpenMeeting, stands
from umeed.books.pages.days.state import for_federations
from umeed.books.pages.days.steps import DAY
from umeed.books.pages.days.telling import names_for, sections
from umeed.books.pages.meetings import LAST, _closed_by, _why_of, meeting_behind, versions_of
from umeed.books.pages.opening import KEEP, SEE, may_keep, page
from umeed.books.pages.undoing import begun_again, sent_id, undone
from umeed.books.pages.writing.walk import CLOSE
from umeed.books.registers.put_right import put_right_of
from umeed.core.doors import needs
from umeed.core.templatetags.umeed_text import day as written
from umeed.kernel.refusals import N_

SHOWN = 60
_NO_REASON = N_("Say why.")


@needs(SEE, of="institutions_institution")
@for_federations(SEE)
def listed(request: HttpRequest, book: Book) -> HttpResponse:
    """All days, the newest first, and the way to write one."""
    rows = Meeting.objects.filter(stands(), book=book).order_by("-held_on", "-number", "-closed_at")
    keeps = may_keep(request.scope, book)
    is_open = keeps and OpenMeeting.objects.filter(book=book).exists()
    return render(request, "books/bodies/days.html", {
        "page": page(request, book, _("Days")), "book": book, "keeps": keeps, "is_open": is_open,
        "missed": len(calendar_of(book, request.scope.today).missed) if keeps else 0,
        "rows": [_row(book, one) for one in rows[:SHOWN]], "close_url": DAY.address(book.institution_id, CLOSE),
    })  # fmt: skip


def _row(book: Book, one: Meeting) -> dict[str, Any]:
    why = one.said.get("why", "") if one.kind == MeetingKind.MISSED else ""
    return {"day": one, "kind": _kind(one), "why": why, "url": reverse("books:day", args=[book.institution_id, one.pk])}


def _kind(one: Meeting) -> str:
    return str(dict(DAY.kinds).get(one.kind) or MeetingKind(one.kind).label)


@needs(SEE, of="institutions_institution")
@for_federations(SEE)
def day(request: HttpRequest, book: Book, which: str) -> HttpResponse:
    """A day as it stands in the book."""
    if which == LAST and not Meeting.objects.filter(book=book).exists():
        return redirect("books:days", book.institution_id)
    held = meeting_behind(request, book, which)
    newer = Meeting.objects.filter(replaces=held).first()
    stands = newer is None and held.kind != MeetingKind.TAKEN_BACK
    document = read(held.said)
    told = sections(document, names_for(book, document, sheet=held.sheet_id)) if isinstance(document, BodyDay) else []
    keeps = stands and may_keep(request.scope, book)
    return render(request, "books/bodies/day.html", {
        "page": page(request, book, _title(held)), "book": book, "held": held, "kind": _kind(held), "newer": newer,
        "told": [(one, "") for one in told], "closed_by": _closed_by(held), "why": held.said.get("why", ""),
        "why_replaced": _why_of(newer) if newer else "", **_apart(held), "stands": stands,
        "put_right": put_right_of(held), "is_meeting": held.kind == "regular",
        "versions": versions_of(held, "day", _kind),
        "minutes": reverse("books:register", args=[book.institution_id, "minutes"]) + f"?meeting={held.pk}"
        if held.kind in dict(DAY.kinds) else "",
        "correct": reverse("books:day_correct", args=[book.institution_id, held.pk]) if keeps else "",
        "take_back": reverse("books:day_take_back", args=[book.institution_id, held.pk]) if keeps else "",
    })  # fmt: skip


def _apart(held: Meeting) -> dict[str, int]:
    """What was counted more or less than had to be there, and explained."""
    apart = explained_in(held) or 0
    return {"apart": apart, "less": -apart}


def _title(held: Meeting) -> str:
    return gettext("Day %(number)s · %(day)s") % {"number": held.number or "–", "day": written(held.held_on)}


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def take_back(request: HttpRequest, book: Book, which: str) -> HttpResponse:
    """Take a day back whole, with a reason: here and in the books of others."""
    return undone(request, book, which, DAY, gettext("Take this day back"), _title, _taken_back)


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def correct(request: HttpRequest, book: Book, which: str) -> HttpResponse:
    """Write a day anew: everything is filled in as it was; it takes the old one's place when it is closed."""
    return undone(request, book, which, DAY, gettext("Correct this day"), _title, _begin_again, is_correction=True)


def _taken_back(request: HttpRequest, book: Book, held: Meeting, why: str) -> HttpResponse:
    done = take_back_day(by=request.scope, day=held.pk, id=sent_id(request), why=why)
    messages.success(request, gettext("The day was taken back, here and in the books of others."))
    return redirect("books:day", book.institution_id, done.meeting)


def _begin_again(request: HttpRequest, book: Book, held: Meeting, why: str) -> HttpResponse:
    return begun_again(request, book, held, why, DAY)


routes = [
    path("books/<uuid:id>/days/", listed, name="days"),
    path("books/<uuid:id>/days/<str:which>/", day, name="day"),
    path("books/<uuid:id>/days/<str:which>/correct/", correct, name="day_correct"),
    path("books/<uuid:id>/days/<str:which>/take-back/", take_back, name="day_take_back"),
]
