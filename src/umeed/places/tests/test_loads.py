"""Directories of places: read, judged, written, loaded twice, taken back. LGD's own form, made on the fly and real."""

import datetime
from collections import Counter
from pathlib import Path

import pytest

from umeed.access.models import Posting, User
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.audit_pages import words
from umeed.core.dated import since
from umeed.core.loads import mapping, reading
from umeed.core.loads.layouts import SheetRow
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.sheets import Limits, read_book
from umeed.core.templatetags.umeed_text import day as day_in_words
from umeed.places import closure
from umeed.places.actions import merge_places, open_mission, rename_place
from umeed.places.directory.columns import kinds_of
from umeed.places.loads import DIRECTORY, VILLAGES_TO_BLOCKS
from umeed.places.models import Lying, Place, PlaceChange, PlaceName, Within
from umeed.places.tests.lgd_form import lgd_zip
from umeed.places.tests.world import BEGAN, TODAY, day, make, officer, us

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[5] / "shared/data/samples/02_lgd_download_jammu_kashmir_2022-08-06.zip"
WRITTEN = ("create", "change")


def silent(done, total, words):
    """Progress that nobody watches."""


def rows(kind, *values):
    return [SheetRow("Sheet", number, each, kind) for number, each in enumerate(values, start=2)]


def village(code, name, tehsil=(921, "Hill"), district=(901, "Upper"), **more):
    return {
        "code": code, "name": name, "tehsil_code": tehsil[0], "tehsil_name": tehsil[1],
        "district_code": district[0], "district_name": district[1], **more,
    }  # fmt: skip


def judged(layout, given, by=None):
    return list(layout.judge(given, by=by or us(), progress=silent))


def load(layout, given, by=None, load_id="L1"):
    """Judge and write what would be created or changed. Returns all verdicts."""
    verdicts = judged(layout, given, by)
    write(layout, verdicts, by, load_id)
    return verdicts


def write(layout, verdicts, by=None, load_id="L1"):
    by = by or us()
    with audited(by=by, did="apply_load"):
        layout.apply([each for each in verdicts if each.what in WRITTEN], by=by, load_id=load_id, progress=silent)
    assert closure.first_difference() is None


def undo(layout, verdicts, load_id="L1"):
    with audited(by=us(), did="undo_load"):
        layout.undo([each for each in verdicts if each.what in WRITTEN], by=us(), load_id=load_id, progress=silent)
    assert closure.first_difference() is None


def codes(verdict):
    return {reason.code for reason in verdict.reasons}


def tree_now():
    """All dated rows of the tree, to compare before and after."""
    return {
        model: sorted(map(repr, model.objects.values_list(*columns)))
        for model, columns in {
            Place: ("pk", "name", "name_local", "census_2001", "census_2011"),
            Lying: ("place", "parent", "line", "during"),
            PlaceName: ("place", "name", "name_local", "during"),
            Within: ("above", "below", "during"),
        }.items()
    }


def test_known_renamed_moved_new(valley):
    make("tehsil", "Ridge", valley.upper, code=924)
    verdicts = load(
        DIRECTORY,
        rows(
            "village",
            village(941, "CHINAR"),
            village(942, "Deodar Kalan"),
            village(943, "Poplar", (924, "Ridge")),
            village(950, "ALMOND GROVE", (925, "Meadow"), census_2011="000123"),
        ),
    )
    assert [each.what for each in verdicts[:4]] == ["leave", "change", "change", "create"]
    assert verdicts[1].before == {"name": "Deodar"} and verdicts[1].after["name"] == "Deodar Kalan"
    assert verdicts[2].before == {"tehsil_code": 921, "tehsil_name": "Hill", "district_code": 901,
                                  "district_name": "Upper"}  # fmt: skip
    assert (verdicts[2].after["tehsil_name"], verdicts[2].after["moved"]) == ("Ridge", True)
    assert codes(verdicts[3]) == {"comes_along"}, "its tehsil is new as well"
    almond = Place.objects.get(lgd_code=950)
    assert (almond.name, almond.census_2011) == ("Almond Grove", "000123")
    above = set(Within.objects.on(TODAY).filter(below=almond).values_list("above__name", flat=True))
    assert above == {"Almond Grove", "Meadow", "Upper", "Testland"}
    names = PlaceName.objects.filter(place=valley.deodar)
    assert names.on(TODAY).get().name == "Deodar Kalan"
    assert names.on(TODAY - datetime.timedelta(1)).get().name == "Deodar"
    assert valley.poplar.lyings.on(TODAY).get(line="revenue").parent.name == "Ridge"
    assert {each.what for each in judged(DIRECTORY, rows("village", village(942, "Deodar Kalan")))} == {"leave"}
    noted = AuditChange.objects.get(table="places_place", kind=AuditChange.CREATED, subject_id=str(almond.pk)).after
    told = {
        words.column_in_words("places_place", key): words.value_in_words("places_place", key, noted[key])
        for key in ("lies_in", "since")
    }
    assert told == {"Lies in": "Meadow", "Since": day_in_words(TODAY)}


