"""What raw SQL may not even try: by the role that the product works as, and by the owner of the tables."""

import pytest
from django.db import DatabaseError, connection, transaction

from umeed.books.actions import lock_month
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.tests.making import day, make_loan, post, saving
from umeed.core.roles import work_as_app, work_as_owner
from umeed.institutions.tests.making import us

# Each would change what is posted, if it went through. {sheet}, {book}, {loan} are of the group.
BY_ANYBODY = {
    "upsert of a sheet": "INSERT INTO books_sheet (id, uid, book_id, on_date, kind, line_count, digest, recorded_by)"
    " SELECT id, uid, book_id, '2020-01-01', kind, line_count, digest, 'thief' FROM books_sheet"
    " ON CONFLICT (id) DO UPDATE SET on_date = excluded.on_date",
    "upsert of a line": "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise)"
    " SELECT sheet_id, position, book_id, 101, 7 FROM books_line"
    " ON CONFLICT (sheet_id, position) DO UPDATE SET amount_paise = excluded.amount_paise",
    "merge that updates": "MERGE INTO books_line l USING books_sheet s ON s.id = l.sheet_id"
    " WHEN MATCHED THEN UPDATE SET amount_paise = 1",
    "merge that deletes": "MERGE INTO books_line l USING books_sheet s ON s.id = l.sheet_id WHEN MATCHED THEN DELETE",
    "merge that adds a line": "MERGE INTO books_line l USING (SELECT id FROM books_sheet) s ON false"
    " WHEN NOT MATCHED THEN INSERT (sheet_id, position, book_id, head, amount_paise) VALUES (s.id, 9, {book}, 101, 5)",
    "a row by its place": "UPDATE books_line SET amount_paise = 1 WHERE ctid = (SELECT min(ctid) FROM books_line)",
    "a row removed by its place": "DELETE FROM books_sheet WHERE ctid = (SELECT min(ctid) FROM books_sheet)",
    "a change within a question": "WITH gone AS (DELETE FROM books_line RETURNING 1) SELECT count(*) FROM gone",
    "triggers switched off": "SET session_replication_role = replica",
    "a lock of a month changed": "UPDATE books_monthlock SET month = 1",
    "a lock of a month removed": "DELETE FROM books_monthlock",
    "locks emptied": "TRUNCATE books_monthlock",
    "a loan given to another": "UPDATE books_loan SET woman_id = (SELECT min(id::text)::uuid FROM institutions_woman"
    " WHERE id <> books_loan.woman_id)",
    "a loan under another head": "UPDATE books_loan SET head = 'loan_from_bank'",
    "a loan removed": "DELETE FROM books_loan",
    "a book given away": "UPDATE books_book SET institution_id = (SELECT min(id::text)::uuid FROM"
    " institutions_institution WHERE id <> books_book.institution_id)",
    "a book removed": "DELETE FROM books_book",
    "books emptied": "TRUNCATE books_book CASCADE",
    "a movement merged in": "MERGE INTO books_movement m USING (SELECT {book} AS b) s ON m.book_id = s.b"
    " WHEN MATCHED THEN UPDATE SET debit_paise = 0",
}
BY_THE_APP = {
    "another's table as a child": "CREATE TEMP TABLE more_lines () INHERITS (books_line)",
    "guards switched off": "ALTER TABLE books_line DISABLE TRIGGER ALL",
    "a guard dropped": "DROP TRIGGER sheet_is_whole ON books_sheet",
    "a guard written anew": "CREATE OR REPLACE FUNCTION books_sheet_is_whole() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NULL; END'",
    "a guard's function dropped": "DROP FUNCTION books_sheet_is_whole() CASCADE",
    "a constraint dropped": "ALTER TABLE books_line DROP CONSTRAINT line_of_something",
    "row security switched off": "ALTER TABLE books_sheet DISABLE ROW LEVEL SECURITY",
    "a policy dropped": "DROP POLICY books_sheet_seen ON books_sheet",
    "a column dropped": "ALTER TABLE books_sheet DROP COLUMN digest",
    "a table dropped": "DROP TABLE books_line CASCADE",
    "a table replaced": "ALTER TABLE books_line RENAME TO lines_of_old",
    "a trigger of its own": "CREATE TRIGGER mine BEFORE INSERT ON books_line FOR EACH ROW"
    " EXECUTE FUNCTION core_append_only()",
    "a rule of its own": "CREATE RULE mine AS ON INSERT TO books_line DO INSTEAD NOTHING",
    "a line copied in": "COPY books_line FROM STDIN",
}


