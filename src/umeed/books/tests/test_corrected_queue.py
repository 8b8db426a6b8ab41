"""A meeting, or a day of a VO, that decided on requests of earlier days is corrected: they wait as they did before it,
and what a later one built on stays."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Loan, LoanDecision, LoanRequest, Meeting, OpenMeeting
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import post, saving
from umeed.books.tests.test_bodies import a_day, vo
from umeed.books.tests.test_bodies import close as close_day
from umeed.books.tests.test_decisions import asked, decided
from umeed.books.tests.test_meetings import close, lend, meeting
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.actions import Refused
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["vo"]
FORGOTTEN = "A saving was forgotten"


@pytest.fixture
def request_of_her(kept: Kept) -> dict[str, Any]:
    """1,000 in the box, and a request of the first meeting."""
    post(kept.book, saving(kept.women[0], 1_000, on="2024-04-02"))
    (request,) = asked(kept, 1)
    close(kept, meeting(kept, 1, "2024-04-08", requests=[request], counted=1_000_00))
    return request


def more(kept: Kept) -> list[dict[str, Any]]:
    return [{"woman": kept.women[2].pk, "head": "saving_optional", "paise": 50_00}]


def paid(kept: Kept, request: dict[str, Any], rupees: int = 100) -> dict[str, Any]:
    at = next(at for at, woman in enumerate(kept.women) if woman.pk == request["woman"])
    return lend(kept, at, rupees, request=request["id"], first_due="2024-05-22")


@pytest.mark.parametrize("outcome", ["granted", "refused", "withdrawn", "deferred"])
def test_its_decisions_stand_and_may_be_others(kept: Kept, request_of_her: dict[str, Any], outcome: str) -> None:
    decision = decided(request_of_her, outcome, why="So it is")
    lent = [paid(kept, request_of_her)] if outcome == "granted" else []
    box = 900_00 if lent else 1_000_00
    said = meeting(kept, 2, "2024-04-15", decisions=[decision], lendings=lent, counted=box)
    held = close(kept, said, is_sure=True).meeting
    again = {**said, "id": new_id(), "savings": more(kept), "counted": box + 50_00}
    held = close(kept, again, is_sure=True, replaces=held, why=FORGOTTEN).meeting
    assert LoanDecision.objects.get().outcome == outcome and Loan.objects.count() == len(lent)
    other = {**again, "id": new_id(), "lendings": [], "counted": 1_050_00,
             "decisions": [{**decision, "outcome": "refused", "why": "No money"}]}  # fmt: skip
    close(kept, other, is_sure=True, replaces=held, why="It was refused")
    assert LoanDecision.objects.get().outcome == "refused" and balances(kept.book.pk, us().today)["cash"] == 1_050_00
    assert first_difference() is None


def refused_to_correct(kept: Kept, held: Any, said: dict[str, Any]) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as refused:
        close(kept, {**said, "id": new_id()}, is_sure=True, replaces=held, why="Otherwise")
    return [(one.code, one.field) for one in refused.value.refusals]


def test_who_was_put_off_and_served_later_was_put_off(kept: Kept, request_of_her: dict[str, Any]) -> None:
    put_off = decided(request_of_her, "deferred", why="Little money")
    said = meeting(kept, 2, "2024-04-15", decisions=[put_off], counted=1_000_00)
    held = close(kept, said, is_sure=True).meeting
    granted = decided(request_of_her)
    close(kept, meeting(
        kept, 3, "2024-04-22", decisions=[granted], lendings=[paid(kept, request_of_her)], counted=900_00,
    ), is_sure=True)  # fmt: skip
    for other in ("granted", "refused", "withdrawn"):
        decision = {**put_off, "outcome": other, "why": "So it is"}
        assert refused_to_correct(kept, held, {**said, "decisions": [decision]}) == [
            ("built_on", "decisions.0.outcome")
        ]
    lent = {**said, "lendings": [paid(kept, request_of_her)], "counted": 900_00}
    assert ("built_on", "lendings.0.request") in refused_to_correct(kept, held, lent)
    again = {**said, "id": new_id(), "savings": more(kept), "counted": 1_050_00}
    held = close(kept, again, is_sure=True, replaces=held, why=FORGOTTEN).meeting
    # That nothing was decided on her is the same to the later one.
    close(kept, {**again, "id": new_id(), "decisions": []}, is_sure=True, replaces=held, why="Nothing was decided")
    assert LoanDecision.objects.get().outcome == "granted" and Loan.objects.get().request_id == request_of_her["id"]


def test_what_was_granted_and_paid_out_later_stays_granted(kept: Kept, request_of_her: dict[str, Any]) -> None:
    granted = decided(request_of_her, paise=80_00)
    said = meeting(kept, 2, "2024-04-15", decisions=[granted], counted=1_000_00)
    held = close(kept, said, is_sure=True).meeting
    close(kept, meeting(
        kept, 3, "2024-04-22", lendings=[paid(kept, request_of_her, 80)], counted=920_00,
    ), is_sure=True)  # fmt: skip
    assert refused_to_correct(kept, held, {**said, "decisions": []}) == [("built_on", None)]
    less = {**said, "decisions": [{**granted, "paise": 70_00}]}
    assert refused_to_correct(kept, held, less) == [("built_on", "decisions.0.outcome")]
    close(kept, {**said, "id": new_id(), "savings": more(kept), "counted": 1_050_00}, is_sure=True, replaces=held,
          why=FORGOTTEN)  # fmt: skip


def test_the_meeting_in_which_she_asked_is_corrected_too(kept: Kept, request_of_her: dict[str, Any]) -> None:
    close(kept, meeting(
        kept, 2, "2024-04-15", decisions=[decided(request_of_her)], lendings=[paid(kept, request_of_her)],
        counted=900_00,
    ), is_sure=True)  # fmt: skip
    first = Meeting.objects.get(number=1)
    said = {**meeting(kept, 1, "2024-04-08", requests=[request_of_her], counted=1_000_00)}
    wrong = {**said, "decisions": [decided(request_of_her, "refused", why="No")]}
    assert refused_to_correct(kept, first.pk, wrong) == [("built_on", "decisions.0.outcome")]
    close(kept, {**said, "savings": more(kept), "counted": 1_050_00}, is_sure=True, replaces=first.pk, why=FORGOTTEN)
    assert LoanRequest.objects.get().loan.lent_on.isoformat() == "2024-04-15"


def test_a_day_of_a_vo_that_lent_on_an_earlier_request(vo: Any) -> None:
    request = new_id()
    close_day(vo, a_day(vo, requests=[{"id": request, "body": vo.two.group.pk, "paise": 30_000_00}]), is_sure=True)
    lent = {
        "loan": new_id(), "body": vo.two.group.pk, "paise": 25_000_00, "request": request, "mode": "bank",
        "rate_bp_a_year": 1200, "method": "balance", "instalments": 10, "first_due": "2024-07-10",
    }  # fmt: skip
    decision = {"id": new_id(), "request": request, "outcome": "granted", "paise": 25_000_00}
    said = a_day(vo, number=2, on="2024-06-10", decisions=[decision], lendings=[lent])
    held = close_day(vo, said, is_sure=True).meeting
    more = [{"head": "vrf", "paise": 100_00, "mode": "bank"}]
    close_day(
        vo, {**said, "id": new_id(), "receipts": more}, is_sure=True, replaces=held, why="A receipt was forgotten"
    )
    assert first_difference() is None


def test_the_page_shows_what_was_decided(kept: Kept, keeper: Keeper, request_of_her: dict[str, Any]) -> None:
    decision = decided(request_of_her, "refused", why="Little money")
    held = close(kept, meeting(kept, 2, "2024-04-15", decisions=[decision], counted=1_000_00), is_sure=True).meeting
    keeper.client.post(keeper.url("meeting_correct", held), {"why": FORGOTTEN})
    assert "Little money" in keeper.open("requests").content.decode()
    keeper.send("requests")
    assert [one["outcome"] for one in OpenMeeting.objects.get().said["decisions"]] == ["refused"]
    assert "Nobody asked for this loan" not in text_of(keeper.open("close"))
