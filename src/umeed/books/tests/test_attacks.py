"""Raw SQL against the ledger, by the role that the product works as and by the owner of the tables."""

from contextlib import nullcontext
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from umeed.books.actions import lock_month
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Movement, Sheet
from umeed.books.tests.making import day, make_loan, post, saving
from umeed.books.tests.raw import EVEN, FIRST, LINE, Lines, line, sheet_of
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.viewer import as_viewer
from umeed.institutions.tests.making import bookkeeper_of, us

ATTACKS = {
    "a line changed": "UPDATE books_line SET amount_paise = amount_paise * 2",
    "a line removed": "DELETE FROM books_line",
    "lines emptied": "TRUNCATE books_line",
    "a sheet dated back": "UPDATE books_sheet SET on_date = '2020-01-01'",
    "a sheet removed": "DELETE FROM books_sheet",
    "all emptied": "TRUNCATE books_sheet CASCADE",
    "a movement written": "INSERT INTO books_movement VALUES (1, 1, 101, 5, 5)",
    "a movement changed": "UPDATE books_movement SET debit_paise = 0",
    "movements removed": "DELETE FROM books_movement",
    "movements emptied": "TRUNCATE books_movement",
}


def _run(sql: str, values: object = None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _line(sheet: int, book: int, head: int, paise: int, position: int = 1) -> None:
    _run(LINE, line(sheet, position, book, head, paise))


def _put(number: int, book: int, lines: Lines, **said: Any) -> None:
    _run(*sheet_of(number, book, lines, **said))


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_what_is_posted_stays_as_it_is(kept, sql, role) -> None:
    post(kept.book, saving(kept.women[0]))
    if role == "owner":
        work_as_owner()
    try:
        with pytest.raises(DatabaseError):
            _run(sql)
    finally:
        work_as_app()
    assert balances(kept.book.pk, us().today) == {"cash": 100_00, "saving_compulsory": -100_00}
    assert first_difference() is None


def test_a_line_comes_too_late_for_a_posted_sheet(kept) -> None:
    sheet = post(kept.book, saving(kept.women[0]))
    with pytest.raises(IntegrityError, match="too late"):
        _line(sheet, kept.book.pk, 101, 100, position=3)


def test_a_bookkeeper_cannot_spoil_a_sheet_that_she_does_not_see(kept, other) -> None:
    sheet = post(other.book, saving(other.women[0]))
    with as_viewer(bookkeeper_of(kept.group).viewer):
        assert not Sheet.objects.filter(pk=sheet).exists()
        with pytest.raises(DatabaseError):
            _line(sheet, kept.book.pk, 101, 100, position=3)
        with pytest.raises(DatabaseError):
            _line(sheet, other.book.pk, 101, 100, position=3)
    assert first_difference() is None


@pytest.mark.parametrize("position", [1, 2])
def test_lines_without_a_sheet_are_refused(kept, position) -> None:
    with pytest.raises(IntegrityError, match="not written with its lines"):
        _line(FIRST, kept.book.pk, 101, 100, position=position)


def test_a_sheet_that_was_there_does_not_answer_for_a_line_beside_a_new_one(kept) -> None:
    """One statement that writes a whole sheet, and a line more for another."""
    posted = post(kept.book, saving(kept.women[0]))
    sql, values = sheet_of(FIRST, kept.book.pk, EVEN)
    more = f"WITH more AS ({LINE}), {sql.removeprefix('WITH ')}"
    for sheet, why in ((posted, "too late"), (FIRST + 1, "not written with its lines")):
        with pytest.raises(IntegrityError, match=why):
            _run(more, [*line(sheet, 3, kept.book.pk, 101, 5), *values])
    assert first_difference() is None


def test_a_function_called_by_the_statement_adds_no_line(kept) -> None:
    sql, values = sheet_of(FIRST, kept.book.pk, EVEN)
    adding = (
        "CREATE FUNCTION pg_temp.adding(lines smallint) RETURNS smallint LANGUAGE plpgsql AS 'BEGIN"
        " INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise)"
        f" VALUES ({FIRST}, 3, {kept.book.pk}, 101, 5); RETURN lines; END'"
    )
    with pytest.raises(IntegrityError, match="too late"), transaction.atomic():
        _run(adding)
        _run(f"{sql} RETURNING pg_temp.adding(line_count)", values)
    assert first_difference() is None


def test_lines_before_their_sheet_are_refused(kept) -> None:
    """In one transaction too, and when what waits for its end is put off."""
    refused = pytest.raises(IntegrityError, match="not written with its lines")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(LINE, line(FIRST, 1, kept.book.pk, 101, 100))


def test_lines_that_an_owner_left_without_a_sheet_are_found(kept) -> None:
    work_as_owner()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE books_line DISABLE TRIGGER line_comes_with_its_sheet")
    _line(999_999, kept.book.pk, 101, 100)
    found = first_difference()
    assert found is not None and found.sheet == 999_999
    work_as_app()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "do not add up"),
        ([(101, 100), (423, -90)], "do not add up"),
        ([(101, 100), (423, -50), (423, -50)], "do not add up"),
        ([(101, 10**15), (423, -(10**15))], None),
    ],
)
def test_a_sheet_that_is_not_whole_is_refused(kept, lines, said) -> None:
    """It says that it has two lines."""
    with pytest.raises(IntegrityError, match=said) if said else nullcontext():
        _put(FIRST, kept.book.pk, lines, line_count=2)


@pytest.mark.parametrize("head", [201, 101, 999, 110, 1, -5])
def test_a_line_names_what_its_head_asks_for(kept, head) -> None:
    """A saving names a woman, cash nobody; other numbers are no heads."""
    with pytest.raises(IntegrityError, match="line_names_what_its_head_asks"):
        _run(LINE, line(FIRST, 1, kept.book.pk, head, 100, *([] if head == 201 else [kept.women[0].pk])))


def test_a_loan_of_another_woman_is_refused_by_the_database_too(kept) -> None:
    loan = make_loan(kept.book, kept.women[0])
    with pytest.raises(IntegrityError, match="another book or woman"):
        _put(FIRST, kept.book.pk, [(111, 100, kept.women[1].pk, loan.pk), (101, -100)])


def test_a_reversal_that_is_no_mirror_is_refused(kept) -> None:
    first = post(kept.book, saving(kept.women[0]))
    with pytest.raises(IntegrityError, match="no mirror"):
        _put(FIRST, kept.book.pk, [(101, -90), (201, 90, kept.women[0].pk)], kind=6, reverses_id=first)


def test_a_stray_line_of_another_session_does_not_slip_in(own_database) -> None:
    own_database("umeed.books.tests.a_stray_line")


def test_a_month_is_not_locked_beside_a_sheet_that_is_being_posted(kept) -> None:
    post(kept.book, saving(kept.women[0]))
    lock_month(by=us(), book=kept.book, month=day("2024-04-01"))
    with pytest.raises(IntegrityError, match="locked"):
        _put(FIRST, kept.book.pk, EVEN, on_date="2024-04-20")
    assert Movement.objects.filter(head=423).count() == 0
