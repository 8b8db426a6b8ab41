"""Invented women and their households: what a profile asks for, filled as well as the clerks there fill it."""

import datetime
from dataclasses import dataclass

from umeed.simulator.chance import Chance
from umeed.simulator.words import (
    JAMMU,
    KASHMIR,
    LADAKH,
    LIVELIHOODS,
    MEN,
    SECOND,
    SPELLINGS,
    SURNAMES,
    WOMEN,
)

WOMAN_COLUMNS = (
    "id", "household_id", "place_id", "name", "belonging_name", "relation", "born_on", "born_year", "gender",
    "social_category", "religion", "disability", "marital", "is_household_head", "education", "phone", "phone_owner",
    "has_smartphone", "account_number", "account_name", "ifsc", "is_account_seeded", "livelihoods", "nominee_name",
    "nominee_relation", "is_insured", "checked_on",
)  # fmt: skip
HOUSEHOLD_COLUMNS = ("id", "place_id", "head_name", "poverty")

# Shares by region (general knowledge, for variety only; no census is reproduced).
RELIGIONS = {
    KASHMIR: ("muslim",) * 97 + ("sikh",) * 2 + ("hindu",),
    JAMMU: ("hindu",) * 64 + ("muslim",) * 31 + ("sikh",) * 5,
    LADAKH: ("buddhist",) * 52 + ("muslim",) * 48,
}
CATEGORIES = {
    KASHMIR: ("general",) * 55 + ("rba",) * 22 + ("st",) * 10 + ("psp",) * 6 + ("obc",) * 7,
    JAMMU: ("general",) * 38 + ("sc",) * 18 + ("st",) * 16 + ("obc",) * 12 + ("psp",) * 8 + ("alc",) * 8,
    LADAKH: ("st",) * 95 + ("general",) * 5,
}
EDUCATIONS = (
    ("none",) * 34 + ("can_sign",) * 22 + ("primary",) * 12 + ("middle",) * 14 + ("secondary",) * 10
    + ("higher_secondary",) * 5 + ("graduate",) * 3
)  # fmt: skip
MARITALS = ("married",) * 80 + ("widowed",) * 9 + ("unmarried",) * 8 + ("separated",) * 3
POVERTIES = ("poorest",) * 30 + ("poor",) * 55 + ("non_poor",) * 15
_RELATION_OF = {"married": "husband", "widowed": "husband", "unmarried": "father", "separated": "father"}
BANK = "DEMO0"


@dataclass(frozen=True)
class Ground:
    """Where people are invented: the region, and how well clerks there fill a profile (0 to 1)."""

    region: str
    care: float


def name_of(chance: Chance, region: str) -> str:
    first = chance.of(WOMEN[region])
    return f"{first} {chance.of(SECOND[region]) if chance.happens(0.7) else chance.of(SURNAMES[region])}"


def man_of(chance: Chance, region: str) -> str:
    first = chance.of(MEN[region])
    if region == KASHMIR and chance.happens(0.4):
        first = f"{first} {chance.of(MEN[region])}"
    return f"{first} {chance.of(SURNAMES[region])}"


def other_spelling(name: str) -> str:
    """The same name as another clerk writes it; unchanged where we know no other spelling."""
    return " ".join(SPELLINGS.get(word, word) for word in name.split())


def phone_number(chance: Chance) -> str:
    """Of a series that is not allotted to anybody."""
    return f"61{chance.between(0, 99_999_999):08d}"


def household(chance: Chance, ground: Ground, place_id: int, head: str) -> tuple[object, ...]:
    poverty = chance.of(POVERTIES) if chance.happens(ground.care + 0.05) else ""
    return (chance.id(), place_id, head, poverty)


def woman(
    chance: Chance, ground: Ground, place_id: int, household_id: str, husband: str, today: datetime.date,
    joined: datetime.date | None = None,
) -> tuple[object, ...]:  # fmt: skip
    """One row in the order of WOMAN_COLUMNS; what her block's clerks leave out is empty.

    She is 18 or older on the day she joined (today, when it is not given) and at most 65 today.
    """
    joined = joined or today
    region, care, kept = ground.region, ground.care, chance.uniform
    name = name_of(chance, region)
    marital = chance.of(MARITALS)
    # Born nineteen calendar years before the one in which she joined, she is 18 on any day of it.
    youngest, oldest = joined.year - 19, today.year - 65
    born = youngest - int((youngest - oldest) * kept() * kept() ** 0.3)
    has_phone = kept() < 0.35 + 0.5 * care
    has_account = kept() < 0.25 + 0.7 * care
    relation = _RELATION_OF[marital]
    exact = kept() < 0.4
    return (
        chance.id(), household_id, place_id, name,
        husband if kept() < care + 0.2 else "", relation if kept() < care + 0.2 else "",
        datetime.date(born, chance.between(1, 12), chance.between(1, 28)) if exact else None,
        born if exact or kept() < care + 0.15 else None,
        "female",
        chance.of(CATEGORIES[region]) if kept() < care else "", chance.of(RELIGIONS[region]) if kept() < care else "",
        _disability(kept(), kept() < care), marital if kept() < care + 0.1 else "", kept() < 0.12,
        chance.of(EDUCATIONS) if kept() < care else "",
        phone_number(chance) if has_phone else "",
        chance.of(("self", "husband", "husband", "family")) if has_phone else "", kept() < 0.4 if has_phone else None,
        f"99{chance.between(0, 99_999_999_999_999):014d}" if has_account else "", name if has_account else "",
        f"{BANK}{chance.between(1, 999):06d}" if has_account else "", kept() < 0.8 if has_account else None,
        [chance.of(LIVELIHOODS)] if kept() < care else [],
        # A nominee is asked once: name and relation, or neither yet.
        husband if (has_nominee := kept() < care - 0.1) else "", relation if has_nominee else "",
        kept() < 0.35,
        max(joined, today - datetime.timedelta(days=int(700 * kept()))) if kept() < 0.6 else None,
    )  # fmt: skip


def _disability(draw: float, is_asked: bool) -> str:
    if not is_asked:
        return ""
    return "self" if draw < 0.025 else "family" if draw < 0.06 else "none"
