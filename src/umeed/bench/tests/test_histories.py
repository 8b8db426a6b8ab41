"""Histories by chance as the bench runs them: counted, told, and ended at the first one that went wrong."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from umeed.bench import histories
from umeed.bench.histories import DIVERGED, DOUBLED, FIRST, LOST, Found, kind_of
from umeed.bench.tests.running import run

in_chromium = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]


def _run(*asked):
    """In a thread of its own: playwright's loop is none of the other tests'."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(histories._run, *asked).result()


class TestInChromium:
    pytestmark = in_chromium

    @pytest.fixture(autouse=True)
    def _async(self, monkeypatch):
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

    def test_so_many_as_were_asked_for(self):
        found = _run(FIRST, 300)
        assert (found.done, found.seed, found.wrong) == (300, 0, [])
        assert found.told > 300
        assert [found.of(kind).values for kind in (LOST, DOUBLED, DIVERGED)] == [[0.0]] * 3

    def test_the_first_that_goes_wrong_ends_it_and_says_its_seed(self, capfd):
        found = _run(1, 5_000, "gone_group_takes_its_commands")
        assert found.wrong and 0 < found.seed == found.done < 5_000
        kind = kind_of(found.wrong[0])
        assert found.of(kind).values == [1.0]
        assert found.of(kind).wrong.startswith(f"seed {found.seed}: ")
        assert f"seed {found.seed}\n" in capfd.readouterr().err, "told as short as can be"


def test_what_is_neither_lost_nor_doubled_differs():
    said = [
        "lost: m1",
        "doubled: m1 is written 2 times",
        "diverged: p1 lacks g1",
        "it never comes to rest",
        "unseen: m1",
    ]
    assert [kind_of(one) for one in said] == [LOST, DOUBLED, DIVERGED, DIVERGED, DIVERGED]
    found = Found(1, done=7, told=9, seed=7, wrong=said)
    assert [len(found.of(kind).wrong.split("; ")) for kind in (LOST, DOUBLED, DIVERGED)] == [1, 1, 3]
    assert found.of(LOST).wrong == "seed 7: lost: m1"


def test_they_are_a_part_that_needs_nothing_loaded(db, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    asked = []
    monkeypatch.setattr(
        histories, "_run", lambda *how: asked.append(how) or Found(*how[:1], done=how[1], told=9, seconds=2)
    )
    said = run("histories", histories=500, first=77)
    assert asked == [(77, 500)], "one run for all of them"
    assert len(re.findall(r"  kept \(500 histories from seed 77, 9 commands, 2 s, 250 histories a second\)", said)) == 3
    assert "3 of 3 promises are kept" in said
    assert run("histories") and asked[1] == (FIRST, histories.ENOUGH)


def test_where_there_is_no_chromium_nothing_is_measured(db, settings, tmp_path, monkeypatch):
    def missing(*_how):
        raise ImportError("playwright")

    settings.DATA = tmp_path
    monkeypatch.setattr(histories, "_run", missing)
    assert run("histories").count("not measured") == 3
