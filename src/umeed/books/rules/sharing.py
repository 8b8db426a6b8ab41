"""How a group shares out what it has earned: by what each has saved, or the same to all; to the paisa."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from umeed.books.rules.rounding import shared_out
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

Basis = Literal["savings", "equal"]
_NOTHING = N_("Write how much is shared out.")
_MORE = N_("The group has earned %(surplus)s that is not shared out yet; more cannot be.")
_NOBODY = N_("Nobody has saved anything yet: share it equally.")
_NO_WOMEN = N_("The group has no members on this day.")
_TOO_LITTLE = N_("This is less than a paisa each.")


def parts(total: Paise, savings: Mapping[UUID, Paise], basis: Basis) -> dict[UUID, Paise]:
    """{woman: her part}, which add up to `total` exactly; in the order of `savings`, those who get nothing left out.

    Whoever stands first in a list gets no more by it: of those with equal rights to an odd paisa the lower id has it.
    """
    women = sorted(savings)
    weights = [max(0, savings[woman]) if basis == "savings" else 1 for woman in women]
    shares = dict(zip(women, shared_out(total, weights), strict=True))
    return {woman: shares[woman] for woman in savings if shares[woman]}


def why_not_share(total: Paise, surplus: Paise, savings: Mapping[UUID, Paise], basis: Basis) -> list[Refusal]:
    """Every reason against sharing out so much, so."""
    reasons = []
    if total <= 0:
        reasons.append(Refusal("paise", "nothing", _NOTHING))
    if total > max(0, surplus):
        reasons.append(Refusal("paise", "more_than_surplus", _MORE, {"surplus": rupees(max(0, surplus))}))
    if not savings:
        reasons.append(Refusal("basis", "no_women", _NO_WOMEN))
    elif basis == "savings" and not any(paise > 0 for paise in savings.values()):
        reasons.append(Refusal("basis", "nobody_saved", _NOBODY))
    elif 0 < total < len(savings):
        reasons.append(Refusal("paise", "too_little", _TOO_LITTLE))
    return reasons
