"""Finds the places that rows name, among those of the tree and those that come with the file itself.

Judging and writing walk through the same rows with the same plan, so that what was shown is what is written.
"""

import datetime
from dataclasses import dataclass, field

from umeed.kernel.refusals import N_, Refusal, warning
from umeed.places import rules
from umeed.places.actions.change import KIND_NAMES
from umeed.places.directory.known import Known, Tree
from umeed.places.directory.reading import Entry, Named
from umeed.places.naming import fold


@dataclass(eq=False)
class Spot:
    """A place that others can lie in: of the tree (`id`) or coming with the file. A district is its own `district`."""

    kind: str
    name: str
    code: int | None
    began: datetime.date
    id: int | None = None
    district: "Spot | None" = None
    parents: dict[str, "Spot"] = field(default_factory=dict)
    entry: Entry | None = None

    @property
    def own_district(self) -> "Spot | None":
        return self if self.kind == rules.DISTRICT else self.district


class Plan:
    """The tree and what comes, found by code or by name. `came` are the new places in the order of making them."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.came: list[Spot] = []
        self._of_known: dict[int, Spot] = {}
        self._came_by_code: dict[tuple[str, int], Spot] = {}
        self._came_by_name: dict[tuple[str, Spot | None, str], Spot] = {}

    def spot(self, known: Known) -> Spot:
        """The spot of a place of the tree."""
        if known.id not in self._of_known:
            spot = Spot(known.kind, known.name, known.code, known.began or self.tree.mission.opened_on, known.id)
            self._of_known[known.id] = spot
            district = self.tree.places.get(known.district_id or 0)
            spot.district = self.spot(district) if district and district is not known else None
            spot.parents = {line: self.spot(self.tree.places[each]) for line, each in known.parents.items()}
        return self._of_known[known.id]

    def come(self, entry: Entry, parents: dict[str, Spot], on: datetime.date) -> Spot:
        """Let a new place come, lying in `parents` by line, from a day on."""
        district = next((each.own_district for each in parents.values() if each.own_district), None)
        spot = Spot(entry.kind, entry.name, entry.code, on, None, district, parents, entry)
        self.came.append(spot)
        if entry.code:
            self._came_by_code[entry.kind, entry.code] = spot
        self._came_by_name.setdefault((entry.kind, district, fold(entry.name)), spot)
        return spot

    def find(self, kind: str, named: Named, district: Spot | None) -> Spot | None:
        """The one place of a kind that is named by code, or else by its name in a district; None when there is none."""
        if named.code is not None:
            known = self.tree.by_code.get((kind, named.code))
            return self.spot(known) if known and known.began else self._came_by_code.get((kind, named.code))
        found = self.tree.named(kind, named.name, district.id if district else None)
        if len(found) == 1:
            return self.spot(found[0])
        return None if found else self._came_by_name.get((kind, district, fold(named.name)))

    def lies_in(self, known: Known, line: str, spot: Spot) -> bool:
        """Whether a place lies there already; a village in a panchayat of the block lies in the block."""
        now = self.spot(known).parents.get(line)
        if now is spot:
            return True
        through = now.parents.get(rules.DEVELOPMENT) if now and now.kind == rules.PANCHAYAT else None
        return known.kind == rules.VILLAGE and spot.kind == rules.BLOCK and through is spot

    def told_more_closely(self, known: Known, line: str, spot: Spot) -> bool:
        """Whether lying there is no move: told for the first time, or told more closely than so far."""
        now = self.spot(known).parents.get(line)
        return now is None or now in spot.parents.values()

    def district_of(self, entry: Entry, known: Known | None) -> tuple[Spot | None, list[Refusal]]:
        """The district that a row is about; with the reasons why it cannot be told."""
        named = entry.parent(rules.DISTRICT)
        if named:
            spot = self.find(rules.DISTRICT, named, None)
            return (spot, []) if spot else (None, [_unknown(rules.DISTRICT, named)])
        if known is not None and known.district_id is not None:
            return self.spot(self.tree.places[known.district_id]), []
        for kind in (rules.TEHSIL, rules.BLOCK, rules.PANCHAYAT):
            spot = self.find(kind, entry.parent(kind), None) if entry.parent(kind).code else None
            if spot is not None and spot.district is not None:
                return spot.district, []
        return None, [Refusal("district_code", "which_district", N_("The row does not say in which district it lies."))]

    def parents_of(
        self, entry: Entry, known: Known | None, district: Spot | None, on: datetime.date
    ) -> tuple[dict[str, Spot], list[Refusal]]:
        """Where a row wants its place to lie, by line. What it does not say is missing, except for a new place."""
        if entry.kind == rules.DISTRICT:
            return ({rules.DEVELOPMENT: self.spot(self.tree.state)} if self.tree.state else {}), []
        if entry.kind in (rules.TEHSIL, rules.BLOCK):
            return {rules.line_of(entry.kind, rules.DISTRICT) or "": district} if district else {}, []
        wanted, reasons = _Wanted(self, entry, district, on), []
        parents = wanted.of_panchayat(known) if entry.kind == rules.PANCHAYAT else wanted.of_village(known)
        reasons = wanted.reasons
        for spot in parents.values():
            if spot.own_district is not district and spot.own_district is not None:
                text = N_("%(parent)s lies in %(district)s here. Load the list it belongs to first.")
                named = {"parent": spot.name, "district": spot.own_district.name}
                reasons.append(Refusal(f"{spot.kind}_code", "other_district", text, named))
        return parents, reasons


class _Wanted:
    """Where one row wants its place to lie; makes tehsils, blocks and panchayats come that the row brings along."""

    def __init__(self, plan: Plan, entry: Entry, district: Spot | None, on: datetime.date) -> None:
        self.plan, self.entry, self.district, self.on = plan, entry, district, on
        self.reasons: list[Refusal] = []

    def of_village(self, known: Known | None) -> dict[str, Spot]:
        parents: dict[str, Spot] = {}
        tehsil = self._found_or_new(rules.TEHSIL, {rules.REVENUE: self.district})
        if tehsil or (known is None and self.district and not self.entry.parent(rules.TEHSIL)):
            parents[rules.REVENUE] = tehsil or self.district  # type: ignore[assignment]
        block = self._found_or_new(rules.BLOCK, {rules.DEVELOPMENT: self.district})
        block = block or self._block_now(known)
        panchayat = self._panchayat(block)
        if panchayat is not None:
            parents[rules.DEVELOPMENT] = panchayat
        elif block is not None and self.entry.parent(rules.BLOCK):
            parents[rules.DEVELOPMENT] = block
        return parents

    def of_panchayat(self, known: Known | None) -> dict[str, Spot]:
        block = self._found_or_new(rules.BLOCK, {rules.DEVELOPMENT: self.district})
        if block is None and known is None and not self.reasons:
            text = N_("The row does not say in which block the panchayat lies.")
            self.reasons.append(Refusal("block_code", "which_block", text))
        return {rules.DEVELOPMENT: block} if block else {}

    def _block_now(self, known: Known | None) -> Spot | None:
        """The block in which the village lies already."""
        spot = self.plan.spot(known).parents.get(rules.DEVELOPMENT) if known else None
        if spot is not None and spot.kind == rules.PANCHAYAT:
            spot = spot.parents.get(rules.DEVELOPMENT)
        return spot

    def _panchayat(self, block: Spot | None) -> Spot | None:
        named = self.entry.parent(rules.PANCHAYAT)
        if not named:
            return None
        spot = self.plan.find(rules.PANCHAYAT, named, self.district)
        if spot is None and block is None:
            self.reasons.append(_unknown(rules.PANCHAYAT, named))
            return None
        if spot is None:
            return self._new(rules.PANCHAYAT, named, {rules.DEVELOPMENT: block})
        lies_in = spot.parents.get(rules.DEVELOPMENT)
        if block is not None and self.entry.parent(rules.BLOCK) and lies_in is not block and lies_in is not None:
            text = N_("The panchayat %(panchayat)s lies in the block %(block)s here.")
            named_so = {"panchayat": spot.name, "block": lies_in.name}
            self.reasons.append(Refusal("panchayat_code", "other_block", text, named_so))
        return spot

    def _found_or_new(self, kind: str, parents: dict[str, Spot | None]) -> Spot | None:
        named = self.entry.parent(kind)
        if not named:
            return None
        spot = self.plan.find(kind, named, self.district)
        if spot is None and named.code and named.name and all(parents.values()):
            return self._new(kind, named, parents)
        if spot is None:
            self.reasons.append(_unknown(kind, named))
        return spot

    def _new(self, kind: str, named: Named, parents: dict[str, Spot | None]) -> Spot | None:
        if wrong := rules.why_not_name(named.name):
            self.reasons += [reason.on(f"{kind}_name") for reason in wrong]
            return None
        if (kind, named.code) in self.plan.tree.taken:
            text = N_("The code %(code)s is that of a place which ended here, or of another mission's.")
            self.reasons.append(Refusal(f"{kind}_code", "code_of_another", text, {"code": named.code}))
            return None
        entry = Entry(kind, self.entry.sheet, self.entry.number, named.code, named.name)
        began = max([self.on, *(parent.began for parent in parents.values() if parent)])
        text = N_("Comes along as a new place: %(kind)s %(name)s.")
        self.reasons.append(warning(None, "comes_along", text, {"kind": KIND_NAMES[kind], "name": named.name}))
        return self.plan.come(entry, {line: spot for line, spot in parents.items() if spot}, began)


def _unknown(kind: str, named: Named) -> Refusal:
    text = N_("%(kind)s %(named)s is not known here.")
    both = f"{named.name} ({named.code})" if named.name and named.code else named.name or named.code
    return Refusal(f"{kind}_code", f"unknown_{kind}", text, {"kind": KIND_NAMES[kind], "named": both})
