"""A loan that ran before the book: its papers say what was lent and when, and what was owed when the book took it over;
what moved is what the book itself moved."""

from __future__ import annotations

import pytest

from umeed.books.ledger.running import running_loans
from umeed.books.models import Book
from umeed.books.registers.demand import demand_collection_balance
from umeed.books.registers.loans import loan_ledger
from umeed.books.registers.passbooks import group_passbook, member_passbook
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import cut_off, loan, post, women_of
from umeed.books.tests.test_written_off import month, named, shown
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.periods import Period
from umeed.places.tests.world import Valley

ON = day("2024-04-07")


@pytest.fixture
def group(valley: Valley) -> Institution:
    return make_group(valley.chinar, members=5)


@pytest.fixture
def book(group: Institution) -> Book:
    bank = {
        "loan": new_id(), "head": "loan_from_bank", "lender": "J&K Bank", "lent_on": "2023-01-10",
        "lent": 40_000_00, "outstanding": 30_000_00, "rate_bp_a_year": 1000, "method": "balance", "instalments": 10,
        "next_due": "2024-04-10",
    }  # fmt: skip
    said = cut_off(group, loans=[loan(women_of(group)[0]), bank], surplus=-28_000_00, surplus_why="Lost")
    post(group, said)
    return Book.objects.get()


def test_the_ledger_says_what_was_lent_and_what_was_taken_over(book: Book) -> None:
    paper = loan_ledger(book, ON)
    for title, lent, taken in (("Loans given", 10_000_00, 6_000_00), ("Loans taken", 40_000_00, 30_000_00)):
        for at in (0, -1):
            row = shown(named(paper, title), at)
            assert (row["Loan"], row["Taken over"], row["Principal owed"]) == (lent, taken, taken)
    one = next(one for one in running_loans(book.pk, ON) if one.loan.woman_id)
    paper = loan_ledger(book, ON, loan=one.loan.pk)
    facts = {fact[0]: fact[1] for fact in paper.facts}
    assert (facts["Lent on"], facts["Loan"]) == (day("2023-06-10"), 10_000_00)
    assert (facts["Taken over on"], facts["Taken over"]) == (day("2024-03-31"), 6_000_00)
    row, total = (shown(named(paper, "What was lent and repaid"), at) for at in (0, -1))
    assert "₹10,000 lent on 10 Jun 2023" in row["Particulars"]
    for told in (row, total):
        assert (told["Taken over"], told["Owed"]) == (6_000_00, 6_000_00) and "Loan" not in told


def test_her_passbook_has_it_beside_what_she_took_since(book: Book) -> None:
    her = running_loans(book.pk, ON)
    woman = next(one.loan.woman_id for one in her if one.loan.woman_id)
    table = named(member_passbook(book, woman, ON), "Loans")
    row, closing = shown(table, 1), shown(table, -1)
    assert "₹10,000 lent on 10 Jun 2023" in row["Particulars"] and "Taken" not in row
    assert (closing["Taken over"], closing["Owed"]) == (6_000_00, 6_000_00)


def test_the_group_s_passbook_says_it_of_the_bank_s_loan(book: Book) -> None:
    words = str(group_passbook(book, Period.year_of(day("2024-03-31"))).tables)
    assert "₹40,000 lent on 10 Jan 2023" in words


def test_what_the_book_took_over_is_no_demand_of_its_own(book: Book) -> None:
    row = shown(named(demand_collection_balance(book, month("2024-04-01")), "Loans given"), 0)
    assert (row["Demand before"], row["Demand"], row["Owed"]) == (None, 1_120_00, 6_000_00)
    assert us().today >= ON
