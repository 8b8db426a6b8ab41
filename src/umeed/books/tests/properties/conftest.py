"""The world in which histories happen."""

import pytest

from umeed.books.tests.properties.histories import World, begin


@pytest.fixture
def world(valley) -> World:
    return begin(valley)
