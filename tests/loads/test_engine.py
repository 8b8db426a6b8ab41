"""The engine without pages: dry run, consent, writing, taking back, and that nothing is ever half-done."""

import datetime
from unittest.mock import patch

import pytest
from django.db import IntegrityError, OperationalError, connection

from tests.architecture import scene as scenes
from tests.loads.conftest import GOOD, HEADINGS, book, consented, gone_on, judged, received, undone
from umeed.core import doors
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.loads import acts, files, rows, steps
from umeed.core.loads.models import ColumnMapping, Load, LoadFile, LoadRow
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.places.models import PlaceTag

pytestmark = pytest.mark.django_db


def codes(load):
    return {each["code"] for each in load.refusals}


def verdicts(load):
    return [(row.number, row.what) for row in LoadRow.objects.filter(load=load)]


def test_nothing_is_written_before_consent(officer):
    load = judged(officer, book(*GOOD))
    assert load.state == "judged"
    assert load.counts == {"create": 2, "change": 0, "leave": 0, "gone": 0, "refuse": 0, "chosen": 2}
    assert verdicts(load) == [(2, "create"), (3, "create")]
    assert not PlaceTag.objects.exists()


def test_consent_writes_all_in_one_audited_entry(officer):
    load = consented(officer, judged(officer, book(*GOOD)))
    assert (load.state, codes(load)) == ("applied", set())
    assert set(PlaceTag.objects.values_list("tag", "during__startswith")) == {
        ("covered", datetime.date(2024, 4, 1)), ("aspirational", datetime.date(2016, 1, 25)),
    }  # fmt: skip
    entry = AuditEntry.objects.get(seq=load.applied_seq)
    assert (entry.did, entry.actor, entry.subject_id) == ("apply_load", str(officer.pk), str(load.pk))
    assert entry.changes.filter(table="places_placetag", kind=AuditChange.CREATED).count() == 2


def test_loading_twice_changes_nothing_and_says_so(officer):
    consented(officer, judged(officer, book(*GOOD)))
    again = judged(officer, book(*GOOD))
    assert {what for _number, what in verdicts(again)} == {"leave"}
    assert "loaded_before" in {note["code"] for note in again.notes}
    with pytest.raises(Refused, match="nothing to load"):
        consented(officer, again)


def test_a_refused_row_holds_the_file_until_good_rows_are_chosen(officer):
    load = judged(officer, book(*GOOD, ("Elsewhere", "covered", "01-04-2024")))
    assert load.counts["refuse"] == 1
    with pytest.raises(Refused) as refused:
        consented(officer, load)
    assert refused.value.refusals[0].code == "some_refused"
    assert not PlaceTag.objects.exists()
    load.refresh_from_db()
    assert consented(officer, load, acts.GOOD).state == "applied"
    assert PlaceTag.objects.count() == 2


def test_reasons_are_kept_as_data_and_all_at_once(officer):
    load = judged(officer, book(("There village 1", "blessed", "01/25/2016")))
    row = LoadRow.objects.get(load=load)
    assert {each["code"] for each in row.reasons} >= {"unknown_village", "unknown_tag"}
    assert len(row.reasons) == 3
    assert rows.reasons_of(row)[1].message() == "There is no village There village 1 in your area."


def test_an_unticked_row_stays_out(officer):
    load = judged(officer, book(*GOOD))
    first, second = LoadRow.objects.filter(load=load)
    by = doors.scope_of_viewer(str(officer.pk))
    acts.choose_rows(load, by=by, shown=[first.pk, second.pk], ticked=[second.pk])
    assert load.counts["chosen"] == 1
    consented(officer, load)
    assert list(PlaceTag.objects.values_list("tag", flat=True)) == ["aspirational"]


def test_undo_takes_back_what_was_made_and_changed_and_is_audited(officer):
    first = consented(officer, judged(officer, book(GOOD[0])))
    changed = (*GOOD[0][:3], "Order 9", "")
    second = consented(officer, judged(officer, book(changed, GOOD[1])))
    assert second.counts["change"] == 1
    assert PlaceTag.objects.get(tag="covered").source == "Order 9"
    second = undone(officer, second)
    assert (second.state, list(PlaceTag.objects.values_list("source", flat=True))) == ("undone", ["Order 1"])
    assert AuditEntry.objects.get(seq=second.undone_seq).did == "undo_load"
    assert undone(officer, first).state == "undone", "a later load that was taken back does not stand in the way"
    assert not PlaceTag.objects.exists()


def test_undo_names_who_built_on_it(officer):
    first = consented(officer, judged(officer, book(GOOD[0])))
    consented(officer, judged(officer, book((*GOOD[0][:3], "Order 9", ""))))
    with as_system(), audited(by=system(scenes.today()), did="untag") as trail:
        tag = PlaceTag.objects.get()
        trail.removed(tag)
        tag.delete()
    first = undone(officer, first)
    assert first.state == "applied"
    assert codes(first) == {"gone"}


