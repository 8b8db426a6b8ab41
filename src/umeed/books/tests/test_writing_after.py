"""After a meeting is closed: it is seen, taken back, corrected."""

from __future__ import annotations

import pytest
from django.utils import timezone

from umeed.books.actions import close_meeting, lock_month, take_back_meeting
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.models import Agreement, Loan, LoanRequest, Meeting, OpenMeeting
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_meetings import meeting, saved
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.core.actions import Refused
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id


def last(keeper: Keeper) -> Meeting:
    return Meeting.objects.filter(replaced_by__isnull=True).get()


def test_a_meeting_with_a_loan_is_corrected(kept: Kept, keeper: Keeper) -> None:
    loan = lend(kept, keeper)
    old = last(keeper)
    url = keeper.url("meeting_correct", old.pk)
    assert keeper.client.post(url, {"why": ""}).status_code == 422
    assert keeper.client.post(url, {"why": "It was 150"}).status_code == 302
    # Everything is there as it was written, and the box is counted as if the old one had not been.
    page = text_of(keeper.open("close"))
    assert "Everything agrees" in page and "Close the correction" in page
    request = OpenMeeting.objects.get().said["requests"][0]["id"]
    keeper.send("lendings", **{f"l-{request}-paise": "150"})
    keeper.send("count", counted="100")
    assert keeper.close().status_code == 302
    assert balances(kept.book.pk, us().today) == {
        "cash": 100_00, "saving_compulsory": -250_00, "loan_to_member": 150_00
    }  # fmt: skip
    assert Loan.objects.get().pk == loan.pk and Agreement.objects.get().principal_paise == 150_00
    assert [one.owed for one in running_loans(kept.book.pk, us().today)] == [150_00]
    assert first_difference() is None
    assert "This meeting was corrected. It was 150" in text_of(keeper.client.get(keeper.url("meeting", old.pk)))


def test_a_correction_of_what_was_taken_back_meanwhile_can_only_be_put_away(kept: Kept, keeper: Keeper) -> None:
    lend(kept, keeper)
    old = last(keeper)
    keeper.client.post(keeper.url("meeting_correct", old.pk), {"why": "It was 150"})
    take_back_meeting(by=us(), meeting=old.pk, id=new_id(), why="Another group's")
    for step in ("savings", "close"):
        answer = keeper.open(step)
        assert answer.status_code == 302 and answer.url == keeper.url("meeting_put_away")
    assert "taken back or corrected already" in text_of(keeper.client.get(keeper.url("meeting_put_away")))


def test_a_correction_may_leave_a_loan_out(kept: Kept, keeper: Keeper) -> None:
    lend(kept, keeper)
    keeper.client.post(keeper.url("meeting_correct", last(keeper).pk), {"why": "She asked only"})
    request = OpenMeeting.objects.get().said["requests"][0]["id"]
    keeper.send("lendings", **{f"l-{request}-today": None})
    keeper.send("count", counted="250")
    assert keeper.close().status_code == 302
    assert running_loans(kept.book.pk, us().today) == []
    assert LoanRequest.objects.get().decisions.get().outcome == "granted"


def test_a_loan_that_is_ticked_again_in_a_correction_is_the_same_loan(kept: Kept, keeper: Keeper) -> None:
    """Something was repaid on it since: another loan in its place would let that hang in the air."""
    loan = lend(kept, keeper)
    first = last(keeper)
    keeper.begin("2024-05-20", 2)
    keeper.walk(repayments={f"r-{loan.uid}-total": "50"}, count={"counted": "350"})
    assert keeper.close().status_code == 302
    keeper.client.post(keeper.url("meeting_correct", first.pk), {"why": "Looked at again"})
    request = OpenMeeting.objects.get().said["requests"][0]["id"]
    keeper.send("lendings", **{f"l-{request}-today": None})
    keeper.send("count", counted="250")
    assert "Something happened on the loan" in text_of(keeper.close())
    keeper.send("lendings", **{f"l-{request}-today": "yes", f"l-{request}-first_due": "2024-05-08"})
    keeper.send("count", counted="50")
    answer = keeper.close()
    assert answer.status_code == 302, text_of(answer)
    assert Loan.objects.get().pk == loan.pk and Agreement.objects.count() == 1
    assert first_difference() is None


