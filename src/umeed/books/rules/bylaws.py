"""A group's own rules, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from umeed.books.rules.allocation import USUAL_ORDER, Part
from umeed.books.rules.rates import why_not_rate
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.running_interest import PartMonth
from umeed.books.rules.schedules import MOST_INSTALMENTS, Frequency, Method
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

NOTHING, MOST_UNIT = Paise(0), Paise(1_00_000_00)
WHOLE_RUPEES = Rounding(100, "up")


@dataclass(frozen=True, slots=True)
class Bylaws:
    """What the group agreed on. `savings` {head: paise each meeting}; fines in paise; rates in basis points a year."""

    savings: Mapping[str, Paise]
    takes_optional: bool = True
    rate_bp_a_year: int = 2_400
    method: Method = "balance"
    part_month: PartMonth = "days"
    frequency: Frequency = "monthly"
    instalments: int = 10
    multiple: int = 100
    rounding: Rounding = WHOLE_RUPEES
    order: tuple[Part, ...] = USUAL_ORDER
    fine_late: Paise = NOTHING
    fine_absent: Paise = NOTHING
    penalty: Paise = NOTHING
    quorum_percent: int = 50
    most: Paise | None = None
    lends_to_overdue: bool = False

    @property
    def kept(self) -> tuple[str, ...]:
        """Heads of the savings that this group keeps, in the order of the chart."""
        regular = tuple(head for head, amount in self.savings.items() if amount)
        return (*regular, "saving_optional") if self.takes_optional else regular


_EARLIER = N_("These rules must begin after those of %(since)s, which are never changed.")
_HELD = N_("A meeting was held on %(day)s under the rules of then. New ones begin after it.")
_BEFORE_BOOK = N_("The book is kept since %(since)s; this is earlier.")
_FAR = N_("Rules are set at most a year ahead.")
_NEGATIVE = N_("This cannot be less than nothing.")
_TIMES = N_("A loan is repaid in 1 to %(most)s instalments.")
_UNIT = N_("This is from one paisa to %(most)s.")
_PERCENT = N_("This is from 0 to 100 per cent.")


def why_not_set(
    given: Mapping[str, Any],
    *,
    since: date | None,
    today: date,
    opened_on: date,
    last_since: date | None,
    last_held: date | None,
) -> list[Refusal]:
    """Every reason against a group's new rules, and what is unusual in them. Amounts in paise, by column; what could
    not be read is None or not there, and of that nothing is said here."""
    reasons = []
    if since is not None:
        reasons += _since(since, today=today, opened_on=opened_on, last_since=last_since, last_held=last_held)
    known = {name: value for name, value in given.items() if value is not None}
    for name, value in known.items():
        if name in ("multiple_paise", "rounding_paise"):
            reasons += [] if 1 <= value <= MOST_UNIT else [Refusal(name, "unit", _UNIT, {"most": rupees(MOST_UNIT)})]
        elif name == "rate_bp_a_year":
            reasons += why_not_rate(value, name, a_month=True)
        elif name.endswith("_paise") and value < 0:
            reasons.append(Refusal(name, "negative", _NEGATIVE))
    if not 1 <= known.get("instalments", 1) <= MOST_INSTALMENTS:
        reasons.append(Refusal("instalments", "times", _TIMES, {"most": MOST_INSTALMENTS}))
    if not 0 <= known.get("quorum_percent", 0) <= 100:
        reasons.append(Refusal("quorum_percent", "percent", _PERCENT))
    return reasons


def _since(
    since: date, *, today: date, opened_on: date, last_since: date | None, last_held: date | None
) -> list[Refusal]:
    """Rules begin after those before them and after every meeting that was held under those, and soon."""
    if last_since is not None and since <= last_since:
        return [Refusal("since", "earlier", _EARLIER, {"since": last_since})]
    if last_held is not None and since <= last_held:
        return [Refusal("since", "meeting_held", _HELD, {"day": last_held})]
    if since < opened_on:
        return [Refusal("since", "before_the_book", _BEFORE_BOOK, {"since": opened_on})]
    return [Refusal("since", "far", _FAR)] if (since - today).days > 366 else []
