"""What others read about places: trees, breadcrumbs, options and columns, all for a viewer's scope and a day.

Every function states how many SQL queries it makes. `capability` is the reach that counts; seeing needs `places.see`.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils import timezone

from umeed.core.scope import Scope
from umeed.places import naming, rules
from umeed.places.models import Kind, Lying, Place, PlaceChange, PlaceName, PlaceTag, Within

SEE = "places.see"
LOAD = "places.load"


@dataclass(frozen=True)
class Crumb:
    """One step of a breadcrumb, from the State down."""

    id: int
    kind: str
    name: str
    name_local: str = ""

    @property
    def called(self) -> str:
        return naming.called(self.kind, self.name, self.name_local)


@dataclass(frozen=True)
class Child:
    """A place directly below another, with its name on the day."""

    id: int
    kind: str
    name: str
    name_local: str
    lgd_code: int | None
    is_invented: bool

    @property
    def called(self) -> str:
        return naming.called(self.kind, self.name, self.name_local)


@dataclass(frozen=True)
class Event:
    """One line of a place's history. `what` is a `PlaceChange.What`, or name, parent, tag: what only the rows tell.

    `other` is the place with which a change had to do.
    """

    on: datetime.date | None
    until: datetime.date | None
    what: str
    says: dict[str, Any]
    other: Place | None
    why: str


def seen_places(scope: Scope, *, on: datetime.date | None = None, capability: str = SEE) -> QuerySet[Place]:
    """Places that existed on a day and lie in the viewer's reach. A queryset; nothing is asked yet.

    On a past day also what lay in her reach then: the tree of that day is shown whole.
    """
    day = on or scope.today
    rows = Place.objects.filter(there_on(day))
    if scope.is_system or day == scope.today:
        return rows.seen_by(scope, capability)
    then = Within.objects.on(day).filter(above__in=scope.place_roots(capability)).values("below_id")
    return rows.filter(Q(pk__in=Within.in_reach(scope, capability)) | Q(pk__in=then))


def there_on(day: datetime.date) -> Exists:
    """Places that existed on a day. One that was merged still lies in others, and is itself no more."""
    return Exists(Within.objects.on(day).filter(above=OuterRef("pk"), below=OuterRef("pk")))


def place_seen(scope: Scope, place_id: int, *, capability: str = SEE) -> Place | None:
    """One place with its mission, or None when it lies outside the viewer's reach. At most two queries.

    A place that ended without a successor lies nowhere today; it is seen by whoever reaches where it last lay.
    """
    rows = Place.objects.select_related("mission").filter(pk=place_id)
    seen = rows.seen_by(scope, capability).first()
    if seen is not None or not scope.can(capability):
        return seen
    nowhere = ~Exists(Within.objects.on(scope.today).filter(below=OuterRef("pk")))
    ever = Within.objects.filter(above__in=scope.place_roots(capability)).values("below_id")
    return rows.filter(nowhere, pk__in=ever).first()


def roots_of(scope: Scope, *, on: datetime.date | None = None, capability: str = SEE) -> list[Place]:
    """The places at which the viewer's tree begins: her postings' places, or all States for the system.

    One query for the system; none for a viewer whose postings came with their places.
    """
    day = on or scope.today
    if scope.is_system:
        return list(seen_places(scope, on=day).filter(kind=Kind.STATE).order_by("name"))
    ids, known = scope.place_roots(capability), scope.memory.setdefault("places", {})
    if new := set(ids) - known.keys():
        known.update(Place.objects.in_bulk(new))
    return sorted({known[pk] for pk in ids}, key=lambda place: (place.name, place.pk))


def gone_places(scope: Scope) -> list[Place]:
    """The places of the viewer's postings that are no more: merged into another, or ended. One query, by name."""
    ids = [grant.place_id for grant in scope.grants if grant.place_id]
    return list(Place.objects.filter(~there_on(scope.today), pk__in=ids).order_by("name", "pk"))


