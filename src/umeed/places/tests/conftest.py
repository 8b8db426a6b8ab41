"""Fixtures of this room: a small valley of places."""

import pytest

from umeed.places.tests.world import Valley


@pytest.fixture
def valley(db):
    return Valley()
