"""The tree as a load finds it: one mission's places of today by code and by name, read in a few queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F

from umeed.core.scope import Scope
from umeed.places import queries, rules
from umeed.places.models import Kind, Lying, Mission, Place, Within
from umeed.places.naming import fold

LOAD = "places.load"


@dataclass
class Known:
    """A place of the tree. `parents` are today's by line; `began` is None when it does not exist today."""

    id: int
    kind: str
    code: int | None
    name: str
    name_local: str
    census_2001: str
    census_2011: str
    parents: dict[str, int] = field(default_factory=dict)
    district_id: int | None = None
    began: datetime.date | None = None


class Tree:
    """One mission's places, and what the person may load among them."""

    def __init__(self, mission: Mission, by: Scope) -> None:
        self.mission, self.by = mission, by
        self.places = {place.id: place for place in _places(mission)}
        self._lay(by.today)
        self.by_code = {(place.kind, place.code): place for place in self.places.values() if place.code}
        self.by_name: dict[tuple[str, int | None, str], list[Known]] = {}
        for place in self.places.values():
            if place.began:
                self.by_name.setdefault((place.kind, place.district_id, fold(place.name)), []).append(place)
        self.state = next((place for place in self.places.values() if place.kind == rules.STATE), None)
        self.mine = queries.own_districts(by, LOAD)
        self.whole_state = by.is_system or (self.state is not None and self.state.id in by.place_roots(LOAD))
        self._reached: dict[str, frozenset[int]] = {}
        self.taken = _codes_taken(mission, self.places.values())
        # Invented places have no code: beside them a directory's first list is still the first.
        listed = [place for place in self.places.values() if place.began and place.code]
        self.filled = {(place.district_id, place.kind) for place in listed}

    def _lay(self, today: datetime.date) -> None:
        """Parents, districts and lives of today. No joins: right after a first load their plans would be guesswork."""
        for place_id, line, parent_id in Lying.objects.on(today).values_list("place_id", "line", "parent_id"):
            if place_id in self.places:
                self.places[place_id].parents[line] = parent_id
        here = Within.objects.on(today)
        for place_id, during in here.filter(above=F("below")).values_list("below_id", "during"):
            if place_id in self.places:
                self.places[place_id].began = during.lower
        districts = [place.id for place in self.places.values() if place.kind == rules.DISTRICT]
        for place_id, district_id in here.filter(above__in=districts).values_list("below_id", "above_id"):
            self.places[place_id].district_id = district_id

    def named(self, kind: str, name: str, district_id: int | None) -> list[Known]:
        """Places of a kind with a name, in a district (districts themselves: in the whole mission)."""
        if kind == rules.DISTRICT:
            spelt = fold(name)
            return [
                place
                for place in self.places.values()
                if place.kind == kind and place.began and spelt in spellings(place)
            ]
        return self.by_name.get((kind, district_id, fold(name)), [])

    def may_load(self, district_id: int | None) -> bool:
        return self.whole_state or district_id in self.mine

    def reaches(self, capability: str, place_id: int) -> bool:
        """Whether the person has a capability at a place today. One query for each capability of who has not all."""
        if self.by.is_system or (self.state is not None and self.state.id in self.by.place_roots(capability)):
            return True
        if capability not in self._reached:
            mine = Place.objects.filter(mission=self.mission).seen_by(self.by, capability)
            self._reached[capability] = frozenset(mine.values_list("pk", flat=True))
        return place_id in self._reached[capability]


def spellings(place: Known) -> set[str]:
    """The folded names by which a directory may call a place without renaming it."""
    from umeed.places.facts import also_called

    return {fold(name) for name in (place.name, *also_called(place.kind, place.code))}


def _codes_taken(mission: Mission, places: Iterable[Known]) -> set[tuple[str, int | None]]:
    """Codes that a new tehsil, block or panchayat cannot have: of places that ended, or of another mission's."""
    kinds = (Kind.TEHSIL, Kind.BLOCK, Kind.PANCHAYAT)
    theirs = Place.objects.filter(kind__in=kinds, lgd_code__isnull=False).exclude(mission=mission)
    ended = {(place.kind, place.code) for place in places if place.code and not place.began}
    return ended | set(theirs.values_list("kind", "lgd_code"))


def _places(mission: Mission) -> Iterable[Known]:
    rows = Place.objects.filter(mission=mission).values_list(
        "pk", "kind", "lgd_code", "name", "name_local", "census_2001", "census_2011"
    )
    return (Known(*row) for row in rows)


def mission_for(codes: Iterable[tuple[str, int]], by: Scope) -> Mission | None:
    """The mission that a file is about: the one in reach with most of its districts, else the only one in reach."""
    reach = _missions_in_reach(by)
    districts = {code for kind, code in codes if kind == rules.DISTRICT}
    owned = Place.objects.filter(kind=Kind.DISTRICT, lgd_code__in=districts).values_list("mission_id", flat=True)
    votes = sorted(owned, key=list(owned).count)
    known = [mission for mission in reach if votes and mission.pk == votes[-1]]
    if known:
        return known[0]
    return reach[0] if len(reach) == 1 else None


def _missions_in_reach(by: Scope) -> list[Mission]:
    if by.is_system:
        return list(Mission.objects.order_by("pk"))
    return list(Mission.objects.filter(places__in=by.place_roots(LOAD)).distinct().order_by("pk"))


def codes_elsewhere(kind: str, codes: Iterable[int], mission: Mission) -> dict[int, str]:
    """Which of the codes belong to places of other missions, with the State in which those lie."""
    rows = Place.objects.filter(kind=kind, lgd_code__in=set(codes)).exclude(mission=mission)
    return dict(rows.values_list("lgd_code", "mission__name"))
