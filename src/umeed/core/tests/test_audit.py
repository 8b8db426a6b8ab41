"""The chain in the database: gapless under many hands, append-only, and verified in place and from a copy."""

import datetime
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from umeed.core import chain
from umeed.core.audit import audited, picture
from umeed.core.audit_pages import queries
from umeed.core.audit_pages.stream import links
from umeed.core.models import AuditChange, AuditEntry, UnauditedWrite
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.scope import Grant, Scope, system
from umeed.places.models import Mission

TODAY = datetime.date(2026, 11, 21)
BY = system(TODAY)


def _mission(key, **values):
    return Mission(key=key, name=f"Mission {key}", short_name=key, opened_on=TODAY, **values)


def _write(key, why=""):
    with audited(by=BY, did="make_mission", why=why) as trail:
        made = _mission(key)
        made.save()
        trail.created(made)
    return made


def test_nothing_is_written_outside_an_action(db) -> None:
    with pytest.raises(UnauditedWrite):
        _mission("a").save()


def test_a_failed_action_leaves_neither_record_nor_entry(db) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(RuntimeError), audited(by=BY, did="x") as trail:
        made = _mission("b")
        made.save()
        trail.created(made)
        raise RuntimeError
    assert not Mission.objects.filter(key="b").exists()
    assert AuditEntry.objects.count() == before


def test_an_entry_belongs_to_the_place_of_its_subject_or_of_its_actor(db) -> None:
    made = _write("c")
    officer = Scope("u1", "Officer", TODAY, (Grant("block_officer", frozenset({"x"}), place_id=7),))
    with audited(by=officer, did="y") as trail:
        trail.about(made)
    assert AuditEntry.objects.latest("seq").place_id == 7
    with audited(by=officer, did="y") as trail:
        trail.at_place(None)
        trail.about(made)
    assert AuditEntry.objects.latest("seq").place_id is None
    several = Scope("u1", "Officer", TODAY, (*officer.grants, Grant("auditor", frozenset(), place_id=8)))
    with audited(by=several, did="y"):
        pass
    assert AuditEntry.objects.latest("seq").place_id is None


def test_history_tells_who_changed_what(db) -> None:
    made = _write("d", why="Founded")
    before = picture(made)
    with audited(by=BY, did="rename_mission", why="New name") as trail:
        made.name = "Another name"
        made.save()
        trail.changed(made, before)
    first, second = queries.history_of((made._meta.db_table, made.pk))
    assert (first.did, first.why) == ("Rename mission", "New name")
    assert first.changes == (queries.Difference("Name", "Mission d", "Another name"),)
    assert second.did == "Make mission"


