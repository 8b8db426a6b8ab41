"""A month that is not over, of loans between two bodies and of those that were taken: what it asks for, in both books
alike, and that it is agreed, told and carried on with the loan."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from umeed.books.actions import Conflict, close_meeting
from umeed.books.actions.bodies import lend_to_body, take_back, write_off
from umeed.books.actions.days import take_back_day
from umeed.books.actions.events import Move, post_event
from umeed.books.actions.taking import take_loan
from umeed.books.bodies.documents import read
from umeed.books.bodies.facts import before_day
from umeed.books.cutoffs.taking import cut_off_from
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.documents import digest_of
from umeed.books.models import Agreement, Loan
from umeed.books.registers.accounts import income_and_expenditure
from umeed.books.registers.demand import demand_of
from umeed.books.registers.loans import loan_ledger
from umeed.books.registers.passbooks import group_passbook
from umeed.books.rules.taken import TakenTerms
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import Vo, a_day, agree, arrive, close, lend, meet, terms, theirs, today, vo
from umeed.books.tests.test_bodies_pages import _fields, begin, browser, step, url
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

__all__ = ["browser", "vo"]
FULL = 40_000_00


def lent(vo: Vo, part: str = "days", rupees: int = 40_000, **said: Any) -> Loan:
    """One per cent a month, lent on 10 April, due first on 10 May: a month of thirty days."""
    agreed = terms(vo.one.group, rupees, part_month=part, **said)
    return lend_to_body(by=us(), book=vo.book, loan=new_id(), on=day("2024-04-10"), terms=agreed)


def on_both(vo: Vo, on: str) -> tuple[RunningLoan, RunningLoan]:
    with as_system():
        (ours,), (mirror,) = (running_loans(book.pk, day(on), with_closed=True) for book in (vo.book, vo.one.book))
    return ours, mirror


def says(one: RunningLoan) -> tuple[Any, ...]:
    late = one.arrears
    return one.owed, one.run, one.to_pay, one.to_pay_all, one.dues, late.principal, late.interest, late.since


def repay(vo: Vo, loan: Loan, on: str, number: int, *, principal: int = 0, interest: int = 0, **said: Any) -> None:
    """In the group's meeting, out of the box."""
    box = today(vo.one.book).get("cash", 0)
    paid = {"loan": theirs(loan).uid, "principal": principal, "interest": interest, "mode": "cash"}
    said = meet(vo.one, number, on, repaid=[paid], counted=box - principal - interest, **said)
    close_meeting(by=us(), book=vo.one.book, said=said, is_sure=True)


# What is asked for ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("part", "run"), [("days", 200_00), ("whole", 400_00), ("due", 0)])
def test_who_repays_all_after_half_a_month(vo, part, run) -> None:
    """40,000 at one per cent a month, after 15 of 30 days: 200 by the days, 400 for a month begun, nothing."""
    loan = lent(vo, part)
    ours, mirror = on_both(vo, "2024-04-25")
    assert ours.run == run and ours.to_pay.whole == 0 and ours.to_pay_all.whole == FULL + run
    assert says(ours) == says(mirror)
    arrive(vo, 40_000)
    repay(vo, loan, "2024-04-25", 1, principal=FULL)
    for on in ("2024-04-25", "2024-05-10", "2024-06-30"):
        ours, mirror = on_both(vo, on)
        assert (ours.owed, ours.arrears.interest, ours.is_closed) == (0, run, run == 0)
        assert says(ours) == says(mirror) and agree()


@pytest.mark.parametrize(("part", "interest"), [("days", 267_00), ("whole", 400_00), ("due", 200_00)])
def test_who_repays_half_after_ten_days(vo, part, interest) -> None:
    """By the days: 20,000 for 10 of 30 days (66.67) and 20,000 for all of them (200), to the rupee: 267."""
    loan = lent(vo, part)
    arrive(vo, 40_000)
    repay(vo, loan, "2024-04-20", 1, principal=20_000_00)
    ours, mirror = on_both(vo, "2024-05-10")
    # Of the 4,000 that were agreed for that day nothing is due any more.
    assert (ours.arrears.principal, ours.arrears.interest) == (0, interest)
    assert says(ours) == says(mirror)


