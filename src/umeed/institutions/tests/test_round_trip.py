"""What is exported comes back: the women register's own export, as it is and corrected, through the loads engine."""

import inspect
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from umeed.core.loads.headings import fitted, guessed
from umeed.core.loads.models import LoadRow, State
from umeed.core.loads.telling import Telling
from umeed.core.registers.columns import YES
from umeed.institutions import actions, codes
from umeed.institutions.loads import words
from umeed.institutions.loads.layouts import GROUPS
from umeed.institutions.models import Institution, Membership, OfficeTerm, Woman
from umeed.institutions.registers import women
from umeed.institutions.tests.loading import applied, judged, plain_groups, plain_women, told, undone, verdicts
from umeed.institutions.tests.making import (
    NAMES,
    day,
    make_federation,
    make_group,
    make_member,
    make_office,
    make_woman,
    members_of,
    officer_at,
    signed_in,
    us,
)
from umeed.kernel.ids import new_id
from umeed.kernel.names import spelling_key
from umeed.places.tests.world import make

Row = dict[str, Any]
SEALED = {
    "phone": "9000000036", "social_category": "rba", "religion": "muslim", "disability": "self",
    "disability_kind": "Low vision", "account_number": "90000000040", "account_name": "Zeba", "ifsc": "SBIN0000131",
}  # fmt: skip
OPEN = {
    "marital": "widowed", "education": "can_sign", "is_household_head": True, "is_insured": False,
    "nominee_name": "Aamir", "nominee_relation": "son", "livelihoods": ["Weaving", "Dairy"], "pin_code": "192211",
    "address": "By the spring, Chinar",
}  # fmt: skip


@pytest.fixture
def by(valley, settings):
    settings.SECOND_FACTOR = "none"
    return officer_at(valley.north)


@pytest.fixture
def group(valley) -> Institution:
    """Six women, of whom one has all that an export covers and offices on two levels; two women are in no group."""
    group = make_group(valley.chinar, "Roshni", members=5)
    above = make_group(valley.chinar, "Chinar VO", kind="vo", formed_on=day("2017-05-01"))
    make_federation(group, above)
    tie = make_member(group, "Zeba", **SEALED, **OPEN)
    make_office(tie)
    actions.elect_office(
        by=us(), id=new_id(), institution=above.pk, woman=tie.woman_id, office="secretary", on=day("2022-01-02")
    )
    make_woman(valley.chinar, "Mugli Jan", born_on=None, born_year=1980)
    left = members_of(group)[0]
    actions.leave_group(by=us(), membership=left, left_on=day("2024-01-01"), leave_reason="migrated")
    return group


def exported(query: str = "", language: str = "en", of: str = "women", kind: str = "xlsx") -> bytes:
    answer = signed_in("officer").get(f"/{of}/export.{kind}{query}", headers={"accept-language": language})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows_of(content: bytes) -> list[Row]:
    headings, *rows = load_workbook(io.BytesIO(content)).worksheets[1].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def corrected(content: bytes, correct: Callable[[list[Row]], Sequence[Row]]) -> bytes:
    """The exported sheet after somebody has worked on its rows."""
    rows = correct(rows_of(content))
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "dd-mm-yyyy"}) as book:
        sheet = book.add_worksheet("Women")
        for at, values in enumerate([list(rows[0]), *(row.values() for row in rows)]):
            sheet.write_row(at, 0, list(values))
    return made.getvalue()


def with_cells(name: str, **cells: Any) -> Callable[[list[Row]], list[Row]]:
    """Correct one woman's row; a heading's blanks are written as `_`."""
    said = {heading.replace("_", " "): value for heading, value in cells.items()}
    return lambda rows: [row | said if row["Name"] == name else row for row in rows]


def verdict_of(load: Any, what: str = "change") -> LoadRow:
    return LoadRow.objects.get(load=load, what=what)


@pytest.mark.parametrize("query", ["", "?show=phone&show=account_number&show=disability_kind", "?show=ifsc"])
def test_an_unchanged_export_is_known_already_row_by_row(by, group, query):
    content = exported(query)
    zeba = next(row for row in rows_of(content) if row["Name"] == "Zeba")
    assert zeba["Social category"] == "••••••" and zeba["Office"] == "President, Secretary (VO)"
    assert zeba["Phone"] == ("9000000036" if "phone" in query else "••••••0036")
    load = judged(by, content, "women")
    assert load.state == State.JUDGED, load.refusals
    assert verdicts(load) == [("leave", [])] * 7, told(load)
    assert not load.counts["chosen"]


