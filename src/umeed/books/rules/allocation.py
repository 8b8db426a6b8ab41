"""What a payment on a loan is for, in the order that the group has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from umeed.kernel.money import Paise

Part = Literal["penalty", "interest", "principal"]
NOTHING = Paise(0)
USUAL_ORDER: tuple[Part, ...] = ("penalty", "interest", "principal")


@dataclass(frozen=True, slots=True)
class Split:
    """A payment by what it is for. `over` is more than the loan asks for altogether; nothing is lost: all add up."""

    penalty: Paise = NOTHING
    interest: Paise = NOTHING
    principal: Paise = NOTHING
    over: Paise = NOTHING

    @property
    def whole(self) -> Paise:
        return Paise(self.penalty + self.interest + self.principal + self.over)

    def __add__(self, other: Split) -> Split:
        return Split(
            Paise(self.penalty + other.penalty),
            Paise(self.interest + other.interest),
            Paise(self.principal + other.principal),
            Paise(self.over + other.over),
        )


def allocated_in_turn(paid: Paise, *, due: Split, owed: Split, order: Sequence[Part] = USUAL_ORDER) -> Split:
    """What is due first, then all else that is `owed` (with what is due): whoever brings what is due owes nothing that
    was due, also when interest has run since. Both in the group's order."""
    now = Paise(min(paid, due.whole))
    rest = Split(*(Paise(max(0, getattr(owed, part) - getattr(due, part))) for part in USUAL_ORDER))
    return allocated(now, owed=due, order=order) + allocated(Paise(paid - now), owed=rest, order=order)


def allocated(paid: Paise, *, owed: Split, order: Sequence[Part] = USUAL_ORDER) -> Split:
    """`paid` over what is `owed` (its penalty, its interest so far, its whole principal), one after the other."""
    if sorted(order) != sorted(USUAL_ORDER):
        raise ValueError("an order names penalty, interest and principal once each")
    left, parts = paid, {}
    for part in order:
        parts[part] = min(left, getattr(owed, part))
        left = Paise(left - parts[part])
    return Split(**parts, over=left)
