"""Judges a directory's entries against the tree: new, renamed, moved, known already, gone, refused. Writes nothing."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from umeed.core.loads.layouts import CHANGE, CREATE, LEAVE, REFUSE, Verdict
from umeed.kernel.refusals import N_, Refusal, hard, warning
from umeed.places import rules
from umeed.places.actions.change import KIND_NAMES, foreign_relations
from umeed.places.directory.allowance import Allowance
from umeed.places.directory.columns import URBAN
from umeed.places.directory.known import Known, Tree, codes_elsewhere, spellings
from umeed.places.directory.plan import Plan, Spot
from umeed.places.directory.reading import PARENT_KINDS, Entry
from umeed.places.models import Lying, Place
from umeed.places.naming import fold

TABLE = Place._meta.db_table
# Keys in `after` of what changes its place in the tree: from one place to another, or told for the first time.
MOVED, PLACED = "moved", "placed"
_WHOLE_LIST = 0.9
_CENSUS = ("census_2001", "census_2011")


@dataclass(frozen=True)
class Terms:
    """What the person chose beside the file. `on` None: today, and the mission's first day for a first list."""

    on: datetime.date | None = None
    end_gone: bool = False
    only_known: bool = False


class Judge:
    """One file's judging. Entries come widest kind first, each kind in the file's order."""

    def __init__(self, tree: Tree, entries: Sequence[Entry], terms: Terms) -> None:
        self.tree, self.entries, self.terms = tree, entries, terms
        self.plan = Plan(tree)
        self.allowance = Allowance(self.plan)
        self.today = tree.by.today
        self.first_row: dict[tuple[str, int], int] = {}
        self.covered: dict[str, set[int]] = {}
        self.elsewhere = {
            kind: codes_elsewhere(
                kind, [each.code for each in entries if each.kind == kind and each.code], tree.mission
            )
            for kind in {each.kind for each in entries}
        }

    def verdicts(self) -> Iterator[Verdict]:
        for entry in self.entries:
            yield self.verdict(entry)
        if not self.terms.only_known:
            yield from Gone(self).verdicts()

    def verdict(self, entry: Entry) -> Verdict:
        if entry.kind == URBAN:
            text = N_("Urban bodies are left out: the mission's tree is rural.")
            return _said(entry, LEAVE, [warning(None, "urban", text)])
        known = self.tree.by_code.get((entry.kind, entry.code or 0))
        district, reasons = self._in_district(entry, known)
        reasons = [*entry.reasons, *self._why_not(entry, known), *reasons]
        if hard(reasons):
            return _said(entry, REFUSE, reasons)
        self.covered.setdefault(entry.kind, set()).add(district.id if district and district.id else 0)
        return self._changed(entry, known, district) if known else self._new(entry, district)

    def _in_district(self, entry: Entry, known: Known | None) -> tuple[Spot | None, list[Refusal]]:
        if entry.kind == rules.DISTRICT:
            outside = self.allowance.why_outside(entry.shown, [known.id if known else None])
            return (self.plan.spot(known) if known else None), outside
        district, reasons = self.plan.district_of(entry, known)
        here = [district.id] if district else []
        here += [known.district_id] if known else []
        return district, [*reasons, *self.allowance.why_outside(entry.shown, here)]

    def _why_not(self, entry: Entry, known: Known | None) -> list[Refusal]:
        """What is wrong with the row before one asks what it would change."""
        reasons = rules.why_not_on(self.terms.on, self.today) if self.terms.on else []
        if entry.code is None:
            if not any(reason.code == "not_a_code" for reason in entry.reasons):
                reasons.append(Refusal("code", "no_code", N_("The row has no code.")))
            return reasons
        reasons += self._why_not_this_code(entry, known)
        if known is not None and known.began is None:
            text = N_("%(place)s has ended here. A place that ended does not come back by a list.")
            reasons.append(Refusal("code", "place_ended", text, {"place": known.name}))
        if known is None and self.terms.only_known:
            reasons.append(Refusal("code", "unknown_village", N_("No village with this code is known here.")))
        if entry.name or not (known or self.terms.only_known):
            reasons += rules.why_not_name(entry.name)
        return reasons

    def _why_not_this_code(self, entry: Entry, known: Known | None) -> list[Refusal]:
        key = (entry.kind, entry.code or 0)
        before = self.first_row.setdefault(key, entry.number)
        reasons = []
        if before != entry.number:
            text = N_("The code %(code)s stands in row %(row)s already.")
            reasons.append(Refusal("code", "code_twice", text, {"code": entry.code, "row": before}))
        state = self.tree.state
        stranger = self.elsewhere[entry.kind].get(entry.code or 0)
        if stranger or (entry.state_code and state and entry.state_code != state.code):
            text = N_("The code %(code)s belongs to another State.")
            reasons.append(Refusal("code", "other_state", text, {"code": entry.code}))
        for kind in rules.KINDS:
            other = self.tree.by_code.get((kind, entry.code or 0))
            if known is None and other and kind != entry.kind and fold(other.name) == fold(entry.name):
                text = N_("The code %(code)s is that of another kind of place: %(kind)s %(name)s.")
                named = {"code": entry.code, "kind": KIND_NAMES[kind], "name": other.name}
                reasons.append(Refusal("code", "code_of_other_kind", text, named))
        return reasons

    # New places ----------------------------------------------------------------------------------------------------

    def first_day(self, kind: str, district: Spot | None) -> datetime.date:
        """From when a new place exists: what the person said; else the first day for a first list, or today."""
        if self.terms.on:
            return self.terms.on
        if kind == rules.DISTRICT:
            listed = any(each == kind for _district, each in self.tree.filled)
        else:
            listed = district is not None and (district.id, kind) in self.tree.filled
        return self.today if listed else self.tree.mission.opened_on

    def _new(self, entry: Entry, district: Spot | None) -> Verdict:
        on = self.first_day(entry.kind, district)
        parents, reasons = self.plan.parents_of(entry, None, district, on)
        reasons += self.allowance.why_not_new(entry.kind, entry.name, parents)
        if hard(reasons) or not parents:
            return _said(entry, REFUSE, reasons)
        self.plan.come(entry, parents, on)
        return _said(entry, CREATE, reasons, after=create_values(entry, parents, on))

    # Known places --------------------------------------------------------------------------------------------------

    def _changed(self, entry: Entry, known: Known, district: Spot | None) -> Verdict:
        on = self.terms.on or self.today
        parents, reasons = self.plan.parents_of(entry, known, district, on)
        before, after = self._renamed(entry, known)
        moved = {line: spot for line, spot in parents.items() if not self.plan.lies_in(known, line, spot)}
        reasons += self._why_not_moved(known, moved)
        reasons += [*self.allowance.why_not_told(known, after), *self.allowance.why_not_laid(known, moved)]
        if hard(reasons):
            return _said(entry, REFUSE, reasons)
        for line, spot in moved.items():
            was, told = self._moved(known, line, spot)
            before, after = {**before, **was}, {**after, **told}
        if self._leaves_block(known, moved):
            text = N_("Its block lies in the old district, so it lies in no block until somebody says in which.")
            reasons.append(warning(None, "leaves_block", text))
            before, after = {**before, "leaves_block": False}, {**after, "leaves_block": True}
        if not after:
            return _said(entry, LEAVE, [], known=known)
        return _said(entry, CHANGE, reasons, known, before, {**after, **self._days(known, moved, on)})

    def _days(self, known: Known, moved: Mapping[str, Spot], on: datetime.date) -> dict[str, datetime.date]:
        """`on` for what changes; `since` for a line that was unknown so far and is told for the whole past."""
        days = {"on": on}
        first = [spot for line, spot in moved.items() if line not in known.parents]
        if first and self.terms.on is None and known.began:
            days["since"] = max([known.began, *(spot.began for spot in first)])
        return days

    def _renamed(self, entry: Entry, known: Known) -> tuple[dict[str, Any], dict[str, Any]]:
        """Names and census codes that differ, before and after. Case and signs alone rename nothing."""
        after: dict[str, Any] = {}
        if entry.name and fold(entry.name) not in spellings(known):
            after["name"] = entry.name
        if entry.name_local and entry.name_local != known.name_local:
            after["name_local"] = entry.name_local
        for key in _CENSUS:
            if getattr(entry, key) and getattr(entry, key) != getattr(known, key):
                after[key] = getattr(entry, key)
        return {key: getattr(known, key) for key in after}, after

    def _why_not_moved(self, known: Known, moved: Mapping[str, Spot]) -> list[Refusal]:
        """A village that leaves its district by the block alone would lie in two districts."""
        spot, other = moved.get(rules.DEVELOPMENT), self.plan.spot(known).parents.get(rules.REVENUE)
        if known.kind != rules.VILLAGE or spot is None or other is None or rules.REVENUE in moved:
            return []
        if spot.own_district is other.own_district:
            return []
        text = N_("Its tehsil lies in %(district)s here. Load the list of villages with their tehsils first.")
        named = {"district": other.own_district.name if other.own_district else ""}
        return [Refusal("block_code", "two_districts", text, named)]

    def _leaves_block(self, known: Known, moved: Mapping[str, Spot]) -> bool:
        spot, block = moved.get(rules.REVENUE), self.plan.spot(known).parents.get(rules.DEVELOPMENT)
        if known.kind != rules.VILLAGE or spot is None or block is None or rules.DEVELOPMENT in moved:
            return False
        return block.own_district is not spot.own_district

    def _moved(self, known: Known, line: str, spot: Spot) -> tuple[dict[str, Any], dict[str, Any]]:
        """Where a place lies in a line and where it is to lie; to be told more closely is no move."""
        now, after = self.plan.spot(known).parents.get(line), spot_values(spot)
        was = spot_values(now) if now else {}
        how = PLACED if self.plan.told_more_closely(known, line, spot) else MOVED
        return {key: was[key] for key in after if key in was}, {**after, how: True}


