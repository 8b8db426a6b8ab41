"""A cut-off is corrected after its loans were agreed anew or written off: what was resolved took them as they were."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions.loans import agree_anew, undo_anew, write_off
from umeed.books.ledger.running import running_loans
from umeed.books.models import CutOff, Loan, Sheet
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import cut_off, group, loan, post, refused, women_of
from umeed.books.tests.test_cutoff_pages import at, send
from umeed.books.tests.test_put_right_since import TERMS
from umeed.books.tests.writing import fields_of, text_of
from umeed.core.actions import Refused
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import bookkeeper_of, signed_in, us
from umeed.kernel.ids import new_id
from umeed.places.tests.world import Valley

__all__ = ["group"]
SINCE = day("2024-05-10")


def resolve(how: str) -> None:
    hers = Loan.objects.get()
    if how == "agreed anew":
        terms = {**TERMS, "first_due": day("2024-06-08")}
        agree_anew(by=us(), book=hers.book, loan=hers.uid, id=new_id(), since=SINCE, **terms)
    else:
        write_off(by=us(), book=hers.book, loan=hers.uid, on=SINCE, resolution="15", approved="VO")


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
    hers = Loan.objects.get()
    undo_anew(by=us(), book=hers.book, loan=hers.uid, why="To correct the cut-off")
    post(group, more_owed(said), replaces=first, why="She owed more")
    (runs,) = running_loans(hers.book_id, day("2025-12-01"))
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
    hers = Loan.objects.get()
    undo_anew(by=us(), book=hers.book, loan=hers.uid, why="To correct the cut-off")
    post(group, {**said, "id": new_id(), "loans": other}, replaces=second, why="Dearer")


@pytest.mark.parametrize("anew", [False, True])
def test_the_page_leaves_a_loan_as_it_was_whose_card_is_not_touched(
    valley: Valley, group: Institution, anew: bool
) -> None:
    """Two overdue parts, a multiple and how a month counts have no field of their own: the bank alone is corrected."""
    bookkeeper_of(group)
    late = [{"on": f"2024-0{month}-10", "principal": 500_00, "interest": 60_00} for month in (2, 3)]
    hers = loan(women_of(group)[0], overdue=late, multiple=500, part_month="days")
    first = post(group, cut_off(group, loans=[hers])).cut_off
    said = CutOff.objects.get(pk=first).said["loans"]
    if anew:
        resolve("agreed anew")
    keeper = signed_in("bookkeeper")
    keeper.post(at(group, "begin/"))
    for page in ("loans", "group", "review"):
        fields = {key: value for key, value in fields_of(keeper.get(at(group, f"{page}/"))).items() if key != "go"}
        more = {"group": {"bank": "20,500"}, "review": {"go": "post", "surplus": "2,500", "why": "Bank book"}}
        answer = send(keeper, group, page, **{**fields, **more.get(page, {}), "sure": "on"})
    assert answer.status_code == 302, text_of(answer)
    second = CutOff.objects.exclude(pk=first).get()
    assert (second.said["bank"], second.said["loans"]) == (20_500_00, said)
