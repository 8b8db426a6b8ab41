"""What a group brings for a loan that its VO has written off: one event in two books, recovered in the one, paid in the
other, neither a repayment nor interest.

40,000 lent on 10 April, 4,000 of it repaid; 36,000 are written off on 20 June.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from umeed.books.actions.bodies import take_back, write_off
from umeed.books.actions.days import take_back_day
from umeed.books.actions.meetings import close_meeting, take_back_meeting
from umeed.books.bodies.facts import before_day
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Loan, Sheet
from umeed.books.registers.accounts import income_and_expenditure
from umeed.books.registers.cash import receipts_and_payments
from umeed.books.registers.loans import loan_ledger
from umeed.books.registers.minutes import minutes
from umeed.books.registers.passbooks import group_passbook
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, agree, arrive, close, lend, meet, theirs, today, vo
from umeed.books.tests.test_bodies_pages import browser, step, url
from umeed.books.tests.test_registers import lines
from umeed.books.tests.writing import Keeper, keeper_of, text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import bookkeeper_of, codes_of, signed_in, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

__all__ = ["browser", "vo"]
OFF = day("2024-06-20")
JULY = Period.month_of(day("2024-07-08"))


@pytest.fixture
def loan(vo: Vo) -> Loan:
    """Written off in both books, with 2,000 in the group's box."""
    loan = lend(vo)
    arrive(vo, 40_000)
    post(vo.one.book, sheet(entry("cash", -34_000), entry("meeting_cost", 34_000), on="2024-04-20"))
    repaid = {"loan": loan.uid, "principal": 4_000_00, "interest": 0}
    close(vo, a_day(vo, on="2024-05-15", repayments=[repaid], counted=4_000_00), is_sure=True)
    post(vo.one.book, sheet(entry("cash", -4_000), entry("on_the_way", 4_000, body=vo.vo.pk), on="2024-05-15"))
    write_off(by=us(), loan=loan.uid, paise=Paise(36_000_00), resolution="12", on=OFF, uid=new_id())
    return loan


def both(vo: Vo, loan: Loan) -> tuple[RunningLoan, RunningLoan]:
    mine = theirs(loan)
    with as_system():
        return (
            running_loans(vo.book.pk, us().today, loans=[loan.pk], with_closed=True)[0],
            running_loans(vo.one.book.pk, us().today, loans=[mine.pk], with_closed=True)[0],
        )


def brought(vo: Vo, loan: Loan, rupees: int, on: str = "2024-07-08", number: int = 1, **said: Any) -> Any:
    """The group's meeting of a day, in which it brings something of it."""
    paid = {"loan": theirs(loan).uid, "principal": rupees * 100, "mode": "cash", **said}
    box = today(vo.one.book)["cash"]
    document = meet(vo.one, on=on, number=number, repaid=[paid], counted=box - rupees * 100)
    return close_meeting(by=us(), book=vo.one.book, said=document, is_sure=True)


