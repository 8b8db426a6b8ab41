"""A meeting of a closed month is put right by its own ways: the bank at the bank, the box as it was counted; and what
was forgotten in it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from umeed.books.actions import Conflict, lock_month, take_back_meeting
from umeed.books.actions.differing import put_right
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.written import written_in
from umeed.books.models import Loan, Meeting
from umeed.books.registers import cash
from umeed.books.registers.minutes import minutes
from umeed.books.registers.put_right import put_right_of
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_cash_credit import CREDIT
from umeed.books.tests.test_meetings import lend
from umeed.books.tests.test_minutes import table_of
from umeed.books.tests.test_registers import agree, lines, meet, nth, saves
from umeed.books.tests.test_taken import take
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.core.actions import Refused
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

WHY = "As the statement says"
TO, FROM = "bank--", "bank---out"


@pytest.fixture
def held(kept: Kept) -> Meeting:
    """The first woman saved 50 by the bank, the second paid fines of 30 in cash and of 20 by the bank, and 100 were
    taken to the bank; the fourth has a loan of which nothing is said. The months are closed."""
    meet(kept, 1, nth(0), savings=saves(kept), lendings=[lend(kept, 3, 100)])
    first, second = (woman.pk for woman in kept.women[:2])
    pk = meet(
        kept, 2, nth(1), deposit=100_00,
        savings=[{"head": "saving_optional", "woman": first, "paise": 50_00, "mode": "bank"}],
        fines=[
            {"woman": second, "why": "late", "paise": 30_00},
            {"woman": second, "why": "other", "note": "Noise", "paise": 20_00, "mode": "bank"},
        ],
    )  # fmt: skip
    lock_month(by=us(), book=kept.book, month=day("2024-05-31"))
    return Meeting.objects.get(pk=pk)


def key(woman: UUID, head: str = "saving_optional", end: str = "") -> str:
    return f"{head}-{woman}-{end}"


def amounts(held: Meeting) -> dict[str, int]:
    return {one.key: one.paise for one in written_in(held)}


def mend(kept: Kept, held: Meeting) -> int:
    """60 by the bank and not 50; 28 in cash and 25 by the bank; 40 were taken to the bank."""
    first, second = (woman.pk for woman in kept.women[:2])
    right = {key(first): 60_00, key(second, "fine"): 28_00, key(second, "fine", "-bank"): 25_00, TO: 40_00}
    return put_right(by=us(), meeting=held.pk, nth=0, right={at: Paise(of) for at, of in right.items()}, why=WHY)


def test_what_went_by_the_bank_is_put_right_at_the_bank_and_the_box_stands(kept: Kept, held: Meeting) -> None:
    first, second = (woman.pk for woman in kept.women[:2])
    now = amounts(held)
    assert (now[key(first)], now[key(second, "fine")], now[key(second, "fine", "-bank")]) == (50_00, 30_00, 20_00)
    assert (now[TO], now[FROM]) == (100_00, 0)
    signed = balances(kept.book.pk, day("2024-05-31"))
    assert (signed["cash"], signed["bank"]) == (80_00, 170_00)
    sheet = mend(kept, held)
    assert balances(kept.book.pk, day("2024-05-31")) == signed
    today = balances(kept.book.pk, us().today)
    assert (today["cash"], today["bank"]) == (80_00, 125_00)
    # Two less were paid in cash, and sixty more had to be in the box than were counted.
    assert today["cash_short"] == 58_00 and "cash_over" not in today
    assert today["saving_optional"] == signed["saving_optional"] - 10_00 and today["fine"] == -53_00
    assert first_difference() is None
    now = amounts(held)
    assert (now[key(first)], now[TO]) == (60_00, 40_00)
    assert (now[key(second, "fine")], now[key(second, "fine", "-bank")]) == (28_00, 25_00)
    assert mend(kept, held) == sheet, "the same again is known"
    with pytest.raises(Conflict):
        put_right(by=us(), meeting=held.pk, nth=0, right={key(first): Paise(61_00)}, why=WHY)


def test_papers_have_what_moved_at_the_bank_and_what_was_short_in_the_box(kept: Kept, held: Meeting) -> None:
    mend(kept, held)
    year = Period.year_of(us().today)
    agree(kept.book, year)
    account = cash.receipts_and_payments(kept.book, year).tables[0]
    assert ("Optional saving", 10_00) in lines(account.first) and ("Cash found short", 58_00) in lines(account.second)
    first, second = (woman.name for woman in kept.women[:2])
    paper = minutes(kept.book, held.pk)
    assert paper is not None
    assert sorted((row[1:4] for row in lines(table_of(paper, "Put right later"))), key=str) == sorted([
        (f"{first} · Optional saving · Bank", 10_00, None), (f"{second} · Fine", None, 2_00),
        (f"{second} · Fine · Bank", 5_00, None), ("Taken to the bank", None, 60_00),
    ], key=str)  # fmt: skip


def test_taken_back_whole_all_of_it_is_gone_from_box_and_bank(kept: Kept, held: Meeting) -> None:
    before = balances(kept.book.pk, day("2024-05-07"))
    mend(kept, held)
    take_back_meeting(by=us(), meeting=held.pk, id=new_id(), why="Never held")
    assert balances(kept.book.pk, us().today) == before and first_difference() is None
    agree(kept.book, Period.year_of(us().today))


def test_what_was_brought_from_the_bank_and_never_written_has_a_row(kept: Kept, held: Meeting) -> None:
    """Nothing was taken there: twenty were brought from it."""
    right = {TO: Paise(0), FROM: Paise(20_00)}
    put_right(by=us(), meeting=held.pk, nth=0, right=right, why=WHY)
    assert (amounts(held)[TO], amounts(held)[FROM]) == (0, 20_00)
    today = balances(kept.book.pk, us().today)
    assert (today["cash"], today["bank"], today["cash_short"]) == (80_00, 50_00, 120_00)
    told = [(one.title, one.paise, one.is_more) for one in put_right_of(held)[0].lines]
    assert told == [("Taken to the bank", 100_00, False), ("Brought from the bank", 20_00, True)]
    with pytest.raises(Refused) as refused:
        put_right(by=us(), meeting=held.pk, nth=1, right={FROM: Paise(80_00)}, why=WHY)
    assert [one.code for one in refused.value.refusals] == ["bank"], "nothing below nothing"


def test_a_second_window_undoes_nothing_at_the_bank(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    url = keeper.url("meeting_differing", held.pk)
    second = kept.women[1].pk
    one, other = key(second, "fine"), key(second, "fine", "-bank")
    page = fields_of(keeper.client.get(url))
    assert (page[one], page[other], page[TO], page[FROM]) == ("30", "20", "100", "")
    assert keeper.client.post(url, {**page, other: "25", TO: "40", "why": "One"}).status_code == 302
    answer = keeper.client.post(url, {**page, other: "22", one: "31", "why": "Two"})
    again = fields_of(answer)
    assert answer.status_code == 422 and "₹25 now" in text_of(answer)
    assert (again[other], again[one], again[TO]) == ("22", "31", "40")
    assert keeper.client.post(url, again).status_code == 302
    assert balances(kept.book.pk, timezone.localdate())["bank"] == 170_00 + 2_00 - 60_00 and first_difference() is None


def test_the_page_says_by_which_way(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    for language, words in (
        ("en", ("Optional saving · Bank", "Taken to the bank", "is put right at the bank", "Something forgotten")),
        ("hi", ("बैंक", "कुछ छूट गया")), ("ur", ("بینک", "کچھ چھوٹ گیا")),
    ):  # fmt: skip
        keeper.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        text = text_of(keeper.client.get(keeper.url("meeting_differing", held.pk)))
        assert all(one in text for one in words), text


# Forgotten -----------------------------------------------------------------------------------------------------------


def test_a_repayment_and_a_fine_that_were_forgotten_are_put_right(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    her, other = kept.women[3], kept.women[4]
    loan = Loan.objects.get(book=kept.book)
    url = keeper.url("meeting_differing", held.pk)
    principal, interest = f"loan_to_member-{her.pk}-{loan.pk}", f"interest_from_members-{her.pk}-{loan.pk}"
    fine = f"fine-{other.pk}-"
    got = keeper.client.get(url)
    page, text = fields_of(got), got.content.decode()
    assert page[principal] == page[interest] == page[fine] == "" and "<details open" not in text
    signed = balances(kept.book.pk, day("2024-05-31"))
    answer = keeper.client.post(url, {**page, principal: "101", "why": WHY})
    assert answer.status_code == 422 and "More would be repaid on this loan than is owed" in text_of(answer)
    assert answer.content.decode().count("<details open") == 1, "what is wrong is not folded away"
    sent = {**page, principal: "40", interest: "2", fine: "5", "why": WHY}
    assert keeper.client.post(url, sent).status_code == 302
    assert keeper.client.post(url, sent).status_code == 302, "pressed twice"
    assert balances(kept.book.pk, day("2024-05-31")) == signed and first_difference() is None
    today = balances(kept.book.pk, timezone.localdate())
    assert (today["cash"], today["fine"], today["cash_short"]) == (80_00, -55_00, 47_00)
    assert running_loans(kept.book.pk, timezone.localdate())[0].owed == 60_00
    again = fields_of(keeper.client.get(url))
    assert (again[principal], again[interest], again[fine]) == ("40", "2", "5")


def test_only_what_ran_before_that_day_may_have_been_forgotten(kept: Kept, held: Meeting) -> None:
    first = Meeting.objects.get(book=kept.book, number=1)
    assert not [one for one in written_in(first) if one.loan], "lent on that day"
    loans = [one for one in written_in(held) if one.loan]
    assert {(one.head, one.woman, one.paise) for one in loans} == {
        ("loan_to_member", kept.women[3].pk, 0), ("interest_from_members", kept.women[3].pk, 0),
    }  # fmt: skip


def test_what_was_forgotten_went_by_cash_or_by_the_bank_as_is_said(keeper: Keeper, kept: Kept, held: Meeting) -> None:
    fine, saving = f"fine-{kept.women[4].pk}-", f"saving_optional-{kept.women[4].pk}-"
    url = keeper.url("meeting_differing", held.pk)
    page = fields_of(keeper.client.get(url))
    assert page[f"{fine}-mode"] == page[f"{saving}-mode"] == "cash" and f"{key(kept.women[0].pk)}-mode" not in page
    wrong = keeper.client.post(url, {**page, fine: "0.001", f"{fine}-mode": "bank", "why": WHY})
    assert wrong.status_code == 422 and fields_of(wrong)[f"{fine}-mode"] == "bank"
    sent = {**page, fine: "5", f"{fine}-mode": "bank", saving: "50", f"{saving}-mode": "bank", "why": WHY}
    for _twice in range(2):
        assert keeper.client.post(url, sent).status_code == 302
    today = balances(kept.book.pk, timezone.localdate())
    assert (today["cash"], today["bank"], "cash_short" in today) == (80_00, 170_00 + 55_00, False)
    assert [one.title for one in put_right_of(held)[0].lines] == ["Optional saving · Bank", "Fine · Bank"]
    # It went by the bank, so what is right of it otherwise did too; put right to nothing it is open again.
    page = fields_of(keeper.client.get(url))
    assert (page[fine], page[saving]) == ("5", "50") and f"{fine}-mode" not in page
    assert keeper.client.post(url, {**page, fine: "", saving: "40", "why": WHY}).status_code == 302
    today = balances(kept.book.pk, timezone.localdate())
    assert (today["cash"], today["bank"]) == (80_00, 170_00 + 40_00) and first_difference() is None
    assert fields_of(keeper.client.get(url))[f"{fine}-mode"] == "cash"


def test_what_two_windows_say_was_forgotten_is_told_also_by_another_way(
    keeper: Keeper, kept: Kept, held: Meeting
) -> None:
    fine, other = f"fine-{kept.women[4].pk}-", f"fine-{kept.women[3].pk}-"
    url = keeper.url("meeting_differing", held.pk)
    page = fields_of(keeper.client.get(url))
    assert keeper.client.post(url, {**page, fine: "5", "why": "One"}).status_code == 302
    bank = {fine: "7", f"{fine}-mode": "bank", other: "8", f"{other}-mode": "bank"}
    answer = keeper.client.post(url, {**page, **bank, "why": "Two"})
    again = fields_of(answer)
    assert answer.status_code == 422 and "put right meanwhile: ₹5 now" in text_of(answer)
    assert (again[fine], again[other], again[f"{other}-mode"]) == ("7", "8", "bank") and f"{fine}-mode" not in again
    assert keeper.client.post(url, again).status_code == 302
    today = balances(kept.book.pk, timezone.localdate())
    assert (today["fine"], today["bank"], today["cash_short"]) == (-(50_00 + 15_00), 170_00 + 8_00, 7_00)


# A cash credit -------------------------------------------------------------------------------------------------------


def test_what_was_drawn_from_a_cash_credit_is_put_right_and_what_was_forgotten(keeper: Keeper, kept: Kept) -> None:
    loan = take(kept, replace(CREDIT, paise=Paise(0)), on="2024-04-02")
    first = meet(kept, 1, nth(0), drawn=[{"loan": loan.uid, "paise": 200_00, "mode": "bank"}])
    second = meet(kept, 2, nth(1), savings=saves(kept))
    lock_month(by=us(), book=kept.book, month=day("2024-05-31"))
    row, url = f"loan_from_bank--{loan.pk}", keeper.url("meeting_differing", first)
    page = fields_of(keeper.client.get(url))
    assert page[row] == "200" and f"{row}-mode" not in page
    assert "Drawn from the cash credit · Bank" in text_of(keeper.client.get(url))
    answer = keeper.client.post(url, {**page, row: "100001", "why": WHY})
    assert answer.status_code == 422 and "more than its limit would be drawn" in text_of(answer)
    assert keeper.client.post(url, {**page, row: "250", "why": WHY}).status_code == 302
    today = balances(kept.book.pk, timezone.localdate())
    assert (today["bank"], today["loan_from_bank"], "cash_over" in today) == (250_00, -250_00, False)
    told = put_right_of(Meeting.objects.get(pk=first))[0].lines[0]
    assert (told.title, told.paise, told.is_more) == ("Drawn from the cash credit · Bank", 50_00, True)
    # Of the second meeting nothing was said of it: by the bank, as in the meeting, until she says otherwise.
    url = keeper.url("meeting_differing", second)
    page = fields_of(keeper.client.get(url))
    assert (page[row], page[f"{row}-mode"]) == ("", "bank")
    assert keeper.client.post(url, {**page, row: "30", "why": WHY}).status_code == 302
    today = balances(kept.book.pk, timezone.localdate())
    assert (today["bank"], today["loan_from_bank"]) == (280_00, -280_00) and first_difference() is None
    agree(kept.book, Period.year_of(us().today))
