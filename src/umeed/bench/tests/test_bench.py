"""The bench measures the running product: on a small mission here, on the whole UT on demand."""

import re

import pytest
from django.core.management import CommandError

from umeed.bench.history import FILE
from umeed.bench.parts import PARTS, bring_in
from umeed.bench.promises import BOOK
from umeed.bench.tests.running import run
from umeed.launcher.__main__ import COMMANDS
from umeed.places.models import Place


def test_a_part_to_come_says_so():
    assert "come with the rooms that bring them" in run("monitoring")


def test_nothing_is_promised_on_less_than_the_whole_ut(db):
    with pytest.raises(CommandError, match="here are 0 groups"):
        run("foundation")


def test_every_promise_belongs_to_a_part_that_is_named():
    for part in PARTS:
        bring_in(part)
    assert {one.part for one in BOOK.promises} <= set(PARTS)
    assert len(BOOK.of("foundation")) > 30


def test_help_names_every_part():
    assert f"[{'|'.join(PARTS)}]" in COMMANDS["bench"][2]


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
