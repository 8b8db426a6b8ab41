"""Papers of a loan that was agreed anew: what was asked and collected before stands, and it stays what was lent.

200 at 2 per cent a month, lent on 8 April, in ten instalments: 20 and the interest fall due on the 8th of each month.
For the 12 days from 8 June to 20 June the 200 bear 2 of interest, 160 of them 1.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from umeed.books.ledger.running import running_loans
from umeed.books.models import Loan
from umeed.books.registers.cash import receipts_and_payments
from umeed.books.registers.demand import demand_collection_balance
from umeed.books.registers.dues import dues
from umeed.books.registers.loans import loan_ledger
from umeed.books.registers.passbooks import member_passbook
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_agreed_anew import anew, repay, timely
from umeed.books.tests.test_written_off import month, named, shown
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.core.templatetags.umeed_text import day as written
from umeed.kernel.money import rupees


@pytest.fixture
def loan(kept: Kept, keeper: Keeper) -> Loan:
    return lend(kept, keeper)


def demand(kept: Kept, on: str = "2024-06-01") -> dict[str, Any]:
    return shown(named(demand_collection_balance(kept.book, month(on)), "Loans given"), 0)


def came(kept: Kept, on: str = "2024-06-01") -> int:
    """What came of loans and interest, as receipts and payments say."""
    rows = receipts_and_payments(kept.book, month(on)).tables[0].first.rows
    return sum(row.cells[1] for row in rows if row.cells[0] in ("Loans to members: repaid", "Interest from members"))


def test_what_was_paid_on_its_day_stays_collected(kept: Kept, loan: Loan, keeper: Keeper) -> None:
    repay(keeper, loan, "2024-05-08", 24)
    repay(keeper, loan, "2024-06-08", 24, number=3)
    was, mark = demand(kept), timely(kept, "2024-06-19")
    assert (was["Demand"], was["Collected"], was["Balance"]) == (24_00, 24_00, 0) and came(kept) == 24_00
    anew(kept, loan)
    now = demand(kept)
    assert (now["Demand"], now["Collected"], now["Balance"]) == (24_00, 24_00, 0) and "Agreed anew" not in now
    assert now["Owed"] == was["Owed"] == 160_00
    # The interest that had run until then falls due with the first new instalment.
    july, august = demand(kept, "2024-07-01"), demand(kept, "2024-08-01")
    assert july["Demand"] is None and (august["Demand before"], august["Demand"]) == (None, 16_00 + 2_00 + 1_00)
    assert mark == timely(kept, "2024-06-20") == timely(kept, "2024-07-31") == (40_00, 40_00)


def test_what_was_due_and_unpaid_is_agreed_anew_and_its_interest_stays_due(kept: Kept, loan: Loan) -> None:
    was = demand(kept)
    assert (was["Demand before"], was["Demand"], was["Balance"]) == (24_00, 24_00, 48_00)
    anew(kept, loan)
    now = demand(kept)
    assert (now["Demand before"], now["Demand"], now["Together"]) == (24_00, 24_00, 48_00)
    assert (now["Collected"], now["Agreed anew"], now["Balance"], now["Owed"]) == (None, 40_00, 8_00, 200_00)
    paper = demand_collection_balance(kept.book, month("2024-06-01"))
    assert any(note.startswith("Agreed anew is") for note in paper.notes)
    # Later months are asked under the new terms alone: 8 from before, then 20 and 2 a month from August on, with the 2
    # that had run in June.
    july, august = demand(kept, "2024-07-01"), demand(kept, "2024-08-01")
    assert (july["Demand before"], july["Demand"], july["Balance"]) == (8_00, None, 8_00)
    assert (august["Demand before"], august["Demand"], august["Balance"]) == (8_00, 24_00, 32_00)
    assert "Agreed anew" not in july


def test_the_schedule_that_is_signed_asks_what_the_meeting_asks(kept: Kept, loan: Loan, keeper: Keeper) -> None:
    """24 are paid: 4 of June's interest and the 2 that ran until 20 June are asked for too, each in its own place."""
    repay(keeper, loan, "2024-05-08", 24)
    terms = anew(kept, loan)
    paper = loan_ledger(kept.book, terms.since, loan=loan.pk)
    plan = named(paper, "What was agreed")
    before, first, second = (shown(plan, at) for at in range(3))
    assert (before["No."], before["Due on"], before["Together"]) == (None, day("2024-06-08"), before["Interest"])
    assert before["How it stands"] == "Not paid" and "Without a number" in plan.note
    assert first["Together"] == sum(first[part] for part in ("Principal", "Interest", "Interest run before"))
    assert (first["No."], second["No."], second["Interest run before"]) == (1, 2, None)
    dues_then = shown(dues(kept.book, terms.since).tables[0], 0)  # type: ignore[arg-type]
    assert dues_then["To pay now"] == before["Together"] + (dict(one[:2] for one in paper.facts).get("Penalty") or 0)
    assert (dues_then["Next due on"], dues_then["To pay then"]) == (first["Due on"], first["Together"])
    keeper.begin(on="2024-08-08", number=3)
    keeper.send("attendance", president=str(kept.women[0].pk))
    asked = keeper.fields("repayments")[f"r-{loan.uid}-total"]
    assert float(asked) * 100 == before["Together"] + first["Together"]