def children_of(scope: Scope, place: Place, *, on: datetime.date | None = None) -> list[Child]:
    """What lay directly in a place on a day, by kind and name, in the names of that day. One query."""
    day = on or scope.today
    rows = (
        seen_places(scope, on=day)
        .filter(pk__in=_directly_in(place.pk, day))
        .annotate(name_then=name_on(day), local_then=name_on(day, "name_local"))
    )
    children = [
        Child(
            id=row.pk,
            kind=row.kind,
            name=row.name_then or row.name,
            name_local=row.local_then or "",
            lgd_code=row.lgd_code,
            is_invented=row.is_invented,
        )
        for row in rows
    ]
    return sorted(children, key=lambda child: (rules.KINDS.index(child.kind), child.name))


def _directly_in(place_id: int, day: datetime.date) -> QuerySet[Any]:
    return Lying.objects.on(day).filter(parent=place_id).exclude(line=rules.MERGED).values("place")


# {place: ((kind, how many of them lie in it), …)}, widest kind first
Below = dict[int, tuple[tuple[str, int], ...]]


def counts_below(place_ids: Sequence[int], day: datetime.date) -> Below:
    """For each place, how many places of each narrower kind lay in it on a day, widest kind first. One query."""
    rows = (
        Within.objects.on(day)
        .filter(above__in=place_ids)
        .exclude(below=F("above"))
        .filter(Exists(Within.objects.on(day).filter(above=OuterRef("below"), below=OuterRef("below"))))
        .values_list("above_id", "below__kind")
        .annotate(count=Count("below"))
    )
    found: dict[int, dict[str, int]] = {}
    for above_id, kind, count in rows:
        found.setdefault(above_id, {})[kind] = count
    return {
        above_id: tuple((kind, kinds[kind]) for kind in rules.KINDS if kind in kinds)
        for above_id, kinds in found.items()
    }


def ancestors(place_ids: Iterable[int], on: datetime.date) -> dict[int, tuple[Crumb, ...]]:
    """Breadcrumbs of many places on a day, from the State down to the place itself. One query.

    For places that the caller has already been allowed to see: the names of what lies above are no secret. Where a
    place lies in both lines, block and panchayat stand after the tehsil.
    """
    columns = ["below_id", "above_id", "above__kind", "above__name", "above__name_local"]
    rows = Within.objects.on(on).filter(below__in=set(place_ids))
    # Today's names stand on the place itself.
    if on < timezone.localdate():
        rows = rows.annotate(name_then=name_on(on, of="above"), local_then=name_on(on, "name_local", of="above"))
        columns += ["name_then", "local_then"]
    found: dict[int, list[Crumb]] = {}
    for below_id, above_id, kind, name, local, *then in rows.values_list(*columns):
        names = then if then and then[0] else (name, local)
        found.setdefault(below_id, []).append(Crumb(above_id, kind, *names))
    return {
        below_id: tuple(sorted(crumbs, key=lambda crumb: (rules.KINDS.index(crumb.kind), crumb.id != below_id)))
        for below_id, crumbs in found.items()
    }


def lines_of(place_ids: Iterable[int], on: datetime.date, *, least: str = Kind.DISTRICT) -> dict[int, str]:
    """Breadcrumbs in one line for lists, from `least` down, without the place itself: 'Anantnag › Breng'. One query."""
    first = rules.KINDS.index(least)
    return {
        place_id: " › ".join(
            crumb.called for crumb in crumbs if crumb.id != place_id and rules.KINDS.index(crumb.kind) >= first
        )
        for place_id, crumbs in ancestors(place_ids, on).items()
    }


def place_options(
    scope: Scope,
    kind: str | Sequence[str],
    *,
    capability: str = SEE,
    inside: int | None = None,
    on: datetime.date | None = None,
) -> QuerySet[Place]:
    """Places to choose from: of these kinds, existing on the day, in reach, inside a place if one is given. By name."""
    kinds = [kind] if isinstance(kind, str) else list(kind)
    if inside in scope.place_roots(capability) and on in (None, scope.today):
        # All that lies in one's own place today is in reach: that need not be asked once more.
        rows = Place.objects.filter(there_on(scope.today), pk__in=ids_within(inside, scope.today))
    else:
        rows = seen_places(scope, on=on, capability=capability)
        if inside is not None:
            rows = rows.filter(pk__in=ids_within(inside, on or scope.today))
    return rows.filter(kind__in=kinds).order_by("name", "pk")


