"""The steps of a meeting in their order, the bar that shows them, and on which of them a reason belongs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse

from umeed.books.pages.writing.asking import Asking
from umeed.books.pages.writing.attending import Attending
from umeed.books.pages.writing.banking import Banking
from umeed.books.pages.writing.ending import Counting, Talking
from umeed.books.pages.writing.lending import Lending
from umeed.books.pages.writing.moving import Paying, Receiving
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.repaying import Repaying
from umeed.books.pages.writing.saving import Saving
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed
from umeed.kernel.refusals import Refusal

STEPS: tuple[Step, ...] = (
    Attending(), Saving(), Repaying(), Receiving(), Asking(), Lending(), Paying(), Banking(), Talking(), Counting(),
)  # fmt: skip
BY_KEY = {step.key: step for step in STEPS}
BEGIN = "begin"
CLOSE = "close"
STEP_OF = {part: step for step in STEPS for part in step.parts}


def address(book: UUID, key: str) -> str:
    return reverse(f"books:meeting_{key}", args=[book])


def step_of(reason: Refusal) -> Step | None:
    """The step on which a reason of the rules belongs; None for the day, the number and the rest of the head."""
    return STEP_OF.get(str(reason.field).split(".")[0])


def named(step: Step, writing: Writing, reasons: Iterable[Refusal]) -> list[Refusal]:
    """Reasons of the rules about a step, each on the field of its page."""
    typed = Typed(step.values(writing))
    step.read(typed, writing)
    return [reason.on(typed.field_of(str(reason.field))) for reason in reasons if step_of(reason) is step]


def next_key(step: Step) -> str:
    at = STEPS.index(step) + 1
    return STEPS[at].key if at < len(STEPS) else CLOSE


def back_key(step: Step) -> str:
    at = STEPS.index(step) - 1
    return STEPS[at].key if at >= 0 else BEGIN


def first_to_do(writing: Writing) -> str:
    """Where to go on: the first step that was not kept yet."""
    return next((step.key for step in STEPS if not writing.is_done(step.key)), CLOSE)


def bar(writing: Writing, current: str, title_of_close: Any) -> list[dict[str, Any]]:
    """The steps as links: done, wrong, current or empty."""
    book = writing.book.institution_id
    wrong = set(writing.page.get("typed", ()))
    rows = [
        {
            "title": step.title, "url": address(book, step.key), "is_current": step.key == current,
            "is_done": writing.is_done(step.key), "is_wrong": step.key in wrong, "number": at,
        }
        for at, step in enumerate(STEPS, 1)
    ]  # fmt: skip
    rows.append({
        "title": title_of_close, "url": address(book, CLOSE), "is_current": current == CLOSE, "is_done": False,
        "is_wrong": False, "number": len(STEPS) + 1,
    })  # fmt: skip
    return rows
