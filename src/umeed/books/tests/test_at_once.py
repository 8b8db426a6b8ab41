"""A real meeting does it all at once: asked, granted and paid out; what the VO counted first is not written twice."""

from __future__ import annotations

from uuid import UUID

import pytest

from umeed.books.actions import close_meeting
from umeed.books.actions.days import close_day
from umeed.books.ledger.balances import balances
from umeed.books.models import Loan, LoanDecision, LoanRequest, OpenMeeting
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_bodies import Vo, a_day, agree, arrive, lend, meet, theirs, today, vo
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.actions import Refused
from umeed.institutions.tests.making import bookkeeper_of, codes_of, signed_in, us

__all__ = ["vo"]


def asked(kept, **more: str) -> dict[str, str]:
    return {"q-0-woman": str(kept.women[1].pk), "q-0-paise": "200", "q-0-purpose": "health", **more}


def begin(keeper) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(keeper.kept.women[0].pk))
    for step in ("savings", "repayments", "receipts"):
        keeper.send(step)


def test_asked_granted_and_paid_out_with_one_line(kept, keeper) -> None:
    begin(keeper)
    assert keeper.send("requests", **asked(kept, **{"q-0-granted": "yes"})).status_code == 302
    shown = text_of(keeper.open("lendings"))
    assert "granted ₹ 200" in shown
    assert keeper.fields("lendings")[f"l-{OpenMeeting.objects.get().said['requests'][0]['id']}-today"] == "yes"
    for step in ("lendings", "payments", "bank", "agenda"):
        keeper.send(step)
    keeper.send("count", counted="50")
    assert keeper.close().status_code == 302
    loan, request, decision = Loan.objects.get(), LoanRequest.objects.get(), LoanDecision.objects.get()
    assert (loan.woman_id, loan.request_id, decision.request_id) == (kept.women[1].pk, request.pk, request.pk)
    assert (decision.outcome, decision.way, loan.purpose) == ("granted", "all", "health")
    assert balances(kept.book.pk, us().today)["loan_to_member"] == 200_00


def test_what_was_granted_earlier_is_paid_out_in_the_next_meeting(kept, keeper) -> None:
    begin(keeper)
    keeper.send("requests", **asked(kept, **{"q-0-granted": "yes"}))
    request = OpenMeeting.objects.get().said["requests"][0]["id"]
    keeper.send("lendings", **{f"l-{request}-today": None})
    for step in ("payments", "bank", "agenda"):
        keeper.send(step)
    keeper.send("count", counted="250")
    assert keeper.close().status_code == 302
    assert not Loan.objects.exists()

    keeper.begin(on="2024-04-15", number=2)
    done = keeper.walk(lendings={f"l-{request}-today": "yes"}, count={"counted": "300"})
    assert done.status_code == 302, text_of(done)
    assert keeper.close().status_code == 302
    assert str(Loan.objects.get().request_id) == request


def test_a_tick_stays_while_another_field_cannot_be_read_and_can_be_undone_in_the_queue(kept, keeper) -> None:
    begin(keeper)
    wrong = keeper.send("requests", **asked(kept, **{"q-0-granted": "yes", "q-0-instalments": "many"}))
    assert wrong.status_code == 422
    id = OpenMeeting.objects.get().said["requests"][0]["id"]
    assert keeper.fields("requests")[f"d-{id}-outcome"] == "granted"
    keeper.send("requests", **{"q-0-instalments": "4"})
    assert OpenMeeting.objects.get().said["decisions"][0]["outcome"] == "granted"
    keeper.send("requests", **{f"d-{id}-outcome": ""})
    assert OpenMeeting.objects.get().said["decisions"] == []


# What the VO counted first ------------------------------------------------------------------------------------------