def test_the_page_says_what_is_due_and_then_what_is_asked_first(kept: Kept, loan: Loan, keeper: Keeper) -> None:
    repay(keeper, loan, "2024-05-08", 24)
    where = keeper.url("loan_anew", loan.uid)
    page = keeper.client.get(where)
    one = running_loans(kept.book.pk, timezone.localdate(), loans=[loan.pk])[0]
    told = text_of(page)
    assert f"{rupees(one.due_now.whole)} is due now: Principal {rupees(one.due_now.principal)}" in told
    assert f"Of it {rupees(one.due_now.penalty + one.arrears.interest)} stays due" in told
    assert f"{rupees(one.run)} of interest has run until today" in told
    since = timezone.localdate().isoformat()
    first = (timezone.localdate() + datetime.timedelta(days=30)).isoformat()
    sent = {**fields_of(page), "since": since, "first_due": first, "resolution": "14", "instalments": "18"}
    done = text_of(keeper.client.post(where, sent, follow=True))
    then = running_loans(kept.book.pk, timezone.localdate(), loans=[loan.pk])[0]
    assert then.due_next is not None and then.agreement.run_paise == one.run
    parts = f"Principal ₹10 · Interest ₹4 · Interest run before {rupees(one.run)}"
    assert f"First instalment on {written(then.due_next.on)}: {rupees(then.due_next.whole)} ({parts})." in done
    both = rupees(then.due_now.whole + then.due_next.whole)
    assert f"Besides, {rupees(then.due_now.whole)} stays due" in done and f"{both} altogether" in done


def test_new_terms_of_the_first_and_the_last_day_of_a_month(kept: Kept, loan: Loan) -> None:
    anew(kept, loan, "2024-06-30")
    assert (demand(kept)["Agreed anew"], demand(kept, "2024-07-01")["Demand before"]) == (40_00, 8_00)
    anew(kept, loan, "2024-09-01", first_due=day("2024-10-08"))
    september = demand(kept, "2024-09-01")
    assert (demand(kept, "2024-08-01")["Balance"], september["Demand before"]) == (33_00, 33_00)
    assert (september["Agreed anew"], september["Balance"]) == (20_00, 13_00)


def test_ledger_and_passbook_keep_what_was_lent(kept: Kept, loan: Loan, keeper: Keeper) -> None:
    repay(keeper, loan, "2024-05-08", 24)
    anew(kept, loan)
    repay(keeper, loan, "2024-08-08", 30, number=3)
    on = day("2024-08-31")
    row = shown(named(loan_ledger(kept.book, on), "Loans given"), 0)
    assert row["Loan"] == 200_00 and "Taken over" not in row
    one = loan_ledger(kept.book, on, loan=loan.pk)
    facts = {fact[0]: fact[1] for fact in one.facts}
    assert (facts["Loan"], facts["Agreed anew"], facts["Instalments"]) == (200_00, day("2024-06-20"), 10)
    moved = named(one, "What was lent and repaid")
    assert [row.cells[1].split(" (")[0] for row in moved.rows[:-1]] == [
        "Meeting 1", "Meeting 2", "Agreed anew · 14 of 20 June", "Meeting 3"
    ]  # fmt: skip
    new, total = shown(moved, 2), shown(moved, -1)
    assert (new["Day"], new["Loan"], new["Principal"], new["Owed"]) == (day("2024-06-20"), None, None, 180_00)
    assert total["Loan"] - total["Principal"] == total["Owed"]
    before = named(one, "What was agreed before, until 20 Jun 2024")
    assert [row.cells[-1] for row in before.rows] == ["Paid", "Not paid", *["Agreed anew"] * 8]
    book = named(member_passbook(kept.book, loan.woman_id, on), "Loans")
    assert shown(book, -1)["Taken"] == 200_00 and shown(book, 3)["Particulars"] == "Agreed anew · 14 of 20 June"
    assert shown(book, 3)["Owed"] == 180_00
