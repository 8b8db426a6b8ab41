"""The bench measures the running product: on a small mission here, on the whole UT on demand."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from umeed.bench.history import FILE
from umeed.bench.parts import PARTS, bring_in
from umeed.bench.promises import BOOK
from umeed.places.models import Place
from umeed.simulator import mission, sign_ins, sizes
from umeed.simulator.sizes import Size


def run(*words, **options):
    said = io.StringIO()
    try:
        call_command("bench", *words, stdout=said, stderr=io.StringIO(), **options)
    except CommandError as short:
        # How quick it is here is not what is tested.
        if "falls short" not in str(short):
            raise
    return said.getvalue()


def test_a_part_to_come_says_so():
    assert "come with the rooms that bring them" in run("books")


def test_nothing_is_promised_on_less_than_the_whole_ut(db):
    with pytest.raises(CommandError, match="here are 0 groups"):
        run("foundation")


def test_every_promise_belongs_to_a_part_that_is_named():
    for part in PARTS:
        bring_in(part)
    assert {one.part for one in BOOK.promises} <= set(PARTS)
    assert len(BOOK.of("foundation")) > 30


@pytest.fixture
def small_mission(db, by, monkeypatch, settings, tmp_path):
    settings.DATA, settings.MODE = tmp_path, "demonstration"
    monkeypatch.setitem(sizes.SIZES, "tiny", Size("tiny", 30, 2, 1, 1, panchayats_a_block=2, villages_a_block=3))
    made = mission.invent("tiny", by=by, told=lambda _percent, _words: None)
    sign_ins.make(by=by)
    return made


def test_pages_and_ranks_of_a_small_mission_are_measured(small_mission, tmp_path):
    lines = 0
    for only in ("record", "Ranking of the UT", "recount", "Women: "):
        said = run("foundation", only=only, any_size=True, runs=2)
        verdicts = re.findall(r"  (kept|falls short|not measured)", said)
        assert len(verdicts) == sum(only.casefold() in one.name.casefold() for one in BOOK.of("foundation"))
        assert "answered" not in said, "every page opened"
        lines += len(verdicts)
        assert len((tmp_path / FILE).read_text().splitlines()) == lines
    _a_load_is_measured_and_thrown_away()


def _a_load_is_measured_and_thrown_away():
    before = Place.objects.count()
    said = run("foundation", only="directory", any_size=True)
    assert re.search(r"[1-9][0-9,]* villages", said)
    assert Place.objects.count() == before