@pytest.fixture
def counted(vo: Vo) -> UUID:
    """The VO counted 4,400 of the group: 4,000 of its loan, 400 of interest. The group has not said so yet."""
    loan = lend(vo)
    arrive(vo, 40_000)
    brought = {"loan": loan.uid, "principal": 4_000_00, "interest": 400_00}
    close_day(by=us(), book=vo.book, said=a_day(vo, counted=4_400_00, repayments=[brought]), is_sure=True)
    assert today(vo.one.book)["on_the_way"] == -4_400_00
    return theirs(loan).uid


def test_what_the_vo_counted_leaves_the_box_in_the_meeting(vo: Vo, counted: UUID) -> None:
    left = [{"body": vo.vo.pk, "paise": 4_400_00}]
    said = meet(vo.one, on="2024-05-13", left=left, counted=35_600_00)
    close_meeting(by=us(), book=vo.one.book, said=said)
    held = today(vo.one.book)
    assert held["cash"] == 35_600_00 and "on_the_way" not in held and held["loan_from_vo"] == -36_000_00
    assert agree()


def test_no_more_has_left_than_was_counted_there(vo: Vo, counted: UUID) -> None:
    left = [{"body": vo.vo.pk, "paise": 4_400_00}, {"body": vo.vo.pk, "paise": 1}]
    with pytest.raises(Refused) as refused:
        close_meeting(by=us(), book=vo.one.book, said=meet(vo.one, on="2024-05-13", left=left, counted=35_599_99))
    assert "more_than_counted" in codes_of(refused)


def test_repaying_what_was_counted_there_already_is_asked_about(vo: Vo, counted: UUID) -> None:
    repaid = [{"loan": counted, "principal": 4_000_00, "interest": 400_00}]
    twice = meet(vo.one, on="2024-05-13", repaid=repaid, counted=35_600_00)
    with pytest.raises(Refused) as refused:
        close_meeting(by=us(), book=vo.one.book, said=twice)
    assert codes_of(refused) == ["counted_there"]
    given = [{"body": vo.vo.pk, "what": "saving", "paise": 1_00}]
    saved = meet(vo.one, on="2024-05-13", given=given, counted=39_999_00)
    with pytest.raises(Refused) as refused:
        close_meeting(by=us(), book=vo.one.book, said=saved)
    assert codes_of(refused) == ["counted_there"]
    # Said as having left, or meant as more: both go.
    both = {**twice, "left": [{"body": vo.vo.pk, "paise": 4_400_00}], "counted": 31_200_00}
    close_meeting(by=us(), book=vo.one.book, said=both)
    assert today(vo.one.book)["loan_from_vo"] == -32_000_00 and agree()


def test_the_page_fills_it_in_and_asks(vo: Vo, counted: UUID, settings) -> None:
    settings.SECOND_FACTOR = "none"
    bookkeeper_of(vo.one.group, username="keeper")
    keeper = Keeper(vo.one, signed_in("keeper"))
    post(vo.one.book, sheet(entry("cash", 100), entry("award", -100), on="2024-05-01"))
    keeper.begin("2024-05-13", 1)
    keeper.send("attendance", president=str(vo.one.women[0].pk))
    name = f"left-{vo.vo.pk}-paise"
    assert keeper.fields("bank")[name] == "4400"
    shown = text_of(keeper.open("bank"))
    assert "has counted ₹ 4,400 from this group" in shown
    answer = keeper.send("bank", **{name: "", f"t-{counted}-principal": "4000"})
    assert answer.status_code == 302 and "Is this one more?" in text_of(keeper.open("bank"))
    answer = keeper.send("bank", **{name: "5000", f"t-{counted}-principal": ""})
    assert answer.status_code == 422 and "more cannot have left for it" in text_of(answer)
    assert keeper.send("bank", **{name: "4400"}).status_code == 302
    assert OpenMeeting.objects.get().said["left"] == [{"body": str(vo.vo.pk), "paise": 4_400_00, "mode": "cash"}]
    assert "was counted there before" in text_of(keeper.open("close"))
    assert day("2024-05-13") <= us().today
