"""Registers of a VO's book, and of a group's that deals with it: the same numbers on both sides."""

from __future__ import annotations

from umeed.books.models import Meeting
from umeed.books.registers import cash, loans, minutes, passbooks
from umeed.books.registers.catalogue import BY_KEY, Asked
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import Vo, a_day, arrive, close, lend, vo
from umeed.books.tests.test_registers import YEAR, agree, lines
from umeed.books.tests.writing import text_of
from umeed.core.papers.shapes import Table
from umeed.institutions.tests.making import bookkeeper_of, signed_in
from umeed.kernel.periods import Period

__all__ = ["vo"]


def lived(vo: Vo) -> Meeting:
    """Forty thousand lent by the bank; a day on which two groups save, one by the bank, and one repays."""
    loan = lend(vo)
    arrive(vo, 40_000)
    paid = {"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}
    said = a_day(
        vo, repayments=[paid], counted=4_900_00,
        taken=[{"body": vo.two.group.pk, "what": "saving", "paise": 500_00},
               {"body": vo.bookless.pk, "what": "share", "paise": 100_00, "mode": "bank"}],
    )  # fmt: skip
    return Meeting.objects.get(pk=close(vo, said, is_sure=True).meeting)


def test_a_vos_books_agree(vo: Vo) -> None:
    lived(vo)
    for book in (vo.book, vo.one.book, vo.two.book):
        for code in ("FY2024-25", "2024-04", "2024-05"):
            agree(book, Period.from_code(code))


def test_what_went_by_the_bank_stands_under_bank(vo: Vo) -> None:
    lived(vo)
    may = cash.cash_book(vo.book, Period.from_code("2024-05")).tables[0]
    assert sorted(row[1:] for row in lines(may.first) if row[2]) == [(None, 100_00)]
    assert sum(row[1] or 0 for row in lines(may.first)) == 4_900_00


def test_every_register_of_a_vo_can_be_made(vo: Vo) -> None:
    held = lived(vo)
    for one in BY_KEY.values():
        if "vo" in one.levels:
            paper = one.make(vo.book, Asked(as_of=YEAR.last_day, period=YEAR, meeting=held.pk))
            assert paper is not None and paper.tables, one.key
    told = minutes.minutes(vo.book, held.pk)
    assert told is not None and "Gulab" in lines(told.tables[0])[0][2]


def test_a_group_and_its_vo_tell_the_same_of_their_loan(vo: Vo) -> None:
    lived(vo)
    theirs, ours = (
        loans.loan_ledger(book, day("2024-05-31")).tables[0 if book == vo.book else -1]
        for book in (vo.book, vo.one.book)
    )
    assert [row[3:5] for row in lines(theirs)] == [row[3:5] for row in lines(ours)] == [(40_000_00, 36_000_00)]
    titles = {table.title for table in passbooks.group_passbook(vo.one.book, YEAR).tables if isinstance(table, Table)}
    assert "Umeed VO" in titles


def test_a_groups_bookkeeper_reads_of_a_vo_that_she_does_not_see(vo: Vo) -> None:
    """The second door hides the VO's record from her; her own passbook says what it is instead of its name."""
    lived(vo)
    bookkeeper_of(vo.one.group)
    client = signed_in("bookkeeper")
    for key in ("group-passbook", "loan-ledger", "cash-book", "general-ledger"):
        assert client.get(f"/books/{vo.one.group.pk}/registers/{key}/?period=FY2024-25").status_code == 200
    assert client.get(f"/books/{vo.vo.pk}/registers/cash-book/").status_code == 404


def test_the_registers_of_a_body_are_told_in_words_for_it(vo: Vo) -> None:
    bookkeeper_of(vo.vo, "vo_bookkeeper")
    page = text_of(signed_in("bookkeeper").get(f"/books/{vo.vo.pk}/registers/"))
    for words in ("For the women", "What the group", "tells its VO", "Group passbook"):
        assert words not in page, words
    for words in ("For the groups", "What it has, and whose it is", "With bank, groups, VOs and CLF"):
        assert words in page, words
    assert passbooks.group_passbook(vo.book, YEAR).title == "Passbook"
    assert passbooks.group_passbook(vo.one.book, YEAR).title == "Group passbook"