SHOWN = "?show=phone&show=social_category&show=religion&show=disability&show=account_number&show=ifsc"


def columns_of(load: Any) -> dict[str, int]:
    (said,) = load.mapping.values()
    return said["columns"]


@pytest.mark.parametrize("language", ["hi", "ur"])
@pytest.mark.parametrize(("query", "kind"), [("", "xlsx"), (SHOWN, "xlsx"), (SHOWN, "csv")])
def test_an_export_in_her_language_is_known_already_row_by_row(by, group, language, query, kind):
    content = exported(query, language, kind=kind)
    if kind == "xlsx":
        with override(language):
            answer, muslim = str(YES), str(codes.Religion.MUSLIM.label)
        zeba = next(row for row in rows_of(content) if "Zeba" in row.values())
        assert answer in zeba.values() and (muslim in zeba.values()) == bool(query) and "Name" not in zeba
    load = judged(by, content, "", f"export.{kind}")
    assert (load.state, load.layout_key, load.refusals) == (State.JUDGED, "women", [])
    assert columns_of(load) == columns_of(judged(by, exported(query, kind=kind), "", f"english.{kind}"))
    assert verdicts(load) == [("leave", [])] * 7, told(load)


@pytest.mark.parametrize("language", ["en", "hi", "ur"])
def test_an_export_of_groups_is_known_already_in_every_language(by, group, valley, language):
    make_group(
        valley.deodar, "Himmat", origin="revived", revived_on=day("2019-05-01"), promoter="ngo", promoter_name="Saath",
        special="remote", meeting_frequency="monthly", meeting_day="fri", meeting_date=5, saving_paise=10050,
        has_voluntary_saving=True, bookkeeper_name="Aamir", bookkeeper_phone="9000000032", pin_code="192211",
        address="By the spring, Deodar",
    )  # fmt: skip
    content = exported(language=language, of="shgs")
    load = judged(by, content, "", "groups.xlsx")
    assert (load.state, load.layout_key, load.refusals) == (State.JUDGED, "groups", [])
    assert columns_of(load) == columns_of(judged(by, exported(of="shgs"), "", "english.xlsx"))
    read = {"origin", "promoter", "promoter_name", "special", "status", "frequency", "weekly_day", "monthly_date"}
    assert {*read, "saving", "voluntary"} <= columns_of(load).keys()
    assert verdicts(load) == [("leave", [])] * 2, told(load)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_groups_of_two_villages_of_one_name_are_told_apart_by_the_exported_code(by, group, valley, language):
    twin = make("village", "Deodar", valley.hill, valley.north, code=947)
    for place in (valley.deodar, twin):
        make_group(place, "Himmat")
    load = judged(by, exported(language=language, of="shgs"), "", "groups.xlsx")
    assert verdicts(load) == [("leave", [])] * 3, told(load)


def test_a_code_beside_another_villages_name_decides_and_is_told(by, valley):
    row = {"name": "Himmat", "formed_on": "25-01-2016", "village": "Chinar", "village_code": 942}
    load = judged(by, plain_groups(row), "groups")
    assert "The row says “Chinar”, but the LGD code 942 is that of Deodar" in told(load)
    assert LoadRow.objects.get(load=load).shown == "Himmat (Deodar)"


def test_a_code_alone_against_name_and_panchayat_refuses_the_row(by, valley):
    row = {"name": "Himmat", "formed_on": "25-01-2016", "village": "Chinaar", "panchayat": "Halqa", "village_code": 942}
    load = judged(by, plain_groups(row, row | {"name": "Shama", "panchayat": "Bala"}), "groups")
    assert verdicts(load)[0] == ("refuse", ["code_alone"])
    assert (
        "The LGD code 942 is that of Deodar (North, Upper), but the row says “Chinaar” in the panchayat “Halqa”"
    ) in told(load)
    assert "code_of_other" in verdicts(load)[1][1], "a panchayat in which no such village is known is no witness"


def test_a_code_in_the_named_panchayat_decides_although_the_name_is_another_there(by, valley):
    make("village", "Poplar", valley.halqa, valley.hill, code=948)
    row = {"name": "Himmat", "formed_on": "25-01-2016", "village": "Chinar", "panchayat": "Halqa", "village_code": 948}
    assert "code_of_other" in verdicts(judged(by, plain_groups(row), "groups"))[0][1]