def test_of_a_month_that_runs_what_was_paid_is_asked_for_once(vo) -> None:
    """After 15 days 10,000 with 50 of interest; all the rest after 25: 30,000 × 25 + 10,000 × 15 of 30 days are 300,
    less 50."""
    loan = lent(vo)
    arrive(vo, 40_000)
    repay(vo, loan, "2024-04-25", 1, principal=10_000_00, interest=50_00)
    ours, mirror = on_both(vo, "2024-05-05")
    assert ours.run == 250_00 and says(ours) == says(mirror)
    # The box holds 29,950: the last 300 are saved by a woman that day.
    saved = [{"woman": vo.one.women[0].pk, "head": "saving_optional", "paise": 300_00}]
    paid = {"loan": theirs(loan).uid, "principal": 30_000_00, "interest": 250_00, "mode": "cash"}
    said = meet(vo.one, 2, "2024-05-05", repaid=[paid], savings=saved, counted=0)
    close_meeting(by=us(), book=vo.one.book, said=said)
    ours, mirror = on_both(vo, "2024-12-31")
    assert ours.is_closed and mirror.is_closed and says(ours) == says(mirror) and agree()


def test_interest_that_is_left_is_asked_about_on_either_side(vo) -> None:
    loan = lent(vo)
    arrive(vo, 40_000)
    paid = {"principal": FULL, "interest": 0, "mode": "cash"}
    with pytest.raises(Refused) as refused:
        said = meet(vo.one, 1, "2024-04-25", repaid=[{"loan": theirs(loan).uid, **paid}], counted=0)
        close_meeting(by=us(), book=vo.one.book, said=said)
    assert codes_of(refused) == ["interest_left"]
    with pytest.raises(Refused) as refused:
        close(vo, a_day(vo, on="2024-04-25", repayments=[{"loan": loan.uid, **paid}], counted=FULL))
    assert codes_of(refused) == ["interest_left"]
    facts = before_day(vo.book, day("2024-04-25"), today=us().today).facts
    assert facts.loans[loan.uid].interest_asked == 200_00


def test_taken_back_what_was_repaid_it_runs_as_before(vo) -> None:
    loan = lent(vo)
    arrive(vo, 40_000)
    done = close(
        vo,
        a_day(vo, on="2024-04-20", repayments=[{"loan": loan.uid, "principal": 20_000_00, "mode": "cash"}],
              counted=20_000_00),
        is_sure=True,
    )  # fmt: skip
    assert on_both(vo, "2024-05-10")[0].arrears.interest == 267_00
    take_back_day(by=us(), day=done.meeting, id=new_id(), why="It never came")
    ours, mirror = on_both(vo, "2024-05-10")
    assert ours.arrears.interest == 400_00 and says(ours) == says(mirror)


def test_what_is_written_off_whole_asks_for_nothing_any_more(vo) -> None:
    """After 15 days: 40,000 in both books. The 200 that have run are let go, neither earned nor paid; the same again is
    known."""
    loan, uid = lent(vo), new_id()
    said = {
        "by": us(), "loan": loan.uid, "paise": Paise(FULL), "on": day("2024-04-25"), "resolution": "12 of 25 April",
        "uid": uid,
    }  # fmt: skip
    assert write_off(**said) == write_off(**said)
    is_off_in_both(vo)
    assert today(vo.book)["written_off"] == FULL and "interest_from_bodies" not in today(vo.book)
    assert today(vo.one.book)["other_receipt"] == -FULL and "interest_to_body" not in today(vo.one.book)
    with pytest.raises(Conflict):
        write_off(**{**said, "on": day("2024-04-26")})
    with as_system():
        told = str(group_passbook(vo.one.book, Period.year_of(day("2024-04-25"))).tables)
    assert "Written off · 12 of 25 April" in told and "repaid" not in told
    take_back(by=us(), book=vo.book, event=uid, why="Another loan")
    ours, mirror = on_both(vo, us().today.isoformat())
    assert ours.off_on is None and ours.owed == FULL and says(ours) == says(mirror)


def test_what_was_written_off_before_reads_right_in_both_books(vo) -> None:
    """Interest was booked in both and written off with the principal, in one event."""
    loan = lent(vo)
    moves = [
        Move("loan_to_body", "loan_from_vo", Paise(-FULL), loan),
        Move("interest_from_bodies", "interest_to_body", Paise(-200_00), loan),
        Move("written_off", "other_receipt", Paise(FULL + 200_00), loan),
    ]
    on = day("2024-04-25")
    post_event(by=us(), book=vo.book, other=vo.one.group.pk, uid=new_id(), on=on, moves=moves)
    is_off_in_both(vo)
    with as_system():
        for book, kept, gone in (
            (vo.book, "Loan written off", "Interest from groups and VOs"),
            (vo.one.book, "Loans written off by the VO or CLF", "Interest to the VO or CLF"),
        ):
            told = str(income_and_expenditure(book, Period.year_of(on)).tables)
            assert f"'{kept}', {FULL}" in told and gone not in told


