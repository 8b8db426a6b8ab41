"""What a complete profile holds, and how units are ranked. Pure. Fields: the profile forms of LokOS (2022).

A field counts 1 or more by weight. A profile is complete when every field is filled, and fresh when somebody checked or
changed it within `FRESH_DAYS`. The score of a unit is filled weight over possible weight of all its profiles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from umeed.kernel.refusals import N_

FRESH_DAYS = 365


@dataclass(frozen=True)
class Field:
    """One field of a profile: its key, its name for readers, its weight."""

    key: str
    title: str
    weight: int = 1


FIELDS: dict[str, tuple[Field, ...]] = {
    "woman": (
        Field("belonging_name", N_("Husband's, father's or mother's name"), 2),
        Field("birth", N_("Year or date of birth"), 2),
        Field("social_category", N_("Social category")),
        Field("religion", N_("Religion")),
        Field("disability", N_("Disability")),
        Field("marital", N_("Marital status")),
        Field("education", N_("Education")),
        Field("household", N_("Household")),
        Field("phone", N_("Phone"), 2),
        Field("account", N_("Bank account"), 2),
        Field("livelihoods", N_("Livelihoods")),
        Field("nominee", N_("Nominee"), 2),
        Field("consent", N_("Consent to keeping her record"), 2),
    ),
    "shg": (
        Field("origin", N_("Origin")),
        Field("promoter", N_("Promoted by")),
        Field("meeting_frequency", N_("How often it meets"), 2),
        Field("meeting_day", N_("Meeting day")),
        Field("meeting_place", N_("Meeting place")),
        Field("saving", N_("Compulsory saving"), 2),
        Field("bookkeeper", N_("Bookkeeper"), 2),
        Field("account", N_("Bank account"), 2),
        Field("president", N_("President"), 2),
        Field("secretary", N_("Secretary")),
        Field("treasurer", N_("Treasurer")),
        Field("federated", N_("Membership in a VO"), 2),
        Field("members", N_("At least 5 members entered"), 2),
    ),
    "vo": (
        Field("meeting_frequency", N_("How often it meets"), 2),
        Field("bookkeeper", N_("Bookkeeper"), 2),
        Field("account", N_("Bank account"), 2),
        Field("president", N_("President"), 2),
        Field("secretary", N_("Secretary")),
        Field("treasurer", N_("Treasurer")),
        Field("federated", N_("Membership in a CLF"), 2),
        Field("groups", N_("Member groups entered"), 2),
    ),
    "clf": (
        Field("meeting_frequency", N_("How often it meets"), 2),
        Field("bookkeeper", N_("Bookkeeper"), 2),
        Field("account", N_("Bank account"), 2),
        Field("president", N_("President"), 2),
        Field("secretary", N_("Secretary")),
        Field("treasurer", N_("Treasurer")),
        Field("registration", N_("Registration under an Act"), 2),
        Field("address", N_("Office address")),
        Field("groups", N_("Member VOs entered"), 2),
    ),
}


def possible_weight(kind: str) -> int:
    """What one profile of a kind can reach."""
    return sum(field.weight for field in FIELDS[kind])


class Unit(NamedTuple):
    """A place in a ranking: its sums. `share` is exact, or None where there are no profiles."""

    id: int
    name: str
    records: int
    filled: int
    possible: int
    lgd_code: int | None = None
    name_local: str = ""

    @property
    def names(self) -> tuple[str, str]:
        """As it is written, and in its own script where that is known."""
        return self.name, self.name_local

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.filled, self.possible) if self.possible else None


class Ranked(NamedTuple):
    """A unit with its rank now and the places it won (+) or lost (−) since the earlier picture; None is new."""

    unit: Unit
    rank: int
    move: int | None


def ranks(units: Sequence[Unit]) -> dict[int, int]:
    """Rank by share, best first; equal shares share a rank and the next rank is skipped. No profiles, no rank."""
    # A quotient of whole numbers below 2**26 (67 million points) is a float that no other such quotient shares, so
    # floats rank as exactly as fractions, many times quicker.
    with_share = sorted(
        ((unit.filled / unit.possible, unit.name, unit.id) for unit in units if unit.possible),
        key=lambda one: (-one[0], one[1]),
    )
    placed: dict[int, int] = {}
    rank, last = 0, -1.0
    for position, (share, _name, unit_id) in enumerate(with_share, start=1):
        if share != last:
            rank, last = position, share
        placed[unit_id] = rank
    return placed


def ranked(units: Sequence[Unit], earlier: Sequence[Unit]) -> list[Ranked]:
    """All units with profiles, best first, with their movement against an earlier picture of the same units."""
    now, before = ranks(units), ranks(earlier)
    placed = [
        Ranked(unit, now[unit.id], before[unit.id] - now[unit.id] if unit.id in before else None)
        for unit in units
        if unit.id in now
    ]
    return sorted(placed, key=lambda item: (item.rank, item.unit.name))
