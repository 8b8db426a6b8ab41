"""Days that were closed: the list, one of them, taking it back, writing it anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions import begin_meeting
from umeed.books.actions.days import take_back_day
from umeed.books.actions.records import why_not_correct
from umeed.books.bodies.documents import BodyDay, read
from umeed.books.codes import MeetingKind
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.facts import explained_in
from umeed.books.models import Book, Meeting, OpenMeeting
from umeed.books.pages.days.state import for_federations
from umeed.books.pages.days.steps import DAY, STEPS
from umeed.books.pages.days.telling import names_for, sections
from umeed.books.pages.meetings import LAST, _closed_by, _sent_id, _why_of, about_undoing, meeting_behind
from umeed.books.pages.opening import KEEP, SEE, may_keep, page
from umeed.books.pages.writing.state import PAGE
from umeed.books.pages.writing.walk import CLOSE
from umeed.core.actions import Refused, refuse_if
from umeed.core.doors import needs
from umeed.core.templatetags.umeed_text import day as written
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import N_, Refusal

SHOWN = 60
_NO_REASON = N_("Say why.")


@needs(SEE, of="institutions_institution")
@for_federations(SEE)
def listed(request: HttpRequest, book: Book) -> HttpResponse:
    """All days, the newest first, and the way to write one."""
    rows = Meeting.objects.filter(book=book, replaced_by__isnull=True).order_by("-held_on", "-number", "-closed_at")
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
    told = sections(document, names_for(book, document)) if isinstance(document, BodyDay) else []
    keeps = stands and may_keep(request.scope, book)
    return render(request, "books/bodies/day.html", {
        "page": page(request, book, _title(held)), "book": book, "held": held, "kind": _kind(held), "newer": newer,
        "told": [(one, "") for one in told], "closed_by": _closed_by(held), "why": held.said.get("why", ""),
        "why_replaced": _why_of(newer) if newer else "", **_apart(held), "stands": stands,
        "is_meeting": held.kind == "regular",
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
    return _undone(request, book, which, correct=False)


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def correct(request: HttpRequest, book: Book, which: str) -> HttpResponse:
    """Write a day anew: everything is filled in as it was; it takes the old one's place when it is closed."""
    return _undone(request, book, which, correct=True)


def _undone(request: HttpRequest, book: Book, which: str, *, correct: bool) -> HttpResponse:
    if which == LAST and not Meeting.objects.filter(book=book).exists():
        return redirect("books:days", book.institution_id)
    held = meeting_behind(request, book, which)
    reasons: list[Refusal] = []
    why = " ".join(request.POST.get("why", "").replace("\x00", "").split())[:240]
    if request.method == "POST":
        try:
            return _begin_again(request, book, held, why) if correct else _taken_back(request, book, held, why)
        except Refused as refused:
            reasons = refused.refusals
    return render(request, "books/meetings/undo.html", {
        "page": page(request, book, gettext("Correct this day") if correct else gettext("Take this day back")),
        **about_undoing(book, held, is_correction=correct), "reasons": reasons, "why": why,
        "id": request.POST.get("id") or new_id(), "back": reverse("books:day", args=[book.institution_id, held.pk]),
    }, status=422 if reasons else 200)  # fmt: skip


def _taken_back(request: HttpRequest, book: Book, held: Meeting, why: str) -> HttpResponse:
    done = take_back_day(by=request.scope, day=held.pk, id=_sent_id(request), why=why)
    messages.success(request, gettext("The day was taken back, here and in the books of others."))
    return redirect("books:day", book.institution_id, done.meeting)


def _begin_again(request: HttpRequest, book: Book, held: Meeting, why: str) -> HttpResponse:
    refuse_if([*why_not_correct(book, held.pk), *([] if why else [Refusal("why", "no_reason", _NO_REASON)])])
    new = _sent_id(request)
    beside = {"replaces": str(held.pk), "why": why, "done": [step.key for step in STEPS]}
    begin_meeting(by=request.scope, book=book, id=new, said={
        **held.said, "id": str(new), "difference": explained_in(held), PAGE: beside,
    })  # fmt: skip
    return redirect(DAY.address(book.institution_id, CLOSE))


routes = [
    path("books/<uuid:id>/days/", listed, name="days"),
    path("books/<uuid:id>/days/<str:which>/", day, name="day"),
    path("books/<uuid:id>/days/<str:which>/correct/", correct, name="day_correct"),
    path("books/<uuid:id>/days/<str:which>/take-back/", take_back, name="day_take_back"),
]
