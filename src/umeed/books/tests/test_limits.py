"""Wrong input: every reason at once, nothing half-posted, and nothing below nothing on any day."""

import datetime
from typing import Any

import pytest
from django.db import transaction

from umeed.books.actions import Conflict, lock_month, post_sheet, reverse_sheet
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Entry
from umeed.books.models import Clash, Line, Movement, Sheet
from umeed.books.tests.making import day, entry, make_book, make_loan, post, saving, sheet
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, make_federation, make_group, us
from umeed.kernel.ids import new_id


def withdrawal(woman: Any, rupees: float, on: str) -> Any:
    return sheet(entry("saving_compulsory", rupees, woman=woman.pk), entry("cash", -rupees), on=on)


def refused(kept: Any, draft: Any) -> list[str]:
    with pytest.raises(Refused) as said:
        post(kept.book, draft)
    return codes_of(said)


def test_all_that_is_wrong_with_a_sheet_is_told_at_once_and_nothing_is_posted(kept, other) -> None:
    hers, stranger = make_loan(kept.book, kept.women[0]), make_loan(other.book, other.women[0])
    lock_month(by=us(), book=kept.book, month=day("2024-04-01"))
    said = refused(
        kept,
        sheet(
            entry("cash", -5_000), entry("saving_compulsory", 50, woman=kept.women[0].pk),
            entry("loan_to_member", -200, woman=kept.women[0].pk, loan=hers.pk),
            entry("loan_to_member", 70, woman=other.women[0].pk, loan=stranger.pk), entry("award", 5),
            entry("saving_health", -1),
        ),
    )  # fmt: skip
    assert said == [
        "woman_of_line", "uneven", "month_locked", "not_a_member", "other_loan", "box", "overdrawn", "more_than_owed",
    ]  # fmt: skip
    assert not Sheet.objects.exists() and not Line.objects.exists() and not Movement.objects.exists()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([Entry("cash", 150.0), Entry("award", -150.0)], {"part_of_a_paisa"}),  # type: ignore[arg-type]
        ([Entry("cash", True), Entry("award", -1)], {"part_of_a_paisa"}),  # type: ignore[arg-type]
        ([Entry("gold", 5), Entry("award", -5)], {"no_head"}),  # type: ignore[arg-type]
        ([Entry("cash", 2**70), Entry("award", -(2**70))], {"too_large"}),  # type: ignore[arg-type]
        ([Entry("cash", 5)], {"no_lines"}),  # type: ignore[arg-type]
        ([], {"no_lines"}),
    ],
)
def test_what_is_no_amount_or_no_head_is_told_plainly(kept, lines, said) -> None:
    assert set(refused(kept, sheet(*lines))) == said


def test_no_savings_below_nothing_then_or_on_a_later_day(kept) -> None:
    her = kept.women[0]
    post(kept.book, saving(her, 100, on="2024-04-08"))
    post(kept.book, withdrawal(her, 80, "2024-06-10"))
    assert refused(kept, withdrawal(her, 30, "2024-07-01")) == ["overdrawn", "box"]
    assert refused(kept, withdrawal(her, 30, "2024-05-01")) == ["overdrawn", "box"], "it would be missing in June"
    post(kept.book, saving(her, 10, on="2024-07-05"))
    assert refused(kept, withdrawal(her, 30, "2024-05-01")) == ["overdrawn", "box"], (
        "what came later does not help June"
    )
    post(kept.book, withdrawal(her, 20, "2024-05-01"))
    post(kept.book, withdrawal(her, 10, "2024-07-05"))
    assert balances(kept.book.pk, us().today) == {}


def test_money_of_another_woman_is_not_hers(kept) -> None:
    post(kept.book, saving(kept.women[0], 100))
    assert refused(kept, withdrawal(kept.women[1], 30, "2024-05-01")) == ["overdrawn"]


