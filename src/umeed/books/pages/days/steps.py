"""The steps of a day of a VO or CLF in their order."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.books.bodies.documents import PAYMENTS, RECEIPTS
from umeed.books.pages.days.coming import Bringing, Coming
from umeed.books.pages.days.lending import Asking, Lending
from umeed.books.pages.days.parts import BANK_ALONE, DayStep, has_above
from umeed.books.pages.writing.banking import Banking
from umeed.books.pages.writing.ending import Counting, Talking
from umeed.books.pages.writing.moving import _kept_moves, _moves_shown, _read_moves
from umeed.books.pages.writing.parts import Step
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.typed import Typed, Values
from umeed.books.pages.writing.walk import Walk
from umeed.books.pages.writing.whom import whom_below

_BANK_LEAD = _("What went to the bank or came from it, and what is repaid.")


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
    lead = _("What went to the bank or came from it, and what goes to those above.")
    parts = ("deposit", "withdrawal", "repaid", "drawn", "given")

    def title_of(self, writing: Any) -> Any:
        return self.title if has_above(writing.book) else BANK_ALONE

    def lead_of(self, writing: Any) -> Any:
        return self.lead if has_above(writing.book) else _BANK_LEAD

    def read(self, typed: Typed, writing: Any) -> dict[str, Any]:
        return {part: said for part, said in super().read(typed, writing).items() if part in self.parts}


class DayTalking(Talking):
    lead = _("What was talked about and decided: one line each.")


# What comes in stands before what is lent: a fund of the day can be lent on the same day.
STEPS: tuple[Step, ...] = (
    Coming(), Bringing(), Moving(), Asking(), Lending(), DayBanking(), DayTalking(), Counting(),
)  # fmt: skip
DAY = Walk(
    name="day", back="days", steps=STEPS, about=_("Day %(number)s · %(day)s"),
    kinds=(("regular", _("Meeting")), ("extra", _("Day at the office"))), begin=_("Begin a day"), number=_("Number"),
    put_away=_("Put this day away"), whom=whom_below,
)  # fmt: skip