@pytest.mark.parametrize("zeros", [0, "0", "000"])
def test_a_code_of_zeros_is_none(by, valley, zeros):
    row = {"name": "Himmat", "formed_on": "25-01-2016", "village": "Chinar", "village_code": zeros}
    load = judged(by, plain_groups(row), "groups")
    assert LoadRow.objects.get(load=load).shown == "Himmat (Chinar)", told(load)


OF_PLACE = ("village", "village_code", "lokos_id")


def test_the_lgd_code_of_anothers_list_is_read_only_where_it_says_whose_it_is(by, valley):
    def read(*headings: str) -> dict[str, int]:
        fit, guess = (find(GROUPS.sheets["groups"], ["SHG", "Formed on", *headings]) for find in (fitted, guessed))
        assert {key: guess.get(key) for key in OF_PLACE} == {key: fit.get(key) for key in OF_PLACE}
        return {key: fit[key] - 2 for key in OF_PLACE if key in fit}

    assert read("Panchayat", "Village", "LGD code") == {"village": 1}
    assert read("Panchayat", "LGD code", "Village") == {"village": 2}
    assert read("LGD code") == {}
    assert read("Village", "Panchayat LGD code") == {"village": 0}
    assert read("Village LGD code", "Village") == {"village": 1, "village_code": 0}
    assert read("District", "Block", "Panchayat", "Village", "LGD code") == {"village": 3, "village_code": 4}


@pytest.mark.parametrize("language", ["hi", "ur"])
def test_a_choice_corrected_in_her_language_is_a_change(by, group, language):
    with override(language):
        name, marital, insured = (str(women.by_key[key].title) for key in ("name", "marital", "is_insured"))
        said = {marital: str(codes.Marital.MARRIED.label), insured: str(YES)}

    def correct(rows):
        return [row | said if row[name] == "Zeba" else row for row in rows]

    load = judged(by, corrected(exported(language=language), correct), "")
    assert dict(verdict_of(load).after) == {"marital": "married", "is_insured": True}, told(load)


def test_no_label_of_a_code_list_stands_for_two_codes_in_any_language():
    lists = [found for _name, found in inspect.getmembers(words) if isinstance(found, words._Words)]
    assert len(lists) > 12
    for found in lists:
        for language in ("en", "hi", "ur"):
            with override(language):
                labels = {key: words.folded(str(label)) for key, label in found.choices.choices}
            assert {label: found[label] for label in labels.values()} == {label: key for key, label in labels.items()}


def test_a_corrected_name_is_a_change_and_nothing_else_of_hers_is(by, group):
    before = Woman.objects.filter(name="Zeba").values().get()
    load = applied(by, corrected(exported(), with_cells("Zeba", Name="Zeba Hassan")), "women")
    assert sorted(what for what, _codes in verdicts(load)) == ["change", *["leave"] * 6], told(load)
    row = verdict_of(load)
    assert (dict(row.before), dict(row.after)) == ({"name": "Zeba"}, {"name": "Zeba Hassan"})
    after = Woman.objects.filter(pk=before["id"]).values().get()
    assert {key for key in after if after[key] != before[key]} - {"changed_at"} == {"name", "name_key", "revision"}
    assert Membership.objects.filter(woman=before["id"]).count() == 1
    undone(by, load)
    assert Woman.objects.get(pk=before["id"]).name == "Zeba"


def test_a_load_of_when_rows_kept_how_a_name_sounds_is_taken_back_and_told_without(by, group):
    load = applied(by, corrected(exported(), with_cells("Zeba", Name="Zeba Hassan")), "women")
    row = verdict_of(load)
    LoadRow.objects.filter(pk=row.pk).update(
        before=row.before | {"name_key": "sb"}, after=row.after | {"name_key": "sb hsn"}
    )
    row = verdict_of(load)
    assert [change["after"] for change in Telling("women", [row]).changes(row)] == ["Zeba Hassan"]
    assert undone(by, load).state == State.UNDONE, load.refusals
    zeba = Woman.objects.get(pk=row.subject_id)
    assert (zeba.name, zeba.name_key) == ("Zeba", spelling_key("Zeba"))


def test_a_new_phone_over_a_covered_one_is_a_change(by, group):
    load = applied(by, corrected(exported(), with_cells("Zeba", Phone="9000000055")), "women")
    assert set(verdict_of(load).after) == {"phone"}, told(load)
    assert Woman.objects.get(name="Zeba").phone == "9000000055"


