"""What to fill next in the profiles, and who should."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.utils.translation import gettext

from umeed.access.models import Posting
from umeed.core.scope import Scope
from umeed.institutions.models import Membership
from umeed.places.models import Place, Within
from umeed.profiles.fields import filled, records_of
from umeed.profiles.keeping import settle
from umeed.profiles.models import Standing
from umeed.profiles.queries import Gap
from umeed.profiles.rules import FIELDS


def _see(kind: str) -> str:
    return "women.see" if kind == "woman" else "institutions.see"


def in_reach(scope: Scope, *, kind: str, place_id: int | None) -> QuerySet[Any]:
    """The viewer's own records of a kind, in a place within her reach or (None) wherever she has any."""
    rows = records_of(kind, scope.today).seen_by(scope, _see(kind))
    if place_id is None:
        return rows
    return rows.filter(place__in=Within.objects.on(scope.today).filter(above=place_id).values("below_id"))


def gaps_in_reach(scope: Scope, *, kind: str) -> list[Gap]:
    """What is missing most on all records of a kind that the viewer sees: counted live, for those with few of them."""
    marks = {f"has_{key}": condition for key, condition in filled(kind, scope.today).items()}
    rows = list(in_reach(scope, kind=kind, place_id=None).annotate(**marks).values_list(*marks))
    missing = [len(rows) - sum(map(bool, column)) for column in zip(*rows, strict=True)] if rows else []
    gaps = [Gap(field, count, len(rows)) for field, count in zip(FIELDS[kind], missing, strict=False) if count]
    return sorted(gaps, key=lambda gap: (-gap.count * gap.field.weight, gap.field.key))


def to_fill(scope: Scope, *, place_id: int | None, kind: str, field: str = "") -> QuerySet[Any]:
    """The viewer's own records of a kind that lack a field (or any field), each with `has_<field>` for every field."""
    conditions = filled(kind, scope.today)
    marks = {f"has_{key}": condition for key, condition in conditions.items()}
    rows = in_reach(scope, kind=kind, place_id=place_id).annotate(**marks)
    if field:
        return rows.exclude(Q(conditions[field])).order_by("name", "pk")
    whole = Q()
    for condition in conditions.values():
        whole &= Q(condition)
    return rows.exclude(whole).order_by("name", "pk")


def page_to_fill(
    scope: Scope, *, place_id: int | None, kind: str, field: str, page: int, size: int
) -> tuple[list[Any], int]:
    """One page (the first is 1) of what is to be filled, and how many there are in all.

    In a place that the viewer reaches whole they come village by village: the kept counts tell how many there are and
    in which villages a page lies, so that only those are read. Else (few records) by name, all looked through.
    """
    first = (page - 1) * size
    if place_id is not None and _reaches(scope, place_id, kind):
        return _page_by_village(scope, _lacking(scope, place_id, kind, field), kind, field, first, size)
    rows = to_fill(scope, place_id=place_id, kind=kind, field=field).annotate(count_of_all=Window(Count("*")))
    rows = rows.select_related("place").only("name", "place__kind", "place__name", "place__name_local")
    found = list(rows[first : first + size])
    return found, found[0].count_of_all if found else 0


def _reaches(scope: Scope, place_id: int, kind: str) -> bool:
    """Whether the viewer sees all records of a kind in a place whose profile she sees."""
    if scope.implies("profiles.see", _see(kind)):
        return True
    return Place.objects.filter(pk=place_id).seen_by(scope, _see(kind)).exists()


def _lacking(scope: Scope, place_id: int, kind: str, field: str) -> list[tuple[int, int]]:
    """(village, how many of its records lack the field, or any field), by the village's name, from the kept counts."""
    settle(scope.today)
    below = Within.objects.on(scope.today).filter(above=place_id).values("below_id")
    rows = Standing.objects.filter(kind=kind, place__in=below).order_by("place__name", "place_id")
    counts = (
        (place, missing.get(field, 0) if field else records - complete)
        for place, records, complete, missing in rows.values_list("place_id", "records", "complete", "missing")
    )
    return [(place, count) for place, count in counts if count]


def _page_by_village(
    scope: Scope, lacking: Sequence[tuple[int, int]], kind: str, field: str, first: int, size: int
) -> tuple[list[Any], int]:
    ends = list(accumulate(count for _village, count in lacking))
    begins = [0, *ends[:-1]]
    wanted = [at for at, end in enumerate(ends) if end > first and begins[at] < first + size]
    if not wanted:
        return [], ends[-1] if ends else 0
    rows = to_fill(scope, place_id=None, kind=kind, field=field).filter(place__in=[lacking[at][0] for at in wanted])
    skipped = first - begins[wanted[0]]
    rows = rows.select_related("place").only("name", "place__kind", "place__name", "place__name_local")
    rows = rows.order_by("place__name", "place_id", "name", "pk")
    return list(rows[skipped : skipped + size]), ends[-1]


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


@dataclass(frozen=True)
class ToFill:
    """A record that lacks something: its group, what is missing in the reader's language, who should fill it."""

    record: Any
    group: Any
    missing: list[str]
    who: list[str]


def with_fillers(scope: Scope, records: Sequence[Any], *, kind: str, place_id: int | None) -> list[ToFill]:
    """A page of what is `to_fill`, with the titles of the missing fields and who should fill them. Three queries."""
    titles = {f"has_{field.key}": gettext(field.title) for field in FIELDS[kind]}
    by_id = {record.pk: record for record in records}
    groups = _groups(scope, list(by_id)) if kind == "woman" else by_id
    who = who_fills(scope, place_id=place_id, institution_ids=[group.pk for group in groups.values()])
    return [
        ToFill(
            record=record,
            group=groups.get(record.pk),
            missing=[title for mark, title in titles.items() if not getattr(record, mark)],
            who=who.get(getattr(groups.get(record.pk), "pk", None)) or who[None],
        )
        for record in records
    ]


def _groups(scope: Scope, woman_ids: Sequence[Any]) -> dict[Any, Any]:
    rows = Membership.objects.on(scope.today).filter(woman__in=woman_ids, kind="shg").select_related("institution")
    rows = rows.only("woman_id", "institution__name")
    return {row.woman_id: row.institution for row in rows}
