"""A bank's cash credit: its limit is said, it is drawn again in meetings and on a VO's day, up to what is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from umeed.books.actions import Conflict
from umeed.books.actions.days import take_back_day
from umeed.books.actions.meetings import close_meeting
from umeed.books.actions.taking import reasons_to_take, take_loan, undo_loan
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.documents import CAME_LATER, MeetingDocument, digest_of, read
from umeed.books.models import Agreement, Loan, Meeting
from umeed.books.registers.cash import receipts_and_payments
from umeed.books.registers.demand import demand_of
from umeed.books.registers.loans import loan_ledger
from umeed.books.registers.minutes import minutes
from umeed.books.rules.demands import Standing
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import a_day, agree, close, today, vo
from umeed.books.tests.test_taken import TERMS, take
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

__all__ = ["vo"]
CREDIT = replace(TERMS, is_cash_credit=True, limit=Paise(1_00_000_00), instalments=1)


def running(kept: Kept, on: str) -> RunningLoan:
    with as_system():
        return next(one for one in running_loans(kept.book.pk, day(on)) if one.loan.is_cash_credit)


def codes(kept: Kept, **changed: Any) -> list[tuple[str | None, str]]:
    found = reasons_to_take(us(), kept.book, day("2024-04-10"), replace(CREDIT, **changed))
    return [(one.field, one.code) for one in found]


def test_a_limit_stands_in_the_place_of_instalments(kept: Kept) -> None:
    assert codes(kept) == []
    assert codes(kept, first_due=day("2024-04-01"), instalments=0) == []
    assert codes(kept, limit=None) == [("limit", "no_limit")]
    assert codes(kept, limit=Paise(0)) == [("limit", "no_limit")]
    assert codes(kept, limit=Paise(49_999_99)) == [("paise", "above_limit")]
    assert codes(kept, limit=Paise(50_000_00)) == []
    loan = take(kept, CREDIT)
    assert take(kept, CREDIT, loan=loan.uid).pk == loan.pk
    with pytest.raises(Conflict):
        take(kept, replace(CREDIT, limit=Paise(90_000_00)), loan=loan.uid)
    one = running(kept, "2024-04-10")
    assert (one.limit, one.owed, one.left) == (1_00_000_00, 50_000_00, 50_000_00)


def test_it_is_drawn_again_and_bears_interest_by_the_day(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    keeper.begin("2024-04-22", 1)
    page = text_of(keeper.open("bank")).replace("₹ ", "₹")
    assert "Limit of the cash credit ₹1,00,000: ₹50,000 are left to be drawn." in page
    drawn = {f"cc-{loan.uid}-paise": "20000"}
    assert keeper.fields("bank")[f"cc-{loan.uid}-mode"] == "bank"
    keeper.walk(bank=drawn, count={"counted": "250"})
    assert "Drawn from the cash credit" in text_of(keeper.open("close"))
    assert keeper.close().status_code == 302
    assert balances(kept.book.pk, us().today) == {
        "cash": 250_00, "bank": 70_000_00, "loan_from_bank": -70_000_00, "saving_compulsory": -250_00,
    }  # fmt: skip
    one = running(kept, "2024-05-01")
    # 50,000 for 12 nights and 70,000 for 9 at 7 per cent: 600,000 + 630,000 = 1,230,000 * 0.07 / 365 = 235.89.
    assert [(due.on, due.principal, due.interest) for due in one.dues] == [(day("2024-05-01"), 0, 236_00)]
    assert (one.owed, one.left, one.arrears.principal, one.arrears.interest) == (70_000_00, 30_000_00, 0, 236_00)
    held = Meeting.objects.exclude(number=None).get()
    with as_system():
        told = {one.title: one for one in minutes(kept.book, held.pk).tables if hasattr(one, "title")}
        assert told["Drawn from the cash credit"].rows[0].cells[:2] == ("J&K Bank, Sogam · SHG/2024/17", 20_000_00)
        facts = {fact[0]: fact[1] for fact in loan_ledger(kept.book, day("2024-05-01"), loan=loan.pk).facts}
        ledger = loan_ledger(kept.book, day("2024-05-01"))
    assert (facts["Limit of the cash credit"], facts["Principal owed"], facts["Left to be drawn"]) == (
        1_00_000_00, 70_000_00, 30_000_00
    )  # fmt: skip
    assert "Instalments" not in facts and facts["Interest a year"] == 700
    assert ledger.tables[-1].rows[0].cells == ("J&K Bank, Sogam · SHG/2024/17", 1_00_000_00, 70_000_00, 30_000_00)
    page = text_of(keeper.client.get(keeper.url("loans"))).replace("₹ ", "₹")
    assert "7% a year" in page and "a month ·" not in page
    assert "Limit of the cash credit: ₹1,00,000 · Drawn: ₹70,000 · Left to be drawn: ₹30,000" in page
    assert first_difference() is None


def test_what_is_drawn_and_repaid_in_one_meeting_stands_on_both_sides(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    keeper.begin("2024-04-22", 1)
    bank = {f"t-{loan.uid}-principal": "5000", f"cc-{loan.uid}-paise": "3000", f"cc-{loan.uid}-mode": "cash"}
    keeper.walk(bank=bank, count={"counted": "3250"})
    assert keeper.close().status_code == 302
    assert balances(kept.book.pk, us().today)["loan_from_bank"] == -48_000_00
    with as_system():
        account = receipts_and_payments(kept.book, Period.month_of(day("2024-04-22")))
    both = account.tables[0]
    came, went = ({row.cells[0]: row.cells[1] for row in side.rows} for side in (both.first, both.second))
    assert came["Loan from a bank"] == 53_000_00 and went["Loan from a bank: repaid"] == 5_000_00
    assert (went["Closing cash"], went["Closing bank"]) == (3_250_00, 45_000_00)
    with as_system():
        ledger = loan_ledger(kept.book, day("2024-05-13"), loan=loan.pk).tables[0]
        demanded = demand_of(
            running(kept, "2024-04-30"), running(kept, "2024-05-31"), Period.month_of(day("2024-05-13"))
        )
    assert [row.cells[2:4] for row in ledger.rows] == [
        (50_000_00, None), (3_000_00, 5_000_00), (53_000_00, 5_000_00)
    ]  # fmt: skip
    # 50,000 for 12 nights and 48,000 for 9: 197.92, and nothing of it was paid.
    assert (demanded.asked, demanded.collected, demanded.ahead, demanded.left) == (198_00, 0, 0, 198_00)


@pytest.mark.parametrize(("typed", "code"), [("50000", ""), ("50000.01", "50,000 of the limit of")])
def test_no_more_than_the_limit_leaves(kept: Kept, keeper: Keeper, typed: str, code: str) -> None:
    loan = take(kept, CREDIT)
    keeper.begin("2024-04-22", 1)
    keeper.send("attendance", president=str(kept.women[0].pk))
    answer = keeper.send("bank", **{f"cc-{loan.uid}-paise": typed})
    if code:
        assert answer.status_code == 422 and code in text_of(answer)
        return
    keeper.walk(bank={f"cc-{loan.uid}-paise": typed}, count={"counted": "250"})
    assert keeper.close().status_code == 302 and running(kept, "2024-04-22").left == 0


def test_with_the_interest_that_is_due_it_is_asked_about(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    keeper.begin("2024-05-13", 1)
    keeper.walk(bank={f"cc-{loan.uid}-paise": "50000", f"t-{loan.uid}-interest": ""}, count={"counted": "250"})
    # 50,000 for 21 nights of April: 201.37, to the rupee.
    answer = keeper.close()
    assert answer.status_code == 422
    assert "With the interest that is due, ₹201, it would stand above its limit of ₹1,00,000" in text_of(answer)


def test_repaid_whole_it_stays_open_and_is_drawn_again(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    keeper.begin("2024-04-22", 1)
    keeper.walk(bank={f"t-{loan.uid}-principal": "50000"}, count={"counted": "250"})
    # 50,000 for 12 nights at 7 per cent: 115.07, asked on 1 May.
    asked = keeper.close()
    assert "₹115 of interest is left to be paid: the loan stays open for it." in text_of(asked).replace("₹ ", "₹")
    assert keeper.close(sure=["interest_left:repaid.0.interest"]).status_code == 302
    one = running(kept, "2024-04-29")
    assert (one.owed, one.left, one.run, one.is_repaid, one.is_closed) == (0, 1_00_000_00, 115_00, False, False)
    assert "Left to be drawn: ₹1,00,000" in text_of(keeper.client.get(keeper.url("loans"))).replace("₹ ", "₹")
    keeper.begin("2024-04-29", 2)
    keeper.walk(bank={f"cc-{loan.uid}-paise": "1000"}, count={"counted": "500"})
    assert keeper.close().status_code == 302
    one = running(kept, "2024-05-02")
    # 50,000 for 12 nights and 1,000 for 2: 602,000 * 0.07 / 365 = 115.45.
    assert (one.owed, one.arrears.interest, one.arrears.principal) == (1_000_00, 115_00, 0)


def test_drawn_above_what_was_drawn_first_it_is_not_above_its_limit(kept: Kept, keeper: Keeper) -> None:
    """Its standing goes by the limit: 90,000 of 1,00,000 are drawn for more than 90 days, the interest is paid."""
    loan = take(kept, CREDIT)
    keeper.begin("2024-04-22", 1)
    keeper.walk(bank={f"cc-{loan.uid}-paise": "40000"}, count={"counted": "250"})
    assert keeper.close().status_code == 302
    for at, on in enumerate(("2024-05-06", "2024-06-03", "2024-07-01", "2024-08-05"), 2):
        keeper.begin(on, at)
        keeper.walk(count={"counted": str(250 * at)})
        answer = keeper.close()
        assert answer.status_code == 302, text_of(answer)
    assert running(kept, "2024-08-20").standing is Standing.REGULAR
    small = running(kept, "2024-08-20")
    assert small.limit == 1_00_000_00 and small.owed == 90_000_00


def test_a_drawing_keeps_the_loan_from_being_taken_back(kept: Kept, keeper: Keeper) -> None:
    """Also when as much was repaid as was drawn."""
    loan = take(kept, CREDIT)
    keeper.begin("2024-04-22", 1)
    keeper.walk(bank={f"t-{loan.uid}-principal": "3000", f"cc-{loan.uid}-paise": "3000"}, count={"counted": "250"})
    assert keeper.close().status_code == 302
    with pytest.raises(Refused) as refused:
        undo_loan(by=us(), book=kept.book, loan=loan.uid, why="Wrong")
    assert codes_of(refused) == ["goes_on"]


def test_only_a_cash_credit_is_drawn(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept)
    keeper.begin("2024-04-22", 1)
    assert f"cc-{loan.uid}" not in keeper.open("bank").content.decode()
    document = {
        "id": str(new_id()), "number": 1, "on": "2024-04-22", "president": str(kept.women[0].pk), "counted": 0,
        "attendance": {str(woman.pk): "present" for woman in kept.women},
        "drawn": [{"loan": str(loan.uid), "paise": 1_00, "mode": "bank"}],
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        close_meeting(by=us(), book=kept.book, said=document)
    assert codes_of(refused) == ["no_credit"]


def test_a_document_that_draws_nothing_has_the_digest_it_had(kept: Kept) -> None:
    said = read({"id": str(new_id()), "on": "2024-04-22"})
    assert isinstance(said, MeetingDocument) and CAME_LATER["drawn"] == []
    plain = said.model_dump(mode="json")
    assert plain["drawn"] == []
    assert digest_of(said) != digest_of(said.model_copy(update={"counted": 1}))


def test_the_form_of_a_cash_credit_asks_its_limit_and_nothing_of_instalments(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("loan_new")
    page = keeper.client.get(url)
    html = page.content.decode()
    assert html.count('class="only-term"') == 5 and html.count('class="only-credit"') == 1 and "loans.css" in html
    sent = {
        **fields_of(page), "on": "8/4/24", "paise": "50000", "lender": "J&K Bank, Sogam", "kind": "credit",
        "limit": "", "first_due": "no day", "instalments": "",
    }  # fmt: skip
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422 and "Write up to how much the bank lets draw." in text_of(answer)
    assert 'id="id_first_due_error' not in answer.content.decode()
    answer = keeper.client.post(url, {**sent, "limit": "40000"})
    assert answer.status_code == 422 and "The limit is ₹40,000; more cannot be drawn." in text_of(answer)
    assert keeper.client.post(url, {**sent, "limit": "100000"}).status_code == 302
    loan = Loan.objects.get()
    agreed = Agreement.objects.get(loan=loan)
    assert loan.is_cash_credit and running(kept, "2024-04-08").limit == 1_00_000_00
    assert (agreed.method, agreed.instalments, agreed.first_due) == ("balance", 1, day("2024-05-01"))


def test_the_form_of_a_term_loan_asks_no_limit(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("loan_new")
    sent = {
        **fields_of(keeper.client.get(url)), "on": "8/4/24", "paise": "50000", "lender": "J&K Bank, Sogam",
        "kind": "term", "limit": "nonsense", "instalments": "", "first_due": "",
    }  # fmt: skip
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'id="id_first_due_error' in html and 'id="id_instalments_error' in html and 'id="id_limit_error' not in html
    assert keeper.client.post(url, {**sent, "instalments": "10", "first_due": "8-5-2024"}).status_code == 302
    assert not Loan.objects.get().is_cash_credit and Agreement.objects.get().carried is None


def test_a_vo_draws_its_cash_credit_on_a_day_and_lends_it_on(vo) -> None:
    """What is drawn can be lent on the same day, and no more than its source holds."""
    credit = take_loan(by=us(), book=vo.book, loan=new_id(), on=day("2024-04-10"), terms=replace(
        CREDIT, limit=Paise(80_000_00), number="",
    ))  # fmt: skip
    lent = {
        "loan": new_id(), "body": vo.two.group.pk, "paise": 70_000_00, "mode": "bank", "source": "bank",
        "rate_bp_a_year": 1_200, "method": "balance", "instalments": 10, "first_due": "2024-06-10",
    }  # fmt: skip

    def drawn(rupees: int, **said: object) -> dict[str, object]:
        return {"loan": credit.uid, "paise": rupees * 100, "mode": "bank", **said}

    for draws, reason in (([], "above_the_fund"), ([drawn(30_001)], "above_limit"), ([drawn(1)], "above_the_fund")):
        with pytest.raises(Refused) as refused:
            close(vo, a_day(vo, drawn=draws, lendings=[lent]))
        assert codes_of(refused) == [reason]
    closed = close(vo, a_day(vo, drawn=[drawn(25_000)], lendings=[lent]), is_sure=True)
    assert today(vo.book) == {
        "bank": 105_000_00, "cif": -100_000_00, "loan_from_bank": -75_000_00, "loan_to_body": 70_000_00,
    }  # fmt: skip
    with as_system():
        one = next(one for one in running_loans(vo.book.pk, day("2024-06-01")) if one.loan.is_cash_credit)
    # April: 50,000 for 21 nights (201.37). May: 50,201 for 9 nights, 75,201 for 22: 403.92.
    assert [due.interest for due in one.dues] == [201_00, 404_00] and one.left == 5_000_00
    assert agree()
    take_back_day(by=us(), day=closed.meeting, id=new_id(), why="Another VO's")
    assert today(vo.book)["loan_from_bank"] == -50_000_00 and agree()
