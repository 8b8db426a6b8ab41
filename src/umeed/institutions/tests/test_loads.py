"""LokOS workbooks and plain lists through the loads engine: right ones, wrong ones, twice, and taken back."""

from importlib import import_module

import pytest
from django.db import connection

from umeed.core.loads import queries, tabs
from umeed.core.loads.models import GONE, WAITS, Load, LoadRow, State
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_system
from umeed.institutions import actions
from umeed.institutions.loads import group_cases
from umeed.institutions.loads.differing import COMPARED, DIFFERENCES
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    StatusTerm,
    Woman,
)
from umeed.institutions.tests.loading import (
    applied,
    judged,
    lokos,
    plain_groups,
    plain_women,
    told,
    undone,
    verdicts,
)
from umeed.institutions.tests.making import (
    NAMES,
    bookkeeper_of,
    day,
    make_group,
    make_member,
    make_office,
    officer_at,
    us,
)
from umeed.kernel.ids import new_id

MEMBERS = [{"name": name} for name in NAMES[:8]]
ACCOUNT = {"account_number": "#90000000043", "ifsc": "SBIN0000125"}


@pytest.fixture
def officer(valley):
    return officer_at(valley.north)


def test_a_workbook_brings_a_group_with_its_women_officers_and_account(valley, officer):
    group = {
        "account_number": "#90000000040", "ifsc": "SBIN0000131", "account_opened_on": "23_02_2020",
        "account_name": "Roshni",
        "president": NAMES[0], "president_since": "02_01_2022", "president_signs": "Yes",
        "secretary": NAMES[1], "secretary_since": "02_01_2022", "secretary_signs": "Yes",
    }  # fmt: skip
    members = [*MEMBERS[:7], MEMBERS[7] | {"office": "Treasurer", "phone": "Self:9000000036;Father:9000000055"}]
    load = applied(officer, lokos([group], members))
    assert load.state == State.APPLIED, (load.refusals, told(load))
    made = Institution.objects.get()
    assert (made.name, made.place, made.status, str(made.formed_on)) == (
        "Roshni SHG",
        valley.chinar,
        "active",
        "2016-01-25",
    )
    assert (made.meeting_day, made.saving_paise, made.promoter) == ("mon", 10_000, "nrlm")
    assert Membership.objects.filter(institution=made).count() == 8
    held = {term.office: (term.woman.name, str(term.since_on)) for term in OfficeTerm.objects.select_related("woman")}
    assert held == {
        "president": (NAMES[0], "2022-01-02"), "secretary": (NAMES[1], "2022-01-02"),
        "treasurer": (NAMES[7], "2016-02-01"),
    }  # fmt: skip
    assert BankAccount.objects.get().number == "90000000040"
    assert Signatory.objects.count() == 2
    last = Woman.objects.get(name=NAMES[7])
    assert (last.phone, last.phone_owner, last.education, last.born_year) == ("9000000036", "self", "graduate", 1984)
    assert StatusTerm.objects.get().status == "active"


def test_loading_the_same_file_again_changes_nothing(valley, officer):
    content = lokos(
        [{"account_number": "#90000000040", "ifsc": "SBIN0000131"}],
        [*MEMBERS, {"name": "Raja Begum", "office": "President"}],
    )
    applied(officer, content)
    count = Woman.objects.count(), Institution.objects.count(), OfficeTerm.objects.count(), BankAccount.objects.count()
    load = judged(officer, content)
    assert {what for what, _reasons in verdicts(load)} == {"leave"}, told(load)
    assert count == (9, 1, 1, 1)


def test_a_corrected_file_changes_only_what_differs(valley, officer):
    applied(officer, lokos([{}], MEMBERS))
    load = applied(
        officer, lokos([{"saving": 200}], [*MEMBERS[:7], MEMBERS[7] | {"education": "Primary", "phone": "#9000000036"}])
    )
    assert [what for what, _ in verdicts(load)] == ["change", *["leave"] * 7, "change"]
    row = LoadRow.objects.filter(load=load, what="change").last()
    assert row.before["education"] == "graduate" and row.after["education"] == "primary"
    assert "9000000036" not in str(row.after)
    woman = Woman.objects.get(name=NAMES[7])
    assert (woman.education, woman.phone, woman.revision) == ("primary", "9000000036", 2)
    assert Institution.objects.get().saving_paise == 20_000


