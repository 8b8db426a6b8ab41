"""Turns plain values into the geometry of small charts (tile map, sparkline, bars); templates draw them as SVG."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

STEPS = 5
TILE, GAP = 100, 6

# What a tile is known by: an LGD code, or a name of WITHOUT_CODE.
Key = int | str

# Where each district sits on the grid: LGD district code → (column, row, name). Neighbours stay neighbours as far as a
# grid allows (Kupwara north-west, Kathua south-east, Leh east); districts are equally large and no boundary is drawn.
# Codes and names: Local Government Directory, lgdirectory.gov.in (J&K 1, Ladakh 37).
DISTRICTS: dict[int, tuple[int, int, object]] = {
    8: (0, 0, _("Kupwara")),
    623: (1, 0, _("Bandipora")),
    626: (2, 0, _("Ganderbal")),
    3: (0, 1, _("Baramulla")),
    2: (1, 1, _("Budgam")),
    13: (2, 1, _("Srinagar")),
    6: (3, 1, _("Kargil")),
    9: (4, 1, _("Leh")),
    10: (0, 2, _("Poonch")),
    625: (1, 2, _("Shopian")),
    11: (2, 2, _("Pulwama")),
    1: (3, 2, _("Anantnag")),
    620: (4, 2, _("Kishtwar")),
    12: (0, 3, _("Rajouri")),
    627: (1, 3, _("Reasi")),
    622: (2, 3, _("Kulgam")),
    621: (3, 3, _("Ramban")),
    4: (4, 3, _("Doda")),
    5: (1, 4, _("Jammu")),
    14: (2, 4, _("Udhampur")),
    624: (2, 5, _("Samba")),
    7: (3, 5, _("Kathua")),
}
# Ladakh's districts of 26 August 2024: they have no LGD codes (directory of 2026-05-25), so their names stand for them.
# Drawn only where the tree has one of them; the tiles around keep their places, and a map of an earlier day looks as it
# did.
WITHOUT_CODE: dict[Key, tuple[int, int, object]] = {
    "Drass": (3, 0, _("Drass")),
    "Sham": (4, 0, _("Sham")),
    "Nubra": (5, 0, _("Nubra")),
    "Changthang": (5, 1, _("Changthang")),
    "Zanskar": (5, 2, _("Zanskar")),
}
# Ladakh's two districts with LGD codes; all other codes are J&K's.
LADAKH = frozenset({6, 9})


@dataclass(frozen=True, slots=True)
class Tile:
    """One district on the grid; `step` is 1 (lowest) to 5, or 0 where nothing is known. x, y are SVG units."""

    code: Key
    name: object
    x: int
    y: int
    step: int
    shown: str
    url: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Band:
    """One line of the legend: the step and the lowest and highest value that it holds."""

    step: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TileMap:
    """A drawn map: `width` × `height` in SVG units, its tiles in reading order, its legend."""

    width: int
    height: int
    tiles: list[Tile]
    bands: list[Band]
    has_unknown: bool


def breaks(values: Sequence[float], steps: int = STEPS) -> list[float]:
    """Lower bounds of steps 2…n so that each step holds about as many values; fewer steps when values repeat."""
    ordered = sorted(values)
    if not ordered:
        return []
    bounds = (ordered[len(ordered) * i // steps] for i in range(1, steps))
    return sorted({b for b in bounds if b > ordered[0]})


def step_of(value: float | None, bounds: Sequence[float]) -> int:
    """1 for the lowest step … len(bounds) + 1 for the highest; 0 for None."""
    return 0 if value is None else bisect_right(bounds, value) + 1


def _spread(step: int, used: int) -> int:
    """Spread `used` steps over the five colours, so that two steps look as different as they can."""
    return 0 if step == 0 else STEPS if used == 1 else 1 + round((step - 1) * (STEPS - 1) / (used - 1))


def tile_key(lgd_code: int | None, name: str) -> Key | None:
    """What the tile of a district is known by; its name when its code is on no tile (one given later)."""
    if lgd_code in DISTRICTS:
        return lgd_code
    return name if name in WITHOUT_CODE else None


def tile_map(
    values: Mapping[Key, float | None],
    *,
    names: Mapping[Key, str] | None = None,
    shown: Mapping[Key, str] | None = None,
    urls: Mapping[Key, str] | None = None,
    mine: Key | None = None,
    bounds: Sequence[float] | None = None,
) -> TileMap:
    """Lay the districts out by `tile_key`. What stands on no tile is left to the ranking beside the map.

    values   what colours each tile; a code that is missing or None is hatched as "not known"
    names    names as the reader's language writes them (else this module's own)
    shown    the text in each tile (else the value as it is); urls where each tile leads
    bounds   lower bounds of steps 2…n (at most four, rising), else by equal counts
    """
    drawn = _territories(values)
    known = [v for key, v in values.items() if v is not None and key in drawn]
    used = sorted(bounds) if bounds is not None else breaks(known)
    if len(used) >= STEPS:
        raise ValueError(f"at most {STEPS - 1} bounds, got {len(used)}")
    left, top, width, height = _extent(drawn)
    tiles = [
        Tile(
            code=code,
            name=(names or {}).get(code, name),
            x=(column - left) * (TILE + GAP),
            y=(row - top) * (TILE + GAP),
            step=_spread(step_of(values.get(code), used), len(used) + 1),
            shown="–" if values.get(code) is None else str((shown or {}).get(code, values[code])),
            url=(urls or {}).get(code, ""),
            mine=code == mine,
        )
        for code, (column, row, name) in sorted(drawn.items(), key=lambda item: (item[1][1], item[1][0]))
    ]
    return TileMap(width, height, tiles, bands=_bands(known, used), has_unknown=any(t.step == 0 for t in tiles))


def _extent(drawn: Mapping[Key, tuple[int, int, object]]) -> tuple[int, int, int, int]:
    """The first column and row with a tile, and the width and height of all; of nothing as of one tile."""
    columns = [column for column, _row, _name in drawn.values()] or [0]
    rows = [row for _column, row, _name in drawn.values()] or [0]
    left, top = min(columns), min(rows)
    return left, top, (1 + max(columns) - left) * (TILE + GAP) - GAP, (1 + max(rows) - top) * (TILE + GAP) - GAP


def _territories(values: Mapping[Key, float | None]) -> dict[Key, tuple[int, int, object]]:
    """The tiles to draw. A Union Territory of which nothing is asked (another mission's) is left out; when nothing is
    known of either, both stand there. The new districts came on one day, so one of them brings the others."""
    ladakh: dict[Key, tuple[int, int, object]] = {code: tile for code, tile in DISTRICTS.items() if code in LADAKH}
    ladakh |= WITHOUT_CODE if WITHOUT_CODE.keys() & values.keys() else {}
    jammu_kashmir: dict[Key, tuple[int, int, object]] = {
        code: tile for code, tile in DISTRICTS.items() if code not in LADAKH
    }
    asked = [part for part in (jammu_kashmir, ladakh) if part.keys() & values.keys()]
    drawn: dict[Key, tuple[int, int, object]] = {}
    for part in asked or (jammu_kashmir, ladakh):
        drawn |= part
    return drawn


def _bands(known: Sequence[float], bounds: Sequence[float]) -> list[Band]:
    """The legend: for each step that holds a value, the lowest and highest of them."""
    held: dict[int, list[float]] = {}
    for value in known:
        held.setdefault(step_of(value, bounds), []).append(value)
    used = len(bounds) + 1
    return [Band(_spread(step, used), min(group), max(group)) for step, group in sorted(held.items())]


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line from old to new in a box of 100 × 28 units: SVG path data, its first and last value."""

    line: str
    area: str
    first: float
    last: float


def sparkline(values: Sequence[float | None]) -> Sparkline | None:
    """Draw the known values at their own places in time (gaps are bridged); None when fewer than two are known."""
    points = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(points) < 2:
        return None
    low, high = min(v for _, v in points), max(v for _, v in points)
    span = (high - low) or 1
    spread = len(values) - 1
    drawn = [(round(100 * i / spread, 2), round(26 - 24 * (v - low) / span, 2)) for i, v in points]
    line = "M" + " L".join(f"{x} {y}" for x, y in drawn)
    area = f"{line} L{drawn[-1][0]} 28 L{drawn[0][0]} 28 Z"
    return Sparkline(line, area, points[0][1], points[-1][1])


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `length` in percent of the longest (0–100), `target` likewise or None."""

    name: object
    value: float
    shown: str
    length: float
    target: float | None
    url: str
    mark: bool


def bars(items: Sequence[Mapping[str, object]], *, most: float | None = None) -> list[Bar]:
    """Scale `items` ({name, value, shown?, target?, url?, mark?}) to the longest value or target, or to `most`."""
    numbers = [float(i["value"] or 0) for i in items] + [float(i["target"]) for i in items if i.get("target")]  # type: ignore[arg-type]
    top = most or max(numbers, default=0) or 1
    return [
        Bar(
            name=item["name"],
            value=float(item["value"] or 0),  # type: ignore[arg-type]
            shown=str(item.get("shown", item["value"])),
            length=round(min(100, max(0, 100 * float(item["value"] or 0) / top)), 1),  # type: ignore[arg-type]
            target=round(min(99.5, 100 * float(item["target"]) / top), 1) if item.get("target") else None,  # type: ignore[arg-type]
            url=str(item.get("url") or ""),
            mark=bool(item.get("mark")),
        )
        for item in items
    ]
