"""What comes in and goes out under one head in one meeting stands on every paper as it was, and is not netted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from umeed.books.actions import close_meeting, lock_month, take_back_meeting
from umeed.books.actions.days import close_day
from umeed.books.actions.differing import OfMeeting, put_right
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.meetings.differences import put_right_by
from umeed.books.meetings.written import written_in
from umeed.books.models import Line, Meeting, Sheet
from umeed.books.registers import accounts, cash, meetings, minutes, passbooks
from umeed.books.registers.flows import flows
from umeed.books.registers.reading import sheets
from umeed.books.registers.slips import slip_of
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, vo
from umeed.books.tests.test_meetings import lend, meeting, saved
from umeed.books.tests.test_registers import YEAR, agree, cell, lines, meet, nth
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["vo"]

SAVED, BACK, REPAID = "Optional saving", "Optional saving: given back", "Loans to members: repaid"


@pytest.fixture
def lent(kept: Kept) -> dict[str, Any]:
    """Everybody saved fifty, and the second woman owes a hundred."""
    loan = lend(kept, 1, 100)
    meet(kept, 1, nth(0), savings=saved(kept), lendings=[loan])
    return loan


def both_ways(kept: Kept, loan: dict[str, Any], *, in_cash: int = 0, saves: int = 25, **said: Any) -> UUID:
    """She saves 25, and 22 of her saving is set off against her loan; so much more is given back in cash."""
    her = kept.women[1].pk
    of_hers = {"woman": her, "head": "saving_optional"}
    back = [{**of_hers, "paise": 22_00, "mode": "set_off"}]
    back += [{**of_hers, "paise": in_cash * 100}] if in_cash else []
    paid = {"loan": loan["loan"], "interest": 2_00, "principal": 20_00, "mode": "set_off"}
    savings = [{**of_hers, "paise": saves * 100}]
    return meet(kept, 2, nth(1), savings=savings, withdrawals=back, repayments=[paid], **said)


def amounts_of(pk: UUID, head: int = 204) -> list[int]:
    sheet = Meeting.objects.get(pk=pk).sheet_id
    rows = Line.objects.filter(sheet=sheet, head=head).order_by("position")
    return list(rows.values_list("amount_paise", flat=True))


def test_her_saving_and_what_she_got_back_are_two_lines_of_one_sheet(kept: Kept, lent: dict[str, Any]) -> None:
    pk = both_ways(kept, lent)
    assert amounts_of(pk) == [-25_00, 22_00]
    held = balances(kept.book.pk, YEAR.last_day)
    assert held == {
        "cash": 175_00, "loan_to_member": 80_00, "saving_optional": -253_00, "interest_from_members": -2_00,
    }  # fmt: skip
    trial = accounts.trial_balance(kept.book, YEAR.last_day).tables[0]
    assert ("Optional saving", None, 253_00) in lines(trial)
    assert first_difference() is None
    agree(kept.book, YEAR)


def test_every_paper_has_what_came_and_what_went(kept: Kept, lent: dict[str, Any]) -> None:
    pk, her = both_ways(kept, lent), kept.women[1]
    held = Meeting.objects.select_related("book__institution", "sheet").get(pk=pk)
    slip = slip_of(held, her.pk)
    assert slip is not None
    paid = {part.head: part.paise for part in slip.paid}
    assert paid == {"saving_optional": 25_00, "loan_to_member": 20_00, "interest_from_members": 2_00}
    assert (slip.given, slip.saved, slip.owed) == ((("saving_optional", 22_00, ""),), 53_00, 80_00)
    of_her = passbooks.member_passbook(kept.book, her.pk, YEAR.last_day).tables[0]
    assert [row[2:] for row in lines(of_her)] == [(50_00, 50_00), (25_00, 75_00), (-22_00, 53_00)]
    told = minutes.minutes(kept.book, pk)
    assert told is not None
    money = next(one for one in told.tables if one.title == "Money of the meeting")
    assert lines(money.first) == [(SAVED, 25_00), (REPAID, 20_00), ("Interest from members", 2_00)]
    assert lines(money.second) == [(BACK, 22_00)]
    of_the_day = cash.cash_book(kept.book, YEAR).tables[1]
    assert (f"{SAVED} · {her.name} · Meeting 2", 25_00, None) in lines(of_the_day.first)
    assert lines(of_the_day.second) == [(f"{BACK} · {her.name} · Meeting 2", 22_00, None)]
    account = cash.receipts_and_payments(kept.book, YEAR).tables[0]
    assert (SAVED, 275_00) in lines(account.first) and (BACK, 22_00) in lines(account.second)
    *_came, of_meetings, in_all = meetings.attendance_and_savings(kept.book, YEAR).tables
    assert lines(of_meetings)[1] == (her.name, 50_00, 25_00, 75_00)
    assert lines(in_all)[1] == (her.name, 0, 75_00, 22_00, None, 53_00)
    assert cell(in_all, "total", -1) == 253_00


def test_what_comes_by_bank_and_goes_in_cash_is_not_mixed(kept: Kept, lent: dict[str, Any]) -> None:
    her = {"woman": kept.women[1].pk, "head": "saving_optional"}
    pk = meet(
        kept, 2, nth(1), savings=[{**her, "paise": 30_00, "mode": "bank"}], withdrawals=[{**her, "paise": 20_00}],
    )  # fmt: skip

    def moved() -> list[tuple[str, int, int, bool]]:
        found = flows(kept.book, sheets(kept.book, day(nth(1)), day(nth(1))))
        return [(one.head, one.cash, one.bank, one.is_receipt) for one in found]

    apart = [("saving_optional", 0, 30_00, True), ("saving_optional", -20_00, 0, False)]
    assert moved() == apart
    take_back_meeting(by=us(), meeting=pk, id=new_id(), why="Of another group")
    back = [("saving_optional", 0, -30_00, True), ("saving_optional", 20_00, 0, False)]
    assert moved() == [*apart, *back]
    agree(kept.book, YEAR)


def test_a_sheet_that_has_both_in_one_line_is_still_read(kept: Kept) -> None:
    """As sheets were written before: saved 30 by the bank, given back 20 in cash, one line of ten."""
    her = kept.women[1].pk
    on, uid = nth(0), new_id()
    post(kept.book, sheet(entry("cash", 100), entry("saving_optional", -100, woman=her), on="2024-04-01"))
    one = sheet(entry("cash", -20), entry("bank", 30), entry("saving_optional", -10, woman=her), on=on)
    number = post(kept.book, one)
    Meeting(
        id=uid, book=kept.book, number=1, version=1, held_on=day(on), kind="regular", sheet_id=number, counted_paise=0,
        digest=b"", closed_by="", present=[her], late=[], absent=[], on_leave=[], said={
            "savings": [{"woman": str(her), "head": "saving_optional", "paise": 30_00, "mode": "bank"}],
            "withdrawals": [{"woman": str(her), "head": "saving_optional", "paise": 20_00}],
        },
    ).save(force_insert=True)  # fmt: skip
    (flow,) = flows(kept.book, sheets(kept.book, day(on), day(on)))
    assert (flow.cash, flow.bank) == (-20_00, 30_00)
    agree(kept.book, YEAR)


def test_saved_and_given_back_the_same_leaves_its_trace(kept: Kept) -> None:
    her = {"woman": kept.women[1].pk, "head": "saving_optional", "paise": 25_00}
    pk = meet(kept, 1, nth(0), savings=[her], withdrawals=[her])
    assert amounts_of(pk) == [-25_00, 25_00] and balances(kept.book.pk, YEAR.last_day) == {}
    slip = slip_of(Meeting.objects.select_related("book__institution", "sheet").get(pk=pk), kept.women[1].pk)
    assert slip is not None
    assert slip.paid == slip.given == (("saving_optional", 25_00, ""),)


def test_no_more_is_given_back_than_she_has_with_what_she_saves_today(kept: Kept, lent: dict[str, Any]) -> None:
    """Fifty and twenty-five, less what is set off, are 53."""
    with pytest.raises(Refused) as refused:
        both_ways(kept, lent, in_cash=54)
    assert "overdrawn" in codes_of(refused)
    both_ways(kept, lent, in_cash=53)
    assert balances(kept.book.pk, YEAR.last_day)["saving_optional"] == -200_00
    # A sheet that comes in between is judged by what a whole day leaves.
    with pytest.raises(Refused) as refused:
        less = entry("saving_optional", 51, woman=kept.women[1].pk)
        post(kept.book, sheet(entry("cash", -51), less, on="2024-05-07"))
    assert "overdrawn" in codes_of(refused)


def test_such_a_meeting_is_corrected_and_taken_back(kept: Kept, lent: dict[str, Any]) -> None:
    pk = both_ways(kept, lent)
    old = Meeting.objects.get(pk=pk)
    said = {**old.said, "counted": 185_00, "savings": [{**old.said["savings"][0], "paise": 35_00}]}
    same = close_meeting(by=us(), book=kept.book, said=old.said, is_sure=True)
    assert (same.meeting, same.is_new) == (pk, False), "sent again it is known"
    now = close_meeting(
        by=us(), book=kept.book, said={**said, "id": new_id()}, replaces=pk, why="Thirty-five", is_sure=True
    )
    assert amounts_of(now.meeting) == [-35_00, 22_00]
    mirror = Sheet.objects.get(reverses=old.sheet_id)
    mirrored = mirror.lines.filter(head=204).order_by("position").values_list("amount_paise", flat=True)
    assert list(mirrored) == [25_00, -22_00]
    of_her = passbooks.member_passbook(kept.book, kept.women[1].pk, YEAR.last_day).tables[0]
    assert sorted(row[2] for row in lines(of_her)) == [-25_00, -22_00, -22_00, 22_00, 25_00, 35_00, 50_00]
    account = cash.receipts_and_payments(kept.book, YEAR).tables[0]
    assert (SAVED, 285_00) in lines(account.first) and (BACK, 22_00) in lines(account.second)
    agree(kept.book, YEAR)
    take_back_meeting(by=us(), meeting=now.meeting, id=new_id(), why="Of another group")
    assert balances(kept.book.pk, YEAR.last_day)["saving_optional"] == -250_00
    assert first_difference() is None


def test_in_a_closed_month_each_of_both_is_put_right(kept: Kept, lent: dict[str, Any]) -> None:
    held = Meeting.objects.get(pk=both_ways(kept, lent, in_cash=10))
    her, key = kept.women[1].pk, f"saving_optional-{kept.women[1].pk}-"
    lock_month(by=us(), book=kept.book, month=day("2024-05-31"))

    def hers() -> dict[str, tuple[int, int]]:
        lines = [one for one in written_in(held) if one.woman == her and one.head == "saving_optional"]
        return {one.key: (one.sign, one.paise) for one in lines}

    assert hers() == {key: (-1, 25_00), f"{key}-out": (1, 32_00)}
    put_right(by=us(), meeting=held.pk, nth=0, right={f"{key}-out": Paise(30_00)}, why="Eight, not ten")
    assert balances(kept.book.pk, us().today)["saving_optional"] == -245_00
    # What was put right may be of either: from then on it is one sum.
    assert hers() == {key: (1, 5_00)}
    assert put_right(
        by=us(), meeting=held.pk, nth=0, right={key: Paise(25_00), f"{key}-out": Paise(30_00)}, why="Eight, not ten"
    ) == put_right_by(held)[0].pk  # fmt: skip
    # Of a page that was made before, what was written on both sides is one sum too.
    told = OfMeeting(held).changed_meanwhile(0, {key: Paise(25_00), f"{key}-out": Paise(31_00)})
    assert told[0] == {key: 6_00} and [one.field for one in told[1]] == [key]
    assert OfMeeting(held).changed_meanwhile(0, {key: Paise(25_00), f"{key}-out": Paise(32_00)}) == ({key: 5_00}, [])


def test_a_deposit_that_ends_and_one_that_begins_are_both_there(kept: Kept) -> None:
    """Not only what is a woman's: a fixed deposit of 100 came back, and 150 were laid anew."""
    post(kept.book, sheet(entry("bank", 200), entry("other_receipt", -200), on="2024-04-01"))
    post(kept.book, sheet(entry("bank", -100), entry("fixed_deposit", 100), on="2024-04-02"))
    of_it = {"head": "fixed_deposit", "mode": "bank"}
    said = meeting(kept, receipts=[{**of_it, "paise": 100_00}], payments=[{**of_it, "paise": 150_00}])
    close_meeting(by=us(), book=kept.book, said=said, is_sure=True)
    account = cash.receipts_and_payments(kept.book, YEAR).tables[0]
    assert ("Fixed deposit: given back", 100_00) in lines(account.first)
    assert ("Fixed deposit", 250_00) in lines(account.second)
    agree(kept.book, YEAR)


