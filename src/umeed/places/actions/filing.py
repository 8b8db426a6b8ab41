"""Bringing places into the development line: villages known only by tehsil come into a block or panchayat."""

import datetime
from collections.abc import Sequence

from umeed.core.actions import refuse_if
from umeed.core.scope import Scope
from umeed.kernel.refusals import Refusal
from umeed.places import queries, rules, ties
from umeed.places.actions.change import Life, lives, states, tree_change, why_not_tied, why_out_of_reach
from umeed.places.models import Lying, Place, PlaceChange

LOAD = "places.load"


def place_in_block(
    *, places: Sequence[Place], parent: Place, by: Scope, on: datetime.date | None = None, why: str = ""
) -> list[ties.Tied]:
    """Let villages (or panchayats) lie in a block or panchayat, for whoever may load or change places there.

    Without a day, places that never lay in any block do so from their beginning: what was unknown, not what changed;
    the others from today on.
    """
    with tree_change(by=by, did="place_in_block", why=why) as change:
        life = lives([*places, parent])
        began = first_days(places, parent, life, by.today) if on is None else dict.fromkeys((p.pk for p in places), on)
        refuse_if(_why_not_in_block(places, parent, began, life, by))
        wanted = [ties.Tie(place.pk, rules.DEVELOPMENT, parent.pk, began[place.pk]) for place in places]
        done = ties.lay(wanted, change.trail)
        change.touched.update(one.place_id for one in done)
        named = {place.pk: place for place in places}
        for one in done:
            told = {"line": one.line, "to": parent.name}
            change.tell(PlaceChange.What.MOVE, named[one.place_id], one.on, why, other=parent, **told)
    return done


def first_days(
    places: Sequence[Place], parent: Place, life: dict[int, Life], today: datetime.date
) -> dict[int, datetime.date]:
    """The day from which each place comes to lie in `parent` when nobody names one."""
    known = set(
        Lying.objects.filter(place__in=places, line=rules.DEVELOPMENT).values_list("place_id", flat=True).distinct()
    )
    parent_began = life[parent.pk][0][0] if life[parent.pk] else today
    return {
        place.pk: today
        if place.pk in known or not life[place.pk]
        else min(today, max(life[place.pk][0][0], parent_began))
        for place in places
    }


def _why_not_in_block(
    places: Sequence[Place], parent: Place, began: dict[int, datetime.date], life: dict[int, Life], by: Scope
) -> list[Refusal]:
    state = states([*places, parent], max(began.values(), default=by.today))
    reasons = [reason for on in set(began.values()) for reason in rules.why_not_on(on, by.today)]
    reasons += _why_out_of_reach(places, parent, by)
    for place in places:
        on = began[place.pk]
        reasons += rules.why_not_file(place.name, place.kind, parent.kind)
        reasons += rules.why_not_there(place.name, life[place.pk], on)
        reasons += why_not_tied(place, parent, on, life, state)
    return reasons


def _why_out_of_reach(places: Sequence[Place], parent: Place, by: Scope) -> list[Refusal]:
    """She works in her own block, with villages of her district that may lie in no block yet."""
    if by.is_system:
        return []
    mine = queries.in_own_districts(by, LOAD, [place.pk for place in places])
    outside = [rules.outside_district(place.name) for place in places if place.pk not in mine]
    return why_out_of_reach(by, [parent], capability=LOAD, field="parent") + outside
