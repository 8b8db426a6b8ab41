"""A load gives no more than the pages do: what a block officer's file may change, when judged and when written."""

import json

import pytest

from umeed.core.actions import Refused
from umeed.core.loads import acts
from umeed.core.loads.models import Load, LoadRow, State
from umeed.core.loads.rows import packed
from umeed.core.viewer import as_system, as_viewer
from umeed.places.loads import DIRECTORY, VILLAGES_TO_BLOCKS
from umeed.places.models import Lying, Place, Within
from umeed.places.tests.test_load_engine import gone_on
from umeed.places.tests.test_load_engine import judged as received
from umeed.places.tests.test_loads import codes, judged, load, rows, tree_now, village, write
from umeed.places.tests.world import make, officer

pytestmark = pytest.mark.django_db

UPPER = {"district_code": 901, "district_name": "Upper"}
NOT_HERS = {
    "district renamed": (DIRECTORY, "district", {"code": 901, "name": "Islamabad"}, "renamed_not_yours"),
    "her own block renamed": (DIRECTORY, "block", {"code": 911, "name": "Northern", **UPPER}, "renamed_not_yours"),
    "new block": (DIRECTORY, "block", {"code": 999, "name": "Fresh Block", **UPPER}, "new_not_yours"),
    "new tehsil": (DIRECTORY, "tehsil", {"code": 929, "name": "Fresh Tehsil", **UPPER}, "new_not_yours"),
    "block along with a village": (
        DIRECTORY, "village", village(955, "Inside", block_code=999, block_name="Fresh Block"), "new_not_yours",
    ),
    "her own village renamed": (DIRECTORY, "village", village(942, "Deodar Kalan"), "renamed_not_yours"),
    "another's village renamed": (DIRECTORY, "village", village(943, "Poplar Kalan"), "renamed_not_yours"),
    "renamed by the other list": (
        VILLAGES_TO_BLOCKS, "village", {"code": 943, "name": "Poplar Kalan", "block_code": 912}, "renamed_not_yours",
    ),
    "moved into her block": (VILLAGES_TO_BLOCKS, "village", {"code": 943, "block_code": 911}, "moved_not_yours"),
    "moved out of her block": (VILLAGES_TO_BLOCKS, "village", {"code": 942, "block_code": 912}, "moved_not_yours"),
    "moved out of her panchayat": (
        VILLAGES_TO_BLOCKS, "village", {"code": 941, "panchayat_code": 939, "panchayat_name": "Other Halqa"},
        "moved_not_yours",
    ),
    "moved to a new tehsil": (DIRECTORY, "village", village(942, "Deodar", (925, "Meadow")), "moved_not_yours"),
    "panchayat moved": (
        DIRECTORY, "panchayat", {"code": 931, "name": "Halqa", "block_code": 912, "block_name": "South", **UPPER},
        "moved_not_yours",
    ),
    "brought into another's block": (
        VILLAGES_TO_BLOCKS, "village", {"code": 945, "block_code": 912}, "placed_not_yours",
    ),
    "brought into another's new panchayat": (
        VILLAGES_TO_BLOCKS, "village",
        {"code": 943, "panchayat_code": 939, "panchayat_name": "Other Halqa"}, "placed_not_yours",
    ),
    "a block's name in its own script": (
        DIRECTORY, "block", {"code": 911, "name": "North", "name_local": "شمال", **UPPER}, "local_name_not_yours",
    ),
    "a census code changed": (
        DIRECTORY, "village", village(946, "Maple", census_2011="000002"), "recoded_not_yours",
    ),
}  # fmt: skip


def with_maple(valley):
    """A village whose census code is known."""
    maple = make("village", "Maple", valley.hill, valley.north, code=946)
    Place.objects.filter(pk=maple.pk).update(census_2011="000001")


@pytest.mark.parametrize("case", NOT_HERS)
def test_what_a_block_officer_may_not_do_by_hand_no_file_does(valley, case):
    layout, kind, row, code = NOT_HERS[case]
    with_maple(valley)
    her = officer("block_officer", valley.north)
    (verdict,) = judged(layout, rows(kind, row), her)
    assert (verdict.what, codes(verdict) - {"comes_along"}, dict(verdict.after)) == ("refuse", {code}, {})
    before = tree_now()
    (anybodys,) = judged(layout, rows(kind, row))
    assert anybodys.what in ("create", "change")
    with pytest.raises(Refused) as refused:
        write(layout, [anybodys], her)
    assert {reason.code for reason in refused.value.refusals} == {code}
    assert tree_now() == before


@pytest.mark.parametrize("role", ["mis_officer", "ut_officer"])
@pytest.mark.parametrize("case", NOT_HERS)
def test_who_may_change_places_does_it_by_file(valley, case, role):
    layout, kind, row, _code = NOT_HERS[case]
    with_maple(valley)
    before = tree_now()
    (verdict,) = load(layout, rows(kind, row), officer(role, valley.upper))
    assert verdict.what in ("create", "change")
    assert tree_now() != before


