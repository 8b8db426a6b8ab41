"""Places that come to lie elsewhere: moved one by one, many at once, or cut out of a place that is split."""

import datetime
from collections.abc import Sequence

from umeed.core.actions import refuse_if
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places import rules, ties
from umeed.places.actions.change import (
    Change,
    lives,
    states,
    tree_change,
    why_not_tied,
    why_out_of_reach,
)
from umeed.places.actions.openings import NewPlace, make, why_not_new
from umeed.places.models import Lying, Place, PlaceChange


def move_place(*, place: Place, parent: Place, on: datetime.date, by: Scope, why: str = "") -> bool:
    """Let a place lie in another from a day on, until its next known move. Returns whether anything changed."""
    return bool(move_places(moves=[(place, parent)], on=on, by=by, why=why))


def move_places(
    *, moves: Sequence[tuple[Place, Place]], on: datetime.date, by: Scope, why: str = ""
) -> list[ties.Tied]:
    """Move many places at once, so that both lines of one place can follow each other. `moves` is (place, parent)."""
    with tree_change(by=by, did="move_places" if len(moves) > 1 else "move_place", why=why) as change:
        refuse_if(_why_not_move(moves, on, by))
        done = _lay(moves, on, change)
        places = {place.pk: place for pair in moves for place in pair}
        before = {row.pk: row for row in Place.objects.filter(pk__in={one.from_id for one in done if one.from_id})}
        for one in done:
            was = before[one.from_id].name if one.from_id else ""
            told = {"line": one.line, "from": was, "to": places[one.to_id].name}
            change.tell(PlaceChange.What.MOVE, places[one.place_id], on, why, other=places[one.to_id], **told)
    return done


def _lay(moves: Sequence[tuple[Place, Place]], on: datetime.date, change: Change) -> list[ties.Tied]:
    wanted = [
        ties.Tie(place.pk, rules.line_of(place.kind, parent.kind) or "", parent.pk, on) for place, parent in moves
    ]
    done = ties.lay(wanted, change.trail)
    change.touched.update(one.place_id for one in done)
    return done


def _why_not_move(moves: Sequence[tuple[Place, Place]], on: datetime.date, by: Scope) -> list[Refusal]:
    places = list({place.pk: place for pair in moves for place in pair}.values())
    life, state = lives(places), states(places, on)
    reasons = rules.why_not_on(on, by.today) + why_out_of_reach(by, places)
    for place, parent in moves:
        reasons += rules.why_not_there(place.name, life[place.pk], on)
        field = rules.line_of(place.kind, parent.kind) or "parent"
        reasons += why_not_tied(place, parent, on, life, state, field)
    pairs = [(place.pk, rules.line_of(place.kind, parent.kind)) for place, parent in moves]
    if len(set(pairs)) < len(pairs):
        reasons.append(Refusal("parent", "moved_twice", N_("One place is moved to two places at once.")))
    return reasons


def split_place(*, place: Place, into: Sequence[NewPlace], on: datetime.date, by: Scope, why: str = "") -> list[Place]:
    """Cut new places out of one from a day on; each takes its named children along, the rest stays.

    New places lie where the split one lay. Children lie directly in it, in either line.
    """
    with tree_change(by=by, did="split_place", why=why) as change:
        parents = _parents_on(place, on)
        refuse_if(_why_not_split(place, into, parents, on, by))
        made = [make(new, place.kind, parents, on, change) for new in into]
        _lay([(child, new) for new, plan in zip(made, into, strict=True) for child in plan.children], on, change)
        for new, plan in zip(made, into, strict=True):
            took = [child.name for child in plan.children]
            change.tell(PlaceChange.What.SPLIT, place, on, why, other=new, to=new.name, took=took)
            change.tell(PlaceChange.What.OPEN, new, on, why, other=place, **{"from": place.name}, took=took)
    return made


def _parents_on(place: Place, on: datetime.date) -> list[Place]:
    rows = Lying.objects.on(on).filter(place=place).exclude(line=rules.MERGED).select_related("parent__mission")
    return [row.parent for row in rows.order_by("line")]


def _why_not_split(
    place: Place, into: Sequence[NewPlace], parents: Sequence[Place], on: datetime.date, by: Scope
) -> list[Refusal]:
    reasons = rules.why_not_on(on, by.today) + why_out_of_reach(by, [place])
    reasons += rules.why_not_there(place.name, lives([place])[place.pk], on)
    if not into:
        reasons.append(Refusal("name", "nothing_new", N_("Name at least one new place.")))
    if place.kind == rules.STATE:
        reasons.append(Refusal(None, "state_stays", N_("A State is not split here. Open another mission for it.")))
    for new in into:
        reasons += why_not_new(new, place.kind, parents, on)
    return reasons + _why_not_taken(place, into, on)


def _why_not_taken(place: Place, into: Sequence[NewPlace], on: datetime.date) -> list[Refusal]:
    taken = [child for new in into for child in new.children]
    here = set(Lying.objects.on(on).filter(parent=place, place__in=taken).values_list("place_id", flat=True))
    text = N_("%(child)s did not lie directly in %(place)s on this date.")
    reasons = [
        Refusal("children", "not_a_child", text, {"child": child.name, "place": place.name})
        for child in taken
        if child.pk not in here
    ]
    if len({child.pk for child in taken}) < len(taken):
        reasons.append(Refusal("children", "taken_twice", N_("A place can go to only one of the new places.")))
    return reasons
