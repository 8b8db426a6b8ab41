"""A new place: opened for itself, or cut out of another (see `moves.split_place`)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from umeed.core.actions import refuse_if
from umeed.core.dated import since
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places import rules
from umeed.places.actions.change import (
    KIND_NAMES,
    Change,
    lives,
    states,
    tree_change,
    why_code_taken,
    why_out_of_reach,
)
from umeed.places.models import Lying, Mission, Place, PlaceChange, PlaceName, Within
from umeed.places.naming import fold


@dataclass(frozen=True)
class NewPlace:
    """A place to be made: its names, its code if it has one, and the places that come to lie in it."""

    name: str
    lgd_code: int | None = None
    name_local: str = ""
    children: Sequence[Place] = ()
    is_invented: bool = False


def open_place(
    *,
    kind: str,
    name: str,
    parents: Sequence[Place],
    on: datetime.date,
    by: Scope,
    lgd_code: int | None = None,
    name_local: str = "",
    census_2011: str = "",
    is_invented: bool = False,
    why: str = "",
) -> Place:
    """Open a place that lies in `parents` (one in each line) from a day on. Raises Refused with all reasons."""
    new = NewPlace(name.strip(), lgd_code, name_local.strip(), is_invented=is_invented)
    with tree_change(by=by, did="open_place", why=why) as change:
        refuse_if(_why_not_open(new, kind, parents, on, by))
        place = make(new, kind, parents, on, change, census_2011=census_2011)
        change.tell(PlaceChange.What.OPEN, place, on, why)
    return place


def _why_not_open(new: NewPlace, kind: str, parents: Sequence[Place], on: datetime.date, by: Scope) -> list[Refusal]:
    reasons = why_not_new(new, kind, parents, on) + rules.why_not_on(on, by.today)
    reasons += rules.why_not_parents(kind, [parent.kind for parent in parents], KIND_NAMES)
    reasons += why_out_of_reach(by, parents, field="parent")
    life, state = lives(parents), states(parents, on)
    for parent in parents:
        there = rules.why_not_there(parent.name, life[parent.pk], on)
        reasons += there or rules.why_not_until(parent.name, life[parent.pk], on, None)
    if parents:
        pairs = [(one.name, one.mission_id, state.get(one.pk)) for one in parents[1:]]
        reasons += rules.why_not_together(pairs, parents[0].mission_id, state.get(parents[0].pk))
    return reasons


def why_not_new(new: NewPlace, kind: str, parents: Sequence[Place], on: datetime.date) -> list[Refusal]:
    """Name, code and namesake of a place that is to be made."""
    reasons = rules.why_not_name(new.name) + why_code_taken(kind, new.lgd_code)
    if new.lgd_code or not parents:
        return reasons
    here = Within.objects.on(on).filter(above__in=parents, below__kind=kind).values_list("below__name", flat=True)
    if fold(new.name) in {fold(name) for name in here}:
        text = N_("A place of this name and kind lies there already. Give the LGD code if it is another one.")
        reasons.append(Refusal("name", "namesake", text))
    return reasons


def make(
    new: NewPlace,
    kind: str,
    parents: Sequence[Place],
    on: datetime.date,
    change: Change,
    *,
    mission: Mission | None = None,
    census_2001: str = "",
    census_2011: str = "",
) -> Place:
    """Write a place with its first name and its first parents. Checks nothing."""
    place = Place(
        mission=mission or parents[0].mission,
        kind=kind,
        lgd_code=new.lgd_code,
        name=new.name,
        name_local=new.name_local,
        census_2001=census_2001,
        census_2011=census_2011,
        is_invented=new.is_invented,
    )
    place.save(force_insert=True)
    rows = [PlaceName(place=place, name=new.name, name_local=new.name_local, during=since(on))]
    rows += [
        Lying(place=place, parent=parent, line=rules.line_of(kind, parent.kind), during=since(on)) for parent in parents
    ]
    change.trail.created(place)
    for row in rows:
        row.save(force_insert=True)
        change.trail.created(row)
    change.touched.add(place.pk)
    return place
