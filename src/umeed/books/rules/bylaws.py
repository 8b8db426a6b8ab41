"""A group's own rules, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from umeed.books.rules.allocation import USUAL_ORDER, Part
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Frequency, Method
from umeed.kernel.money import Paise


NOTHING = Paise(0)
WHOLE_RUPEES = Rounding(100, "up")


@dataclass(frozen=True, slots=True)
class Bylaws:
    """What the group agreed on. `savings` {head: paise each meeting}; fines in paise; rates in basis points a year."""

    savings: Mapping[str, Paise]
    takes_optional: bool = True
    rate_bp_a_year: int = 2_400
    method: Method = "balance"
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