def test_a_meeting_is_taken_back_with_all_that_hangs_on_it(kept: Kept, keeper: Keeper) -> None:
    lend(kept, keeper)
    url = keeper.url("meeting_take_back", last(keeper).pk)
    assert keeper.client.post(url, {"why": "  "}).status_code == 422
    answer = keeper.client.post(url, {"why": "Another group's"})
    assert answer.status_code == 302
    assert balances(kept.book.pk, us().today) == {}
    assert running_loans(kept.book.pk, us().today, with_closed=True) == []
    assert not LoanRequest.objects.exists()
    assert "Another group's" in text_of(keeper.client.get(answer.url))


def test_a_loan_on_which_something_was_paid_stops_taking_back(kept: Kept, keeper: Keeper) -> None:
    loan = lend(kept, keeper)
    first = last(keeper)
    keeper.begin("2024-05-20", 2)
    keeper.walk(repayments={f"r-{loan.uid}-total": "50"}, count={"counted": "350"})
    assert keeper.close().status_code == 302
    answer = keeper.client.post(keeper.url("meeting_take_back", first.pk), {"why": "Wrong"})
    assert answer.status_code == 422


def test_a_difference_that_changes_is_explained_anew(kept: Kept, keeper: Keeper) -> None:
    """Five were missing, and why was said; the correction finds forty-five too many."""
    keeper.begin()
    keeper.walk(count={"counted": "245", "difference_why": "Five rupees torn"})
    keeper.close()
    keeper.client.post(keeper.url("meeting_correct", last(keeper).pk), {"why": "She gave nothing"})
    # Said and explained it may be closed, but it does not agree, and what was written is read out.
    page = text_of(keeper.open("close"))
    assert "Everything agrees" not in page and "than the book says, and it is said why" in page
    assert "There is ₹ 5 less than the book says. Five rupees torn" in page
    keeper.send("savings", **{f"s-{kept.women[1].pk}-saving_compulsory": ""})
    assert "Say why there is ₹45 more" in text_of(keeper.close())
    assert keeper.fields("count")["difference_why"] == ""
    assert keeper.send("count", difference_why="Five rupees torn", counted="244").status_code == 422
    assert keeper.send("count", difference_why="Found in the bag").status_code == 302
    assert keeper.close().status_code == 302
    assert last(keeper).said["difference"] == 44_00
    assert balances(kept.book.pk, us().today)["cash_over"] == -44_00


def test_what_was_held_in_a_closed_month_stays(kept: Kept, keeper: Keeper) -> None:
    """Refused at the button, with what to do instead; taken back it leaves its number empty, and says so."""
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    old = last(keeper)
    url = keeper.url("meeting_correct", old.pk)
    keeper.client.post(url, {"why": "Begun while it was open"})
    lock_month(by=us(), book=kept.book, month=day("2024-04-30"))
    assert keeper.open("close").url == keeper.url("meeting_put_away")
    OpenMeeting.objects.all().delete()
    page = keeper.client.get(url)
    assert "by what it differs" in text_of(page) and "Open it again" not in text_of(page)
    assert keeper.client.post(url, {"why": "Ten more"}).status_code == 422 and not OpenMeeting.objects.exists()
    said = meeting(kept, savings=saved(kept, 60), counted=300_00)
    with pytest.raises(Refused) as refused:
        close_meeting(by=us(), book=kept.book, said=said, replaces=old.pk, why="Ten more")
    assert codes_of(refused) == ["month_closed"]
    back = text_of(keeper.client.get(keeper.url("meeting_take_back", old.pk)))
    assert "Take this meeting back " in back and f" · Meeting 1 on {old.held_on.day} " in back, back
    assert "Number 1 then stays empty" in back and "free again" not in back