def test_refusals_in_plain_words(valley):
    open_mission(key="far", name="Far Mission", short_name="Far", state=(98, "Farland"), opened_on=BEGAN, by=us())
    far = Place.objects.get(lgd_code=98)
    make("village", "Stranger", make("district", "Elsewhere", far, code=801), code=960)
    verdicts = judged(
        DIRECTORY,
        rows(
            "village",
            village(None, "Nocode"),
            village("12a", "Odd"),
            village(951, ""),
            village(952, "Lost", district=(777, "Nowhere")),
            village(960, "Stranger"),
            village(941, "Chinar"),
            village(941, "Chinar"),
            village(921, "Hill"),
            village(953, "Mixed", (922, "Plain")),
            village(954, "Other State", state_code=37),
            village(942, "Deodar", block_code=913, block_name="East"),
        ),
    )
    assert [codes(each) for each in verdicts[:11]] == [
        {"no_code"}, {"not_a_code"}, {"name_too_short"}, {"unknown_district"}, {"other_state"},
        set(), {"code_twice"}, {"code_of_other_kind"}, {"other_district"}, {"other_state"},
            {"other_district", "two_districts"},
    ]  # fmt: skip
    assert {each.what for each in verdicts[:11]} == {"refuse", "leave"}


def test_a_first_list_holds_from_the_first_day_a_later_one_from_today(valley):
    third = make("district", "Third", valley.state, code=903)
    load(DIRECTORY, rows("village", village(970, "First", (926, "Fresh"), (903, "Third"))))
    load(DIRECTORY, rows("village", village(970, "First", (926, "Fresh"), (903, "Third")),
                         village(971, "Second", (926, "Fresh"), (903, "Third"))), load_id="L2")  # fmt: skip
    assert third.mission.opened_on == BEGAN
    assert Within.objects.on(BEGAN).filter(below__lgd_code=970, above=third).exists()
    assert not Within.objects.on(TODAY - datetime.timedelta(1)).filter(below__lgd_code=971).exists()
    chosen = DIRECTORY.with_options({"on": day("2021-01-01")})
    load(chosen, rows("village", village(972, "Third", (926, "Fresh"), (903, "Third"))), load_id="L3")
    assert Place.objects.get(lgd_code=972).lyings.get().during.lower == day("2021-01-01")
    future = DIRECTORY.with_options({"on": TODAY + datetime.timedelta(1)})
    assert codes(judged(future, rows("village", village(941, "Chinar")))[0]) == {"in_the_future"}


def test_codes_are_read_in_every_script_and_without_unseen_marks(valley):
    given = rows("village", village("۹۸۱", "Shalimar"), village("९८२", "Nishat"), village("\u200e983\u00a0", "Harwan"))
    assert [(each.what, each.after["code"]) for each in judged(DIRECTORY, given)] == [
        ("create", 981), ("create", 982), ("create", 983),
    ]  # fmt: skip