def test_a_part_that_is_written_off_is_not_repaid(vo) -> None:
    """Of 40,000 in ten instalments 4,000 are due; 10,000 are written off: that settles what is due, and is no money."""
    loan = lent(vo, "due")
    write_off(
        by=us(), loan=loan.uid, paise=Paise(10_000_00), on=day("2024-05-20"), resolution="12 of 20 May", uid=new_id()
    )
    ours, mirror = on_both(vo, "2024-05-31")
    assert says(ours) == says(mirror) and (ours.owed, ours.paid, ours.off_on) == (30_000_00, (), None)
    assert (ours.arrears.principal, ours.arrears.interest, ours.let_go_principal) == (0, 400_00, 10_000_00)
    it = demand_of(None, ours, Period.month_of(day("2024-05-01")))
    assert (it.asked, it.collected, it.ahead, it.off, it.left) == (4_400_00, 0, 0, 10_000_00, 400_00)


def is_off_in_both(vo: Vo) -> None:
    ours, mirror = on_both(vo, "2024-12-31")
    assert ours.is_closed and mirror.is_closed and says(ours) == says(mirror) and agree()
    for one in (ours, mirror):
        assert one.off_on == day("2024-04-25") and one.paid == ()
        assert (one.let_go_principal, one.let_go_interest) == (FULL, 200_00)


def test_a_loan_of_a_bank_asks_as_was_agreed(kept: Kept, keeper: Keeper) -> None:
    """50,000 at 12 per cent a year, half repaid on the 20th: 250 for the rest, 83.33 for what was out ten days."""
    agreed = TakenTerms(
        head="loan_from_bank", lender="J&K Bank", paise=Paise(50_000_00), rate_bp_a_year=1_200, method="balance",
        instalments=1, first_due=day("2024-05-10"), part_month="days",
    )  # fmt: skip
    said = {"by": us(), "book": kept.book, "loan": new_id(), "on": day("2024-04-10")}
    loan = take_loan(**said, terms=agreed)
    assert take_loan(**said, terms=agreed).pk == loan.pk
    with pytest.raises(Conflict):
        take_loan(**said, terms=replace(agreed, part_month="whole"))
    assert Agreement.objects.get().part_month == "days"
    repaid = [{"loan": loan.uid, "principal": 25_000_00, "mode": "bank"}]
    women = {woman.pk: "present" for woman in kept.women}
    held = {
        "id": new_id(), "number": 1, "on": "2024-04-20", "president": kept.women[0].pk, "attendance": women,
        "repaid": repaid, "counted": 0,
    }  # fmt: skip
    close_meeting(by=us(), book=kept.book, said=held)
    (one,) = running_loans(kept.book.pk, day("2024-05-10"))
    assert (one.arrears.principal, one.arrears.interest) == (25_000_00, 333_00)
    # With all that is left its interest is filled in, also what has run since the due day: 125 of 250 in 31 days.
    keeper.begin("2024-05-25", 2)
    keeper.send("attendance", president=str(kept.women[0].pk))
    fields, page = keeper.fields("bank"), text_of(keeper.open("bank"))
    assert (fields[f"t-{loan.uid}-principal"], fields[f"t-{loan.uid}-interest"]) == ("25000", "454")
    assert "121 of interest has run since it was last due" in page and "25,454 repays all of it today" in page


# Agreed, told, carried on ---------------------------------------------------------------------------------------------


