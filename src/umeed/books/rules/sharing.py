"""How a group shares out what it has earned: by what each has saved, or the same to all; to the paisa, or the rupee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from umeed.books.rules.rounding import shared_out
from umeed.kernel.money import Paise, grouped, rupees
from umeed.kernel.refusals import N_, Refusal

Basis = Literal["savings", "equal"]
WHOLE_RUPEES = 100
_NOTHING = N_("Write how much is shared out.")
_MORE = N_("The group has earned %(surplus)s that is not shared out yet; more cannot be.")
_NOBODY = N_("Nobody has saved anything yet: share it equally.")
_NO_WOMEN = N_("The group has no members on this day.")
_TOO_LITTLE = N_("This is less than a paisa each.")
_NOT_WHOLE = N_("In whole rupees only whole rupees can be shared out; the rest stays with the group.")
_LATE_HERE = N_("Women late with repayments: %(count)s, with %(amount)s. Is it shared out all the same?")
_LATE_THERE = N_("The group itself has %(amount)s overdue that it owes. Is it shared out all the same?")
_LENT = N_("%(amount)s is lent out and comes back only with the repayments. Is the box left with enough?")


@dataclass(frozen=True, slots=True)
class Part:
    """What a woman gets. `base` is what it is counted by; `is_odd` when one more unit was left over and went to her."""

    base: int
    paise: Paise
    is_odd: bool = False


@dataclass(frozen=True, slots=True)
class Lent:
    """Loans that run on the day. Paise."""

    owed: Paise
    late: Paise
    late_women: int
    own_late: Paise


def explained(total: Paise, savings: Mapping[UUID, Paise], basis: Basis, unit: int = 1) -> dict[UUID, Part]:
    """{woman: her part and how it came to be}, which add up to `total` exactly; in the order of `savings`.

    Whoever stands first in a list gets no more by it: of those with equal rights to an odd paisa the lower id has it.
    """
    women = sorted(savings)
    weights = [max(0, savings[woman]) if basis == "savings" else 1 for woman in women]
    whole, units = sum(weights), total // unit
    told = {
        woman: Part(weight, Paise(share * unit), share > units * weight // whole)
        for woman, weight, share in zip(women, weights, shared_out(Paise(units), weights), strict=True)
    }
    return {woman: told[woman] for woman in savings}


def parts(total: Paise, savings: Mapping[UUID, Paise], basis: Basis, unit: int = 1) -> dict[UUID, Paise]:
    """{woman: her part}, those who get nothing left out."""
    return {woman: part.paise for woman, part in explained(total, savings, basis, unit).items() if part.paise}


def why_not_share(
    total: Paise, surplus: Paise, savings: Mapping[UUID, Paise], basis: Basis, unit: int = 1
) -> list[Refusal]:
    """Every reason against sharing out so much, so."""
    reasons = []
    if total <= 0:
        reasons.append(Refusal("paise", "nothing", _NOTHING))
    if total > max(0, surplus):
        reasons.append(Refusal("paise", "more_than_surplus", _MORE, {"surplus": rupees(max(0, surplus))}))
    if total % unit:
        reasons.append(Refusal("paise", "not_whole", _NOT_WHOLE))
    if not savings:
        reasons.append(Refusal("basis", "no_women", _NO_WOMEN))
    elif basis == "savings" and not any(paise > 0 for paise in savings.values()):
        reasons.append(Refusal("basis", "nobody_saved", _NOBODY))
    elif 0 < total < len(savings):
        reasons.append(Refusal("paise", "too_little", _TOO_LITTLE))
    return reasons


def asked_of(lent: Lent, left: Paise) -> list[Refusal]:
    """What is asked before money leaves while loans run. `left` is what box and bank hold afterwards."""
    asks = []
    if lent.late:
        said = {"count": grouped(lent.late_women), "amount": rupees(lent.late)}
        asks.append(Refusal("paise", "late_here", _LATE_HERE, said, "warn"))
    if lent.own_late:
        asks.append(Refusal("paise", "late_there", _LATE_THERE, {"amount": rupees(lent.own_late)}, "warn"))
    if lent.owed > left:
        asks.append(Refusal("paise", "lent_out", _LENT, {"amount": rupees(lent.owed)}, "warn"))
    return asks
