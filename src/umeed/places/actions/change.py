"""One change of the tree: the lock before looking, the closure after writing, and the checks that all changes share."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F

from umeed.core.actions import Refused
from umeed.core.audit import Trail, audited
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places import closure, rules
from umeed.places.models import Kind, Place, PlaceChange, Within

CHANGE = "places.change"
Life = list[tuple[datetime.date, datetime.date | None]]
KIND_NAMES = {kind.value: kind.label for kind in Kind}
_SHOWN = 5


@dataclass
class Change:
    """A change under way: what it writes to, and the places whose `Lying` rows it touched."""

    trail: Trail
    touched: set[int] = field(default_factory=set)

    def tell(self, what: str, place: Place, on: datetime.date, why: str, **more: object) -> PlaceChange:
        """Write what happened into the place's history."""
        other = more.pop("other", None)
        said = PlaceChange(what=what, place=place, other=other, on=on, why=why, says=more)
        said.save(force_insert=True)
        self.trail.created(said)
        return said


@contextmanager
def tree_change(*, by: Scope, did: str, why: str = "") -> Iterator[Change]:
    """Around every change of the tree: one at a time, in one audited transaction, closure right at its end."""
    with audited(by=by, did=did, why=why) as trail:
        closure.lock()
        change = Change(trail)
        yield change
        settle(change.touched)


def settle(touched: Iterable[int]) -> None:
    """Bring the closure in step, and refuse a tree in which a place lies in two districts (blocks …) at once."""
    looked_at = closure.refresh(touched)
    clashes = closure.two_at_once(looked_at, most=_SHOWN)
    if clashes:
        raise Refused(_clash_reasons(clashes))


def _clash_reasons(clashes: Sequence[closure.TwoAtOnce]) -> list[Refusal]:
    ids = {each for clash in clashes for each in (clash.place_id, clash.first_id, clash.second_id)}
    names = dict(Place.objects.filter(pk__in=ids).values_list("pk", "name"))
    text = N_("%(place)s would lie in %(first)s and in %(second)s at once. Move both of its lines together.")
    return [
        Refusal(
            "parent",
            "two_at_once",
            text,
            {"place": names[one.place_id], "first": names[one.first_id], "second": names[one.second_id]},
        )
        for one in clashes
    ]


def lives(places: Iterable[Place]) -> dict[int, Life]:
    """When each place existed: spans `[from, to)` in order. One query."""
    ids = [place.pk for place in places]
    found: dict[int, Life] = {each: [] for each in ids}
    rows = Within.objects.filter(below__in=ids, above=F("below")).order_by("during")
    for place_id, during in rows.values_list("below_id", "during"):
        found[place_id].append((during.lower, during.upper))
    return found


def states(places: Iterable[Place], on: datetime.date) -> dict[int, int]:
    """The State in which each place lay on a day. One query."""
    rows = Within.objects.on(on).filter(below__in=[place.pk for place in places], above__kind=Kind.STATE)
    return dict(rows.values_list("below_id", "above_id"))


def why_out_of_reach(
    by: Scope, places: Sequence[Place], *, capability: str = CHANGE, field: str | None = None
) -> list[Refusal]:
    """Reasons for places in which the person may not change the tree. One query."""
    if by.is_system or not places:
        return []
    mine = set(
        Place.objects.filter(pk__in=[place.pk for place in places]).seen_by(by, capability).values_list("pk", flat=True)
    )
    text = N_("%(place)s lies outside your area.")
    return [Refusal(field, "out_of_reach", text, {"place": place.name}) for place in places if place.pk not in mine]


def why_code_taken(kind: str, lgd_code: int | None) -> list[Refusal]:
    """An LGD code names one place of its kind in the whole country."""
    taken = Place.objects.filter(kind=kind, lgd_code=lgd_code).first() if lgd_code else None
    if taken is None:
        return []
    text = N_("The LGD code %(code)s is already that of %(place)s.")
    return [Refusal("lgd_code", "code_taken", text, {"code": lgd_code, "place": taken.name})]


def why_not_tied(
    place: Place, parent: Place, on: datetime.date, life: dict[int, Life], state: dict[int, int], field: str = "parent"
) -> list[Refusal]:
    """Kind, existence, mission and State of a new parent, for a place that lies in it from a day on."""
    reasons = rules.why_not_parent(place.kind, parent.kind, KIND_NAMES, field)
    there = rules.why_not_there(parent.name, life[parent.pk], on, field)
    reasons += there or rules.why_not_until(parent.name, life[parent.pk], on, None, field)
    pair = [(place.name, place.mission_id, state.get(place.pk))]
    return reasons + rules.why_not_together(pair, parent.mission_id, state.get(parent.pk), field)


def records_at(places: Sequence[Place]) -> int:
    """How many rows of higher rooms point at these places, whatever the room: asked of the foreign keys themselves."""
    return sum(
        relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": places}).count()
        for relation in foreign_relations()
    )


def foreign_relations() -> list[models.ManyToOneRel]:
    """The foreign keys that other rooms have to places."""
    own = Place._meta.app_label
    return [
        relation
        for relation in Place._meta.related_objects
        if isinstance(relation, models.ManyToOneRel) and relation.related_model._meta.app_label != own
    ]
