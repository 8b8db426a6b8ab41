"""One id is one thing: the same again is known; the same id with other content is a Conflict; nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from umeed.books.actions import Conflict, take_back_meeting
from umeed.books.actions.bodies import lend_to_body, settle_on_the_way
from umeed.books.actions.bodies import write_off as give_up
from umeed.books.actions.bylaws import set_bylaws
from umeed.books.actions.credits import end_credit, set_limit
from umeed.books.actions.loans import write_off
from umeed.books.actions.sharing import share_out
from umeed.books.heads import BY_KEY
from umeed.books.models import Bylaw, CreditLimit, Loan, Sheet
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, entry, post, saving, sheet
from umeed.books.tests.test_bodies import Vo, lend, terms, today, vo
from umeed.books.tests.test_bodies_pages import browser, url
from umeed.books.tests.test_cash_credit import CREDIT
from umeed.books.tests.test_days_filled_in import sent
from umeed.books.tests.test_meetings import close, meeting
from umeed.books.tests.test_own_rules import RULES
from umeed.books.tests.test_taken import TERMS, take
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.books.tests.writing import lend as lend_to_her
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["browser", "vo"]
TOLD = "Nothing of this was written"
HUNDRED = Paise(100_00)


# What is on the way, and between two bodies -------------------------------------------------------------------------


def count_in(vo: Vo, uid: Any, on: str = "2024-05-15", **ways: Paise) -> None:
    settle_on_the_way(by=us(), book=vo.book, body=vo.one.group.pk, on=day(on), uid=uid, ways=ways)  # type: ignore[arg-type]


@pytest.mark.parametrize("other", [
    {"bank": HUNDRED}, {"cash": HUNDRED, "bank": HUNDRED}, {"cash": Paise(50_00)}, {},
    {"cash": HUNDRED, "on": "2024-05-16"}, {"cash": HUNDRED, "bank": Paise(0), "on": "2024-05-14"},
], ids=str)  # fmt: skip
def test_what_was_counted_in_is_not_counted_in_by_another_way(vo: Vo, other: dict[str, Any]) -> None:
    """The group sent 4,500."""
    sent(vo, "cash")
    uid = new_id()
    for _twice in range(2):
        count_in(vo, uid, cash=HUNDRED, bank=Paise(0))
    was = today(vo.book)
    with pytest.raises(Conflict):
        count_in(vo, uid, **other)
    assert today(vo.book) == was and was["cash"] == HUNDRED


def test_of_two_ways_one_alone_is_another(vo: Vo) -> None:
    sent(vo, "cash")
    uid = new_id()
    for _twice in range(2):
        count_in(vo, uid, cash=HUNDRED, bank=HUNDRED)
    was = today(vo.book)
    with pytest.raises(Conflict):
        count_in(vo, uid, cash=HUNDRED)
    assert today(vo.book) == was and was["on_the_way"] == 4_300_00


def test_the_page_tells_it_and_keeps_what_was_typed(vo: Vo, browser: Client) -> None:
    sent(vo, "cash")
    address = f"{url(vo, 'between')}?with={vo.one.group.pk}"
    said = {"do": "settle", "id": new_id(), "cash": "100", "bank": "", "on": "2024-05-15"}
    assert browser.post(address, said).status_code == browser.post(address, said).status_code == 302
    answer = browser.post(address, {**said, "cash": "", "bank": "99.50"})
    assert answer.status_code == 422 and TOLD in text_of(answer) and 'value="99.50"' in answer.content.decode()
    with as_system():
        assert today(vo.book)["cash"] == HUNDRED and today(vo.book)["on_the_way"] == 4_400_00


@pytest.mark.parametrize("other", [
    {"paise": Paise(4_000_00)}, {"on": day("2024-05-21")}, {"resolution": "13"},
], ids=str)  # fmt: skip
def test_what_was_given_up_is_not_given_up_otherwise(vo: Vo, other: dict[str, Any]) -> None:
    """Of another resolution no word is kept either: papers would tell it of the first."""
    loan = lend(vo)
    said: dict[str, Any] = {
        "by": us(), "loan": loan.uid, "paise": Paise(5_000_00), "on": day("2024-05-20"), "resolution": "12",
        "uid": new_id(),
    }  # fmt: skip
    assert give_up(**said) == give_up(**said)
    with pytest.raises(Conflict):
        give_up(**{**said, **other})
    assert today(vo.book)["written_off"] == 5_000_00 and AuditEntry.objects.filter(did="write_off").count() == 1


@pytest.mark.parametrize("other", [
    {"on": day("2024-04-11")}, {"source": "vrf"}, {"frequency": "quarterly"}, {"instalments": 11},
], ids=str)  # fmt: skip
def test_what_was_lent_is_not_lent_otherwise(vo: Vo, other: dict[str, Any]) -> None:
    said: dict[str, Any] = {"by": us(), "book": vo.book, "loan": new_id(), "on": day("2024-04-10")}
    agreed = terms(vo.one.group)
    assert lend_to_body(**said, terms=agreed) == lend_to_body(**said, terms=agreed)
    on = {"on": other["on"]} if "on" in other else {}
    with pytest.raises(Conflict):
        lend_to_body(**{**said, **on}, terms=replace(agreed, **{} if on else other))


@pytest.mark.parametrize("other", [
    {"method": "flat"}, {"instalments": 11}, {"frequency": "quarterly"}, {"first_due": day("2024-05-11")},
    {"mode": "cash"}, {"head": "loan_from_other"},
], ids=str)  # fmt: skip
def test_what_was_taken_is_not_taken_otherwise(kept: Kept, other: dict[str, Any]) -> None:
    loan = take(kept)
    assert take(kept, loan=loan.uid) == loan
    with pytest.raises(Conflict):
        take(kept, replace(TERMS, **other), loan=loan.uid)


# A group's rules, limits, a loan written off, a share-out ------------------------------------------------------------


@pytest.mark.parametrize("other", [
    {"since": day("2024-06-01")}, {"rate_bp_a_year": 1_200}, {"resolution": "13 of 3 May"}, {"most_paise": 5_000_00},
], ids=str)  # fmt: skip
def test_rules_of_one_id_are_the_same_or_a_conflict(kept: Kept, other: dict[str, Any]) -> None:
    said: dict[str, Any] = {"by": us(), "book": kept.book, "id": new_id(), "since": day("2024-05-01"), **RULES}
    assert set_bylaws(**said) == set_bylaws(**said)
    with pytest.raises(Conflict):
        set_bylaws(**{**said, **other})
    row = Bylaw.objects.get(pk=said["id"])
    assert (row.since, row.rate_bp_a_year, row.resolution) == (day("2024-05-01"), 1_800, "12 of 3 May")


def test_the_page_of_rules_says_written_of_what_is_written_alone(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("bylaws_new")
    said = {**fields_of(keeper.client.get(url)), "since": "1-5-2024", "rate_bp_a_year": "1.5"}
    for _twice in range(2):
        assert keeper.client.post(url, said).status_code == 302
    for other in ({"rate_bp_a_year": "1"}, {"since": "1-6-2024"}, {"resolution": "14"}):
        answer = keeper.client.post(url, {**said, **other})
        assert answer.status_code == 422 and TOLD in text_of(answer)
        assert fields_of(answer).items() >= other.items()
    assert Bylaw.objects.get(pk=said["record_id"]).rate_bp_a_year == 1_800


def test_a_limit_of_one_id_is_the_same_or_a_conflict(kept: Kept) -> None:
    loan, another = take(kept, CREDIT), take(kept, CREDIT)
    said: dict[str, Any] = {"by": us(), "book": kept.book, "loan": loan.uid, "id": new_id(), "since": day("2024-05-01")}
    letter = {"limit": Paise(1_50_000_00), "why": "Renewal 7"}
    assert set_limit(**said, **letter) == set_limit(**said, **{**letter, "why": " Renewal  7 "})
    for other in (
        {"limit": Paise(1)}, {"limit": None}, {"why": "Renewal 8"}, {"since": day("2024-05-02")}, {"loan": another.uid}
    ):  # fmt: skip
        with pytest.raises(Conflict):
            set_limit(**{**said, **letter, **other})
    with pytest.raises(Conflict):
        end_credit(**said)
    assert CreditLimit.objects.get().limit_paise == 1_50_000_00


def test_the_page_of_limits_says_saved_of_what_is_saved_alone(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("loan_limit", take(kept, CREDIT).uid)
    said = {**fields_of(keeper.client.get(url)), "kind": "limit", "since": "1-5-2024", "limit": "1,50,000"}
    for _twice in range(2):
        assert keeper.client.post(url, said).status_code == 302
    for other in ({"limit": "90,000"}, {"since": "2-5-2024"}, {"kind": "end"}):
        answer = keeper.client.post(url, {**said, **other})
        assert answer.status_code == 422 and TOLD in text_of(answer)
        assert fields_of(answer).items() >= other.items()
    assert CreditLimit.objects.get().limit_paise == 1_50_000_00


def test_the_page_of_loans_taken_says_so_of_what_was_taken_alone(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("loan_new")
    said = {
        **fields_of(keeper.client.get(url)), "lender": "J&K Bank", "on": "10-4-2024", "paise": "50000",
        "instalments": "10", "first_due": "10-5-2024",
    }  # fmt: skip
    for _twice in range(2):
        assert keeper.client.post(url, said).status_code == 302
    answer = keeper.client.post(url, {**said, "instalments": "20"})
    assert answer.status_code == 422 and TOLD in text_of(answer) and fields_of(answer)["instalments"] == "20"
    assert Loan.objects.get().agreements.get().instalments == 10


def test_a_loan_is_written_off_once_and_by_one_resolution(kept: Kept, keeper: Keeper) -> None:
    loan = lend_to_her(kept, keeper)
    said: dict[str, Any] = {
        "by": us(), "book": kept.book, "loan": loan.uid, "on": day("2024-06-20"), "resolution": "15", "approved": "VO",
    }  # fmt: skip
    assert write_off(**said) == write_off(**said)
    for other in ({"on": day("2024-06-21")}, {"resolution": "16"}, {"approved": "CLF"}):
        with pytest.raises(Conflict) as conflict:
            write_off(**{**said, **other})
        assert "on 20 Jun 2024 already" in conflict.value.refusals[0].message(str)


def test_the_page_of_writing_off_says_saved_of_what_is_saved_alone(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("loan_off", lend_to_her(kept, keeper).uid)
    said = {**fields_of(keeper.client.get(url)), "on": "20-6-2024", "resolution": "15", "approved": "VO"}
    for _twice in range(2):
        assert keeper.client.post(url, said).status_code == 302
    answer = keeper.client.post(url, {**said, "on": "25-6-2024", "resolution": "16"})
    assert answer.status_code == 422 and "written off on 20 Jun 2024 already" in text_of(answer)
    assert fields_of(answer)["resolution"] == "16"
    off = Sheet.objects.filter(lines__head=BY_KEY["written_off"].number)
    assert [str(one.on_date) for one in off] == ["2024-06-20"]


@pytest.mark.parametrize("other", [{"on": day("2024-06-02")}, {"paise": Paise(20_00)}, {"mode": "bank"}], ids=str)
def test_a_share_out_of_one_id_is_the_same_or_a_conflict(kept: Kept, other: dict[str, Any]) -> None:
    """100 are earned and all of it shared out: no other reason stands in its place."""
    post(kept.book, saving(kept.women[0], 100))
    post(kept.book, sheet(entry("cash", 100), entry("award", -100), on="2024-05-01"))
    said: dict[str, Any] = {
        "by": us(), "book": kept.book, "uid": new_id(), "on": day("2024-06-01"), "paise": HUNDRED, "basis": "savings",
    }  # fmt: skip
    assert share_out(**said).is_new and not share_out(**said).is_new
    with pytest.raises(Conflict):
        share_out(**{**said, **other})
    assert Sheet.objects.filter(kind=Sheet.Kind.ADJUSTMENT).count() == 1


# Taking back ----------------------------------------------------------------------------------------------------------


def test_under_one_id_one_meeting_is_taken_back_for_one_reason(kept: Kept) -> None:
    first, second = (close(kept, meeting(kept, at, f"2024-04-{at * 7:02}")).meeting for at in (1, 2))
    id = new_id()
    for _twice in range(2):
        take_back_meeting(by=us(), meeting=second, id=id, why="Never held")
    for other in ({"meeting": first}, {"why": "On another day"}):
        with pytest.raises(Conflict):
            take_back_meeting(**{"by": us(), "meeting": second, "id": id, "why": "Never held", **other})
