"""What a group decides on loans: in the order of the queue or with a reason, by those who were there."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions.bylaws import set_bylaws
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_meetings import close, meeting, saved
from umeed.books.tests.test_own_rules import RULES
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id


def asked(kept: Kept, *at: int) -> list[dict[str, Any]]:
    """Requests, the ids in the order in which they were written."""
    return [{"id": new_id(), "woman": kept.women[one].pk, "paise": 100_00, "purpose": "cattle"} for one in at]


def decided(request: dict[str, Any], outcome: str = "granted", **said: Any) -> dict[str, Any]:
    return {"id": new_id(), "request": request["id"], "outcome": outcome, **said}


@pytest.mark.parametrize("first", [None, "deferred"])
def test_nobody_is_served_before_one_who_waits_without_a_reason(kept: Kept, first: str | None) -> None:
    """Also not before one who asked on the same day, nor by putting her off in the same meeting."""
    requests = asked(kept, 1, 2)
    earlier = [decided(requests[0], first, why="Little money")] if first else []
    said = meeting(kept, savings=saved(kept), counted=250_00, requests=requests)
    with pytest.raises(Refused) as refused:
        close(kept, {**said, "decisions": [*earlier, decided(requests[1])]})
    assert codes_of(refused) == ["jump"]
    assert kept.women[1].name in refused.value.refusals[0].message()
    close(kept, {**said, "decisions": [*earlier, decided(requests[1], jump_why="Her child is ill")]})


@pytest.mark.parametrize("first", ["granted", "refused", "withdrawn"])
def test_who_is_decided_for_good_is_not_passed_over(kept: Kept, first: str) -> None:
    requests = asked(kept, 1, 2)
    decisions = [decided(requests[1]), decided(requests[0], first, why="She is late herself")]
    close(kept, meeting(kept, savings=saved(kept), counted=250_00, requests=requests, decisions=decisions))


def test_who_was_away_decided_nothing(kept: Kept) -> None:
    away, requests = kept.women[4], asked(kept, 1)
    said = meeting(kept, requests=requests)
    said["attendance"] = {**said["attendance"], away.pk: "absent"}
    with pytest.raises(Refused) as refused:
        voted = [away.pk, *(woman.pk for woman in kept.women[:3])]
        close(kept, {**said, "decisions": [decided(requests[0], way="named", voted=voted)]})
    assert [(one.code, away.name in one.message()) for one in refused.value.refusals] == [("voted_away", True)]


def test_fewer_than_the_group_decides_with_are_asked_about(kept: Kept) -> None:
    """Three of five decide. Of a meeting to which only two came it is asked once, about the meeting."""
    requests = asked(kept, 1)
    said = meeting(kept, savings=saved(kept), counted=250_00, requests=requests)
    two, three = ([woman.pk for woman in kept.women[:many]] for many in (2, 3))
    with pytest.raises(Refused) as refused:
        close(kept, {**said, "decisions": [decided(requests[0], way="named", voted=two)]})
    assert [(one.code, one.severity) for one in refused.value.refusals] == [("few_named", "warn")]
    assert refused.value.refusals[0].message().startswith("2 women are named; the group decides with 3.")
    few = {**said, "decisions": [decided(requests[0], way="named", voted=two)],
           "attendance": {woman.pk: "present" if woman.pk in two else "absent" for woman in kept.women},
           "savings": said["savings"][:2], "counted": 100_00}  # fmt: skip
    with pytest.raises(Refused) as refused:
        close(kept, few)
    assert codes_of(refused) == ["no_quorum"]
    close(kept, {**said, "decisions": [decided(requests[0], way="named", voted=three)]})


def test_more_than_the_groups_largest_loan_is_not_granted(kept: Kept) -> None:
    """She may ask for it; how much of it is granted is written."""
    set_bylaws(by=us(), book=kept.book, id=new_id(), since=kept.book.opened_on, **{**RULES, "most_paise": 60_00})
    requests = asked(kept, 1)
    said = meeting(kept, requests=requests)
    for paise in ({}, {"paise": 60_01}):
        with pytest.raises(Refused) as refused:
            close(kept, {**said, "decisions": [decided(requests[0], **paise)]})
        assert [(one.code, one.field) for one in refused.value.refusals] == [("more_than_most", "decisions.0.paise")]
    assert "at most ₹60 a loan" in refused.value.refusals[0].message()
    close(kept, {**said, "decisions": [decided(requests[0], paise=60_00)]})


def test_a_promised_day_lies_ahead(kept: Kept) -> None:
    requests = asked(kept, 1)
    put_off = decided(requests[0], "deferred", why="Little money", promised_on="2024-04-08")
    with pytest.raises(Refused) as refused:
        close(kept, meeting(kept, requests=requests, decisions=[put_off]))
    assert codes_of(refused) == ["promised_before"]
    close(kept, meeting(kept, requests=requests, decisions=[{**put_off, "promised_on": "2024-04-09"}]))


def test_the_day_that_was_promised_to_her_is_told_when_she_waits_again(kept: Kept, keeper: Keeper) -> None:
    """Of several the last one."""
    requests = asked(kept, 1, 2)
    put_off = [decided(one, "deferred", why="Little money", promised_on="2024-05-20") for one in requests]
    close(kept, meeting(kept, requests=requests, decisions=put_off))
    again = decided(requests[1], "deferred", why="Little money", promised_on="2024-05-27")
    close(kept, meeting(kept, 2, "2024-04-15", decisions=[again]))
    keeper.begin("2024-04-22", 3)
    keeper.send("attendance", president=str(kept.women[0].pk))
    page = text_of(keeper.open("requests"))
    assert [page.count(f"promised for {one} May 2024") for one in (20, 27)] == [1, 1]


def test_one_request_is_answered_by_one_loan(kept: Kept) -> None:
    requests = asked(kept, 1)
    terms = {"rate_bp_a_year": 2_400, "method": "balance", "instalments": 1, "first_due": "2024-05-15"}
    lent = [
        {"loan": new_id(), "woman": kept.women[1].pk, "paise": 50_00, "request": requests[0]["id"], **terms}
        for _twice in range(2)
    ]
    said = meeting(kept, savings=saved(kept), counted=150_00, requests=requests, decisions=[decided(requests[0])])
    with pytest.raises(Refused) as refused:
        close(kept, {**said, "lendings": lent})
    assert "twice" in codes_of(refused)
