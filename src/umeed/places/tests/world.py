"""Small trees for this room's tests, made through actions as the product's own work."""

import datetime
from collections.abc import Sequence

from umeed.access.models import Posting, User
from umeed.access.scope import scope_of
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.scope import Scope, system
from umeed.core.tests.remembered import remembered
from umeed.places.actions import open_mission, open_place
from umeed.places.models import Mission, Place

BEGAN = datetime.date(2012, 4, 1)
TODAY = datetime.date(2026, 6, 1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def us(today: datetime.date = TODAY) -> Scope:
    return system(today)


def make_mission(key: str = "test", code: int = 99, name: str = "Testland") -> tuple[Mission, Place]:
    """A mission without facts, and its State."""
    mission = open_mission(
        key=key, name=f"{name} Mission", short_name=name, state=(code, name), opened_on=BEGAN, by=us()
    )
    return mission, Place.objects.get(mission=mission, kind="state")


def make(kind: str, name: str, *parents: Place, code: int | None = None, on: datetime.date = BEGAN) -> Place:
    return open_place(kind=kind, name=name, parents=parents, on=on, lgd_code=code, by=us())


def officer(role: str, place: Place, username: str = "officer") -> Scope:
    """The scope of a person posted at a place."""
    user = User.objects.create(username=username, name=username.title())
    with audited(by=us(), did="post_person"):
        Posting(user=user, role=role, place=place, during=since(BEGAN)).save()
    return scope_of(user)


class Valley:
    """Two districts, three blocks, two tehsils, a panchayat, four villages in both lines, one in its tehsil only."""

    def __init__(self) -> None:
        self.mission, self.state = make_mission()
        self.upper = make("district", "Upper", self.state, code=901)
        self.lower = make("district", "Lower", self.state, code=902)
        self.north = make("block", "North", self.upper, code=911)
        self.south = make("block", "South", self.upper, code=912)
        self.east = make("block", "East", self.lower, code=913)
        self.hill = make("tehsil", "Hill", self.upper, code=921)
        self.plain = make("tehsil", "Plain", self.lower, code=922)
        self.halqa = make("panchayat", "Halqa", self.north, code=931)
        self.chinar = make("village", "Chinar", self.hill, self.halqa, code=941)
        self.deodar = make("village", "Deodar", self.hill, self.north, code=942)
        self.poplar = make("village", "Poplar", self.hill, self.south, code=943)
        self.walnut = make("village", "Walnut", self.plain, self.east, code=944)
        self.willow = make("village", "Willow", self.hill, code=945)

    @property
    def villages(self) -> Sequence[Place]:
        return [self.chinar, self.deodar, self.poplar, self.walnut, self.willow]


def valley() -> Valley:
    """The valley, made once a process and put back for every test after it."""
    return remembered("valley", Valley)