def test_records_changed_by_others_are_named_with_day_and_person(officer):
    consented(officer, judged(officer, book(GOOD[0])))
    load = consented(officer, judged(officer, book((*GOOD[0][:3], "Order 9", ""))))
    with as_system(), audited(by=system(scenes.today(), name="Zahida"), did="retag") as trail:
        tag = PlaceTag.objects.get()
        trail.rows(AuditChange.CHANGED, "places_placetag", [(str(tag.pk), {"source": "Order 9"}, {"source": "X"})])
    load = undone(officer, load)
    assert load.state == "applied"
    assert load.refusals[0]["values"]["who"] == "Zahida"


def test_a_later_load_that_was_taken_back_does_not_stand_in_the_way(officer):
    consented(officer, judged(officer, book(GOOD[0])))
    second = consented(officer, judged(officer, book((*GOOD[0][:3], "Order 9", ""))))
    third = consented(officer, judged(officer, book((*GOOD[0][:3], "Order 10", ""))))
    assert undone(officer, second).state == "applied"
    assert undone(officer, third).state == "undone"
    assert undone(officer, second).state == "undone"
    assert PlaceTag.objects.get().source == "Order 1"


def test_when_the_world_has_turned_nothing_is_written_and_the_report_is_new(officer, scene):
    load = judged(officer, book(*GOOD))
    with as_system(), audited(by=system(scenes.today()), did="tag") as trail:
        tag = PlaceTag(place=scene.here.villages[0], tag="covered", during=since(scenes.START), source="Order 1")
        tag.save()
        trail.created(tag)
    load = consented(officer, load)
    assert load.state == "judged"
    assert verdicts(load) == [(2, "leave"), (3, "create")]
    assert load.notes[0]["code"] == "turned"
    assert load.notes[0]["values"]["count"] == "1"
    assert PlaceTag.objects.count() == 1
    assert consented(officer, load).state == "applied"


def test_writes_that_touch_nothing_of_the_file_do_not_hold_it_up(officer, scene):
    load = judged(officer, book(*GOOD))
    with as_system(), audited(by=system(scenes.today()), did="tag") as trail:
        tag = PlaceTag(place=scene.there.villages[0], tag="covered", during=since(scenes.START))
        tag.save()
        trail.created(tag)
    assert consented(officer, load).state == "applied"


def test_consent_to_an_older_report_is_refused(officer):
    load = judged(officer, book(*GOOD))
    by = doors.scope_of_viewer(str(officer.pk))
    with pytest.raises(Refused, match="gone on"):
        acts.consent(load, by=by, revision=load.revision - 1, which=acts.WHOLE)


def test_a_clash_while_writing_leaves_nothing_behind(officer, kinds):
    load = judged(officer, book(*GOOD))

    def clash(verdict):
        if verdict.number == 3:
            raise IntegrityError("exclusion")

    kinds["village-tags"].before_writing = clash
    load = consented(officer, load)
    assert (load.state, codes(load)) == ("judged", {"clash"})
    assert not PlaceTag.objects.exists()
    assert not AuditEntry.objects.filter(did="apply_load").exists()


def test_an_unforeseen_error_is_told_and_leaves_nothing_behind(officer, kinds, caplog):
    load = judged(officer, book(*GOOD))

    def break_off(verdict):
        raise RuntimeError("boom")

    kinds["village-tags"].before_writing = break_off
    load = consented(officer, load)
    assert (load.state, codes(load)) == ("judged", {"broke"})
    assert not PlaceTag.objects.exists()
    kinds["village-tags"].before_writing = None
    assert consented(officer, load).state == "applied"


def test_a_database_that_goes_away_is_raised_and_the_work_can_be_taken_up(officer, kinds):
    load = judged(officer, book(*GOOD))

    def away(verdict):
        raise OperationalError("server closed the connection")

    kinds["village-tags"].before_writing = away
    by = doors.scope_of_viewer(str(officer.pk))
    acts.consent(load, by=by, revision=load.revision, which=acts.WHOLE)
    with pytest.raises(OperationalError):
        steps.go_on(load.pk)
    load.refresh_from_db()
    assert load.state == "applying"
    kinds["village-tags"].before_writing = None
    assert gone_on(load).state == "applied"
    assert gone_on(load).state == "applied", "doing it again does nothing"
    assert PlaceTag.objects.count() == 2


def test_work_broken_off_again_and_again_goes_back_to_the_person(officer):
    load = received(officer, book(*GOOD))
    steps.give_up(load.pk)
    load.refresh_from_db()
    assert (load.state, codes(load)) == ("failed", {"broke"})


def test_two_workers_never_work_on_one_load_together(officer):
    load = received(officer, book(*GOOD))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(7013002, hashtext(%s))", [str(load.pk)])
            assert cursor.fetchone()[0]
        assert gone_on(load).state == "received"
    finally:
        other.close()
    assert gone_on(load).state == "judged"


