"""Reading a day out, settling what is wrong or asked, and closing it; putting it away."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions import Conflict, put_away
from umeed.books.actions.days import close_day
from umeed.books.models import Book, Meeting
from umeed.books.pages.days.state import DayWriting, day_of, for_federations
from umeed.books.pages.days.steps import BEGIN, CLOSE, STEPS, address, first_to_do, named, step_of
from umeed.books.pages.days.telling import names_for, sections
from umeed.books.pages.days.walking import frame
from umeed.books.pages.opening import KEEP
from umeed.books.pages.writing.closing import _UNREAD
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.typed import Typed, sent_by
from umeed.books.pages.writing.walking import nothing_open
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.forms import mark_of
from umeed.kernel.refusals import Refusal


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def close(request: HttpRequest, book: Book) -> HttpResponse:
    """The whole day in sight; it closes when nothing stands against it and every question is answered."""
    writing = day_of(request.scope, book)
    if request.method != "POST":
        return _asked(request, writing) if writing else nothing_open(request, book.institution_id)
    if writing is None:
        # The same button pressed twice: the day is closed and shown.
        sent = str(request.POST.get("meeting", ""))
        known = [one for one in Meeting.objects.filter(book=book).values_list("pk", flat=True) if str(one) == sent]
        return (
            redirect("books:day", book.institution_id, known[0])
            if known
            else nothing_open(request, book.institution_id)
        )
    return _closed(request, writing)


def _closed(request: HttpRequest, writing: DayWriting) -> HttpResponse:
    book = writing.book.institution_id
    if request.POST.get("revision") != str(writing.row.revision):
        messages.warning(request, gettext("The meeting changed since this page was opened. Read it once more."))
        return redirect(address(book, CLOSE))
    stops, asks = _apart(writing)
    sure = set(request.POST.getlist("sure"))
    if stops or any(mark_of(one) not in sure for one in asks):
        return _asked(request, writing, sure=sure, is_unanswered=not stops, status=422)
    try:
        done = close_day(
            by=request.scope, book=writing.book, said=writing.said, is_sure=True, replaces=writing.replaces,
            why=str(writing.page.get("why", "")),
        )  # fmt: skip
    except Conflict as clash:
        messages.error(request, clash.refusals[-1].message(gettext))
        return redirect("books:clashes", book)
    except Refused as refused:
        return _asked(request, writing, sure=sure, more=refused.refusals, status=422)
    messages.success(request, gettext("The day is closed. What concerns others stands in their books too."))
    return redirect("books:day", book, done.meeting)


def _apart(writing: DayWriting) -> tuple[list[Refusal], list[Refusal]]:
    """(what stands against closing, what is asked)."""
    stops = [one for one in writing.reasons if one.severity == "refuse"]
    stops += [Refusal(f"{step.parts[0]}.", "unread", _UNREAD) for step in STEPS if writing.typed(step.key) is not None]
    return stops, [one for one in writing.reasons if one.severity == "warn"]


def _asked(
    request: HttpRequest,
    writing: DayWriting,
    *,
    sure: Collection[str] = (),
    more: Collection[Refusal] = (),
    is_unanswered: bool = False,
    status: int = 200,
) -> HttpResponse:
    document, facts, book = writing.document, writing.known.facts, writing.book.institution_id
    stops, asks = _apart(writing)
    stops += [one for one in more if one not in stops]
    tally = writing.tally
    told = sections(document, names_for(writing.book, document))
    return render(request, "books/bodies/day_close.html", {
        **frame(request, writing, CLOSE, gettext("Read out and close")),
        "told": [(one, address(book, one.key)) for one in told], "tally": tally, "cash_before": facts.cash,
        "box": writing.box, "bank_before": facts.bank, "bank": facts.bank + tally.bank_in - tally.bank_out,
        "counted": document.counted, "stops": _linked(writing, stops), "asks": _linked(writing, asks, sure),
        "revision": writing.row.revision, "is_unanswered": is_unanswered, "is_correction": writing.replaces is not None,
        "back": address(book, STEPS[-1].key), "came": sum(map(document.came, facts.below)), "all": len(facts.below),
        "is_meeting": document.kind == "regular", "put_away": reverse("books:day_put_away", args=[book]),
        "how_many": ngettext("One thing stands against closing", "%(count)s things stand against closing", len(stops))
        % {"count": len(stops)},
    }, status=status)  # fmt: skip


def _linked(writing: DayWriting, reasons: list[Refusal], sure: Collection[str] = ()) -> list[dict[str, Any]]:
    """Reasons with the step and the field where each is put right."""
    book, rows = writing.book.institution_id, []
    for reason in reasons:
        step = step_of(reason)
        url, title = address(book, BEGIN), gettext("Day and number")
        if step is not None:
            field = next((one.field for one in named(step, writing, [reason])), "")
            url, title = f"{address(book, step.key)}#id_{field}", str(step.title)
        mark = mark_of(reason)
        rows.append({"text": reason.message(gettext), "url": url, "step": title, "mark": mark, "is_sure": mark in sure})
    return rows


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def give_up(request: HttpRequest, book: Book) -> HttpResponse:
    """Put away a day that was begun by mistake, with a reason."""
    writing = day_of(request.scope, book)
    if writing is None:
        return nothing_open(request, book.institution_id)
    reasons: list[Refusal] = []
    if request.method == "POST":
        try:
            put_away(by=request.scope, meeting=writing.id, why=Typed(sent_by(request.POST)).text("why"))
            messages.success(request, gettext("The meeting was put away. Nothing of it stands in the book."))
            return redirect("books:days", book.institution_id)
        except Refused as refused:
            reasons = refused.refusals
    return render(request, "books/meeting/give_up.html", {
        **frame(request, writing, "", gettext("Put this day away")),
        "why": Shown({"why": request.POST.get("why", "")}, reasons).box("why", _("Why")),
        "back": address(book.institution_id, first_to_do(writing)),
    }, status=422 if reasons else 200)  # fmt: skip


routes = [
    path("books/<uuid:id>/days/open/close/", close, name="day_close"),
    path("books/<uuid:id>/days/open/put-away/", give_up, name="day_put_away"),
]
