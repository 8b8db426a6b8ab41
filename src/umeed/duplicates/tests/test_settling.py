"""Decisions about a pair that merge nothing."""

import datetime

import pytest

from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.duplicates.actions import put_off, settle_not_the_same, take_up_again
from umeed.duplicates.models import Candidate, State
from umeed.duplicates.tests.conftest import TODAY


def _state(pair) -> Candidate:
    with as_system():
        return Candidate.objects.get(pk=pair.pk)


def test_two_women_with_a_reason(acting, world) -> None:
    pair = world.pair()
    with pytest.raises(Refused) as refused:
        acting(settle_not_the_same, candidate=pair, why="")
    assert [reason.code for reason in refused.value.refusals] == ["reason_missing"]
    acting(settle_not_the_same, candidate=pair, why="Two sisters-in-law")
    assert (_state(pair).state, _state(pair).why) == (State.NOT_THE_SAME, "Two sisters-in-law")
    with pytest.raises(Refused) as refused:
        acting(settle_not_the_same, candidate=pair, why="Again")
    assert [reason.code for reason in refused.value.refusals] == ["settled_already"]


def test_later_and_again(acting, world) -> None:
    pair = world.pair()
    acting(put_off, candidate=pair)
    assert _state(pair).put_off_until == TODAY + datetime.timedelta(days=30)
    acting(take_up_again, candidate=pair, why="")
    acting(settle_not_the_same, candidate=pair, why="Two women")
    acting(take_up_again, candidate=pair, why="A mistake of mine")
    assert _state(pair).state == State.OPEN and _state(pair).put_off_until is None


def test_only_where_both_women_are_hers(acting, world, scene) -> None:
    pair = world.pair(world.first, scene.there.women[0])
    for by in (scene.scope("block_officer"), scene.scope("resource_person")):
        with pytest.raises(Refused):
            acting(settle_not_the_same, candidate=pair, why="No", by=by)
    acting(settle_not_the_same, candidate=pair, why="No", by=scene.scope("ut_officer"))


def test_a_page_that_is_behind_is_refused(acting, world) -> None:
    pair = world.pair()
    acting(put_off, candidate=pair)
    with pytest.raises(Refused) as refused:
        acting(settle_not_the_same, candidate=pair, why="No", revision=1)
    assert [reason.code for reason in refused.value.refusals] == ["stale"]
