"""Fixtures of this room: a small valley of places, seen by the product's own work."""

from collections.abc import Iterator

import pytest

from umeed.core.viewer import as_system
from umeed.places.tests.world import Valley


@pytest.fixture
def valley(db: None) -> Iterator[Valley]:
    """The valley, inside one transaction in which PostgreSQL shows everything; `as_viewer` narrows it again."""
    with as_system():
        yield Valley()
