"""Why a loan cannot be agreed anew, or written off. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from umeed.books.rules.lending import TO_THE_RUPEE, unusual_first
from umeed.books.rules.rates import why_not_rate
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import MOST_INSTALMENTS
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_NOTHING_OWED = N_("Nothing is owed on this loan any more.")
_RESOLUTION = N_("Write what the group decided: number and day of the resolution.")
_APPROVED = N_("Write who of the VO agreed, and when.")
_LONG = N_("Both together are longer than %(most)s letters.")
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
_LET_GO = N_("Its interest is let go from %(day)s already.")
_MOVED_SINCE_THEN = N_("%(amount)s moved on this loan since %(day)s. Correct those meetings first.")
_OWED_STILL = N_("%(amount)s of this loan is owed still: agree it anew, or write it off.")
MOST_AHEAD, LONGEST = 31, 240


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
    given: Mapping[str, Any], *, owed: Paise, begins: Begins | None, charges: int, has_vo: bool,
    rounding: Rounding = TO_THE_RUPEE,
) -> list[Refusal]:  # fmt: skip
    """Every reason and question about new terms. What could not be read is None or not there, and of that nothing is
    said here; `charges` is the group's own rate. The group resolves it and its VO, if it has one, agrees."""
    known = {name: value for name, value in given.items() if value is not None}
    reasons = [*_resolved_by(known, owed, has_vo=has_vo), *(begins.why_not() if begins else [])]
    if begins is not None and "first_due" in known and known["first_due"] <= begins.since:
        reasons.append(Refusal("first_due", "due", _DUE))
    elif begins is not None and {"first_due", "frequency", "method"} <= known.keys():
        terms = {name: known[name] for name in ("frequency", "method")}
        reasons += unusual_first(
            known["first_due"], begins.since, "first_due", paise=owed, rounding=rounding,
            rate_bp_a_year=known.get("rate_bp_a_year", 0), **terms,
        )  # fmt: skip
    if not 1 <= known.get("instalments", 1) <= MOST_INSTALMENTS:
        reasons.append(Refusal("instalments", "times", _TIMES, {"most": MOST_INSTALMENTS}))
    if "rate_bp_a_year" in known:
        reasons += why_not_rate(known["rate_bp_a_year"], "rate_bp_a_year", a_month=True, charges=charges)
    return reasons


def why_not_let_go(
    given: Mapping[str, Any], *, owed: Paise, to_come: Paise, begins: Begins | None, let_go_from: date | None,
    has_vo: bool,
) -> list[Refusal]:  # fmt: skip
    """Every reason against letting go, from a day on, the interest that was agreed for later of a loan whose principal
    is repaid."""
    if let_go_from is not None:
        return [Refusal(None, "let_go", _LET_GO, {"day": let_go_from})]
    reasons = _resolved_by(given, Paise(owed + to_come), has_vo=has_vo)
    if owed > 0:
        reasons.append(Refusal(None, "owed_still", _OWED_STILL, {"amount": rupees(owed)}))
    return reasons + (begins.why_not() if begins else [])


def why_not_undo_anew(
    *, since: date | None, moved: Paise, is_locked: bool, why: str, lets_go: bool = False
) -> list[Refusal]:
    """Every reason why new terms of a day are not taken back, or those that let the interest go. `moved` is what was
    paid, lent or written off since."""
    reasons = [] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)]
    if since is None:
        return [*reasons, Refusal("loan", "not_anew", _NOT_ANEW)]
    if moved:
        text = _MOVED_SINCE_THEN if lets_go else _MOVED_SINCE
        reasons.append(Refusal("loan", "moved_since", text, {"amount": rupees(moved), "day": since}))
    if is_locked:
        reasons.append(Refusal("loan", "locked", _MONTH_LOCKED if lets_go else _LOCKED, {"day": since}))
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


def _resolved_by(given: Mapping[str, Any], owed: Paise, *, has_vo: bool) -> list[Refusal]:
    resolution, approved = given.get("resolution", ""), given.get("approved", "")
    reasons = _resolved(owed, resolution)
    if has_vo and not approved.strip():
        reasons.append(Refusal("approved", "approved", _APPROVED))
    if len(resolved(resolution, approved)) > LONGEST:
        reasons.append(Refusal("approved", "too_long", _LONG, {"most": LONGEST}))
    return reasons


def resolved(resolution: str, approved: str) -> str:
    """As it is kept and shown: “14 of 20 June · Umeed VO, 22 June”."""
    return " · ".join(part for part in (resolution.strip(), approved.strip()) if part)


def _resolved(owed: Paise, resolution: str) -> list[Refusal]:
    reasons = [] if owed > 0 else [Refusal(None, "nothing_owed", _NOTHING_OWED)]
    return reasons if resolution.strip() else [*reasons, Refusal("resolution", "resolution", _RESOLUTION)]
