"""The scene of two districts, for every test of this room that needs a database."""

import pytest
from tests.architecture import scene as scenes


@pytest.fixture
def scene(db):
    return scenes.build()
