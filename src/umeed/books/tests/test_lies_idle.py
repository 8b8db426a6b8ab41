"""What lies idle: cash and bank above what two months pay out, as receipts and payments have it."""

from __future__ import annotations

from umeed.books.actions import close_meeting, lock_month
from umeed.books.actions.differing import put_right
from umeed.books.health.facts import GroupHealth, health_of
from umeed.books.models import Meeting
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_meetings import lend, meeting, saved
from umeed.institutions.tests.making import us
from umeed.kernel.money import Paise


def lived(kept: Kept) -> Meeting:
    """In May five women save 250, a loan of 200 and a rent of 20 are paid, 10 go to the bank; in June 250 come."""
    rent = [{"head": "rent", "paise": 20_00}]
    may = meeting(
        kept, 1, "2024-05-06", savings=saved(kept), lendings=[lend(kept, 1, 200)], payments=rent, deposit=10_00,
        counted=20_00,
    )  # fmt: skip
    held = close_meeting(by=us(), book=kept.book, said=may, is_sure=True).meeting
    june = meeting(kept, 2, "2024-06-03", savings=saved(kept), counted=270_00)
    close_meeting(by=us(), book=kept.book, said=june, is_sure=True)
    return Meeting.objects.get(pk=held)


def found(kept: Kept, on: str = "2024-06-05") -> GroupHealth:
    return health_of(kept.book, day(on))


def test_what_came_in_and_went_out_of_one_meeting_was_paid_all_the_same(kept: Kept) -> None:
    """280 lie there, 220 were paid out; in August nothing was for two months."""
    lived(kept)
    assert (found(kept).fund, found(kept).idle) == (480_00, 60_00)
    assert found(kept, "2024-08-05").idle == 280_00


def test_what_goes_between_the_box_and_the_bank_is_not_paid_out_nor_what_is_put_right_of_it(kept: Kept) -> None:
    held = lived(kept)
    lock_month(by=us(), book=kept.book, month=day("2024-05-31"))
    before = health_of(kept.book, us().today)
    for nth, rupees in enumerate((15, 10)):
        put_right(
            by=us(), meeting=held.pk, nth=nth, right={"bank--": Paise(rupees * 100)}, why="Slip of the bank",
            is_sure=True,
        )  # fmt: skip
    after = health_of(kept.book, us().today)
    assert (before.idle, after.idle) == (280_00, 280_00)
