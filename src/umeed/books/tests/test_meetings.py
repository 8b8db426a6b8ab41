"""Meetings closed through the action: what they come to, why they are refused, how they are taken back."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions import Conflict, close_meeting, take_back_meeting
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.facts import before
from umeed.books.models import Bylaw, Clash, Loan, Meeting
from umeed.books.queries import meetings_due
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id


def meeting(kept: Kept, number: int = 1, on: str = "2024-04-08", **said: Any) -> dict[str, Any]:
    """Everybody came; what else happened is said."""
    women = kept.women
    return {
        "id": new_id(), "number": number, "on": on, "president": women[0].pk,
        "attendance": {woman.pk: "present" for woman in women}, "counted": 0, **said,
    }  # fmt: skip


def saved(kept: Kept, rupees: int = 50) -> list[dict[str, Any]]:
    return [{"woman": woman.pk, "head": "saving_optional", "paise": rupees * 100} for woman in kept.women]


def close(kept: Kept, said: dict[str, Any], **more: Any) -> Any:
    return close_meeting(by=us(), book=kept.book, said=said, **more)


def lend(kept: Kept, at: int, rupees: int, **said: Any) -> dict[str, Any]:
    return {
        "loan": new_id(), "woman": kept.women[at].pk, "paise": rupees * 100, "rate_bp_a_year": 2400,
        "method": "balance", "instalments": 5, "first_due": "2024-05-08", "purpose": "cattle", **said,
    }  # fmt: skip


def test_a_meeting_is_closed_with_its_money(kept) -> None:
    closed = close(kept, meeting(kept, savings=saved(kept), counted=250_00))
    assert closed.is_new
    assert balances(kept.book.pk, us().today) == {"cash": 250_00, "saving_optional": -250_00}
    held = Meeting.objects.get()
    assert (held.number, held.who_came, held.who_belongs) == (1, 5, 5)
    assert first_difference() is None


def test_the_same_meeting_twice_is_one(kept) -> None:
    said = meeting(kept, savings=saved(kept), counted=250_00)
    first, again = close(kept, said), close(kept, said)
    assert (first.meeting, again.is_new) == (again.meeting, False)
    assert Meeting.objects.count() == 1


def test_a_loan_is_lent_and_repaid_over_meetings(kept) -> None:
    lent = lend(kept, 1, 200)
    close(kept, meeting(kept, savings=saved(kept), lendings=[lent], counted=50_00))
    due = running_loans(kept.book.pk, day("2024-05-08"))[0]
    assert (due.owed, due.arrears.principal, due.arrears.interest) == (200_00, 40_00, 4_00)
    paid = {"loan": lent["loan"], "principal": 40_00, "interest": 4_00}
    close(kept, meeting(kept, 2, "2024-05-08", repayments=[paid], counted=94_00))
    hers = balances_of_a_woman(kept.book.pk, kept.women[1].pk, us().today)
    assert hers == {"saving_optional": -50_00, "loan_to_member": 160_00, "interest_from_members": -4_00}
    after = running_loans(kept.book.pk, day("2024-05-08"))[0]
    assert after.arrears.since is None


def test_what_is_counted_apart_is_a_named_line(kept) -> None:
    said = meeting(kept, savings=saved(kept), counted=240_00)
    with pytest.raises(Refused) as refused:
        close(kept, said)
    assert codes_of(refused) == ["difference"]
    close(kept, {**said, "difference_why": "A note was torn"})
    assert balances(kept.book.pk, us().today)["cash_short"] == 10_00


def test_all_reasons_come_at_once(kept, other) -> None:
    said = meeting(
        kept, number=1, on="2031-01-01", savings=[{"woman": other.women[0].pk, "head": "saving_food", "paise": 100}],
        repayments=[{"loan": new_id(), "principal": 5}], lendings=[lend(kept, 0, 5_000, first_due="2024-01-01")],
    )  # fmt: skip
    said["counted"] = None
    with pytest.raises(Refused) as refused:
        close(kept, said)
    assert set(codes_of(refused)) == {
        "future", "not_a_member", "by_whom", "not_kept", "no_loan", "due_before", "box", "count",
    }  # fmt: skip
    assert not Meeting.objects.exists() and not Loan.objects.exists()


def test_the_same_number_with_other_content_is_kept_as_a_clash(kept) -> None:
    close(kept, meeting(kept, savings=saved(kept), counted=250_00))
    with pytest.raises(Conflict):
        close(kept, meeting(kept, savings=saved(kept, 60), counted=300_00))
    assert Clash.objects.get().said["counted"] == 300_00
    assert balances(kept.book.pk, us().today)["cash"] == 250_00


def test_a_meeting_is_taken_back_and_held_anew(kept) -> None:
    first = close(kept, meeting(kept, savings=saved(kept), counted=250_00))
    take_back_meeting(by=us(), meeting=first.meeting, id=new_id(), why="Written for another group")
    assert balances(kept.book.pk, us().today) == {}
    close(kept, meeting(kept, savings=saved(kept, 60), counted=300_00))
    assert balances(kept.book.pk, us().today)["cash"] == 300_00


def test_a_meeting_is_corrected_in_one_step(kept) -> None:
    first = close(kept, meeting(kept, savings=saved(kept), counted=250_00))
    close(kept, meeting(kept, savings=saved(kept, 60), counted=300_00), replaces=first.meeting, why="Sixty, not fifty")
    assert balances(kept.book.pk, us().today)["cash"] == 300_00
    assert first_difference() is None


def test_a_missed_week_is_a_record_without_money(kept) -> None:
    said = {"id": new_id(), "on": "2024-04-15", "kind": "missed", "why": "Snow"}
    close(kept, said)
    assert Meeting.objects.get().number is None
    with pytest.raises(Refused) as refused:
        close(kept, {**said, "id": new_id(), "why": "", "savings": saved(kept)})
    assert codes_of(refused) == ["missed_with_money", "why_missed"]


def test_a_meeting_that_comes_late_leaves_nothing_below_nothing_later(kept) -> None:
    """She saved 50 and took 40 back in May; a meeting of April that gives her 30 back comes too late."""
    close(kept, meeting(kept, savings=saved(kept), counted=250_00))
    back = {"woman": kept.women[0].pk, "head": "saving_optional", "paise": 40_00}
    close(kept, meeting(kept, 3, "2024-05-06", withdrawals=[back], counted=210_00), is_sure=True)
    late = meeting(kept, 2, "2024-04-15", withdrawals=[{**back, "paise": 30_00}], counted=220_00)
    with pytest.raises(Refused) as refused:
        close(kept, late, is_sure=True)
    assert codes_of(refused) == ["overdrawn"]
    assert Meeting.objects.count() == 2


def test_a_meeting_whose_money_was_used_since_is_not_taken_back(kept) -> None:
    first = close(kept, meeting(kept, savings=saved(kept), counted=250_00))
    back = {"woman": kept.women[0].pk, "head": "saving_optional", "paise": 40_00}
    close(kept, meeting(kept, 2, "2024-05-06", withdrawals=[back], counted=210_00))
    with pytest.raises(Refused):
        take_back_meeting(by=us(), meeting=first.meeting, id=new_id(), why="Written twice")
    assert balances(kept.book.pk, us().today)["cash"] == 210_00


def test_a_penalty_is_asked_only_when_a_meeting_passed_since_it_fell_due(kept) -> None:
    """20 of 100 fell due on 8 May: on the 13th, the first meeting since, she is not late; on the 20th she is."""
    with audited(by=us(), did="set_bylaws"):
        Bylaw(
            book=kept.book, since=day("2024-04-01"), rate_bp_a_year=2400, method="balance", frequency="monthly",
            penalty_paise=10_00,
        ).save(force_insert=True)  # fmt: skip
    close(kept, meeting(kept, savings=saved(kept), lendings=[lend(kept, 1, 100)], counted=150_00))

    def penalty(on: str, number: int) -> int:
        known = before(kept.book, day(on), number=number, today=us().today)
        return known.loans[0].due_now.penalty

    assert penalty("2024-05-13", 2) == 0
    close(kept, meeting(kept, 2, "2024-05-13", counted=150_00))
    assert penalty("2024-05-20", 3) == 10_00


def test_the_next_meeting_is_due_on_the_day_of_the_group_also_where_books_are_listed(kept) -> None:
    group = kept.group
    group.meeting_day = "mon"
    with audited(by=us(), did="x"):
        group.save()
    close(kept, meeting(kept, on="2024-04-09"))  # a Tuesday: held a day late, it does not move the rhythm
    extra = {"why": "An extra one", "kind": "extra"}
    close(kept, meeting(kept, 2, on="2024-04-11", **extra))
    waiting = meetings_due(us())
    assert [one.due_on for one in waiting if one.institution == group.pk] == [day("2024-04-15")]


def test_a_nought_too_many_in_a_fine_or_a_fund_is_asked_about(kept) -> None:
    """Once she has looked, it stands: what is unusual may be right."""
    fine = {"woman": kept.women[1].pk, "why": "late", "paise": 5_000_00}
    said = meeting(kept, fines=[fine], receipts=[{"head": "cif", "paise": 1_50_000_00, "mode": "bank"}])
    with pytest.raises(Refused) as asked:
        close(kept, {**said, "counted": 5_000_00})
    assert set(codes_of(asked)) == {"much_fined", "far_more"}
    close(kept, {**said, "counted": 5_000_00}, is_sure=True)
    usual = {"fines": [{**fine, "paise": 50_00}], "receipts": [{"head": "cif", "paise": 60_000_00, "mode": "bank"}]}
    close(kept, meeting(kept, 2, "2024-04-15", **usual, counted=5_050_00))
