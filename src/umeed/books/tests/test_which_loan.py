"""A woman with two loans, or a group with two of one lender: every paper and page says which of them it is about."""

from __future__ import annotations

import html

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from umeed.books.actions import lock_month
from umeed.books.actions.differing import put_right
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.written import written_in
from umeed.books.models import Loan, Meeting
from umeed.books.registers import slips
from umeed.books.registers.dues import dues
from umeed.books.registers.loans import new_terms
from umeed.books.registers.minutes import minutes
from umeed.books.registers.passbooks import member_passbook
from umeed.books.registers.which_loan import which_loans
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_agreed_anew import TERMS, anew
from umeed.books.tests.test_bodies import Vo, arrive, theirs, vo
from umeed.books.tests.test_bodies import lend as to_body
from umeed.books.tests.test_meetings import lend
from umeed.books.tests.test_minutes import table_of
from umeed.books.tests.test_registers import lines, meet, nth, saves
from umeed.books.tests.writing import Keeper, keeper_of, text_of
from umeed.core.papers.shapes import Table
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["vo"]
APRIL, MAY = "Loan of 8 Apr 2024, ₹100", "Loan of 8 May 2024, ₹70"
WHY = "Written to the wrong loan"


@pytest.fixture
def held(kept: Kept) -> Meeting:
    """The second woman has two loans, of April and May, and repays both in June; the third has one. The months are
    closed."""
    first, second, other = (
        lend(kept, at, rupees, first_due="2024-06-08") for at, rupees in ((1, 100), (1, 70), (2, 60))
    )
    meet(kept, 1, nth(0), savings=saves(kept), lendings=[first, other])
    meet(kept, 2, nth(1), savings=saves(kept), lendings=[second])
    pk = meet(kept, 3, nth(2), savings=saves(kept), repayments=[
        {"loan": first["loan"], "principal": 30_00, "interest": 2_00},
        {"loan": second["loan"], "principal": 10_00, "interest": 1_00},
        {"loan": other["loan"], "principal": 20_00},
    ])  # fmt: skip
    lock_month(by=us(), book=kept.book, month=day("2024-06-30"))
    return Meeting.objects.get(pk=pk)


def mend(held: Meeting) -> None:
    """Five of principal belong to the other loan; the third woman repaid 25."""
    now = {one.key: one for one in written_in(held) if one.head == "loan_to_member"}
    right = {30_00: 35_00, 10_00: 5_00, 20_00: 25_00}
    amounts = {key: Paise(right[one.paise]) for key, one in now.items()}
    put_right(by=us(), meeting=held.pk, nth=0, right=amounts, why=WHY)


def test_only_loans_of_whom_has_several_are_told_apart(kept: Kept, held: Meeting) -> None:
    assert sorted(which_loans(kept.book.pk, held.held_on).values()) == [APRIL, MAY]
    assert which_loans(kept.book.pk, day(nth(0))) == {}, "she had one then"
    first = Loan.objects.get(book=kept.book, lent_on=day(nth(0)), woman=kept.women[1].pk)
    rest = {one.key: Paise(100_00) for one in written_in(held) if one.loan == first.pk and one.head == "loan_to_member"}
    put_right(by=us(), meeting=held.pk, nth=0, right=rest, why="All of it")
    assert set(which_loans(kept.book.pk, held.held_on).values()) == {APRIL, MAY}, "what moved later ran then"
    assert which_loans(kept.book.pk, us().today, since=held.held_on).keys() >= {first.pk}


def test_a_loan_that_is_repaid_is_not_asked_about_any_more(kept: Kept) -> None:
    first, second = lend(kept, 1, 100, first_due="2024-06-08"), lend(kept, 1, 70, first_due="2024-06-08")
    meet(kept, 1, nth(0), savings=saves(kept), lendings=[first, second])
    meet(kept, 2, nth(1), savings=saves(kept), repayments=[{"loan": first["loan"], "principal": 100_00}])
    assert len(which_loans(kept.book.pk, day(nth(1)))) == 2
    assert which_loans(kept.book.pk, day(nth(2))) == {}


def test_of_one_day_and_amount_they_are_told_apart_by_what_for_or_a_number(kept: Kept) -> None:
    three = [lend(kept, 1, 50), lend(kept, 1, 50), lend(kept, 1, 50, purpose="shop")]
    meet(kept, 1, nth(0), savings=saves(kept), lendings=three)
    one = "Loan of 8 Apr 2024, ₹50"
    assert sorted(which_loans(kept.book.pk, day(nth(0))).values()) == [
        f"{one} · Dairy and livestock · 1", f"{one} · Dairy and livestock · 2", f"{one} · Shop or trade",
    ]  # fmt: skip


