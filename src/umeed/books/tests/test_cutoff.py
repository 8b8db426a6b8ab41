"""Cut-offs through the action: what they come to, why they are refused, how they are checked and corrected."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from umeed.books.actions import (
    Conflict,
    check_cut_off,
    close_meeting,
    lock_month,
    open_book,
    post_cut_off,
    take_back_cut_off,
)
from umeed.books.cutoffs.documents import read
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.models import Agreement, Book, Bylaw, CutOff, Sheet
from umeed.books.tests.making import day, make_book
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.institutions.models import Institution, Woman
from umeed.institutions.tests.making import (
    TODAY,
    bookkeeper_of,
    codes_of,
    make_federation,
    make_group,
    make_woman,
    officer_at,
    signed_in,
    us,
)
from umeed.kernel.ids import new_id
from umeed.places.tests.world import Valley

ON = "2024-03-31"


@pytest.fixture
def group(valley: Valley) -> Institution:
    return make_group(valley.chinar, members=5)


def women_of(group: Institution) -> list[Woman]:
    return list(Woman.objects.filter(memberships__institution=group).order_by("name", "pk"))


def loan(woman: Woman, **said: Any) -> dict[str, Any]:
    """Ten thousand at two per cent a month, of which six thousand is owed in six instalments."""
    return {
        "loan": new_id(), "woman": woman.pk, "lent_on": "2023-06-10", "lent": 10_000_00, "outstanding": 6_000_00,
        "rate_bp_a_year": 2400, "method": "balance", "instalments": 6, "next_due": "2024-04-10", "purpose": "cattle",
        "source": "own", **said,
    }  # fmt: skip


def cut_off(group: Institution, **said: Any) -> dict[str, Any]:
    """Five women saved 2,000 each; a loan of 6,000 runs; what is left lies in the box and the bank."""
    women = women_of(group)
    return {
        "id": new_id(), "on": ON, "meetings_held": 100, "last_meeting": "2024-03-25", "cash": 1_000_00,
        "bank": 20_000_00, "rf_received": 15_000_00, "surplus": 2_000_00, "loans": [loan(women[0])],
        "savings": [{"woman": woman.pk, "head": "saving_compulsory", "paise": 2_000_00} for woman in women], **said,
    }  # fmt: skip


def post(group: Institution, said: dict[str, Any], **more: Any) -> Any:
    return post_cut_off(by=more.pop("by", us()), group=group.pk, said=said, **{"is_sure": True, **more})


def refused(group: Institution, said: dict[str, Any], **more: Any) -> dict[str, str]:
    """{field: code} of every hard reason."""
    with pytest.raises(Refused) as wrong:
        post(group, said, **more)
    return {str(one.field): one.code for one in wrong.value.refusals}


def test_a_cut_off_opens_the_book(group) -> None:
    posted = post(group, cut_off(group))
    book = Book.objects.get(institution=group)
    assert (posted.is_new, posted.book, book.opened_on) == (True, book.pk, day(ON))
    assert balances(book.pk, day(ON)) == {
        "cash": 1_000_00, "bank": 20_000_00, "loan_to_member": 6_000_00, "saving_compulsory": -10_000_00,
        "revolving_fund": -15_000_00, "surplus_before": -2_000_00,
    }  # fmt: skip
    hers = balances_of_a_woman(book.pk, women_of(group)[0].pk, day(ON))
    assert hers == {"saving_compulsory": -2_000_00, "loan_to_member": 6_000_00}
    assert first_difference() is None


def test_the_next_meeting_follows_the_number_of_those_before(group) -> None:
    post(group, cut_off(group))
    book, women = Book.objects.get(), women_of(group)
    said = {
        "id": new_id(), "number": 101, "on": "2024-04-08", "president": women[0].pk, "counted": 1_000_00,
        "attendance": {woman.pk: "present" for woman in women},
    }  # fmt: skip
    close_meeting(by=us(), book=book, said=said)


def test_overdue_parts_are_asked_for_and_the_rest_goes_on(group) -> None:
    her = women_of(group)[0]
    overdue = [{"on": "2024-02-10", "principal": 1_000_00, "interest": 120_00}]
    post(group, cut_off(group, loans=[loan(her, overdue=overdue, instalments=5)]))
    book = Book.objects.get().pk
    late = running_loans(book, day("2024-04-09"))[0].arrears
    assert (late.principal, late.interest, late.since, late.days) == (1_000_00, 120_00, day("2024-02-10"), 59)
    due = running_loans(book, day("2024-04-10"))[0].arrears
    assert (due.principal, due.interest) == (2_000_00, 240_00)


def test_a_flat_loan_asks_for_interest_on_what_was_lent(group) -> None:
    post(group, cut_off(group, loans=[loan(women_of(group)[0], method="flat")]))
    due = running_loans(Book.objects.get().pk, day("2024-04-10"))[0].arrears
    assert (due.principal, due.interest) == (1_000_00, 200_00)


def test_a_harvest_loan_asks_for_interest_since_it_was_lent(group) -> None:
    her = loan(women_of(group)[0], method="bullet", instalments=1, next_due="2024-10-10")
    post(group, cut_off(group, loans=[her]))
    due = running_loans(Book.objects.get().pk, day("2024-10-10"))[0].arrears
    assert (due.principal, due.interest) == (6_000_00, 16 * 120_00)


def test_loans_that_the_group_took_and_what_it_has_above(valley, group) -> None:
    vo = make_group(valley.chinar, "Mahak VO", kind="vo")
    make_federation(group, vo)
    women = women_of(group)
    credit = {
        "loan": new_id(), "head": "loan_from_bank", "lender": "J&K Bank, Shopian", "is_cash_credit": True,
        "limit": 100_000_00, "lent_on": "2022-01-10", "lent": 50_000_00, "outstanding": 60_000_00,
        "rate_bp_a_year": 700, "method": "balance",
    }  # fmt: skip
    cif = {
        **loan(women[0], outstanding=40_000_00, lent=40_000_00, source="cif"), "head": "loan_from_vo", "woman": None,
        "body": vo.pk, "purpose": "onlending", "lent_on": "2024-01-10",
    }  # fmt: skip
    held = [{"body": vo.pk, "what": "saving", "paise": 500_00}, {"body": vo.pk, "what": "share", "paise": 100_00}]
    said = cut_off(group, held=held, loans=[loan(women[0]), credit, cif], bank=119_400_00, surplus=2_000_00)
    post(group, said)
    held = balances(Book.objects.get().pk, day(ON))
    assert (held["loan_from_bank"], held["loan_from_vo"]) == (-60_000_00, -40_000_00)
    assert (held["saving_with_vo"], held["share_with_vo"]) == (500_00, 100_00)


def test_what_does_not_balance_is_said_and_never_filled_in(group) -> None:
    with pytest.raises(Refused) as wrong:
        post(group, cut_off(group, surplus=None))
    reason = wrong.value.refusals[0]
    assert (reason.code, reason.values["apart"]) == ("uneven", "₹2,000")
    assert not Book.objects.exists() and not Sheet.objects.exists()
    assert refused(group, cut_off(group, cash=0, bank=0)) == {"surplus": "uneven"}


def test_a_loss_is_told_with_its_reason(group) -> None:
    lost = cut_off(group, bank=17_000_00, surplus=-1_000_00)
    assert refused(group, lost) == {"surplus_why": "loss_why"}
    post(group, {**lost, "surplus_why": "A cow died, the loan was given up"})
    assert balances(Book.objects.get().pk, day(ON))["surplus_before"] == 1_000_00


def test_all_reasons_come_at_once_by_field(valley, group) -> None:
    stranger = make_woman(valley.deodar, "Wazira Parray")
    women = women_of(group)
    wrong = loan(
        women[0], lent=5_000_00, next_due="2024-03-31", instalments=0, rate_bp_a_year=9_000,
        overdue=[{"on": "2025-01-01", "principal": 7_000_00}],
    )  # fmt: skip
    said = cut_off(
        group, on="2031-01-01", meetings_held=9_999, last_meeting="2010-01-01", rf_returned=20_000_00,
        held=[{"body": new_id(), "what": "saving", "paise": 1}],
        savings=[{"woman": stranger.pk, "head": "saving_food", "paise": 5}] * 2,
        loans=[{**wrong, "lent_on": "2032-01-01"}, {**loan(women[1]), "woman": None}, loan(stranger)],
        closed=[{"woman": None, "count": 2}],
    )  # fmt: skip
    assert refused(group, said) == {
        "on": "future", "meetings_held": "more_meetings", "last_meeting": "meeting_before",
        "rf_returned": "returned_more",
        "held.0.body": "no_body", "savings.0.woman": "not_a_member", "savings.1.woman": "not_a_member",
        "savings.1": "twice", "closed.0.woman": "whose", "loans.0.lent_on": "lent_later",
        "loans.0.outstanding": "more_than_lent", "loans.0.overdue.0.principal": "overdue_more",
        "loans.0.overdue.0.on": "overdue_since", "loans.0.next_due": "next_later", "loans.1.woman": "woman_needed",
        "loans.1.next_due": "next_later", "loans.2.woman": "not_a_member", "loans.2.next_due": "next_later",
        "surplus": "uneven",
    }  # fmt: skip


def test_what_cannot_be_read_is_told_by_its_path(group) -> None:
    said = cut_off(group, cash=-5, bank=1.5, colour="red")
    said["loans"][0]["method"] = "magic"
    assert refused(group, said) == {
        "cash": "not_an_amount", "bank": "not_an_amount", "colour": "unknown", "loans.0.method": "not_offered",
    }  # fmt: skip


def test_questions_are_asked_once(group) -> None:
    said = cut_off(group, meetings_held=5)
    with pytest.raises(Refused) as asked:
        post(group, said, is_sure=False)
    assert codes_of(asked) == ["few_meetings"]
    assert post(group, said).is_new


def test_a_rate_far_from_what_the_group_or_others_charge_is_asked_about(group) -> None:
    """Two for a hundred written as by the year; three for a hundred; two where the group's own rules say one."""

    def asked(said: dict[str, Any]) -> list[str]:
        with pytest.raises(Refused) as wrong:
            post(group, said, is_sure=False)
        return [one.message() for one in wrong.value.refusals]

    her = women_of(group)[0]
    usual = "per cent a month is {} the usual 2. Is it right?"
    assert asked(cut_off(group, loans=[loan(her, rate_bp_a_year=200)])) == ["0.1667 " + usual.format("far below")]
    assert asked(cut_off(group, loans=[loan(her, rate_bp_a_year=3_600)])) == ["3 " + usual.format("more than")]
    lokos = cut_off(group, origin="lokos", loans=[loan(her, rate_bp_a_year=200)])
    assert asked(lokos) == ["2 per cent a year is far below the usual 24. Is it right?"]
    bank = {**loan(her), "head": "loan_from_bank", "lender": "J&K Bank", "woman": None, "rate_bp_a_year": 100}
    assert asked(cut_off(group, surplus=-4_000_00, surplus_why="Lost", loans=[loan(her), bank])) == [
        "1 per cent a year is far below the usual 7. Is it right?"
    ]
    book = make_book(group)
    with audited(by=us(), did="set_bylaws"):
        rules = {"method": "balance", "frequency": "monthly", "rate_bp_a_year": 1_200}
        Bylaw(id=new_id(), book=book, since=book.opened_on, **rules).save(force_insert=True)
    assert asked(cut_off(group)) == ["2 per cent a month is far above the 1 that this group charges. Is it right?"]
    assert asked(cut_off(group, loans=[loan(her, rate_bp_a_year=120)])) == [
        "0.1 per cent a month is far below the 1 that this group charges. Is it right?"
    ]
    assert post(group, cut_off(group, loans=[loan(her, rate_bp_a_year=1_200)]), is_sure=False).is_new