class Gone:
    """Places of a kind that the file does not name, in the districts that it lists as a whole."""

    def __init__(self, judge: Judge) -> None:
        self.judge, self.tree, self.terms = judge, judge.tree, judge.terms
        self.named = {(entry.kind, entry.code) for entry in judge.entries}

    def verdicts(self) -> Iterator[Verdict]:
        missing = [place for kind in self.judge.covered for place in self._missing(kind)]
        held = self._held({place.id for place in missing}) if self.terms.end_gone else set()
        for place in missing:
            yield self._verdict(place, place.id in held)

    def _missing(self, kind: str) -> list[Known]:
        """A file that names fewer than nine tenths of a district's places is no list of it: then nothing is gone."""
        listed: Counter[int] = Counter()
        missing: dict[int, list[Known]] = {}
        for place in self.tree.places.values():
            home = 0 if kind == rules.DISTRICT else place.district_id or 0
            if place.kind != kind or not place.began or not place.code or not self._covers(kind, home):
                continue
            if (kind, place.code) in self.named:
                listed[home] += 1
            else:
                missing.setdefault(home, []).append(place)
        return [
            place
            for home, places in missing.items()
            if listed[home] >= _WHOLE_LIST * (listed[home] + len(places))
            for place in sorted(places, key=lambda place: place.name)
        ]

    def _covers(self, kind: str, home: int) -> bool:
        return self.tree.whole_state if kind == rules.DISTRICT else home in self.judge.covered[kind]

    def _held(self, ids: set[int]) -> set[int]:
        """Those that hold records or other places."""
        held = set(Lying.objects.filter(parent__in=ids, during__endswith=None).values_list("parent_id", flat=True))
        for relation in foreign_relations():
            column = relation.field.attname
            rows = relation.related_model._base_manager.filter(**{f"{column}__in": ids})
            held |= set(rows.values_list(column, flat=True).distinct())
        return held

    def _verdict(self, place: Known, held: bool) -> Verdict:
        sheet = next(entry.sheet for entry in self.judge.entries if entry.kind == place.kind)
        entry = Entry(place.kind, sheet, 0, place.code, place.name)
        on = self.terms.on or self.judge.today
        if not self.terms.end_gone:
            text = N_("Known here, but not in the file. It stays as it is.")
            return _said(entry, LEAVE, [warning(None, "not_in_file", text)], known=place)
        if held:
            text = N_("Not in the file, but records or places belong to it. Merge it into another place instead.")
            return _said(entry, LEAVE, [warning(None, "gone_but_held", text)], known=place)
        if not self.judge.allowance.may_change(place):
            text = N_("Not in the file. Somebody who may change places has to end it.")
            return _said(entry, LEAVE, [warning(None, "gone_not_yours", text)], known=place)
        text = N_("Not in the file. It will be ended on %(date)s.")
        reasons = [warning(None, "will_end", text, {"date": on})]
        return _said(entry, CHANGE, reasons, place, {"ended": False}, {"ended": True, "on": on})


