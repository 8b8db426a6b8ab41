"""A small mission for the tests of doors: two districts that mirror each other, a person of every role in the first.

UT → district → block → panchayat → two villages; in each village a group of two women, in each block a VO and a CLF.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from umeed.access.capabilities import ROLES
from umeed.access.models import Posting, User
from umeed.access.scope import scope_of
from umeed.books.models import Book
from umeed.core.audit import audited
from umeed.core.dated import EVER, between, since
from umeed.core.scope import Scope, system
from umeed.core.tests.remembered import remembered
from umeed.core.viewer import as_system
from umeed.institutions.models import (
    BankAccount,
    Consent,
    Federation,
    Household,
    Institution,
    Membership,
    OfficeTerm,
    Woman,
)
from umeed.places.models import Lying, Mission, Place, Within

START = datetime.date(2020, 1, 1)


@dataclass
class Side:
    """One district with everything in it."""

    district: Place
    block: Place
    panchayat: Place
    villages: list[Place]
    clf: Institution
    vo: Institution
    groups: list[Institution]
    women: list[Woman]
    households: list[Household]


@dataclass
class Scene:
    """`here` is where the people of `people` (by role) are posted; `there` is out of their reach, but for the UT's."""

    state: Place
    here: Side
    there: Side
    people: dict[str, User] = field(default_factory=dict)

    def scope(self, role: str) -> Scope:
        return scope_of(self.people[role])


def build() -> Scene:
    """Make the scene in the present transaction, as the product itself; put back when it was made before."""
    with as_system():
        return remembered("scene", _build)


def _build() -> Scene:
    with audited(by=system(START), did="build_scene"):
        mission = Mission(key="test", name="Test mission", short_name="Test", opened_on=START)
        mission.save()
        state = _place(mission, "state", "Test UT", [])
        scene = Scene(state, _side(mission, state, "Here"), _side(mission, state, "There"))
        for role in ROLES:
            scene.people[role] = person(role, name=str(ROLES[role].name))
            post(scene.people[role], role, **seat(scene, role))
        scene.people["nobody"] = person("nobody")
    return scene


def seat(scene: Scene, role: str) -> dict[str, Any]:
    """Where a role is held in the scene."""
    here = scene.here
    if ROLES[role].at == "nowhere":
        return {}
    if ROLES[role].at == "institution":
        at = {"group_bookkeeper": here.groups[0], "vo_bookkeeper": here.vo, "clf_bookkeeper": here.clf}[role]
        return {"institution_id": at.pk}
    at_place = {
        "district_officer": here.district, "ut_officer": scene.state, "mis_officer": scene.state,
        "auditor": here.district, "accounts": here.district, "resource_person": here.panchayat,
    }  # fmt: skip
    return {"place_id": at_place.get(role, here.block).pk}


def person(username: str, name: str = "") -> User:
    user = User(username=username, name=name or username)
    user.set_unusable_password()
    user.save()
    return user


def post(
    user: User, role: str, *, first: datetime.date = START, end: datetime.date | None = None, **at: Any
) -> Posting:
    """A posting written past the rules, as of any day."""
    posting = Posting(user=user, role=role, during=between(first, end), why="test", **at)
    with audited(by=system(START), did="test_posting"):
        posting.save()
    return posting


def today() -> datetime.date:
    return timezone.localdate()


def _place(mission: Mission, kind: str, name: str, above: list[Place]) -> Place:
    place = Place(mission=mission, kind=kind, name=name)
    place.save()
    if above:
        Lying(place=place, parent=above[-1], line="development", during=EVER).save()
    for higher in [*above, place]:
        Within(above=higher, below=place, during=EVER).save()
    return place


def _side(mission: Mission, state: Place, name: str) -> Side:
    district = _place(mission, "district", f"{name} district", [state])
    block = _place(mission, "block", f"{name} block", [state, district])
    panchayat = _place(mission, "panchayat", f"{name} panchayat", [state, district, block])
    above = [state, district, block, panchayat]
    villages = [_place(mission, "village", f"{name} village {n}", above) for n in (1, 2)]
    clf = _institution("clf", f"{name} CLF", villages[0])
    vo = _institution("vo", f"{name} VO", villages[0])
    Federation(member=vo, above=clf, during=since(START)).save()
    side = Side(district, block, panchayat, villages, clf, vo, [], [], [])
    for number, village in enumerate(villages, 1):
        _group(side, f"{name} group {number}", village)
    # The second village's group belongs to no VO: an institution's reach is not the place's reach.
    Federation(member=side.groups[0], above=vo, during=since(START)).save()
    # That group keeps no book yet.
    for keeping in (side.groups[0], vo, clf):
        Book(institution=keeping, opened_on=START).save()
    return side


def _institution(kind: str, name: str, village: Place) -> Institution:
    made = Institution(kind=kind, name=name, place=village, formed_on=START)
    made.save()
    return made


def _group(side: Side, name: str, village: Place) -> None:
    group = _institution("shg", name, village)
    side.groups.append(group)
    number = f"99{len(side.groups)}{abs(hash(name)) % 10**9:09d}"
    BankAccount(institution=group, number=number, ifsc="JAKA0TESTED", branch="Test", during=since(START)).save()
    for which in ("Zoona", "Rafiqa"):
        household = Household(place=village, head_name=f"Head of {which}")
        household.save()
        woman = Woman(place=village, household=household, name=f"{which} of {name}", phone="9000000001")
        woman.save()
        Membership(woman=woman, institution=group, kind="shg", during=since(START)).save()
        Consent(woman=woman, purpose="record", language="en", taken="signed", given_on=START).save()
        side.women.append(woman)
        side.households.append(household)
    OfficeTerm(institution=group, woman=side.women[-1], office="president", during=since(START)).save()