def test_the_same_cut_off_twice_is_one_and_another_under_its_id_a_conflict(group) -> None:
    said = cut_off(group)
    assert post(group, said).is_new and not post(group, said).is_new
    assert CutOff.objects.count() == Sheet.objects.count() == 1
    with pytest.raises(Conflict):
        post(group, {**said, "cash": 900_00, "surplus": 1_900_00})
    assert balances(Book.objects.get().pk, day(ON))["cash"] == 1_000_00


def test_a_second_cut_off_is_a_correction_or_nothing(group) -> None:
    first = post(group, cut_off(group)).cut_off
    assert refused(group, cut_off(group))["on"] == "stands"
    again = cut_off(group, cash=1_500_00, surplus=2_500_00)
    assert refused(group, again, replaces=first) == {"why": "no_reason"}
    post(group, again, replaces=first, why="Five hundred lay with the treasurer")
    book = Book.objects.get()
    assert balances(book.pk, day(ON))["cash"] == 1_500_00
    assert [row.version for row in CutOff.objects.order_by("version")] == [1, 2]
    assert refused(group, cut_off(group), replaces=first, why="Once more")["None"] == "not_standing"
    assert first_difference() is None


def test_a_correction_keeps_loans_and_what_was_repaid_on_them(group) -> None:
    said = cut_off(group)
    first = post(group, said).cut_off
    book, women, hers = Book.objects.get(), women_of(group), said["loans"][0]
    paid = {"loan": hers["loan"], "principal": 1_000_00, "interest": 120_00}
    close_meeting(by=us(), book=book, said={
        "id": new_id(), "number": 101, "on": "2024-04-10", "president": women[0].pk, "repayments": [paid],
        "attendance": {woman.pk: "present" for woman in women}, "counted": 2_120_00,
    })  # fmt: skip
    again = {**said, "id": new_id(), "loans": []}
    assert refused(group, again, replaces=first, why="Not hers")["loans"] == "repaid_since"
    more = {**said, "id": new_id(), "loans": [{**hers, "outstanding": 6_500_00}], "surplus": 2_500_00}
    post(group, more, replaces=first, why="She owed more")
    after = running_loans(book.pk, day("2024-04-10"))[0]
    assert (after.owed, len(running_loans(book.pk, TODAY))) == (5_500_00, 1)
    less = {**said, "id": new_id(), "loans": [{**hers, "outstanding": 500_00}], "surplus": -3_500_00,
            "surplus_why": "Found so"}  # fmt: skip
    standing = CutOff.objects.get(version=2).pk
    assert refused(group, less, replaces=standing, why="Less")["lines"] == "more_than_owed"
    assert balances(book.pk, TODAY)["loan_to_member"] == 5_500_00


