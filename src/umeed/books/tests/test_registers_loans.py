"""Registers of loans: demand, collection and balance, one loan, dues, the queue."""

from __future__ import annotations

import pytest

from umeed.books.ledger.balances import balances
from umeed.books.models import Book
from umeed.books.registers import demand, dues, loans, queue
from umeed.books.registers.reading import sheets
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_registers import YEAR, her_year, lending, lines, meet, nth, saves
from umeed.kernel.ids import new_id
from umeed.kernel.periods import Period


def test_demand_collection_and_balance_agree_with_the_ledger(kept: Kept) -> None:
    her_year(kept)
    for code in ("2024-10", "2024-11", "2024-12", "FY2024-25-Q3", "FY2024-25-Q4", "FY2024-25"):
        period = Period.from_code(code)
        for row in lines(demand.demand_collection_balance(kept.book, period).tables[0]):
            _name, _lent, before, asked, together, paid, left, ahead, owed, _days = row
            assert (before or 0) + (asked or 0) == together == (paid or 0) + left
            assert owed == balances(kept.book.pk, period.last_day).get("loan_to_member", 0)
            collected = (paid or 0) + (ahead or 0)
            assert collected == _collected(kept.book, period)


def _collected(book: Book, period: Period) -> int:
    found = sheets(book, period.first_day, period.last_day)
    repaid = sum(
        -post.paise for one in found for post in one.posts if post.head.key == "loan_to_member" and post.paise < 0
    )
    return repaid - sum(one.sum("interest_from_members") for one in found)


def test_a_loan_with_all_that_happened_to_it(kept: Kept) -> None:
    her_year(kept)
    loan = kept.book.loans.get()
    october = loans.loan_ledger(kept.book, day("2024-11-30"), loan=loan.pk)
    moved, agreed = october.tables
    assert [row[2:] for row in lines(moved)] == [
        (500_00, None, None, None, 500_00), (None, 100_00, 10_00, None, 400_00), (None, 100_00, 8_00, None, 300_00),
    ]  # fmt: skip
    assert [row[2] for row in lines(agreed)] == [100_00] * 5
    assert [row[-1] for row in lines(agreed)] == ["Paid", "Paid", "", "", ""]
    whole = loans.loan_ledger(kept.book, YEAR.last_day).tables[0]
    assert lines(whole)[0][-1] == "Repaid"


def test_dues_are_said_aloud(kept: Kept) -> None:
    meet(kept, 1, nth(4), savings=saves(kept, 100), lendings=[lending(kept, 1, 400)])
    paper = dues.dues(kept.book, day("2024-09-20"))
    assert paper.spoken == "Nusrat Ara. Loan: 400 rupees owed. Due on 8 Oct 2024: 88 rupees."
    late = dues.dues(kept.book, day("2024-10-20"))
    assert "Due since 8 Oct 2024: 88 rupees. Of it overdue: 88 rupees. Due on 8 Nov 2024: 87 rupees." in late.spoken
    titles, hers = [column.title for column in late.tables[0].columns], lines(late.tables[0])[0]
    assert (titles[5:7], hers[5:7]) == (["To pay now", "Overdue"], (88_00, 88_00))


def test_the_queue_tells_places_promises_and_jumps(kept: Kept) -> None:
    ask = [
        {"id": new_id(), "woman": kept.women[at].pk, "paise": 1_000_00, "purpose": "cattle"} for at in (0, 1, 2)
    ]  # fmt: skip
    meet(kept, 1, nth(0), savings=saves(kept), requests=ask[:1])
    meet(kept, 2, nth(1), savings=saves(kept), requests=ask[1:])
    deferred = {"id": new_id(), "request": ask[0]["id"], "outcome": "deferred", "why": "No money yet",
                "promised_on": "2024-09-08"}  # fmt: skip
    granted = {
        "id": new_id(),
        "request": ask[1]["id"],
        "outcome": "granted",
        "paise": 500_00,
        "jump_why": "Her child is ill",
    }
    meet(kept, 3, nth(2), savings=saves(kept), decisions=[deferred, granted])
    waits, jumps = queue.loan_queue(kept.book, day(nth(2))).tables
    assert [(row[0], row[1], row[5], row[6]) for row in lines(waits)] == [
        (1, "Haseena Bano", "Put off", day("2024-09-08")), (2, "Nusrat Ara", "Granted, not paid out yet", None),
        (3, "Rubeena Jan", "Waits", None),
    ]  # fmt: skip
    assert [(row[0], row[4], row[5]) for row in lines(jumps)] == [("Nusrat Ara", "Haseena Bano", "Her child is ill")]


def test_the_queue_says_a_jump_whatever_was_written_of_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put off in the same meeting, asked on the same day: she waited all the same."""
    ask = [{"id": new_id(), "woman": kept.women[at].pk, "paise": 1_000_00, "purpose": "cattle"} for at in (0, 1, 2)]
    put_off = {"id": new_id(), "request": ask[0]["id"], "outcome": "deferred", "why": "Little money"}
    granted = {"id": new_id(), "request": ask[2]["id"], "outcome": "granted"}
    # As an older program wrote it: a jump without a reason.
    monkeypatch.setattr("umeed.books.actions.meetings.why_not_close", lambda *_: [])
    meet(kept, 1, nth(0), savings=saves(kept), requests=ask, decisions=[put_off, granted])
    jumps = queue.loan_queue(kept.book, day(nth(0))).tables[1]
    waited = f"{kept.women[0].name}, {kept.women[1].name}"
    assert [(row[0], row[4], row[5]) for row in lines(jumps)] == [
        (kept.women[2].name, waited, "No reason was written")
    ]  # fmt: skip
