"""Raw SQL against the terms of loans, what clashed, and cut-offs that move what stands in two books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from umeed.books.actions import close_meeting, settle_clash, take_back_meeting
from umeed.books.actions.bodies import link_loans
from umeed.books.actions.clashes import keep_clash
from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.models import Agreement, Clash, Loan
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import Vo, lend, theirs, vo
from umeed.books.tests.test_bodies_attacks import put
from umeed.books.tests.test_meetings import close, meeting
from umeed.core.roles import work_as_app, work_as_owner
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["vo"]
TERMS = {
    "a cheaper rate": "UPDATE books_agreement SET rate_bp_a_year = 0",
    "a later day": "UPDATE books_agreement SET first_due = '2030-01-01'",
    "nothing overdue": "UPDATE books_agreement SET carried = NULL, overdue_since = NULL",
    "another loan": "UPDATE books_agreement SET loan_id = loan_id + 1",
    "gone": "DELETE FROM books_agreement",
    "all gone": "TRUNCATE books_agreement",
}
CLASHES = {
    "what came": "UPDATE books_clash SET said = '{}'",
    "whose book": "UPDATE books_clash SET book_id = book_id + 1",
    "settled without a reason": "UPDATE books_clash SET settled = 'kept', settled_at = now(), settled_by = 'thief'",
    "gone": "DELETE FROM books_clash",
    "all gone": "TRUNCATE books_clash",
}
INSERTED = """
INSERT INTO books_agreement (id, revision, changed_at, book_id, loan_id, since, principal_paise, rate_bp_a_year, method,
    frequency, instalments, first_due, multiple_paise, rounding_paise, halves, overdue_principal_paise,
    overdue_interest_paise, resolution)
