"""Fixtures of this room: a small valley of places."""

import pytest

from umeed.places.tests import world


@pytest.fixture
def valley(db):
    return world.valley()
