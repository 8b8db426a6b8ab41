"""What flowed between two bodies before both kept a book stands in one of them alone: no two books differ by it."""

from __future__ import annotations

import pytest

from umeed.books.actions import close_meeting, lock_month, open_book, take_back_meeting
from umeed.books.bodies.agreeing import first_disagreement, standings
from umeed.books.tests.conftest import keep
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, close, lend, meet, vo
from umeed.institutions.tests.making import make_federation, make_group, us
from umeed.kernel.ids import new_id
from umeed.places.tests.world import Valley

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


@pytest.mark.parametrize("closed", [False, True])
def test_what_is_taken_back_is_of_the_day_that_it_takes_back(valley: Valley, closed: bool) -> None:
    """A group paid its VO a fee before that kept a book; of a closed month it is taken back today."""
    above, group = make_group(valley.chinar, "Late VO", kind="vo"), make_group(valley.chinar, "Early", members=5)
    make_federation(group, above)
    kept = keep(group)
    post(kept.book, sheet(entry("cash", 1_000), entry("other_receipt", -1_000), on="2024-04-02"))
    given = [{"body": above.pk, "what": "fee", "paise": 100_00}]
    said = meet(kept, number=1, on="2024-04-08", given=given, counted=900_00)
    held = close_meeting(by=us(), book=kept.book, said=said, is_sure=True).meeting
    open_book(by=us(), institution=above, on=day("2024-06-01"))
    if closed:
        lock_month(by=us(), book=kept.book, month=day("2024-04-30"))
    take_back_meeting(by=us(), meeting=held, id=new_id(), why="Never held")
    assert first_disagreement() is None
    assert not [one for one in standings(kept.book, above.pk, us().today) if not one.agrees]