def test_a_closed_month_is_put_right_by_what_it_differs(kept: Kept, keeper: Keeper) -> None:
    """Sixty were saved and fifty written: what was signed stays, today's month has the ten, and the cash stands."""
    her = kept.women[1]
    close_meeting(by=us(), book=kept.book, said=meeting(kept, savings=saved(kept), counted=250_00))
    held, signed = last(keeper), day("2024-04-30")
    url, field = keeper.url("meeting_differing", held.pk), f"saving_optional-{her.pk}-"
    assert keeper.client.get(url).url == keeper.url("meeting_correct", held.pk), "its month is open"
    lock_month(by=us(), book=kept.book, month=signed)
    before = balances(kept.book.pk, signed)
    assert url in keeper.client.get(keeper.url("meeting_correct", held.pk)).content.decode()
    sent = fields_of(keeper.client.get(url))
    assert sent[field] == "50" and sent["nth"] == "0"
    for wrong, said in (({"why": ""}, "Say why"), ({field: "50"}, "Nothing differs"), ({field: "x"}, "not an amount")):
        answer = keeper.client.post(url, {**sent, field: "60", "why": "She gave sixty", **wrong})
        assert answer.status_code == 422 and said in text_of(answer)
    for _ in range(2):
        answer = keeper.client.post(url, {**sent, field: "60", "why": "She gave sixty"})
        assert answer.status_code == 302
    assert balances(kept.book.pk, signed) == before
    now = {"cash": 250_00, "saving_optional": -260_00, "cash_short": 10_00}
    assert balances(kept.book.pk, timezone.localdate()) == now
    assert balances_of_a_woman(kept.book.pk, her.pk, timezone.localdate())["saving_optional"] == -60_00
    page = text_of(keeper.client.get(keeper.url("meeting", held.pk)))
    assert "She gave sixty" in page and f"{her.name} · Optional saving ₹ 10 more" in page
    assert fields_of(keeper.client.get(url))[field] == "60"
    less = {**fields_of(keeper.client.get(url)), field: "55", "why": "Fifty-five"}
    assert keeper.client.post(url, less).status_code == 302
    assert f"{her.name} · Optional saving ₹ 5 less" in text_of(keeper.client.get(keeper.url("meeting", held.pk)))
    # Taken back whole, what put it right goes with it.
    undo = keeper.url("meeting_take_back", held.pk)
    assert keeper.client.post(undo, {**fields_of(keeper.client.get(undo)), "why": "Another group's"}).status_code == 302
    assert balances(kept.book.pk, timezone.localdate()) == {} and first_difference() is None


def test_lists_open(kept: Kept, keeper: Keeper) -> None:
    lend(kept, keeper)
    for name in ("meetings", "clashes", "meetings_missed", "home"):
        assert keeper.client.get(keeper.url(name)).status_code == 200
    assert "5 of 5 came" in text_of(keeper.client.get(keeper.url("meetings")))
    assert keeper.client.get(keeper.url("meeting", "last")).status_code == 200


def test_what_was_taken_back_is_not_corrected_and_the_last_is_the_last_that_stands(kept: Kept, keeper: Keeper) -> None:
    for number, on in ((1, "2024-04-08"), (2, "2024-04-15")):
        close_meeting(by=us(), book=kept.book, said=meeting(kept, number, on=on))
    second = Meeting.objects.get(number=2)
    undone = take_back_meeting(by=us(), meeting=second.pk, id=new_id(), why="The wrong book").meeting
    for which in (second.pk, undone):
        url = keeper.url("meeting_correct", which)
        for answer in (keeper.client.get(url), keeper.client.post(url, {"why": "Sixty, not fifty"})):
            assert answer.status_code == 302 and answer.url == keeper.url("meeting", which)
    assert not OpenMeeting.objects.exists()
    assert "Meeting 1 on" in text_of(keeper.client.get(keeper.url("meeting", "last")))
