"""Changes of the tree on PostgreSQL: what they write, what they refuse, and that the closure is right after each."""

import datetime

import pytest

from umeed.access.models import Posting, User
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.models import AuditEntry, UnauditedWrite
from umeed.places import closure
from umeed.places.actions import (
    NewPlace,
    demonstrate_ladakh_split,
    end_place,
    merge_places,
    move_place,
    move_places,
    open_mission,
    open_place,
    place_in_block,
    rename_place,
    split_place,
    tag_place,
    untag_place,
)
from umeed.places.models import Lying, Place, PlaceChange, PlaceName, PlaceTag, Within
from umeed.places.tests.world import BEGAN, TODAY, day, make, make_mission, officer, us

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def closure_is_right_after_each(db):
    yield
    assert closure.first_difference() is None


def inside(above, on):
    """Names of what lies in a place on a day, without the place itself."""
    rows = Within.objects.on(on).filter(above=above).exclude(below=above)
    return set(rows.values_list("below__name", flat=True))


def codes(refused):
    return {reason.code for reason in refused.value.refusals}


def test_a_new_place_lies_in_everything_above_it_from_its_day(valley):
    new = make("village", "Almond", valley.hill, valley.halqa, on=day("2020-05-05"))
    above = set(Within.objects.on(day("2020-05-05")).filter(below=new).values_list("above__name", flat=True))
    assert above == {"Almond", "Hill", "Halqa", "North", "Upper", "Testland"}
    assert not Within.objects.on(day("2020-05-04")).filter(below=new).exists()
    assert PlaceChange.objects.get(place=new).what == "open"


def test_all_reasons_at_once(valley):
    with pytest.raises(Refused) as refused:
        open_place(kind="block", name="X", parents=[valley.hill], on=day("2030-01-01"), lgd_code=911, by=us())
    assert codes(refused) == {"name_too_short", "in_the_future", "wrong_kind_of_parent", "code_taken"}
    assert not Place.objects.filter(name="X").exists()


def test_a_namesake_needs_a_code(valley):
    with pytest.raises(Refused) as refused:
        make("village", "CHINAR", valley.hill)
    assert codes(refused) == {"namesake"}
    make("village", "Chinar", valley.hill, code=999)


def test_two_lines_end_in_one_district(valley):
    with pytest.raises(Refused) as refused:
        make("village", "Almond", valley.hill, valley.east)
    assert codes(refused) == {"two_at_once"}


def test_other_mission_and_outside_reach(valley):
    _mission, far = make_mission("far", 98, "Farland")
    elsewhere = make("district", "Elsewhere", far, code=801)
    with pytest.raises(Refused) as refused:
        move_place(place=valley.north, parent=elsewhere, on=TODAY, by=us())
    assert codes(refused) == {"other_mission"}
    her = officer("ut_officer", valley.upper)
    with pytest.raises(Refused) as refused:
        move_place(place=valley.north, parent=valley.lower, on=her.today, by=her)
    assert "out_of_reach" in codes(refused)
    rename_place(place=valley.north, name="Northern", on=her.today, by=her)


def test_a_block_officer_changes_no_tree(valley):
    her = officer("block_officer", valley.north)
    with pytest.raises(Refused) as refused:
        rename_place(place=valley.north, name="Northern", on=her.today, by=her)
    assert codes(refused) == {"out_of_reach"}


def test_rename_keeps_the_old_name_for_its_days(valley):
    assert rename_place(place=valley.north, name="Northern", on=day("2020-01-01"), by=us())
    assert not rename_place(place=valley.north, name="Northern", on=day("2021-01-01"), by=us()), "already so"
    assert Place.objects.get(pk=valley.north.pk).name == "Northern"
    names = PlaceName.objects.filter(place=valley.north)
    assert names.on(day("2019-12-31")).get().name == "North"
    assert names.on(day("2020-01-01")).get().name == "Northern"


def test_a_rename_for_the_past_takes_no_local_name_of_today_along(valley):
    rename_place(place=valley.north, name="North", name_local="شمال", on=day("2020-01-01"), by=us())
    rename_place(place=valley.north, name="Old North", on=day("2016-01-01"), by=us())
    rows = PlaceName.objects.filter(place=valley.north).order_by("during")
    assert [(row.during.lower.year, row.name, row.name_local) for row in rows] == [
        (2012, "North", ""), (2016, "Old North", ""), (2020, "Old North", "شمال"),
    ]  # fmt: skip
    told = PlaceChange.objects.filter(place=valley.north, what=PlaceChange.What.RENAME).order_by("id")
    assert [(row.on.year, row.says["to"]) for row in told] == [(2020, "North"), (2016, "Old North")]


def test_a_past_rename_holds_only_until_the_next_known_name(valley):
    rename_place(place=valley.north, name="Third", on=day("2020-01-01"), by=us())
    rename_place(place=valley.north, name="Second", on=day("2016-01-01"), by=us())
    names = [
        (row.during.lower.year, row.name) for row in PlaceName.objects.filter(place=valley.north).order_by("during")
    ]
    assert names == [(2012, "North"), (2016, "Second"), (2020, "Third")]
    assert Place.objects.get(pk=valley.north.pk).name == "Third"


