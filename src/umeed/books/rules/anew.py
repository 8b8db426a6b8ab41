"""Why a loan cannot be agreed anew, or written off. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from umeed.books.rules.schedules import MOST_INSTALMENTS
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_NOTHING_OWED = N_("Nothing is owed on this loan any more.")
_RESOLUTION = N_("Write what the group decided: number and day of the resolution.")
_APPROVED = N_("Write who of the VO agreed, and when.")
_FUTURE = N_("%(day)s has not come yet.")
_AFTER_PAYMENT = N_("Something moved on this loan on %(day)s; new terms begin after that day.")
_MOVED_LATER = N_(
    "Something moved on this loan, or was agreed on it, on %(day)s: it is written off on that day or later."
)
_AFTER_TERMS = N_("Terms were agreed on %(day)s already; new ones begin later.")
_DUE = N_("The first instalment must fall due after the new terms begin.")
_TIMES = N_("A loan is repaid in 1 to %(most)s instalments.")
_NOT_ANEW = N_("This loan runs under the terms with which it was lent.")
_MOVED_SINCE = N_("%(amount)s moved on this loan since its new terms of %(day)s. Correct those meetings first.")
_LOCKED = N_("The month of %(day)s is closed in this book: the terms of then stay. Agree the loan anew once more.")
_NO_REASON = N_("Say why.")
_MONTH_LOCKED = N_("The month of %(day)s is closed in this book.")
_OWED_STILL = N_("%(amount)s of this loan is owed still: agree it anew, or write it off.")
MOST_AHEAD = 31


@dataclass(frozen=True, slots=True)
class Begins:
    """The day on which new terms begin, and what it is judged by: when those before began, when the loan moved last."""

    since: date
    today: date
    agreed_on: date
    moved_on: date | None
    is_locked: bool

    def why_not(self) -> list[Refusal]:
        """Every reason against that day."""
        reasons = []
        if (self.since - self.today).days > MOST_AHEAD:
            reasons.append(Refusal("since", "future", _FUTURE, {"day": self.since}))
        # What a month that was closed asked for stays as it was printed.
        if self.is_locked:
            reasons.append(Refusal("since", "month_locked", _MONTH_LOCKED, {"day": self.since}))
        if self.since <= self.agreed_on:
            reasons.append(Refusal("since", "after_terms", _AFTER_TERMS, {"day": self.agreed_on}))
        elif self.moved_on is not None and self.since <= self.moved_on:
            reasons.append(Refusal("since", "after_payment", _AFTER_PAYMENT, {"day": self.moved_on}))
        return reasons


def why_not_anew(
    *, owed: Paise, begins: Begins, first_due: date, instalments: int, resolution: str
) -> list[Refusal]:  # fmt: skip
    """Every reason against new terms from a day on."""
    reasons = [*_resolved(owed, resolution), *begins.why_not()]
    if first_due <= begins.since:
        reasons.append(Refusal("first_due", "due", _DUE))
    if not 1 <= instalments <= MOST_INSTALMENTS:
        reasons.append(Refusal("instalments", "times", _TIMES, {"most": MOST_INSTALMENTS}))
    return reasons


def why_not_let_go(*, owed: Paise, to_come: Paise, begins: Begins, resolution: str) -> list[Refusal]:
    """Every reason against letting go, from a day on, the interest that was agreed for later of a loan whose principal
    is repaid."""
    reasons = _resolved(Paise(owed + to_come), resolution)
    if owed > 0:
        reasons.append(Refusal(None, "owed_still", _OWED_STILL, {"amount": rupees(owed)}))
    return reasons + begins.why_not()


def why_not_undo_anew(*, since: date | None, moved: Paise, is_locked: bool, why: str) -> list[Refusal]:
    """Every reason why new terms of a day are not taken back. `moved` is what was paid, lent or written off since."""
    reasons = [] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)]
    if since is None:
        return [*reasons, Refusal("loan", "not_anew", _NOT_ANEW)]
    if moved:
        reasons.append(Refusal("loan", "moved_since", _MOVED_SINCE, {"amount": rupees(moved), "day": since}))
    if is_locked:
        reasons.append(Refusal("loan", "locked", _LOCKED, {"day": since}))
    return reasons


def why_not_write_off(
    *, owed: Paise, on: date, today: date, resolution: str, approved: str, moved_on: date | None
) -> list[Refusal]:
    """Every reason against writing a loan off: the group resolves it and its VO agrees."""
    reasons = _resolved(owed, resolution)
    if not approved.strip():
        reasons.append(Refusal("approved", "approved", _APPROVED))
    if on > today:
        reasons.append(Refusal("on", "future", _FUTURE, {"day": on}))
    else:
        reasons += why_not_before(on, moved_on)
    return reasons


def why_not_before(on: date, moved_on: date | None) -> list[Refusal]:
    """What was written off asks for nothing from then on: nothing may have moved later, and no terms begin later."""
    if moved_on is None or on >= moved_on:
        return []
    return [Refusal("on", "after_payment", _MOVED_LATER, {"day": moved_on})]


def _resolved(owed: Paise, resolution: str) -> list[Refusal]:
    reasons = [] if owed > 0 else [Refusal(None, "nothing_owed", _NOTHING_OWED)]
    return reasons if resolution.strip() else [*reasons, Refusal("resolution", "resolution", _RESOLUTION)]
