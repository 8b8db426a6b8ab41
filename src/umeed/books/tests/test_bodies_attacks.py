"""Raw SQL against what happens between two bodies: one-sided, unequal, of another day, family, body or loan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.models import Book, Loan, Sheet
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.raw import sheet_of
from umeed.books.tests.test_bodies import Vo, lend, vo
from umeed.core.audit import audited
from umeed.core.roles import work_as_app, work_as_owner
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["vo"]
Lines = Sequence[tuple[int, int, UUID | None, int | None]]


def put(book: Book, lines: Lines, *, event: UUID | None, on: str = "2024-05-01", **said: Any) -> None:
    """A sheet with lines (head, paise, body, loan), by raw SQL."""
    written = [(head, paise, None, loan, body) for head, paise, body, loan in lines]
    also = {"reverses_id": said["reverses"]} if "reverses" in said else {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('books_sheet_id_seq')")
        number = cursor.fetchone()[0]
        cursor.execute(*sheet_of(
            number, book.pk, written, event=event, on_date=on, kind=said.get("kind", 3), **also,
        ))  # fmt: skip


def refused(match: str) -> Any:
    return pytest.raises(IntegrityError, match=match)


def both(vo: Vo, ours: Lines, theirs: Lines, *, other: Book | None = None, on: str = "2024-05-01") -> None:
    """An event by raw SQL, looked at as at the end of the transaction."""
    event = new_id()
    with transaction.atomic():
        put(vo.book, ours, event=event)
        put(other or vo.one.book, theirs, event=event, on=on)
        _now()


def _now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def saving(vo: Vo, paise: int = 100) -> tuple[Lines, Lines]:
    ours = [(101, paise, None, None), (221, -paise, vo.one.group.pk, None)]
    return ours, [(104, paise, vo.vo.pk, None), (101, -paise, None, None)]


def test_an_event_that_agrees_is_taken(vo) -> None:
    both(vo, *saving(vo))
    assert first_disagreement() is None


@pytest.mark.parametrize("role", ["app", "owner"])
def test_an_event_in_one_book_alone_is_refused_when_the_transaction_ends(vo, role) -> None:
    ours, _theirs = saving(vo)
    if role == "owner":
        work_as_owner()
    try:
        with refused("same in both books"), transaction.atomic():
            put(vo.book, ours, event=new_id())
            _now()
    finally:
        work_as_app()
    assert Sheet.objects.filter(event__isnull=False).count() == 0


def test_it_happens_on_one_day(vo) -> None:
    with refused("same in both books"):
        both(vo, *saving(vo), on="2024-05-02")


def test_a_third_book_has_no_part_in_it(vo) -> None:
    ours, theirs = saving(vo)
    event = new_id()
    with refused("same in both books"), transaction.atomic():
        put(vo.book, ours, event=event)
        put(vo.one.book, theirs, event=event)
        put(vo.two.book, [(104, 1, vo.vo.pk, None), (101, -1, None, None)], event=event)
        _now()


def test_a_sheet_comes_too_late_for_an_event_that_stands(vo) -> None:
    lend(vo)
    event = Sheet.objects.filter(book=vo.book, event__isnull=False).values_list("event", flat=True).get()
    with refused("same in both books"), transaction.atomic():
        put(vo.two.book, saving(vo)[1], event=event)
        _now()


def test_another_body_is_not_named(vo) -> None:
    ours = [(101, 100, None, None), (221, -100, vo.two.group.pk, None)]
    with refused("another body"):
        both(vo, ours, saving(vo)[1])
    ours, theirs = saving(vo)
    with refused("another body"):
        both(vo, ours, theirs, other=vo.two.book)


@pytest.mark.parametrize(
    ("head", "paise"), [(222, -100), (413, -100), (221, -99), (429, -100), (302, -100), (401, -100)]
)
def test_what_one_book_says_the_other_must_say(vo, head, paise) -> None:
    """A saving there is no share, fee, lesser saving or income here."""
    body = vo.one.group.pk if head in (221, 222, 413) else None
    with pytest.raises(IntegrityError):
        both(vo, [(101, -paise, None, None), (head, paise, body, None)], saving(vo)[1])


def test_a_loan_between_two_is_not_moved_in_one_book(vo) -> None:
    loan = lend(vo)
    for book, lines in (
        (vo.book, [(101, 100, None, None), (112, -100, vo.one.group.pk, loan.pk)]),
        (vo.one.book, [(212, 100, None, loan.twin_id), (101, -100, None, None)]),
        (vo.book, [(101, 100, None, None), (404, -100, vo.one.group.pk, loan.pk)]),
    ):
        with refused("one book alone"), transaction.atomic():
            put(book, lines, event=None)


def test_one_loan_does_not_pay_for_another(vo) -> None:
    first, second = lend(vo), lend(vo)
    _now()
    ours = [(101, 100, None, None), (112, -100, vo.one.group.pk, first.pk)]
    with refused("another loan"):
        both(vo, ours, [(212, 100, None, second.twin_id), (101, -100, None, None)])
    both(vo, ours, [(212, 100, None, first.twin_id), (101, -100, None, None)])
    assert first_disagreement() is None


def test_an_event_is_not_taken_back_in_one_book(vo) -> None:
    loan = lend(vo)
    ours = Sheet.objects.get(book=vo.book, event__isnull=False)
    mirror = [(112, -40_000_00, vo.one.group.pk, loan.pk), (102, 40_000_00, None, None)]
    with refused("one book alone"), transaction.atomic():
        put(vo.book, mirror, event=None, kind=6, reverses=ours.pk)
    with refused("same in both books"), transaction.atomic():
        put(vo.book, mirror, event=new_id(), kind=6, reverses=ours.pk)
        _now()


@pytest.mark.parametrize("head", [104, 106, 515])
def test_what_lies_with_a_body_that_keeps_a_book_is_not_said_alone(vo, head) -> None:
    with refused("alone"), transaction.atomic():
        put(vo.one.book, [(head, 100, vo.vo.pk, None), (101, -100, None, None)], event=None)
    with refused("alone"), transaction.atomic():
        put(vo.book, [(101, 100, None, None), (221, -100, vo.one.group.pk, None)], event=None)


def test_of_a_body_without_a_book_it_is_said_alone(vo) -> None:
    put(vo.book, [(101, 100, None, None), (221, -100, vo.bookless.pk, None)], event=None)
    assert first_disagreement() is None


def test_a_loan_is_one_with_its_mirror_only(vo) -> None:
    """Another's loan, one of the same side or another amount, one that points elsewhere: all refused at the end."""
    first, second = lend(vo), lend(vo, vo.two.group, 20_000)
    with audited(by=us(), did="lend"):
        lone, other, bank = (
            Loan(uid=new_id(), lent_on=day("2024-05-01"), book=book, way=way, head=head, body=body)
            for book, way, head, body in (
                (vo.book, "given", "loan_to_body", vo.one.group),
                (vo.one.book, "taken", "loan_from_vo", vo.vo),
                (vo.one.book, "taken", "loan_from_bank", None),
            )
        )
        for loan in (lone, other, bank):
            loan.save()
    for one, twin in ((lone, first.twin_id), (lone, second.pk), (lone, bank.pk), (other, lone.pk), (first, lone.pk)):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE books_loan SET twin_id = %s WHERE id = %s", [twin, one.pk])
            _now()
    post(vo.one.book, sheet(entry("cash", 5), entry("loan_from_vo", -5, loan=other.pk)))
    with refused("not the same in both books"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE books_loan SET twin_id = CASE id WHEN %(a)s THEN %(b)s ELSE %(a)s END WHERE id IN (%(a)s, %(b)s)",
            {"a": lone.pk, "b": other.pk},
        )
        _now()


def test_a_twin_is_never_let_go(vo) -> None:
    loan = lend(vo)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE books_loan SET twin_id = NULL WHERE id = %s", [loan.pk])


def test_two_sessions_do_not_write_two_events_under_one_id(own_database) -> None:
    own_database("umeed.books.tests.two_bodies_at_once")