def test_a_day_of_a_vo_has_what_it_took_and_what_it_gave_back(vo: Vo) -> None:
    """Of a group without a book here: 500 saved, 200 given back; and of the fund, what came and what was handed on."""
    of_it = {"body": vo.bookless.pk, "what": "saving"}
    said = a_day(
        vo, taken=[{**of_it, "paise": 500_00}], returned=[{**of_it, "paise": 200_00}], counted=300_00,
        receipts=[{"head": "cif", "paise": 900_00, "mode": "bank"}],
        passed=[{"body": vo.bookless.pk, "head": "cif", "paise": 400_00, "mode": "bank"}],
    )  # fmt: skip
    pk = close_day(by=us(), book=vo.book, said=said, is_sure=True).meeting
    told = minutes.minutes(vo.book, pk)
    assert told is not None
    money = next(one for one in told.tables if one.title == "Money of the meeting")
    fund, saving = "Community investment fund", "Savings of groups and VOs"
    assert dict(lines(money.first)) == {saving: 500_00, fund: 900_00}
    assert dict(lines(money.second)) == {f"{saving}: given back": 200_00, fund: 400_00}
    held = balances(vo.book.pk, us().today)
    assert (held["saving_of_body"], held["cif"]) == (-300_00, -100_500_00)
    assert first_difference() is None
