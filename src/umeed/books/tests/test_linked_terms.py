"""Two cut-offs of one loan that say other terms: both books go on by the lender's, or it is not linked."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from umeed.books.actions.bodies import link_loans
from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.bodies.overview import rotation_of
from umeed.books.ledger.balances import balances
from umeed.books.ledger.lent import Lent, as_the_lender
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement, Loan, OpenCutOff
from umeed.books.registers.loans import loan_ledger
from umeed.books.registers.passbooks import group_passbook
from umeed.books.tests.test_cutoff_bodies import both, clf, groups, keeper, text_of, vo
from umeed.books.tests.test_cutoff_pages import at, begin, send
from umeed.books.verifying import verify
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

__all__ = ["clf", "groups", "keeper", "vo"]
WHY = "Both passbooks seen"
OTHER: dict[str, dict[str, Any]] = {
    "another rate": {"rate_bp_a_year": 1000},
    "flat": {"method": "flat"},
    "other instalments": {"instalments": 4},
    "another day": {"next_due": "2024-04-25"},
    "less overdue": {"overdue": []},
    "by the days": {"part_month": "days"},
    "less owed": {"outstanding": 39_000_00},
}


def of(loan: Loan, on: datetime.date) -> RunningLoan:
    with as_system():
        return running_loans(loan.book_id, on, loans=[loan.pk], with_closed=True)[0]


def asked_after(loan: Loan, since: datetime.date, until: datetime.date) -> list[Any]:
    return [due for due in of(loan, until).dues if due.on > since]


@pytest.mark.parametrize("mine", OTHER.values(), ids=OTHER.keys())
def test_from_then_on_both_books_ask_for_the_same(vo, groups, clf, mine: dict[str, Any]) -> None:
    """On every day after it, to the paisa; what was asked for before stays as each book had it."""
    ours, theirs = both(vo, groups, clf, **mine)
    today = us().today
    before = of(theirs, today - datetime.timedelta(days=1))
    said = {"by": us(), "ours": ours.uid, "theirs": theirs.uid, "why": WHY, "right": "ours"}
    with pytest.raises(Refused) as refused:
        link_loans(**said)
    assert codes_of(refused) == ["terms_differ"] and not Loan.objects.filter(twin__isnull=False).exists()
    link_loans(**said, takes_terms=True)
    since = Agreement.objects.filter(loan=theirs).order_by("since").last().since
    assert since in (today, today + datetime.timedelta(days=1))
    for days in (0, 1, 40, 200, 700):
        on = since + datetime.timedelta(days=days)
        one, two = of(ours, on), of(theirs, on)
        assert (one.owed, one.arrears, one.run, one.to_come) == (two.owed, two.arrears, two.run, two.to_come), days
        assert asked_after(ours, since, on) == asked_after(theirs, since, on)
    assert of(theirs, today - datetime.timedelta(days=1)).dues == before.dues
    assert first_disagreement() is None and [one.check for one in verify() if one.found] == []


def test_two_papers_that_say_the_same_are_linked_as_they_are(vo, groups, clf) -> None:
    """Who took the loan counts its interest as who lent it: nobody is asked for a rounding."""
    ours, theirs = both(vo, groups, clf)
    link_loans(by=us(), ours=ours.uid, theirs=theirs.uid, why=WHY)
    assert Agreement.objects.filter(loan__in=(ours, theirs)).count() == 2
    assert first_disagreement() is None


def test_what_is_repaid_after_it_lowers_both_alike(vo, groups, clf) -> None:
    from umeed.books.actions.days import close_day
    from umeed.books.models import Book

    ours, theirs = both(vo, groups, clf, rate_bp_a_year=1000)
    link_loans(by=us(), ours=ours.uid, theirs=theirs.uid, why=WHY, takes_terms=True)
    book, today = Book.objects.get(institution=vo), us().today
    paid = {"loan": ours.uid, "principal": 7_000_00, "interest": 400_00}
    said = {"number": 31, "on": today, "attendance": {group.pk: "present" for group in groups}}
    close_day(
        by=us(), book=book, is_sure=True,
        said={**a_day_of(said), "repayments": [paid], "counted": balances(book.pk, today)["cash"] + 7_400_00},
    )  # fmt: skip
    for days in (0, 45, 400):
        on = today + datetime.timedelta(days=days)
        one, two = of(ours, on), of(theirs, on)
        assert (one.owed, one.arrears, one.run) == (two.owed, two.arrears, two.run), days
    assert first_disagreement() is None


def a_day_of(said: dict[str, Any]) -> dict[str, Any]:
    from umeed.kernel.ids import new_id

    return {"id": new_id(), **said}


def test_the_page_says_what_differs_and_asks_for_it(keeper, vo, groups, clf) -> None:
    with as_system():
        ours, theirs = both(vo, groups, clf, rate_bp_a_year=1000, next_due="2024-04-25")
    between = f"/books/{vo.pk}/between/?with={groups[0].pk}"
    page = text_of(keeper.get(between))
    assert "both go by the lender" in page and "Interest, per cent a year: differs" in page
    assert page.index("per cent a year: differs") < page.index("How interest is counted")
    said = {"do": "link", "ours": ours.uid, "theirs": theirs.uid, "why": WHY}
    wrong = keeper.post(between, said)
    assert wrong.status_code == 422 and "The two books ask for other amounts on other days." in text_of(wrong)
    assert 'id="id_takes_terms"' in wrong.content.decode()
    assert keeper.post(between, {**said, "takes_terms": "1"}).status_code == 302
    with as_system():
        assert Agreement.objects.filter(loan=theirs).order_by("since").last().rate_bp_a_year == 1200


def test_what_is_lent_to_a_group_is_asked_by_the_year_in_both_cut_offs(keeper, vo, groups) -> None:
    begin(keeper, vo)
    send(keeper, vo, "loans", go="add")
    page = text_of(keeper.get(at(vo, "loans/")))
    assert "Interest, per cent a year" in page and "per cent a month" not in page
    one = OpenCutOff.objects.get().typed["loans"][0]["id"]
    send(keeper, vo, "loans", **{f"{one}-rate_bp_a_year": "12", f"{one}-whose": str(groups[0].pk)})
    assert "usually" not in text_of(keeper.get(at(vo, "loans/")))


def test_other_terms_lend_nothing_more(vo, groups, clf) -> None:
    ours, theirs = both(vo, groups, clf, rate_bp_a_year=1000)
    later = us().today + datetime.timedelta(days=2)
    before = rotation_of(theirs.book, later)
    link_loans(by=us(), ours=ours.uid, theirs=theirs.uid, why=WHY, takes_terms=True)
    assert Agreement.objects.filter(loan=theirs).count() == 2
    assert rotation_of(theirs.book, later) == before and before[1] > 0


def told_of(loan: Loan) -> dict[str, Any]:
    with as_system():
        shown = loan_ledger(loan.book, us().today, loan=loan.pk)
    return {fact[0]: fact[1] for fact in shown.facts}


def test_both_books_say_the_same_of_when_and_how_much_was_lent(vo, groups, clf) -> None:
    """What the lender's papers say; the own ones as long as the two are not known to be one."""
    ours, theirs = both(vo, groups, clf, lent=77_000_00, lent_on="2023-11-20")
    named = ("Lent on", "Loan", "Taken over")
    before = [told_of(theirs)[name] for name in named]
    assert before[:2] == [datetime.date(2023, 11, 20), 77_000_00]
    link_loans(by=us(), ours=ours.uid, theirs=theirs.uid, why=WHY, takes_terms=True)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert [told_of(ours)[name] for name in named] == [told_of(theirs)[name] for name in named] != before
    with as_system():
        words = str(group_passbook(theirs.book, Period.year_of(datetime.date(2024, 3, 31))).tables)
    assert "₹50,000 lent on 10 Jun 2023" in words and "20 Nov 2023" not in words


def test_what_the_lender_does_not_know_who_took_it_says() -> None:
    """A lender that took the loan over with no word of what was lent."""
    day, later = datetime.date(2025, 5, 27), datetime.date(2025, 6, 1)
    lender = Lent(day, Paise(28_000_00), is_taken_over=True)
    taker = Lent(later, Paise(28_000_00), is_taken_over=True, before=Paise(40_000_00))
    ours, theirs = Loan(pk=1, twin_id=2, way="given"), Loan(pk=2, twin_id=1, way="taken")
    for loan, own, other in ((ours, lender, {2: taker}), (theirs, taker, {1: lender})):
        told = as_the_lender(loan, own, other)
        assert (told.on, told.paise, told.is_taken_over) == (day, 40_000_00, True)
    lent = Lent(day, Paise(30_000_00), is_taken_over=False)
    told = as_the_lender(theirs, taker, {1: lent})
    assert (told.on, told.paise) == (day, 30_000_00)
