"""The pages of a day's steps, and beginning it: what was typed is kept, read, and said where it cannot stand."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions import begin_meeting, keep_part
from umeed.books.actions.days import known_before_day
from umeed.books.bodies.documents import BodyDay
from umeed.books.meetings.sums import Tally
from umeed.books.models import Book
from umeed.books.pages.days.state import DayWriting, day_of, for_federations
from umeed.books.pages.days.steps import BEGIN, CLOSE, STEPS, address, bar, beside, first_to_do, named
from umeed.books.pages.opening import KEEP, page
from umeed.books.pages.writing.beginning import HEAD, _id_of, _kept, _read
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import PAGE
from umeed.books.pages.writing.typed import Typed, Values, sent_by
from umeed.books.pages.writing.walking import Page, _how_many, _is_kept, mark_of, nothing_open
from umeed.books.rules.bodies import why_not_close_day
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.templatetags.umeed_text import day
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal, hard

KINDS = (("regular", _("Meeting")), ("extra", _("Day at the office")))
READ_AND_CLOSE = _("Read out and close")


@needs(KEEP, of="institutions_institution")
@for_federations(KEEP)
def begin(request: HttpRequest, book: Book) -> HttpResponse:
    """Day, number and kind; of a day that is being written they can be changed here."""
    writing = day_of(request.scope, book)
    if request.method == "POST":
        return _begun(request, book, writing)
    return _asked(request, book, writing, _kept(writing) if writing else _expected(request, book), [])


def _expected(request: HttpRequest, book: Book) -> Values:
    today = request.scope.today
    number = known_before_day(by=request.scope, book=book, on=today, number=None).facts.last_number + 1
    place = book.institution.meeting_place
    return {"on": today.isoformat(), "number": str(number), "kind": "regular", "place": place, "id": str(new_id())}


def _asked(
    request: HttpRequest, book: Book, writing: DayWriting | None, values: Values, reasons: list[Refusal]
) -> HttpResponse:
    shown = Shown(values, reasons)
    title = gettext("Day and number") if writing else gettext("Begin a day")
    head = (
        frame(request, writing, BEGIN, title)
        if writing
        else {"page": page(request, book, title), "book": book, "umeed_nav": None}
    )
    return render(request, "books/meeting/begin.html", {
        **head, "writing": writing, "id": values.get("id", ""), "refused": hard(reasons),
        "on": shown.box("on", _("Held on"), kind="date"), "number": shown.box("number", _("Number")),
        "kind": shown.choice("kind", _("Kind"), KINDS), "place": shown.box("place", _("Place")),
        "back": reverse("books:days", args=[book.institution_id]),
    }, status=422 if reasons else 200)  # fmt: skip


def _begun(request: HttpRequest, book: Book, writing: DayWriting | None) -> HttpResponse:
    values = sent_by(request.POST)
    typed = Typed(values)
    head = _read(typed)
    id = writing.id if writing else _id_of(values)
    reasons = [*typed.reasons, *(_why_not(request, book, writing, head) if head["on"] else ())]
    if reasons:
        return _asked(request, book, writing, values, reasons)
    try:
        if writing is None:
            begin_meeting(by=request.scope, book=book, id=id, said={"id": str(id), **head})
        else:
            keep_part(by=request.scope, meeting=id, parts=head, revision=writing.row.revision)
    except Refused as refused:
        return _asked(request, book, writing, values, refused.refusals)
    now = day_of(request.scope, book)
    return redirect(address(book.institution_id, first_to_do(now) if now else CLOSE))


def _why_not(request: HttpRequest, book: Book, writing: DayWriting | None, head: dict[str, Any]) -> list[Refusal]:
    """What stands against the day and the number themselves."""
    on = datetime.date.fromisoformat(head["on"])
    replaces = writing.replaces if writing else None
    known = known_before_day(by=request.scope, book=book, on=on, number=head["number"], replaces=replaces)
    told = why_not_close_day(BodyDay(id=new_id(), on=on, number=head["number"]), known.facts, Tally(*[Paise(0)] * 4))
    return [reason for reason in hard(told) if reason.field in HEAD]


def step_page(step: Step) -> Page:
    @needs(KEEP, of="institutions_institution")
    @for_federations(KEEP)
    def view(request: HttpRequest, book: Book) -> HttpResponse:
        writing = day_of(request.scope, book)
        if writing is None:
            return nothing_open(request, book.institution_id)
        if request.method == "POST":
            return _keep(request, writing, step)
        reasons = _reasons(writing, step) if writing.is_done(step.key) or writing.typed(step.key) is not None else []
        return _shown(request, writing, step, step.values(writing), reasons)

    return view


def _reasons(writing: DayWriting, step: Step) -> list[Refusal]:
    typed = Typed(step.values(writing))
    step.read(typed, writing)
    return [*typed.reasons, *named(step, writing, writing.reasons)]


def _keep(request: HttpRequest, writing: DayWriting, step: Step) -> HttpResponse:
    values = sent_by(request.POST)
    typed = Typed(values)
    parts = step.read(typed, writing)
    is_known = writing.is_done(step.key) and _is_kept(writing, step, parts) and not typed.reasons
    if request.POST.get("seen", "") != mark_of(writing, step) and not is_known:
        return _shown(request, writing, step, values, typed.reasons, is_stale=True)
    try:
        writing = _written(request, writing, step, typed, parts)
    except Refused as refused:
        return _shown(request, writing, step, values, [*typed.reasons, *refused.refusals], is_stale=True)
    told = named(step, writing, writing.reasons)
    if hard([*typed.reasons, *told]):
        return _shown(
            request, writing, step, values if typed.reasons else step.values(writing), [*typed.reasons, *told]
        )
    book = writing.book.institution_id
    if request.POST.get("go") == "more":
        return redirect(address(book, step.key) + "#more")
    return redirect(address(book, beside(step, 1)))


def _written(request: HttpRequest, writing: DayWriting, step: Step, typed: Typed, parts: dict[str, Any]) -> DayWriting:
    """The day with this step kept, as it was typed where it cannot be read."""
    kept = {key: said for key, said in writing.page.get("typed", {}).items() if key != step.key}
    done = [key for key in writing.page.get("done", ()) if key != step.key]
    if typed.reasons:
        kept[step.key] = typed.values
    else:
        done.append(step.key)
    about = {**writing.page, **step.beside(typed, writing), "typed": kept, "done": done}
    row = keep_part(by=request.scope, meeting=writing.id, parts={**parts, PAGE: about}, revision=writing.row.revision)
    row.book = writing.book
    return DayWriting(writing.scope, writing.book, row)


def _shown(
    request: HttpRequest, writing: DayWriting, step: Step, values: Values, reasons: list[Refusal], *,
    is_stale: bool = False,
) -> HttpResponse:  # fmt: skip
    shown, stops = Shown(values, reasons), hard(reasons)
    more = step.show(writing, shown)
    cash = writing.known.facts.cash
    return render(
        request,
        step.template,
        {
            **frame(request, writing, step.key, step.title, step.lead),
            **more,
            "step": step,
            "seen": mark_of(writing, step),
            "refused": stops,
            "is_stale": is_stale,
            "box_before": cash,
            "box_now": writing.box,
            "box_base": writing.tally_without(step.parts).box(cash),
            "come_in": writing.tally.cash_in,
            "back": address(writing.book.institution_id, beside(step, -1)),
            "why_not": _how_many(stops),
        },
        status=422 if request.method == "POST" else 200,
    )


def frame(request: HttpRequest, writing: DayWriting, key: str, title: Any, lead: Any = "") -> dict[str, Any]:
    """The head of a page of a day: which day, the steps, and no menu beside it."""
    about = {"number": writing.said.get("number") or "–", "day": day(writing.on)}
    head = page(request, writing.book, title)
    steps = bar(writing, key, READ_AND_CLOSE)
    return {
        "page": head, "book": writing.book, "writing": writing, "lead": lead, "umeed_nav": None, "bar": steps,
        "about": gettext("Day %(number)s · %(day)s") % about,
        "at": next((row["number"] for row in steps if row["is_current"]), 0), "of": len(STEPS) + 1,
    }  # fmt: skip


routes = [
    path("books/<uuid:id>/days/open/begin/", begin, name="day_begin"),
    *(path(f"books/<uuid:id>/days/open/{step.key}/", step_page(step), name=f"day_{step.key}") for step in STEPS),
]
