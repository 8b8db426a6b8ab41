"""A day of a VO of a closed month is put right by what it differs, like a group's meeting: what is its own alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from umeed.books.actions import lock_month
from umeed.books.ledger.balances import balances
from umeed.books.meetings.written import written_in
from umeed.books.models import Meeting, Sheet
from umeed.books.registers.minutes import minutes
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import Vo, a_day, agree, close, vo
from umeed.books.tests.test_bodies_pages import _fields, browser, url
from umeed.books.tests.test_minutes import table_of
from umeed.books.tests.test_registers import agree as papers_agree
from umeed.books.tests.test_registers import lines
from umeed.books.tests.writing import text_of
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.periods import Period

__all__ = ["browser", "vo"]
WHY = "The bill says so"


@pytest.fixture
def held(vo: Vo) -> Meeting:
    """One group that keeps a book here and one that keeps none saved; a woman was paid, and a charge of the bank."""
    close(vo, a_day(
        vo, taken=[
            {"body": vo.bookless.pk, "what": "saving", "paise": 500_00},
            {"body": vo.one.group.pk, "what": "saving", "paise": 300_00},
        ],
        payments=[
            {"head": "travel", "paise": 150_00}, {"head": "bank_charge", "paise": 20_00, "mode": "bank"},
            {"head": "vrf_to_member", "paise": 100_00, "woman": vo.one.women[0].pk},
        ],
        deposit=200_00, counted=350_00,
    ), is_sure=True)  # fmt: skip
    lock_month(by=us(), book=vo.book, month=day("2024-05-31"))
    return Meeting.objects.get(book=vo.book)


def today(vo: Vo) -> dict[str, int]:
    return dict(balances(vo.book.pk, timezone.localdate()))


def address(vo: Vo, held: Meeting) -> str:
    return url(vo, "meetings", str(held.pk), "put-right")


def test_what_is_of_two_books_is_not_offered_and_all_else_is(vo: Vo, held: Meeting) -> None:
    found = {one.key: one.paise for one in written_in(held)}
    assert found == {
        f"saving_of_body---{vo.bookless.pk}": 500_00, "travel--": 150_00, "bank_charge--": 20_00,
        f"vrf_to_member-{vo.one.women[0].pk}-": 100_00, "bank--": 200_00, "bank---out": 0,
    }  # fmt: skip


def test_a_day_is_put_right_like_a_meeting_and_told_so(vo: Vo, held: Meeting, browser: Client) -> None:
    correct = browser.get(url(vo, "days", str(held.pk), "correct")).content.decode()
    assert address(vo, held) in correct
    answer = browser.get(address(vo, held))
    page, text = _fields(answer.content.decode()), text_of(answer)
    assert f"between/?with={vo.one.group.pk}" in answer.content.decode(), "where what is of two books is taken back"
    assert "Day 1 · 10 May 2024" in text and "on her slip" not in text
    with as_system():
        signed = today(vo)
    sent = {
        **page, "travel--": "120", "bank_charge--": "25", f"vrf_to_member-{vo.one.women[0].pk}-": "110",
        f"saving_of_body---{vo.bookless.pk}": "510", "bank--": "250", "why": WHY,
    }  # fmt: skip
    assert browser.post(address(vo, held), {**sent, "why": ""}).status_code == 422
    for _ in range(2):
        assert browser.post(address(vo, held), sent).url == url(vo, "days", str(held.pk))
    with as_system():
        now = today(vo)
        assert now["cash"] == signed["cash"] and now["bank"] == signed["bank"] - 5_00 + 50_00
        assert (now["travel"], now["bank_charge"], now["vrf_to_member"]) == (120_00, 25_00, 110_00)
        assert now["saving_of_body"] == signed["saving_of_body"] - 10_00
        assert now["cash_over"] == -20_00 and "cash_short" not in now
        assert agree() and Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).count() == 1
        papers_agree(vo.book, Period.year_of(timezone.localdate()))
        paper = minutes(vo.book, held.pk)
    assert paper is not None
    told = {row[1]: row[2:4] for row in lines(table_of(paper, "Put right later"))}
    assert told == {
        "Travel and daily allowance": (None, 30_00), "Bank charge · Bank": (5_00, None),
        f"{vo.one.women[0].name} · Vulnerability reduction fund to a member": (10_00, None),
        f"{vo.bookless.name} · Savings of groups and VOs": (10_00, None), "Taken to the bank": (50_00, None),
    }  # fmt: skip
    shown = text_of(browser.get(url(vo, "days", str(held.pk))))
    assert WHY in shown and "Travel and daily allowance ₹ 30 less" in shown


def test_a_day_taken_back_takes_what_put_it_right_with_it(vo: Vo, held: Meeting, browser: Client) -> None:
    page = _fields(browser.get(address(vo, held)).content.decode())
    browser.post(address(vo, held), {**page, "travel--": "120", "bank_charge--": "25", "why": WHY})
    back = url(vo, "days", str(held.pk), "take-back")
    assert browser.post(back, {"id": new_id(), "why": "Never held"}).status_code == 302
    with as_system():
        assert today(vo) == {"bank": 100_000_00, "cif": -100_000_00} and agree()
    assert browser.get(url(vo, "days", str(held.pk))).status_code == 200
    told = text_of(browser.get(address(vo, held), follow=True))
    assert "It was taken back or corrected already." in told and "This meeting was" not in told


def test_of_a_day_on_which_nothing_was_held_there_is_nothing_to_put_right(vo: Vo, browser: Client) -> None:
    close(vo, {"id": new_id(), "on": "2024-05-10", "kind": "missed", "why": "Snow"}, is_sure=True)
    lock_month(by=us(), book=vo.book, month=day("2024-05-31"))
    missed = Meeting.objects.get(book=vo.book)
    assert address(vo, missed) not in browser.get(url(vo, "days", str(missed.pk), "correct")).content.decode()
    with as_system():
        assert written_in(missed) == []
