"""What a file may do to the tree, said once: no more than its person may do by hand. Judging asks, writing asks again.

Whoever may change places there renames, moves, ends and recodes by file as on the pages. Who may only load brings what
is new in her own district (panchayats, villages, habitations, and a tehsil that comes along with a village), fills in
what is empty, and brings villages that lie in no block into a block or panchayat that she reaches.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from umeed.kernel.refusals import N_, Refusal
from umeed.places import rules
from umeed.places.actions.change import CHANGE, KIND_NAMES
from umeed.places.directory.known import LOAD, Known
from umeed.places.directory.plan import Plan, Spot

_BROUGHT = (rules.PANCHAYAT, rules.VILLAGE, rules.HABITATION)
# LGD's own list of villages names tehsils that no other download brings: new ones come with their villages.
_ALONG = (rules.TEHSIL, *_BROUGHT)
_OF_PLACE = {
    "name": (
        "renamed_not_yours",
        N_("%(place)s would be renamed; that is for an officer who may change places there."),
    ),
    "name_local": (
        "local_name_not_yours",
        N_(
            "The name of %(place)s in its own script would be changed; "
            "that is for an officer who may change places there."
        ),
    ),
    **dict.fromkeys(
        ("census_2001", "census_2011"),
        (
            "recoded_not_yours",
            N_("The census code of %(place)s would be changed; that is for an officer who may change places there."),
        ),
    ),
}


class Allowance:
    """What the person of a load may do, with the places of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.tree = plan, plan.tree

    def may_change(self, known: Known) -> bool:
        """Whether the pages let her rename, move and end this place."""
        return self.tree.reaches(CHANGE, known.id)

    def why_outside(self, shown: str, districts: Iterable[int | None]) -> list[Refusal]:
        """A row about districts that are not hers. None stands for a district that is new."""
        return [] if all(map(self.tree.may_load, set(districts))) else [rules.outside_district(shown)]

    def why_not_new(self, kind: str, name: str, parents: Mapping[str, Spot]) -> list[Refusal]:
        """A new place, and the places that come along with it."""
        return [*self._why_not_opened(kind, name, parents, _BROUGHT), *self._why_not_along(parents)]

    def why_not_told(self, known: Known, after: Mapping[str, Any]) -> list[Refusal]:
        """Names and census codes that would be others. Of what a list brings, those that are empty may be filled in."""
        if self.may_change(known):
            return []
        reasons = []
        for key, (code, text) in _OF_PLACE.items():
            now = getattr(known, key)
            if key in after and after[key] != now and (now or known.kind not in _BROUGHT):
                reasons.append(Refusal(key, code, text, {"place": known.name}))
        return reasons

    def why_not_laid(self, known: Known, moved: Mapping[str, Spot]) -> list[Refusal]:
        """Lines in which a place would lie elsewhere, or somewhere for the first time."""
        reasons = self._why_not_along(moved)
        for line, spot in moved.items():
            if self.may_change(known) and self._covers(CHANGE, spot):
                continue
            if known.kind not in _BROUGHT or not self.plan.told_more_closely(known, line, spot):
                reasons += self.why_not_moved(known)
            elif not (self._covers(LOAD, spot) if line == rules.DEVELOPMENT else self._is_hers(known)):
                text = N_("%(place)s would come to lie in %(parent)s; that is for an officer who works there.")
                reasons.append(Refusal(None, "placed_not_yours", text, {"place": known.name, "parent": spot.name}))
        return reasons

    def why_not_moved(self, known: Known) -> list[Refusal]:
        """A move, for whomever it is not allowed."""
        text = N_("%(place)s would be moved; that is for an officer who may change places there.")
        return [Refusal(None, "moved_not_yours", text, {"place": known.name})]

    def why_not_ended(self, known: Known) -> list[Refusal]:
        """The end of a place that the file does not name."""
        if self.may_change(known):
            return []
        text = N_("%(place)s would be ended; that is for an officer who may change places there.")
        return [Refusal(None, "ended_not_yours", text, {"place": known.name})]

    def _why_not_along(self, parents: Mapping[str, Spot]) -> list[Refusal]:
        """New places, however far above, that a row would bring along."""
        return [
            reason
            for spot in parents.values()
            if spot.id is None
            for reason in (
                *self._why_not_opened(spot.kind, spot.name, spot.parents, _ALONG),
                *self._why_not_along(spot.parents),
            )
        ]

    def _why_not_opened(
        self, kind: str, name: str, parents: Mapping[str, Spot], brought: tuple[str, ...]
    ) -> list[Refusal]:
        if kind in brought or all(self._covers(CHANGE, spot) for spot in parents.values()):
            return []
        text = N_("%(kind)s %(place)s would be a new place; that is for an officer who may change places there.")
        return [Refusal(None, "new_not_yours", text, {"kind": KIND_NAMES[kind], "place": name})]

    def _is_hers(self, known: Known) -> bool:
        """Of the villages of her district those that she reaches, or that lie in no block yet."""
        return self.tree.reaches(LOAD, known.id) or rules.DEVELOPMENT not in known.parents

    def _covers(self, capability: str, spot: Spot) -> bool:
        """Whether a place is in her reach, or comes to lie in one that is."""
        if spot.id is not None:
            return self.tree.reaches(capability, spot.id)
        return any(self._covers(capability, parent) for parent in spot.parents.values())
