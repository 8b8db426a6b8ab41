"""Beginning a meeting, or a day: its day, number and kind; putting it away."""

from __future__ import annotations

import datetime
from collections.abc import Callable
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
from umeed.books.pages.writing.parts import OPTIONAL
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing, group_only, writing_of
from umeed.books.pages.writing.steps import MEETING
from umeed.books.pages.writing.typed import Typed, Values, day_as_typed, sent_by
from umeed.books.pages.writing.walk import BEGIN, Walk
from umeed.books.pages.writing.walking import frame, nothing_open
from umeed.books.rules.meetings import why_not_close
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal, hard

HEAD = ("on", "number", "kind", "place")
_NEEDED = N_("This is missing.")

# (request, book, what is being written, day with number and kind): what stands against them.
WhyNot = Callable[[HttpRequest, Book, Any, dict[str, Any]], list[Refusal]]


@needs(KEEP, of="institutions_institution")
def begin(request: HttpRequest, id: UUID) -> HttpResponse:
    """Day, number, kind and place; of a meeting that is being written they can be changed here."""
    book = group_only(book_behind(request.scope, id, KEEP))
    writing = writing_of(request.scope, book)
    led = led_to_rules(book, writing.on if writing else request.scope.today)
    if request.method == "POST":
        return begun(request, book, MEETING, writing, _why_not, led=led)
    return asked(request, book, MEETING, writing, kept(writing) if writing else _expected(request, book), [], led=led)


def _expected(request: HttpRequest, book: Book) -> Values:
    calendar = calendar_of(book, request.scope.today)
    return {
        "on": day_as_typed(min(calendar.next, request.scope.today)), "number": str(calendar.last_number + 1),
        "kind": "regular", "place": book.institution.meeting_place, "id": str(new_id()),
    }  # fmt: skip


def kept(writing: Writing) -> Values:
    """The head of a meeting or day that is being written."""
    said = writing.said
    return {
        "on": day_as_typed(writing.on) if said.get("on") else "", "number": str(said.get("number") or ""),
        "kind": said.get("kind", "regular"), "place": said.get("place", ""), "id": str(writing.id),
    }  # fmt: skip


def asked(
    request: HttpRequest, book: Book, walk: Walk, writing: Writing | None, values: Values, reasons: list[Refusal],
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page on which day, number, kind and place stand."""
    shown = Shown(values, reasons)
    title = gettext("Day and number") if writing else walk.begin
    head = frame(request, writing, walk, BEGIN, title) if writing else {
        "page": page(request, book, title), "book": book, "umeed_nav": None,
    }  # fmt: skip
    return render(request, "books/meeting/begin.html", {
        **head, "writing": writing, "id": values.get("id", ""), "refused": hard(reasons),
        "months": any(one.code == "month_locked" for one in reasons),
        "on": shown.box("on", _("Held on")), "number": shown.box("number", walk.number),
        "kind": shown.choice("kind", _("Kind"), walk.kinds), "place": shown.box("place", _("Place"), when=OPTIONAL),
        "back": reverse(f"books:{walk.back}", args=[book.institution_id]), **more,
    }, status=422 if reasons else 200)  # fmt: skip


def begun(
    request: HttpRequest, book: Book, walk: Walk, writing: Writing | None, why_not: WhyNot, **more: Any
) -> HttpResponse:
    """What was sent from it is kept; or told why it cannot be, by reading it and by `why_not`."""
    values = sent_by(request.POST)
    typed = Typed(values)
    head = _read(typed)
    id = writing.id if writing else id_of(values)
    wrong = {reason.field for reason in typed.reasons}
    # A field that could not be read is told so once, not again as one that says nothing.
    found = why_not(request, book, writing, head) if head["on"] else []
    reasons = [*typed.reasons, *(reason for reason in found if reason.field not in wrong)]
    if reasons:
        return asked(request, book, walk, writing, values, reasons, **more)
    try:
        if writing is None:
            row = begin_meeting(by=request.scope, book=book, id=id, said={"id": str(id), **head})
        else:
            row = keep_part(by=request.scope, meeting=id, parts=head, revision=writing.row.revision)
    except Refused as refused:
        return asked(request, book, walk, writing, values, refused.refusals, **more)
    return redirect(walk.address(book.institution_id, walk.first_to_do(Writing(request.scope, book, row))))


def _read(typed: Typed) -> dict[str, Any]:
    on, number = typed.day("on"), typed.whole("number", 1, 10_000)
    for there, name in ((on, "on"), (number, "number")):
        if there is None and not any(reason.field == name for reason in typed.reasons):
            typed.refuse(name, "missing", _NEEDED)
    return {
        "on": on.isoformat() if on else "", "number": number, "place": typed.text("place", 120),
        "kind": typed.one_of("kind", ("regular", "extra"), "regular"),
    }  # fmt: skip


def id_of(values: Values) -> UUID:
    """The id that the page made: sent twice, it begins once."""
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
    writing = writing_of(request.scope, group_only(book_behind(request.scope, id, KEEP)))
    return given_up(request, writing, MEETING) if writing else nothing_open(request, id)


def given_up(request: HttpRequest, writing: Writing, walk: Walk) -> HttpResponse:
    """The page that puts a meeting or day away."""
    book, reasons = writing.book.institution_id, list[Refusal]()
    if request.method == "POST":
        try:
            put_away(by=request.scope, meeting=writing.id, why=Typed(sent_by(request.POST)).text("why"))
            messages.success(request, gettext("The meeting was put away. Nothing of it stands in the book."))
            return redirect(f"books:{walk.back}", book)
        except Refused as refused:
            reasons = refused.refusals
    return render(request, "books/meeting/give_up.html", {
        **frame(request, writing, walk, "", walk.put_away),
        "why": Shown({"why": request.POST.get("why", "")}, reasons).box("why", _("Why")),
        "back": walk.address(book, walk.first_to_do(writing)),
    }, status=422 if reasons else 200)  # fmt: skip


routes = [
    path("books/<uuid:id>/meetings/open/begin/", begin, name="meeting_begin"),
    path("books/<uuid:id>/meetings/open/put-away/", give_up, name="meeting_put_away"),
]
