"""Between two bodies, through the actions: lent, brought, sent, counted in, taken back, linked, written off."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

import pytest

from umeed.books.actions import Conflict, close_meeting, open_book
from umeed.books.actions.bodies import BodyTerms, lend_to_body, link_loans, settle_on_the_way, take_back, write_off
from umeed.books.actions.days import close_day
from umeed.books.actions.taking import take_loan
from umeed.books.bodies.agreeing import first_disagreement, standings
from umeed.books.bodies.facts import before_day, sums_by_body
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.models import Agreement, Book, Loan, Sheet
from umeed.books.registers.loans import loan_ledger
from umeed.books.registers.reading import why_of
from umeed.books.rules.bodies import still_on_the_way
from umeed.books.rules.taken import TakenTerms
from umeed.books.tests.conftest import Kept, keep
from umeed.books.tests.making import day, entry, make_book, post, sheet
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import codes_of, make_federation, make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise


@dataclass
class Vo:
    """A VO with one lakh of CIF at its bank, and its groups: two that keep a book here, one that does not."""

    vo: Institution
    book: Book
    one: Kept
    two: Kept
    bookless: Institution


@pytest.fixture
def vo(valley) -> Vo:
    above = make_group(valley.chinar, "Umeed VO", kind="vo")
    groups = [make_group(valley.chinar, name, members=5) for name in ("Roshni", "Gulab", "Chinar")]
    for group in groups:
        make_federation(group, above)
    book = make_book(above)
    post(book, sheet(entry("bank", 100_000), entry("cif", -100_000), on="2024-04-01"))
    return Vo(above, book, keep(groups[0]), keep(groups[1]), groups[2])


def terms(body: Institution, rupees: int = 40_000, **said: Any) -> BodyTerms:
    given = {"rate_bp_a_year": 1200, "method": "balance", "instalments": 10, "first_due": day("2024-05-10"), **said}
    return BodyTerms(body.pk, Paise(rupees * 100), **given)


def lend(vo: Vo, body: Institution | None = None, rupees: int = 40_000, **said: Any) -> Loan:
    given = {"loan": new_id(), "on": day("2024-04-10"), **said}
    return lend_to_body(by=us(), book=vo.book, terms=terms(body or vo.one.group, rupees), **given)


def theirs(loan: Loan) -> Loan:
    assert loan.twin_id
    return Loan.objects.get(pk=loan.twin_id)


def arrive(vo: Vo, rupees: int, on: str = "2024-04-11") -> None:
    settle_on_the_way(
        by=us(), book=vo.one.book, body=vo.vo.pk, ways={"cash": Paise(rupees * 100)}, on=day(on), uid=new_id()
    )


def a_day(vo: Vo, number: int = 1, on: str = "2024-05-10", **said: Any) -> dict[str, Any]:
    came = {body.pk: "present" for body in (vo.one.group, vo.two.group, vo.bookless)}
    return {"id": new_id(), "number": number, "on": on, "attendance": came, "counted": 0, **said}


def close(vo: Vo, said: dict[str, Any], **more: Any) -> Any:
    return close_day(by=us(), book=vo.book, said=said, **more)


def meet(group: Kept, number: int = 1, on: str = "2024-05-08", **said: Any) -> dict[str, Any]:
    women = group.women
    return {
        "id": new_id(), "number": number, "on": on, "president": women[0].pk,
        "attendance": {woman.pk: "present" for woman in women}, "counted": 0, **said,
    }  # fmt: skip


def agree() -> bool:
    return first_difference() is None and first_disagreement() is None


def today(book: Book) -> dict[str, Paise]:
    return balances(book.pk, us().today)


# Lending -------------------------------------------------------------------------------------------------------------


def test_a_loan_to_a_group_stands_in_both_books_at_once(vo) -> None:
    loan = lend(vo)
    assert today(vo.book) == {"bank": 60_000_00, "cif": -100_000_00, "loan_to_body": 40_000_00}
    assert today(vo.one.book) == {"loan_from_vo": -40_000_00, "on_the_way": 40_000_00}
    mirror = theirs(loan)
    assert (mirror.twin_id, mirror.way, mirror.head, mirror.body_id) == (loan.pk, "taken", "loan_from_vo", vo.vo.pk)
    assert agree()
    arrive(vo, 40_000)
    assert today(vo.one.book) == {"loan_from_vo": -40_000_00, "cash": 40_000_00}


def test_both_books_ask_for_the_same_on_the_same_days(vo) -> None:
    loan = lend(vo)
    ours = running_loans(vo.book.pk, day("2024-06-10"))[0]
    other = running_loans(vo.one.book.pk, day("2024-06-10"))[0]
    assert ours.dues == other.dues and len(ours.dues) == 2
    assert (ours.arrears.principal, ours.arrears.interest) == (8_000_00, 800_00)
    assert ours.loan == loan


def test_the_same_loan_again_is_known_and_another_under_its_id_is_not(vo) -> None:
    loan, said = new_id(), {"by": us(), "book": vo.book, "on": day("2024-04-10")}
    first = lend_to_body(loan=loan, terms=terms(vo.one.group), **said)
    again = lend_to_body(loan=loan, terms=terms(vo.one.group), **said)
    assert first.pk == again.pk and Sheet.objects.filter(event__isnull=False).count() == 2
    with pytest.raises(Conflict):
        lend_to_body(loan=loan, terms=terms(vo.one.group, 50_000), **said)


def test_all_reasons_against_a_loan_come_at_once(vo, other) -> None:
    bad = replace(terms(other.group, 200_000), first_due=day("2024-04-01"))
    with pytest.raises(Refused) as refused:
        lend_to_body(by=us(), book=vo.book, loan=new_id(), on=day("2031-01-01"), terms=bad)
    assert set(codes_of(refused)) == {"future", "not_below", "due_before", "above_the_fund", "not_there"}
    assert not Loan.objects.exists()


def test_no_loan_above_the_fund_that_it_is_lent_out_of(vo) -> None:
    lend(vo, rupees=80_000)
    with pytest.raises(Refused) as refused:
        lend(vo, vo.two.group, 20_001)
    assert "above_the_fund" in codes_of(refused)


def test_what_comes_in_on_a_day_is_lent_on_the_same_day(vo) -> None:
    """A lakh lies in the bank, forty thousand of it are lent: thirty come from the mission, ten are repaid."""
    first = lend(vo)
    lent = {
        "loan": new_id(), "body": vo.two.group.pk, "paise": 100_001_00, "mode": "bank", "source": "cif",
        "rate_bp_a_year": 1200, "method": "balance", "instalments": 10, "first_due": "2024-06-10",
    }  # fmt: skip
    came = {
        "receipts": [{"head": "cif", "paise": 30_000_00, "mode": "bank"}],
        "repayments": [{"loan": first.uid, "principal": 10_000_00, "interest": 400_00, "mode": "bank"}],
    }
    with pytest.raises(Refused) as refused:
        close(vo, a_day(vo, **came, lendings=[lent]))
    assert codes_of(refused) == ["above_the_fund"]
    with pytest.raises(Refused) as refused:
        passed = [{"body": vo.one.group.pk, "head": "cif", "paise": 5_000_00, "mode": "bank"}]
        close(vo, a_day(vo, **came, lendings=[{**lent, "paise": 95_001_00}], passed=passed))
    assert codes_of(refused) == ["above_the_fund"]
    close(vo, a_day(vo, **came, lendings=[{**lent, "paise": 100_000_00}]))
    assert today(vo.book)["loan_to_body"] == 130_000_00 and agree()


def test_a_group_without_a_book_owes_in_ours_alone_until_it_is_linked(vo) -> None:
    loan = lend(vo, vo.bookless)
    assert loan.twin_id is None and today(vo.book)["loan_to_body"] == 40_000_00
    mine = _cut_off(vo, keep_since=day("2024-06-01"), rupees=40_000)
    link_loans(by=us(), ours=loan.uid, theirs=mine.uid, why="The cut-off of Chinar", takes_terms=True)
    loan.refresh_from_db()
    mine.refresh_from_db()
    assert (loan.twin_id, mine.twin_id) == (mine.pk, loan.pk) and agree()


def test_two_that_differ_are_linked_only_when_a_person_says_whose_is_right(vo) -> None:
    loan = lend(vo, vo.bookless)
    mine = _cut_off(vo, keep_since=day("2024-06-01"), rupees=38_000)
    with pytest.raises(Refused) as refused:
        link_loans(by=us(), ours=loan.uid, theirs=mine.uid, why="The cut-off of Chinar")
    assert codes_of(refused) == ["differs", "terms_differ"]
    said = {"why": "Both passbooks seen", "right": "ours", "takes_terms": True}
    link_loans(by=us(), ours=loan.uid, theirs=mine.uid, **said)
    assert today(mine.book)["loan_from_vo"] == -40_000_00 and agree()


@pytest.mark.parametrize("right", ["ours", "theirs"])
def test_a_loan_that_came_after_the_beginning_is_put_right_under_no_surplus_before(vo, right: Any) -> None:
    """The VO lent 40,000 on 10 April, the group wrote 38,000 by itself two days later; both books began before."""
    loan = lend(vo, vo.bookless)
    book = open_book(by=us(), institution=vo.bookless, on=day("2024-04-01"))
    taken = TakenTerms(
        head="loan_from_vo", body=vo.vo.pk, paise=Paise(38_000_00), rate_bp_a_year=1200, method="balance",
        instalments=10, first_due=day("2024-05-10"),
    )  # fmt: skip
    mine = take_loan(by=us(), book=book, loan=new_id(), on=day("2024-04-12"), terms=taken)
    link_loans(by=us(), ours=loan.uid, theirs=mine.uid, why="Both passbooks seen", right=right, takes_terms=True)
    wrong = book if right == "ours" else vo.book
    held = today(wrong)
    assert held["other_payment"] == 2_000_00 and "surplus_before" not in held and agree()
    for kept_in, one in ((vo.book, loan), (book, mine)):
        facts = {fact[0]: fact[1] for fact in loan_ledger(kept_in, us().today, loan=one.pk).facts}
        assert (facts["Lent on"], facts["Loan"]) == (day("2024-04-10"), 40_000_00)
        assert "Taken over" not in facts and facts["Principal owed"] == (40_000_00 if right == "ours" else 38_000_00)


def _cut_off(vo: Vo, *, keep_since: datetime.date, rupees: int) -> Loan:
    """The group without a book opens one, and its cut-off brings the loan that it has from the VO."""
    book = open_book(by=us(), institution=vo.bookless, on=keep_since)
    with audited(by=us(), did="cut_off"):
        loan = Loan(uid=new_id(), book=book, way="taken", head="loan_from_vo", body=vo.vo, lent_on=day("2024-04-10"))
        loan.save()
        Agreement(
            book=book, loan=loan, since=keep_since, principal_paise=rupees * 100, rate_bp_a_year=1200, method="balance",
            frequency="monthly", instalments=10, first_due=day("2024-07-10"),
        ).save()  # fmt: skip
    lines = entry("surplus_before", rupees), entry("loan_from_vo", -rupees, loan=loan.pk)
    post(book, sheet(*lines, on=keep_since.isoformat(), kind=4))
    return loan


# Repaying ------------------------------------------------------------------------------------------------------------


def test_what_a_group_sends_from_its_meeting_is_counted_in_by_the_vo(vo) -> None:
    loan = lend(vo)
    arrive(vo, 40_000)
    repaid = {"loan": theirs(loan).uid, "principal": 4_000_00, "interest": 400_00}
    close_meeting(by=us(), book=vo.one.book, said=meet(vo.one, repaid=[repaid], counted=35_600_00))
    assert today(vo.book)["on_the_way"] == 4_400_00 and today(vo.book)["loan_to_body"] == 36_000_00
    arrived = {"body": vo.one.group.pk, "paise": 4_400_00}
    close(vo, a_day(vo, arrived=[arrived], counted=4_400_00))
    assert "on_the_way" not in today(vo.book) and today(vo.book)["cash"] == 4_400_00
    assert agree()


def test_what_a_group_brings_without_a_meeting_waits_to_be_said_in_its_own_book(vo) -> None:
    loan = lend(vo)
    arrive(vo, 40_000)
    close(vo, a_day(vo, repayments=[{"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}], counted=4_400_00))
    assert today(vo.book) == {
        "cash": 4_400_00, "bank": 60_000_00, "cif": -100_000_00, "loan_to_body": 36_000_00,
        "interest_from_bodies": -400_00,
    }  # fmt: skip
    # In the group's book the loan is repaid; that the box gave it is not said yet.
    assert today(vo.one.book) == {
        "cash": 40_000_00, "loan_from_vo": -36_000_00, "interest_to_body": 400_00, "on_the_way": -4_400_00,
    }  # fmt: skip
    assert agree()
    arrive(vo, -4_400, "2024-05-11")
    assert today(vo.one.book)["cash"] == 35_600_00 and "on_the_way" not in today(vo.one.book)


def test_nobody_counts_in_more_than_was_sent(vo) -> None:
    lend(vo)
    for rupees in (40_001, -1, 0):
        with pytest.raises(Refused) as refused:
            arrive(vo, rupees)
        assert "more_than_sent" in codes_of(refused)


def test_the_same_money_is_asked_about_before_it_is_written_twice(vo) -> None:
    loan = lend(vo)
    arrive(vo, 40_000)
    repaid = {"loan": theirs(loan).uid, "principal": 4_000_00}
    close_meeting(by=us(), book=vo.one.book, said=meet(vo.one, repaid=[repaid], counted=36_000_00))
    with pytest.raises(Refused) as refused:
        close(vo, a_day(vo, repayments=[{"loan": loan.uid, "principal": 4_000_00}], counted=4_000_00))
    assert codes_of(refused) == ["same_money"]


# Taking back, writing off, telling -----------------------------------------------------------------------------------


def test_what_did_not_arrive_is_taken_back_and_what_arrived_is_not(vo) -> None:
    lend(vo)
    event = Sheet.objects.filter(event__isnull=False).values_list("event", flat=True).first()
    take_back(by=us(), book=vo.book, event=event, why="The cheque came back")
    assert today(vo.book)["bank"] == 100_000_00 and today(vo.one.book) == {} and agree()
    mirrors = Sheet.objects.filter(reverses__isnull=False)
    assert {one.book_id for one in mirrors} == {vo.book.pk, vo.one.book.pk}
    assert why_of(one.pk for one in mirrors) == {one.pk: "The cheque came back" for one in mirrors}
    with pytest.raises(Refused) as refused:
        take_back(by=us(), book=vo.book, event=event, why="Once more")
    assert codes_of(refused) == ["reversed"]
    lend(vo, vo.two.group)
    settle_on_the_way(
        by=us(), book=vo.two.book, body=vo.vo.pk, ways={"cash": Paise(1_00)}, on=day("2024-04-11"), uid=new_id()
    )
    event = Sheet.objects.filter(event__isnull=False, book=vo.two.book).values_list("event", flat=True).get()
    with pytest.raises(Refused) as refused:
        take_back(by=us(), book=vo.book, event=event, why="Too late")
    assert codes_of(refused) == ["arrived"]


def test_a_loan_is_written_off_in_both_books_by_a_resolution_only(vo) -> None:
    loan = lend(vo)
    said = {"by": us(), "loan": loan.uid, "paise": Paise(5_000_00), "on": day("2024-05-20")}
    with pytest.raises(Refused) as refused:
        write_off(resolution=" ", uid=new_id(), **{**said, "paise": Paise(40_001_00)})
    assert codes_of(refused) == ["no_resolution", "more_than_owed"]
    write_off(resolution="12 of 20 May 2024", uid=new_id(), **said)
    assert today(vo.book)["written_off"] == 5_000_00 and today(vo.one.book)["other_receipt"] == -5_000_00
    assert today(vo.one.book)["loan_from_vo"] == -35_000_00 and agree()


def test_both_sides_are_told_beside_each_other(vo) -> None:
    lend(vo)
    told = {one.family: (one.ours, one.theirs) for one in standings(vo.book, vo.one.group.pk, us().today)}
    assert told["loan"] == (40_000_00, 40_000_00)


def test_where_two_books_begin_apart_the_first_difference_is_named(vo) -> None:
    """Only cut-offs can differ: each body says what it had on its own day."""
    post(vo.one.book, sheet(entry("saving_with_vo", 700, body=vo.vo.pk), entry("surplus_before", -700), kind=4))
    found = first_disagreement()
    assert found is not None and (found.family, {found.ours, found.theirs}) == ("saving", {700_00, 0})


def test_money_on_the_way_ages_from_its_oldest_part(vo) -> None:
    one, two, three = day("2024-04-01"), day("2024-04-10"), day("2024-04-20")

    def left(*moved: tuple[datetime.date, str, int]) -> list[tuple[datetime.date, str, int, bool]]:
        return [(sent.on, sent.what, sent.paise, sent.is_whole) for sent in still_on_the_way(moved)]

    assert left() == left((one, "a", 100), (two, "b", -100)) == []
    assert left((one, "a", 100), (two, "b", 50), (three, "c", -100)) == [(two, "b", 50, True)]
    assert left((one, "a", 100), (two, "b", 50), (three, "c", -99)) == [(one, "a", 1, False), (two, "b", 50, True)]
    assert left((one, "a", 100), (two, "b", -130), (three, "c", 10)) == [(two, "b", -20, False)]
    # Counted in and sent anew on one day: what waits is of that day.
    assert left((one, "a", 100), (three, "b", -100), (three, "c", 40)) == [(three, "c", 40, True)]
    # Taken back is as if it had never been sent; counting in that is taken back leaves it where it was.
    assert left((one, "a", 100), (two, "b", 50), (three, "a", -100)) == [(two, "b", 50, True)]
    assert left((one, "a", 100), (two, "b", -100), (three, "b", 100)) == [(one, "a", 100, True)]


def test_what_is_lent_out_of_a_fund_is_known(vo) -> None:
    lend(vo)
    left = before_day(vo.book, us().today, today=us().today).facts.sources
    assert left["cif"] == 60_000_00
    assert sums_by_body(vo.book.pk, us().today)[(vo.one.group.pk, "loan_to_body")] == 40_000_00