def test_move_with_history(valley):
    move_place(place=valley.poplar, parent=valley.north, on=day("2022-01-01"), by=us(), why="Order 7")
    assert "Poplar" in inside(valley.south, day("2021-12-31"))
    assert "Poplar" in inside(valley.north, day("2022-01-01"))
    assert "Poplar" not in inside(valley.south, day("2022-01-01"))
    move_place(place=valley.poplar, parent=valley.halqa, on=day("2018-01-01"), by=us())
    assert "Poplar" in inside(valley.halqa, day("2021-12-31"))
    assert "Poplar" not in inside(valley.halqa, day("2022-01-01")), "the later move still holds"
    told = PlaceChange.objects.get(place=valley.poplar, what="move", on=day("2022-01-01"))
    assert told.says["from"] == "South" and told.says["to"] == "North" and told.why == "Order 7"


def test_moving_one_line_to_another_district_is_refused_both_together_is_fine(valley):
    with pytest.raises(Refused) as refused:
        move_place(place=valley.deodar, parent=valley.east, on=TODAY, by=us())
    assert codes(refused) == {"two_at_once"}
    move_places(moves=[(valley.deodar, valley.east), (valley.deodar, valley.plain)], on=TODAY, by=us())
    assert "Deodar" in inside(valley.lower, TODAY)
    assert "Deodar" not in inside(valley.upper, TODAY)


def test_split_takes_the_named_children(valley):
    # Poplar leaves the Hill tehsil first, so that South can go with it to a district of its own.
    dale = make("tehsil", "Dale", valley.upper, code=923)
    move_place(place=valley.poplar, parent=dale, on=BEGAN, by=us())
    [new] = split_place(
        place=valley.upper,
        into=[NewPlace("Middle", 903, children=[valley.south, dale])],
        on=day("2024-08-26"),
        by=us(),
        why="Order 9",
    )
    assert inside(new, day("2024-08-26")) == {"South", "Dale", "Poplar"}
    assert inside(new, day("2024-08-25")) == set()
    assert "Poplar" in inside(valley.upper, day("2024-08-25"))
    assert "Poplar" not in inside(valley.upper, day("2024-08-26"))
    assert "Poplar" in inside(valley.state, day("2024-08-26"))


def test_split_refuses_strangers_and_nothing(valley):
    with pytest.raises(Refused) as refused:
        split_place(place=valley.upper, into=[NewPlace("Middle", children=[valley.east])], on=TODAY, by=us())
    assert codes(refused) == {"not_a_child"}
    with pytest.raises(Refused) as refused:
        split_place(place=valley.upper, into=[], on=TODAY, by=us())
    assert codes(refused) == {"nothing_new"}


def test_merged_places_are_counted_under_their_successor(valley):
    on = day("2023-04-01")
    merge_places(places=[valley.north], into=valley.south, on=on, by=us())
    before, after = on - datetime.timedelta(1), on
    assert inside(valley.south, before) == {"Poplar"}
    assert inside(valley.south, after) == {"North", "Halqa", "Chinar", "Deodar", "Poplar"}
    assert not Within.objects.on(after).filter(above=valley.north).exists(), "it is no more"
    assert inside(valley.north, before) == {"Halqa", "Chinar", "Deodar"}
    assert "North" in inside(valley.state, after), "what is recorded at it is still in the State"


