"""What went to a VO or came from it stands under its own head: only what is still on the way is called so."""

from __future__ import annotations

from typing import Any

from umeed.books.actions import close_meeting, take_back_meeting
from umeed.books.actions.days import close_day, take_back_day
from umeed.books.ledger.balances import balances
from umeed.books.models import Book, Sheet
from umeed.books.registers import cash, minutes, passbooks
from umeed.books.registers.sheet import one_sheet
from umeed.books.tests.making import day, entry, make_book, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, arrive, close, lend, meet, theirs, vo
from umeed.books.tests.test_registers import agree, cell, lines
from umeed.institutions.tests.making import make_federation, make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.periods import Period

__all__ = ["vo"]
ALL, APRIL, MAY, JUNE = (Period.from_code(code) for code in ("FY2024-25", "2024-04", "2024-05", "2024-06"))
HELD = ("Opening cash", "Opening bank", "Closing cash", "Closing bank")


def account(book: Book, period: Period) -> tuple[dict[str, int], dict[str, int]]:
    """Receipts and payments by head, in rupees."""
    agree(book, period)
    both = cash.receipts_and_payments(book, period).tables[0]
    return tuple({row[0]: row[1] // 100 for row in lines(side)} for side in (both.first, both.second))  # type: ignore[return-value]


def table_of(paper: Any, title: str) -> Any:
    return next(table for table in paper.tables if table.title == title)


def met(vo: Vo, number: int = 1, on: str = "2024-05-08", **said: Any) -> Any:
    return close_meeting(by=us(), book=vo.one.book, said=meet(vo.one, number, on, **said), is_sure=True)


def lived(vo: Vo) -> Any:
    """Forty thousand lent; thirty come in April, ten with the meeting of May, which pays 4,400 on the loan out of the
    box and saves 500 with the VO by the bank."""
    loan = theirs(lend(vo))
    arrive(vo, 30_000)
    return met(
        vo, arrived=[{"body": vo.vo.pk, "paise": 10_000_00, "mode": "bank"}],
        repaid=[{"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}],
        given=[{"body": vo.vo.pk, "what": "saving", "paise": 500_00, "mode": "bank"}], counted=25_600_00,
    )  # fmt: skip


def test_receipts_and_payments_of_a_group_by_what_it_was_for(vo: Vo) -> None:
    lived(vo)
    receipts, payments = account(vo.one.book, ALL)
    assert receipts == {"Loan from the VO": 40_000}
    assert payments == {
        "Loan from the VO: repaid": 4_000, "Interest to the VO or CLF": 400, "Saving with the VO": 500,
    }  # fmt: skip
    # What had not arrived at the end of April was not received in April.
    assert account(vo.one.book, APRIL) == ({"Loan from the VO": 30_000}, {})
    assert account(vo.one.book, MAY)[0] == {"Loan from the VO": 10_000}
    both = cash.receipts_and_payments(vo.one.book, ALL).tables[0]
    assert [row[1] for row in lines(both.second, "closing")] == [25_600_00, 9_500_00]


def test_the_cash_book_says_by_box_and_bank_what_it_was_for(vo: Vo) -> None:
    lived(vo)
    may = cash.cash_book(vo.one.book, MAY).tables[0]
    assert lines(may.first) == [("Loan from the VO · Umeed VO · Meeting 1", None, 10_000_00)]
    assert lines(may.second) == [
        ("Saving with the VO · Umeed VO · Meeting 1", None, 500_00),
        ("Loan from the VO: repaid · Umeed VO · Meeting 1", 4_000_00, None),
        ("Interest to the VO or CLF · Umeed VO · Meeting 1", 400_00, None),
    ]  # fmt: skip
    assert [cell(may.second, "closing", n) for n in (1, 2)] == [25_600_00, 9_500_00]


def test_minutes_say_what_was_paid_to_the_vo(vo: Vo) -> None:
    closed = lived(vo)
    told = minutes.minutes(vo.one.book, closed.meeting)
    assert told is not None
    words = [row[0] for table in told.tables for row in lines(table)]
    assert "Saving with the VO" in words and "Money on the way" not in words
    assert lines(table_of(told, "Paid to VO, CLF and banks")) == [
        ("Umeed VO", "Loan repaid", 4_000_00, "Cash"), ("Umeed VO", "Interest", 400_00, "Cash"),
        ("Umeed VO", "Savings", 500_00, "Bank"),
    ]  # fmt: skip


def test_a_vo_receives_what_was_sent_when_it_counts_it_the_oldest_first(vo: Vo) -> None:
    lived(vo)
    assert account(vo.book, APRIL)[1] == {"Loans to groups and VOs": 40_000}
    close(vo, a_day(vo, arrived=[{"body": vo.one.group.pk, "paise": 4_400_00}], counted=4_400_00))
    assert account(vo.book, MAY) == (
        {"Loans to groups and VOs: repaid": 4_000, "Interest from groups and VOs": 400}, {},
    )  # fmt: skip
    assert balances(vo.book.pk, us().today)["on_the_way"] == 500_00
    close(vo, a_day(vo, 2, "2024-06-10", arrived=[{"body": vo.one.group.pk, "paise": 500_00}], counted=4_900_00))
    assert account(vo.book, JUNE)[0] == {"Savings of groups and VOs": 500}


def test_minutes_of_a_day_name_whose_money_on_the_way_was_counted_in(vo: Vo) -> None:
    """With what was repaid on the day it comes to what stands under its head in the money of the meeting."""
    lived(vo)
    closed = close(vo, a_day(
        vo, arrived=[{"body": vo.one.group.pk, "paise": 4_900_00}], counted=5_200_00,
        taken=[{"body": vo.two.group.pk, "what": "saving", "paise": 500_00, "mode": "bank"},
               {"body": vo.bookless.pk, "what": "share", "paise": 500_00}],
        returned=[{"body": vo.bookless.pk, "what": "share", "paise": 200_00}],
    ))  # fmt: skip
    told = minutes.minutes(vo.book, closed.meeting)
    assert told is not None
    names = [one.name for one in (vo.two.group, vo.bookless, vo.one.group)]
    came = table_of(told, "What came in")
    assert lines(came) == [
        (names[0], "Savings", 500_00, "Bank"), (names[1], "Share capital", 500_00, "Cash"),
        (names[2], "Loans to groups and VOs: repaid · was on the way", 4_000_00, "Cash"),
        (names[2], "Interest from groups and VOs · was on the way", 400_00, "Cash"),
        (names[2], "Savings of groups and VOs · was on the way", 500_00, "Cash"),
    ]  # fmt: skip
    assert len(lines(table_of(told, "Paid to groups and VOs"))) == 1
    money = next(table for table in told.tables if hasattr(table, "first"))
    assert sum(row[1] for row in lines(money.first)) == cell(came, "total", 2) == 5_900_00
    # What was taken back is minuted as it was written.
    take_back_day(by=us(), day=closed.meeting, id=new_id(), why="Another day's")
    again = table_of(minutes.minutes(vo.book, closed.meeting), "What came in")
    assert cell(again, "total", 2) == 5_900_00


def test_what_the_vo_counted_first_is_paid_under_its_head_once_it_is_said_here(vo: Vo) -> None:
    loan = lend(vo)
    arrive(vo, 40_000)
    day_of_vo = a_day(
        vo, repayments=[{"loan": loan.uid, "principal": 4_000_00, "interest": 400_00, "mode": "bank"}], counted=300_00,
        taken=[{"body": vo.one.group.pk, "what": "saving", "paise": 300_00}],
    )  # fmt: skip
    close(vo, day_of_vo)
    assert account(vo.book, MAY)[0] == {
        "Savings of groups and VOs": 300, "Loans to groups and VOs: repaid": 4_000, "Interest from groups and VOs": 400,
    }  # fmt: skip
    assert account(vo.one.book, MAY) == ({}, {})
    met(vo, 1, "2024-06-08", left=[{"body": vo.vo.pk, "paise": 4_700_00}], counted=35_300_00)
    assert account(vo.one.book, JUNE) == ({}, {
        "Loan from the VO: repaid": 4_000, "Interest to the VO or CLF": 400, "Saving with the VO": 300,
    })  # fmt: skip


def test_a_day_that_repays_and_lends_again_says_both(vo: Vo) -> None:
    """Out of the group's sight only the rest moves; its account says what was lent and what was repaid."""
    loan = lend(vo)
    arrive(vo, 40_000)
    lent = {
        "loan": new_id(), "body": vo.one.group.pk, "paise": 20_000_00, "mode": "bank", "rate_bp_a_year": 1200,
        "method": "balance", "instalments": 10, "first_due": "2024-06-10",
    }  # fmt: skip
    repaid = {"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}
    close(vo, a_day(vo, repayments=[repaid], lendings=[lent], counted=4_400_00), is_sure=True)
    assert account(vo.book, MAY) == (
        {"Loans to groups and VOs: repaid": 4_000, "Interest from groups and VOs": 400},
        {"Loans to groups and VOs": 20_000},
    )  # fmt: skip
    arrive(vo, 15_600, "2024-05-12")
    assert account(vo.one.book, MAY) == (
        {"Loan from the VO": 20_000}, {"Loan from the VO: repaid": 4_000, "Interest to the VO or CLF": 400},
    )  # fmt: skip


def test_a_meeting_that_was_taken_back_comes_to_nothing(vo: Vo) -> None:
    closed = lived(vo)
    take_back_meeting(by=us(), meeting=closed.meeting, id=new_id(), why="Of another group")
    assert account(vo.one.book, ALL) == ({"Loan from the VO": 30_000}, {})
    arrive(vo, 10_000, "2024-06-01")
    assert account(vo.one.book, ALL) == ({"Loan from the VO": 40_000}, {})
    assert account(vo.one.book, JUNE) == ({"Loan from the VO": 10_000}, {})


def test_what_was_on_the_way_when_the_book_began_is_called_so(vo: Vo) -> None:
    post(vo.two.book, sheet(entry("on_the_way", 700, body=vo.vo.pk), entry("surplus_before", -700), kind=4))
    post(vo.two.book, sheet(entry("cash", 700), entry("on_the_way", -700, body=vo.vo.pk), on="2024-04-20", kind=3))
    assert account(vo.two.book, APRIL) == ({"Money on the way": 700}, {})


def test_what_a_vo_pays_to_its_clf_stands_under_its_head_in_both(vo: Vo) -> None:
    clf = make_group(vo.vo.place, "Wular CLF", kind="clf")
    make_federation(vo.vo, clf)
    book = make_book(clf)
    close(vo, a_day(vo, given=[
        {"body": clf.pk, "what": "saving", "paise": 1_000_00, "mode": "bank"},
        {"body": clf.pk, "what": "fee", "paise": 200_00, "mode": "bank"},
    ]), is_sure=True)  # fmt: skip
    assert account(vo.book, MAY) == ({}, {"Saving with the CLF": 1_000, "Fees to the VO or CLF": 200})
    said = {"id": new_id(), "number": 1, "on": day("2024-06-10"), "attendance": {vo.vo.pk: "present"}, "counted": 0}
    close_day(by=us(), book=book, said={**said, "arrived": [{"body": vo.vo.pk, "paise": 1_200_00, "mode": "bank"}]})
    assert account(book, JUNE) == ({"Savings of groups and VOs": 1_000, "Fees from groups and VOs": 200}, {})


def test_what_comes_in_and_goes_out_of_a_box_in_one_meeting_is_not_lost(vo: Vo) -> None:
    """What arrives goes back at once, and what is saved is spent: the sheet holds no cash, and nothing on the way."""
    loan = theirs(lend(vo))
    met(
        vo, arrived=[{"body": vo.vo.pk, "paise": 4_400_00}], counted=0,
        savings=[{"woman": vo.one.women[0].pk, "head": "saving_optional", "paise": 50_00}],
        repaid=[{"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}],
        payments=[{"head": "rent", "paise": 50_00}],
    )  # fmt: skip
    assert account(vo.one.book, ALL) == (
        {"Optional saving": 50, "Loan from the VO": 4_400},
        {"Rent": 50, "Loan from the VO: repaid": 4_000, "Interest to the VO or CLF": 400},
    )  # fmt: skip


def test_the_banks_passbook_and_the_groups_have_the_same_lines(vo: Vo) -> None:
    """Drawn, paid to the VO (loan and interest in one), put in: a line each, as the bank writes them."""
    loan = theirs(lend(vo))
    arrive(vo, 30_000)
    met(vo, deposit=20_000_00, counted=10_000_00)
    met(
        vo, 2, "2024-06-08", withdrawal=2_000_00, counted=12_000_00,
        repaid=[{"loan": loan.uid, "principal": 4_000_00, "interest": 400_00, "mode": "bank"}],
        payments=[{"head": "bank_charge", "paise": 20_00, "mode": "bank"}],
    )  # fmt: skip
    bank = passbooks.group_passbook(vo.one.book, ALL).tables[0]
    assert [row[1:] for row in lines(bank)] == [
        ("Put into the bank · Meeting 1", 20_000_00, None, 20_000_00),
        ("Bank charge · Meeting 2", None, 20_00, 19_980_00),
        ("Loan from the VO: repaid, Interest to the VO or CLF · Umeed VO · Meeting 2", None, 4_400_00, 15_580_00),
        ("Taken from the bank · Meeting 2", None, 2_000_00, 13_580_00),
    ]  # fmt: skip
    assert lines(bank, "closing")[0][4] == balances(vo.one.book.pk, us().today)["bank"] == 13_580_00


def test_the_groups_passbook_with_its_vo_says_what_was_paid(vo: Vo) -> None:
    lived(vo)
    rows = lines(table_of(passbooks.group_passbook(vo.one.book, MAY), "Umeed VO"))
    assert [row[1:4] for row in rows] == [
        ("Loan from the VO: repaid · Meeting 1", None, 4_000_00),
        ("Interest to the VO or CLF · Meeting 1", None, 400_00), ("Saving with the VO · Meeting 1", None, 500_00),
        ("Money on the way · Meeting 1", 10_000_00, None),
    ]  # fmt: skip


def test_a_sheet_says_what_its_money_on_the_way_was_for(vo: Vo) -> None:
    closed = lived(vo)
    held = Sheet.objects.get(meeting=closed.meeting)
    told = table_of(one_sheet(vo.one.book, held), "Money on the way")
    assert lines(told) == [
        ("Loan from the VO: repaid", "Umeed VO", 4_000_00, None),
        ("Interest to the VO or CLF", "Umeed VO", 400_00, None), ("Saving with the VO", "Umeed VO", 500_00, None),
        ("Loan from the VO", "Umeed VO", None, 10_000_00),
    ]  # fmt: skip
