"""LokOS workbooks and plain lists through the loads engine: right ones, wrong ones, twice, and taken back."""

from importlib import import_module

import pytest
from django.db import connection

from umeed.core.loads import queries, tabs
from umeed.core.loads.models import GONE, WAITS, Load, LoadRow, State
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_system
from umeed.institutions import actions
from umeed.institutions.models import (
    BankAccount,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    StatusTerm,
    Woman,
)
from umeed.institutions.tests.loading import (
    EIGHT,
    applied,
    judged,
    lokos,
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
    make_office,
    officer_at,
    us,
)


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
    members = [*EIGHT[:7], EIGHT[7] | {"office": "Treasurer", "phone": "Self:9000000036;Father:9000000055"}]
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
        [*EIGHT, {"name": "Raja Begum", "office": "President"}],
    )
    applied(officer, content)
    count = Woman.objects.count(), Institution.objects.count(), OfficeTerm.objects.count(), BankAccount.objects.count()
    load = judged(officer, content)
    assert {what for what, _reasons in verdicts(load)} == {"leave"}, told(load)
    assert count == (9, 1, 1, 1)


def test_a_corrected_file_changes_only_what_differs(valley, officer):
    applied(officer, lokos([{}], EIGHT))
    load = applied(
        officer, lokos([{"saving": 200}], [*EIGHT[:7], EIGHT[7] | {"education": "Primary", "phone": "#9000000036"}])
    )
    assert [what for what, _ in verdicts(load)] == ["change", *["leave"] * 7, "change"]
    row = LoadRow.objects.filter(load=load, what="change").last()
    assert row.before["education"] == "graduate" and row.after["education"] == "primary"
    assert "9000000036" not in str(row.after)
    woman = Woman.objects.get(name=NAMES[7])
    assert (woman.education, woman.phone, woman.revision) == ("primary", "9000000036", 2)
    assert Institution.objects.get().saving_paise == 20_000


def test_a_load_is_taken_back_whole(valley, officer):
    applied(officer, lokos([{}], EIGHT[:5]))
    before = {woman.pk: woman.education for woman in Woman.objects.all()}
    more = lokos([{}, {"name": "Himmat SHG", "formed_on": "01_05_2019"}], [
        EIGHT[0] | {"education": "Primary", "office": "President"},
        *({"name": name, "group": "Himmat SHG", "joined_on": "02_05_2019"} for name in NAMES[8:14]),
    ])  # fmt: skip
    load = applied(officer, more)
    assert (Institution.objects.count(), Woman.objects.count(), OfficeTerm.objects.count()) == (2, 11, 1)
    load = undone(officer, load)
    assert load.state == State.UNDONE, load.refusals
    assert {woman.pk: woman.education for woman in Woman.objects.all()} == before
    assert (Institution.objects.count(), OfficeTerm.objects.count(), Membership.objects.count()) == (1, 0, 5)


def test_a_load_on_which_somebody_has_built_stays(valley, officer):
    load = applied(officer, lokos([{}], EIGHT[:5]))
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
    applied(officer, lokos([{}], EIGHT[:5]))
    load = judged(officer, lokos([{}], EIGHT[:5], [{}, {"meeting_number": 14}]))
    assert tabs.counts_in_words(load) == "2 waiting · 6 known already"
    waiting, count = queries.page_of_rows(load, WAITS, 1)
    assert (count, {row.sheet for row in waiting}) == (2, {"Cutoff Meetings"})
    assert waiting[0].words == ["Waiting, kept with the load"] and "LokOS cut-off sheet" in waiting[0].warned[0]
    known, count = queries.page_of_rows(load, "leave", 1)
    assert count == len(known) == 6 and {row.sheet for row in known} == {"SHGs", "Members"}


def test_loads_judged_before_it_was_counted_what_waits_are_counted(valley, officer):
    applied(officer, lokos([{}], EIGHT[:5]))
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


def test_women_whose_group_row_is_unticked_are_not_half_loaded(valley, officer):
    from umeed.core.loads import acts
    from umeed.core.viewer import as_viewer

    load = judged(officer, lokos([{}], EIGHT[:5]))
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
    applied(officer, lokos([{}], EIGHT[:5]))
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
    applied(officer, lokos([{}], EIGHT[:6]))
    tie = Membership.objects.get(woman__name=NAMES[0])
    actions.leave_group(by=us(), membership=tie, left_on=day("2024-01-01"), leave_reason="migrated")
    load = judged(officer, lokos([{}], EIGHT[:6]))
    assert verdicts(load)[1] == ("leave", ["left_before"])


def test_a_year_in_the_place_of_a_date_of_birth_is_the_year(valley, officer):
    make_group(valley.chinar, "Gulshan")
    row = {"group": "Gulshan", "village": "Chinar", "joined_on": "01-02-2020"}
    rows = [row | {"name": "Haseena Bano", "born_on": "1984"}, row | {"name": "Rubeena Jan", "born_on": 1985}]
    load = applied(officer, plain_women(*rows), "women")
    kept = Woman.objects.order_by("name").values_list("name", "born_year", "born_on")
    assert list(kept) == [("Haseena Bano", 1984, None), ("Rubeena Jan", 1985, None)], told(load)
