"""The year as the valley knows it: snow, harvest, weddings, Eid; which weeks have no meeting, what loans are for."""

from __future__ import annotations

import datetime
from functools import lru_cache

HIGH, HILL, VALLEY, PLAIN = "high", "hill", "valley", "plain"
"""Terrain by altitude: above 2,400 m with passes closed in winter; hill districts; the valley floor; the plains."""

_HIGH_DISTRICTS = {"Kargil", "Leh", "Leh Ladakh", "Zanskar", "Drass", "Sham", "Nubra", "Changthang", "Kishtwar"}
_HIGH_BLOCKS = {"Gurez", "Tulail", "Drass", "Teetwal", "Keran", "Machil", "Dawar", "Marwah", "Warwan", "Padder"}
_HILL_DISTRICTS = {"Doda", "Ramban", "Reasi", "Poonch", "Rajouri", "Udhampur"}
_PLAIN_DISTRICTS = {"Jammu", "Samba", "Kathua"}

# How many of a hundred weekly meetings of a month fall to snow. Our own estimate; sources name the months, no shares.
_SNOW = {
    HIGH: {12: 35, 1: 80, 2: 80, 3: 50, 11: 5},
    HILL: {12: 4, 1: 14, 2: 12, 3: 3},
    VALLEY: {12: 4, 1: 20, 2: 12, 3: 2},
    PLAIN: {1: 1},
}
_OTHER_REASONS = ("A death in the village", "Fewer than half came", "Road closed", "Election duty in the panchayat")
_BUSY_REASONS = ("Apple harvest", "Walnut harvest", "Paddy harvest")

# Eid al-Fitr and Eid al-Adha, as kept in Kashmir (a day earlier or later by the moon).
_EIDS = (
    (2024, 4, 11), (2024, 6, 17), (2025, 3, 31), (2025, 6, 7), (2026, 3, 21), (2026, 5, 27), (2027, 3, 10),
    (2027, 5, 17), (2028, 2, 27), (2028, 5, 5), (2029, 2, 14), (2029, 4, 24), (2030, 2, 4), (2030, 4, 13),
)  # fmt: skip


def terrain_of(district: str, block: str) -> str:
    """The terrain that a block lies in, by the names of district and block."""
    if district in _HIGH_DISTRICTS or block in _HIGH_BLOCKS:
        return HIGH
    if district in _HILL_DISTRICTS:
        return HILL
    return PLAIN if district in _PLAIN_DISTRICTS else VALLEY


def why_missed(terrain: str, day: datetime.date, draw: float, discipline: float) -> str | None:
    """Why there was no meeting on a day; None when there was. `draw` is in [0, 1)."""
    snow = _SNOW[terrain].get(day.month, 0) / 100
    if draw < snow:
        return "Snow"
    if is_eid(day):
        return "Eid"
    # The rest of the draw is spread evenly again.
    rest = (draw - snow) / (1 - snow)
    busy = 0.05 if day.month in (9, 10) else 0.0
    missed = (1 - discipline) * 0.6 + 0.01
    if rest < busy:
        return _BUSY_REASONS[int(rest * 1000) % len(_BUSY_REASONS)]
    if rest < busy + missed:
        return _OTHER_REASONS[int(rest * 1000) % len(_OTHER_REASONS)]
    return None


@lru_cache(maxsize=4096)
def is_eid(day: datetime.date) -> bool:
    return any(0 <= (day - datetime.date(*eid)).days <= 1 for eid in _EIDS)


@lru_cache(maxsize=4096)
def purposes(terrain: str, day: datetime.date) -> tuple[str, ...]:
    """What loans are asked for in these weeks, the more frequent more often."""
    asked = ["cattle"] * 5 + ["health"] * 4 + ["education"] * 3 + ["shop"] * 3 + ["food"] * 3 + ["house"] * 2
    asked += ["craft"] * 3 + ["poultry"] * 2 + ["debt"] * 2 + ["other"]
    month = day.month
    if any(0 <= (datetime.date(*eid) - day).days <= 28 for eid in _EIDS):
        asked += ["food"] * 10 + ["cattle"] * 4
    if month in (3, 4, 5):
        asked += ["farm"] * 12 + (["orchard"] * 12 if terrain in (VALLEY, HILL) else [])
    if month in (8, 9, 10):
        asked += ["marriage"] * 9
    if month in (11, 12):
        asked += ["food"] * 6 + ["house"] * 4
    if month in (2, 3):
        asked += ["education"] * 6
    return tuple(asked)


def harvest_after(day: datetime.date) -> datetime.date:
    """When an orchard loan falls due: after the apples are sold, on 31 October, at least four months later."""
    year = day.year if day.month <= 6 else day.year + 1
    return datetime.date(year, 10, 31)


def lean(terrain: str, day: datetime.date) -> float:
    """How much less women can pay in these weeks, 0 to 1: January to March where winter is long."""
    if terrain == PLAIN:
        return 0.0
    return {1: 0.05, 2: 0.07, 3: 0.05, 12: 0.02}.get(day.month, 0.0)