def test_gone_is_shown_and_ended_only_when_asked(valley):
    for code in range(980, 1000):
        make("village", f"Hamlet {chr(code - 980 + 65)}x", valley.hill, code=code)
    listed = [village(code, name) for code, name in Place.objects.filter(
        kind="village", lyings__parent=valley.hill).values_list("lgd_code", "name") if code != 999]  # fmt: skip
    gone = judged(DIRECTORY, rows("village", *listed))[-1]
    assert (gone.number, gone.what, codes(gone)) == (0, "leave", {"not_in_file"})
    ending = DIRECTORY.with_options({"end_gone": True})
    assert [codes(each) for each in judged(ending, rows("village", *listed)) if each.reasons] == [{"will_end"}]
    assert all(each.number for each in judged(ending, rows("village", *listed[:5]))), "five of 24 are no list"
    her = officer("block_officer", valley.north)
    assert codes(judged(ending, rows("village", *listed), her)[-1]) == {"gone_not_yours"}
    user = User.objects.create(username="resident")
    with audited(by=us(), did="post_person"):
        Posting(user=user, role="resource_person", place=Place.objects.get(lgd_code=999), during=since(BEGAN)).save()
    assert codes(judged(ending, rows("village", *listed))[-1]) == {"gone_but_held"}
    with audited(by=us(), did="unpost_person"):
        Posting.objects.all()._raw_delete("default")
    before = tree_now()
    verdicts = load(ending, rows("village", *listed))
    assert not Within.objects.on(TODAY).filter(above__lgd_code=999).exists()
    assert PlaceChange.objects.get(place__lgd_code=999, what="end")
    undo(ending, verdicts)
    assert tree_now() == before


def test_a_block_officer_loads_her_own_district(valley):
    her = officer("block_officer", valley.north)
    verdicts = judged(
        DIRECTORY,
        rows("village", village(955, "Inside"), village(956, "Outside", (922, "Plain"), (902, "Lower"))),
        her,
    )
    assert [each.what for each in verdicts] == ["create", "refuse"]
    assert codes(verdicts[1]) == {"outside_district"}
    assert codes(judged(DIRECTORY, rows("district", {"code": 904, "name": "Fourth"}), her)[0]) == {"outside_district"}
    write(DIRECTORY, verdicts, her)
    assert Place.objects.filter(lgd_code=955).exists() and not Place.objects.filter(lgd_code=956).exists()


def test_a_village_that_moves_to_another_district_leaves_its_block(valley):
    moved = village(942, "Deodar", (922, "Plain"), (902, "Lower"))
    verdicts = load(DIRECTORY, rows("village", moved))
    assert codes(verdicts[0]) == {"leaves_block"}
    assert set(valley.deodar.lyings.on(TODAY).values_list("parent__name", flat=True)) == {"Plain"}
    undo(DIRECTORY, verdicts)
    assert set(valley.deodar.lyings.on(TODAY).values_list("parent__name", flat=True)) == {"Hill", "North"}


def test_undo_puts_everything_back(valley):
    before = tree_now()
    verdicts = load(
        DIRECTORY,
        rows("district", {"code": 905, "name": "Fifth"})
        + rows("panchayat", {"code": 932, "name": "New Halqa", "block_code": 912, "block_name": "South",
                             "district_code": 901})
        + rows(
            "village",
            village(942, "Deodar Kalan", name_local="دیودار", census_2011="004444"),
            village(943, "Poplar", panchayat_code=932, panchayat_name="New Halqa"),
            village(957, "Far", (927, "Edge"), (905, "Fifth")),
        ),
    )  # fmt: skip
    assert [each.what for each in verdicts] == ["create", "create", "change", "change", "create"]
    assert "Poplar" in Within.objects.on(TODAY).filter(above__lgd_code=932).values_list("below__name", flat=True)
    assert DIRECTORY.why_not_undo(verdicts, by=us()) == []
    undo(DIRECTORY, verdicts)
    assert tree_now() == before
    assert not PlaceChange.objects.filter(load_id="L1").exists()


def names_of(place):
    """[(from, name, name in its own script)] of a place, in time."""
    named = PlaceName.objects.filter(place=place).order_by("during")
    return [(row.during.lower, row.name, row.name_local) for row in named]