def test_what_the_group_brings_is_recovered_in_both_books(vo: Vo, loan: Loan) -> None:
    closed = brought(vo, loan, 1_500)
    ours, mine = both(vo, loan)
    for one in (ours, mine):
        assert (one.recovered, one.may_come_back, one.let_go_principal) == (1_500_00, 34_500_00, 36_000_00)
        assert one.is_closed and one.off_on == OFF
    assert today(vo.book)["written_off"] == 34_500_00 and today(vo.book)["on_the_way"] == 1_500_00
    assert (today(vo.one.book)["written_off"], today(vo.one.book)["other_receipt"]) == (1_500_00, -36_000_00)
    assert agree()
    came = a_day(vo, on="2024-07-10", number=2, arrived=[{"body": vo.one.group.pk, "paise": 1_500_00}],
                 counted=5_500_00)  # fmt: skip
    counted = close(vo, came, is_sure=True)
    assert "on_the_way" not in today(vo.book) and agree()
    with as_system():
        told = str(income_and_expenditure(vo.book, JULY).tables) + str(receipts_and_payments(vo.book, JULY).tables)
        assert told.count("'Recovered of loans written off', 150000") == 2
        # What was let go to the group stands under its own words, and what other receipts there are under theirs.
        june = income_and_expenditure(vo.one.book, Period.month_of(OFF)).tables[0]
        assert ("Loans written off by the VO or CLF", 36_000_00) in lines(june)
        assert "Other receipt" not in [row[0] for row in lines(june)]
        year = income_and_expenditure(vo.one.book, Period.year_of(OFF)).tables[0]
        assert dict(lines(year.second))["Loans written off by the VO or CLF"] == 36_000_00
        told = str(income_and_expenditure(vo.one.book, JULY).tables)
        assert "'Paid of loans that were written off', 150000" in told and "'Loan written off'" not in told
        assert "'Paid of loans that were written off', 150000" in str(receipts_and_payments(vo.one.book, JULY).tables)
        said = str(minutes(vo.one.book, closed.meeting).tables)
        assert "Paid of loans that were written off" in said and "Loan repaid" not in said and "Principal" not in said
        day_said = str(minutes(vo.book, counted.meeting).tables)
        assert "Recovered of loans written off" in day_said and "Loan repaid" not in day_said
        passbook = str(group_passbook(vo.one.book, JULY).tables)
        assert "Paid of loans that were written off · Meeting 1', None, 150000" in passbook
        for book, one, way in ((vo.book, ours, "given"), (vo.one.book, mine, "taken")):
            every = next(part for part in loan_ledger(book, JULY.last_day).tables if way in str(part.title))
            row = dict(zip([str(column.title) for column in every.columns], lines(every)[-1], strict=True))
            assert (row["Written off"], row["Recovered"], row["Principal owed"]) == (36_000_00, 1_500_00, 0)
            assert "Recovered ·" in str(loan_ledger(book, JULY.last_day, loan=one.loan.pk).tables)


def test_no_more_than_was_written_off_and_nothing_of_it_is_interest(vo: Vo, loan: Loan) -> None:
    for said, code in (({"principal": 36_000_01}, "more_than_off"), ({"interest": 1}, "recovered_whole")):
        with pytest.raises(Refused) as refused:
            brought(vo, loan, 100, **said)
        assert code in codes_of(refused)


def test_what_is_taken_back_is_taken_back_in_both(vo: Vo, loan: Loan) -> None:
    closed = brought(vo, loan, 1_500)
    event = Sheet.objects.filter(book=vo.book, on_date=OFF, event__isnull=False).values_list("event", flat=True).get()
    with pytest.raises(Refused) as refused:
        take_back(by=us(), book=vo.book, event=event, why="It runs")
    assert codes_of(refused) == ["recovered"]
    take_back_meeting(by=us(), meeting=closed.meeting, id=new_id(), why="Not held")
    assert [one.recovered for one in both(vo, loan)] == [0, 0] and agree()
    take_back(by=us(), book=vo.book, event=event, why="It runs")
    assert [one.owed for one in both(vo, loan)] == [36_000_00, 36_000_00] and agree()


def test_it_is_called_so_on_the_very_day_on_which_it_was_written_off(vo: Vo) -> None:
    """What came before it on that day was a repayment still."""
    loan = lend(vo)
    arrive(vo, 40_000)
    repaid = {"loan": loan.uid, "principal": 1_000_00, "interest": 0}
    before = close(vo, a_day(vo, on=str(OFF), repayments=[repaid], counted=1_000_00), is_sure=True).meeting
    write_off(by=us(), loan=loan.uid, paise=Paise(39_000_00), resolution="12", on=OFF, uid=new_id())
    after = brought(vo, loan, 700, on=str(OFF)).meeting
    bookkeeper_of(vo.one.group)
    words = "Paid of loans that were written off"
    page = text_of(signed_in("bookkeeper").get(reverse("books:meeting", args=[vo.one.group.pk, after])))
    assert words in page and "Principal" not in page and "Loan repaid" not in page
    told = str(minutes(vo.one.book, after).tables)  # type: ignore[union-attr]
    assert f"'{words}', 70000" in told and "Loan repaid" not in told
    assert "Recovered" not in str(minutes(vo.book, before).tables)  # type: ignore[union-attr]


def test_a_vo_writes_it_on_its_day(vo: Vo, loan: Loan) -> None:
    left = before_day(vo.book, us().today, today=us().today).facts.sources["cif"]
    paid = {"loan": loan.uid, "principal": 1_000_00}
    said = a_day(vo, on="2024-07-10", number=2, repayments=[paid], counted=5_000_00)
    closed = close(vo, said, is_sure=True)
    assert [one.recovered for one in both(vo, loan)] == [1_000_00, 1_000_00] and agree()
    assert today(vo.one.book)["on_the_way"] == -1_000_00, "the group says in its meeting that it left its box"
    assert before_day(vo.book, us().today, today=us().today).facts.sources["cif"] == left
    take_back_day(by=us(), day=closed.meeting, id=new_id(), why="Another VO's")
    assert [one.recovered for one in both(vo, loan)] == [0, 0] and agree()


