"""Beginning a meeting: its day, number and kind; putting it away."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions import begin_meeting, keep_part, put_away
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.documents import MeetingDocument
from umeed.books.meetings.facts import before
from umeed.books.meetings.sums import Tally
from umeed.books.models import Book
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.rules_told import led_to_rules
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing, group_only, writing_of
from umeed.books.pages.writing.steps import address, first_to_do
from umeed.books.pages.writing.typed import Typed, Values, sent_by
from umeed.books.pages.writing.walking import frame, nothing_open
from umeed.books.rules.meetings import why_not_close
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal, hard

KINDS = (("regular", _("Regular meeting")), ("extra", _("Extra meeting")))
HEAD = ("on", "number", "kind", "place")
_NEEDED = N_("This is missing.")


@needs(KEEP, of="institutions_institution")
def begin(request: HttpRequest, id: UUID) -> HttpResponse:
    """Day, number, kind and place; of a meeting that is being written they can be changed here."""
    book = group_only(book_behind(request.scope, id, KEEP))
    writing = writing_of(request.scope, book)
    if request.method == "POST":
        return _begun(request, book, writing)
    return _asked(request, book, writing, _kept(writing) if writing else _expected(request, book), [])


def _expected(request: HttpRequest, book: Book) -> Values:
    calendar = calendar_of(book, request.scope.today)
    return {
        "on": min(calendar.next, request.scope.today).isoformat(), "number": str(calendar.last_number + 1),
        "kind": "regular", "place": book.institution.meeting_place, "id": str(new_id()),
    }  # fmt: skip


def _kept(writing: Writing) -> Values:
    said = writing.said
    return {
        "on": said.get("on", ""), "number": str(said.get("number") or ""), "kind": said.get("kind", "regular"),
        "place": said.get("place", ""), "id": str(writing.id),
    }  # fmt: skip


def _asked(
    request: HttpRequest, book: Book, writing: Writing | None, values: Values, reasons: list[Refusal]
) -> HttpResponse:
    shown = Shown(values, reasons)
    title = gettext("Day and number") if writing else gettext("Begin a meeting")
    head = frame(request, writing, "begin", title) if writing else {
        "page": page(request, book, title), "book": book, "umeed_nav": None,
    }  # fmt: skip
    return render(request, "books/meeting/begin.html", {
        **head, "writing": writing, "id": values.get("id", ""), "refused": hard(reasons),
        "on": shown.box("on", _("Held on"), kind="date"), "number": shown.box("number", _("Number of the meeting")),
        "kind": shown.choice("kind", _("Kind"), KINDS), "place": shown.box("place", _("Place")),
        "back": reverse("books:home", args=[book.institution_id]),
        "led": led_to_rules(book, writing.on if writing else request.scope.today),
    }, status=422 if reasons else 200)  # fmt: skip


def _begun(request: HttpRequest, book: Book, writing: Writing | None) -> HttpResponse:
    values = sent_by(request.POST)
    typed = Typed(values)
    head = _read(typed)
    meeting = writing.id if writing else _id_of(values)
    wrong = {reason.field for reason in typed.reasons}
    # A field that could not be read is told so once, not again as one that says nothing.
    more = _why_not(request, book, writing, head) if head["on"] else []
    reasons = [*typed.reasons, *(reason for reason in more if reason.field not in wrong)]
    if reasons:
        return _asked(request, book, writing, values, reasons)
    try:
        if writing is None:
            begin_meeting(by=request.scope, book=book, id=meeting, said={"id": str(meeting), **head})
        else:
            keep_part(by=request.scope, meeting=meeting, parts=head, revision=writing.row.revision)
    except Refused as refused:
        return _asked(request, book, writing, values, refused.refusals)
    now = writing_of(request.scope, book)
    return redirect(address(book.institution_id, first_to_do(now) if now else "close"))


def _read(typed: Typed) -> dict[str, Any]:
    on, number = typed.day("on"), typed.whole("number", 1, 10_000)
    for there, name in ((on, "on"), (number, "number")):
        if there is None and not any(reason.field == name for reason in typed.reasons):
            typed.refuse(name, "missing", _NEEDED)
    return {
        "on": on.isoformat() if on else "", "number": number, "place": typed.text("place", 120),
        "kind": typed.one_of("kind", ("regular", "extra"), "regular"),
    }  # fmt: skip


def _id_of(values: Values) -> UUID:
    try:
        return UUID(str(values.get("id")))
    except ValueError:
        return new_id()


def _why_not(request: HttpRequest, book: Book, writing: Writing | None, head: dict[str, Any]) -> list[Refusal]:
    """What stands against the day and the number themselves."""
    on = datetime.date.fromisoformat(head["on"])
    known = before(
        book, on, number=head["number"], today=request.scope.today, without=writing.replaces if writing else None
    )  # fmt: skip
    told = why_not_close(_head(on, head["number"], head["kind"]), known.facts, Tally(*[Paise(0)] * 4))
    return [reason for reason in hard(told) if reason.field in HEAD]


def _head(on: datetime.date, number: int, kind: str) -> MeetingDocument:
    return MeetingDocument(id=new_id(), on=on, number=number, kind=kind)  # type: ignore[arg-type]


@needs(KEEP, of="institutions_institution")
def give_up(request: HttpRequest, id: UUID) -> HttpResponse:
    """Put away a meeting that was begun by mistake, with a reason."""
    book = group_only(book_behind(request.scope, id, KEEP))
    writing = writing_of(request.scope, book)
    if writing is None:
        return nothing_open(request, id)
    reasons: list[Refusal] = []
    if request.method == "POST":
        try:
            why = Typed(sent_by(request.POST)).text("why")
            put_away(by=request.scope, meeting=writing.id, why=why)
            messages.success(request, gettext("The meeting was put away. Nothing of it stands in the book."))
            return redirect("books:home", id)
        except Refused as refused:
            reasons = refused.refusals
    return render(request, "books/meeting/give_up.html", {
        **frame(request, writing, "", gettext("Put this meeting away")),
        "why": Shown({"why": request.POST.get("why", "")}, reasons).box("why", _("Why")),
        "back": address(id, first_to_do(writing)),
    }, status=422 if reasons else 200)  # fmt: skip


routes = [
    path("books/<uuid:id>/meetings/open/begin/", begin, name="meeting_begin"),
    path("books/<uuid:id>/meetings/open/put-away/", give_up, name="meeting_put_away"),
]