def with_above(rows: QuerySet[Place], day: datetime.date) -> QuerySet[Place]:
    """Places with `above`, what each lies in directly (the development line first): namesakes are told apart.

    `above` has what `naming.called` takes, or is None.
    """
    above = Lying.objects.on(day).filter(place=OuterRef("pk")).exclude(line=rules.MERGED).order_by("line")
    names = JSONObject(kind="parent__kind", name="parent__name", local="parent__name_local")
    return rows.annotate(above=Subquery(above.values(names=names)[:1]))


def name_on(day: datetime.date, column: str = "name", *, of: str = "pk") -> Subquery:
    """What the place was called on a day, as an annotation; None before its first name."""
    rows = PlaceName.objects.on(day).filter(place=OuterRef(of))
    return Subquery(rows.values(column)[:1])


def ids_within(above: int | Sequence[int], day: datetime.date) -> QuerySet[Any]:
    """Ids of all that lay in a place (or in any of several) on a day, itself included: a subquery for `place__in`."""
    ids = [above] if isinstance(above, int) else list(above)
    return Within.objects.on(day).filter(above__in=ids).values("below")


def lost_villages(scope: Scope, *, capability: str = LOAD, inside: int | None = None) -> QuerySet[Place]:
    """Villages that lie in no block today. Two queries when read.

    With `places.load` a person of a block gets those of her whole district, for they are hers to place.
    """
    today = scope.today
    in_block = Within.objects.on(today).filter(below=OuterRef("pk"), above__kind=Kind.BLOCK)
    rows = Place.objects.filter(there_on(today), ~Exists(in_block), kind=Kind.VILLAGE)
    if capability == LOAD and not scope.is_system:
        rows = rows.filter(pk__in=ids_within(sorted(own_districts(scope, capability)), today))
    else:
        rows = rows.seen_by(scope, capability)
    if inside is not None:
        rows = rows.filter(pk__in=ids_within(inside, today))
    return rows.order_by("name", "pk")


def own_districts(scope: Scope, capability: str) -> set[int]:
    """Ids of the districts in which the viewer's postings lie, or which lie in them. One query."""
    today = Within.objects.on(scope.today)
    if scope.is_system:
        return set(Place.objects.filter(kind=Kind.DISTRICT).values_list("pk", flat=True))
    roots = scope.place_roots(capability)
    pairs = today.filter(
        Q(above__in=roots, below__kind=Kind.DISTRICT) | Q(below__in=roots, above__kind=Kind.DISTRICT)
    ).values_list("above_id", "above__kind", "below_id", "below__kind")
    return {
        place_id
        for above_id, above_kind, below_id, below_kind in pairs
        for place_id, kind in ((above_id, above_kind), (below_id, below_kind))
        if kind == Kind.DISTRICT
    }


def in_own_districts(scope: Scope, capability: str, place_ids: Sequence[int]) -> set[int]:
    """Those of the places that lie in the viewer's own districts today. Two queries."""
    districts = own_districts(scope, capability)
    rows = Within.objects.on(scope.today).filter(above__in=districts, below__in=place_ids)
    return set(rows.values_list("below_id", flat=True))


def history_of(scope: Scope, place: Place) -> list[Event]:
    """A place's life, newest first: changes as told, and the names, parents and tags it had. Four queries."""
    events = _told(place) + _names(place) + _parents(place) + _tags(place)
    return sorted(events, key=lambda event: (event.on or datetime.date.min, event.what), reverse=True)


def _told(place: Place) -> list[Event]:
    rows = PlaceChange.objects.filter(place=place).select_related("other")
    return [Event(row.on, None, row.what, row.says, row.other, row.why) for row in rows]


def _names(place: Place) -> list[Event]:
    return [
        Event(row.during.lower, row.during.upper, "name", {"name": row.name, "local": row.name_local}, None, "")
        for row in place.names.order_by("during")
    ]


def _parents(place: Place) -> list[Event]:
    return [
        Event(
            row.during.lower,
            row.during.upper,
            "parent",
            {"line": row.line, "kind": row.parent.kind, "to": row.parent.called},
            row.parent,
            "",
        )
        for row in place.lyings.select_related("parent").order_by("during")
    ]


def _tags(place: Place) -> list[Event]:
    return [
        Event(row.during.lower, row.during.upper, "tag", {"tag": row.tag, "source": row.source}, None, "")
        for row in place.tags.order_by("during")
    ]


