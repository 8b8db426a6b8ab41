"""What a person ticked on the page of a pair, read from the form as it was sent."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from umeed.core.actions import Refused
from umeed.duplicates.fields import PARTS
from umeed.duplicates.models import Candidate
from umeed.duplicates.rules import Tie
from umeed.institutions.models import Woman
from umeed.kernel.dates import date_as_written
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import N_, Refusal

SIDES = ("low", "high")
_WHICH = N_("Say which of the two records is kept.")
_TOO_LONG = N_("The reason is longer than 240 letters.")


@dataclass
class Decision:
    """Choices about a pair: `keep` and every part name a side, low or high; memberships name the one that is real."""

    keep: str
    parts: dict[str, str] = field(default_factory=dict)
    stays: dict[int, str] = field(default_factory=dict)
    ends: dict[int, str] = field(default_factory=dict)
    why: str = ""
    merge_id: UUID = field(default_factory=new_id)

    def sides(self, pair: Candidate) -> tuple[Woman, Woman]:
        """(kept, merged)"""
        return (pair.low, pair.high) if self.keep == "low" else (pair.high, pair.low)

    def take(self) -> set[str]:
        """Parts whose value comes from the record that is not kept."""
        return {key for key, side in self.parts.items() if side in SIDES and side != self.keep}

    def doubles(self, overlapping: list[tuple[Tie, Tie]]) -> dict[Any, datetime.date | None]:
        """{membership entered twice: its last day and one}; raises Refused for a day that cannot be read."""
        found: dict[Any, datetime.date | None] = {}
        reasons = []
        for number, ties in enumerate(overlapping):
            real = next((tie for tie in ties if str(tie.id) == self.stays.get(number)), None)
            if real is None:
                continue
            day = date_as_written(self.ends.get(number, "")) if self.ends.get(number, "").strip() else None
            if isinstance(day, Refusal):
                reasons.append(day.on(f"ends_{number}"))
                continue
            double = next(tie for tie in ties if tie is not real)
            known = found.get(double.id)
            found[double.id] = min(known, day) if known and day else known or day
        if reasons:
            raise Refused(reasons)
        return found


def proposed(pair: Candidate, keep: str, stays: Mapping[str, str]) -> Decision:
    """What the page proposes: the fuller values, the kept record's where both say something else."""
    other = "high" if keep == "low" else "low"
    return Decision(keep, {key: keep if side == "keep" else other for key, side in stays.items()})


def sent(data: Mapping[str, str]) -> Decision:
    """The form as it came; what it does not say stays empty."""
    numbers = [int(name.removeprefix("stays_")) for name in data if name.startswith("stays_") and name[6:].isdecimal()]
    ends = [int(name.removeprefix("ends_")) for name in data if name.startswith("ends_") and name[5:].isdecimal()]
    return Decision(
        keep=data.get("keep", ""),
        parts={part.key: data[f"part_{part.key}"] for part in PARTS if f"part_{part.key}" in data},
        stays={number: data[f"stays_{number}"] for number in numbers},
        ends={number: data[f"ends_{number}"] for number in ends},
        why=" ".join(data.get("why", "").split()),
        merge_id=_uuid(data.get("merge_id", "")),
    )


def why_not_read(decision: Decision) -> list[Refusal]:
    """What is missing before an action can even be asked."""
    reasons = [] if decision.keep in SIDES else [Refusal("keep", "which_record", _WHICH)]
    return reasons + ([Refusal("why", "too_long", _TOO_LONG)] if len(decision.why) > 240 else [])


def number_of(data: Mapping[str, str], name: str) -> int | None:
    """A revision that the page sent; one that is no number is older than any."""
    text = data.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()
