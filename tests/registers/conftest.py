"""The scene of two districts, with women whose names are spelt in many ways, and hands that open pages."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from tests.architecture import scene as scenes
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.registers.declare import Register
from umeed.core.registers.listing import Listing
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.models import Alias, Membership, Woman

HER_PHONE = "9906543210"


@dataclass
class World:
    scene: scenes.Scene
    women: dict[str, Woman] = field(default_factory=dict)

    def scope(self, role: str) -> Any:
        return self.scene.scope(role)

    def listing(self, role: str, register: Register, query: str = "", **given: Any) -> Listing:
        return Listing(register, self.scope(role), QueryDict(query), **given)

    def names(self, role: str, register: Register, query: str = "") -> list[str]:
        """What a role finds, as PostgreSQL sees it too."""
        with as_viewer(str(self.scene.people[role].pk)):
            return [row.name for row in self.listing(role, register, query).rows]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, made once for a file of tests in a transaction around all of them, and gone with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World, db: None, settings: Any) -> World:
    """A test's own copy: what it changes is taken back in the database and forgotten here."""
    settings.SECOND_FACTOR = "none"
    return copy.deepcopy(built)


def _build() -> World:
    made = World(scenes.build())
    here, there = made.scene.here.villages[0], made.scene.there.villages[0]
    with as_system(), audited(by=system(scenes.today()), did="build_names"):
        _woman(made, "Ghulam Jan", here, belonging_name="Abdul Rehman Khan", phone=HER_PHONE, born_year=1990,
               social_category="st")  # fmt: skip
        _woman(made, "Jana Gulam Bano", here, born_year=1970)
        _woman(made, "Shaheena Akhter", made.scene.here.villages[1], belonging_name="=HYPERLINK(1)")
        _woman(made, "فاطمہ بیگم", here, phone="9906500000")
        _woman(made, "Ghulam Janbaz", there, phone="9906511111")
        _woman(made, "Rehti Devi", here, died_on=scenes.START)
        group, tie = made.scene.here.groups[0], since(scenes.START)
        Membership(woman=made.women["Ghulam Jan"], institution=group, kind="shg", during=tie).save()
        Alias(woman=made.women["Shaheena Akhter"], system="lokos", value="9000012345", during=tie).save()
    return made


def _woman(world: World, name: str, place: Any, **said: Any) -> None:
    woman = Woman(name=name, place=place, **said)
    woman.save()
    world.women[name] = woman


@pytest.fixture
def client_of(world: World) -> Callable[[str], Client]:
    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(world.scene.people[role])
        return client

    return signed_in
