"""A flat loan whose principal is repaid early: the interest that is to come stands on every paper, and may be let go.

200 flat at 2 per cent a month, lent on 8 April, in sixty instalments: 4 of interest fall due on the 8th of each month.
"""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions.loans import let_interest_go, undo_anew
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Loan
from umeed.books.registers.loans import due_next, dues, say_loan
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.books.verifying import first_difference
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id

LATE, RESOLVED = "2024-06-20", "14 of 20 June"


def repay_principal(keeper: Keeper, loan: Loan, on: str, sure: str = "interest_left:repayments.0.interest") -> Any:
    """All of the principal, and the interest that is due."""
    keeper.begin(on=on, number=2)
    keeper.walk(
        repayments={f"r-{loan.uid}-total": "204", f"r-{loan.uid}-principal": "200", f"r-{loan.uid}-interest": "4"},
        count={"counted": "504"},
    )
    return keeper.close(sure=[sure])


def lent_flat(kept: Kept, keeper: Keeper, *, repaid_on: str = "") -> Loan:
    loan = lend(kept, keeper, method="flat", instalments="60")
    if repaid_on:
        repay_principal(keeper, loan, repaid_on)
    return loan


@pytest.fixture
def loan(kept: Kept, keeper: Keeper) -> Loan:
    return lent_flat(kept, keeper)


def as_of(kept: Kept, on: str) -> RunningLoan:
    return running_loans(kept.book.pk, day(on), with_closed=True)[0]


def let_go(kept: Kept, loan: Loan, since: str = LATE, resolution: str = RESOLVED) -> None:
    let_interest_go(by=us(), book=kept.book, loan=loan.uid, id=new_id(), since=day(since), resolution=resolution)


def test_what_is_to_come_is_told_and_falls_due(kept, keeper, loan) -> None:
    all_of_it = as_of(kept, "2024-05-10").to_pay_all
    repay_principal(keeper, loan, "2024-05-10")
    one = as_of(kept, "2024-05-10")
    assert (one.owed, one.to_come, one.is_repaid) == (0, all_of_it.interest - 4_00, False)
    ahead = due_next(one)
    assert ahead is not None and (ahead.on, ahead.principal, ahead.interest) == (day("2024-06-08"), 0, 4_00)
    assert "236 rupees of agreed interest is to come" in say_loan(one)
    assert dues(kept.book, day("2024-05-10")).spoken.startswith("Nusrat Ara. Loan: repaid, 236 rupees")


def test_it_is_let_go_by_resolution_and_comes_back(kept, keeper, loan) -> None:
    repay_principal(keeper, loan, "2024-05-10")
    let_go(kept, loan)
    assert not as_of(kept, "2024-06-19").is_repaid
    # What fell due before it stays due: 4 of June.
    then = as_of(kept, LATE)
    assert (then.to_come, then.arrears.interest, then.is_repaid) == (0, 4_00, False)
    assert first_difference() is None
    undo_anew(by=us(), book=kept.book, loan=loan.uid, why="It was never resolved")
    assert as_of(kept, LATE).to_come == 232_00


def test_only_of_a_loan_that_is_repaid_and_asks_for_more(kept, keeper, loan) -> None:
    with pytest.raises(Refused) as owed:
        let_go(kept, loan, resolution=" ")
    assert set(codes_of(owed)) == {"owed_still", "resolution"}
    repay_principal(keeper, loan, "2024-05-10")
    with pytest.raises(Refused) as same_day:
        let_go(kept, loan, since="2024-05-10")
    assert codes_of(same_day) == ["after_payment"]


def test_its_page_asks_for_the_resolution(kept, keeper, loan) -> None:
    repay_principal(keeper, loan, "2024-05-10")
    where = keeper.url("loan_let_go", loan.uid)
    page = keeper.client.get(where)
    assert "of agreed interest to come" in text_of(page)
    assert where in keeper.client.get(keeper.url("loans")).content.decode()
    refused = keeper.client.post(where, fields_of(page))
    assert refused.status_code == 422
    sent = keeper.client.post(where, {**fields_of(page), "resolution": RESOLVED})
    assert sent.status_code == 302, text_of(sent)


def test_who_repays_it_early_is_asked_about_the_interest_that_stays(kept, keeper, loan) -> None:
    answer = repay_principal(keeper, loan, "2024-05-10", sure="")
    assert "236 of interest is left to be paid" in text_of(answer).replace("₹", "")
