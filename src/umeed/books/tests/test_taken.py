"""A loan that a group took: entered, repaid in the next meeting, taken back with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from umeed.books.actions import Conflict
from umeed.books.actions.taking import reasons_to_take, take_loan, undo_loan
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.models import Agreement, Loan, OpenMeeting
from umeed.books.registers.loans import loan_ledger
from umeed.books.rules.taken import TakenTerms, covered
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, make_book
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import codes_of, make_federation, make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

TERMS = TakenTerms(
    head="loan_from_bank", lender="J&K Bank, Sogam", number="SHG/2024/17", paise=Paise(50_000_00), rate_bp_a_year=700,
    method="balance", instalments=10, first_due=day("2024-05-10"),
)  # fmt: skip


def take(kept: Kept, terms: TakenTerms = TERMS, on: str = "2024-04-10", loan: Any = None) -> Loan:
    return take_loan(by=us(), book=kept.book, loan=loan or new_id(), on=day(on), terms=terms)


def codes(kept: Kept, on: str = "2024-04-10", **changed: Any) -> list[str]:
    return [one.code for one in reasons_to_take(us(), kept.book, day(on), replace(TERMS, **changed))]


def test_a_bank_loan_comes_in_and_is_repaid_in_the_meeting(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept)
    assert balances(kept.book.pk, us().today) == {"bank": 50_000_00, "loan_from_bank": -50_000_00}
    said = ("J&K Bank, Sogam", "SHG/2024/17", "J&K Bank, Sogam · SHG/2024/17", False, "taken")
    assert (loan.lender, loan.number, loan.called, loan.is_cash_credit, loan.way) == said
    keeper.begin("2024-05-13", 1)
    keeper.send("attendance", president=str(kept.women[0].pk))
    fields = keeper.fields("bank")
    # 5,000 of 50,000 is due on 10 May, with a month's interest at 7 per cent a year.
    assert fields[f"t-{loan.uid}-principal"] == "5000" and fields[f"t-{loan.uid}-interest"] == "292"
    assert fields[f"t-{loan.uid}-mode"] == "bank" and "J&amp;K Bank, Sogam" in keeper.open("bank").content.decode()
    assert first_difference() is None


def test_the_same_once_and_another_under_its_id_is_a_conflict(kept: Kept) -> None:
    loan = take(kept)
    assert take(kept, loan=loan.uid).pk == loan.pk
    with pytest.raises(Conflict):
        take(kept, replace(TERMS, paise=Paise(60_000_00)), loan=loan.uid)


def test_every_reason_at_once(kept: Kept, valley: Any) -> None:
    wrong = {"paise": Paise(0), "first_due": day("2024-04-10"), "instalments": 0, "rate_bp_a_year": 11_000}
    assert set(codes(kept, **wrong, lender=" ")) == {"nothing", "due_before", "times", "who", "no_rate"}
    assert codes(kept, on="2031-01-01", first_due=day("2031-02-01")) == ["future"]
    assert codes(kept, lender="x" * 119) == ["too_long"]
    assert codes(kept, head="loan_from_other", is_cash_credit=True) == ["no_cash_credit"]
    assert codes(kept, head="loan_from_bank", is_cash_credit=True) == ["no_limit"]
    assert codes(kept, rate_bp_a_year=3_600) == ["high_rate"]
    vo = make_group(valley.chinar, "Umeed VO", kind="vo")
    assert codes(kept, head="loan_from_vo", body=vo.pk) == ["not_above"]
    make_federation(kept.group, vo)
    assert codes(kept, head="loan_from_vo", body=vo.pk, lender="") == []
    assert codes(kept, head="loan_from_clf", body=vo.pk) == ["not_above"]
    make_book(vo)
    assert codes(kept, head="loan_from_vo", body=vo.pk, lender="") == ["keeps_a_book"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "credit", "limit": "-5", "rate_bp_a_year": "200", "paise": "abc", "on": "30-02-2026"},
         {"limit", "rate_bp_a_year", "paise", "on"}),
        ({"paise": "0", "rate_bp_a_year": "200", "instalments": "0", "first_due": "10-4-2024", "on": "10-4-2024",
          "lender": ""}, {"paise", "rate_bp_a_year", "instalments", "first_due", "lender"}),
        ({"paise": "", "rate_bp_a_year": "x", "instalments": "700", "first_due": "10-4-2024", "on": "31-4-2024"},
         {"paise", "rate_bp_a_year", "instalments", "on"}),
        ({"kind": "credit", "paise": "500", "limit": "abc", "on": "1-1-2031"}, {"limit", "on"}),
    ],
)  # fmt: skip
def test_its_page_says_every_reason_at_once(keeper: Keeper, wrong: dict[str, str], told: set[str]) -> None:
    """Also while something could not be read; and of what could not be read nothing is guessed."""
    url = keeper.url("loan_new")
    sent = {**fields_of(keeper.client.get(url)), "lender": "J&K Bank, Sogam", "paise": "5000", **wrong}
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == told


def test_a_mistake_goes_out_again_only_while_nothing_was_repaid(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept)
    with pytest.raises(Refused) as refused:
        undo_loan(by=us(), book=kept.book, loan=loan.uid, why=" ")
    assert codes_of(refused) == ["no_reason"]
    undo_loan(by=us(), book=kept.book, loan=loan.uid, why="Another group's")
    assert balances(kept.book.pk, us().today) == {} and running_loans(kept.book.pk, us().today) == []
    assert not Agreement.objects.exists() and first_difference() is None
    with pytest.raises(Refused) as refused:
        undo_loan(by=us(), book=kept.book, loan=loan.uid, why="Again")
    assert codes_of(refused) == ["not_here"]
    other = take(kept)
    keeper.begin("2024-05-13", 1)
    keeper.walk(count={"counted": "250"})
    assert keeper.close().status_code == 302
    assert keeper.client.get(keeper.url("loan_undo", other.uid)).status_code == 200
    with pytest.raises(Refused) as refused:
        undo_loan(by=us(), book=kept.book, loan=other.uid, why="Wrong")
    assert codes_of(refused) == ["goes_on"]
    answer = keeper.client.post(keeper.url("loan_undo", other.uid), {"why": "Wrong"})
    assert answer.status_code == 422 and "was repaid on this loan" in text_of(answer)


def test_it_is_entered_on_its_page_and_the_way_leads_back_to_the_meeting(kept: Kept, keeper: Keeper) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    url = f"{keeper.url('loan_new')}?from=meeting"
    assert url in keeper.open("receipts").content.decode()
    sent = {
        **fields_of(keeper.client.get(url)), "on": "8/4/24", "paise": "1,00,000", "lender": "J&K Bank, Sogam",
        "number": "1234 5678 9012 3456", "kind": "credit", "rate_bp_a_year": "30", "limit": "",
    }  # fmt: skip
    assert sent["rate_bp_a_year"] == "30" and sent["mode"] == "bank" and sent["whose"] == "bank"
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422 and not Loan.objects.exists() and 'value="1,00,000"' in answer.content.decode()
    answer = keeper.client.post(url, {**sent, "limit": "2,00,000"})
    assert answer.status_code == 422 and "30 per cent a year is more than the usual 24" in text_of(answer)
    sure = fields_of(answer) | {"limit": "2,00,000", "confirmed": "high_rate:rate_bp_a_year"}
    for _press in range(2):
        assert keeper.client.post(url, sure).url == keeper.url("meeting_receipts")
    loan = Loan.objects.get()
    assert (loan.lender, loan.number, loan.is_cash_credit) == ("J&K Bank, Sogam", "…3456", True)
    assert balances(kept.book.pk, us().today)["bank"] == 1_00_000_00 and OpenMeeting.objects.exists()
    page = keeper.client.get(keeper.url("loans")).content.decode()
    assert "J&amp;K Bank, Sogam · …3456" in page
    with as_system():
        facts = {fact[0]: fact[1] for fact in loan_ledger(kept.book, us().today, loan=loan.pk).facts}
    assert facts["Number of the sanction or account"] == "…3456"
    assert keeper.url("loan_new") in page and keeper.url("loan_undo", loan.uid) in page
    done = keeper.client.post(keeper.url("loan_undo", loan.uid), {"why": "The bank sent it to another group"})
    assert done.url == keeper.url("loans") and balances(kept.book.pk, us().today) == {}
    assert keeper.client.get(keeper.url("loan_undo", loan.uid)).status_code == 404


def test_a_loan_that_says_its_number_after_the_lender_stays_as_it_was_written(kept: Kept) -> None:
    """As all loans did until the number had a place of its own: the same again is known by both together."""
    loan = take(kept, replace(TERMS, lender="J&K Bank, Sogam · SHG/2024/17", number=""))
    assert (loan.number, loan.called) == ("", "J&K Bank, Sogam · SHG/2024/17")
    assert take(kept, loan=loan.uid).pk == loan.pk
    with pytest.raises(Conflict):
        take(kept, replace(TERMS, number="SHG/2024/18"), loan=loan.uid)
    with pytest.raises(IntegrityError, match="stays as it was lent"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(number="SHG/2024/18")


def test_of_an_account_only_its_end_is_kept() -> None:
    assert covered("0123 4567 8901") == "…8901" and covered("JK-SHG-2024-000017") == "JK-SHG-2024-000017"
    assert covered(" 17/2024 ") == "17/2024"