def test_on_the_pages_of_both(vo: Vo, loan: Loan, browser: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = "none"
    keeper: Keeper = keeper_of(vo.one)
    mine = theirs(loan)
    keeper.begin("2024-07-08", 1)
    keeper.send("attendance", president=str(vo.one.women[0].pk))
    page = text_of(keeper.open("bank")).replace("₹ ", "₹")
    assert "Written off on 20 Jun 2024. ₹36,000 of it may still be brought" in page
    assert "more cannot be recovered" in text_of(keeper.send("bank", **{f"t-{mine.uid}-principal": "36000.01"}))
    keeper.walk(bank={f"t-{mine.uid}-principal": "500"}, count={"counted": "1750"})
    told = text_of(keeper.open("close")).replace("₹ ", "₹")
    assert "Paid of loans that were written off ₹500" in told and "Principal" not in told
    assert keeper.close().status_code == 302
    assert [one.recovered for one in both(vo, loan)] == [500_00, 500_00]
    browser.post(url(vo, "days", "open", "begin"), {**_begun(browser, vo), "on": "2024-07-10", "number": "2"})
    step(browser, vo, "attendance")
    html = browser.get(url(vo, "days", "open", "brought")).content.decode()
    assert f"l-{loan.uid}-principal" in html and f"l-{loan.uid}-interest" not in html
    assert agree()


def test_only_money_on_the_way_did_not_arrive_and_a_write_off_is_taken_back_by_who_gave_the_loan(
    vo: Vo, loan: Loan, browser: Any, settings: Any
) -> None:
    """1,500 of 8 July were counted in on the 15th; 500 were brought on that day."""
    settings.SECOND_FACTOR = "none"
    group: Keeper = keeper_of(vo.one)
    brought(vo, loan, 1_500)
    address = f"{url(vo, 'between')}?with={vo.one.group.pk}"
    page = browser.get(address).content.decode()
    assert page.count("It did not arrive") == 1 and "sent it since 8 Jul 2024" in page
    close(vo, a_day(vo, on="2024-07-15", number=2, arrived=[{"body": vo.one.group.pk, "paise": 1_500_00}],
                    counted=5_500_00), is_sure=True)  # fmt: skip
    assert "It did not arrive" not in browser.get(address).content.decode()
    brought(vo, loan, 500, on="2024-07-15", number=2)
    page = browser.get(address).content.decode()
    assert page.count("It did not arrive") == 1 and "sent it since 15 Jul 2024" in page
    assert page.count("Take the write-off back") == 1 and "Loan written off: " in page
    # The loan, what was repaid of it in May, what was recovered: nowhere is the write-off a repayment.
    assert page.count("Loans to groups and VOs: repaid") == 1
    mine = reverse("books:between", args=[vo.one.group.pk]) + f"?with={vo.vo.pk}"
    theirs_page = group.client.get(mine).content.decode()
    assert theirs_page.count("It did not arrive") == 1 and "Take the write-off back" not in theirs_page
    assert "Loan written off: " in theirs_page and "Other receipt" not in theirs_page.split("What happened")[1]


def _begun(browser: Any, vo: Vo) -> dict[str, str]:
    from umeed.books.tests.test_bodies_pages import _fields

    return _fields(browser.get(url(vo, "days", "open", "begin")).content.decode())


def test_who_owes_it_does_not_take_its_writing_off_back(vo: Vo, loan: Loan) -> None:
    """Neither by a request that no page offers: it was the lender's to give up."""
    event = Sheet.objects.filter(book=vo.book, on_date=OFF).get().event
    with pytest.raises(Refused) as refused:
        take_back(by=us(), book=vo.one.book, event=event, why="We do not owe it")
    assert codes_of(refused) == ["lender"] and both(vo, loan)[0].off_on == OFF
    take_back(by=us(), book=vo.book, event=event, why="It runs")
    assert both(vo, loan)[0].owed == both(vo, loan)[1].owed == 36_000_00
