"""Reading a meeting out, or a day; settling what is wrong or asked, and closing it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions import Conflict, close_meeting
from umeed.books.actions.records import Closed
from umeed.books.actions.settling import settle_written
from umeed.books.models import Meeting
from umeed.books.pages.opening import KEEP, book_behind
from umeed.books.pages.telling import names_for, sections
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.repaying import DIVIDED
from umeed.books.pages.writing.state import Writing, group_only, writing_of
from umeed.books.pages.writing.steps import MEETING
from umeed.books.pages.writing.typed import Typed
from umeed.books.pages.writing.walk import BEGIN, CLOSE, READ_AND_CLOSE, Walk
from umeed.books.pages.writing.walking import cannot_go_on, frame, nothing_open
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.forms import mark_of
from umeed.kernel.money import Paise, grouped, rupees
from umeed.kernel.refusals import N_, Refusal

_UNREAD = N_("Something on this step could not be read. Look at it again.")
_NOT_OPENED = N_(
    "“%(step)s” was not opened: %(amount)s that is filled in there is not written in this meeting. Leave it out?"
)
# So many more of one kind are counted, not listed.
ALIKE = 3
_CHANGED = _("The meeting changed since this page was opened. Read it once more.")


@needs(KEEP, of="institutions_institution")
def close(request: HttpRequest, id: UUID) -> HttpResponse:
    """The whole meeting in sight; it closes when nothing stands against it and every question is answered."""
    book = group_only(book_behind(request.scope, id, KEEP))
    writing = writing_of(request.scope, book)
    closed = closed_before(request, id, MEETING, writing) if request.method == "POST" else None
    if closed is not None or writing is None:
        return closed or nothing_open(request, id)
    try:
        return _closed(request, writing) if request.method == "POST" else _asked(request, writing)
    except Refused as refused:
        return cannot_go_on(request, id, refused)


def closed_before(request: HttpRequest, id: UUID, walk: Walk, writing: Writing | None) -> HttpResponse | None:
    """The page of the meeting or day when it was closed by an earlier press of the same button."""
    meeting = request.POST.get("meeting", "")
    try:
        known = Meeting.objects.filter(pk=UUID(meeting), book__institution=id)
    except ValueError:
        return None
    return redirect(f"books:{walk.name}", id, meeting) if writing is None and known.exists() else None


def _closed(request: HttpRequest, writing: Writing) -> HttpResponse:
    words = gettext("The meeting is closed. Everything stands in the book.")
    return closed_by(request, writing, MEETING, close_meeting, apart(writing, MEETING), _asked, words)


def closed_by(
    request: HttpRequest,
    writing: Writing,
    walk: Walk,
    close: Callable[..., Closed],
    said: tuple[list[Refusal], list[Refusal]],
    asked: Callable[..., HttpResponse],
    words: str,
) -> HttpResponse:
    """The button pressed: it closes when nothing stands against it and every question is answered."""
    book = writing.book.institution_id
    if request.POST.get("revision") != str(writing.row.revision):
        messages.warning(request, _CHANGED)
        return redirect(walk.address(book, CLOSE))
    (stops, asks), sure = said, set(request.POST.getlist("sure"))
    if stops or any(mark_of(one) not in sure for one in asks):
        return asked(request, writing, sure=sure, is_unanswered=not stops, status=422)
    try:
        done = close(
            by=request.scope, book=writing.book, said=writing.said, is_sure=True, replaces=writing.replaces,
            why=str(writing.page.get("why", "")),
        )  # fmt: skip
        settle_written(by=request.scope, written=writing.row)
    except Conflict as clash:
        messages.error(request, clash.refusals[-1].message(gettext))
        return redirect("books:clashes", book)
    except Refused as refused:
        return asked(request, writing, sure=sure, more=refused.refusals, status=422)
    messages.success(request, words)
    return redirect(f"books:{walk.name}", book, done.meeting)


def apart(writing: Writing, walk: Walk) -> tuple[list[Refusal], list[Refusal]]:
    """(what stands against closing, what is asked). What a step would bring of itself and nobody opened is asked."""
    stops = [*(one for one in writing.reasons if one.severity == "refuse"), *_unread(writing, walk)]
    asks = [one for one in writing.reasons if one.severity == "warn"]
    for step in walk.steps:
        asks += step.unseen(writing) if writing.is_done(step.key) else []
        is_new = not writing.is_done(step.key) and writing.typed(step.key) is None
        if is_new and (paise := _filled_in(step, writing)):
            said = {"step": str(step.title_of(writing)), "amount": rupees(paise)}
            asks.append(Refusal(f"{step.parts[0]}.", "not_opened", _NOT_OPENED, said, "warn"))
    return stops, asks


def _filled_in(step: Step, writing: Writing) -> Paise:
    """What a step would bring of itself, had it been opened."""
    said = step.read(Typed(step.expected(writing)), writing)
    lines = (one for part in said.values() if isinstance(part, list) for one in part if isinstance(one, dict))
    return Paise(sum(one.get(key, 0) for one in lines for key in ("paise", *DIVIDED)))


def _asked(request: HttpRequest, writing: Writing, *, status: int = 200, **told: Any) -> HttpResponse:
    document, facts = writing.document, writing.known.facts
    lines = sections(document, names_for(writing.book, document, facts.members))
    book = writing.book.institution_id
    return render(request, "books/meeting/close.html", {
        **shown_to_close(request, writing, MEETING, *apart(writing, MEETING), **told),
        "told": [(one, MEETING.address(book, one.key)) for one in lines],
        "came": sum(map(writing.came, facts.members)), "all": len(facts.members),
    }, status=status)  # fmt: skip


def shown_to_close(
    request: HttpRequest,
    writing: Writing,
    walk: Walk,
    stops: list[Refusal],
    asks: list[Refusal],
    *,
    sure: Collection[str] = (),
    more: Collection[Refusal] = (),
    is_unanswered: bool = False,
) -> dict[str, Any]:
    """What the last page of a meeting and of a day show alike: reasons, questions, box and bank."""
    document, facts, tally = writing.document, writing.known.facts, writing.tally
    book, stops = writing.book.institution_id, [*stops, *(one for one in more if one not in stops)]
    return {
        **frame(request, writing, walk, CLOSE, READ_AND_CLOSE), "tally": tally, "cash_before": facts.cash,
        "box": writing.box, "bank_before": facts.bank, "bank": facts.bank + tally.bank_in - tally.bank_out,
        "counted": document.counted, **_apart(writing), "stops": in_one_line(_linked(writing, walk, stops)),
        "asks": _linked(writing, walk, asks, sure), "revision": writing.row.revision, "is_unanswered": is_unanswered,
        "is_correction": writing.replaces is not None, "back": walk.address(book, walk.steps[-1].key),
        "put_away": reverse(f"books:{walk.name}_put_away", args=[book]),
        "how_many": ngettext("One thing stands against closing", "%(count)s things stand against closing", len(stops))
        % {"count": len(stops)},
    }  # fmt: skip


def _apart(writing: Writing) -> dict[str, Any]:
    """What was counted more or less than must be there, and why: it is read out too."""
    document = writing.document
    over = 0 if document.counted is None else document.counted - writing.box
    return {"apart": over, "less": -over, "difference_why": document.difference_why}


def _unread(writing: Writing, walk: Walk) -> list[Refusal]:
    """Steps of which something could not be read."""
    return [Refusal(f"{one.parts[0]}.", "unread", _UNREAD) for one in walk.steps if writing.typed(one.key) is not None]


def _linked(writing: Writing, walk: Walk, reasons: list[Refusal], sure: Collection[str] = ()) -> list[dict[str, Any]]:
    """Reasons with the step and the field where each is put right."""
    book, rows = writing.book.institution_id, []
    for reason in reasons:
        step = walk.step_of(reason)
        url, title, who = walk.address(book, BEGIN), gettext("Day and number"), ""
        text = reason.message(gettext)
        if step is not None:
            field = next((one.field for one in walk.named(step, writing, [reason])), "") or ""
            who = walk.whom(writing, field, step.values(writing))
            url, title = f"{walk.address(book, step.key)}#id_{field}", str(step.title_of(writing))
        rows.append({
            "text": text, "who": "" if who in text else who, "url": url, "step": title, "mark": mark_of(reason),
            "is_sure": mark_of(reason) in sure, "code": reason.code,
        })  # fmt: skip
    return rows


def in_one_line(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of many reasons of one kind on one step the first is told, with how many more there are: who never opened the
    attendance of forty-six women is not told of each."""
    shown: list[dict[str, Any]] = []
    for _kind, alike in groupby(rows, key=lambda row: (row["step"], row["code"])):
        first, *others = alike
        if len(others) < ALIKE:
            shown += [first, *others]
            continue
        rest = ngettext("and %(count)s more like it", "and %(count)s more like it", len(others))
        shown.append({**first, "more": rest % {"count": grouped(len(others))}})
    return shown


routes = [path("books/<uuid:id>/meetings/open/close/", close, name="meeting_close")]