def test_a_new_woman_in_the_sheet_still_needs_the_day_on_which_she_joined(by, group):
    def more(rows):
        new = {"Name": "Wazira Parray", "Group": "Roshni", "Age": 40, "Phone": "••••••0036"}
        return [*rows, dict.fromkeys(rows[0]) | new]

    load = judged(by, corrected(exported(), more), "women")
    assert verdicts(load)[-1] == ("refuse", ["joining_missing"])


def test_her_group_is_not_changed_by_a_cell_and_that_is_told(by, group, valley):
    make_group(valley.chinar, "Himmat", members=0)
    load = judged(by, corrected(exported(), with_cells("Zeba", Group="Himmat")), "women")
    assert [found for found in verdicts(load) if found[1]] == [("leave", ["group_stays"])]


@pytest.mark.parametrize(
    ("cell", "code"), [("12", "not_an_id"), ("018bcfe5-7672-7728-8be6-e3649fce24e9", "id_unknown")]
)
def test_an_id_that_is_none_or_nobodys_is_refused(by, group, cell, code):
    load = judged(by, corrected(exported(), with_cells("Zeba", Umeed_id=cell)), "women")
    assert ("refuse", [code]) in verdicts(load)


def test_an_id_out_of_reach_is_told_like_one_that_nobody_has(by, group, valley):
    far = make_woman(valley.walnut, "Raja Begum")
    load = judged(by, corrected(exported(), with_cells("Zeba", Umeed_id=str(far.pk))), "women")
    assert ("refuse", ["id_unknown"]) in verdicts(load) and "Raja" not in told(load)


def test_the_same_id_in_two_rows_is_refused_the_second_time(by, group):
    load = judged(by, corrected(exported(), lambda rows: [rows[0], rows[0] | {"Name": "Other Name"}]), "women")
    assert verdicts(load) == [("leave", []), ("refuse", ["row_twice"])]


def test_a_new_office_needs_its_day(by, group):
    name = NAMES[2]
    load = judged(by, corrected(exported(), with_cells(name, Office="Treasurer")), "women")
    assert ("refuse", ["office_since_missing"]) in verdicts(load)

    def with_its_day(rows):
        seated = with_cells(name, Office="Treasurer")(rows)
        return [row | {"Office since": "05-01-2022" if row["Name"] == name else None} for row in seated]

    load = applied(by, corrected(exported(), with_its_day), "women")
    assert load.state == State.APPLIED, told(load)
    term = OfficeTerm.objects.get(office="treasurer")
    assert (term.woman.name, str(term.since_on)) == (name, "2022-01-05")


def test_a_known_woman_needs_no_joining_day_by_name_nor_by_another_systems_id(by, group):
    tie = Membership.objects.get(woman__name="Zeba")
    actions.give_alias(by=us(), id=new_id(), system="lokos", value="LK77", woman=tie.woman_id)
    known = {"group": "Roshni", "village": "Chinar"}
    load = judged(by, plain_women(
        known | {"name": "Zeba Hassan", "lokos_id": "LK77"},
        known | {"name": NAMES[1], "belonging": "Ghulam Nabi", "born_year": 1984},
    ), "women")  # fmt: skip
    assert [what for what, _codes in verdicts(load)] == ["change", "leave"], told(load)
    assert dict(verdict_of(load).after) == {"name": "Zeba Hassan"}


def test_an_age_that_comes_to_about_the_known_year_changes_nothing(by, group):
    age = next(row["Age"] for row in rows_of(exported()) if row["Name"] == "Mugli Jan")
    load = judged(by, corrected(exported(), with_cells("Mugli Jan", Age=age - 1)), "women")
    assert {what for what, _codes in verdicts(load)} == {"leave"}
    load = judged(by, corrected(exported(), with_cells("Mugli Jan", Age=age - 4)), "women")
    assert dict(verdict_of(load).after) == {"born_year": 1984}


def test_what_a_file_would_replace_under_cover_is_not_told_by_the_report(by, group):
    load = judged(by, corrected(exported(), with_cells("Zeba", Religion="Sikh")), "women")
    client = signed_in("officer")
    page = client.get(reverse("loads:load", args=[load.pk])).content.decode()
    changes = page[page.index("What will change") :]
    assert "Sikh" in changes and "••••••" in changes and "Muslim" not in changes