def test_a_load_is_taken_back_whole(valley, officer):
    applied(officer, lokos([{}], MEMBERS[:5]))
    before = {woman.pk: woman.education for woman in Woman.objects.all()}
    more = lokos([{}, {"name": "Himmat SHG", "formed_on": "01_05_2019"}], [
        MEMBERS[0] | {"education": "Primary", "office": "President"},
        *({"name": name, "group": "Himmat SHG", "joined_on": "02_05_2019"} for name in NAMES[8:14]),
    ])  # fmt: skip
    load = applied(officer, more)
    assert (Institution.objects.count(), Woman.objects.count(), OfficeTerm.objects.count()) == (2, 11, 1)
    load = undone(officer, load)
    assert load.state == State.UNDONE, load.refusals
    assert {woman.pk: woman.education for woman in Woman.objects.all()} == before
    assert (Institution.objects.count(), OfficeTerm.objects.count(), Membership.objects.count()) == (1, 0, 5)


def test_a_load_on_which_somebody_has_built_stays(valley, officer):
    load = applied(officer, lokos([{}], MEMBERS[:5]))
    make_office(Membership.objects.first())
    load = undone(officer, load)
    assert load.state == State.APPLIED
    assert {reason["code"] for reason in load.refusals} == {"built_on"}


def test_the_cut_off_sheet_waits_for_the_books(valley, officer):
    load = judged(officer, lokos([{}], [], [{}]))
    row = LoadRow.objects.get(load=load, sheet="Cutoff Meetings")
    assert (row.what, [reason["code"] for reason in row.reasons]) == ("leave", ["waits_for_the_books"])
    assert row.after["c002"] == "200" and row.after["meeting_number"] == "13"
    assert "90000000040" not in str(row.after)


def test_what_waits_for_the_books_is_not_told_as_known_already(valley, officer):
    applied(officer, lokos([{}], MEMBERS[:5]))
    load = judged(officer, lokos([{}], MEMBERS[:5], [{}, {"meeting_number": 14}]))
    assert tabs.counts_in_words(load) == "2 waiting · 6 known already"
    waiting, count = queries.page_of_rows(load, WAITS, 1)
    assert (count, {row.sheet for row in waiting}) == (2, {"Cutoff Meetings"})
    assert waiting[0].words == ["Waiting, kept with the load"] and "LokOS cut-off sheet" in waiting[0].warned[0]
    known, count = queries.page_of_rows(load, "leave", 1)
    assert count == len(known) == 6 and {row.sheet for row in known} == {"SHGs", "Members"}


