"""What was put right where money came in and went out under one head: said on the side that was meant, on every paper;
and the papers of money agree with the ledger on what was found over or short by it."""

from __future__ import annotations

import pytest
from django.test import Client

from umeed.books.actions import lock_month, take_back_meeting
from umeed.books.actions.differing import put_right
from umeed.books.ledger.balances import balances
from umeed.books.meetings.differences import Said
from umeed.books.models import Meeting
from umeed.books.registers import accounts, cash, slips
from umeed.books.registers.flows import flows
from umeed.books.registers.passbooks import group_passbook
from umeed.books.registers.put_right import put_right_of
from umeed.books.registers.reading import sheets
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, close, vo
from umeed.books.tests.test_bodies_pages import browser, url
from umeed.books.tests.test_put_right_ways import FROM, TO, amounts, key
from umeed.books.tests.test_registers import agree, lines, meet, nth, saves
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

__all__ = ["browser", "vo"]
WHY = "The book of the bank says so"
DEPOSIT, LAID = "fixed_deposit--", "fixed_deposit---out"


@pytest.fixture
def held(kept: Kept) -> Meeting:
    """A deposit of 100 came back and 150 were laid anew, both by the bank; the second woman saved 50 and was given back
    60, in cash; the first saved 50 and was given back 40 by the bank; 20 were taken to the bank. The months are
    closed."""
    post(kept.book, sheet(entry("bank", 900), entry("other_receipt", -900), on="2024-04-01"))
    post(kept.book, sheet(entry("bank", -100), entry("fixed_deposit", 100), on="2024-04-02"))
    meet(kept, 1, nth(0), savings=saves(kept))
    first, second = ({"woman": woman.pk, "head": "saving_optional"} for woman in kept.women[:2])
    of_it = {"head": "fixed_deposit", "mode": "bank"}
    pk = meet(
        kept, 2, nth(1), savings=saves(kept), deposit=20_00,
        withdrawals=[{**second, "paise": 60_00}, {**first, "paise": 40_00, "mode": "bank"}],
        receipts=[{**of_it, "paise": 100_00}], payments=[{**of_it, "paise": 150_00}],
    )  # fmt: skip
    lock_month(by=us(), book=kept.book, month=day("2024-05-31"))
    return Meeting.objects.get(pk=pk)


def mend(held: Meeting, nth: int = 0, **right: int) -> int:
    return put_right(by=us(), meeting=held.pk, nth=nth, why=WHY, right={at: Paise(of) for at, of in right.items()})


def told(held: Meeting, at: int = 0) -> list[tuple[str, str]]:
    return [(one.title, one.by_how_much) for one in put_right_of(held)[at].lines]


def test_more_that_was_laid_is_not_less_that_came_back(kept: Kept, held: Meeting) -> None:
    mend(held, **{LAID: 155_00})
    assert told(held) == [("Fixed deposit · Bank", "₹5 more")]
    mend(held, 1, **{DEPOSIT: 30_00})
    assert told(held, 1) == [("Fixed deposit · Bank", "₹25 less")], "then it was one sum, of 55 laid"
    account = cash.receipts_and_payments(kept.book, Period.year_of(us().today)).tables[0]
    assert ("Fixed deposit", -20_00) in lines(account.second)


def test_less_that_came_back_is_said_of_what_came_back(held: Meeting) -> None:
    mend(held, **{DEPOSIT: 90_00})
    assert told(held) == [("Fixed deposit: given back · Bank", "₹10 less")]


def test_her_slip_says_which_of_what_she_saved_and_was_given_back(kept: Kept, held: Meeting) -> None:
    first, second = kept.women[0].pk, kept.women[1].pk
    mend(held, **{key(second, end="-out"): 55_00, key(first, end="-bank"): 35_00, key(first): 45_00})
    papers = [slips.slip(kept.book, held.pk, woman) for woman in (first, second)]
    notes = [paper.notes[0] for paper in papers if paper is not None]
    assert ": Optional saving: given back ₹5 less, Optional saving ₹5 less · " in notes[0]
    assert ": Optional saving: given back ₹5 less · " in notes[1]


def test_what_was_brought_is_not_told_as_taken(kept: Kept, held: Meeting) -> None:
    mend(held, **{TO: 15_00, FROM: 7_50})
    assert told(held) == [("Taken to the bank", "₹5 less"), ("Brought from the bank", "₹7.50 more")]
    moved = flows(kept.book, sheets(kept.book, us().today, us().today))
    assert [(one.head, one.cash, one.bank) for one in moved] == [
        ("deposit", 5_00, -5_00), ("withdrawal", 7_50, -7_50), ("cash_short", -12_50, 0),
    ]  # fmt: skip
    assert (amounts(held)[TO], amounts(held)[FROM]) == (15_00, 7_50)
    mend(held, 1, **{TO: 10_00})
    assert told(held, 1) == [("Taken to the bank", "₹5 less")] and amounts(held)[FROM] == 7_50


