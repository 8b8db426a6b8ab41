"""What flowed between two bodies before both kept a book stands in one of them alone: no two books differ by it."""

from __future__ import annotations

import pytest

from umeed.books.actions import open_book
from umeed.books.bodies.agreeing import first_disagreement, standings
from umeed.books.tests.making import day
from umeed.books.tests.test_bodies import Vo, a_day, close, lend, vo
from umeed.institutions.tests.making import us

__all__ = ["vo"]


@pytest.mark.parametrize("opened", ["2024-05-09", "2024-05-08"])
def test_a_fee_and_interest_that_a_vo_took_before_the_group_kept_a_book(vo: Vo, opened: str) -> None:
    """On 8 May; from the day on which both keep one they are told in both or differ."""
    loan = lend(vo, vo.bookless)
    fee = [{"body": vo.bookless.pk, "what": "fee", "paise": 50_00, "mode": "bank"}]
    paid = [{"loan": loan.uid, "principal": 0, "interest": 400_00, "mode": "bank"}]
    close(vo, a_day(vo, on="2024-05-08", taken=fee, repayments=paid), is_sure=True)
    book = open_book(by=us(), institution=vo.bookless, on=day(opened))
    wrong = first_disagreement()
    told = {one.family for one in standings(book, vo.vo.pk, us().today)}
    flows = {"fee", "interest"} & told
    # The principal was lent before too: a cut-off would bring it.
    assert (wrong and wrong.family) == ("loan" if opened == "2024-05-09" else "fee")
    assert flows == (set() if opened == "2024-05-09" else {"fee", "interest"})
