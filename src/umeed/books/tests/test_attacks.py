"""Raw SQL against the ledger, by the role that the product works as and by the owner of the tables."""

from contextlib import nullcontext

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from umeed.books.actions import lock_month
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Movement, Sheet
from umeed.books.tests.making import day, make_loan, post, saving
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.viewer import as_viewer
from umeed.institutions.tests.making import bookkeeper_of, us
from umeed.kernel.ids import new_id

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


def _line(sheet: int, book: int, head: int, paise: int, position: int = 1, **about: object) -> None:
    _run(
        "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise, woman_id, loan_id)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [sheet, position, book, head, paise, about.get("woman"), about.get("loan")],
    )


def _sheet(number: int, book: int, lines: int, **said: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO books_sheet (id, uid, book_id, on_date, kind, line_count, digest, recorded_by, reverses_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, '', 'raw', %s)",
            [number, new_id(), book, said.get("on", "2024-04-08"), said.get("kind", 1), lines, said.get("reverses")],
        )


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


def test_lines_without_a_sheet_do_not_last(kept) -> None:
    with pytest.raises(IntegrityError, match="is not there"):
        _line(999_999, kept.book.pk, 101, 100)


def test_lines_without_a_first_one_are_refused(kept) -> None:
    """By the first line of a sheet the database looks, once, whether the sheet is there."""
    with pytest.raises(IntegrityError, match="no first line"):
        _line(999_999, kept.book.pk, 101, 100, position=2)


def test_lines_that_an_owner_left_without_a_sheet_are_found(kept) -> None:
    work_as_owner()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE books_line DISABLE TRIGGER line_has_its_sheet")
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
        ([(101, 2**62), (423, -(2**62))], None),
    ],
)
def test_a_sheet_that_is_not_whole_is_refused(kept, lines, said) -> None:
    with pytest.raises(IntegrityError, match=said) if said else nullcontext():
        _post_raw(10**9, kept.book.pk, lines)


def _post_raw(sheet: int, book: int, lines: list[tuple[int, int]]) -> None:
    """A sheet that says it has two lines, with these."""
    with transaction.atomic():
        for position, (head, paise) in enumerate(lines, 1):
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise)"
                    " VALUES (%s, %s, %s, %s, %s)",
                    [sheet, position, book, head, paise],
                )
        _sheet(sheet, book, 2)


def test_an_amount_that_no_book_can_hold_leaves_nothing_behind(kept) -> None:
    """Two sheets of 2^62 paise overflow the month: PostgreSQL refuses the second whole."""
    lines = [(101, 2**62), (423, -(2**62))]
    _post_raw(10**9 + 1, kept.book.pk, lines)
    with pytest.raises(DatabaseError, match="out of range"):
        _post_raw(10**9 + 2, kept.book.pk, lines)
    assert Sheet.objects.count() == 1
    assert first_difference() is None


@pytest.mark.parametrize("head", [201, 101, 999, 110, 1, -5])
def test_a_line_names_what_its_head_asks_for(kept, head) -> None:
    """A saving names a woman, cash nobody; other numbers are no heads."""
    with pytest.raises(IntegrityError, match="line_names_what_its_head_asks"):
        _line(1, kept.book.pk, head, 100, **({} if head == 201 else {"woman": kept.women[0].pk}))


def test_a_loan_of_another_woman_is_refused_by_the_database_too(kept) -> None:
    loan = make_loan(kept.book, kept.women[0])
    with pytest.raises(IntegrityError, match="another book or woman"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise, woman_id, loan_id)"
                " VALUES (1000000007, 1, %s, 111, 100, %s, %s), (1000000007, 2, %s, 101, -100, NULL, NULL)",
                [kept.book.pk, kept.women[1].pk, loan.pk, kept.book.pk],
            )
        _sheet(1000000007, kept.book.pk, 2)


def test_a_reversal_that_is_no_mirror_is_refused(kept) -> None:
    first = post(kept.book, saving(kept.women[0]))
    with pytest.raises(IntegrityError, match="no mirror"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise, woman_id)"
                " VALUES (1000000008, 1, %s, 101, -90, NULL), (1000000008, 2, %s, 201, 90, %s)",
                [kept.book.pk, kept.book.pk, kept.women[0].pk],
            )
        _sheet(1000000008, kept.book.pk, 2, kind=6, reverses=first)


def test_a_stray_line_of_another_session_does_not_slip_in(own_database) -> None:
    own_database("umeed.books.tests.a_stray_line")


def test_a_month_is_not_locked_beside_a_sheet_that_is_being_posted(kept) -> None:
    post(kept.book, saving(kept.women[0]))
    lock_month(by=us(), book=kept.book, month=day("2024-04-01"))
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise)"
                " VALUES (1000000009, 1, %s, 101, 100), (1000000009, 2, %s, 423, -100)",
                [kept.book.pk, kept.book.pk],
            )
        _sheet(1000000009, kept.book.pk, 2, on="2024-04-20")
    assert Movement.objects.filter(head=423).count() == 0
