"""A bench holds what is loaded, as the server does; a test process lets it go again."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    yield
    gc.unfreeze()