def test_a_loan_left_out_by_a_correction_asks_for_nothing(group) -> None:
    said = cut_off(group, loans=[loan(women_of(group)[0], method="flat")])
    first = post(group, said).cut_off
    without = {**said, "id": new_id(), "loans": [], "surplus": -4_000_00, "surplus_why": "Repaid before"}
    post(group, without, replaces=first, why="It was repaid")
    assert running_loans(Book.objects.get().pk, TODAY) == []
    assert not Agreement.objects.exists()


def test_a_closed_month_keeps_its_cut_off(group) -> None:
    first = post(group, cut_off(group)).cut_off
    lock_month(by=us(), book=Book.objects.get(), month=day(ON))
    assert refused(group, cut_off(group), replaces=first, why="Late")["on"] == "month_locked"
    with pytest.raises(Refused) as kept:
        take_back_cut_off(by=us(), cut_off=first, why="Late")
    assert codes_of(kept) == ["month_locked"]


def test_it_is_taken_back_and_another_written(group) -> None:
    first = post(group, cut_off(group)).cut_off
    take_back_cut_off(by=us(), cut_off=first, why="Of another group")
    book = Book.objects.get()
    assert balances(book.pk, TODAY) == {} and running_loans(book.pk, TODAY) == []
    with pytest.raises(Refused) as twice:
        take_back_cut_off(by=us(), cut_off=first, why="Again")
    assert codes_of(twice) == ["not_standing"]
    post(group, cut_off(group, on="2024-02-29", last_meeting="2024-02-26"))
    book.refresh_from_db()
    assert book.opened_on == day("2024-02-29")


