"""Fixtures of this room: a small valley of places, seen by the product's own work."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from umeed.core.viewer import as_system
from umeed.institutions.tests.making import officer_at, signed_in
from umeed.places.tests import world
from umeed.places.tests.world import Valley


@pytest.fixture
def valley(db: None) -> Iterator[Valley]:
    """The valley, inside one transaction in which PostgreSQL shows everything; `as_viewer` narrows it again."""
    with as_system():
        yield world.valley()


@pytest.fixture
def officer(valley: Valley, settings: Any) -> Client:
    """The browser of the officer of the northern block."""
    settings.SECOND_FACTOR = "none"
    officer_at(valley.north)
    return signed_in("officer")