def test_merged_twice_is_reached_through_the_last(valley):
    merge_places(places=[valley.chinar], into=valley.deodar, on=day("2020-01-01"), by=us())
    merge_places(places=[valley.deodar], into=valley.poplar, on=day("2024-01-01"), by=us())
    of_kind = Within.objects.filter(below=valley.chinar, above__kind="village").order_by("during")
    assert [(row.above.name, row.during.lower) for row in of_kind] == [
        ("Chinar", BEGAN), ("Deodar", day("2020-01-01")), ("Poplar", day("2024-01-01"))
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        merge_places(places=[valley.poplar], into=valley.chinar, on=TODAY, by=us())
    assert "no_longer_exists" in codes(refused), "no circle"


def test_merge_refusals(valley):
    with pytest.raises(Refused) as refused:
        merge_places(places=[valley.north, valley.south, valley.hill], into=valley.north, on=BEGAN, by=us())
    assert codes(refused) == {"merged_with_itself", "ends_as_it_begins", "other_kind"}
    move_place(place=valley.poplar, parent=valley.north, on=day("2022-01-01"), by=us())
    with pytest.raises(Refused) as refused:
        merge_places(places=[valley.poplar], into=valley.deodar, on=day("2021-01-01"), by=us())
    assert codes(refused) == {"moved_later"}


def test_end_only_what_is_empty(valley):
    with pytest.raises(Refused) as refused:
        end_place(place=valley.halqa, on=TODAY, by=us())
    assert codes(refused) == {"children_left"}
    move_place(place=valley.chinar, parent=valley.north, on=day("2020-01-01"), by=us())
    end_place(place=valley.halqa, on=day("2021-01-01"), by=us())
    assert "Halqa" in inside(valley.north, day("2020-12-31"))
    assert "Halqa" not in inside(valley.north, day("2021-01-01"))
    with pytest.raises(Refused) as refused:
        rename_place(place=valley.halqa, name="Other", on=TODAY, by=us())
    assert codes(refused) == {"no_longer_exists"}
    with pytest.raises(Refused) as refused:
        move_place(place=valley.chinar, parent=valley.halqa, on=day("2020-06-01"), by=us())
    assert codes(refused) == {"parent_ends"}


def test_a_place_with_records_does_not_end(valley):
    user = User.objects.create(username="resident")
    with audited(by=us(), did="post_person"):
        Posting(user=user, role="resource_person", place=valley.willow, during=since(BEGAN)).save()
    with pytest.raises(Refused) as refused:
        end_place(place=valley.willow, on=TODAY, by=us())
    assert codes(refused) == {"records_left"}


def test_tags_for_a_time(valley):
    tag_place(place=valley.north, tag="aspirational", on=day("2023-01-01"), source="Order 4", by=us())
    tag_place(place=valley.north, tag="aspirational", on=day("2024-01-01"), by=us())
    assert PlaceTag.objects.count() == 1, "carried already"
    untag_place(place=valley.north, tag="aspirational", on=day("2025-01-01"), by=us())
    assert PlaceTag.objects.on(day("2024-12-31")).count() == 1
    assert PlaceTag.objects.on(day("2025-01-01")).count() == 0
    with pytest.raises(Refused) as refused:
        untag_place(place=valley.north, tag="aspirational", on=day("2025-01-01"), by=us())
    assert codes(refused) == {"not_tagged"}
    with pytest.raises(Refused) as refused:
        tag_place(place=valley.north, tag="aspirational", on=day("2024-06-01"), by=us())
    assert codes(refused) == {"tag_overlaps"}


def test_an_officer_brings_a_lost_village_into_her_block(valley):
    her = officer("block_officer", valley.north)
    place_in_block(places=[valley.willow], parent=valley.halqa, by=her)
    assert "Willow" in inside(valley.halqa, BEGAN), "what was unknown, not what changed"
    assert "Willow" in inside(valley.north, TODAY)
    with pytest.raises(Refused) as refused:
        place_in_block(places=[valley.walnut], parent=valley.north, by=her)
    assert "outside_district" in codes(refused)
    with pytest.raises(Refused) as refused:
        place_in_block(places=[valley.willow], parent=valley.south, by=her)
    assert codes(refused) == {"out_of_reach"}
    with pytest.raises(Refused) as refused:
        place_in_block(places=[valley.willow], parent=valley.hill, by=us())
    assert "not_a_block" in codes(refused)


def test_every_change_is_one_entry(valley):
    before = AuditEntry.objects.count()
    move_place(place=valley.poplar, parent=valley.north, on=day("2022-01-01"), by=us(), why="Order 7")
    entry = AuditEntry.objects.order_by("-seq").first()
    assert AuditEntry.objects.count() == before + 1
    assert (entry.did, entry.why) == ("move_place", "Order 7")
    assert {change.table for change in entry.changes.all()} == {"places_lying", "places_placechange"}
    with pytest.raises(UnauditedWrite):
        Lying.objects.first().save()


def test_open_mission_from_facts_twice_is_once(db):
    jk = open_mission(key="jk", by=us())
    open_mission(key="jk", by=us())
    open_mission(key="ladakh", by=us())
    counts = {
        (key, kind): Place.objects.filter(mission=key, kind=kind).count()
        for key in ("jk", "ladakh")
        for kind in ("district", "block")
    }
    assert counts == {("jk", "district"): 20, ("jk", "block"): 287, ("ladakh", "district"): 2, ("ladakh", "block"): 31}
    assert jk.short_name == "JKRLM"
    kathua = Place.objects.get(kind="district", lgd_code=7)
    assert (kathua.name, kathua.census_2011) == ("Kathua", "007")
    assert "Hiranagar" in inside(kathua, TODAY)
    with pytest.raises(Refused) as refused:
        open_mission(key="other", name="Other Mission", short_name="OM", state=(1, "Jammu and Kashmir"), by=us())
    assert codes(refused) == {"state_taken"}
    with pytest.raises(Refused) as refused:
        open_mission(key="", by=officer("mis_officer", kathua))
    assert codes(refused) == {"name_too_short", "no_key", "not_yours", "no_state"}


def test_the_example_split_of_ladakh(db):
    open_mission(key="ladakh", by=us())
    made = demonstrate_ladakh_split(by=us())
    again = demonstrate_ladakh_split(by=us())
    assert [place.name for place in made] == ["Zanskar", "Drass", "Sham", "Nubra", "Changthang"]
    assert again == made
    told = PlaceChange.objects.filter(what="split")
    assert told.count() == 5 and all("invented" in row.why for row in told)
    ladakh = Place.objects.get(kind="state")
    rows = Within.objects.filter(above=ladakh, below__kind="block")
    assert rows.on(day("2024-08-25")).count() == rows.on(day("2024-08-26")).count() == 31
    assert all(place.lgd_code is None for place in made)