def test_a_book_that_runs_takes_its_past_only_before_twelve_meetings(group) -> None:
    book, women = open_book(by=us(), institution=group, on=day("2024-04-01")), women_of(group)

    def meet(number: int) -> None:
        close_meeting(by=us(), book=book, said={
            "id": new_id(), "number": number, "on": f"2024-04-{number + 1:02}", "president": women[0].pk, "counted": 0,
            "attendance": {woman.pk: "present" for woman in women},
        })  # fmt: skip

    meet(1)
    assert refused(group, cut_off(group, on="2024-04-05"))["on"] == "in_the_book"
    first = post(group, cut_off(group)).cut_off
    book.refresh_from_db()
    assert book.opened_on == day(ON)
    take_back_cut_off(by=us(), cut_off=first, why="Later")
    for number in range(2, 13):
        close_meeting(by=us(), book=book, said={
            "id": new_id(), "number": number, "on": f"2024-04-{number + 1:02}", "president": women[0].pk,
            "attendance": {woman.pk: "present" for woman in women}, "counted": 0,
        })  # fmt: skip
    assert refused(group, cut_off(group))["on"] == "too_late"
    bookkeeper_of(group)
    page = signed_in("bookkeeper").get(reverse("books:cut_off", args=[group.pk])).content.decode()
    assert "12 meetings stand in this book" in page and reverse("books:cut_off_begin", args=[group.pk]) not in page


