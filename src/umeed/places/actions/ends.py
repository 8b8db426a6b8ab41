"""Places that end: merged into a successor that goes on counting their records, or ended when nothing is left."""

import datetime
from collections.abc import Sequence

from umeed.core.actions import refuse_if
from umeed.core.dated import since
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places import rules, ties
from umeed.places.actions.change import (
    Change,
    lives,
    records_at,
    states,
    tree_change,
    why_out_of_reach,
)
from umeed.places.models import Lying, Place, PlaceChange


def merge_places(*, places: Sequence[Place], into: Place, on: datetime.date, by: Scope, why: str = "") -> None:
    """Merge places into another of their kind from a day on.

    Each ends in its own lines and lies in `into` on the merged line, so that its records keep their place and are
    counted under the successor; what lay in it lies in `into` from that day on.
    """
    with tree_change(by=by, did="merge_places", why=why) as change:
        refuse_if(_why_not_merge(places, into, on, by))
        _hand_over(places, into, on, change)
        for place in places:
            change.tell(PlaceChange.What.MERGE, place, on, why, other=into, to=into.name)
            change.tell(PlaceChange.What.MERGE, into, on, why, other=place, **{"from": place.name})


def _hand_over(places: Sequence[Place], into: Place, on: datetime.date, change: Change) -> None:
    """Children first, each from the day (this one or a later one) on which it lies in a place that is no more."""
    children = Lying.objects.filter(parent__in=places, during__overlap=since(on)).exclude(line=rules.MERGED)
    wanted = [
        ties.Tie(row.place_id, row.line, into.pk, max(on, row.during.lower)) for row in children.order_by("during")
    ]
    for batch in _once_a_place(wanted):
        change.touched.update(one.place_id for one in ties.lay(batch, change.trail))
    own = Lying.objects.on(on).filter(place__in=places).exclude(line=rules.MERGED)
    wanted = [ties.Tie(row.place_id, row.line, None, on) for row in own]
    wanted += [ties.Tie(place.pk, rules.MERGED, into.pk, on) for place in places]
    change.touched.update(one.place_id for one in ties.lay(wanted, change.trail))


def _once_a_place(wanted: Sequence[ties.Tie]) -> list[list[ties.Tie]]:
    """Ties in rounds that name a place and line at most once each, in order."""
    rounds: list[dict[tuple[int, str], ties.Tie]] = []
    for tie in wanted:
        key = (tie.place_id, tie.line)
        free = next((each for each in rounds if key not in each), None)
        if free is None:
            rounds.append(free := {})
        free[key] = tie
    return [list(each.values()) for each in rounds]


def _why_not_merge(places: Sequence[Place], into: Place, on: datetime.date, by: Scope) -> list[Refusal]:
    everyone = [*places, into]
    life, state = lives(everyone), states(everyone, on)
    reasons = rules.why_not_on(on, by.today) + why_out_of_reach(by, everyone)
    if not places:
        reasons.append(Refusal("into", "nothing_to_merge", N_("Name at least one place to merge.")))
    for place in places:
        reasons += rules.why_not_merge(place.kind, into.kind, place.pk == into.pk)
        reasons += why_not_ended_on(place, life[place.pk], on)
        pair = [(place.name, place.mission_id, state.get(place.pk))]
        reasons += rules.why_not_together(pair, into.mission_id, state.get(into.pk), "into")
    there = rules.why_not_there(into.name, life[into.pk], on, "into")
    return reasons + (there or rules.why_not_until(into.name, life[into.pk], on, None, "into"))


def why_not_ended_on(
    place: Place, life: Sequence[tuple[datetime.date, datetime.date | None]], on: datetime.date
) -> list[Refusal]:
    """A place ends after the day it began, and not before a move that is already known."""
    reasons = rules.why_not_there(place.name, life, on)
    if reasons:
        return reasons
    if any(first == on for first, _end in life):
        text = N_("%(place)s began on this very date. It ends on a later one.")
        return [Refusal("on", "ends_as_it_begins", text, {"place": place.name})]
    later = Lying.objects.filter(place=place, during__startswith__gte=on).order_by("during").first()
    if later is not None:
        text = N_("%(place)s was moved on %(date)s. It ends after that.")
        named = {"place": place.name, "date": later.during.lower}
        return [Refusal("on", "moved_later", text, named)]
    return []


def end_place(*, place: Place, on: datetime.date, by: Scope, why: str = "") -> None:
    """End a place in which nothing lies and at which no record stands."""
    with tree_change(by=by, did="end_place", why=why) as change:
        reasons = rules.why_not_on(on, by.today) + why_out_of_reach(by, [place])
        reasons += why_not_ended_on(place, lives([place])[place.pk], on)
        reasons += rules.why_not_end(place.name, children_after(place, on), records_at([place]))
        if place.kind == rules.STATE:
            reasons.append(Refusal(None, "state_stays", N_("A State is not ended here.")))
        refuse_if(reasons)
        own = Lying.objects.on(on).filter(place=place)
        ties.lay([ties.Tie(place.pk, row.line, None, on) for row in own], change.trail)
        change.touched.add(place.pk)
        change.tell(PlaceChange.What.END, place, on, why)


def children_after(place: Place, on: datetime.date) -> int:
    """How many places lie directly in a place on a day or later, merged ones included."""
    rows = Lying.objects.filter(parent=place, during__overlap=since(on))
    return rows.values("place").distinct().count()
