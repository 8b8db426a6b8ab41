"""Writes what the person consented to: new places kind by kind, then names, moves and ends, then the closure."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited, picture
from umeed.core.loads.layouts import CREATE, Progress, Verdict
from umeed.core.models import AuditChange
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal, hard
from umeed.places import bulk, closure, rules, ties
from umeed.places.actions.change import settle
from umeed.places.directory.allowance import Allowance
from umeed.places.directory.judging import TABLE
from umeed.places.directory.known import Known, Tree
from umeed.places.directory.plan import Plan, Spot
from umeed.places.directory.reading import PARENT_KINDS, Entry, Named
from umeed.places.models import Lying, Place, PlaceChange, PlaceName

_BATCH = 2000
_CENSUS = ("census_2001", "census_2011")
_PLACE = ("id", "mission_id", "kind", "lgd_code", "name", "name_local", *_CENSUS, "is_invented")
_LYING = ("place_id", "parent_id", "line", "during")
_NAME = ("place_id", "name", "name_local", "during")
_CHANGE = ("what", "on", "place_id", "says", "why", "load_id")


def write(verdicts: Iterable[Verdict], tree_of: Any, *, by: Scope, load_id: str, progress: Progress) -> None:
    """Apply verdicts inside the caller's transaction. `tree_of` reads the tree once the lock is held."""
    verdicts = list(verdicts)
    if not verdicts:
        return
    with audited(by=by, did="load_places") as trail:
        closure.lock()
        _Load(tree_of(verdicts), trail, load_id, progress).write(verdicts)


class _Load:
    """One load being written."""

    def __init__(self, tree: Tree, trail: Trail, load_id: str, progress: Progress) -> None:
        self.tree, self.trail, self.load_id, self.progress = tree, trail, load_id, progress
        self.plan = Plan(tree)
        self.allowance = Allowance(self.plan)
        self.touched: set[int] = set()
        self.told: list[PlaceChange] = []
        self.ties: list[ties.Tie] = []
        self.calls: list[ties.Call] = []
        self.ends: list[tuple[Known, datetime.date]] = []
        self.census: dict[int, Mapping[str, Any]] = {}

    def write(self, verdicts: Sequence[Verdict]) -> None:
        for verdict in verdicts:
            if verdict.what == CREATE:
                self._come(verdict.after)
            else:
                self._change(self.tree.places[int(verdict.subject_id)], verdict.after)
        self._make()
        self._call()
        self._tie()
        self._end()
        self._count_in_census()
        PlaceChange.objects.bulk_create(self.told, batch_size=_BATCH)
        settle(self.touched)
        self.progress(len(verdicts), len(verdicts), N_("Loaded"))

    # From verdicts to a plan -----------------------------------------------------------------------------------------

    def _come(self, after: Mapping[str, Any]) -> None:
        entry, on = entry_of(after), after["on"]
        district, reasons = self._district(entry, None)
        parents, more = self.plan.parents_of(entry, None, district, on)
        if wrong := hard([*reasons, *more]) or ([] if parents else [_left_out(entry.shown)]):
            raise Refused([_left_out(entry.shown), *wrong])
        outside = self.allowance.why_outside(entry.shown, [district.id if district else None])
        refuse_if([*outside, *self.allowance.why_not_new(entry.kind, entry.name, parents)])
        self.plan.come(entry, parents, on)

    def _district(self, entry: Entry, known: Known | None) -> tuple[Spot | None, list[Refusal]]:
        if entry.kind == rules.DISTRICT:
            return None, []
        return self.plan.district_of(entry, known)

    def _change(self, known: Known, after: Mapping[str, Any]) -> None:
        on = after["on"]
        refuse_if(self._why_not_hers(known, after))
        if after.get("ended"):
            self.ends.append((known, on))
            return
        if "name" in after or "name_local" in after:
            self.calls.append(ties.Call(known.id, after.get("name"), after.get("name_local"), on))
        if any(key in after for key in _CENSUS):
            self.census[known.id] = {key: after[key] for key in _CENSUS if key in after}
        self._move(known, after)

    def _why_not_hers(self, known: Known, after: Mapping[str, Any]) -> list[Refusal]:
        """What was allowed when the file was judged is allowed now, or nothing is written."""
        reasons = self.allowance.why_outside(known.name, [known.district_id])
        if after.get("ended"):
            return reasons + self.allowance.why_not_ended(known)
        if after.get("leaves_block") and not self.allowance.may_change(known):
            reasons += self.allowance.why_not_moved(known)
        return reasons + self.allowance.why_not_told(known, after)

    def _move(self, known: Known, after: Mapping[str, Any]) -> None:
        if any(f"{kind}_name" in after for kind in PARENT_KINDS):
            entry = entry_of({"kind": known.kind, "code": known.code, "name": known.name, **after})
            district, reasons = self._district(entry, known)
            parents, more = self.plan.parents_of(entry, known, district, after["on"])
            moved = {line: spot for line, spot in parents.items() if not self.plan.lies_in(known, line, spot)}
            outside = self.allowance.why_outside(known.name, [district.id] if district else [])
            refuse_if([*reasons, *more, *outside, *self.allowance.why_not_laid(known, moved)])
            for line, spot in moved.items():
                day = after["since"] if line not in known.parents and "since" in after else after["on"]
                self.ties.append(_To(known.id, line, spot, max(day, spot.began)))  # type: ignore[arg-type]
        if after.get("leaves_block"):
            self.ties.append(ties.Tie(known.id, rules.DEVELOPMENT, None, after["on"]))

    # From the plan to rows -------------------------------------------------------------------------------------------

    def _make(self) -> None:
        """New places, widest kind first, so that each parent has its id when its children are written."""
        spots = sorted(self.plan.came, key=lambda spot: rules.KINDS.index(spot.kind))
        for spot, place_id in zip(spots, bulk.next_ids(Place, len(spots)), strict=True):
            spot.id = place_id
        self.touched.update(spot.id for spot in spots if spot.id)
        mission = self.tree.mission.pk
        bulk.copy_in(Place, _PLACE, ([spot.id, mission, *_own(spot), False] for spot in spots))
        bulk.copy_in(Lying, _LYING, (row for spot in spots for row in _lyings(spot)))
        bulk.copy_in(PlaceName, _NAME, ([spot.id, *_named(spot), bulk.since_text(began(spot))] for spot in spots))
        told = ([PlaceChange.What.OPEN.value, began(spot), spot.id, "{}", "", self.load_id] for spot in spots)
        bulk.copy_in(PlaceChange, _CHANGE, told)
        self.trail.rows(AuditChange.CREATED, TABLE, (_noted(spot, mission) for spot in spots))
        self.progress(len(spots), len(spots), N_("Places are written"))

    def _call(self) -> None:
        for call, before in ties.call(self.calls, self.trail):
            says = {"from": before.name if before else "", "to": call.name}
            says |= {"from_local": before.name_local if before else "", "to_local": call.name_local}
            self._tell(PlaceChange.What.RENAME, call.place_id, call.on, says)
        ties.show_names_of({call.place_id for call in self.calls}, self.tree.by.today, self.trail)

    def _tie(self) -> None:
        names = {place.id: place.name for place in self.tree.places.values()}
        names |= {spot.id: spot.name for spot in self.plan.came if spot.id}
        wanted = [tie.tie() if isinstance(tie, _To) else tie for tie in self.ties]
        for one in ties.lay(wanted, self.trail):
            says = {"line": one.line, "from_id": one.from_id, "to_id": one.to_id}
            says |= {"from": names.get(one.from_id or 0, ""), "to": names.get(one.to_id or 0, "")}
            self._tell(PlaceChange.What.MOVE, one.place_id, one.on, says, other_id=one.to_id)
            self.touched.add(one.place_id)

    def _end(self) -> None:
        wanted = [ties.Tie(known.id, line, None, on) for known, on in self.ends for line in known.parents]
        for one in ties.lay(wanted, self.trail):
            says = {"line": one.line, "from_id": one.from_id}
            self._tell(PlaceChange.What.END, one.place_id, one.on, says)
            self.touched.add(one.place_id)

    def _count_in_census(self) -> None:
        places = Place.objects.in_bulk(list(self.census))
        before = {pk: picture(place) for pk, place in places.items()}
        for pk, place in places.items():
            for key, value in self.census[pk].items():
                setattr(place, key, value)
        Place.objects.bulk_update(places.values(), list(_CENSUS), batch_size=_BATCH)
        for pk, place in places.items():
            self.trail.changed(place, before[pk])

    def _tell(
        self, what: str, place_id: int, on: datetime.date, says: dict[str, Any], other_id: int | None = None
    ) -> None:
        self.told.append(
            PlaceChange(what=what, place_id=place_id, other_id=other_id, on=on, says=says, load_id=self.load_id)
        )


