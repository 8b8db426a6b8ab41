"""One run of the bench: how often things are repeated, who visits, and what of the demonstration they look at."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone

from umeed.bench.visitor import Visitor
from umeed.core.memory import keep_what_is_loaded
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution, Membership, Woman
from umeed.places.models import Kind, Place, Within
from umeed.simulator.sizes import HOME_BLOCK

WHOLE_UT = 90_000
"""From so many groups on a database holds the whole UT."""


def groups_here() -> int:
    with as_system():
        return Institution.objects.filter(kind="shg").count()


@dataclass
class Bench:
    """`runs` repetitions of what is quick. The home block is the block officer's own. `sheets` are those of a week that
    are sent by phones; 0 is as many as are enough."""

    runs: int = 30
    sheets: int = 0
    # How often the web server is killed while they come.
    kills: int = 0
    # How many histories by chance, and from which seed on; 0 is as many as are enough, from one that no test has.
    histories: int = 0
    first: int = 0
    today: datetime.date = field(default_factory=timezone.localdate)
    # What the part of the phone measured, all of it in one run.
    field_run: Any = None
    # What the histories showed, all of them one run.
    histories_run: Any = None
    _visitors: dict[str, Visitor] = field(default_factory=dict)
    _institutions: dict[str, Institution] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keep_what_is_loaded()  # as the server does at its start

    def visitor(self, username: str) -> Visitor:
        if username not in self._visitors:
            self._visitors[username] = Visitor(username)
        return self._visitors[username]

    @cached_property
    def block(self) -> Place:
        with as_system():
            return Place.objects.get(kind=Kind.BLOCK, lgd_code=HOME_BLOCK)

    @cached_property
    def inside(self) -> list[int]:
        """Ids of all places in the home block, itself included."""
        with as_system():
            return list(Within.objects.on(self.today).filter(above=self.block).values_list("below_id", flat=True))

    @cached_property
    def village(self) -> Place:
        """The village of the home block where the woman lives."""
        return self.woman.place

    @cached_property
    def panchayat(self) -> Place:
        with as_system():
            return Place.objects.filter(kind=Kind.PANCHAYAT, pk__in=self.inside).order_by("pk")[0]

    @cached_property
    def woman(self) -> Woman:
        """A woman of the home block with a phone and a group."""
        with as_system():
            held = Membership.objects.on(self.today).filter(kind="shg")
            rows = Woman.objects.filter(~Q(phone=""), place__in=self.inside, memberships__in=held, died_on=None)
            return list(rows.select_related("place").order_by("name", "pk")[:20])[-1]

    def institution(self, kind: str) -> Institution:
        """An institution of a kind in the home block."""
        if kind not in self._institutions:
            rows = Institution.objects.filter(kind=kind, place__in=self.inside, status="active").order_by("name", "pk")
            with as_system():
                self._institutions[kind] = rows[0]
        return self._institutions[kind]
