"""A loan that was written off was never repaid: on every paper, in sheets of now and of before, to the paisa.

200 at 2 per cent a month, lent on 8 April: 4 of interest and 20 of principal are asked for on the 8th of each month.
Written off on 20 June: 40 of principal and 8 of interest were due, and for 12 of the 30 days of June 2 had run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid5

import pytest

from umeed.books.actions import post_sheet
from umeed.books.actions.loans import undo_write_off, write_off
from umeed.books.health.facts import health_of
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Loan, Meeting, Sheet
from umeed.books.registers.accounts import balance_sheet, general_ledger, income_and_expenditure
from umeed.books.registers.cash import receipts_and_payments
from umeed.books.registers.demand import demand_collection_balance
from umeed.books.registers.loans import loan_ledger
from umeed.books.registers.minutes import minutes
from umeed.books.registers.passbooks import member_passbook
from umeed.books.registers.slips import slip
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.writing import Keeper, fields_of, keeper_of, lend, text_of
from umeed.books.verifying import first_difference
from umeed.core.actions import Refused
from umeed.core.papers.shapes import Paper, Table
from umeed.institutions.tests.making import us
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

OFF = day("2024-06-20")
SAID = {"resolution": "15 of 20 June", "approved": "VO, 2 June"}


@pytest.fixture
def keeper(kept: Kept, settings: Any) -> Keeper:
    settings.SECOND_FACTOR = "none"
    return keeper_of(kept)


@pytest.fixture
def loan(kept: Kept, keeper: Keeper) -> Loan:
    return lend(kept, keeper)


def now(kept: Kept, loan: Loan) -> None:
    """As it is written off now."""
    write_off(by=us(), book=kept.book, loan=loan.uid, on=OFF, **SAID)


def before(kept: Kept, loan: Loan) -> None:
    """As it was written off before: interest booked as income, and written off with the principal."""
    hers = {"woman": loan.woman_id, "loan": loan.pk}
    uid = uuid5(loan.uid, "written off")
    entries = (
        Entry("written_off", Paise(210_00), loan=loan.pk), Entry("loan_to_member", Paise(-200_00), **hers),
        Entry("interest_from_members", Paise(-10_00), **hers),
    )  # fmt: skip
    post_sheet(by=us(), book=kept.book, draft=Draft(uid, OFF, Sheet.Kind.ADJUSTMENT, entries))


both = pytest.mark.parametrize("write", [now, before])
Write = Callable[[Kept, Loan], None]


def as_of(kept: Kept, on: str = "2024-12-31") -> RunningLoan:
    return running_loans(kept.book.pk, day(on), with_closed=True)[0]


def named(paper: Paper, title: str) -> Table:
    return next(one for one in paper.tables if getattr(one, "title", None) == title)


def shown(one: Table, row: int) -> dict[str, Any]:
    return dict(zip([str(column.title) for column in one.columns], one.rows[row].cells, strict=True))


def words_of(paper: Paper) -> str:
    return str([[row.cells for row in one.rows] for one in paper.tables if isinstance(one, Table)]) + str(paper.facts)


def month(text: str) -> Period:
    return Period.month_of(day(text))


@both
def test_it_asks_for_nothing_from_that_day_on(kept: Kept, loan: Loan, write: Write) -> None:
    was = as_of(kept, "2024-06-20")
    assert (was.owed, was.arrears.principal, was.arrears.interest, was.run) == (200_00, 40_00, 8_00, 2_00)
    write(kept, loan)
    for on in ("2024-06-20", "2024-07-20", "2026-01-01"):
        one = as_of(kept, on)
        assert one.is_closed and one.off_on == OFF and not one.days_late and one.arrears.since is None
        assert (one.let_go_principal, one.let_go_interest, one.paid, one.may_come_back) == (200_00, 10_00, (), 200_00)
    # On every day before, it is as it was.
    one = as_of(kept, "2024-06-19")
    assert one.off_on is None and (one.owed, one.arrears.principal, one.arrears.interest) == (200_00, 40_00, 8_00)
    assert first_difference() is None


def test_only_the_principal_is_booked(kept: Kept, loan: Loan) -> None:
    now(kept, loan)
    held = balances(kept.book.pk, OFF)
    assert held["written_off"] == 200_00 and "interest_from_members" not in held and "loan_to_member" not in held


@both
def test_the_loan_ledger_says_when_and_by_which_resolution(kept: Kept, loan: Loan, write: Write) -> None:
    write(kept, loan)
    row = shown(named(loan_ledger(kept.book, day("2024-07-31")), "Loans given"), 0)
    assert (row["Written off"], row["Principal owed"]) == (200_00, 0)
    assert row["How it stands"] == "Written off on 20 Jun 2024"
    one = loan_ledger(kept.book, day("2024-07-31"), loan=loan.pk)
    row = shown(named(one, "What was lent and repaid"), 1)
    assert (row["Principal"], row["Interest"], row["Written off"], row["Owed"]) == (None, None, 200_00, 0)
    assert "Written off" in row["Particulars"] and "Recovered" not in row
    assert ("15 of 20 June" in row["Particulars"]) is (write is now)
    facts = {str(fact.name if hasattr(fact, "name") else fact[0]): fact for fact in one.facts}
    assert {"Principal written off", "Interest let go"} <= facts.keys() and "Recovered since" not in facts
    states = [row.cells[5] for row in named(one, "What was agreed").rows]
    assert states == ["Written off"] * 10


@both
def test_her_passbook_says_written_off_and_neither_repaid_nor_interest(kept: Kept, loan: Loan, write: Write) -> None:
    write(kept, loan)
    paper = member_passbook(kept.book, loan.woman_id, day("2024-07-31"))
    table = named(paper, "Loans")
    row, closing = shown(table, 2), shown(table, -1)
    for one in (row, closing):
        assert (one["Repaid"] or 0, one["Interest"] or 0, one["Written off"], one["Owed"]) == (0, 0, 200_00, 0)
    assert row["Particulars"].startswith("Written off") and "Adjustment" not in words_of(paper)
    assert "Written off: 200 rupees." in paper.spoken


@both
def test_demand_collection_balance_has_a_column_of_its_own(kept: Kept, loan: Loan, write: Write) -> None:
    write(kept, loan)
    row = shown(named(demand_collection_balance(kept.book, month("2024-06-01")), "Loans given"), 0)
    # Before June 24; in it 24 on the 8th and the 2 that had run: 50, of which nothing came.
    assert (row["Demand before"], row["Demand"], row["Together"]) == (24_00, 26_00, 50_00)
    assert (row["Collected"], row["Written off"], row["Balance"], row["Paid ahead"], row["Owed"]) == (
        None, 210_00, 0, None, 0,
    )  # fmt: skip
    assert not named(demand_collection_balance(kept.book, month("2024-07-01")), "Loans given").rows[:-1]


@both
def test_interest_that_never_came_is_no_income(kept: Kept, loan: Loan, write: Write) -> None:
    write(kept, loan)
    year = Period.year_of(OFF)
    words = words_of(income_and_expenditure(kept.book, year)) + str(income_and_expenditure(kept.book, year).tables)
    assert "Loan written off" in words and "20000" in words
    assert "Interest from members" not in words and "21000" not in words and "1000," not in words.replace("20000,", "")
    assert "Written off" in words_of(general_ledger(kept.book, year, head="loan_to_member"))
    assert "written off" not in str(receipts_and_payments(kept.book, year).tables).lower()
    assert balance_sheet(kept.book, OFF)


@both
def test_health_keeps_what_was_not_repaid(kept: Kept, loan: Loan, write: Write) -> None:
    was = health_of(kept.book, day("2024-07-15"))
    write(kept, loan)
    for on in ("2024-07-15", "2024-08-20"):
        found = health_of(kept.book, day(on))
        mark = next(one for one in found.result.marks if one.mark.key == "repayment")
        assert mark.measure.done == 0 and mark.measure.base == 60_00
        assert found.written_off == 200_00
    assert health_of(kept.book, day("2024-07-15")).result.points <= was.result.points
    assert health_of(kept.book, day("2024-06-19")).at_risk[30] == 200_00


@both
def test_what_she_brings_later_is_recovered(kept: Kept, loan: Loan, keeper: Keeper, write: Write) -> None:
    write(kept, loan)
    name = f"r-{loan.uid}-total"
    keeper.begin(on="2024-07-08", number=2)
    keeper.send("attendance", president=str(kept.women[0].pk))
    keeper.send("savings")
    assert "written off on 20 Jun 2024" in text_of(keeper.open("repayments"))
    assert keeper.fields("repayments")[name] == ""
    assert "more cannot be recovered" in text_of(keeper.send("repayments", **{name: "200.01"}))
    keeper.walk(repayments={name: "60"}, count={"counted": "360"})
    assert keeper.close().status_code == 302
    one = as_of(kept)
    assert (one.recovered, one.may_come_back, one.paid, one.is_closed) == (60_00, 140_00, (), True)
    year = Period.year_of(OFF)
    told = str(income_and_expenditure(kept.book, year).tables)
    assert "'Recovered of loans written off', 6000" in told and "'Loan written off', 20000" in told
    assert "'Recovered of loans written off', 6000" in str(receipts_and_payments(kept.book, year).tables)
    her = member_passbook(kept.book, loan.woman_id, day("2024-07-31"))
    closing = shown(named(her, "Loans"), -1)
    assert (closing["Repaid"], closing["Written off"], closing["Recovered"]) == (0, 200_00, 60_00)
    facts = {fact[0]: fact[1] for fact in her.facts}
    assert (facts["Written off"], facts["Recovered"]) == (200_00, 60_00)
    assert str(her.spoken).endswith("Written off: 200 rupees. Recovered: 60 rupees.")
    closing = shown(named(loan_ledger(kept.book, day("2024-07-31"), loan=loan.pk), "What was lent and repaid"), -1)
    assert (closing["Principal"], closing["Written off"], closing["Recovered"]) == (0, 200_00, 60_00)
    told = text_of(keeper.client.get(keeper.url("meeting", Meeting.objects.get(number=2).pk)))
    told = told.replace("₹ ", "₹")
    assert f"Recovered of loans written off ₹60 {kept.women[1].name} ₹60" in told
    assert "Principal" not in told and "Repayments" not in told
    held = Meeting.objects.get(number=2)
    repaid = named(minutes(kept.book, held.pk), "Repayments")
    assert shown(repaid, 0) == {"Name": kept.women[1].name, "Principal": None, "Interest": None, "Penalty": None,
                                "Recovered": 60_00, "Total": 60_00}  # fmt: skip
    paper = slip(kept.book, held.pk, loan.woman_id)
    assert paper is not None and "'Recovered of loans written off', 6000" in str(paper.tables)
    assert first_difference() is None
    with pytest.raises(Refused):
        undo_write_off(by=us(), book=kept.book, loan=loan.uid, why="It was the wrong loan")


@both
def test_it_is_taken_back_with_a_reason_and_runs_as_before(kept: Kept, loan: Loan, write: Write) -> None:
    was = as_of(kept, "2024-08-20")
    write(kept, loan)
    with pytest.raises(Refused):
        undo_write_off(by=us(), book=kept.book, loan=loan.uid, why=" ")
    undo_write_off(by=us(), book=kept.book, loan=loan.uid, why="It was the wrong loan")
    one = as_of(kept, "2024-08-20")
    assert one.off_on is None and (one.owed, one.dues, one.arrears) == (was.owed, was.dues, was.arrears)
    with pytest.raises(Refused):
        undo_write_off(by=us(), book=kept.book, loan=loan.uid, why="Twice")
    # And may be written off again.
    now(kept, loan)
    assert as_of(kept).off_on == OFF and first_difference() is None


def test_nothing_may_have_moved_after_the_day(kept: Kept, loan: Loan) -> None:
    with pytest.raises(Refused) as refused:
        write_off(by=us(), book=kept.book, loan=loan.uid, on=day("2024-04-07"), **SAID)
    assert [one.code for one in refused.value.refusals] in (["not_found"], ["after_payment"])


def test_the_page_of_loans_lists_it_and_takes_it_back(kept: Kept, loan: Loan, keeper: Keeper) -> None:
    now(kept, loan)
    page = text_of(keeper.client.get(keeper.url("loans")))
    assert "Written off" in page and "15 of 20 June · VO, 2 June" in page and "20 Jun 2024" in page
    assert "₹ 200" in page and "₹ 10" in page
    url = keeper.url("loan_off_undo", loan.uid)
    sent = fields_of(keeper.client.get(url))
    assert keeper.client.post(url, {**sent, "why": ""}).status_code == 422
    assert keeper.client.post(url, {**sent, "why": "The wrong loan"}).status_code == 302
    assert "Written off" not in text_of(keeper.client.get(keeper.url("loans")))
    assert keeper.client.get(url).status_code == 404