def test_no_more_is_lent_than_the_box_and_the_bank_hold(kept) -> None:
    her = kept.women[0]
    loan = make_loan(kept.book, her)
    post(kept.book, saving(her, 100))
    post(kept.book, sheet(entry("bank", 60), entry("cash", -60), on="2024-04-09"))
    lent = [entry("loan_to_member", 70, woman=her.pk, loan=loan.pk)]
    assert refused(kept, sheet(*lent, entry("cash", -70), on="2024-04-10")) == ["box"]
    assert refused(kept, sheet(*lent, entry("bank", -70), on="2024-04-10")) == ["bank"]
    assert refused(kept, sheet(*lent, entry("cash", -10), entry("bank", -60), on="2024-04-08")) == ["bank"]
    post(kept.book, sheet(*lent, entry("cash", -40), entry("bank", -30), on="2024-04-10"))


def test_no_more_is_repaid_than_is_owed(kept) -> None:
    her = kept.women[0]
    loan = make_loan(kept.book, her)
    post(kept.book, saving(her, 100))
    hers = {"woman": her.pk, "loan": loan.pk}
    lent = post(kept.book, sheet(entry("loan_to_member", 90, **hers), entry("cash", -90), on="2024-04-10"))
    post(kept.book, sheet(entry("cash", 60), entry("loan_to_member", -60, **hers), on="2024-05-10"))
    late = sheet(entry("cash", 31), entry("loan_to_member", -31, **hers), on="2024-04-20")
    assert refused(kept, late) == ["more_than_owed"]
    with pytest.raises(Refused) as said:
        reverse_sheet(by=us(), sheet=lent, uid=new_id(), why="Never lent")
    assert codes_of(said) == ["more_than_owed"], "what was repaid on it is taken back first"


def test_a_reversal_takes_nothing_that_was_spent(kept) -> None:
    first = post(kept.book, saving(kept.women[0], 100))
    post(kept.book, sheet(entry("rent", 30), entry("cash", -30), on="2024-05-01"))
    with pytest.raises(Refused) as said:
        reverse_sheet(by=us(), sheet=first, uid=new_id(), why="Written twice", on=day("2024-05-02"))
    assert codes_of(said) == ["box"]


def test_a_sheet_of_tomorrow_or_before_the_book(kept) -> None:
    tomorrow = us().today + datetime.timedelta(days=1)
    assert refused(kept, saving(kept.women[0], on=str(tomorrow))) == ["future"]
    assert refused(kept, saving(kept.women[0], on="2016-01-01")) == ["before_the_book", "not_a_member"]


def test_another_sheet_under_the_same_id_is_kept_for_a_person(kept, other) -> None:
    first = saving(kept.women[0])
    post(kept.book, first)
    second = saving(kept.women[0], 250, uid=first.uid)
    for _again in range(2):
        with pytest.raises(Conflict):
            post_sheet(by=us(), book=kept.book, draft=second)
    clash = Clash.objects.get()
    assert (clash.uid, bytes(clash.digest), clash.settled) == (first.uid, second.digest, "")
    assert clash.said["entries"][0][:2] == ["cash", 250_00]
    with pytest.raises(Conflict):
        post_sheet(by=us(), book=other.book, draft=saving(other.women[0], uid=first.uid))
    assert balances(kept.book.pk, us().today)["cash"] == 100_00


def test_what_two_bodies_have_together_is_not_written_in_one_book_alone(valley, kept) -> None:
    vo = make_group(valley.chinar, "Chinar VO", kind="vo")
    make_federation(kept.group, vo)
    post(kept.book, saving(kept.women[0], 100))
    alone = sheet(entry("saving_with_vo", 40, body=vo.pk), entry("cash", -40), on="2024-05-01")
    with transaction.atomic():
        post(kept.book, alone)
        transaction.set_rollback(True)
    make_book(vo)
    assert refused(kept, alone) == ["in_both_books"]
