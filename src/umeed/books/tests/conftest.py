"""A group of five with a book, seen by the product's own work."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from tests.databases import migrated_database

from umeed.books.models import Book
from umeed.books.tests.making import make_book
from umeed.core.tests.remembered import remembered
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution, Woman
from umeed.institutions.tests.making import make_group
from umeed.places.tests import world
from umeed.places.tests.world import Valley


@dataclass
class Kept:
    """A group, its book and its women in order of their names."""

    group: Institution
    book: Book
    women: list[Woman]


def keep(group: Institution) -> Kept:
    women = Woman.objects.filter(memberships__institution=group).order_by("name", "pk")
    return Kept(group, make_book(group), list(women))


@pytest.fixture
def valley(db: None) -> Iterator[Valley]:
    with as_system():
        yield world.valley()


@pytest.fixture
def kept(valley: Valley) -> Kept:
    return remembered("group of five with a book", lambda: keep(make_group(valley.chinar, members=5)))


@pytest.fixture
def other(valley: Valley) -> Kept:
    return keep(make_group(valley.deodar, "Gulab", members=5))


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[str], None]]:
    """Runs a module on an empty, migrated database of its own: for what must be committed, and can never be removed."""
    with django_db_blocker.unblock():
        server = connection.settings_dict
    base = f"postgresql://{server['USER']}:{server['PASSWORD']}@:{server['PORT']}/postgres?host={server['HOST']}"
    with migrated_database(base, f"{server['NAME']}_own") as url:
        env = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(Path(settings.PROJECT) / "src")}

        def run(module: str) -> None:
            done = subprocess.run([sys.executable, "-m", module], env=env, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr[-3000:]

        yield run


@pytest.fixture
def keeper(kept: Kept, settings: Any) -> Any:
    """Whoever keeps the book of the group of five, at her pages. Fifty is saved a meeting; fines and penalties."""
    from umeed.books.tests.writing import keeper_of

    settings.SECOND_FACTOR = "none"
    return keeper_of(kept)