def _settle():
    """What waits for the end of the transaction happens now, so that tables may be altered within it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize("table", ["core_auditentry", "core_auditchange"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_running_product_can_only_append(db, table, sql) -> None:
    _write("e")
    with pytest.raises(DatabaseError, match=r"permission denied|append-only"):
        _run(sql.format(table))


@pytest.mark.parametrize("table", ["core_auditentry", "core_auditchange"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_even_the_owner_is_refused_by_the_triggers(db, table, sql) -> None:
    _write("f")
    _settle()
    work_as_owner()
    try:
        with pytest.raises(DatabaseError, match="append-only"):
            _run(sql.format(table))
    finally:
        work_as_app()


def test_an_entry_that_does_not_follow_and_a_late_change_are_refused(db) -> None:
    _write("g")
    entry = AuditEntry.objects.latest("seq")
    values = {"at": entry.at, "actor": "x", "actor_name": "x", "did": "x", "changes_digest": "x", "hash": "x"}
    for seq, prev_hash in ((entry.seq + 2, entry.hash), (entry.seq + 1, "0" * 64)):
        with pytest.raises(DatabaseError, match="does not follow"), transaction.atomic():
            AuditEntry.objects.create(seq=seq, prev_hash=prev_hash, **values)
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        AuditChange.objects.create(entry=entry, position=9, kind="changed", table="t", subject_id="1")


TAMPER = {
    "at": "at + interval '1 second'", "actor": "'somebody'", "actor_name": "'Somebody'", "did": "'nothing'",
    "why": "'no reason'", "origin": "'elsewhere'", "subject_table": "'t'", "subject_id": "'9'", "place_id": "9",
    "change_count": "change_count + 1", "changes_digest": "repeat('0', 64)", "prev_hash": "repeat('1', 64)",
    "hash": "repeat('2', 64)",
}  # fmt: skip
TAMPER_CHANGE = {
    "position": "position + 5", "kind": "'removed'", '"table"': "'t'", "subject_id": "'9'",
    "before": """'{"name": "x"}'""", "after": """after || '{"name": "x"}'""",
}  # fmt: skip


def _forge(*sql):
    _settle()
    work_as_owner()
    with connection.cursor() as cursor:
        for table in ("core_auditentry", "core_auditchange"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in sql:
            cursor.execute(statement)
        _settle()
        for table in ("core_auditentry", "core_auditchange"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    work_as_app()


@pytest.fixture
def forge(db):
    """Somebody who owns the database and lays the guards aside."""
    for key in ("h1", "h2", "h3"):
        _write(key)
    return _forge


def test_a_forged_column_of_an_entry_is_found(forge) -> None:
    middle = AuditEntry.objects.order_by("-seq")[1].seq
    assert chain.verify(links()).broken is None
    for column, value in TAMPER.items():
        with transaction.atomic():
            forge(f"UPDATE core_auditentry SET {column} = {value} WHERE seq = {middle}")
            broken = chain.verify(links()).broken
            assert broken is not None and broken.seq == middle, column
            transaction.set_rollback(True)


def test_a_forged_change_is_found(forge) -> None:
    entry = AuditEntry.objects.order_by("-seq")[1]
    for column, value in TAMPER_CHANGE.items():
        with transaction.atomic():
            forge(f"UPDATE core_auditchange SET {column} = {value} WHERE entry_id = '{entry.pk}'")
            broken = chain.verify(links()).broken
            assert (broken.seq, broken.what, broken.expected) == (entry.seq, "changes", entry.changes_digest), column
            transaction.set_rollback(True)


def test_a_removed_entry_or_change_is_found_and_a_cut_end_by_the_head(forge, capsys) -> None:
    last = AuditEntry.objects.latest("seq")
    call_command("audit_head")
    head = capsys.readouterr().out.strip()
    call_command("audit_verify", head=head)
    middle = AuditEntry.objects.order_by("-seq")[1]
    with transaction.atomic():
        forge(f"DELETE FROM core_auditchange WHERE entry_id = '{middle.pk}'")
        assert chain.verify(links()).broken.what == "count"
        forge(f"DELETE FROM core_auditentry WHERE seq = {middle.seq}")
        assert chain.verify(links()).broken.what == "sequence"
        transaction.set_rollback(True)
    with transaction.atomic():
        forge(f"DELETE FROM core_auditchange WHERE entry_id = '{last.pk}'",
              f"DELETE FROM core_auditentry WHERE seq = {last.seq}")  # fmt: skip
        assert chain.verify(links()).broken is None
        with pytest.raises(CommandError, match="cut or rewritten"):
            call_command("audit_verify", head=head)
        transaction.set_rollback(True)


@pytest.fixture
def many_hands(django_db_setup, django_db_blocker):
    """Real transactions of several connections; what they leave is laid aside by the owner afterwards."""
    with django_db_blocker.unblock():
        # pytest-django makes no test database when no test that is run asks for one.
        assert connection.settings_dict["NAME"].startswith("test_"), "run this together with the other tests here"
        yield
        with transaction.atomic():
            _forge("DELETE FROM core_auditchange", "DELETE FROM core_auditentry", "DELETE FROM places_mission")
        connection.close()


def test_many_hands_make_one_chain_without_gaps(many_hands, tmp_path, capsys) -> None:
    start = AuditEntry.objects.count()

    def work(hand):
        try:
            for number in range(5):
                _write(f"{hand}-{number}")
        finally:
            connection.close()

    hands = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    verdict = chain.verify(links())
    assert verdict.broken is None and verdict.seq == start + 20
    file = tmp_path / "copy.jsonl.gz"
    call_command("audit_export", file)
    capsys.readouterr()
    call_command("audit_verify", file=file)
    assert f"Head {verdict.seq}:{verdict.hash}" in capsys.readouterr().out


def test_a_long_action_does_not_keep_others_waiting(many_hands) -> None:
    begun, done = threading.Event(), threading.Event()

    def long_import():
        try:
            with audited(by=BY, did="long_import") as trail:
                made = _mission("long")
                made.save()
                trail.created(made)
                begun.set()
                done.wait(timeout=20)
        finally:
            connection.close()

    hand = threading.Thread(target=long_import)
    hand.start()
    begun.wait(timeout=20)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        _write("short")
    assert AuditEntry.objects.latest("seq").did == "make_mission"
    done.set()
    hand.join()
    assert AuditEntry.objects.latest("seq").did == "long_import"
    assert chain.verify(links()).broken is None