def test_loads_judged_before_it_was_counted_what_waits_are_counted(valley, officer):
    applied(officer, lokos([{}], MEMBERS[:5]))
    waiting, other = judged(officer, lokos([{}], [], [{}, {"meeting_number": 14}])), judged(officer, lokos([{}]))
    before = {load.pk: load.counts for load in (waiting, other)}
    assert before[waiting.pk][WAITS] == 2 and WAITS not in before[other.pk]
    for load in (waiting, other):
        Load.objects.filter(pk=load.pk).update(counts={k: n for k, n in load.counts.items() if k not in (WAITS, GONE)})
    migration = import_module("umeed.core.migrations.0006_count_what_waits")
    for _time in range(2):
        with as_system(), connection.cursor() as cursor:
            cursor.execute(migration.COUNT)
    assert {load.pk: load.counts for load in Load.objects.filter(pk__in=before)} == before


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"born_on": "12_03_2004"}, "too_young"),
        ({"born_on": "12_03_2030"}, "born_in_the_future"),
        ({"born_on": "31_02_1984"}, "no_such_day"),
        ({"born_on": "03/25/1984"}, "month_first"),
        ({"joined_on": "01_01_2015"}, "before_formation"),
        ({"joined_on": None}, "joining_missing"),
        ({"joined_on": "1_1_2090"}, "in_the_future"),
        ({"gender": "Male"}, "man_in_a_womens_group"),
        ({"name": "Al"}, "name_short"),
        ({"name": None}, "name_missing"),
        ({"group": "No such group"}, "group_unknown"),
        (ACCOUNT | {"account_again": "#90000000034"}, "typed_differently"),
        (ACCOUNT | {"account_number": 9.00000000431e15}, "rounded"),
        (ACCOUNT | {"ifsc": "SBINO000125"}, "ifsc_shape"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_reason(valley, officer, said, code):
    load = judged(officer, lokos([{}], [*MEMBERS[:5], {"name": "Raja Begum"} | said]))
    what, reasons = verdicts(load)[-1]
    assert what == "refuse" and code in reasons, told(load)
    assert load.counts["create"] == 6


def test_a_woman_of_twelve_is_told_plainly(valley, officer):
    load = judged(officer, lokos([{}], [*MEMBERS[:5], {"name": "Raja Begum", "born_on": "12_03_2004"}]))
    assert "She is 11 years old on 1 Feb 2016; a member is at least 18." in told(load)


def test_the_second_president_and_the_twenty_first_member_are_refused(valley, officer):
    members = [{"name": name} for name in NAMES] + [{"name": "Asha Devi", "belonging": "Ram Lal"}]
    members[0] |= {"office": "President"}
    members[1] |= {"office": "President"}
    load = judged(officer, lokos([{}], members))
    found = verdicts(load)[1:]
    assert found[1] == ("refuse", ["two_officers"])
    assert found[21] == ("refuse", ["too_many_members"])
    assert [what for what, _ in found].count("create") == 20
    assert "Haseena Bano is President already" in told(load)


def test_a_group_below_five_stays_forming_until_the_rest_come(valley, officer):
    load = applied(officer, lokos([{}], MEMBERS[:3]))
    assert "stays_forming" in verdicts(load)[0][1]
    assert Institution.objects.get().status == "forming"
    second = applied(officer, lokos([], MEMBERS[3:6]))
    assert verdicts(second)[-1] == ("change", ["becomes_active"])
    group = Institution.objects.get()
    assert (group.status, [term.status for term in StatusTerm.objects.order_by("during")]) == (
        "active",
        ["forming", "active"],
    )
    assert undone(officer, second).state == State.UNDONE
    assert (Institution.objects.get().status, StatusTerm.objects.get().until_on) == ("forming", None)


def test_villages_are_found_by_name_sound_and_code_or_refused(valley, officer):
    load = judged(officer, lokos([
        {"name": "Aab SHG", "village": "Chinaar"}, {"name": "Bab SHG", "village": 942},
        {"name": "Cab SHG", "village": "Walnut"}, {"name": "Dab SHG", "village": 944},
        {"name": "Eab SHG", "village": 777777}, {"name": "Fab SHG", "village": None},
    ]))  # fmt: skip
    found = verdicts(load)
    assert "read_as" in found[0][1] and found[0][0] == found[1][0] == "create"
    assert [reasons[-1] for _, reasons in found[2:]] == [
        "village_unknown", "village_outside", "village_code_unknown", "village_missing",
    ]  # fmt: skip
    assert "another State" in told(load)


def test_a_village_in_another_panchayat_than_the_file_says_is_told_with_where_it_lies(valley, officer):
    load = judged(officer, lokos([{"panchayat": "Bala"}, {"name": "Himmat SHG", "panchayat": "Halqaa"}]))
    assert [(what, "other_panchayat" in reasons) for what, reasons in verdicts(load)] == [
        ("create", True), ("create", False),
    ]  # fmt: skip
    assert "lies in Halqa, North, Upper. It is taken." in told(load) and "untick the row" in told(load)


def test_a_village_that_only_sounds_alike_in_another_panchayat_is_not_guessed(valley, officer):
    load = judged(officer, lokos([{"panchayat": "Bala", "village": "Chinaar"}, {"village": "Chinaar"}]))
    assert verdicts(load)[0] == ("refuse", ["other_altogether"])
    assert verdicts(load)[1][0] == "create" and "read_as" in verdicts(load)[1][1]


def test_what_changes_is_told_apart_by_kind_for_who_reviews_many_columns(valley, officer):
    applied(officer, lokos([{}], [{"phone": "9000000036"}, *MEMBERS[1:6]]))
    load = judged(
        officer,
        lokos(
            [{"status": "Inactive", "saving": 200} | ACCOUNT],
            [
                {"phone": "9000000055", "belonging": "Abdul Gani"}, MEMBERS[1] | {"office": "President"},
                MEMBERS[2] | {"education": "Primary"}, MEMBERS[3] | {"relation": "Father"} | ACCOUNT,
                MEMBERS[4] | {"born_on": "12_04_1984"}, MEMBERS[5],
            ],
        ),
    )  # fmt: skip
    counted = {tab.key: tab.in_words for tab in tabs.tabs_of(load)}
    assert counted == {
        "named": "1 with another name", "born": "1 with another birth", "office": "1 with a new office",
        "phone": "1 with another phone", "bank": "2 with another bank account", "otherwise": "1 changed otherwise",
        "leave": "1 known already",
    }, told(load)  # fmt: skip
    assert load.counts["several"] == 1 and tabs.count(load, "change") == 6
    bank, count = queries.page_of_rows(load, "bank", 1)
    assert count == len(bank) == 2 and {row.sheet for row in bank} == {"SHGs", "Members"}


def test_every_key_that_tells_of_a_difference_is_one_that_a_load_writes():
    written = {*COMPARED, *group_cases.COMPARED, "account", "account_id", "office", "status", "lokos_id"}
    keys = [key for each in DIFFERENCES for key in each.keys]
    assert set(keys) <= written and len(keys) == len(set(keys)), "and each is told once"


def test_a_name_of_two_villages_is_refused_with_both(valley, officer):
    from umeed.places.tests.world import make

    make("village", "Chinar", valley.hill, valley.north, code=947)
    load = judged(officer, lokos([{"panchayat": None}, {"name": "Himmat SHG"}]))
    assert verdicts(load)[0] == ("refuse", ["village_ambiguous"])
    assert verdicts(load)[1][0] == "create"
    assert "Halqa" in told(load)


def test_a_woman_of_another_group_is_refused_and_the_group_named(valley, officer):
    make_member(make_group(valley.chinar, "Himmat"), "Haseena Banu", phone="9000000036")
    load = judged(
        officer, lokos([{}], [*MEMBERS[1:6], MEMBERS[0] | {"phone": "9000000036", "belonging": "Gulam Nabi"}])
    )
    assert verdicts(load)[-1] == ("refuse", ["in_another_group"])
    assert "already a member of Himmat since 1 Feb 2016" in told(load)


def test_by_lokos_id_a_woman_out_of_sight_is_known_but_not_named(valley, officer):
    tie = make_member(make_group(valley.walnut, "Himmat"), "Haseena Bano")
    actions.give_alias(by=us(), id=new_id(), system="lokos", value="LK77", woman=tie.woman_id)
    make_group(valley.chinar, "Roshni")
    load = judged(officer, plain_women({
        "name": "Haseena Bano", "group": "Roshni", "joined_on": "01-02-2020", "born_year": 1984, "lokos_id": "LK77",
    }), "women")  # fmt: skip
    assert verdicts(load) == [("refuse", ["in_another_group"])]
    assert "another group since 1 Feb 2016" in told(load) and "Himmat" not in told(load)


def test_a_plain_list_finds_its_groups_in_any_spelling(valley, officer):
    make_group(valley.chinar, "Gulshan")
    rows = [
        {
            "name": name,
            "group": "Gulshun",
            "village": "Chinar",
            "joined_on": "01-02-2020",
            "age": 30,
            "phone": 9906543210 + n,
        }
        for n, name in enumerate(NAMES[:6])
    ]
    load = applied(officer, plain_women(*rows), "women")
    assert Woman.objects.count() == 6, told(load)
    assert "group_read_as" in verdicts(load)[0][1]
    assert Institution.objects.get().status == "active"


def test_a_plain_list_of_groups_with_ids(valley, officer):
    row = {"name": "Gulshan", "village": 941, "formed_on": "5 Mar 2019", "lokos_id": "G1", "ifsc": "JAKA0SHOPAN"}
    applied(officer, plain_groups(row), "groups")
    assert Alias.objects.get().institution == Institution.objects.get()
    again = judged(officer, plain_groups(row | {"name": "Gulshan Mahila"}), "groups")
    assert verdicts(again)[0][0] == "leave"


def test_a_row_twice_and_an_account_twice_in_one_file(valley, officer):
    account = {"account_number": "#90000000040", "ifsc": "SBIN0000131"}
    load = judged(officer, lokos([account, {"name": "Himmat SHG"} | account, {}], [*MEMBERS[:5], MEMBERS[0]]))
    found = verdicts(load)
    assert found[1][0] == "create" and "account_twice" in found[1][1]
    assert found[2] == ("refuse", ["row_twice"])
    assert found[-1] == ("refuse", ["row_twice"])


def test_women_whose_group_row_is_unticked_are_not_half_loaded(valley, officer):
    from umeed.core.loads import acts
    from umeed.core.viewer import as_viewer

    load = judged(officer, lokos([{}], MEMBERS[:5]))
    first = LoadRow.objects.filter(load=load).order_by("id").first()
    with as_viewer(officer.viewer):
        acts.choose_rows(load, by=officer, shown=[first.pk], ticked=[])
        load.refresh_from_db()
        acts.consent(load, by=officer, revision=load.revision, which=acts.WHOLE)
    from umeed.core.loads import steps

    steps.go_on(load.pk)
    load.refresh_from_db()
    assert load.state == State.JUDGED
    assert load.refusals[0]["code"] == "group_left_out"
    assert not Woman.objects.exists()


def test_a_load_is_one_entry_with_the_history_of_each_woman(valley, officer):
    applied(officer, lokos([{}], MEMBERS[:5]))
    entry = AuditEntry.objects.get(did="apply_load")
    woman = Woman.objects.first()
    change = entry.changes.get(subject_id=str(woman.pk))
    assert change.after["name"] == woman.name


def test_a_bookkeeper_may_not_load(valley):
    by = bookkeeper_of(make_group(valley.chinar))
    assert not by.can("loads.make")


def test_one_more_phone_is_told_as_one(valley, officer):
    rows = [{"phone": "9000000036;9000000055"}, {"name": NAMES[1], "phone": "9000000037;9000000056;9000000057"}]
    said = told(judged(officer, lokos([{}], rows)))
    assert "One more phone number in this cell is left out" in said
    assert "2 more phone numbers in this cell are left out" in said


def test_a_group_that_left_stays_left(valley, officer):
    applied(officer, lokos([{}], MEMBERS[:6]))
    tie = Membership.objects.get(woman__name=NAMES[0])
    actions.leave_group(by=us(), membership=tie, left_on=day("2024-01-01"), leave_reason="migrated")
    load = judged(officer, lokos([{}], MEMBERS[:6]))
    assert verdicts(load)[1] == ("leave", ["left_before"])


def test_a_year_in_the_place_of_a_date_of_birth_is_the_year(valley, officer):
    make_group(valley.chinar, "Gulshan")
    row = {"group": "Gulshan", "village": "Chinar", "joined_on": "01-02-2020"}
    rows = [row | {"name": "Haseena Bano", "born_on": "1984"}, row | {"name": "Rubeena Jan", "born_on": 1985}]
    load = applied(officer, plain_women(*rows), "women")
    kept = Woman.objects.order_by("name").values_list("name", "born_year", "born_on")
    assert list(kept) == [("Haseena Bano", 1984, None), ("Rubeena Jan", 1985, None)], told(load)