def test_a_local_name_told_for_the_past_carries_no_name_back_and_stands_today(valley):
    """A village was renamed in 2022; a list dated 2021 brings its name in its own script, which was empty."""
    rename_place(place=valley.deodar, name="Deodar Kalan", on=day("2022-03-01"), by=us())
    before = tree_now()
    dated = DIRECTORY.with_options({"on": day("2021-01-01")})
    given = rows("village", village(942, "DEODAR KALAN", name_local="دیودار"))
    verdicts = load(dated, given)
    assert [(each.what, set(each.after)) for each in verdicts] == [("change", {"name_local", "on"})]
    assert names_of(valley.deodar) == [
        (BEGAN, "Deodar", ""), (day("2021-01-01"), "Deodar", "دیودار"), (day("2022-03-01"), "Deodar Kalan", "دیودار"),
    ]  # fmt: skip
    assert Place.objects.values_list("name", "name_local").get(lgd_code=942) == ("Deodar Kalan", "دیودار")
    assert [each.what for each in judged(dated, given)] == ["leave"], "loading it twice changes nothing"
    undo(dated, verdicts)
    assert tree_now() == before


def test_a_local_name_goes_on_until_the_next_one_that_is_known(valley):
    rename_place(place=valley.deodar, name="Deodar", name_local="دیودار کلاں", on=day("2022-03-01"), by=us())
    rename_place(place=valley.deodar, name="Deodar", name_local="", on=day("2023-03-01"), by=us())
    dated = DIRECTORY.with_options({"on": day("2021-01-01")})
    verdicts = load(dated, rows("village", village(942, "Deodar", name_local="دیودار")))
    assert [each.what for each in verdicts] == ["change"]
    assert [local for _day, _name, local in names_of(valley.deodar)] == ["", "دیودار", "دیودار کلاں", ""]


def test_a_name_told_for_a_day_before_the_place_begins_with_it(valley):
    late = make("village", "Late", valley.hill, code=999, on=day("2023-05-01"))
    verdicts = load(
        DIRECTORY.with_options({"on": day("2021-01-01")}), rows("village", village(999, "Late", name_local="دیر"))
    )
    assert [each.what for each in verdicts] == ["change"]
    assert names_of(late) == [(day("2023-05-01"), "Late", "دیر")]


def test_another_name_for_the_past_keeps_the_local_name_of_then(valley):
    rename_place(place=valley.deodar, name="Deodar", name_local="دیودار", on=day("2022-03-01"), by=us())
    load(DIRECTORY.with_options({"on": day("2021-01-01")}), rows("village", village(942, "Deodar Khurd")))
    assert names_of(valley.deodar) == [
        (BEGAN, "Deodar", ""), (day("2021-01-01"), "Deodar Khurd", ""), (day("2022-03-01"), "Deodar Khurd", "دیودار"),
    ]  # fmt: skip


def test_what_others_have_built_on_is_not_taken_back(valley):
    verdicts = load(DIRECTORY, rows("village", village(955, "Inside"), village(942, "Deodar Kalan")))
    rename_place(place=valley.deodar, name="Deodar Khurd", on=TODAY, by=us())
    make("habitation", "Upper Hamlet", Place.objects.get(lgd_code=955), on=TODAY)
    user = User.objects.create(username="resident")
    with audited(by=us(), did="post_person"):
        Posting(user=user, role="resource_person", place=Place.objects.get(lgd_code=955), during=since(BEGAN)).save()
    reasons = {reason.code for reason in DIRECTORY.why_not_undo(verdicts, by=us())}
    assert reasons == {"changed_later", "records_at", "places_in"}
    with pytest.raises(Refused):
        undo(DIRECTORY, verdicts)
    assert Place.objects.filter(lgd_code=955).exists()


def test_an_ended_place_does_not_come_back(valley):
    merge_places(places=[valley.willow], into=valley.deodar, on=day("2020-01-01"), by=us())
    assert codes(judged(DIRECTORY, rows("village", village(945, "Willow")))[0]) == {"place_ended"}


def test_villages_to_blocks(valley):
    her = officer("block_officer", valley.north)
    given = rows(
        "village",
        {"code": 945, "block_code": 911, "panchayat_name": "HALQA"},
        {"code": 942, "panchayat_name": "Second Halqa", "panchayat_code": 933},
        {"code": 944, "block_name": "East"},
        {"code": 12345, "block_code": 911},
        {"code": 943, "block_name": "Nowhere"},
    )
    verdicts = judged(VILLAGES_TO_BLOCKS, given, her)
    assert [each.what for each in verdicts] == ["change", "change", "refuse", "refuse", "refuse"]
    assert all("placed" in each.after and "moved" not in each.after for each in verdicts[:2]), "from nowhere is no move"
    assert [codes(each) for each in verdicts[2:]] == [
        {"outside_district"}, {"unknown_village"}, {"unknown_block"}
    ]  # fmt: skip
    write(VILLAGES_TO_BLOCKS, verdicts, her)
    assert Within.objects.on(BEGAN).filter(above=valley.halqa, below=valley.willow).exists(), "told for the whole past"
    assert valley.deodar.lyings.on(her.today).get(line="development").parent.name == "Second Halqa"
    again = judged(VILLAGES_TO_BLOCKS, given[:2], her)
    assert {each.what for each in again} == {"leave"}