def test_what_was_posted_before_sides_were_said_is_told_of_both_together(
    held: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    mend(held, **{LAID: 155_00, TO: 15_00})
    monkeypatch.setattr("umeed.books.registers.put_right.said_of", lambda sheets: dict.fromkeys(sheets, Said(WHY, [])))
    assert told(held) == [("Cash at bank, in all", "₹5 less"), ("Fixed deposit, in all · Bank", "₹5 more")]


def test_papers_of_money_have_all_that_was_found_over_or_short(kept: Kept, held: Meeting) -> None:
    """Of cash as of the bank: what was saved less, and what was taken to the bank less, was short in the box."""
    first, second = kept.women[0].pk, kept.women[1].pk
    mend(held, **{key(first): 62_50, key(second, end="-out"): 61_00, TO: 11_00, LAID: 152_00})
    year = Period.year_of(us().today)
    short = balances(kept.book.pk, us().today)["cash_short"]
    assert short == 12_50 - 1_00 + 9_00, "Two on the deposit are of the bank"
    earned = accounts.income_and_expenditure(kept.book, year).tables[0]
    account = cash.receipts_and_payments(kept.book, year).tables[0]
    assert ("Cash found short", short) in lines(earned) and ("Cash found short", short) in lines(account.second)
    assert ("Optional saving", 12_50) in lines(account.first)
    assert ("Optional saving: given back", 1_00) in lines(account.second)
    of_the_day = cash.cash_book(kept.book, year).tables[-1]
    which = f"Put right: meeting 2 of 8 May 2024 · {WHY}"
    assert lines(of_the_day.first) == [
        (f"Optional saving · {kept.women[0].name} · {which}", 12_50, None),
        (f"Put into the bank · {which}", None, -9_00),
    ]  # fmt: skip
    assert set(lines(of_the_day.second)) == {
        (f"Optional saving: given back · {kept.women[1].name} · {which}", 1_00, None),
        (f"Fixed deposit · {which}", None, 2_00), (f"Cash found short · {which}", short, None),
        (f"Put into the bank · {which}", -9_00, None),
    }  # fmt: skip
    agree(kept.book, year)
    bank = [row[1:4] for row in lines(group_passbook(kept.book, year).tables[0])]
    assert (f"Put into the bank · {which}", None, 9_00) in bank
    take_back_meeting(by=us(), meeting=held.pk, id=new_id(), why="Never held")
    agree(kept.book, year)
    account = cash.receipts_and_payments(kept.book, year).tables[0]
    assert "Cash found short" not in [row[0] for row in lines(account.second)]


def test_what_was_put_right_in_cash_alone_stands_in_the_cash_book(kept: Kept, held: Meeting) -> None:
    mend(held, **{key(kept.women[1].pk): 60_00})
    year = Period.year_of(us().today)
    of_the_day = cash.cash_book(kept.book, year).tables[-1]
    for side in (of_the_day.first, of_the_day.second):
        assert [row[1:] for row in lines(side)] == [(10_00, None)]
    agree(kept.book, year)


def test_on_the_page_what_came_and_what_went_have_names_of_their_own(keeper: Keeper, held: Meeting) -> None:
    text = text_of(keeper.client.get(keeper.url("meeting_differing", held.pk)))
    assert "Fixed deposit: given back · Bank" in text and "Fixed deposit · Bank" in text


def test_also_where_both_sides_of_a_head_have_one_name(vo: Vo, browser: Client) -> None:
    of_it = {"head": "cif", "mode": "bank"}
    close(vo, a_day(
        vo, receipts=[{**of_it, "paise": 900_00}], passed=[{**of_it, "body": vo.bookless.pk, "paise": 400_00}],
    ), is_sure=True)  # fmt: skip
    lock_month(by=us(), book=vo.book, month=day("2024-05-31"))
    held = Meeting.objects.get(book=vo.book)
    text = text_of(browser.get(url(vo, "meetings", str(held.pk), "put-right")))
    fund = "Community investment fund"
    assert f"{fund} · Receipts · Bank" in text and f"{fund} · Payments · Bank" in text
    with as_system():
        mend(held, **{"cif---out": 500_00})
        assert told(held) == [(f"{fund} · Payments · Bank", "₹100 more")]
