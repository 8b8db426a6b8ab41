"""A correction that is of another day than what it corrects: what goes on one day and comes on the other does not make
up for it in between."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from umeed.books.actions import close_meeting
from umeed.books.actions.loans import agree_anew, write_off
from umeed.books.ledger.balances import balances
from umeed.books.models import Sheet
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, close, vo
from umeed.books.tests.test_put_right_since import TERMS, Paid, paid
from umeed.books.tests.test_registers import saves
from umeed.core.actions import Refused
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["paid", "vo"]


def write(kept: Kept, on: str, **more: Any) -> UUID:
    came = {woman.pk: "present" for woman in kept.women}
    said = {
        "id": new_id(), "number": 3, "on": on, "president": kept.women[0].pk, "attendance": came, "counted": 0,
        "difference_why": "A note", "savings": saves(kept, 60),
    }  # fmt: skip
    correcting = {key: more.pop(key) for key in ("replaces", "why") if key in more}
    return close_meeting(by=us(), book=kept.book, said={**said, **more}, is_sure=True, **correcting).meeting


def against(write: Any) -> list[str]:
    """Why it is refused; nothing of it is posted."""
    before = Sheet.objects.count()
    with pytest.raises(Refused) as refused:
        write()
    assert Sheet.objects.count() == before
    return [one.message(str) for one in refused.value.refusals]


def test_a_repayment_is_not_moved_past_new_terms(paid: Paid) -> None:
    kept, loan = paid.kept, paid.loan.uid
    repaid = {"repayments": [{"loan": loan, "principal": 10_00, "interest": 0}]}
    held = write(kept, "2024-06-05", **repaid)
    agree_anew(by=us(), book=kept.book, loan=loan, id=new_id(), since=day("2024-06-10"), **TERMS)
    moved = {**repaid, "replaces": held, "why": "It was another day"}
    words = f"The loan of {kept.women[1].name} was agreed anew from 10 Jun 2024: take the new terms back first."
    for on in ("2024-06-12", "2024-06-06"):
        assert against(lambda on=on: write(kept, on, **moved)) == [words]
    # Under the terms one day is as good as another.
    held = write(kept, "2024-06-14", number=4, **repaid)
    write(kept, "2024-06-15", number=4, **{**moved, "replaces": held})


def test_a_repayment_is_not_moved_past_a_write_off(paid: Paid) -> None:
    kept, loan = paid.kept, paid.loan.uid
    repaid = {"repayments": [{"loan": loan, "principal": 10_00, "interest": 0}]}
    held = write(kept, "2024-06-05", **repaid)
    write_off(by=us(), book=kept.book, loan=loan, on=day("2024-06-10"), resolution="15", approved="VO")
    (why,) = against(lambda: write(kept, "2024-06-12", **repaid, replaces=held, why="It was held on the 12th"))
    assert why.startswith(f"The loan of {kept.women[1].name} was written off on 10 Jun 2024")


def test_money_that_was_spent_in_between_was_there(kept: Kept) -> None:
    """250 came on the 8th, 200 went to the bank on the 10th: on the 10th it had come."""
    held = write(kept, "2024-04-08", number=1, savings=saves(kept, 50), counted=250_00)
    post(kept.book, sheet(entry("cash", -200), entry("bank", 200), on="2024-04-10"))
    moved = {"number": 1, "savings": saves(kept, 50), "replaces": held, "why": "It was another day"}
    assert against(lambda: write(kept, "2024-04-12", **moved, counted=50_00)) == [
        "The box would hold ₹200 less than nothing on 10 Apr 2024."
    ]
    write(kept, "2024-04-10", **moved, counted=50_00)
    assert [balances(kept.book.pk, day(f"2024-04-{on}")).get("cash", 0) for on in ("09", 10)] == [0, 50_00]


def test_a_day_of_a_vo_is_not_moved_past_what_was_spent(vo: Vo) -> None:
    came = {"receipts": [{"head": "vrf", "paise": 200_00, "mode": "cash"}]}
    said = a_day(vo, **came, counted=200_00)
    held = close(vo, said, is_sure=True).meeting
    post(vo.book, sheet(entry("cash", -200), entry("bank", 200), on="2024-05-14"))
    moved = {**said, "id": new_id(), "on": "2024-05-16", "counted": 0}
    assert against(lambda: close(vo, moved, is_sure=True, replaces=held, why="It was another day")) == [
        "The box would hold ₹200 less than nothing on 14 May 2024."
    ]
