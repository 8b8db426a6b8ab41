"""A cut-off is corrected after its loans were agreed anew or written off: what was resolved took them as they were."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions.loans import agree_anew, undo_anew, write_off
from umeed.books.ledger.running import running_loans
from umeed.books.models import CutOff, Loan, Sheet
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import cut_off, group, post, refused
from umeed.books.tests.test_put_right_since import TERMS
from umeed.core.actions import Refused
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["group"]
SINCE = day("2024-05-10")


def resolve(how: str) -> None:
    loan = Loan.objects.get()
    if how == "agreed anew":
        terms = {**TERMS, "first_due": day("2024-06-08")}
        agree_anew(by=us(), book=loan.book, loan=loan.uid, id=new_id(), since=SINCE, **terms)
    else:
        write_off(by=us(), book=loan.book, loan=loan.uid, on=SINCE, resolution="15", approved="VO")


def more_owed(said: dict[str, Any]) -> dict[str, Any]:
    loans = [{**said["loans"][0], "outstanding": 7_000_00}]
    return {**said, "id": new_id(), "surplus": said["surplus"] + 1_000_00, "loans": loans}


@pytest.mark.parametrize("how", ["agreed anew", "written off"])
def test_a_loan_of_it_stays_as_it_was_resolved_on(group: Institution, how: str) -> None:
    said = cut_off(group)
    first = post(group, said).cut_off
    resolve(how)
    posted = Sheet.objects.count()
    with pytest.raises(Refused) as wrong:
        post(group, more_owed(said), replaces=first, why="She owed more")
    (why,) = [one.message(str) for one in wrong.value.refusals]
    assert f"was {how} " in why and "10 May 2024" in why and Loan.objects.get().woman.name in why
    assert Sheet.objects.count() == posted
    # Of anything else it is corrected all the same.
    post(group, {**said, "id": new_id(), "cash": 1_500_00, "surplus": 2_500_00}, replaces=first, why="In a purse")


def test_with_the_new_terms_taken_back_it_is_corrected(group: Institution) -> None:
    said = cut_off(group)
    first = post(group, said).cut_off
    resolve("agreed anew")
    assert refused(group, more_owed(said), replaces=first, why="More") == {"loans": "anew_since"}
    loan = Loan.objects.get()
    undo_anew(by=us(), book=loan.book, loan=loan.uid, why="To correct the cut-off")
    post(group, more_owed(said), replaces=first, why="She owed more")
    (runs,) = running_loans(loan.book_id, day("2025-12-01"))
    assert (runs.owed, runs.arrears.principal) == (7_000_00, 7_000_00)
    assert CutOff.objects.count() == 2


def test_nor_are_its_terms_others_under_which_it_was_due(group: Institution) -> None:
    """No amount is touched: another rate and first day alone. Without new terms they are corrected."""
    said = cut_off(group)
    first = post(group, said).cut_off
    other = [{**said["loans"][0], "rate_bp_a_year": 3600, "next_due": "2024-04-20"}]
    resolve("agreed anew")
    assert refused(group, {**said, "id": new_id(), "loans": other}, replaces=first, why="Dearer") == {
        "loans": "anew_since"
    }
    named = [{**said["loans"][0], "purpose": "food"}]
    second = post(group, {**said, "id": new_id(), "loans": named}, replaces=first, why="It was for food").cut_off
    loan = Loan.objects.get()
    undo_anew(by=us(), book=loan.book, loan=loan.uid, why="To correct the cut-off")
    post(group, {**said, "id": new_id(), "loans": other}, replaces=second, why="Dearer")
