"""What other rooms read about places: in scope, on a day, in a known number of queries."""

import pytest

from umeed.places import queries
from umeed.places.actions import merge_places, rename_place, tag_place
from umeed.places.tests.world import BEGAN, TODAY, day, officer, us

pytestmark = pytest.mark.django_db


def names(rows):
    return [row.name for row in rows]


def test_children_with_counts(valley, django_assert_num_queries):
    with django_assert_num_queries(2):
        children = queries.children_of(us(), valley.upper)
        counts = queries.counts_below([child.id for child in children], TODAY)
    assert [(child.kind, child.name) for child in children] == [
        ("tehsil", "Hill"),
        ("block", "North"),
        ("block", "South"),
    ]
    assert counts[children[0].id] == (("village", 4),)
    assert counts[children[1].id] == (("panchayat", 1), ("village", 2))


def test_children_on_a_day_and_in_scope(valley):
    rename_place(place=valley.south, name="Southern", on=day("2020-01-01"), by=us())
    merge_places(places=[valley.north], into=valley.south, on=day("2024-01-01"), by=us())
    assert names(queries.children_of(us(), valley.upper, on=day("2019-01-01"))) == ["Hill", "North", "South"]
    assert names(queries.children_of(us(), valley.upper)) == ["Hill", "Southern"]
    her = officer("block_officer", valley.south)
    assert names(queries.children_of(her, valley.upper)) == ["Southern"]


def test_ancestors_of_many_in_one_query(valley, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = queries.ancestors([village.pk for village in valley.villages], TODAY)
    assert names(found[valley.chinar.pk]) == ["Testland", "Upper", "Hill", "North", "Halqa", "Chinar"]
    assert names(found[valley.willow.pk]) == ["Testland", "Upper", "Hill", "Willow"]
    assert queries.lines_of([valley.poplar.pk], TODAY) == {valley.poplar.pk: "Upper › Hill › South"}


def test_options_are_limited_to_the_scope(valley):
    her = officer("district_officer", valley.upper)
    assert names(queries.place_options(her, "block")) == ["North", "South"]
    assert names(queries.place_options(her, ["block", "village"], inside=valley.north.pk)) == [
        "Chinar",
        "Deodar",
        "North",
    ]
    assert names(queries.place_options(us(), "block")) == ["East", "North", "South"]
    merge_places(places=[valley.deodar], into=valley.chinar, on=TODAY, by=us())
    hers = officer("block_officer", valley.north, "hers")
    assert names(queries.place_options(hers, "village", inside=valley.north.pk)) == ["Chinar"]
    assert names(queries.place_options(her, "block", capability="places.change")) == []


def test_lost_villages_are_those_of_the_whole_district(valley):
    assert names(queries.lost_villages(us())) == ["Willow"]
    assert names(queries.lost_villages(officer("block_officer", valley.north))) == ["Willow"]
    assert names(queries.lost_villages(officer("block_officer", valley.east, "other"))) == []
    assert names(queries.tehsils_with_lost(us())) == ["Hill"]


def test_history_and_tags(valley):
    rename_place(place=valley.north, name="Northern", on=day("2020-01-01"), by=us())
    tag_place(place=valley.north, tag="hard_to_reach", on=day("2021-01-01"), by=us())
    events = [(event.what, event.on) for event in queries.history_of(us(), valley.north)]
    assert events[0] == ("tag", day("2021-01-01"))
    assert ("rename", day("2020-01-01")) in events and ("parent", BEGAN) in events
    assert [row.tag for row in queries.tags_of([valley.north.pk], TODAY)[valley.north.pk]] == ["hard_to_reach"]
    assert queries.tags_of([valley.north.pk], day("2020-12-31")) == {}


def test_nobody_sees_nothing(valley):
    from umeed.core.scope import nobody

    visitor = nobody(TODAY)
    assert queries.place_seen(visitor, valley.north.pk) is None
    assert queries.children_of(visitor, valley.upper) == []
    assert list(queries.place_options(visitor, "block")) == []
    assert list(queries.lost_villages(visitor)) == []
    assert queries.roots_of(visitor) == []
