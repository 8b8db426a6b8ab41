"""Where each place stands in profile capture, how it moved, and what to fill next."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum, Window

from umeed.access.models import Posting
from umeed.core.scope import Scope
from umeed.institutions.models import Membership
from umeed.places.models import Place, Within
from umeed.profiles import rollups
from umeed.profiles.fields import filled, one_if, records_of
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
    roots = scope.place_roots("profiles.see")
    return sorted(set(Place.objects.filter(pk__in=roots).values_list("mission_id", flat=True)))


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
    columns = ("kind", "place__kind", "place_id", "place__name", "records", "filled", "possible", "place__lgd_code")
    for kind, level, *values in rows.values_list(*columns):
        units.setdefault((kind, level), []).append(Unit(*values))
    return units


def _unit(row: dict[str, Any]) -> Unit:
    return Unit(
        id=row["above_id"], name=row["above__name"], lgd_code=row["above__lgd_code"],
        records=row["records"], filled=row["filled"], possible=row["possible"],
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
    settle(scope.today)
    rows: list[Sums] = list(Rollup.objects.filter(kind=kind, place=place_id, on=scope.today))
    if not rows:
        below = Within.objects.on(scope.today).filter(above=place_id).values("below_id")
        rows = list(Standing.objects.filter(kind=kind, place__in=below))
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
        .values("above_id", "above__name", "above__lgd_code")
        .annotate(**_SUMS)
    )
    return _weakest_first([_unit(row) for row in rows])


def _weakest_first(units: list[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: (unit.share or 0, unit.name))


def record_counts(scope: Scope, *, place_id: int) -> dict[str, int]:
    """How many profiles of each kind there are in a place: {kind: records}."""
    settle(scope.today)
    kept = dict(Rollup.objects.filter(place=place_id, on=scope.today).values_list("kind", "records"))
    if kept:
        return kept
    below = Within.objects.on(scope.today).filter(above=place_id).values("below_id")
    rows = Standing.objects.filter(place__in=below).order_by().values_list("kind")
    return dict(rows.annotate(Sum("records")))


def in_reach(scope: Scope, *, kind: str, place_id: int | None) -> QuerySet[Any]:
    """The viewer's own records of a kind, in a place within her reach or (None) wherever she has any."""
    rows = records_of(kind, scope.today).seen_by(scope, "women.see" if kind == "woman" else "institutions.see")
    if place_id is None:
        return rows
    return rows.filter(place__in=Within.objects.on(scope.today).filter(above=place_id).values("below_id"))


def gaps_in_reach(scope: Scope, *, kind: str) -> list[Gap]:
    """What is missing most on all records of a kind that the viewer sees: counted live, for those with few of them."""
    marks = {f"has_{key}": one_if(condition) for key, condition in filled(kind, scope.today).items()}
    rows = list(in_reach(scope, kind=kind, place_id=None).annotate(**marks).values_list(*marks))
    missing = [len(rows) - sum(column) for column in zip(*rows, strict=True)] if rows else []
    gaps = [Gap(field, count, len(rows)) for field, count in zip(FIELDS[kind], missing, strict=False) if count]
    return sorted(gaps, key=lambda gap: (-gap.count * gap.field.weight, gap.field.key))


def to_fill(scope: Scope, *, place_id: int | None, kind: str, field: str = "") -> QuerySet[Any]:
    """The viewer's own records of a kind that lack a field (or any field), for the list of what to fill."""
    rows = in_reach(scope, kind=kind, place_id=place_id)
    conditions = filled(kind, scope.today)
    if field:
        return rows.exclude(Q(conditions[field])).order_by("name", "pk")
    whole = Q()
    for condition in conditions.values():
        whole &= Q(condition)
    return rows.exclude(whole).order_by("name", "pk")


def page_to_fill(
    scope: Scope, *, place_id: int | None, kind: str, field: str, page: int, size: int
) -> tuple[list[Any], int]:
    """One page (the first is 1) of `to_fill` and how many there are in all: counted on the way, in one look."""
    rows = to_fill(scope, place_id=place_id, kind=kind, field=field).annotate(count_of_all=Window(Count("*")))
    found = list(rows[(page - 1) * size : page * size])
    return found, found[0].count_of_all if found else 0


def who_fills(scope: Scope, *, place_id: int | None, institution_ids: Sequence[Any]) -> dict[Any, list[str]]:
    """Who should fill: the bookkeepers posted at each institution; under None those posted nearest around the place."""
    at: dict[Any, list[str]] = {}
    here = Posting.objects.on(scope.today).select_related("user").filter(user__is_active=True)
    for posting in here.filter(institution_id__in=institution_ids).order_by("user__name"):
        at.setdefault(posting.institution_id, []).append(str(posting.user))
    above = Within.objects.on(scope.today).filter(below=place_id).values("above_id")
    near = here.filter(place__in=above, role__in=("resource_person", "block_officer")).order_by("role", "user__name")
    at[None] = [str(posting.user) for posting in near[:3]] if place_id is not None else [scope.name]
    return at


def mine_and_above(scope: Scope) -> set[int]:
    """The viewer's own places and everything they lie in: what is hers in a ranking."""
    roots = scope.place_roots("profiles.see")
    return set(Within.objects.on(scope.today).filter(below__in=roots).values_list("above_id", flat=True))


def reachable(scope: Scope, place_ids: Sequence[int]) -> set[int]:
    """Those of the places whose page the viewer may open."""
    return set(Place.objects.filter(pk__in=place_ids).seen_by(scope, "profiles.see").values_list("pk", flat=True))


@dataclass(frozen=True)
class ToFill:
    """A record that lacks something: its address, what is missing, who should fill it."""

    record: Any
    group: Any
    missing: list[str]
    who: list[str]


def with_fillers(scope: Scope, records: Sequence[Any], *, kind: str, place_id: int | None) -> list[ToFill]:
    """A page of records with the titles of their missing fields and the people who should fill them. Four queries."""
    ids = [record.pk for record in records]
    missing = _missing_titles(scope, ids, kind)
    groups = _groups(scope, ids) if kind == "woman" else {record.pk: record for record in records}
    who = who_fills(scope, place_id=place_id, institution_ids=[group.pk for group in groups.values()])
    return [
        ToFill(
            record=record,
            group=groups.get(record.pk),
            missing=missing[record.pk],
            who=who.get(getattr(groups.get(record.pk), "pk", None)) or who[None],
        )
        for record in records
    ]


def _missing_titles(scope: Scope, ids: Sequence[Any], kind: str) -> dict[Any, list[str]]:
    conditions = filled(kind, scope.today)
    marks = {f"has_{key}": one_if(condition) for key, condition in conditions.items()}
    rows = records_of(kind, scope.today).filter(pk__in=ids).annotate(**marks).values("pk", *marks)
    return {row["pk"]: [field.title for field in FIELDS[kind] if not row[f"has_{field.key}"]] for row in rows}


def _groups(scope: Scope, woman_ids: Sequence[Any]) -> dict[Any, Any]:
    rows = Membership.objects.on(scope.today).filter(woman__in=woman_ids, kind="shg").select_related("institution")
    return {row.woman_id: row.institution for row in rows}