class _To(ties.Tie):
    """A tie to a place that may get its id only while this load is written."""

    parent_id: Any

    def tie(self) -> ties.Tie:
        return ties.Tie(self.place_id, self.line, self.parent_id.id, self.on)


def entry_of(after: Mapping[str, Any]) -> Entry:
    """The entry that a verdict's values stand for."""
    parents = {
        kind: Named(after.get(f"{kind}_code"), after[f"{kind}_name"])
        for kind in PARENT_KINDS
        if f"{kind}_name" in after
    }
    own = {key: after.get(key) or "" for key in ("name_local", *_CENSUS)}
    return Entry(after["kind"], "", 0, after["code"], after["name"], **own, parents=parents)


def _left_out(shown: str) -> Refusal:
    text = N_("%(place)s cannot be written, for it belongs to a row that is not loaded.")
    return Refusal(None, "needs_a_row", text, {"place": shown})


def began(spot: Spot) -> datetime.date:
    """A place's life begins when it first lies somewhere."""
    return min(max(spot.began, parent.began) for parent in spot.parents.values())


def _own(spot: Spot) -> list[Any]:
    entry = spot.entry
    assert entry is not None  # every spot that comes has the entry it comes from
    return [spot.kind, entry.code, entry.name, entry.name_local, entry.census_2001, entry.census_2011]


def _named(spot: Spot) -> list[str]:
    return [spot.name, spot.entry.name_local if spot.entry else ""]


def _lyings(spot: Spot) -> list[list[Any]]:
    return [
        [spot.id, parent.id, line, bulk.since_text(max(spot.began, parent.began))]
        for line, parent in spot.parents.items()
    ]


def _noted(spot: Spot, mission: str) -> tuple[str, None, dict[str, Any]]:
    after = dict(zip(_PLACE, [spot.id, mission, *_own(spot), False], strict=True))
    lies_in = {line: parent.name for line, parent in spot.parents.items()}
    return str(spot.id), None, {**after, "lies_in": lies_in, "since": began(spot).isoformat()}
