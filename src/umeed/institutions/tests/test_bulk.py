"""The bulk path: the same records as one by one, under the same guards, in one entry."""

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.models import AuditChange, UnauditedWrite
from umeed.core.viewer import as_viewer
from umeed.institutions import bulk
from umeed.institutions.fresh import guards_laid_aside
from umeed.institutions.models import Household, Institution, Membership, StatusTerm, Woman
from umeed.institutions.tests.making import FORMED, day, make_group, make_member, make_woman, officer_at, us
from umeed.kernel.ids import new_id
from umeed.kernel.names import spelling_key

WOMAN = ("id", "name", "place_id", "phone", "livelihoods", "born_on")


def rows(place, *names):
    return [(new_id(), name, place.pk, "9000000036", ["Dairy"], day("1984-03-12")) for name in names]


def test_rows_become_records_like_any_other(valley):
    text = "Haseena\tB\\ano\n"
    with audited(by=us(), did="test_bulk") as trail:
        count = bulk.put(trail, Woman, WOMAN, rows(valley.chinar, text, "حسینہ بانو"))
    made = Woman.objects.get(name=text)
    assert (count, made.phone, made.livelihoods, made.revision, made.gender) == (
        2,
        "9000000036",
        ["Dairy"],
        1,
        "female",
    )
    assert made.name_key == spelling_key(text)
    assert Woman.objects.filter(phone="9000000036").count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM institutions_woman WHERE id = %s", [made.pk])
        assert cursor.fetchone()[0].startswith("s1:")


def test_each_row_has_a_history_or_all_have_one_line(valley):
    with audited(by=us(), did="test_bulk") as trail:
        [(pk, *_rest)] = given = rows(valley.chinar, "Haseena Bano")
        bulk.put(trail, Woman, WOMAN, given)
        bulk.put(trail, Woman, WOMAN, rows(valley.chinar, *"Abc Bcd Cde".split()), note="together")
    each, together = AuditChange.objects.filter(entry__did="test_bulk").order_by("position")
    assert (each.subject_id, each.after["name"]) == (str(pk), "Haseena Bano")
    assert "9000000036" not in str(each.after)
    assert together.after["rows"] == 3 and len(together.after["sha256"]) == 64


def test_changes_note_before_and_after_and_count_up(valley):
    woman = make_woman(valley.chinar)
    with audited(by=us(), did="test_bulk") as trail:
        before = bulk.shown(Woman, {"name": woman.name, "phone": "", "belonging_name": ""})
        values = ("Hasina Bano", "9000000036", "Gulam Butt")
        bulk.change(trail, Woman, ("name", "phone", "belonging_name"), [(woman.pk, before, values)])
    woman.refresh_from_db()
    assert (woman.name, woman.phone, woman.revision) == ("Hasina Bano", "9000000036", 2)
    assert (woman.name_key, woman.belonging_key) == (spelling_key("Hasina Bano"), spelling_key("Ghulam Bhat"))
    noted = AuditChange.objects.get(entry__did="test_bulk")
    assert noted.after == {"name": "Hasina Bano", "phone": "••••••0036", "belonging_name": "Gulam Butt"}


def test_guards_and_audit_are_not_skipped(valley):
    tie = make_member(make_group(valley.chinar))
    other = make_group(valley.chinar, "Himmat")
    columns = ("woman_id", "institution_id", "kind", "during")
    row = (tie.woman_id, other.pk, "shg", since(day("2020-01-01")))
    with pytest.raises(IntegrityError), audited(by=us(), did="test_bulk") as trail:
        bulk.put(trail, Membership, columns, [row])
    with pytest.raises(UnauditedWrite):
        bulk.put(None, Membership, columns, [row])


def test_row_security_holds_for_the_bulk_path(valley):
    by = officer_at(valley.north)
    with as_viewer(by.viewer):
        with audited(by=by, did="test_bulk") as trail:
            bulk.put(trail, Woman, WOMAN, rows(valley.chinar, "Haseena Bano"))
        with pytest.raises(ProgrammingError), audited(by=by, did="test_bulk") as trail:
            bulk.put(trail, Woman, WOMAN, rows(valley.walnut, "Rubeena Jan"))


def test_removal_by_ids(valley):
    one, two = make_woman(valley.chinar), make_woman(valley.chinar, "Rubeena Jan")
    with audited(by=us(), did="test_bulk") as trail:
        assert bulk.remove(trail, Woman, [(one.pk, {"name": one.name})]) == 1
        assert bulk.remove(trail, Woman, [(two.pk, {}), (new_id(), {})], note="together") == 1
    assert not Woman.objects.exists()


def _guards():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text "
            "LIKE 'institutions_%' UNION ALL SELECT indexname, indexdef FROM pg_indexes "
            "WHERE tablename LIKE 'institutions_%' UNION ALL SELECT relname, relforcerowsecurity::text FROM pg_class "
            "WHERE relname LIKE 'institutions_%' ORDER BY 1, 2"
        )
        return cursor.fetchall()


@pytest.mark.django_db
def test_guards_come_back_as_they_were_and_refuse_the_same(valley):
    before = _guards()
    group, woman, house = new_id(), new_id(), new_id()
    with guards_laid_aside(), audited(by=us(), did="test_bulk") as trail:
        columns = ("id", "kind", "name", "place_id", "formed_on")
        bulk.put(trail, Institution, columns, [(group, "shg", "Roshni", valley.chinar.pk, FORMED)], note="together")
        status = [(group, "active", since(FORMED))]
        bulk.put(trail, StatusTerm, ("institution_id", "status", "during"), status, note="together")
        bulk.put(trail, Household, ("id", "place_id"), [(house, valley.chinar.pk)], note="together")
        woman_row = (woman, "Haseena Bano", valley.chinar.pk, house)
        bulk.put(trail, Woman, ("id", "name", "place_id", "household_id"), [woman_row], note="together")
    assert _guards() == before
    assert Woman.objects.get().household_id == house


def test_a_row_that_breaks_a_guard_fails_the_whole_filling(valley):
    with pytest.raises(DatabaseError), transaction.atomic(), guards_laid_aside(), audited(by=us(), did="x") as trail:
        columns = ("woman_id", "institution_id", "kind", "during")
        bulk.put(trail, Membership, columns, [(new_id(), new_id(), "shg", since(FORMED))], note="together")