def test_it_is_agreed_on_a_day_of_the_vo_and_told_on_both_sides(vo: Vo, browser: Client) -> None:
    begin(browser, vo, "2024-04-10")
    step(browser, vo, "attendance")
    body = str(vo.one.group.pk)
    fields = _fields(browser.get(url(vo, "days", "open", "lendings")).content.decode())
    assert fields["n-0-part_month"] == "days"
    step(browser, vo, "lendings", **{
        "n-0-body": body, "n-0-paise": "40000", "n-0-source": "cif", "n-0-first_due": "2024-05-10",
        "n-0-part_month": "whole",
    })  # fmt: skip
    step(browser, vo, "count", counted="0")
    page = browser.get(url(vo, "days", "open", "close"))
    assert "Interest for a month that is not over: A month begun counts whole" in text_of(page)
    answer = browser.post(url(vo, "days", "open", "close"), _fields(page.content.decode()))
    assert answer.status_code == 302, text_of(answer)
    with as_system():
        assert list(Agreement.objects.values_list("part_month", flat=True)) == ["whole", "whole"]
    told = text_of(browser.get(url(vo, "between") + f"?with={body}"))
    assert "Interest run since" in told and "A month begun counts whole" in told
    assert "A month begun counts whole" in text_of(browser.get(url(vo, "loans")))
    for book in (vo.book, vo.one.book):
        with as_system():
            told = loan_ledger(book, us().today, loan=Loan.objects.get(book=book).pk)
        facts = {fact[0]: fact[1] for fact in told.facts}
        assert facts["Interest for a month that is not over"] == "A month begun counts whole"


def test_dues_of_a_day_are_filled_in_with_what_has_run(vo: Vo, browser: Client) -> None:
    """All of it is due on 10 May; on the 25th 15 of 31 days more have run: 400 and 194."""
    loan = lent(vo, instalments=1)
    begin(browser, vo, "2024-05-25")
    step(browser, vo, "attendance")
    page = browser.get(url(vo, "days", "open", "brought"))
    fields = _fields(page.content.decode())
    assert (fields[f"l-{loan.uid}-principal"], fields[f"l-{loan.uid}-interest"]) == ("40000", "594")
    assert "194 of interest has run since it was last due" in text_of(page)


def test_it_is_asked_when_a_loan_is_entered(kept: Kept, keeper: Keeper) -> None:
    fields = fields_of(keeper.client.get(keeper.url("loan_new")))
    assert fields["part_month"] == "days"
    sent = {
        **fields, "on": "8/4/24", "paise": "1,00,000", "lender": "J&K Bank", "first_due": "8-5-2024",
        "part_month": "due",
    }  # fmt: skip
    assert keeper.client.post(keeper.url("loan_new"), sent).status_code == 302
    assert Agreement.objects.get().part_month == "due"
    assert "None before the due day" in text_of(keeper.client.get(keeper.url("loans")))


def test_loans_written_before_keep_what_they_were_agreed_with(vo: Vo) -> None:
    """A document that says nothing of it has the digest it had, and asks for nothing before the due day."""
    lending = {
        "loan": new_id(), "body": vo.one.group.pk, "paise": 40_000_00, "mode": "bank", "rate_bp_a_year": 1200,
        "method": "balance", "instalments": 10, "first_due": "2024-05-10",
    }  # fmt: skip
    said = a_day(vo, on="2024-04-10", lendings=[lending])
    document = read(said)
    plain = document.model_dump(mode="json")
    assert plain.pop("difference") is None and plain.pop("drawn") == []
    assert (plain["lendings"][0].pop("part_month"), plain["lendings"][0].pop("by", "")) == ("due", "")
    before = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert digest_of(document) == hashlib.sha256(before).digest()
    other = read({**said, "lendings": [{**lending, "part_month": "days"}]})
    assert digest_of(other) != digest_of(document)
    close(vo, said)
    assert on_both(vo, "2024-04-25")[0].run == 0


@pytest.mark.parametrize("part", ["days", "whole", "due"])
def test_a_cut_off_out_of_the_book_carries_it_on(vo: Vo, part: str) -> None:
    loan = lent(vo, part)
    arrive(vo, 40_000)
    repay(vo, loan, "2024-04-20", 1, principal=20_000_00)
    for book in (vo.book, vo.one.book):
        (said,) = cut_off_from(book, day("2024-04-25"), id=new_id())["loans"]
        assert said["part_month"] == part
        assert said["begun"] == (None if part == "due" else day("2024-04-10"))
        assert [one["principal"] for one in said["repaid"]] == ([] if part == "due" else [20_000_00])


def test_other_terms_of_a_month_under_the_same_id_are_another_loan(vo: Vo) -> None:
    said = {"by": us(), "book": vo.book, "loan": new_id(), "on": day("2024-04-10")}
    lend_to_body(**said, terms=terms(vo.one.group, part_month="days"))
    with pytest.raises(Conflict):
        lend_to_body(**said, terms=terms(vo.one.group, part_month="whole"))
    assert lend(vo, vo.two.group).pk
