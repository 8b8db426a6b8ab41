"""Where each place stands in profile capture, how it moved, and what to fill next."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet, Sum

from umeed.core.scope import Scope
from umeed.places.models import Place, Within
from umeed.places.queries import roots_of
from umeed.profiles import rollups
from umeed.profiles.keeping import settle
from umeed.profiles.models import Picture, Rollup, Standing, Sums
from umeed.profiles.rules import FIELDS, Field, Ranked, Unit, ranked

LEVELS = ("district", "block")
_SUMS = {
    "records": Sum("below__standings__records"),
    "filled": Sum("below__standings__filled"),
    "possible": Sum("below__standings__possible"),
}


def missions_of(scope: Scope) -> list[str]:
    """Missions in which the viewer is posted: ranks are compared within a mission."""
    return sorted({place.mission_id for place in roots_of(scope, capability="profiles.see")})


def ranking(
    scope: Scope, *, kind: str, level: str, missions: Sequence[str]
) -> tuple[list[Ranked], datetime.date | None]:
    """All districts or blocks of the missions, ranked for one kind, and the day that movement is measured from."""
    placed, earlier_on = rankings(scope, kinds=[kind], levels=[level], missions=missions)
    return placed[kind, level], earlier_on


def rankings(
    scope: Scope, *, kinds: Sequence[str], levels: Sequence[str], missions: Sequence[str]
) -> tuple[dict[tuple[str, str], list[Ranked]], datetime.date | None]:
    """Several rankings at once, by (kind, level): the questions to the database are as many as for one."""
    settle(scope.today)
    these = {"kind__in": kinds, "place__kind__in": levels, "place__mission__in": missions}
    now = _units(Rollup.objects.filter(on=scope.today, **these))
    earlier_on = Picture.objects.filter(on__lt=scope.today).aggregate(last=Max("on"))["last"]
    earlier = _units(Picture.objects.filter(on=earlier_on, **these)) if earlier_on else {}
    return {
        (kind, level): ranked(now.get((kind, level), []), earlier.get((kind, level), []))
        for kind in kinds
        for level in levels
    }, earlier_on


def _units(rows: QuerySet[Any]) -> dict[tuple[str, str], list[Unit]]:
    units: dict[tuple[str, str], list[Unit]] = {}
    columns = (
        "kind", "place__kind", "place_id", "place__name", "records", "filled", "possible", "place__lgd_code",
        "place__name_local",
    )  # fmt: skip
    for kind, level, *values in rows.values_list(*columns):
        units.setdefault((kind, level), []).append(Unit(*values))
    return units


def _unit(row: dict[str, Any]) -> Unit:
    return Unit(
        id=row["above_id"], name=row["above__name"], lgd_code=row["above__lgd_code"],
        records=row["records"], filled=row["filled"], possible=row["possible"], name_local=row["above__name_local"],
    )  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """A field that is missing on `count` of `records` profiles."""

    field: Field
    count: int
    records: int


@dataclass(frozen=True)
class Standings:
    """One place and kind: its sums and its gaps, most missing first."""

    kind: str
    records: int
    complete: int
    fresh: int
    filled: int
    possible: int
    gaps: list[Gap]


def standing(scope: Scope, *, place_id: int, kind: str) -> Standings:
    """How a place within the viewer's reach stands for one kind, with what is missing most."""
    return standings(scope, place_id=place_id)[kind]


def standings(scope: Scope, *, place_id: int) -> dict[str, Standings]:
    """How a place within the viewer's reach stands for each kind. Two queries, one more below a block."""
    settle(scope.today)
    rows: list[Any] = list(Rollup.objects.filter(place=place_id, on=scope.today))
    if not rows:
        below = Within.objects.on(scope.today).filter(above=place_id).values("below_id")
        rows = list(Standing.objects.filter(place__in=below))
    return {kind: _added_up(kind, [row for row in rows if row.kind == kind]) for kind in FIELDS}


def _added_up(kind: str, rows: Sequence[Sums]) -> Standings:
    missing: dict[str, int] = {}
    for row in rows:
        for key, count in row.missing.items():
            missing[key] = missing.get(key, 0) + count
    records = sum(row.records for row in rows)
    gaps = [Gap(field, missing[field.key], records) for field in FIELDS[kind] if missing.get(field.key)]
    return Standings(
        kind=kind,
        records=records,
        complete=sum(row.complete for row in rows),
        fresh=sum(row.fresh for row in rows),
        filled=sum(row.filled for row in rows),
        possible=sum(row.possible for row in rows),
        gaps=sorted(gaps, key=lambda gap: (-gap.count * gap.field.weight, gap.field.key)),
    )


def parts(scope: Scope, *, place_id: int, kind: str, level: str) -> list[Unit]:
    """The places of a level within a place, with their sums, weakest first."""
    settle(scope.today)
    inside = Within.objects.on(scope.today).filter(above=place_id).values("below_id")
    if level in rollups.LEVELS:
        kept = _units(Rollup.objects.filter(on=scope.today, kind=kind, place__kind=level, place__in=inside))
        return _weakest_first(kept.get((kind, level), []))
    rows = (
        Within.objects.on(scope.today)
        .filter(above__in=inside, above__kind=level, below__standings__kind=kind)
        .values("above_id", "above__name", "above__name_local", "above__lgd_code")
        .annotate(**_SUMS)
    )
    return _weakest_first([_unit(row) for row in rows])


def _weakest_first(units: list[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: (unit.share or 0, unit.name))


def mine_and_above(scope: Scope) -> set[int]:
    """The viewer's own places and everything they lie in: what is hers in a ranking."""
    roots = scope.place_roots("profiles.see")
    return set(Within.objects.on(scope.today).filter(below__in=roots).values_list("above_id", flat=True))


def reachable(scope: Scope, place_ids: Sequence[int]) -> set[int]:
    """Those of the places whose page the viewer may open."""
    return set(Place.objects.filter(pk__in=place_ids).seen_by(scope, "profiles.see").values_list("pk", flat=True))