def create_values(entry: Entry, parents: Mapping[str, Spot], on: datetime.date) -> dict[str, Any]:
    """Everything that writing needs to know about a new place, under the columns' own keys."""
    values: dict[str, Any] = {"kind": entry.kind, "code": entry.code, "name": entry.name}
    values |= {key: getattr(entry, key) for key in ("name_local", *_CENSUS) if getattr(entry, key)}
    for spot in parents.values():
        values |= spot_values(spot)
    return {**values, "on": on}


def spot_values(spot: Spot) -> dict[str, Any]:
    """A parent under the columns' keys, with its block and district, so that it is found or made again in writing."""
    values: dict[str, Any] = {}
    wider = [spot, *(each for each in spot.parents.values() if each.kind in PARENT_KINDS), spot.own_district]
    for each in wider:
        if each is not None and each.kind in PARENT_KINDS:
            values |= {f"{each.kind}_code": each.code, f"{each.kind}_name": each.name}
    return values


def _said(
    entry: Entry,
    what: str,
    reasons: Sequence[Refusal],
    known: Known | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Verdict:
    return Verdict(
        sheet=entry.sheet,
        number=entry.number,
        what=what,
        shown=entry.shown if entry.name or not known else f"{known.name} ({known.code})",
        reasons=tuple(reasons),
        table=TABLE if known else "",
        subject_id=str(known.id) if known else "",
        before=before or {},
        after=after or {},
    )
