"""A flat loan whose principal is repaid early: the interest that is to come stands on every paper, and may be let go.

200 flat at 2 per cent a month, lent on 8 April, in sixty instalments: 4 of interest fall due on the 8th of each month.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from umeed.books.actions.loans import let_interest_go, undo_anew
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement, Loan
from umeed.books.registers.dues import dues, say_loan
from umeed.books.registers.loans import loan_ledger
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.books.verifying import first_difference
from umeed.core.actions import Refused
from umeed.core.models import AuditEntry
from umeed.institutions.tests.making import codes_of, make_federation, make_group, us
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
    ahead = one.due_next
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


def test_from_the_day_on_which_it_is_resolved_nothing_later_is_asked(kept, keeper, loan) -> None:
    """Resolved today, from tomorrow on: it is told so, let go once, and taken back in its own words."""
    repay_principal(keeper, loan, "2024-05-10")
    today = timezone.localdate()
    tomorrow = today + datetime.timedelta(days=1)
    was = running_loans(kept.book.pk, today)[0].to_pay_all
    where, back = keeper.url("loan_let_go", loan.uid), keeper.url("loan_anew_undo", loan.uid)
    sent = {**fields_of(keeper.client.get(where)), "since": f"{tomorrow:%d-%m-%Y}", "resolution": RESOLVED}
    for _press in range(2):
        assert keeper.client.post(where, sent).status_code == 302
    one = running_loans(kept.book.pk, today, with_closed=True)[0]
    assert (one.to_come, one.to_pay_all.interest, one.lets_go_from) == (0, one.arrears.interest, tomorrow)
    assert one.to_pay_all.interest < was.interest
    assert all(due.on <= tomorrow for due in one.asked_until(day("2029-12-31")))
    assert one.due_next is None
    page = keeper.client.get(keeper.url("loans"))
    shown = page.content.decode()
    assert "interest let go from" in text_of(page) and "of agreed interest to come" not in text_of(page)
    assert where not in shown and back in shown and "Take the new terms back" not in text_of(page)
    again = keeper.client.post(where, {**sent, "record_id": str(new_id())})
    assert again.status_code == 422 and "Its interest is let go from" in text_of(again)
    said = keeper.client.get(back)
    assert "Ask for the interest again" in text_of(said) and "interest let go from" in text_of(said)
    done = keeper.client.post(back, {**fields_of(said), "why": "It was never resolved"}, follow=True)
    assert "The interest is asked for again." in text_of(done) and where in done.content.decode()
    assert AuditEntry.objects.filter(did="undo_let_go").exists() and first_difference() is None


def test_its_papers_say_that_it_was_let_go(kept, keeper, loan) -> None:
    repay_principal(keeper, loan, "2024-05-10")
    let_go(kept, loan)
    shown = loan_ledger(kept.book, day("2024-07-01"), loan=loan.pk)
    facts, rows = dict(fact[:2] for fact in shown.facts), [row.cells for part in shown.tables for row in part.rows]
    assert facts["Interest let go from"] == day(LATE) and "Agreed anew" not in facts
    assert [row[1] for row in rows if row[0] == day(LATE)] == [f"Interest let go · {RESOLVED}"]
    states = {row[1]: row[-1] for row in rows if len(row) == 6}
    assert states[day("2024-06-08")] == "Paid" and states[day("2024-07-08")] == "Interest let go"


@pytest.mark.parametrize("since", ["1-1-2020", "31-6-2024", "1-1-2030"])
def test_a_day_on_which_it_cannot_be_let_go_is_told(keeper, loan, since: str) -> None:
    repay_principal(keeper, loan, "2024-05-10")
    where = keeper.url("loan_let_go", loan.uid)
    sent = {**fields_of(keeper.client.get(where)), "since": since, "resolution": ""}
    answer = keeper.client.post(where, sent)
    assert answer.status_code == 422 and {"since", "resolution"} <= set(answer.context["form"].errors)


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


def test_the_vo_of_a_group_agrees_that_it_is_let_go(kept, keeper, loan, valley) -> None:
    repay_principal(keeper, loan, "2024-05-10")
    make_federation(kept.group, make_group(valley.chinar, "Umeed VO", kind="vo"))
    where = keeper.url("loan_let_go", loan.uid)
    sent = {**fields_of(keeper.client.get(where)), "since": "20-6-2024", "resolution": RESOLVED}
    asked = keeper.client.post(where, sent)
    assert asked.status_code == 422 and set(asked.context["form"].errors) == {"approved"}
    assert keeper.client.post(where, {**sent, "approved": "Umeed VO, 22 June"}).status_code == 302
    assert Agreement.objects.get(loan=loan, since=LATE).resolution == f"{RESOLVED} · Umeed VO, 22 June"