def test_somebody_else_checks_it_once(valley, group) -> None:
    keeper, other = bookkeeper_of(group), bookkeeper_of(group, username="second")
    first = post(group, cut_off(group), by=keeper).cut_off
    for by, codes in ((keeper, ["own", "own_group"]), (other, ["own_group"])):
        with pytest.raises(Refused) as refusal:
            check_cut_off(by=by, cut_off=first)
        assert codes_of(refusal) == codes
    check_cut_off(by=officer_at(valley.north, username="block"), cut_off=first)
    assert CutOff.objects.get().checked_on is not None
    with pytest.raises(Refused) as again:
        check_cut_off(by=us(), cut_off=first)
    assert codes_of(again) == ["checked"]


def test_whoever_sees_only_does_not_post(valley, group) -> None:
    assert refused(group, cut_off(group), by=officer_at(valley.north)) == {"group": "not_found"}
    assert post(group, cut_off(group), by=officer_at(valley.north, username="two"), capability="books.load").is_new


def test_the_database_keeps_it_as_it_was_posted(group) -> None:
    post(group, cut_off(group))
    for change in ("said = '{}'", "meetings_before = 3", "version = 9"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE books_cutoff SET {change}")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM books_cutoff")


def test_interest_is_owed_though_the_principal_is_paid(group) -> None:
    her = women_of(group)[0]
    rest = loan(her, outstanding=0, instalments=0, next_due=None, overdue=[{"on": "2024-03-10", "interest": 90_00}])
    post(group, cut_off(group, loans=[rest], surplus=-4_000_00, surplus_why="as counted"))
    one = running_loans(Book.objects.get().pk, day("2024-06-01"))[0]
    assert (one.owed, one.arrears.interest, one.arrears.principal) == (0, 90_00, 0)


def test_a_number_that_cannot_be_is_told_why(group) -> None:
    saved = {"woman": new_id(), "head": "saving_compulsory"}
    wrong = read(cut_off(group, cash=-1, bank=10**17, meetings_held=20_000, surplus=-(10**17), savings=[
        {**saved, "paise": 10**17}, {**saved, "paise": 0}
    ], loans=[loan(women_of(group)[0], multiple=0)]))  # fmt: skip
    assert isinstance(wrong, list)
    more = "This is more than any book here can hold."
    assert {one.field: one.message() for one in wrong} == {
        "cash": "This is less than nothing.", "bank": more, "surplus": more, "savings.0.paise": more,
        "savings.1.paise": "This is nothing, or less than nothing.", "meetings_held": "This is more than 10,000.",
        "loans.0.multiple": "This is less than 1.",
    }  # fmt: skip
