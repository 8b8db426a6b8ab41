"""Sheets that a thief would write by raw SQL: refused for what they say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from umeed.books.actions import reverse_sheet
from umeed.books.heads import BY_KEY
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.writing import put_one
from umeed.books.models import Sheet
from umeed.books.rules.sheets import MOST_PAISE
from umeed.books.tests.making import make_loan, post, saving
from umeed.books.tests.raw import EVEN, FIRST, LINE, Lines, line, sheet_of
from umeed.books.tests.test_bodies import vo
from umeed.books.verifying import verify
from umeed.institutions.models import Woman
from umeed.institutions.tests.making import make_woman, us
from umeed.kernel.ids import new_id

__all__ = ["vo"]


def put(number: int, book: int, lines: Lines, **said: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(*sheet_of(number, book, lines, **said))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_sheet_that_is_whole_goes_in(kept) -> None:
    put(FIRST, kept.book.pk, EVEN)
    assert first_difference() is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (EVEN, {"line_count": -2}),
        (EVEN, {"line_count": 3}),
        ([(101, 0), (423, 0)], {}),
        ([(101, 100)], {"line_count": 1}),
        ([], {"line_count": 0}),
        ([(101, 2**63 - 1), (101, 2**63 - 1), (423, -(2**63) + 1), (423, -(2**63) + 1)], {}),
        ([(101, 2**63)], {}),
        (EVEN, {"recorded_at": "2020-01-01"}),
        (EVEN, {"reverses_id": FIRST, "kind": 6}),
        (EVEN, {"reverses_id": FIRST + 5, "kind": 6}),
        (EVEN, {"book_id": 0}),
        (EVEN, {"kind": None}),
        (EVEN, {"kind": 0}),
        (EVEN, {"kind": 7}),
        (EVEN, {"kind": 99}),
        ([(101, 2**62), (423, -(2**62))], {}),
        ([(101, MOST_PAISE + 1), (423, -MOST_PAISE - 1)], {}),
        (EVEN, {"uid": None}),
        (EVEN, {"event": "0190163d-8694-739b-aea5-966c26f8ad90"}),
    ],
    ids=[
        "fewer than none", "more than there are", "of nothing", "one line", "no line", "overflow", "no bigint",
        "recorded long ago", "reverses itself", "reverses what is not there", "of no book", "of no kind",
        "of kind nought", "of a seventh kind", "of kind 99", "of 2^62 paise", "of a paisa too much", "without id",
        "an event in one book alone",
    ],
)  # fmt: skip
def test_a_sheet_of_another_shape_stays_out(kept, lines, said) -> None:
    with pytest.raises(DatabaseError):
        put(FIRST, kept.book.pk, lines, **said)
    assert not Sheet.objects.exists()
    assert first_difference() is None


def test_a_sheet_of_every_kind_and_of_the_most_goes_in(kept) -> None:
    """The bounds of the database are those of the product."""
    kinds = [kind for kind in Sheet.Kind if kind != Sheet.Kind.REVERSAL]
    for number, kind in enumerate(kinds, FIRST):
        put(number, kept.book.pk, [(101, MOST_PAISE), (423, -MOST_PAISE)], kind=kind)
    assert Sheet.objects.count() == len(kinds)


@pytest.mark.parametrize("kind", [0, 7, 99])
def test_the_function_that_posts_takes_no_other_kind(kept, kind) -> None:
    """As the product's own role, by the road that it takes itself: such a sheet could never go again."""
    with pytest.raises(IntegrityError, match="sheet_of_a_known_kind"), transaction.atomic():
        put_one(kept.book.pk, replace(saving(kept.women[0], 5), kind=kind), by="thief")


def test_a_sheet_that_comes_to_nothing_does_not_reverse_itself(kept) -> None:
    """Every amount there and back again is a mirror of itself."""
    with pytest.raises(DatabaseError):
        put(FIRST, kept.book.pk, [(101, 100), (101, -100)], kind=6, reverses_id=FIRST)


def test_two_sheets_do_not_reverse_each_other(kept) -> None:
    """Written in one statement, so that each is there when the other is looked at."""
    lines = [(FIRST, 1, 101, 100), (FIRST, 2, 423, -100), (FIRST + 1, 1, 101, -100), (FIRST + 1, 2, 423, 100)]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH line AS (INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise) VALUES"
            f" {', '.join(['(%s, %s, %s, %s, %s)'] * 4)})"
            " INSERT INTO books_sheet (id, uid, book_id, on_date, kind, line_count, digest, recorded_by, reverses_id)"
            " SELECT %s + n, gen_random_uuid(), %s, '2024-04-08', 6, 2, '', 'thief', %s + 1 - n"
            " FROM generate_series(0, 1) n",
            [value for sheet, *rest in lines for value in (sheet, rest[0], kept.book.pk, *rest[1:])]
            + [FIRST, kept.book.pk, FIRST],
        )


