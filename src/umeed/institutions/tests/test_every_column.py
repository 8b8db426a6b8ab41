"""Every column of our own exports of women and groups: read back by a load, or said openly not to be read."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from umeed.core.loads.headings import fitted
from umeed.core.loads.models import State
from umeed.core.registers.declare import Register
from umeed.institutions.loads.layouts import GROUPS, WOMEN, InstitutionsLayout
from umeed.institutions.models import Institution, Woman
from umeed.institutions.registers import shgs, women
from umeed.institutions.tests.loading import applied, judged, told, undone, verdicts
from umeed.institutions.tests.making import day, make_group, make_member, officer_at, signed_in
from umeed.institutions.tests.test_round_trip import corrected, exported, verdict_of, with_cells
from umeed.places.tests.world import make

LANGUAGES = ["en", "hi", "ur"]
EXPORTS = [(women, WOMEN), (shgs, GROUPS)]
OPENED = "?" + "&".join(f"show={column.key}" for column in women.columns if column.sealed)
# What a cell of the export may say, besides what finds the woman, and her office, which begins with its day.
HERS: dict[str, Any] = {
    "name": "Zeba Hassan", "belonging_name": "Mohd Aslam", "relation": "father", "born_on": day("1985-05-06"),
    "names_local": {"ur": "زیبا حسن", "hi": "ज़ेबा हसन"}, "belonging_names_local": {"ur": "محمد اسلم"},
    "gender": "transgender", "social_category": "st", "religion": "sikh", "is_pvtg": True, "disability": "self",
    "disability_kind": "Low vision", "guardian_name": "Aamir", "marital": "widowed", "is_household_head": True,
    "education": "middle", "reads": ["arab", "latn"], "phone": "9000000036", "phone_owner": "family",
    "has_smartphone": False, "account_number": "90000000040", "account_name": "Zeba H", "ifsc": "SBIN0000131",
    "account_opened_on": day("2019-02-03"), "is_account_seeded": True, "livelihoods": ["Weaving", "Dairy"],
    "nominee_name": "Aamir", "nominee_relation": "son", "is_insured": True, "pin_code": "192211",
    "address": "By the spring, behind the old mill, " + "up the lane " * 10 + "Chinar", "checked_on": day("2026-05-01"),
}  # fmt: skip
ITS: dict[str, Any] = {
    "formed_on": day("2015-12-01"), "names_local": {"ur": "روشنی", "hi": "रोशनी"}, "origin": "revived",
    "revived_on": day("2019-05-01"), "coopted_on": day("2019-06-01"), "promoter": "ngo", "promoter_name": "Saath",
    "special": "remote", "meeting_frequency": "weekly", "meeting_day": "fri", "meeting_date": 5,
    "meeting_time": "14:30:00", "meeting_place": "The school", "saving_paise": 10050, "has_voluntary_saving": True,
    "bookkeeper_name": "Aamir", "bookkeeper_phone": "9000000032", "livelihoods": ["Weaving", "Dairy"],
    "address": "By the spring, Chinar", "pin_code": "192211", "checked_on": day("2026-05-01"),
}  # fmt: skip
FINDS_HER = {"group", "office", "place", "age", "umeed_id"}
FINDS_IT = {"name", "place", "status"}


@pytest.fixture
def by(valley, settings):
    settings.SECOND_FACTOR = "none"
    return officer_at(valley.north)


@pytest.fixture
def group(valley) -> Institution:
    return make_group(valley.chinar, "Roshni", members=5, special="transgender")


def titles(register: Register) -> list[str]:
    return [str(title) for column in register.columns for title in column.sheet_titles()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("register", "layout"), EXPORTS)
def test_every_column_is_either_read_or_on_the_reasoned_list(
    register: Register, layout: InstitutionsLayout, language: str
):
    (columns,) = layout.sheets.values()
    with override(language):
        headings = titles(register)
        read = {headings[at] for at in fitted(columns, headings).values()}
        unread = [str(title) for each in layout.unread for title in each.titles]
    assert len(set(headings)) == len(headings)
    assert sorted([*read, *unread]) == sorted(headings)


@pytest.mark.parametrize(
    ("register", "layout", "filled", "finding"), [(women, WOMEN, HERS, FINDS_HER), (shgs, GROUPS, ITS, FINDS_IT)]
)
def test_the_test_below_fills_every_column_that_is_read(register, layout, filled, finding):
    unread = {str(title) for each in layout.unread for title in each.titles}
    assert filled.keys() | finding == {
        column.key for column in register.columns if not {str(title) for title in column.sheet_titles()} <= unread
    }


def filled_row(register: Register, filled: dict[str, Any], language: str) -> dict[str, Any]:
    with override(language):
        return {
            str(register.by_key[key].title): register.by_key[key].fresh().sheet(value)[0]
            for key, value in filled.items()
        }


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    follows = {"revision", "changed_at", "name_key", "belonging_key"}
    return {key: after[key] for key in after if after[key] != before[key] and key not in follows}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_cell_that_is_filled_is_written_and_nothing_else_and_taken_back(by, group, language):
    make_member(group, "Zeba", born_on=day("1984-03-12"), belonging_name="Ghulam Nabi")
    before = Woman.objects.filter(name="Zeba").values().get()
    content = exported(language=language)
    said = filled_row(women, HERS, language)
    sheet = corrected(content, lambda rows: [row | said if "Zeba" in row.values() else row for row in rows])
    load = applied(by, sheet, "")
    assert (load.state, load.layout_key) == (State.APPLIED, "women"), (load.refusals, told(load))
    assert [what for what, _codes in verdicts(load)].count("change") == 1
    after = Woman.objects.filter(pk=before["id"]).values().get()
    assert changed(before, after) == {**HERS, "born_year": 1985}
    undone(by, load)
    assert changed(before, Woman.objects.filter(pk=before["id"]).values().get()) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_cell_of_a_group_is_written_and_nothing_else_and_taken_back(by, valley, language):
    group = make_group(valley.chinar, "Roshni", members=5)
    before = Institution.objects.filter(pk=group.pk).values().get()
    said = filled_row(shgs, ITS, language)
    load = applied(by, corrected(exported(language=language, of="shgs"), lambda rows: [row | said for row in rows]), "")
    assert (load.state, load.layout_key) == (State.APPLIED, "groups"), (load.refusals, told(load))
    after = Institution.objects.filter(pk=group.pk).values().get()
    found = changed(before, after)
    assert found | {"meeting_time": str(found["meeting_time"])} == ITS
    undone(by, load)
    assert changed(before, Institution.objects.filter(pk=group.pk).values().get()) == {}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("query", ["", OPENED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_of_all_that_may_be_known_of_her_comes_back_unchanged(by, group, query, kind, language):
    odd = {
        "livelihoods": ["Carpets, shawls", "Dairy ,goats"], "reads": ["latn", "arab"],
        "names_local": {"ks": "زیبا\u200c حسن", "ur": "زیبا", "en": "Zeba"},
        "belonging_names_local": {"ks": "محمد", "ur": "محمد"},
    }  # fmt: skip
    make_member(group, **HERS)
    make_member(group, **HERS | odd | {"name": "Mugli Jan", "phone": "9000000037"})
    load = judged(by, exported(query, language, kind=kind), "", f"export.{kind}")
    assert (load.state, load.layout_key, load.refusals) == (State.JUDGED, "women", [])
    assert verdicts(load) == [("leave", [])] * 7, told(load)


@pytest.mark.parametrize("query", ["", "?show=bookkeeper_phone"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_of_all_that_may_be_known_of_a_group_comes_back_unchanged(by, valley, query, kind, language):
    make_group(valley.chinar, "Himmat", **ITS)
    make_group(valley.chinar, "Shama", **ITS | {"meeting_frequency": "fortnightly", "livelihoods": ["Carpets, shawls"]})
    load = judged(by, exported(query, language, "shgs", kind), "", f"export.{kind}")
    assert (load.state, load.layout_key, load.refusals) == (State.JUDGED, "groups", [])
    assert verdicts(load) == [("leave", [])] * 2, told(load)


def test_one_name_corrected_in_a_cell_of_several_leaves_the_others_in_their_language(by, group):
    make_member(group, "Zeba", names_local={"ks": "زیبا", "hi": "ज़ेबा"})
    said = {"Name in other scripts": "زیبا · ज़ेबा हसन"}
    load = judged(by, corrected(exported(), with_cells("Zeba", **said)), "")
    assert dict(verdict_of(load).after) == {"names_local": {"ks": "زیبا", "hi": "ज़ेबा हसन"}}, told(load)


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Name in other scripts", "زیبا · زیبا حسن", "two_in_one_script"),
        ("Scripts she reads", "Runes", "unknown_word"),
        ("Whose phone", "The moon's", "unknown_word"),
        ("Village", "Deodar", "village_stays"),
        ("LGD code", 942, "village_stays"),
    ],
)
def test_a_cell_that_is_not_written_is_told_beside_the_row(by, group, heading, cell, code):
    make_member(group, "Zeba")
    said = {heading: cell}
    load = judged(by, corrected(exported(), with_cells("Zeba", **said)), "")
    assert [found for found in verdicts(load) if found[1]] == [("leave", [code])], told(load)


def test_a_woman_of_a_habitation_is_not_said_to_live_elsewhere(by, valley):
    place = make("habitation", "Upper Chinar", valley.chinar)
    group = make_group(place, "Roshni", members=1)
    assert group.place_id == place.pk
    assert verdicts(judged(by, exported(), "")) == [("leave", [])]


@pytest.mark.parametrize("time", ["14:30", "2:30 PM", "02.30 p.m.", "14:30:00"])
def test_a_meeting_time_is_read_as_people_write_it(by, valley, time):
    make_group(valley.chinar, "Roshni")
    load = judged(by, corrected(exported(of="shgs"), lambda rows: [row | {"Meeting time": time} for row in rows]), "")
    assert dict(verdict_of(load).after) == {"meeting_time": "14:30:00"}, told(load)


def test_a_meeting_time_that_is_none_is_told(by, valley):
    make_group(valley.chinar, "Roshni")
    load = judged(by, corrected(exported(of="shgs"), with_cells("Roshni", Meeting_time="noonish")), "")
    assert verdicts(load) == [("leave", ["not_a_time"])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_that_are_not_read_are_named_openly_before_she_consents(by, group, language):
    sheet = corrected(exported(language=language), lambda rows: [row | {"Note": "Ask her"} for row in rows])
    load = judged(by, sheet, "")
    page = signed_in("officer").get(reverse("loads:load", args=[load.pk]), headers={"accept-language": language})
    with override(language):
        died, head = (str(women.by_key[key].title) for key in ("died_on", "head_name"))
    opened = re.sub("<details.*?</details>", "", page.content.decode(), flags=re.DOTALL)
    assert all(title in opened for title in (died, head, "Note"))


def test_every_column_that_is_read_is_offered_where_columns_are_chosen(by, group):
    content = corrected(exported(), lambda rows: [{"Who": row.pop("Name"), **row} for row in rows])
    load = judged(by, content, "women")
    assert load.state == State.MAPPING
    page = signed_in("officer").get(reverse("loads:answers", args=[load.pk])).content.decode()
    for key in ("livelihoods", "phone_owner", "has_smartphone", "names_local", "reads", "account_name", "checked_on"):
        assert f'name="column_members_{key}"' in page