SELECT %s, 1, now(), %s, loan_id, %s, 1, 0, method, frequency, 600, first_due, 1, 1, halves, 0, 0, ''
FROM books_agreement WHERE loan_id = %s LIMIT 1
"""


@pytest.fixture(params=["app", "owner"])
def anybody(request: Any) -> Iterator[str]:
    """The role that the product works as, and the owner of the tables."""
    if request.param == "owner":
        work_as_owner()
    yield request.param
    work_as_app()


def run(sql: str, values: object = None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("sql", TERMS.values(), ids=TERMS.keys())
def test_terms_stay_as_they_were_agreed(vo, anybody, sql) -> None:
    lend(vo)
    before = list(Agreement.objects.order_by("pk").values())
    with pytest.raises(DatabaseError):
        run(sql)
    assert list(Agreement.objects.order_by("pk").values()) == before


def test_terms_do_not_slip_in_before_or_beside_others(vo, anybody) -> None:
    loan = lend(vo)
    now()
    for since in ("2024-04-01", "2024-04-10"):
        with pytest.raises(DatabaseError):
            run(INSERTED, [new_id(), vo.book.pk, since, loan.pk])
    with pytest.raises(IntegrityError, match="another book"):
        run(INSERTED, [new_id(), vo.one.book.pk, "2024-06-01", loan.pk])
    run(INSERTED, [new_id(), vo.book.pk, "2024-06-01", loan.pk])


def test_terms_do_not_change_what_was_owed_on_a_day_that_is_past(vo) -> None:
    """Something moved on the loan since: terms of a day before that would tell another past."""
    loan = lend(vo)
    from umeed.books.actions.bodies import write_off

    write_off(by=us(), loan=loan.uid, paise=1_00, resolution="7 of May", on=day("2024-06-05"), uid=new_id())
    with pytest.raises(IntegrityError, match="moved on it"):
        run(INSERTED, [new_id(), vo.book.pk, "2024-06-01", loan.pk])


def lent_in_a_meeting(kept: Any) -> Any:
    from umeed.books.tests.making import post, saving

    post(kept.book, saving(kept.women[0], 1_000))
    said = {
        "loan": new_id(), "woman": kept.women[0].pk, "paise": 500_00, "rate_bp_a_year": 2400, "method": "balance",
        "frequency": "monthly", "instalments": 5, "first_due": "2024-05-08", "source": "own", "purpose": "cattle",
    }  # fmt: skip
    return meeting(kept, on="2024-04-08", lendings=[said], counted=500_00)


def test_a_correction_rewrites_terms_and_a_meeting_taken_back_takes_them_along(kept) -> None:
    said = lent_in_a_meeting(kept)
    first = close(kept, said)
    said = {**said, "id": new_id(), "lendings": [{**said["lendings"][0], "instalments": 4}]}
    second = close_meeting(
        by=us(), book=kept.book, said=said, is_sure=True, replaces=first.meeting, why="Four, not five"
    )
    assert Agreement.objects.get().instalments == 4
    take_back_meeting(by=us(), meeting=second.meeting, id=new_id(), why="Never held")
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("sql", CLASHES.values(), ids=CLASHES.keys())
def test_what_clashed_stays(kept, anybody, sql) -> None:
    keep_clash(by=us(), book=kept.book, uid=new_id(), digest=b"1", said={"on": "2024-04-08"})
    with pytest.raises(DatabaseError):
        run(sql)
    assert Clash.objects.get().said == {"on": "2024-04-08"}


def test_what_clashed_is_settled_once(kept) -> None:
    keep_clash(by=us(), book=kept.book, uid=new_id(), digest=b"1", said={})
    settle_clash(by=us(), clash=Clash.objects.get().pk, settled="kept", why="The paper says so")
    for sql in ("UPDATE books_clash SET settled = 'both'", "UPDATE books_clash SET settled = '', why = ''"):
        with pytest.raises(DatabaseError):
            run(sql)


# Cut-offs -------------------------------------------------------------------------------------------------------------


def linked(vo: Vo) -> tuple[Loan, Loan]:
    """A loan that stands in both books."""
    loan = lend(vo)
    now()
    return loan, theirs(loan)


def test_a_cut_off_does_not_move_a_linked_loan_in_one_book(vo, anybody) -> None:
    given, taken = linked(vo)
    for book, lines in (
        (vo.one.book, [(101, 100, None, None), (212, -100, None, taken.pk)]),
        (vo.book, [(112, 100, vo.one.group.pk, given.pk), (309, -100, None, None)]),
    ):
        with pytest.raises(IntegrityError, match="the other book does not say"), transaction.atomic():
            put(book, lines, event=None, kind=4)
            now()
    assert first_disagreement() is None


def test_nor_does_the_reversal_of_a_cut_off(vo) -> None:
    put(vo.two.book, [(101, 100, None, None), (212, -100, None, bare(vo, vo.two.book, "taken").pk)], event=None, kind=4)
    ours, mine = bare(vo, vo.book, "given"), Loan.objects.get(book=vo.two.book)
    put(vo.book, [(112, 100, vo.two.group.pk, ours.pk), (309, -100, None, None)], event=None, kind=4)
    now()
    link_loans(by=us(), ours=ours.uid, theirs=mine.uid, why="Both passbooks seen")
    now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM books_sheet WHERE book_id = %s AND kind = 4", [vo.two.book.pk])
        (number,) = cursor.fetchone()
    with pytest.raises(IntegrityError, match="the other book does not say"), transaction.atomic():
        back = [(101, -100, None, None), (212, 100, None, mine.pk)]
        put(vo.two.book, back, event=None, kind=6, reverses=number)
        now()


def bare(vo: Vo, book: Any, way: str) -> Loan:
    """A loan between the VO and its second group, as a cut-off writes it."""
    from umeed.core.audit import audited

    head, body = ("loan_to_body", vo.two.group) if way == "given" else ("loan_from_vo", vo.vo)
    with audited(by=us(), did="cut_off"):
        loan = Loan(uid=new_id(), book=book, way=way, head=head, body=body, lent_on=day("2024-04-01"))
        loan.save()
    return loan


def test_two_cut_offs_do_not_stand_in_one_book(vo, anybody) -> None:
    lines = [(101, 100, None, None), (309, -100, None, None)]
    put(vo.two.book, lines, event=None, kind=4)
    now()
    with pytest.raises(IntegrityError, match="another stands"), transaction.atomic():
        put(vo.two.book, lines, event=None, kind=4)
        now()