def test_to_move_a_place_one_may_change_places_where_it_comes_to(valley):
    over_north = officer("mis_officer", valley.north)
    into_south = rows("village", {"code": 942, "block_code": 912})
    assert codes(judged(VILLAGES_TO_BLOCKS, into_south, over_north)[0]) == {"moved_not_yours"}
    assert codes(judged(DIRECTORY, rows("village", village(943, "Poplar Kalan")), over_north)[0]) == {
        "renamed_not_yours"
    }
    load(DIRECTORY, rows("village", village(942, "Deodar Kalan")), over_north)
    valley.deodar.refresh_from_db()
    assert valley.deodar.name == "Deodar Kalan"


def test_a_place_is_ended_by_file_only_by_who_may_change_that_place(valley):
    for code in range(980, 1000):
        make("village", f"Hamlet {chr(code - 980 + 65)}x", valley.hill, valley.south, code=code)
    ending = DIRECTORY.with_options({"end_gone": True})
    listed = Place.objects.filter(kind="village", lyings__parent=valley.hill).exclude(lgd_code=999)
    given = rows("village", *(village(code, name) for code, name in listed.values_list("lgd_code", "name")))
    over_north = officer("mis_officer", valley.north)
    (gone,) = [each for each in judged(ending, given, over_north) if each.reasons]
    assert (gone.what, codes(gone)) == ("leave", {"gone_not_yours"}), "she may change places, but not in that block"
    (anybodys,) = [each for each in judged(ending, given) if each.reasons]
    with pytest.raises(Refused) as refused:
        write(ending, [anybodys], over_north)
    assert {reason.code for reason in refused.value.refusals} == {"ended_not_yours"}
    assert Within.objects.on(over_north.today).filter(below__lgd_code=999).exists()


def test_her_districts_download_brings_what_is_new_in_it(valley):
    her = officer("block_officer", valley.north)
    verdicts = load(
        DIRECTORY,
        rows("panchayat", {"code": 932, "name": "New Halqa", "block_code": 912, "block_name": "South", **UPPER})
        + rows(
            "village",
            village(941, "CHINAR"),
            village(942, "Deodar", census_2011="004444", name_local="دیودار"),
            village(955, "Inside"),
            village(957, "Beyond", (925, "Meadow")),
            village(958, "Beside", (925, "Meadow"), panchayat_code=932, panchayat_name="New Halqa"),
            village(956, "Outside", (922, "Plain"), (902, "Lower")),
        ),
        her,
    )
    assert [each.what for each in verdicts] == ["create", "leave", "change", *["create"] * 3, "refuse"]
    made = Place.objects.filter(lgd_code__in=(932, 955, 957, 958, 925))
    assert set(made.values_list("name", flat=True)) == {"New Halqa", "Inside", "Beyond", "Beside", "Meadow"}
    valley.deodar.refresh_from_db()
    assert (valley.deodar.census_2011, valley.deodar.name_local) == ("004444", "دیودار")


def test_a_new_tehsil_comes_along_in_her_own_district_alone(valley):
    her = officer("block_officer", valley.north)
    given = rows("village", village(958, "Afar", (925, "Meadow"), (902, "Lower")))
    assert codes(judged(DIRECTORY, given, her)[0]) >= {"outside_district"}
    with pytest.raises(Refused) as refused:
        write(DIRECTORY, judged(DIRECTORY, given), her)
    assert {reason.code for reason in refused.value.refusals} == {"outside_district"}
    assert not Place.objects.filter(lgd_code__in=(925, 958)).exists()


def test_a_village_in_no_block_comes_into_her_block_and_gets_its_tehsil(valley):
    her = officer("block_officer", valley.north)
    make("village", "Rowan", valley.upper, code=947)
    make("village", "Cedar", valley.upper, valley.south, code=948)
    given = rows("village", village(947, "Rowan", block_code=911, block_name="North"), village(948, "Cedar"))
    rowan, cedar = load(DIRECTORY, given, her)
    assert (rowan.what, cedar.what, codes(cedar)) == ("change", "refuse", {"placed_not_yours"})
    lies_in = Lying.objects.on(her.today).filter(place__lgd_code=947)
    assert set(lies_in.values_list("parent__name", flat=True)) == {"Hill", "North"}


def test_a_row_ticked_behind_the_page_writes_nothing(valley):
    """As `block` she loaded this, consented, and the district was renamed for everybody."""
    her = officer("block_officer", valley.north)
    of_her = received(her, "District Code,District Name (In English),State Code\n901,Islamabad,99\n")
    assert (of_her.counts["refuse"], of_her.counts["chosen"]) == (1, 0)
    (anybodys,) = judged(DIRECTORY, rows("district", {"code": 901, "name": "Islamabad"}))
    with as_system():
        row = LoadRow.objects.get(load=of_her)
        LoadRow.objects.filter(pk=row.pk).update(
            what="change", chosen=True, table=anybodys.table, subject_id=anybodys.subject_id,
            after=json.loads(packed(anybodys.after, frozenset())),
        )  # fmt: skip
        Load.objects.filter(pk=of_her.pk).update(counts={**of_her.counts, "chosen": 1})
    of_her.refresh_from_db()
    with as_viewer(her.viewer):
        acts.consent(of_her, by=her, revision=of_her.revision, which=acts.GOOD)
    of_her = gone_on(of_her)
    assert (of_her.state, [each["code"] for each in of_her.refusals]) == (State.JUDGED, ["renamed_not_yours"])
    valley.upper.refresh_from_db()
    assert valley.upper.name == "Upper"