def test_a_posting_that_ended_stops_the_load(officer, scene):
    load = judged(officer, book(*GOOD))
    by = doors.scope_of_viewer(str(officer.pk))
    acts.consent(load, by=by, revision=load.revision, which=acts.WHOLE)
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    load = gone_on(load)
    assert (load.state, codes(load)) == ("judged", {"no_posting"})
    assert not PlaceTag.objects.exists()


def test_what_is_sealed_never_rests_in_the_clear(officer):
    load = judged(officer, book(*GOOD))
    row = LoadRow.objects.filter(load=load).first()
    assert "9906543210" not in str(row.after)
    assert rows.verdict_of(row).after["phone"] == "9906543210"
    assert rows.unpacked(row.after, show=False)["phone"] == "••••••3210"
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(content, '') FROM core_loadfile WHERE load_id = %s", [load.pk])
        assert b"Here village" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT samples FROM core_load WHERE id = %s", [load.pk])
        assert "Here village" not in cursor.fetchone()[0]


def test_a_piece_of_a_file_opens_only_in_its_own_load(officer):
    from cryptography.exceptions import InvalidTag

    mine, other = received(officer, book(*GOOD)), received(officer, book(GOOD[0]))
    LoadFile.objects.filter(load=other).delete()
    LoadFile.objects.filter(load=mine).update(load=other)
    with pytest.raises(InvalidTag):
        list(files.pieces_of(other))


def test_row_security_hides_rows_and_files_from_everybody_else(officer, scene):
    load = judged(officer, book(*GOOD))
    for role in ("district_officer", "auditor", "mis_officer"):
        with as_viewer(str(scene.people[role].pk)):
            assert not LoadRow.objects.filter(load=load).exists()
            assert not LoadFile.objects.filter(load=load).exists()
    with as_viewer(str(officer.pk)):
        assert LoadRow.objects.filter(load=load).count() == 2


def test_the_rows_that_a_person_loads_are_judged_by_what_she_sees(officer):
    """The other district's village exists, and is as unknown to her as one that does not."""
    load = judged(officer, book(("There village 1", "covered", "01-04-2024")))
    assert load.counts["refuse"] == 1


def test_a_mapping_is_remembered(officer):
    headings = ("Gaon", "Nishan", "Kab se")
    load = judged(officer, book(GOOD[0][:3], headings=headings))
    assert (load.state, codes(load)) == ("mapping", {"not_known"})
    by = doors.scope_of_viewer(str(officer.pk))
    mapped = {"Sheet1": {"kind": "tags", "columns": {"village": 0, "tag": 1, "since": 2}}}
    acts.answer(load, by=by, layout_key="village-tags", mapped=mapped, options={})
    assert gone_on(load).counts["create"] == 1
    assert ColumnMapping.objects.get().columns == {"village": "gaon", "tag": "nishan", "since": "kab se"}
    again = judged(officer, book(GOOD[1][:3], headings=("Kab se", "Gaon", "Nishan")))
    assert again.state == "mapping", "another order of columns is another sheet"
    again = judged(officer, book(GOOD[1][:3], headings=headings))
    assert (again.state, again.counts["create"]) == ("judged", 1)


def test_options_reach_the_layout_as_values(officer):
    load = judged(officer, book(*GOOD), name="dated.xlsx", layout_key="village-tags-from-a-day")
    assert (load.state, load.refusals) == ("mapping", [])
    by = doors.scope_of_viewer(str(officer.pk))
    acts.answer(load, by=by, layout_key=load.layout_key, mapped=load.mapping, options={"on": "2999-01-01"})
    load = gone_on(load)
    assert (load.state, codes(load)) == ("failed", {"future"})
    assert not files.is_kept(load)


def test_a_missing_column_is_named(officer):
    load = judged(officer, book(GOOD[0][:2], headings=HEADINGS[:2]), layout_key="village-tags")
    assert load.state == "mapping"
    by = doors.scope_of_viewer(str(officer.pk))
    mapped = {"Sheet1": {"kind": "tags", "columns": {"village": 0, "tag": 1}}}
    with pytest.raises(Refused, match="“From Date” is missing"):
        acts.answer(load, by=by, layout_key="village-tags", mapped=mapped, options={})


def test_forgotten_loads_and_old_files_go(officer):
    from umeed.core.loads import keeping

    waiting, done = judged(officer, book(*GOOD)), consented(officer, judged(officer, book(GOOD[0])))
    old = files.oldest_to_keep() - datetime.timedelta(days=1)
    Load.objects.filter(pk__in=[waiting.pk, done.pk]).update(made_at=old, changed_at=old)
    assert keeping.sweep()[0] == 1
    waiting.refresh_from_db()
    assert waiting.state == "discarded"
    assert not LoadFile.objects.exists()
    assert list(LoadRow.objects.values_list("load", flat=True)) == [done.pk]
    with patch.object(files, "KEEP_DAYS", 0):
        assert undone(officer, done).state == "undone", "taking back does not need the file"


def test_when_the_file_is_gone_the_load_can_still_be_consented_to_if_nothing_was_written_since(officer):
    load = judged(officer, book(*GOOD))
    with as_system():
        files.forget(load)
    assert consented(officer, load).state == "applied"