def test_a_late_line_in_the_same_transaction(kept) -> None:
    with pytest.raises(IntegrityError, match="too late"), transaction.atomic(), connection.cursor() as cursor:
        put(FIRST, kept.book.pk, EVEN)
        for position, paise in ((3, 50), (4, -50)):
            cursor.execute(LINE, line(FIRST, position, kept.book.pk, 101, paise))


def test_a_savepoint_saves_no_stray_line(kept) -> None:
    put(FIRST, kept.book.pk, EVEN)
    for sql in ("SAVEPOINT a", "ROLLBACK TO SAVEPOINT a", "RELEASE SAVEPOINT a"):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(LINE, line(FIRST, 7, kept.book.pk, 101, 5))
            if sql.startswith("RELEASE"):
                break
    assert first_difference() is None


def test_putting_constraints_off_puts_off_no_guard(kept) -> None:
    with pytest.raises(IntegrityError, match="do not add up"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        put(FIRST, kept.book.pk, [(101, 100), (423, -99)])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(LINE, line(FIRST, 1, kept.book.pk, 101, 5))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert first_difference() is None


def test_a_reversal_lies_in_the_same_book_and_says_the_same(kept, other) -> None:
    loan, second = make_loan(kept.book, kept.women[0]), make_loan(kept.book, kept.women[0])
    her, lent = kept.women[0].pk, BY_KEY["loan_to_member"].number
    put(FIRST, kept.book.pk, [(lent, 100, her, loan.pk), (101, -100)])
    elsewhere = make_loan(other.book, other.women[0])
    for book, hers, which in ((other.book, other.women[0], elsewhere), (kept.book, kept.women[0], second)):
        with pytest.raises(DatabaseError):
            put(
                FIRST + 1, book.pk, [(lent, -100, hers.pk, which.pk), (101, 100)], kind=6,
                reverses_id=FIRST,
            )  # fmt: skip
    with pytest.raises(DatabaseError):
        put(FIRST + 1, kept.book.pk, [(lent, -100, her, loan.pk), (101, 100)], reverses_id=FIRST)
    right = [(lent, -100, her, loan.pk), (101, 100)]
    put(FIRST + 1, kept.book.pk, right, kind=6, reverses_id=FIRST)
    with pytest.raises(IntegrityError):
        put(FIRST + 2, kept.book.pk, right, kind=6, reverses_id=FIRST)
    assert balances(kept.book.pk, us().today) == {}


@pytest.mark.parametrize("whose", ["another group's", "nobody's"])
def test_a_woman_who_never_was_in_the_group_has_no_line_in_its_book(kept, other, whose) -> None:
    her = other.women[0].pk if whose == "another group's" else new_id()
    with pytest.raises(IntegrityError, match="never was of this one"):
        put(FIRST, kept.book.pk, [(101, 100), (201, -100, her, None)])
    assert not Sheet.objects.exists()


def test_a_vo_pays_women_of_its_own_groups_alone(vo, other) -> None:
    paid = [(531, 100), (101, -100)]
    put(FIRST, vo.book.pk, [(*paid[0], vo.one.women[0].pk, None), paid[1]])
    with pytest.raises(IntegrityError, match="never was of this one"):
        put(FIRST + 1, vo.book.pk, [(*paid[0], other.women[0].pk, None), paid[1]])
    assert not next(one for one in verify() if one.check == "women").found


def test_nor_has_a_sheet_without_a_book_any(kept) -> None:
    with pytest.raises(IntegrityError, match="its book is not there"):
        put(FIRST, kept.book.pk + 999, EVEN)
    assert not Sheet.objects.exists()


def test_lines_of_either_record_are_hers_when_two_were_merged(kept, valley) -> None:
    """Of the one that belongs to the group, and of the one that it became."""
    became = make_woman(valley.chinar)
    Woman.objects.filter(pk=kept.women[0].pk).update(merged_into=became)
    for number, her in enumerate((kept.women[0], became)):
        put(FIRST + number, kept.book.pk, [(101, 100), (201, -100, her.pk, None)])
    assert first_difference() is None


def test_a_reversal_is_reversed_once(kept) -> None:
    first = post(kept.book, saving(kept.women[0]))
    undone = reverse_sheet(by=us(), sheet=first, uid=new_id(), why="Wrong")
    redone = reverse_sheet(by=us(), sheet=undone.sheet, uid=new_id(), why="Right after all")
    lines = [(101, 100_00), (201, -100_00, kept.women[0].pk, None)]
    with pytest.raises(IntegrityError):
        put(FIRST, kept.book.pk, lines, kind=6, reverses_id=undone.sheet)
    assert balances(kept.book.pk, us().today)["cash"] == 100_00
    assert redone.is_new and first_difference() is None