def reachable(scope: Scope, place_ids: Iterable[int], *, capability: str = SEE) -> set[int]:
    """Those of the places that lie in the viewer's reach today. One query."""
    rows = Place.objects.filter(pk__in=set(place_ids)).seen_by(scope, capability)
    return set(rows.values_list("pk", flat=True))


def parents_on(place: Place, day: datetime.date) -> dict[str, Place]:
    """Where a place lay directly on a day, by line. One query."""
    rows = Lying.objects.on(day).filter(place=place).select_related("parent")
    return {row.line: row.parent for row in rows}


def parents_of(place_ids: Iterable[int], day: datetime.date) -> dict[int, tuple[tuple[str, Place], ...]]:
    """Where many places lay directly on a day, as (line, parent), the development line first. One query."""
    found: dict[int, tuple[tuple[str, Place], ...]] = {}
    rows = Lying.objects.on(day).filter(place__in=set(place_ids)).exclude(line=rules.MERGED)
    for row in rows.select_related("parent").order_by("line"):
        found[row.place_id] = (*found.get(row.place_id, ()), (row.line, row.parent))
    return found


def parent_options(scope: Scope, place: Place, line: str, *, capability: str) -> QuerySet[Place]:
    """Places of today in which a place could lie in a line, in reach: of its own State; panchayats of its own district.

    Ordered by kind and name. A queryset.
    """
    kinds = [kind for kind, its_line in rules.LINES[place.kind].items() if its_line == line]
    rows = place_options(scope, kinds, capability=capability).filter(mission=place.mission_id)
    district = Within.objects.on(scope.today).filter(below=place.pk, above__kind=Kind.DISTRICT).values("above")
    near = Within.objects.on(scope.today).filter(above__in=district).values("below")
    return rows.filter(~Q(kind=Kind.PANCHAYAT) | Q(pk__in=near)).exclude(pk=place.pk).order_by("kind", "name", "pk")


def siblings_of(scope: Scope, place: Place, *, capability: str) -> QuerySet[Place]:
    """Places of today of the same kind that lie in the same district (districts: in the same State). A queryset."""
    wider = Kind.STATE if place.kind == Kind.DISTRICT else Kind.DISTRICT
    above = Within.objects.on(scope.today).filter(below=place.pk, above__kind=wider).values("above")
    near = Within.objects.on(scope.today).filter(above__in=above).values("below")
    return place_options(scope, place.kind, capability=capability).filter(pk__in=near).exclude(pk=place.pk)


def tags_of(place_ids: Iterable[int], on: datetime.date) -> dict[int, tuple[PlaceTag, ...]]:
    """The tags that many places carried on a day. One query."""
    found: dict[int, tuple[PlaceTag, ...]] = {}
    for row in PlaceTag.objects.on(on).filter(place__in=set(place_ids)).order_by("tag"):
        found[row.place_id] = (*found.get(row.place_id, ()), row)
    return found


def life_of(place: Place) -> list[tuple[datetime.date | None, datetime.date | None]]:
    """The spans `[from, to)` in which a place existed. One query."""
    rows = Within.objects.filter(above=place, below=place).order_by("during").values_list("during", flat=True)
    return [(during.lower, during.upper) for during in rows]


def reach_ids(scope: Scope, capability: str) -> RawSQL:
    """Ids of all places in which the viewer holds a capability today, for `…__in=`."""
    return Within.in_reach(scope, capability)


def names_in_line(place_ids: Sequence[int]) -> str:
    """Names of places in one line, by name. One query."""
    return ", ".join(Place.objects.filter(pk__in=place_ids).order_by("name").values_list("name", flat=True))


def direct_children(place: Place, day: datetime.date) -> QuerySet[Place]:
    """What lay directly in a place on a day, in either line, by kind and name. A queryset."""
    return Place.objects.filter(pk__in=_directly_in(place.pk, day)).order_by("kind", "name", "pk")


def tehsils_with_lost(scope: Scope) -> list[Place]:
    """Tehsils in which villages of the viewer's districts lie that are in no block, by name. Two queries."""
    above = Within.objects.on(scope.today).filter(below__in=lost_villages(scope).order_by().values("pk"))
    return list(Place.objects.filter(kind=Kind.TEHSIL, pk__in=above.values("above")).order_by("name"))
