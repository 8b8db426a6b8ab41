"""What is written of a day that is past takes from every day after it: what was recovered, given back, lent, handed on
or shared out since is not there a second time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from umeed.books.actions import close_meeting, share_out
from umeed.books.actions.days import take_back_day
from umeed.books.actions.loans import write_off
from umeed.books.actions.sharing import undo_share_out
from umeed.books.actions.taking import take_loan
from umeed.books.ledger.balances import balances
from umeed.books.ledger.least import least_held, least_not_lent
from umeed.books.models import Sheet
from umeed.books.rules.limits import Account
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, entry, post, saving, sheet
from umeed.books.tests.test_bodies import Vo, a_day, close, lend, vo
from umeed.books.tests.test_put_right_since import Paid, paid
from umeed.books.tests.test_taken import TERMS
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["paid", "vo"]


def against(write: Callable[[], Any]) -> list[tuple[str, str]]:
    before = Sheet.objects.count()
    with pytest.raises(Refused) as refused:
        write()
    assert Sheet.objects.count() == before
    return [(one.code, one.message(str)) for one in refused.value.refusals if one.severity == "refuse"]


def saving_of(vo: Vo, part: str, rupees: int = 500) -> dict[str, Any]:
    return {part: [{"body": vo.bookless.pk, "what": "saving", "paise": rupees * 100, "mode": "bank"}]}


def test_what_was_recovered_later_is_not_recovered_again(paid: Paid) -> None:
    """40 were written off on 1 June, and 30 of them came on the 20th."""
    kept, loan = paid.kept, paid.loan.uid
    write_off(by=us(), book=kept.book, loan=loan, on=day("2024-06-01"), resolution="15", approved="VO")

    def recover(number: int, on: str, rupees: int) -> None:
        said = {
            "id": new_id(), "number": number, "on": on, "president": kept.women[0].pk,
            "attendance": {woman.pk: "present" for woman in kept.women},
            "counted": balances(kept.book.pk, day(on)).get("cash", 0),
            "repayments": [{"loan": loan, "principal": rupees * 100, "interest": 0, "mode": "bank"}],
        }  # fmt: skip
        close_meeting(by=us(), book=kept.book, said=said, is_sure=True)

    recover(3, "2024-06-20", 30)
    assert [code for code, _text in against(lambda: recover(4, "2024-06-10", 11))] == ["more_than_off"]
    recover(4, "2024-06-10", 10)
    assert paid.now.may_come_back == 0


def test_what_was_given_back_later_is_not_given_back_again(vo: Vo) -> None:
    close(vo, a_day(vo, on="2024-05-08", **saving_of(vo, "taken")), is_sure=True)
    close(vo, a_day(vo, number=2, on="2024-05-20", **saving_of(vo, "returned", 400)), is_sure=True)
    late = a_day(vo, number=3, on="2024-05-15", **saving_of(vo, "returned", 101))
    said = f"{vo.bookless.name} has ₹100 here; more cannot be given back."
    assert against(lambda: close(vo, late, is_sure=True)) == [("overdrawn", said)]
    close(vo, {**late, **saving_of(vo, "returned", 100)}, is_sure=True)


def test_nor_is_the_day_taken_back_that_brought_it(vo: Vo) -> None:
    first = close(vo, a_day(vo, on="2024-05-08", **saving_of(vo, "taken")), is_sure=True).meeting
    close(vo, a_day(vo, number=2, on="2024-05-20", **saving_of(vo, "returned")), is_sure=True)
    assert against(lambda: take_back_day(by=us(), day=first, id=new_id(), why="Never held")) == [
        ("overdrawn", "It would have ₹500 less than nothing of this here on 20 May 2024.")
    ]


def test_a_fund_that_was_handed_on_is_not_taken_back(vo: Vo) -> None:
    fund = {"head": "vrf", "paise": 5_000_00, "mode": "bank"}
    first = close(vo, a_day(vo, on="2024-05-08", receipts=[fund]), is_sure=True).meeting
    passed = [{**fund, "body": vo.bookless.pk}]
    second = close(vo, a_day(vo, number=2, on="2024-05-20", passed=passed), is_sure=True).meeting
    late = a_day(vo, number=3, on="2024-05-15", passed=passed)
    assert [code for code, _text in against(lambda: close(vo, late, is_sure=True))] == ["above_the_fund"]
    told = against(lambda: take_back_day(by=us(), day=first, id=new_id(), why="Never held"))
    assert ("fund", "The fund would hold ₹5,000 less than nothing on 20 May 2024.") in told
    take_back_day(by=us(), day=second, id=new_id(), why="Never held")
    take_back_day(by=us(), day=first, id=new_id(), why="Never held")


def lends(vo: Vo, number: int, on: str, rupees: int, source: str = "cif") -> dict[str, Any]:
    lent = {
        "loan": new_id(), "body": vo.bookless.pk, "paise": rupees * 100, "mode": "bank", "source": source,
        "rate_bp_a_year": 1200, "method": "balance", "instalments": 10, "first_due": f"2024-0{int(on[6]) + 1}{on[7:]}",
    }  # fmt: skip
    return a_day(vo, number=number, on=on, lendings=[lent])


def test_money_that_was_lent_later_is_asked_about_before(vo: Vo) -> None:
    """100,000 of CIF, of which 80,000 are lent on the 25th: 20,001 are there on the 12th; on the 25th one rupee lacks.
    It is asked, not refused: it may have come from elsewhere meanwhile."""
    post(vo.book, sheet(entry("bank", 100_000), entry("other_receipt", -100_000), on="2024-04-05"))
    close(vo, lends(vo, 1, "2024-04-25", 80_000), is_sure=True)
    with pytest.raises(Refused) as refused:
        close(vo, lends(vo, 2, "2024-04-12", 20_001), is_sure=False)
    asked = {one.code: one.message(str) for one in refused.value.refusals}
    assert asked["above_it_later"] == (
        "On a later day ₹1 of this money is lacking by it. Is it lent out of it all the same?"
    )
    with pytest.raises(Refused) as refused:
        close(vo, lends(vo, 2, "2024-04-12", 20_000), is_sure=False)
    assert "above_it_later" not in codes_of(refused)
    assert against(lambda: close(vo, lends(vo, 2, "2024-04-12", 100_001), is_sure=True))[0][0] == "above_the_fund"
    # Where nobody can be asked it is refused.
    assert [code for code, _text in against(lambda: lend(vo, rupees=20_001, on=day("2024-04-12")))] == [
        "above_the_fund"
    ]
    close(vo, lends(vo, 2, "2024-04-12", 20_001), is_sure=True)
    first = min(Sheet.objects.filter(book=vo.book).values_list("on_date", flat=True))
    assert least_not_lent(vo.book.pk, first.replace(day=1, month=1))["cif"] == -1_00
    # With nothing written later there is nothing to be asked.
    assert least_not_lent(vo.book.pk, day("2024-06-01")) == {}


def test_a_bank_that_was_repaid_meanwhile_stops_no_correction(vo: Vo) -> None:
    """80,000 of a bank's 100,000 were lent on, and 50,000 of it repaid to the bank out of other money."""
    loan = take_loan(
        by=us(), book=vo.book, loan=new_id(), on=day("2024-04-02"),
        terms=replace(TERMS, paise=Paise(100_000_00), mode="bank"),
    )  # fmt: skip
    said = lends(vo, 1, "2024-04-10", 80_000, source="bank")
    first = close(vo, said, is_sure=True).meeting
    back = [{"loan": loan.uid, "principal": 50_000_00, "interest": 0, "mode": "bank"}]
    close(vo, a_day(vo, number=2, on="2024-06-10", repaid=back), is_sure=True)
    travel = [{"head": "travel", "paise": 100_00, "mode": "bank"}]
    close(vo, {**said, "id": new_id(), "payments": travel}, is_sure=True, replaces=first, why="Travel was forgotten")


