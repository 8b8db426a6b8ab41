"""Reading the meeting out, settling what is wrong or asked, and closing it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions import Conflict, close_meeting
from umeed.books.models import Meeting
from umeed.books.pages.opening import KEEP, book_behind
from umeed.books.pages.telling import names_for, sections
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.repaying import DIVIDED
from umeed.books.pages.writing.state import Writing, group_only, writing_of
from umeed.books.pages.writing.steps import BEGIN, STEPS, address, named, step_of
from umeed.books.pages.writing.typed import Typed
from umeed.books.pages.writing.walking import cannot_go_on, frame, nothing_open
from umeed.books.pages.writing.whom import whom
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.forms import mark_of
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_UNREAD = N_("Something on this step could not be read. Look at it again.")
_NOT_OPENED = N_(
    "“%(step)s” was not opened: %(amount)s that is filled in there is not written in this meeting. Leave it out?"
)
_CHANGED = _("The meeting changed since this page was opened. Read it once more.")


@needs(KEEP, of="institutions_institution")
def close(request: HttpRequest, id: UUID) -> HttpResponse:
    """The whole meeting in sight; it closes when nothing stands against it and every question is answered."""
    book = group_only(book_behind(request.scope, id, KEEP))
    writing = writing_of(request.scope, book)
    closed = _closed_before(request, id, writing) if request.method == "POST" else None
    if closed is not None or writing is None:
        return closed or nothing_open(request, id)
    try:
        return _closed(request, writing) if request.method == "POST" else _asked(request, writing)
    except Refused as refused:
        return cannot_go_on(request, id, refused)


def _closed_before(request: HttpRequest, id: UUID, writing: Writing | None) -> HttpResponse | None:
    """The page of the meeting when it was closed by an earlier press of the same button."""
    meeting = request.POST.get("meeting", "")
    try:
        known = Meeting.objects.filter(pk=UUID(meeting), book__institution=id)
    except ValueError:
        return None
    return redirect("books:meeting", id, meeting) if writing is None and known.exists() else None


def _closed(request: HttpRequest, writing: Writing) -> HttpResponse:
    if request.POST.get("revision") != str(writing.row.revision):
        messages.warning(request, _CHANGED)
        return redirect(address(writing.book.institution_id, "close"))
    stops, asks = _apart(writing)
    sure = set(request.POST.getlist("sure"))
    if stops or any(mark_of(one) not in sure for one in asks):
        return _asked(request, writing, sure=sure, is_unanswered=not stops, status=422)
    try:
        done = close_meeting(
            by=request.scope, book=writing.book, said=writing.said, is_sure=True, replaces=writing.replaces,
            why=str(writing.page.get("why", "")),
        )  # fmt: skip
    except Conflict as clash:
        messages.error(request, clash.refusals[-1].message(gettext))
        return redirect("books:clashes", writing.book.institution_id)
    except Refused as refused:
        return _asked(request, writing, sure=sure, more=refused.refusals, status=422)
    messages.success(request, gettext("The meeting is closed. Everything stands in the book."))
    return redirect("books:meeting", writing.book.institution_id, done.meeting)


def _apart(writing: Writing) -> tuple[list[Refusal], list[Refusal]]:
    """(what stands against closing, what is asked)."""
    stops = [one for one in writing.reasons if one.severity == "refuse"]
    asks = [one for one in writing.reasons if one.severity == "warn"]
    for step in STEPS:
        if writing.typed(step.key) is not None:
            stops.append(Refusal(f"{step.parts[0]}.", "unread", _UNREAD))
        elif not writing.is_done(step.key) and (paise := _filled_in(step, writing)):
            said = {"step": str(step.title), "amount": rupees(paise)}
            asks.append(Refusal(f"{step.parts[0]}.", "not_opened", _NOT_OPENED, said, "warn"))
    return stops, asks


def _filled_in(step: Step, writing: Writing) -> Paise:
    """What a step would bring of itself, had it been opened."""
    said = step.read(Typed(step.expected(writing)), writing)
    lines = (one for part in said.values() if isinstance(part, list) for one in part if isinstance(one, dict))
    return Paise(sum(one.get(key, 0) for one in lines for key in ("paise", *DIVIDED)))


def _asked(
    request: HttpRequest,
    writing: Writing,
    *,
    sure: Collection[str] = (),
    more: Collection[Refusal] = (),
    is_unanswered: bool = False,
    status: int = 200,
) -> HttpResponse:
    document, facts = writing.document, writing.known.facts
    stops, asks = _apart(writing)
    stops += [one for one in more if one not in stops]
    told = sections(document, names_for(writing.book, document, facts.members))
    tally = writing.tally
    over = None if document.counted is None else document.counted - writing.box
    return render(request, "books/meeting/close.html", {
        **frame(request, writing, "close", gettext("Read out and close")), "tally": tally,
        "told": [(one, address(writing.book.institution_id, one.key)) for one in told],
        "cash_before": facts.cash, "box": writing.box, "bank_before": facts.bank,
        "bank": facts.bank + tally.bank_in - tally.bank_out, "counted": document.counted, "over": over,
        "stops": _linked(writing, stops), "asks": _linked(writing, asks, sure), "revision": writing.row.revision,
        "is_unanswered": is_unanswered,
        "count_url": address(writing.book.institution_id, "count"), "is_correction": writing.replaces is not None,
        "back": address(writing.book.institution_id, STEPS[-1].key), "came": sum(map(writing.came, facts.members)),
        "all": len(facts.members), "put_away": reverse("books:meeting_put_away", args=[writing.book.institution_id]),
        "how_many": ngettext("One thing stands against closing", "%(count)s things stand against closing", len(stops))
        % {"count": len(stops)},
    }, status=status)  # fmt: skip


def _linked(writing: Writing, reasons: list[Refusal], sure: Collection[str] = ()) -> list[dict[str, Any]]:
    """Reasons with the step and the field where each is put right."""
    book, rows = writing.book.institution_id, []
    for reason in reasons:
        step = step_of(reason)
        url, title, who = address(book, BEGIN), gettext("Day and number"), ""
        text = reason.message(gettext)
        if step is not None:
            field = next((one.field for one in named(step, writing, [reason])), "") or ""
            who = whom(writing, field, step.values(writing))
            url, title = f"{address(book, step.key)}#id_{field}", str(step.title)
        rows.append({
            "text": text, "who": "" if who in text else who, "url": url, "step": title, "mark": mark_of(reason),
            "is_sure": mark_of(reason) in sure,
        })  # fmt: skip
    return rows


routes = [path("books/<uuid:id>/meetings/open/close/", close, name="meeting_close")]
