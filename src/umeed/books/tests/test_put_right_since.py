"""A meeting of a closed month is put right today: what became of its loans since stands against it, what is unusual is
asked as in a meeting, and what an earlier time found over or short is used up first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from umeed.books.actions import close_meeting, lock_month, take_back_meeting
from umeed.books.actions.bodies import write_off as write_off_of_body
from umeed.books.actions.differing import put_right
from umeed.books.actions.loans import agree_anew, let_interest_go, undo_anew, undo_write_off, write_off
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Entry
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.differences import ways_of
from umeed.books.meetings.since import moved_before
from umeed.books.meetings.written import written_in
from umeed.books.models import Loan, Meeting, Sheet
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import Vo, a_day, vo
from umeed.books.tests.test_bodies import close as close_day
from umeed.books.tests.test_bodies import lend as lend_to_group
from umeed.books.tests.test_bodies_pages import _fields, browser, url
from umeed.books.tests.test_meetings import lend
from umeed.books.tests.test_registers import meet, nth, saves
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["browser", "vo"]
WHY = "Her receipt says so"
TERMS = {
    "rate_bp_a_year": 1200, "method": "balance", "frequency": "monthly", "instalments": 4,
    "first_due": day("2024-07-08"), "resolution": "14 of 10 June",
}  # fmt: skip


@dataclass
class Paid:
    """A meeting of a closed month in which the second woman repaid 60 with 2 of interest on her loan of 100."""

    kept: Kept
    held: Meeting
    loan: Loan

    def key(self, head: str) -> str:
        return f"{head}-{self.loan.woman_id}-{self.loan.pk}"

    def put_right(self, nth: int = 0, **right: int) -> int:
        """Rupees by head: of her loan, or `saving` of the first woman."""
        saving = f"saving_optional-{self.kept.women[0].pk}-"
        keys = {head: saving if head == "saving" else self.key(head) for head in right}
        return put_right(
            by=us(), meeting=self.held.pk, nth=nth, why=WHY, is_sure=True,
            right={keys[head]: Paise(rupees * 100) for head, rupees in right.items()},
        )  # fmt: skip

    def against(self, **right: int) -> list[tuple[str | None, str]]:
        with pytest.raises(Refused) as refused:
            self.put_right(**right)
        return [(one.field, one.message(str)) for one in refused.value.refusals]

    @property
    def now(self) -> RunningLoan:
        return running_loans(self.kept.book.pk, us().today, loans=[self.loan.pk], with_closed=True)[0]


@pytest.fixture
def paid(kept: Kept) -> Paid:
    lent = lend(kept, 1, 100)
    meet(kept, 1, nth(0), savings=saves(kept), lendings=[lent])
    repaid = {"loan": lent["loan"], "principal": 60_00, "interest": 2_00}
    pk = meet(kept, 2, nth(1), savings=saves(kept), repayments=[repaid])
    lock_month(by=us(), book=kept.book, month=day("2024-05-31"))
    return Paid(kept, Meeting.objects.get(pk=pk), Loan.objects.get(uid=lent["loan"]))


# What became of a loan since ----------------------------------------------------------------------------------------


def test_before_new_terms_nothing_of_the_loan_is_put_right_until_they_are_taken_back(paid: Paid) -> None:
    agree_anew(by=us(), book=paid.kept.book, loan=paid.loan.uid, id=new_id(), since=day("2024-06-10"), **TERMS)
    words = f"The loan of {paid.kept.women[1].name} was agreed anew from 10 Jun 2024: take the new terms back first."
    for head, rupees in (
        ("loan_to_member", 50), ("loan_to_member", 70), ("interest_from_members", 1), ("interest_from_members", 3),
    ):  # fmt: skip
        assert paid.against(**{head: rupees}) == [(paid.key(head), words)]
    assert paid.now.owed == 40_00 and not Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).exists()
    # What is of no such loan is put right all the same.
    paid.put_right(saving=60)
    undo_anew(by=us(), book=paid.kept.book, loan=paid.loan.uid, why="To put the meeting right")
    paid.put_right(1, loan_to_member=50)
    asked = sum(due.principal for due in paid.now.dues)
    assert (paid.now.owed, asked - 50_00) == (50_00, 50_00) and first_difference() is None


def test_a_meeting_under_the_new_terms_is_put_right_under_them(paid: Paid) -> None:
    agree_anew(by=us(), book=paid.kept.book, loan=paid.loan.uid, id=new_id(), since=day("2024-06-10"), **TERMS)
    pk = meet(paid.kept, 3, nth(3), repayments=[{"loan": paid.loan.uid, "principal": 10_00, "interest": 0}])
    lock_month(by=us(), book=paid.kept.book, month=day("2024-07-31"))
    paid.held = Meeting.objects.get(pk=pk)
    paid.put_right(loan_to_member=15)
    assert paid.now.owed == 25_00


def test_before_a_write_off_it_is_taken_back_first(paid: Paid) -> None:
    book, loan = paid.kept.book, paid.loan.uid
    write_off(by=us(), book=book, loan=loan, on=day("2024-06-20"), resolution="15 of 20 June", approved="VO, 2 June")
    words = f"The loan of {paid.kept.women[1].name} was written off on 20 Jun 2024: take that back first."
    assert paid.against(loan_to_member=50) == [(paid.key("loan_to_member"), words)]
    assert (paid.key("interest_from_members"), words) in paid.against(loan_to_member=70, interest_from_members=4)
    assert paid.now.off_on == day("2024-06-20")
    undo_write_off(by=us(), book=book, loan=loan, why="To put the meeting right")
    paid.put_right(loan_to_member=50)
    assert paid.now.owed == 50_00 and first_difference() is None


def test_what_came_after_a_write_off_is_put_right_up_to_what_was_written_off(paid: Paid) -> None:
    book, loan = paid.kept.book, paid.loan.uid
    write_off(by=us(), book=book, loan=loan, on=day("2024-06-20"), resolution="15 of 20 June", approved="VO, 2 June")
    pk = meet(paid.kept, 3, nth(3), repayments=[{"loan": loan, "principal": 10_00, "interest": 0}])
    lock_month(by=us(), book=book, month=day("2024-07-31"))
    held = Meeting.objects.get(pk=pk)
    came = next(one for one in written_in(held) if one.head == "written_off")
    with pytest.raises(Refused) as refused:
        put_right(by=us(), meeting=pk, nth=0, right={came.key: Paise(41_00)}, why=WHY)
    assert [(one.field, one.code) for one in refused.value.refusals] == [(came.key, "more_than_off")]
    put_right(by=us(), meeting=pk, nth=0, right={came.key: Paise(40_00)}, why=WHY)
    assert paid.now.may_come_back == 0


def test_before_interest_was_let_go_it_is_asked_for_again_first(kept: Kept) -> None:
    lent = lend(kept, 1, 100, method="flat", instalments=20)
    meet(kept, 1, nth(0), savings=saves(kept), lendings=[lent])
    pk = meet(kept, 2, nth(1), repayments=[{"loan": lent["loan"], "principal": 100_00, "interest": 2_00}])
    lock_month(by=us(), book=kept.book, month=day("2024-05-31"))
    paid = Paid(kept, Meeting.objects.get(pk=pk), Loan.objects.get(uid=lent["loan"]))
    let_interest_go(
        by=us(), book=kept.book, loan=paid.loan.uid, id=new_id(), since=day("2024-06-20"), resolution="16 of 20 June"
    )
    words = f"The interest on the loan of {kept.women[1].name} was let go from 20 Jun 2024: ask for it again first."
    assert paid.against(loan_to_member=90) == [(paid.key("loan_to_member"), words)]
    undo_anew(by=us(), book=kept.book, loan=paid.loan.uid, why="To put the meeting right")
    paid.put_right(loan_to_member=90)
    assert paid.now.owed == 10_00


def test_a_loan_repaid_since_asks_for_what_is_put_right(paid: Paid) -> None:
    """Nothing stands against it: the rest is due since it fell due."""
    meet(paid.kept, 3, nth(2), repayments=[{"loan": paid.loan.uid, "principal": 40_00, "interest": 80}])
    assert paid.now.owed == 0
    paid.put_right(loan_to_member=50)
    one = paid.now
    assert (one.owed, one.arrears.principal) == (10_00, 10_00) and first_difference() is None


def test_on_her_page_the_reason_stands_beside_the_loan_in_words_of_the_page(keeper: Keeper, paid: Paid) -> None:
    agree_anew(by=us(), book=paid.kept.book, loan=paid.loan.uid, id=new_id(), since=day("2024-06-10"), **TERMS)
    where, key = keeper.url("meeting_differing", paid.held.pk), paid.key("loan_to_member")
    answer = keeper.client.post(where, {**fields_of(keeper.client.get(where)), key: "50", "why": WHY})
    assert answer.status_code == 422
    name = paid.kept.women[1].name
    assert f"{name} · Loan repaid: The loan of {name} was agreed anew" in text_of(answer)
    assert f'href="#id_{key}"' in answer.content.decode()


def test_of_a_vos_day_before_a_group_was_let_off(vo: Vo, browser: Client) -> None:
    with as_system():
        loan = lend_to_group(vo, vo.bookless, 1_000)
        close_day(vo, a_day(
            vo, repayments=[{"loan": loan.uid, "principal": 100_00, "interest": 10_00}], counted=110_00,
        ), is_sure=True)  # fmt: skip
        lock_month(by=us(), book=vo.book, month=day("2024-05-31"))
        write_off_of_body(
            by=us(), loan=loan.uid, paise=Paise(900_00), resolution="3 of June", on=day("2024-06-20"), uid=new_id()
        )
        held = Meeting.objects.get(book=vo.book)
        key = next(one.key for one in written_in(held) if one.head == "loan_to_body")
    where = url(vo, "meetings", str(held.pk), "put-right")
    sent = {**_fields(browser.get(where).content.decode()), key: "80", "why": WHY}
    answer = browser.post(where, sent)
    assert answer.status_code == 422 and "written off on 20 Jun 2024: take that back first" in text_of(answer)


@pytest.mark.parametrize("what", ["anew", "off"])
@pytest.mark.parametrize("how", ["taken back", "corrected", "late"])
def test_nor_is_a_meeting_before_it_taken_back_corrected_or_written_late(paid: Paid, how: str, what: str) -> None:
    """In an open month too: what new terms divided, and a write-off let go, was owed without it."""
    kept, uid = paid.kept, paid.loan.uid
    pk = meet(kept, 3, nth(2), savings=saves(kept), repayments=[{"loan": uid, "principal": 10_00, "interest": 0}])
    if what == "anew":
        agree_anew(by=us(), book=kept.book, loan=uid, id=new_id(), since=day("2024-06-10"), **TERMS)
    else:
        write_off(by=us(), book=kept.book, loan=uid, on=day("2024-06-10"), resolution="15", approved="VO")
    was, came = paid.now, {woman.pk: "present" for woman in kept.women}

    def write(number: int, on: str, rupees: int, **more: Any) -> None:
        said = {
            "id": new_id(), "number": number, "on": on, "president": kept.women[0].pk, "attendance": came,
            "counted": 0, "difference_why": "A note", "savings": saves(kept, 60),
            "repayments": [{"loan": uid, "principal": rupees * 100, "interest": 0}],
        }  # fmt: skip
        close_meeting(by=us(), book=kept.book, said=said, is_sure=True, **more)

    with pytest.raises(Refused) as refused:
        if how == "taken back":
            take_back_meeting(by=us(), meeting=pk, id=new_id(), why="Never held")
        elif how == "corrected":
            write(3, nth(2), 5, replaces=pk, why="Sixty")
        else:
            write(4, "2024-06-09", 5)
    said = f"The loan of {kept.women[1].name} was"
    assert any(said in one.message(str) for one in refused.value.refusals)
    assert (paid.now.owed, paid.now.off_on) == (was.owed, was.off_on)
    if how == "corrected":
        # What leaves the loan as it was is corrected all the same.
        write(3, nth(2), 10, replaces=pk, why="Sixty")
        assert (paid.now.owed, paid.now.off_on) == (was.owed, was.off_on) and first_difference() is None


# What is asked --------------------------------------------------------------------------------------------------------


def test_a_saving_far_above_the_usual_is_asked_about_and_the_answer_kept(keeper: Keeper, paid: Paid) -> None:
    kept = paid.kept
    where, first = keeper.url("meeting_differing", paid.held.pk), kept.women[0]
    key, fine = f"saving_compulsory-{first.pk}-", f"fine-{first.pk}-"
    optional = f"saving_optional-{first.pk}-"
    page = fields_of(keeper.client.get(where))
    assert key not in page, "the meeting kept another saving"
    pk = meet(kept, 3, nth(3), savings=[{"head": "saving_compulsory", "woman": first.pk, "paise": 50_00}])
    lock_month(by=us(), book=kept.book, month=day("2024-07-31"))
    where = keeper.url("meeting_differing", pk)
    page = fields_of(keeper.client.get(where))
    typed = {**page, key: "1,00,00,000", fine: "1000", optional: "60", "why": WHY}
    answer = keeper.client.post(where, typed)
    text = text_of(answer)
    assert answer.status_code == 422 and "Is this right?" in text and "tick each one that is right" in text
    assert "₹1,00,00,000 is much more than the usual ₹50. Is it right?" in text
    assert "₹1,000 is much more than the usual ₹10. Is it right?" in text
    assert not Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).exists()
    sure = [f"much_saved:{key}", f"much_fined:{fine}", "much_cash_short"]
    assert all(f'value="{one}"' in answer.content.decode() for one in sure)
    # One tick of three, or a reason besides: nothing is posted, what was ticked stays ticked.
    for more in ({}, {"why": ""}):
        answer = keeper.client.post(where, {**typed, **more, "sure": sure[:1]})
        assert answer.status_code == 422 and answer.content.decode().count(" checked") == 1
        assert fields_of(answer)[key] == "1,00,00,000"
    assert not Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).exists()
    for _twice in range(2):
        assert keeper.client.post(where, {**typed, "sure": sure}).status_code == 302
    assert Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).count() == 1


def test_what_is_less_is_not_asked_about_and_all_else_when_it_is_far_more_than_there_is(vo: Vo) -> None:
    close_day(vo, a_day(
        vo, receipts=[{"head": "other_receipt", "paise": 300_00}], payments=[{"head": "travel", "paise": 100_00}],
        deposit=50_00, counted=150_00,
    ), is_sure=True)  # fmt: skip
    lock_month(by=us(), book=vo.book, month=day("2024-05-31"))
    held = Meeting.objects.get(book=vo.book)

    def asked(**right: int) -> list[tuple[str | None, str, str]]:
        said: dict[str, Any] = {"by": us(), "meeting": held.pk, "nth": 0, "why": WHY}
        try:
            put_right(**said, right={f"{head}--": Paise(rupees * 100) for head, rupees in right.items()})
        except Refused as refused:
            return [(one.field, one.code, one.severity) for one in refused.refusals]
        return []

    # The book holds a lakh: twenty times that is a nought too many.
    much = 10_00_00_000
    for head in ("other_receipt", "travel", "bank"):
        found = "much_cash_short" if head == "other_receipt" else "much_cash_over"
        assert asked(**{head: much}) == [(f"{head}--", "far_more", "warn"), (None, found, "warn")]
    assert asked(other_receipt=200, travel=50, bank=0) == []


def test_more_interest_than_is_asked_for_is_asked_about(paid: Paid) -> None:
    key = paid.key("interest_from_members")
    with pytest.raises(Refused) as refused:
        put_right(by=us(), meeting=paid.held.pk, nth=0, right={key: Paise(900_00)}, why=WHY)
    assert [(one.field, one.code, one.severity) for one in refused.value.refusals] == [(key, "more_interest", "warn")]
    put_right(by=us(), meeting=paid.held.pk, nth=0, right={key: Paise(3_00)}, why=WHY)


# What earlier times left over or short ------------------------------------------------------------------------------


def found(kept: Kept) -> tuple[int, int]:
    """(over, short) as the book has it today."""
    today = balances(kept.book.pk, us().today)
    return -today.get("cash_over", 0), today.get("cash_short", 0)


def test_put_right_again_uses_up_what_the_first_time_found_short(paid: Paid) -> None:
    kept = paid.kept
    paid.put_right(0, saving=1_00_00_000)
    assert found(kept) == (0, 99_99_950_00)
    paid.put_right(1, saving=50)
    assert found(kept) == (0, 0), "as if it had never been put right"
    paid.put_right(2, saving=40)
    assert found(kept) == (10_00, 0)
    # Fifteen more than now: ten were found over, and five are short.
    sheet = paid.put_right(3, saving=55)
    assert found(kept) == (0, 5_00)
    assert paid.put_right(3, saving=55) == sheet, "the same again is known"
    assert paid.put_right(1, saving=50) and found(kept) == (0, 5_00), "also an earlier one"
    assert {one.key: one.paise for one in written_in(paid.held)}[f"saving_optional-{kept.women[0].pk}-"] == 55_00
    assert first_difference() is None
    take_back_meeting(by=us(), meeting=paid.held.pk, id=new_id(), why="Never held")
    assert found(kept) == (0, 0) and first_difference() is None


def test_sheets_with_both_lines_are_read() -> None:
    lines = [("bank", -20_00), ("fine", -5_00), ("cash_over", 10_00), ("cash_short", 15_00)]
    assert ways_of(lines) == ["to_and_from", "cash", None, None]


# A meeting that does not stand ---------------------------------------------------------------------------------------


def test_what_was_taken_back_leads_back_with_a_word(keeper: Keeper, paid: Paid) -> None:
    take_back_meeting(by=us(), meeting=paid.held.pk, id=new_id(), why="Never held")
    where = keeper.url("meeting_differing", paid.held.pk)
    for answer in (keeper.client.get(where, follow=True), keeper.client.post(where, {"why": WHY}, follow=True)):
        assert answer.redirect_chain[-1][0] == keeper.url("meeting", paid.held.pk)
        assert "It was taken back or corrected already." in answer.content.decode()


def test_of_a_loan_of_which_nothing_was_resolved_later_little_is_asked(paid: Paid, django_assert_num_queries) -> None:
    """Every meeting that is closed with a repayment asks it."""
    repaid = Entry("loan_to_member", Paise(-10_00), paid.loan.woman_id, paid.loan.pk)
    with django_assert_num_queries(2):
        assert moved_before(paid.kept.book, {paid.held.held_on: [repaid]}, us().today) == []


def test_what_is_told_as_found_is_named_where_so_much_did_not_lie_in_the_box(vo: Vo) -> None:
    """A VO with much at the bank counts 100 on its day: 29,700 more of travel, 99,999 taken to the bank were none."""
    came = [{"head": "vrf", "paise": 15_000_00, "mode": "bank"}, {"head": "other_receipt", "paise": 400_00}]
    travel = [{"head": "travel", "paise": 300_00}]
    held = close_day(vo, a_day(vo, receipts=came, payments=travel, counted=100_00), is_sure=True).meeting
    lock_month(by=us(), book=vo.book, month=day("2024-05-31"))

    def asked(**right: int) -> list[tuple[str | None, str]]:
        amounts = {f"{head}--": Paise(rupees * 100) for head, rupees in right.items()}
        with pytest.raises(Refused) as refused:
            put_right(by=us(), meeting=held, nth=0, right=amounts, why=WHY)
        assert {one.severity for one in refused.value.refusals} == {"warn"}
        return [(one.code, one.message(str)) for one in refused.value.refusals]

    told = "By this ₹{} is told as found over, and ₹100 was counted in the box that day. Is it right?"
    much = ("much_more", "₹30,000 is much more than the ₹300 that was written. Is it right?")
    assert asked(travel=30_000) == [much, ("much_cash_over", told.format("29,700"))]
    assert asked(bank=99_999) == [("much_cash_over", told.format("99,999"))]
    # Of two slips each is asked about.
    assert asked(travel=30_000, bank=99_999) == [much, ("much_cash_over", told.format("1,29,699"))]
    put_right(by=us(), meeting=held, nth=0, right={"travel--": Paise(390_00)}, why=WHY)