def test_the_least_is_looked_for_body_by_body_and_day_by_day(vo: Vo) -> None:
    for at, (part, rupees) in enumerate((("taken", 500), ("returned", 450), ("taken", 300)), 1):
        close(vo, a_day(vo, number=at, on=f"2024-05-{10 + at}", **saving_of(vo, part, rupees)), is_sure=True)
    hers = Account("saving_of_body", body=vo.bookless.pk)
    least = {on: least_held(vo.book.pk, day(f"2024-05-{on}"), ["saving_of_body"])[hers] for on in (10, 11, 12, 13)}
    assert {on: (one.paise, one.on.day) for on, one in least.items()} == {
        10: (0, 10), 11: (50_00, 12), 12: (50_00, 12), 13: (350_00, 13),
    }  # fmt: skip


def test_what_was_shared_out_later_is_not_shared_out_before(kept: Kept) -> None:
    for woman in kept.women:
        post(kept.book, saving(woman, 1_000, on="2024-04-08"))
    post(kept.book, sheet(entry("cash", 1_000), entry("other_receipt", -1_000), on="2024-04-10"))

    def share(on: str, rupees: int) -> None:
        share_out(
            by=us(), book=kept.book, uid=new_id(), on=day(on), paise=Paise(rupees * 100), basis="equal", is_sure=True
        )

    share("2024-06-01", 900)
    for on in ("2024-05-01", "2024-06-02"):
        assert [code for code, _text in against(lambda on=on: share(on, 101))] == ["more_than_surplus"]
    # What was spent since was there then: a share-out that is taken back is written again.
    post(kept.book, sheet(entry("rent", 50), entry("cash", -50), on="2024-06-20"))
    share("2024-05-01", 100)


def test_of_two_share_outs_the_first_is_taken_back_and_written_again(kept: Kept) -> None:
    """1,000 earned and shared out in May, 1,000 in June: what was earned in June was shared in June."""
    for woman in kept.women:
        post(kept.book, saving(woman, 1_000, on="2024-04-08"))

    def share(on: str, rupees: int = 1_000) -> int:
        return share_out(
            by=us(), book=kept.book, uid=new_id(), on=day(on), paise=Paise(rupees * 100), basis="equal", is_sure=True
        ).sheet

    for month in ("05", "06"):
        post(kept.book, sheet(entry("cash", 1_000), entry("other_receipt", -1_000), on=f"2024-{month}-01"))
    first = share("2024-05-02")
    share("2024-06-02")
    assert [code for code, _text in against(lambda: share("2024-05-03", 1))] == ["more_than_surplus"]
    undo_share_out(by=us(), book=kept.book, sheet=first, why="Another sum")
    assert [code for code, _text in against(lambda: share("2024-05-02", 1_001))] == ["more_than_surplus"]
    share("2024-05-02")
