"""Opening a mission with the places that ship as facts, and the worked example of a dated split: Ladakh's districts."""

import datetime
from collections.abc import Sequence

from umeed.core.actions import Refused, refuse_if
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places import facts, rules
from umeed.places.actions.change import CHANGE, Change, tree_change
from umeed.places.actions.moves import split_place
from umeed.places.actions.openings import NewPlace, make
from umeed.places.models import Kind, Lying, Mission, Place, PlaceChange

RUN = "site.run"
SPLIT_ANNOUNCED_ON = datetime.date(2024, 8, 26)
EXAMPLE = N_(
    "Example for the demonstration: the districts were announced in August 2024; "
    "which block and tehsil goes to which of them is invented here."
)
# District code → new district → codes of the blocks and names of the tehsils that the example gives it.
_LADAKH_EXAMPLE: dict[int, dict[str, tuple[tuple[int, ...], tuple[str, ...]]]] = {
    6: {
        "Zanskar": ((73, 6541, 7043), ("Zanskar",)),
        "Drass": ((67, 7039), ("Drass",)),
    },
    9: {
        "Sham": ((95, 6542, 7049, 7050), ("Khaltsi", "Saspol")),
        "Nubra": ((98, 6544, 7048), ("Diskit", "Sumoor", "Nubra")),
        "Changthang": ((94, 99, 7046, 7047), ("Durbuk", "Nyoma")),
    },
}


def open_mission(
    *,
    key: str,
    by: Scope,
    name: str = "",
    short_name: str = "",
    state: tuple[int, str] | None = None,
    opened_on: datetime.date | None = None,
    why: str = "",
) -> Mission:
    """Open a mission with its State, districts and blocks, as far as they ship as facts. Twice is once.

    What is not given is taken from `facts.MISSIONS`; `state` is (LGD code, name).
    The State's tree begins on `opened_on`.
    """
    fact = facts.MISSIONS.get(key)
    name, short_name = name or (fact.name if fact else ""), short_name or (fact.short_name if fact else "")
    state = state or ((fact.state_code, fact.state_name) if fact else None)
    opened_on = opened_on or (fact.opened_on if fact else by.today)
    with tree_change(by=by, did="open_mission", why=why) as change:
        refuse_if(_why_not_open(key, name, short_name, state, opened_on, by))
        mission = _mission(key, name, short_name, opened_on, change)
        assert state is not None  # refused above
        _open_state(mission, state, change)
    return mission


def _why_not_open(
    key: str, name: str, short_name: str, state: tuple[int, str] | None, opened_on: datetime.date, by: Scope
) -> list[Refusal]:
    reasons = rules.why_not_name(name) + rules.why_not_on(opened_on, by.today)
    reasons += [reason.on("short_name") for reason in rules.why_not_name(short_name)]
    if not key:
        reasons.append(Refusal("key", "no_key", N_("Give the mission a short key, like jk.")))
    if not (by.is_system or by.can(RUN)):
        reasons.append(Refusal(None, "not_yours", N_("Only who runs this installation opens a mission.")))
    if state is None:
        reasons.append(Refusal("state", "no_state", N_("Name the State with its LGD code.")))
        return reasons
    taken = Place.objects.filter(kind=Kind.STATE, lgd_code=state[0]).exclude(mission=key).first()
    if taken is not None:
        text = N_("%(state)s already belongs to the mission %(mission)s.")
        reasons.append(Refusal("state", "state_taken", text, {"state": taken.name, "mission": taken.mission_id}))
    return reasons


def _mission(key: str, name: str, short_name: str, opened_on: datetime.date, change: Change) -> Mission:
    mission = Mission.objects.filter(key=key).first()
    if mission is None:
        mission = Mission(key=key, name=name, short_name=short_name, opened_on=opened_on)
        mission.save(force_insert=True)
        change.trail.created(mission)
    return mission


def _open_state(mission: Mission, state: tuple[int, str], change: Change) -> None:
    known = {(place.kind, place.lgd_code): place for place in Place.objects.filter(mission=mission)}

    def once(kind: str, new: NewPlace, parents: Sequence[Place], **census: str) -> Place:
        place = known.get((kind, new.lgd_code))
        if place is None:
            place = make(new, kind, parents, mission.opened_on, change, mission=mission, **census)
            change.tell(PlaceChange.What.OPEN, place, mission.opened_on, "", source=facts.SOURCE)
        return place

    root = once(Kind.STATE, NewPlace(state[1], state[0]), [])
    districts = {}
    for fact in facts.districts():
        if fact.state_code == state[0]:
            census = {"census_2001": fact.census_2001, "census_2011": fact.census_2011}
            districts[fact.code] = once(Kind.DISTRICT, NewPlace(fact.name, fact.code), [root], **census)
    for block in facts.blocks():
        if block.district_code in districts:
            once(Kind.BLOCK, NewPlace(block.name, block.code), [districts[block.district_code]])


def demonstrate_ladakh_split(*, by: Scope, on: datetime.date = SPLIT_ANNOUNCED_ON) -> list[Place]:
    """Split Leh and Kargil as an example of a dated split; says in its reasons that the assignment is invented.

    Needs the mission `ladakh`. Villages follow their blocks and tehsils; one that lies in a block without a tehsil (or
    the other way round) follows the one it has. Twice is once: new districts that exist are returned as they are.
    """
    if not (by.is_system or by.can(CHANGE)):
        raise Refused([Refusal(None, "out_of_reach", N_("You may not change places."))])
    made: list[Place] = []
    for code, plan in _LADAKH_EXAMPLE.items():
        district = Place.objects.get(kind=Kind.DISTRICT, lgd_code=code)
        new = Place.objects.filter(mission=district.mission, kind=Kind.DISTRICT, name__in=plan, lgd_code=None)
        there = list(new.order_by("pk"))
        made += there or split_place(place=district, into=_example(district, plan, on), on=on, by=by, why=EXAMPLE)
    return made


def _example(
    district: Place, plan: dict[str, tuple[tuple[int, ...], tuple[str, ...]]], on: datetime.date
) -> list[NewPlace]:
    here = [row.place for row in Lying.objects.on(on).filter(parent=district).select_related("place")]
    return [
        NewPlace(
            name=name,
            children=[
                place
                for place in here
                if (place.kind == Kind.BLOCK and place.lgd_code in blocks)
                or (place.kind == Kind.TEHSIL and place.name in tehsils)
            ],
        )
        for name, (blocks, tehsils) in plan.items()
    ]
