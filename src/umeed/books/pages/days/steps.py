"""The steps of a day of a VO or CLF in their order, the bar that shows them, and on which of them a reason belongs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from umeed.books.bodies.documents import PAYMENTS, RECEIPTS
from umeed.books.pages.days.coming import Bringing, Coming
from umeed.books.pages.days.lending import Asking, Lending
from umeed.books.pages.days.parts import (
    DayStep,
)
from umeed.books.pages.days.state import DayWriting
from umeed.books.pages.writing.banking import Banking
from umeed.books.pages.writing.ending import Counting, Talking
from umeed.books.pages.writing.moving import _kept_moves, _moves_shown, _read_moves
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.typed import Typed, Values
from umeed.kernel.refusals import Refusal


class Moving(DayStep):
    key = "money"
    title = _("Other money")
    lead = _("Funds from the mission, interest of the bank; rent, travel, fees and whatever else was paid.")
    parts = ("receipts", "payments")

    def kept(self, writing: Any) -> Values:
        return {**_kept_moves("c", writing.document.receipts), **_kept_moves("p", writing.document.payments)}

    def read(self, typed: Typed, writing: Any) -> dict[str, Any]:
        return {
            "receipts": _read_moves(typed, writing, "c", "receipts", RECEIPTS),
            "payments": _read_moves(typed, writing, "p", "payments", PAYMENTS),
        }

    def show(self, writing: Any, shown: Shown) -> dict[str, Any]:
        return {
            "receipts": _moves_shown(writing, shown, "c", RECEIPTS, 1),
            "payments": _moves_shown(writing, shown, "p", PAYMENTS, -1),
        }


class DayBanking(Banking):
    title = _("Bank, and those above")
    lead = _("What went to the bank or came from it, and what goes to the CLF.")
    parts = ("deposit", "withdrawal", "repaid", "given")

    def read(self, typed: Typed, writing: Any) -> dict[str, Any]:
        return {part: said for part, said in super().read(typed, writing).items() if part in self.parts}


class DayTalking(Talking):
    lead = _("What was talked about and decided: one line each.")


# What comes in stands before what is lent: a fund of the day can be lent on the same day.
STEPS: tuple[Step, ...] = (
    Coming(), Bringing(), Moving(), Asking(), Lending(), DayBanking(), DayTalking(), Counting(),
)  # fmt: skip
STEP_OF = {part: step for step in STEPS for part in step.parts}
BEGIN, CLOSE = "begin", "close"


def address(book: UUID, key: str) -> str:
    return reverse(f"books:day_{key}", args=[book])


def step_of(reason: Refusal) -> Step | None:
    """The step on which a reason belongs; None for the day and the number."""
    return STEP_OF.get(str(reason.field).split(".")[0])


def named(step: Step, writing: DayWriting, reasons: Iterable[Refusal]) -> list[Refusal]:
    """Reasons of the rules about a step, each on the field of its page."""
    typed = Typed(step.values(writing))
    step.read(typed, writing)
    return [reason.on(typed.field_of(str(reason.field))) for reason in reasons if step_of(reason) is step]


def beside(step: Step, by: int) -> str:
    """The step before or after."""
    at = STEPS.index(step) + by
    return BEGIN if at < 0 else STEPS[at].key if at < len(STEPS) else CLOSE


def first_to_do(writing: DayWriting) -> str:
    return next((step.key for step in STEPS if not writing.is_done(step.key)), CLOSE)


def bar(writing: DayWriting, current: str, title_of_close: Any) -> list[dict[str, Any]]:
    """The steps as links: done, wrong, current or empty."""
    book, wrong = writing.book.institution_id, set(writing.page.get("typed", ()))
    rows = [(step.key, step.title, writing.is_done(step.key)) for step in STEPS] + [(CLOSE, title_of_close, False)]
    return [
        {
            "title": title, "url": address(book, key), "is_current": key == current, "is_done": is_done,
            "is_wrong": key in wrong, "number": at,
        }
        for at, (key, title, is_done) in enumerate(rows, 1)
    ]  # fmt: skip