def test_minutes_name_the_loan_repaid_and_put_right(kept: Kept, held: Meeting) -> None:
    mend(held)
    paper = minutes(kept.book, held.pk)
    assert paper is not None
    second, third = kept.women[1].name, kept.women[2].name
    repaid = [row[0] for row in lines(table_of(paper, "Repayments"))]
    assert repaid == [f"{second} · {APRIL}", f"{second} · {MAY}", third]
    assert [row[1:4] for row in lines(table_of(paper, "Put right later"))] == [
        (f"{second} · {APRIL} · Loans to members: repaid", 5_00, None),
        (f"{second} · {MAY} · Loans to members: repaid", None, 5_00),
        (f"{third} · Loans to members: repaid", 5_00, None),
    ]


def test_her_slip_and_the_meetings_page_name_it_too(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    mend(held)
    paper = slips.slip(kept.book, held.pk, kept.women[1].pk)
    assert paper is not None
    assert f"Loan repaid ₹5 more ({APRIL}), Loan repaid ₹5 less ({MAY}) · {WHY}" in paper.notes[0]
    other = slips.slip(kept.book, held.pk, kept.women[2].pk)
    assert other is not None and "Loan repaid ₹5 more · " in other.notes[0]
    text = text_of(keeper.client.get(keeper.url("meeting", held.pk)))
    name = html.escape(kept.women[1].name)
    assert f"{name} · {APRIL} · Loans to members: repaid ₹ 5 more" in text
    assert f"{MAY} · Interest ₹ 1 · Principal ₹ 10" in text, "where all of the meeting is read out"


def test_her_passbook_has_what_moved_loan_by_loan_also_when_it_comes_to_nothing(kept: Kept, held: Meeting) -> None:
    mend(held)
    which = f"Put right: meeting 3 of 8 Jun 2024 · {WHY}"

    def loans(at: int) -> Table:
        paper = member_passbook(kept.book, kept.women[at].pk, us().today)
        return next(one for one in paper.tables if one.title == "Loans")

    hers = loans(1)
    assert [str(column.title) for column in hers.columns][2:] == ["Taken", "Repaid", "Interest", "Owed"]
    assert lines(hers)[-2:] == [
        (us().today, f"{which} · {APRIL}", None, 5_00, None, 125_00),
        (us().today, f"{which} · {MAY}", None, -5_00, None, 130_00),
    ]
    assert lines(hers, "closing")[0][2:] == (170_00, 40_00, 3_00, 130_00)
    assert lines(loans(2))[-1][:4] == (us().today, which, None, 5_00), "of whom has one it is not named"
    loan = next(one for one in written_in(held) if one.head == "interest_from_members" and one.paise == 2_00)
    put_right(by=us(), meeting=held.pk, nth=1, right={loan.key: Paise(1_00)}, why="Twice")
    assert lines(loans(1))[-1][1:5] == (f"Put right: meeting 3 of 8 Jun 2024 · Twice · {APRIL}", None, None, -1_00)


def test_her_passbook_says_on_which_of_them_she_repaid(kept: Kept, held: Meeting) -> None:
    def told(at: int) -> list[tuple[object, ...]]:
        paper = member_passbook(kept.book, kept.women[at].pk, us().today)
        return [row[1:] for row in lines(next(one for one in paper.tables if one.title == "Loans"))]

    assert told(1) == [
        (f"Meeting 1 · {APRIL}", 100_00, None, None, 100_00), (f"Meeting 2 · {MAY}", 70_00, None, None, 170_00),
        (f"Meeting 3 · {APRIL}", None, 30_00, 2_00, 140_00), (f"Meeting 3 · {MAY}", None, 10_00, 1_00, 130_00),
    ]  # fmt: skip
    assert [row[0] for row in told(2)] == ["Meeting 1", "Meeting 3"], "of whom has one it is not named"


def test_dues_and_the_list_of_loans_tell_them_apart_and_say_that_she_is_one(
    keeper: Keeper, kept: Kept, held: Meeting
) -> None:  # fmt: skip
    paper, said = dues(kept.book, us().today), "is of one who has several loans"
    (table,) = paper.tables
    second, third = kept.women[1].name, kept.women[2].name
    assert {row[:2] for row in lines(table)} == {(second, APRIL), (second, MAY), (third, None)}  # type: ignore[arg-type]
    assert said in table.note and f"{second}. {MAY}. Loan: " in paper.spoken  # type: ignore[union-attr]
    text = text_of(keeper.client.get(keeper.url("loans")))
    assert APRIL in text and MAY in text and said in text
    (alone,) = dues(kept.book, day(nth(0))).tables
    assert {row[0] for row in lines(alone)} == {second, third} and not alone.note  # type: ignore[arg-type, union-attr]


def test_in_urdu_the_sign_of_rupees_stays_before_its_number(kept: Kept, held: Meeting) -> None:
    mend(held)
    with translation.override("ur"):
        told = slips.slip(kept.book, held.pk, kept.women[1].pk)
    assert told is not None and "\u2066₹100\u2069" in told.notes[0] and "\u2066₹5\u2069" in told.notes[0]


def test_the_page_names_the_loan_and_calls_a_repayment_so(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    answer = keeper.client.get(keeper.url("meeting_differing", held.pk))
    text, name = text_of(answer), html.escape(kept.women[1].name)
    assert f"{name} · {APRIL} · Loan repaid: What is right" in text and f"{name} · {MAY} · Interest: What is" in text
    assert "Loans to members" not in text
    page = answer.content.decode()
    assert page.count(f"<bdi>{name}</bdi>") == 2, "one card a woman, and her name in the list of them"
    assert page.count('<section class="meeting-row" id="who-') == len(kept.women) + 1, "and what is nobody's"
    assert page.count(f">{APRIL}<") == page.count(f">{MAY}<") == 1, "each loan over what is of it"


def test_her_slip_says_on_which_of_them_she_repaid(kept: Kept, held: Meeting) -> None:
    paper = slips.slip(kept.book, held.pk, kept.women[1].pk)
    assert paper is not None
    assert lines(paper.tables[0])[1:] == [
        (f"Loan repaid · {APRIL}", 30_00, None), (f"Loan repaid · {MAY}", 10_00, None),
        (f"Interest · {APRIL}", 2_00, None), (f"Interest · {MAY}", 1_00, None),
    ]  # fmt: skip
    other = slips.slip(kept.book, held.pk, kept.women[2].pk)
    assert other is not None and ("Loan repaid", 20_00, None) in lines(other.tables[0])
    text = text_of(Client().get(reverse("books:confirm", args=[slips.token_of(held, kept.women[1].pk)])))
    assert f"Loan repaid · {APRIL}" in text and f"Interest · {MAY}" in text


def test_her_passbook_says_which_of_them_was_agreed_anew(kept: Kept, held: Meeting) -> None:
    loan = Loan.objects.get(book=kept.book, lent_on=day(nth(1)), woman=kept.women[1].pk)
    anew(kept, loan, "2024-07-10", first_due=day("2024-08-08"))
    paper = member_passbook(kept.book, kept.women[1].pk, us().today)
    told = [row[1] for row in lines(next(one for one in paper.tables if one.title == "Loans"))]
    assert f"Agreed anew · {TERMS['resolution']} · {MAY}" in told
    (hers,) = [one for one in running_loans(kept.book.pk, us().today) if one.loan.pk == loan.pk]
    assert new_terms([hers]) == [(day("2024-07-10"), f"Agreed anew · {TERMS['resolution']}")], "on its own ledger not"


def test_what_stands_against_taking_back_says_whose_loan_and_which(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    first = Meeting.objects.get(number=1)
    answer = keeper.client.post(keeper.url("meeting_take_back", first.pk), {"id": new_id(), "why": "Never held"})
    text = text_of(answer)
    second, third = kept.women[1].name, kept.women[2].name
    assert answer.status_code == 422
    assert f"{second} · {APRIL}: More would be repaid on this loan than is owed: ₹30 too much" in text
    assert f" {third}: More would be repaid on this loan than is owed: ₹20 too much" in text


def test_two_loans_of_one_vo_are_told_apart_where_they_are_repaid(vo: Vo) -> None:
    loans = [theirs(to_body(vo)), theirs(to_body(vo, rupees=10_000, on=day("2024-04-12")))]
    arrive(vo, 50_000, "2024-04-12")
    named = ["Loan of 10 Apr 2024, ₹40,000", "Loan of 12 Apr 2024, ₹10,000"]
    keeper = keeper_of(vo.one)
    keeper.begin("2024-05-08", 1)
    keeper.send("attendance", president=str(vo.one.women[0].pk))
    text = text_of(keeper.open("bank"))
    assert [which for which in named if f"Umeed VO · Loan from the VO · {which} " in text] == named, text
    paid = {f"t-{loan.uid}-principal": "100" for loan in loans} | {f"t-{loan.uid}-interest": "" for loan in loans}
    keeper.walk(bank=paid, count={"counted": "50050"})
    assert all(f"Umeed VO {which} · Loan repaid" in text_of(keeper.open("close")) for which in named)
    answer = keeper.close()
    assert answer.status_code == 302, text_of(answer)
    paper = minutes(vo.one.book, Meeting.objects.get(book=vo.one.book).pk)
    assert paper is not None
    paid_to = [row[0] for row in lines(table_of(paper, "Paid to VO, CLF and banks"))]
    assert paid_to == [f"Umeed VO · {which}" for which in named]