def test_which_mission(valley):
    stranger = rows("village", village(1, "Someplace", (5, "Some"), (4, "Any")))
    open_mission(key="far", name="Far Mission", short_name="Far", state=(98, "Farland"), by=us())
    assert codes(judged(DIRECTORY, stranger)[0]) == {"which_mission"}
    assert codes(judged(DIRECTORY, stranger, officer("mis_officer", valley.state))[0]) == {"unknown_district"}


def test_sheets_are_known_by_their_headings():
    english = "(In English)"
    book = {
        "districts": ["S. No.", "District Code", "District Version", f"District Name {english}", "Census 2011 Code"],
        "tehsils": ["S.No.", "District Code", f"District Name {english}", "Subdistrict Code", "Subdistrict Name"],
        "blocks": ["S.No.", "District Code", "District Name", "Block Code", "Block Version", "Block Name"],
        "covered": ["State Code", "District Code", "Block Code", "Block Name", "Village Code", "Village Name"],
        "mapping": ["District Code", "Subdistrict Code", "Village Code", "Village Name", "Local Body Code",
                    "Local Body Name"],
        "urban": ["Localbody Type Code", "Localbody Type Name", "Localbody Code", "Local Body Name"],
        "panchayats": ["Block Code", "Block Name", "Gram Panchayat Code", "Gram Panchayat Name"],
        "women": ["Name", "Phone"],
    }  # fmt: skip
    assert kinds_of(book) == {
        "districts": "district", "tehsils": "tehsil", "blocks": "block", "covered": "village", "mapping": "village",
        "urban": "urban", "panchayats": "panchayat",
    }  # fmt: skip
    assert kinds_of({"urban": book["urban"]}) is None


def of_file(path, by=None):
    """The rows of a real file, as the load page maps them."""
    book = read_book(path, path.name, Limits())
    found = reading.found_in(book)
    kinds = DIRECTORY.recognises(path.name, reading.headings_of(found))
    return list(reading.rows_of(book, DIRECTORY, mapping.by_spelling(DIRECTORY, kinds, found)))


def test_lgd_form_made_on_the_fly(db, tmp_path):
    open_mission(key="jk", by=us())
    path = tmp_path / "downloadDir.zip"
    path.write_bytes(
        lgd_zip(
            districts=[(1, "ANANTNAG", "06", "014")],
            villages=[(1, "ANANTNAG", 55, "Anantnag", 3664, "Anzuwallah", "Inhabitant", "00236400", "003664")],
        )
    )
    verdicts = load(DIRECTORY, of_file(path))
    assert [each.what for each in verdicts] == ["leave", "create"]
    place = Place.objects.get(kind="village", lgd_code=3664)
    assert (place.name, place.census_2001, place.census_2011) == ("Anzuwallah", "00236400", "003664")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the LGD sample lies beside the repository only where it is developed")
def test_the_real_lgd_download_of_jammu_and_kashmir(db):
    open_mission(key="jk", by=us())
    entries = AuditEntry.objects.count()
    verdicts = load(DIRECTORY, of_file(SAMPLE))
    counts = Counter(each.what for each in verdicts)
    assert counts == {"create": 6856, "leave": 100}, "20 districts are known, 80 urban bodies left out"
    assert AuditEntry.objects.count() == entries + 1
    assert Counter(Place.objects.values_list("kind", flat=True))["tehsil"] == 208
    assert {each.what for each in judged(DIRECTORY, of_file(SAMPLE))} == {"leave"}
    undo(DIRECTORY, verdicts)
    assert Place.objects.filter(kind__in=["village", "tehsil"]).count() == 0
