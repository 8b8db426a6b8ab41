"""A bench holds what is loaded, as the server does; a test process lets it go again."""

import gc
from collections.abc import Iterator

import pytest

from umeed.simulator import mission, sign_ins, sizes
from umeed.simulator.sizes import Size


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.fixture
def small_mission(db, by, monkeypatch, settings, tmp_path):
    settings.DATA, settings.MODE = tmp_path, "demonstration"
    monkeypatch.setitem(sizes.SIZES, "tiny", Size("tiny", 30, 2, 1, 1, panchayats_a_block=2, villages_a_block=3))
    made = mission.invent("tiny", by=by, told=lambda _percent, _words: None)
    sign_ins.make(by=by)
    return made
