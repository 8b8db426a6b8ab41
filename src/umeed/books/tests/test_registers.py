"""Registers agree with each other and with the ledger, whatever happened: backdated, taken back, by bank, merged."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from umeed.books.actions import close_meeting, reverse_sheet, take_back_meeting
from umeed.books.ledger.balances import balances
from umeed.books.meetings.documents import read
from umeed.books.meetings.sums import tally_of
from umeed.books.models import Book, Meeting
from umeed.books.registers import accounts, cash, demand, dues, loans, meetings, passbooks, queue
from umeed.books.registers.flows import flows
from umeed.books.registers.reading import sheets
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, entry, make_loan, post, saving, sheet
from umeed.core.papers.shapes import Paper, Row, Sides, Table
from umeed.institutions.models import Woman
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.periods import Period

YEAR = Period.from_code("FY2024-25")
MONTHS = ("04", "05", "06", "07", "08", "09", "10", "11", "12", "01", "02", "03")


def nth(month: int) -> str:
    """The eighth of the nth month of the year."""
    return f"{2024 if month < 9 else 2025}-{MONTHS[month]}-08"


def meet(kept: Kept, number: int, on: str, **said: Any) -> UUID:
    """A meeting to which everybody came, its cash counted right."""
    women = kept.women
    whole = {
        "id": new_id(), "number": number, "on": on, "president": women[0].pk,
        "attendance": {woman.pk: "present" for woman in women}, **said,
    }  # fmt: skip
    box = balances(kept.book.pk, day(on)).get("cash", 0)
    whole.setdefault("counted", tally_of(read({**whole, "counted": 0})).box(box))
    return close_meeting(by=us(), book=kept.book, said=whole, is_sure=True).meeting


def saves(kept: Kept, rupees: int = 50, **said: Any) -> list[dict[str, Any]]:
    return [{"woman": w.pk, "head": "saving_optional", "paise": rupees * 100, **said} for w in kept.women]


def lending(kept: Kept, at: int, rupees: int, **said: Any) -> dict[str, Any]:
    return {
        "loan": new_id(), "woman": kept.women[at].pk, "paise": rupees * 100, "rate_bp_a_year": 2400,
        "method": "balance", "instalments": 5, "first_due": "2024-10-08", "purpose": "cattle", **said,
    }  # fmt: skip


def lines(found: Table | Paper | Sides, kind: str = "normal") -> list[tuple[Any, ...]]:
    return [tuple(row.cells) for row in rows_of(found) if row.kind == kind]


def rows_of(found: Table | Paper | Sides) -> Iterator[Row]:
    if isinstance(found, Table):
        yield from found.rows
    elif isinstance(found, Sides):
        yield from rows_of(found.first)
        yield from rows_of(found.second)
    else:
        for one in found.tables:
            yield from rows_of(one)


def cell(table: Table, kind: str, at: int) -> Any:
    return next(row.cells[at] for row in reversed(table.rows) if row.kind == kind)


# Everything agrees ----------------------------------------------------------------------------------------------------


def agree(book: Book, period: Period) -> None:
    """What must hold of any book at any time."""
    last = period.last_day
    held = balances(book.pk, last)
    trial = accounts.trial_balance(book, last).tables[0]
    if held:
        assert cell(trial, "total", 1) == cell(trial, "total", 2)
    sheet = accounts.balance_sheet(book, last).tables[0]
    assert sums(sheet.first) == sums(sheet.second)
    _cash_book_agrees(book, period, held)
    _account_agrees(book, period)
    for table in accounts.general_ledger(book, period).tables:
        opening, closing = cell(table, "opening", 4), cell(table, "closing", 4)
        moved = sum((row[2] or 0) - (row[3] or 0) for row in lines(table))
        assert abs(closing - opening) == abs(moved)
    _earned_agrees(book, period)


def sums(table: Table) -> int:
    return sum(row[1] for row in lines(table))


def _cash_book_agrees(book: Book, period: Period, held: dict[str, int]) -> None:
    paper = cash.cash_book(book, period)
    before = None
    for one in paper.tables:
        opening = [cell(one.first, "opening", n) for n in (1, 2)]
        assert before is None or opening == before
        for n in (1, 2):
            came = sum(row[n] or 0 for row in lines(one.first))
            went = sum(row[n] or 0 for row in lines(one.second))
            before = [cell(one.second, "closing", at) for at in (1, 2)]
            assert opening[n - 1] + came == went + before[n - 1]
            assert cell(one.first, "total", n) == opening[n - 1] + came
    assert before == [held.get("cash", 0), held.get("bank", 0)]


def _account_agrees(book: Book, period: Period) -> None:
    both = cash.receipts_and_payments(book, period).tables[0]
    assert cell(both.first, "total", 1) == cell(both.second, "total", 1)


def _earned_agrees(book: Book, period: Period) -> None:
    both = accounts.income_and_expenditure(book, period).tables[0]
    if lines(both):
        assert cell(both.first, "total", 1) == cell(both.second, "total", 1)
    earned = sums(both.second) - sums(both.first)
    before = balances(book.pk, period.first_day - datetime.timedelta(days=1))
    assert earned == accounts.surplus_of(balances(book.pk, period.last_day)) - accounts.surplus_of(before)


_HEADS = st.sampled_from([
    ("cash", "saving_compulsory", 1), ("cash", "fine", 1), ("cash", "bank", -1), ("cash", "bank", 1),
    ("bank", "cif", 1), ("bank", "interest_from_bank", 1), ("cash", "rent", -1), ("bank", "bank_charge", -1),
    ("cash", "other_receipt", 1),
])  # fmt: skip
_SHEETS = st.lists(
    st.tuples(
        st.lists(st.tuples(_HEADS, st.integers(1, 10**7), st.integers(0, 4)), min_size=1, max_size=5),
        st.integers(0, 600), st.booleans(), st.integers(0, 60),
    ), max_size=6,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=_SHEETS)
def test_any_history_agrees(kept: Kept, history: list[Any]) -> None:
    with transaction.atomic():
        # Neither box nor bank is ever overdrawn: the action would refuse it.
        post(
            kept.book,
            sheet(entry("cash", 10**7), entry("bank", 10**7), entry("other_grant", -2 * 10**7), on="2024-04-01"),
        )
        for moves, after, is_reversed, later in history:
            on = day("2024-04-01") + datetime.timedelta(days=after)
            entries: dict[Any, int] = {}
            for (box, head, sign), paise, at in moves:
                woman = kept.women[at].pk if head in ("saving_compulsory", "fine") else None
                entries[box, None] = entries.get((box, None), 0) + sign * paise
                entries[head, woman] = entries.get((head, woman), 0) - sign * paise
            made = [entry(h, p / 100, **({"woman": w} if w else {})) for (h, w), p in entries.items() if p]
            if len(made) < 2:
                continue
            pk = post(kept.book, sheet(*made, on=on.isoformat()))
            if is_reversed:
                back = min(on + datetime.timedelta(days=later), us().today)
                reverse_sheet(by=us(), sheet=pk, uid=new_id(), why="Wrong", on=back)
        for code in ("FY2024-25", "FY2025-26", "2024-05", "FY2024-25-Q2"):
            agree(kept.book, Period.from_code(code))
        transaction.set_rollback(True)


def test_meetings_by_cash_and_bank_agree(kept: Kept) -> None:
    """A withdrawal, a loan by the bank, receipts and payments of both kinds, one meeting taken back."""
    meet(kept, 1, nth(0), savings=saves(kept), deposit=200_00)
    meet(
        kept, 2, nth(1), savings=saves(kept, 60), withdrawal=20_00, lendings=[lending(kept, 1, 90, mode="bank")],
        receipts=[{"head": "revolving_fund", "paise": 15_000_00, "mode": "bank"}],
        payments=[{"head": "rent", "paise": 30_00}, {"head": "bank_charge", "paise": 5_00, "mode": "bank"}],
    )  # fmt: skip
    wrong = meet(kept, 3, nth(2), savings=saves(kept, 70))
    take_back_meeting(by=us(), meeting=wrong, id=new_id(), why="Of another group")
    for code in ("FY2024-25", "2024-05", "2024-06"):
        agree(kept.book, Period.from_code(code))
    may = cash.cash_book(kept.book, Period.from_code("2024-05")).tables[0]
    assert [row[1:] for row in lines(may.first)] == [(300_00, None), (None, 15_000_00), (20_00, None)]
    assert [row[1:] for row in lines(may.second)] == [(None, 90_00), (30_00, None), (None, 5_00), (None, 20_00)]
    june = cash.cash_book(kept.book, Period.from_code("2024-06")).tables[0]
    assert [row[1] for row in lines(june.first)] == [350_00, -350_00]
    assert "Of another group" in lines(june.first)[1][0]


def test_a_flow_of_a_merged_record_still_goes_by_the_bank(kept: Kept) -> None:
    meet(kept, 1, nth(0), savings=saves(kept, 100))
    meet(kept, 2, nth(1), deposit=400_00, lendings=[lending(kept, 2, 300, mode="bank", first_due="2024-06-08")])
    merge(kept, 2, 3)
    moved = flows(kept.book, sheets(kept.book, day(nth(1)), day(nth(1))))
    assert [(one.head, one.cash, one.bank, one.woman) for one in moved] == [
        ("loan_to_member", 0, -300_00, kept.women[3].pk), ("deposit", -400_00, 400_00, None),
    ]  # fmt: skip


def merge(kept: Kept, at: int, into: int) -> None:
    """As a merge leaves it: the record points to the one that is kept."""
    Woman.objects.filter(pk=kept.women[at].pk).update(merged_into=kept.women[into].pk)


# The vectors ----------------------------------------------------------------------------------------------------------

# A woman's year as a training book of SHGs prints it (Jnana Prabodhini, pages 32 and 33): saved, lent, repaid,
# interest, and then her savings and what she owes.
HER_YEAR = (
    (25, 0, 0, 0, 25, 0), (25, 0, 0, 0, 50, 0), (25, 0, 0, 0, 75, 0), (25, 0, 0, 0, 100, 0), (25, 0, 0, 0, 125, 0),
    (25, 500, 0, 0, 150, 500), (25, 0, 100, 10, 175, 400), (0, 0, 100, 8, 175, 300), (50, 0, 0, 6, 225, 300),
    (25, 0, 200, 6, 250, 100), (0, 0, 0, 0, 250, 100), (50, 0, 100, 4, 300, 0),
)  # fmt: skip


def her_year(kept: Kept) -> None:
    loan = lending(kept, 1, 500)
    for at, (saved, lent, repaid, interest, _saved, _owed) in enumerate(HER_YEAR):
        hers = [{"woman": kept.women[1].pk, "head": "saving_optional", "paise": saved * 100}] if saved else []
        others = [{"woman": kept.women[0].pk, "head": "saving_optional", "paise": 200_00}]
        paid = {"loan": loan["loan"], "principal": repaid * 100, "interest": interest * 100}
        meet(
            kept, at + 1, nth(at), savings=hers + others, lendings=[loan] if lent else [],
            repayments=[paid] if repaid or interest else [],
        )  # fmt: skip


def test_her_passbook_is_as_the_training_book_prints_it(kept: Kept) -> None:
    her_year(kept)
    book = passbooks.member_passbook(kept.book, kept.women[1].pk, YEAR.last_day, period=YEAR)
    savings, lent = book.tables[:2]
    assert [row[-1] for row in lines(savings)] == [row[4] * 100 for row in HER_YEAR if row[0]]
    assert [row[2:] for row in lines(lent)] == [
        (*(paise * 100 or None for paise in row[1:4]), row[5] * 100) for row in HER_YEAR if any(row[1:4])
    ]  # fmt: skip
    assert cell(savings, "closing", -1) == 300_00 and cell(lent, "closing", -1) == 0
    assert book.spoken == "Nusrat Ara. Savings: 300 rupees. No loan."
    agree(kept.book, YEAR)


def test_a_part_of_the_year_begins_with_what_was_before(kept: Kept) -> None:
    her_year(kept)
    quarter = Period.from_code("FY2024-25-Q3")
    savings, lent = passbooks.member_passbook(
        kept.book, kept.women[1].pk, quarter.last_day, period=quarter
    ).tables[:2]  # fmt: skip
    assert cell(savings, "opening", -1) == 150_00 and cell(savings, "closing", -1) == 225_00
    assert cell(lent, "opening", -1) == 500_00 and cell(lent, "closing", -1) == 300_00


def test_a_year_is_reconciled_as_the_training_book_does(kept: Kept) -> None:
    """Pages 38 and 40: savings 22,200, interest 1,465, fines 50, others 100; travel 600, tea 200; the bank 3,512 with
    12 of interest, loans 18,500 outstanding. Then the box holds 1,015."""
    woman, loan = kept.women[0], make_loan(kept.book, kept.women[0])
    hers = {"woman": woman.pk, "loan": loan.pk}
    post(kept.book, sheet(
        entry("cash", 23_815), entry("saving_compulsory", -22_200, woman=woman.pk), entry("fine", -50, woman=woman.pk),
        entry("interest_from_members", -1_465, **hers), entry("other_receipt", -100),
    ))  # fmt: skip
    post(kept.book, sheet(entry("cash", -3_500), entry("bank", 3_500), on="2024-05-01", kind=2))
    post(kept.book, sheet(entry("bank", 12), entry("interest_from_bank", -12), on="2024-06-30", kind=2))
    post(kept.book, sheet(
        entry("travel", 600), entry("meeting_cost", 200), entry("loan_to_member", 18_500, **hers),
        entry("cash", -19_300), on="2024-07-08",
    ))  # fmt: skip
    both = cash.receipts_and_payments(kept.book, YEAR).tables[0]
    assert sums(both.first) == 23_827_00
    assert {row.cells[0]: row.cells[1] for row in both.second.rows} == {
        "Loans to members": 18_500_00, "Cost of meetings": 200_00, "Travel and daily allowance": 600_00,
        "Closing cash": 1_015_00, "Closing bank": 3_512_00, "Total": 23_827_00,
    }  # fmt: skip
    assets = accounts.balance_sheet(kept.book, YEAR.last_day).tables[0].second
    assert dict(lines(assets)) == {
        "Cash in hand": 1_015_00, "Cash at bank": 3_512_00, "Loans to members": 18_500_00
    }  # fmt: skip
    agree(kept.book, YEAR)


# Backdated, taken back, merged ----------------------------------------------------------------------------------------


def test_a_mistake_stays_visible_with_its_reason(kept: Kept) -> None:
    wrong = post(kept.book, saving(kept.women[1], 500))
    reverse_sheet(by=us(), sheet=wrong, uid=new_id(), why="Fifty, not five hundred", on=day("2024-04-08"))
    post(kept.book, saving(kept.women[1], 50))
    savings = passbooks.member_passbook(kept.book, kept.women[1].pk, YEAR.last_day).tables[0]
    assert [row[2:] for row in lines(savings)] == [(500_00, 500_00), (-500_00, 0), (50_00, 50_00)]
    told = [row[1] for row in lines(savings)]
    assert "Fifty, not five hundred" in told[1] and "taken back" in told[0]
    ledger = accounts.general_ledger(kept.book, YEAR, head="saving_compulsory").tables[0]
    assert cell(ledger, "closing", -1) == 50_00 and "Fifty" in lines(ledger)[1][1]
    agree(kept.book, YEAR)


def test_what_is_written_later_for_an_earlier_day_stands_on_that_day(kept: Kept) -> None:
    post(kept.book, saving(kept.women[1], 100, on="2024-06-08"))
    post(kept.book, saving(kept.women[1], 40, on="2024-04-20"))
    savings = passbooks.member_passbook(kept.book, kept.women[1].pk, YEAR.last_day).tables[0]
    assert [row[2:] for row in lines(savings)] == [(40_00, 40_00), (100_00, 140_00)]
    may = accounts.general_ledger(kept.book, Period.from_code("2024-05")).tables
    assert {cell(table, "opening", -1) for table in may} == {40_00}


def test_what_stood_under_a_merged_record_is_hers(kept: Kept) -> None:
    post(kept.book, saving(kept.women[1], 100))
    post(kept.book, saving(kept.women[2], 30, on="2024-05-08"))
    merge(kept, 1, 2)
    paper = passbooks.member_passbook(kept.book, kept.women[2].pk, YEAR.last_day)
    assert [row[-1] for row in lines(paper.tables[0])] == [100_00, 130_00]
    table = meetings.attendance_and_savings(kept.book, Period.from_code("FY2024-25-Q1")).tables[-1]
    assert [row for row in lines(table) if row[-1]] == [("Rubeena Jan", 0, None, None, 130_00, 130_00)]


def test_the_trial_balance_as_it_was_known(kept: Kept) -> None:
    post(kept.book, saving(kept.women[1], 100))
    before = Meeting.objects.count()
    first = kept.book.sheets.get().recorded_at
    assert before == 0
    then = accounts.trial_balance(kept.book, YEAR.last_day, known_at=first - datetime.timedelta(seconds=1))
    assert lines(then) == [] and then.notes
    assert lines(accounts.trial_balance(kept.book, YEAR.last_day, known_at=first)) != []


# Meetings -------------------------------------------------------------------------------------------------------------


def test_attendance_and_savings_add_up(kept: Kept) -> None:
    meet(kept, 1, nth(0), savings=saves(kept))
    away = {kept.women[0].pk: "present"} | {woman.pk: "absent" for woman in kept.women[1:]}
    meet(kept, 2, nth(1), savings=saves(kept, 60, by="Her sister"), attendance=away)
    came, saved, in_all = meetings.attendance_and_savings(kept.book, Period.from_code("FY2024-25-Q1")).tables
    assert cell(came, "total", -1) == 6
    assert [cell(came, "total", at) for at in (1, 2)] == [5, 1], "numbers, also in a workbook"
    assert cell(saved, "total", -1) == 550_00 == cell(in_all, "total", -1)
    report = meetings.monthly_report(kept.book, Period.from_code("2024-05"))
    assert ("Optional saving", 250_00, 300_00, 550_00) in lines(report)


@pytest.mark.parametrize("code", ["FY2024-25", "2024-04"])
def test_registers_of_an_empty_book_say_so(kept: Kept, code: str) -> None:
    agree(kept.book, Period.from_code(code))
    for paper in (
        passbooks.member_passbook(kept.book, kept.women[0].pk, YEAR.last_day),
        queue.loan_queue(kept.book, YEAR.last_day), passbooks.group_passbook(kept.book, YEAR),
        dues.dues(kept.book, YEAR.last_day), loans.loan_ledger(kept.book, YEAR.last_day),
        demand.demand_collection_balance(kept.book, YEAR),
        meetings.attendance_and_savings(kept.book, YEAR), meetings.monthly_report(kept.book, YEAR),
    ):  # fmt: skip
        assert paper.tables
