"""What is filled in on a day of a VO, and what its closed page says: money sent, dues, the box that differs."""

from __future__ import annotations

import pytest
from django.test import Client

from umeed.books.actions import close_meeting
from umeed.books.actions.bodies import lend_to_body, settle_on_the_way
from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.ledger.on_the_way import sent_by_way
from umeed.books.models import Meeting
from umeed.books.registers.minutes import minutes
from umeed.books.tests.making import day, entry, make_book, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, arrive, close, lend, meet, terms, theirs, today, vo
from umeed.books.tests.test_bodies_pages import _fields, begin, browser, step, url
from umeed.books.tests.test_registers import lines
from umeed.books.tests.test_registers_between import table_of
from umeed.books.tests.writing import text_of
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import make_federation, make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["browser", "vo"]


def sent(vo: Vo, mode: str) -> None:
    """The group repays 4,400 in its meeting and saves 100 with the VO."""
    loan = theirs(lend(vo))
    arrive(vo, 40_000)
    settle = {"loan": loan.uid, "principal": 4_000_00, "interest": 400_00, "mode": mode}
    deposit, counted = (10_000_00, 29_900_00) if mode == "bank" else (0, 35_500_00)
    given = [{"body": vo.vo.pk, "what": "saving", "paise": 100_00}]
    close_meeting(
        by=us(), book=vo.one.book, said=meet(vo.one, repaid=[settle], given=given, deposit=deposit, counted=counted)
    )


@pytest.mark.parametrize("mode", ["bank", "cash"])
def test_what_groups_sent_is_filled_in_as_they_sent_it(vo: Vo, browser: Client, mode: str) -> None:
    sent(vo, mode)
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    answer = browser.get(url(vo, "days", "open", "brought"))
    fields, told = _fields(answer.content.decode()), text_of(answer).replace("₹ ", "₹")
    assert ("In cash ₹100, by bank ₹4,400." if mode == "bank" else "In cash ₹4,500, by bank ₹0.") in told
    body = vo.one.group.pk
    # Each by its own way: the loan as it says, the saving in cash.
    ways = ("100", "4400") if mode == "bank" else ("4500", "")
    assert (fields[f"arr-{body}-paise"], fields[f"arr-{body}-bank-paise"]) == ways
    beside = _fields(browser.get(f"{url(vo, 'between')}?with={body}").content.decode())
    assert (beside["cash"], beside["bank"]) == ways


def test_what_came_by_both_ways_is_counted_in_at_once(vo: Vo, browser: Client) -> None:
    """Sent twice it is counted once; what is more than was sent is counted in by neither way."""
    sent(vo, "bank")
    address = f"{url(vo, 'between')}?with={vo.one.group.pk}"
    said = {"do": "settle", "id": new_id(), "cash": "100", "bank": "4400", "on": "2024-05-16"}
    assert browser.post(address, {**said, "bank": "4401"}).status_code == 422
    with as_system():
        before = today(vo.book)
    for _twice in range(2):
        assert browser.post(address, said).status_code == 302
    assert browser.post(address, {**said, "cash": "", "id": new_id()}).status_code == 422
    with as_system():
        now = today(vo.book)
        assert first_disagreement() is None
    assert (before.get("cash", 0), before["bank"], before["on_the_way"]) == (0, 60_000_00, 4_500_00)
    assert (now["cash"], now["bank"], now.get("on_the_way")) == (100_00, 64_400_00, None)


def test_what_came_by_both_ways_is_the_same_in_the_papers_of_both(vo: Vo, browser: Client) -> None:
    sent(vo, "bank")
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    page = text_of(browser.get(url(vo, "days", "open", "brought"))).replace("₹ ", "₹")
    assert "In cash ₹100, by bank ₹4,400." in page
    step(browser, vo, "brought")
    step(browser, vo, "count", counted="100")
    fields = _fields(browser.get(url(vo, "days", "open", "close")).content.decode())
    assert browser.post(url(vo, "days", "open", "close"), fields).status_code == 302
    with as_system():
        held, ours = Meeting.objects.get(book=vo.book), Meeting.objects.get(book=vo.one.book)
        counted, gave = minutes(vo.book, held.pk), minutes(vo.one.book, ours.pk)
    came = [row[1:] for row in lines(table_of(counted, "What came in"))]
    assert came == [
        ("Savings of groups and VOs · was on the way", 100_00, "Cash"),
        ("Loans to groups and VOs: repaid · was on the way", 4_000_00, "Bank"),
        ("Interest from groups and VOs · was on the way", 400_00, "Bank"),
    ]  # fmt: skip
    assert {row[2:] for row in lines(table_of(gave, "Paid to VO, CLF and banks"))} == {row[1:] for row in came}


def test_what_a_vo_lent_out_of_its_bank_is_counted_in_at_the_groups_bank(vo: Vo) -> None:
    lend(vo)
    lend(vo, vo.two.group, 1_000, mode="bank")
    assert sent_by_way(vo.one.book, us().today) == {vo.vo.pk: (0, 40_000_00)}


def test_dues_leave_the_bank_where_the_box_cannot_hold_them(vo: Vo, browser: Client) -> None:
    clf = make_group(vo.vo.place, "Wular CLF", kind="clf")
    make_federation(vo.vo, clf)
    book = make_book(clf)
    post(book, sheet(entry("bank", 100_000), entry("cif", -100_000), on="2024-04-01"))
    loan = lend_to_body(by=us(), book=book, loan=new_id(), on=day("2024-04-10"), terms=terms(vo.vo, 50_000))
    settle_on_the_way(
        by=us(), book=vo.book, body=clf.pk, ways={"bank": Paise(50_000_00)}, on=day("2024-04-12"), uid=new_id()
    )
    begin(browser, vo, "2024-05-15")
    page = browser.get(url(vo, "days", "open", "bank")).content.decode()
    fields, ours = _fields(page), theirs(loan).uid
    assert (fields[f"t-{ours}-principal"], fields[f"t-{ours}-mode"]) == ("5000", "bank")
    assert "the group" not in page.lower()


def test_a_loan_that_a_group_asks_for_is_to_lend_on(vo: Vo, browser: Client) -> None:
    begin(browser, vo)
    assert _fields(browser.get(url(vo, "days", "open", "requests")).content.decode())["q-0-purpose"] == "onlending"


def test_a_closed_day_says_what_was_missing_in_the_box_and_why(vo: Vo, browser: Client) -> None:
    taken = [{"body": vo.one.group.pk, "what": "fee", "paise": 100_00}]
    held = close(vo, a_day(vo, taken=taken, counted=95_00, difference_why="Coins lost", difference=-5_00), is_sure=True)
    with as_system():
        assert Meeting.objects.get(pk=held.meeting).counted_paise == 95_00
    page = browser.get(url(vo, "days", str(held.meeting))).content.decode()
    assert "5 less than the book says" in page and "Coins lost" in page
