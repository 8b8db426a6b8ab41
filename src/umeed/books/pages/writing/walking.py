"""The pages of the steps of a meeting, and of a day: what was typed is kept, read, and said where it cannot stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from umeed.books.actions import keep_part
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import PAGE, Writing, group_only, writing_of
from umeed.books.pages.writing.steps import MEETING
from umeed.books.pages.writing.typed import Typed, Values, sent_by
from umeed.books.pages.writing.walk import Walk
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.templatetags.umeed_text import day
from umeed.kernel.refusals import Refusal, hard

Page = Callable[[HttpRequest, UUID], HttpResponse]


def step_page(step: Step) -> Page:
    @needs(KEEP, of="institutions_institution")
    def view(request: HttpRequest, id: UUID) -> HttpResponse:
        book = group_only(book_behind(request.scope, id, KEEP))
        writing = writing_of(request.scope, book)
        if writing is None:
            return nothing_open(request, id)
        try:
            return step_answer(request, writing, MEETING, step)
        except Refused as refused:
            return cannot_go_on(request, id, refused)

    return view


def step_answer(request: HttpRequest, writing: Writing, walk: Walk, step: Step) -> HttpResponse:
    """The page of a step; sent, it is kept and leads on to the next."""
    if request.method == "POST":
        return _keep(request, writing, walk, step)
    is_told = writing.is_done(step.key) or writing.typed(step.key) is not None
    reasons = _reasons(writing, walk, step) if is_told else []
    return _shown(request, writing, walk, step, step.values(writing), reasons)


def cannot_go_on(request: HttpRequest, id: UUID, refused: Refused) -> HttpResponse:
    """The meeting that this one corrects is no longer there to be corrected: all that is left is to put it away."""
    for reason in refused.refusals:
        messages.error(request, reason.message(gettext))
    return redirect("books:meeting_put_away", id)


def nothing_open(request: HttpRequest, id: UUID) -> HttpResponse:
    """No meeting is being written (it was closed in another window, perhaps)."""
    if request.method == "POST":
        messages.warning(request, gettext("This meeting is closed already, or was put away. Nothing was changed."))
    return redirect("books:home", id)


def _reasons(writing: Writing, walk: Walk, step: Step) -> list[Refusal]:
    """All that is wrong or asked about what a step says: what cannot be read, and what the rules say."""
    typed = Typed(step.values(writing))
    step.read(typed, writing)
    return [*typed.reasons, *walk.named(step, writing, writing.reasons)]


def _keep(request: HttpRequest, writing: Writing, walk: Walk, step: Step) -> HttpResponse:
    values = sent_by(request.POST)
    typed = Typed(values)
    parts = step.read(typed, writing)
    seen, is_more = request.POST.get("seen", ""), request.POST.get("go") == "more"
    is_known = writing.is_done(step.key) and _is_kept(writing, step, typed, parts) and not typed.reasons
    if seen != mark_of(writing, step) and not is_known:
        return _shown(request, writing, walk, step, values, _reasons_of(typed, writing, walk, step), is_stale=True)
    try:
        # The same page again changes nothing.
        writing = writing if is_known else _written(request, writing, step, typed, parts)
    except Refused as refused:
        return _shown(request, writing, walk, step, values, [*typed.reasons, *refused.refusals], is_stale=True)
    reasons = hard(_reasons_of(typed, writing, walk, step))
    if reasons:
        shown = values if typed.reasons else step.values(writing)
        told = walk.named(step, writing, writing.reasons)
        return _shown(request, writing, walk, step, shown, [*typed.reasons, *told])
    if is_more:
        return redirect(walk.address(writing.book.institution_id, step.key) + "#more")
    return redirect(walk.address(writing.book.institution_id, walk.beside(step, 1)))


def _reasons_of(typed: Typed, writing: Writing, walk: Walk, step: Step) -> list[Refusal]:
    told = [reason.on(typed.field_of(str(reason.field))) for reason in walk.named(step, writing, writing.reasons)]
    return [*typed.reasons, *told]


def _written(request: HttpRequest, writing: Writing, step: Step, typed: Typed, parts: dict[str, Any]) -> Writing:
    """The meeting or day with this step kept, as it was typed where it cannot be read."""
    kept = dict(writing.page.get("typed", {}))
    done = [key for key in writing.page.get("done", ()) if key != step.key]
    if typed.reasons:
        kept[step.key] = typed.values
    else:
        kept.pop(step.key, None)
        done.append(step.key)
    beside = {**writing.page, **step.beside(typed, writing), "typed": kept, "done": done}
    row = keep_part(
        by=request.scope, meeting=writing.id, parts={**parts, PAGE: beside}, revision=writing.row.revision
    )  # fmt: skip
    row.book = writing.book
    return type(writing)(writing.scope, writing.book, row)


def _is_kept(writing: Writing, step: Step, typed: Typed, parts: dict[str, Any]) -> bool:
    beside = step.beside(typed, writing).items()
    return all(_plain(writing.said.get(part)) == _plain(parts.get(part)) for part in step.parts) and all(
        _plain(writing.page.get(key)) == _plain(kept) for key, kept in beside
    )


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def mark_of(writing: Writing, step: Step) -> str:
    """What a page saw of its own step when it was opened: another window that changed it since is noticed."""
    seen = [writing.said.get(part) for part in step.parts], writing.typed(step.key), str(writing.id)
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _shown(
    request: HttpRequest,
    writing: Writing,
    walk: Walk,
    step: Step,
    values: Values,
    reasons: list[Refusal],
    *,
    is_stale: bool = False,
) -> HttpResponse:
    shown = Shown(values, reasons)
    stops = hard(reasons)
    more = step.show(writing, shown)
    base = writing.tally_without(step.parts)
    cash = writing.known.facts.cash
    return render(request, step.template, {
        **frame(request, writing, walk, step.key, step.title_of(writing), step.lead_of(writing)), **more, "step": step,
        "seen": mark_of(writing, step),
        "refused": [_with_whom(writing, walk, values, one) for one in stops],
        "is_stale": is_stale, "box_before": cash, "box_now": writing.box, "box_base": base.box(cash),
        "come_in": writing.tally.cash_in, "back": walk.address(writing.book.institution_id, walk.beside(step, -1)),
        "why_not": how_many(stops),
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


def _with_whom(writing: Writing, walk: Walk, values: Values, reason: Refusal) -> dict[str, str]:
    """A reason as the list above a page takes it, with the name of whom it is about where it does not say it."""
    field, text = str(reason.field or ""), reason.message(gettext)
    name = walk.whom(writing, field, values)
    return {"field": field, "text": text, "severity": reason.severity, "label": "" if name in text else name}


def how_many(stops: Sequence[object]) -> str:
    """The title of the list above a page."""
    return ngettext("Look at one place before going on", "Look at %(count)s places before going on", len(stops)) % {
        "count": len(stops)
    }


def frame(request: HttpRequest, writing: Writing, walk: Walk, key: str, title: Any, lead: Any = "") -> dict[str, Any]:
    """The head of a page of a meeting or day: which one, the steps, and no menu beside it: she is at work."""
    about = {"number": writing.said.get("number") or "–", "day": day(writing.on)}
    head, steps = page(request, writing.book, title), walk.bar(writing, key)
    head["crumbs"] = [
        {"title": writing.book.institution.name, "url": reverse("books:home", args=[writing.book.institution_id])}
    ]
    return {
        "page": head, "book": writing.book, "writing": writing, "lead": lead, "umeed_nav": None,
        "about": str(walk.about) % about, "bar": steps,
        "at": next((row["number"] for row in steps if row["is_current"]), 0), "of": len(steps),
    }  # fmt: skip


routes = [
    path(f"books/<uuid:id>/meetings/open/{step.key}/", step_page(step), name=f"meeting_{step.key}")
    for step in MEETING.steps
]
