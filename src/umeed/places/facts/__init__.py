"""Places that ship with the product as facts: districts and blocks of J&K and Ladakh with their LGD codes.

Source: Local Government Directory (LGD), Government of India, under the Government Open Data License - India.
The heads of the two files state their dates; docs/data/lgd.md says what is and what is not in them.
"""

import csv
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SOURCE = "Local Government Directory (LGD), Government of India"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class MissionFact:
    """A mission that can be opened by its key. `opened_on` is the first day of the tree, not of its founding."""

    key: str
    name: str
    short_name: str
    state_code: int
    state_name: str
    opened_on: datetime.date


@dataclass(frozen=True)
class DistrictFact:
    state_code: int
    code: int
    name: str
    division: str
    census_2001: str
    census_2011: str
    also_called: tuple[str, ...]


@dataclass(frozen=True)
class BlockFact:
    district_code: int
    code: int
    name: str


# The first day of the financial year in which the national mission began (June 2011): earlier than what either keeps.
_FIRST_DAY = datetime.date(2011, 4, 1)
MISSIONS: Mapping[str, MissionFact] = {
    fact.key: fact
    for fact in (
        MissionFact("jk", "Jammu and Kashmir Rural Livelihoods Mission", "JKRLM", 1, "Jammu and Kashmir", _FIRST_DAY),
        MissionFact("ladakh", "Ladakh Rural Livelihood Mission", "LRLM", 37, "Ladakh", _FIRST_DAY),
    )
}


@lru_cache(maxsize=1)
def districts() -> tuple[DistrictFact, ...]:
    """All districts that ship, by State and name."""
    return tuple(
        DistrictFact(
            state_code=int(row["state_code"]),
            code=int(row["code"]),
            name=row["name"],
            division=row["division"],
            census_2001=row["census_2001"],
            census_2011=row["census_2011"],
            also_called=tuple(filter(None, row["also_called"].split("|"))),
        )
        for row in _rows("districts.csv")
    )


@lru_cache(maxsize=1)
def blocks() -> tuple[BlockFact, ...]:
    """All blocks that ship, by district."""
    return tuple(
        BlockFact(district_code=int(row["district_code"]), code=int(row["code"]), name=row["name"])
        for row in _rows("blocks.csv")
    )


@lru_cache(maxsize=1)
def district_by_code() -> Mapping[int, DistrictFact]:
    return {fact.code: fact for fact in districts()}


def also_called(kind: str, lgd_code: int | None) -> tuple[str, ...]:
    """Other spellings of a place that the sources use; a directory that writes one of them renames nothing."""
    fact = district_by_code().get(lgd_code or 0) if kind == "district" else None
    return fact.also_called if fact else ()


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))