@pytest.fixture
def posted(kept, other):
    """A sheet, a loan and a locked month: what there is to spoil."""
    make_loan(kept.book, kept.women[0])
    post(kept.book, saving(kept.women[0]))
    lock_month(by=us(), book=kept.book, month=day("2024-04-01"))
    return kept


def _attack(sql: str, kept) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(book=kept.book.pk))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _nothing_changed(kept) -> None:
    assert balances(kept.book.pk, us().today) == {"cash": 100_00, "saving_compulsory": -100_00}
    assert first_difference() is None


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize("sql", BY_ANYBODY.values(), ids=BY_ANYBODY.keys())
def test_nobody_changes_what_is_posted(posted, sql, role) -> None:
    if role == "owner":
        work_as_owner()
    try:
        with pytest.raises(DatabaseError):
            _attack(sql, posted)
    finally:
        work_as_app()
    _nothing_changed(posted)


@pytest.mark.parametrize("sql", BY_THE_APP.values(), ids=BY_THE_APP.keys())
def test_the_product_cannot_take_its_guards_away(posted, sql) -> None:
    with pytest.raises(DatabaseError):
        _attack(sql, posted)
    _nothing_changed(posted)


def test_what_the_owner_hangs_under_a_table_is_found_when_all_is_recounted(posted) -> None:
    """Nothing keeps the owner from it; a line that was never posted is told by `verify_books` as a difference."""
    work_as_owner()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE more_lines () INHERITS (books_line)")
        cursor.execute(
            "INSERT INTO more_lines (sheet_id, position, book_id, head, amount_paise)"
            " SELECT id, 9, book_id, 101, 5 FROM books_sheet LIMIT 1"
        )
    work_as_app()
    assert first_difference() is not None


def test_who_says_that_she_is_the_system_sees_more_and_still_changes_nothing(posted) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('umeed.viewer', 'system', true)")
    for sql in ("UPDATE books_line SET amount_paise = 1", "DELETE FROM books_sheet"):
        with pytest.raises(DatabaseError):
            _attack(sql, posted)
    _nothing_changed(posted)


def test_rights_given_to_oneself_are_none(posted) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("GRANT ALL ON books_line, books_sheet, books_movement TO umeed_app")
    with pytest.raises(DatabaseError, match="permission denied"):
        _attack("UPDATE books_movement SET debit_paise = 0", posted)
    _nothing_changed(posted)


def test_a_table_of_ones_own_with_the_same_name_deceives_no_guard(posted) -> None:
    """The guards look into the tables of the product, also when the session has its own of that name."""
    with pytest.raises(DatabaseError, match="do not add up"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE books_line (LIKE public.books_line) ON COMMIT DROP")
        cursor.execute(
            "INSERT INTO pg_temp.books_line (sheet_id, position, book_id, head, amount_paise)"
            " VALUES (77, 1, %s, 101, 5), (77, 2, %s, 423, -5)",
            [posted.book.pk, posted.book.pk],
        )
        cursor.execute(
            "INSERT INTO books_sheet (id, uid, book_id, on_date, kind, line_count, digest, recorded_by)"
            " VALUES (77, gen_random_uuid(), %s, '2024-05-08', 1, 2, '', 'thief')",
            [posted.book.pk],
        )
    _nothing_changed(posted)
