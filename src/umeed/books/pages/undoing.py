"""Taking a meeting or a day of a VO or CLF back, or writing it anew: what becomes of it, what stands against it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from umeed.books.actions import begin_meeting, take_back_meeting
from umeed.books.actions.records import NOT_STANDING, is_month_closed, why_not_correct, why_not_take_back
from umeed.books.codes import MeetingKind
from umeed.books.meetings.facts import explained_in, members, standing_meetings
from umeed.books.models import Book, Loan, Meeting
from umeed.books.pages.meetings import LAST, _title, meeting_behind
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.writing.lending import GRANTED
from umeed.books.pages.writing.state import PAGE, group_only
from umeed.books.pages.writing.steps import MEETING
from umeed.books.pages.writing.typed import line_sent
from umeed.books.pages.writing.walk import CLOSE, Walk
from umeed.books.registers.reading import names
from umeed.books.registers.which_loan import which_loans
from umeed.core.actions import Refused, refuse_if
from umeed.core.doors import needs
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import N_, Refusal

# What the button does, with the reason that was written.
Act = Callable[[HttpRequest, Book, Meeting, str], HttpResponse]

_NO_REASON = N_("Say why.")


@needs(KEEP, of="institutions_institution")
def take_back(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Take a meeting back whole, with a reason."""
    book = group_only(book_behind(request.scope, id, KEEP))
    return undone(request, book, which, MEETING, gettext("Take this meeting back"), _title, _taken_back)


@needs(KEEP, of="institutions_institution")
def correct(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """Write a meeting anew: everything is filled in as it was; it takes the old one's place when it is closed."""
    book = group_only(book_behind(request.scope, id, KEEP))
    title = gettext("Correct this meeting")
    return undone(request, book, which, MEETING, title, _title, _begin_again, is_correction=True)


def undone(
    request: HttpRequest,
    book: Book,
    which: str,
    walk: Walk,
    title: str,
    about: Callable[[Meeting], str],
    act: Act,
    *,
    is_correction: bool = False,
) -> HttpResponse:
    """The page that asks why; sent, what it does. `title` says what that is, `about` of which meeting or day."""
    if which == LAST and not Meeting.objects.filter(book=book).exists():
        return redirect(f"books:{walk.name}s", book.institution_id)
    held = meeting_behind(request, book, which)
    # Taking back twice the same page is known to the action; a correction would begin all the same.
    is_gone = held.kind == MeetingKind.TAKEN_BACK or Meeting.objects.filter(replaces=held).exists()
    if is_gone and (is_correction or request.method != "POST"):
        messages.error(request, gettext(NOT_STANDING))
        return redirect(f"books:{walk.name}", book.institution_id, held.pk)
    reasons: list[Refusal] = []
    why = line_sent(request.POST, "why")
    if request.method == "POST":
        try:
            return act(request, book, held, why)
        except Refused as refused:
            reasons = refused.refusals
    return render(request, "books/meetings/undo.html", {
        "page": page(request, book, title, lead=f"{book.institution.name} · {about(held)}"),
        "reasons": _with_names(book, held, request.scope.today, reasons), "why": why,
        **_about(book, held, is_correction=is_correction), "id": request.POST.get("id") or new_id(),
        "back": reverse(f"books:{walk.name}", args=[book.institution_id, held.pk]),
    }, status=422 if reasons else 200)  # fmt: skip


def _with_names(
    book: Book, held: Meeting, today: datetime.date, reasons: Sequence[Refusal]
) -> list[Refusal | dict[str, Any]]:  # fmt: skip
    """What is of a woman or of a loan says whose, and of several loans which."""
    of = Loan.objects.in_bulk([one.values["loan"] for one in reasons if one.values.get("loan")])
    women = {one.values.get("woman") for one in reasons} | {loan.woman_id for loan in of.values()}
    bodies = {one.values.get("body") for one in reasons} | {loan.body_id for loan in of.values()}
    called = names(women, bodies)  # type: ignore[arg-type]
    which = which_loans(book.pk, today, since=held.held_on) if of else {}

    def whose(one: Refusal) -> str:
        loan = of.get(one.values.get("loan"))  # type: ignore[call-overload]
        if loan is None:
            return called.woman(one.values.get("woman")) or called.body(one.values.get("body"))  # type: ignore[arg-type]
        of_whom = called.woman(loan.woman_id) or called.body(loan.body_id) or loan.called
        return " · ".join(filter(None, (of_whom, which.get(loan.pk))))

    return [
        {"text": one.message(gettext), "severity": one.severity, "label": label} if (label := whose(one)) else one
        for one in reasons
    ]


def _about(book: Book, held: Meeting, *, is_correction: bool) -> dict[str, Any]:
    """What becomes of a meeting or day that is taken back or corrected, and what stands against correcting it."""
    stops = why_not_correct(held) if is_correction else why_not_take_back(held)
    return {
        "put_right": reverse("books:meeting_differing", args=[book.institution_id, held.pk]) if stops
        and held.kind != MeetingKind.MISSED else "",
        "held": held, "is_correction": is_correction, "stops": stops, "is_closed": is_month_closed(held),
        "later": standing_meetings(book).filter(held_on__gt=held.held_on, number__isnull=False).count(),
    }  # fmt: skip


def sent_id(request: HttpRequest) -> UUID:
    """The id that the page made, so that sending it twice does it once."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return new_id()


def begun_again(request: HttpRequest, book: Book, held: Meeting, why: str, walk: Walk, **said: Any) -> HttpResponse:
    """A correction, opened with everything as it was and what is `said` otherwise; it leads to its last page."""
    refuse_if([*why_not_correct(held), *([] if why else [Refusal("why", "no_reason", _NO_REASON)])])
    new = sent_id(request)
    granted = [one["request"] for one in held.said.get("decisions", ()) if one["outcome"] == "granted"]
    done = [step.key for step in walk.steps]
    beside = {"replaces": str(held.pk), "why": why, "done": done, GRANTED: granted}
    begin_meeting(by=request.scope, book=book, id=new, said={
        **held.said, "id": str(new), "difference": explained_in(held), **said, PAGE: beside,
    })  # fmt: skip
    return redirect(walk.address(book.institution_id, CLOSE))


def _taken_back(request: HttpRequest, book: Book, held: Meeting, why: str) -> HttpResponse:
    done = take_back_meeting(by=request.scope, meeting=held.pk, id=sent_id(request), why=why)
    messages.success(request, gettext("The meeting was taken back. Its money is out of the book again."))
    return redirect("books:meeting", book.institution_id, done.meeting)


def _begin_again(request: HttpRequest, book: Book, held: Meeting, why: str) -> HttpResponse:
    return begun_again(request, book, held, why, MEETING, **_still_said(book, held))


def _still_said(book: Book, held: Meeting) -> dict[str, Any]:
    """Attendance but for those who were away and are, as is known since, no members on that day."""
    belonged = {str(woman) for woman in members(book, held.held_on)}
    said = held.said.get("attendance", {})
    return {"attendance": {
        woman: state for woman, state in said.items() if woman in belonged or state in ("present", "late")
    }}  # fmt: skip


routes = [
    path("books/<uuid:id>/meetings/<str:which>/take-back/", take_back, name="meeting_take_back"),
    path("books/<uuid:id>/meetings/<str:which>/correct/", correct, name="meeting_correct"),
]
