"""What stands in for what is missing of a cut-off, so that all else of it is judged already: every reason at once.

A stand-in is chosen so that no rule complains because of it about another field.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from umeed.books.cutoffs.documents import CutOffDocument, read
from umeed.books.rules.sheets import MOST_PAISE
from umeed.kernel.refusals import Refusal

_LONG_AGO = date(1900, 1, 1)
_STANDS_IN: Mapping[str, Any] = {
    "lent_on": _LONG_AGO, "lent": MOST_PAISE, "rate_bp_a_year": 0, "method": "balance", "frequency": "monthly",
    "instalments": 1, "next_due": None, "count": 1, "source": "", "purpose": "", "lender": "",
}  # fmt: skip
# Of these, both sides depend.
_NO_AMOUNT = {*_STANDS_IN, "on", "meetings_held", "last_meeting", "attended", "surplus_why"}


def as_far_as_read(said: Mapping[str, Any], missing: Iterable[Refusal]) -> CutOffDocument | None:
    """The document with stand-ins; None when that is no document either."""
    filled = copy.deepcopy(dict(said))
    for one in missing:
        _stand_in(filled, str(one.field or "").split("."))
    document = read(filled)
    return document if isinstance(document, CutOffDocument) else None


def is_amount(missing: Refusal) -> bool:
    """Whether what is missing is an amount that a balance needs."""
    steps = str(missing.field or "").split(".")
    return not _NO_AMOUNT & {steps[0], steps[-1]}


def _stand_in(said: dict[str, Any], steps: list[str]) -> None:
    inside: Any = said
    for step in steps[:-1]:
        inside = inside[int(step)] if isinstance(inside, list) else inside.get(step)
        if inside is None:
            return
    if isinstance(inside, dict):
        inside[steps[-1]] = _instead(said, inside, steps)


def _instead(said: dict[str, Any], inside: dict[str, Any], steps: list[str]) -> Any:
    name = steps[-1]
    if name == "on" and len(steps) > 1:
        # Since when it is overdue: the day on which it was lent, which is never too early.
        loan = said["loans"][int(steps[1])]
        return min(loan.get("lent_on", said["on"]), said["on"])
    if name == "outstanding":
        overdue = sum(part.get("principal") or 0 for part in inside.get("overdue", ()))
        return max(1, overdue)
    return _STANDS_IN.get(name, 0)
