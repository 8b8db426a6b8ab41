"""A meeting written step by step: what is filled in, what comes back as typed, how it closes."""

from __future__ import annotations

import pytest

from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Loan, Meeting, OpenMeeting
from umeed.books.tests.conftest import Kept
from umeed.books.tests.writing import Keeper, lend, text_of
from umeed.institutions.tests.making import us


def amount(kept: Kept, at: int, head: str = "saving_compulsory") -> str:
    return f"s-{kept.women[at].pk}-{head}"


def test_a_whole_meeting_is_written_and_closed(kept, keeper) -> None:
    women = kept.women
    keeper.begin()
    request = {
        "q-0-woman": str(women[1].pk), "q-0-paise": "200", "q-0-purpose": "cattle",
    }  # fmt: skip
    keeper.send(
        "attendance", **{"president": str(women[0].pk), f"a-{women[3].pk}": "absent", f"a-{women[4].pk}": "late"}
    )
    assert keeper.send("savings").status_code == 302
    keeper.send("repayments")
    # Who came late pays; who is absent brings nothing today: hers is noted.
    assert keeper.fields("receipts")["f-rows"] == "2"
    assert f"it is filled in: {kept.women[3].name} ₹ 10" in text_of(keeper.open("receipts"))
    keeper.send("receipts")
    keeper.send("requests", go="more", **request)
    waiting = OpenMeeting.objects.get().said["requests"][0]["id"]
    keeper.send("requests", **{f"d-{waiting}-outcome": "granted"})
    shown = text_of(keeper.open("lendings"))
    assert "10 instalments" in shown and "Altogether ₹ 222" in shown
    keeper.send("lendings")
    keeper.send("payments", **{"p-0-head": "travel", "p-0-paise": "3.50"})
    keeper.send("bank")
    keeper.send("agenda", **{"i-0-topic": "School", "i-0-decided": "Two of us go there."})
    answer = keeper.send("count", **{"n-1": "1"})
    assert answer.status_code == 422 and "Say why there is ₹0.50 less" in text_of(answer)
    answer = keeper.send("count", difference_why="A coin fell")
    assert answer.status_code == 302
    closed = keeper.close()
    assert closed.status_code == 302
    held = Meeting.objects.get()
    assert keeper.url("meeting", held.pk) == closed.url
    assert balances(kept.book.pk, us().today) == {
        "cash": 1_00, "saving_compulsory": -200_00, "fine": -5_00, "loan_to_member": 200_00, "travel": 3_50,
        "cash_short": 50,
    }  # fmt: skip
    assert Loan.objects.get().woman_id == women[1].pk
    assert not OpenMeeting.objects.exists() and first_difference() is None
    page = text_of(keeper.client.get(closed.url))
    assert "Two of us go there." in page and "4 of 5 came" in page


def test_what_cannot_be_read_comes_back_as_typed_with_all_reasons(kept, keeper) -> None:
    keeper.begin()
    keeper.send("attendance", **{"president": str(kept.women[0].pk), f"a-{kept.women[2].pk}": "absent"})
    typed = {amount(kept, 0): "fifty", amount(kept, 1): "-5", amount(kept, 2): "۵۰", amount(kept, 3): "₹ 1,200.50"}
    answer = keeper.send("savings", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("fifty", "-5", "۵۰"):
        assert f'value="{said}"' in page
    told = text_of(answer)
    for reason in ("is not an amount in rupees", "Write amounts without a minus", "was not there. Say who brought it"):
        assert reason in told
    for at in (0, 1):
        assert f"{kept.women[at].name}:" in told, "the list says about whom"
    # What could be read is kept, and the rest is still there when she comes back.
    assert sum(one["paise"] for one in OpenMeeting.objects.get().said["savings"]) == 1_200_50 + 50_00 + 50_00
    again = keeper.open("savings").content.decode()
    assert 'value="fifty"' in again and "is not an amount in rupees" in again
    assert "could not be read" in text_of(keeper.open("close"))
    keeper.send("savings", **{amount(kept, 0): "50", amount(kept, 1): "", f"by-{kept.women[2].pk}": "Her sister"})
    assert "could not be read" not in text_of(keeper.open("close"))
    assert OpenMeeting.objects.get().said["savings"][1]["by"] == "Her sister"


def test_a_box_below_nothing_is_told_beside_its_figure_at_once(kept, keeper) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    keeper.send("payments", **{"p-0-head": "travel", "p-0-paise": "99999"})
    assert "data-short>" in keeper.open("bank").content.decode()
    assert "There is not that much in the box." in text_of(keeper.open("bank"))
    keeper.send("payments", **{"p-0-paise": ""})
    assert "data-short hidden>" in keeper.open("bank").content.decode()


def test_one_total_is_divided_in_the_groups_order(kept, keeper) -> None:
    loan = lend(kept, keeper)
    keeper.begin("2024-05-20", 2)
    keeper.send("attendance", president=str(kept.women[0].pk))
    keeper.send("savings")
    name = f"r-{loan.uid}-total"
    # 20 of 200 due on 8 May with 4 of interest; no meeting was held since, so that she is not late.
    assert keeper.fields("repayments")[name] == "24"
    answer = keeper.send("repayments", **{name: "50"})
    assert answer.status_code == 302
    paid = OpenMeeting.objects.get().said["repayments"][0]
    assert {part: paise for part, paise in paid.items() if paise} == {
        "loan": str(loan.uid), "interest": 6_00, "principal": 44_00,
    }, "what she brings beyond what is due pays the 12 of 31 days that have run first"  # fmt: skip
    answer = keeper.send("repayments", **{name: "5000"})
    assert answer.status_code == 422 and "is more than everything that is owed" in text_of(answer)
    answer = keeper.send("repayments", **{name: "50", f"r-{loan.uid}-principal": "40"})
    assert answer.status_code == 422 and "The parts come to ₹40, the whole is ₹50." in text_of(answer)
    answer = keeper.send("repayments", **{name: "", f"r-{loan.uid}-principal": "40"})
    assert OpenMeeting.objects.get().said["repayments"][0]["principal"] == 40_00


def test_the_same_page_twice_is_one_and_an_old_page_is_told(kept, keeper) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    page = keeper.fields("savings")
    url = keeper.url("meeting_savings")
    first = keeper.client.post(url, page)
    revision = OpenMeeting.objects.get().revision
    assert keeper.client.post(url, page).url == first.url
    assert OpenMeeting.objects.get().revision == revision
    # In another window the page still shows what was there before: what she types there is not lost.
    answer = keeper.client.post(url, {**page, amount(kept, 0): "70"})
    assert answer.status_code == 422 and "Somebody else wrote on this page" in text_of(answer)
    assert 'value="70"' in answer.content.decode()
    assert OpenMeeting.objects.get().said["savings"][0]["paise"] == 50_00


def test_an_older_page_of_another_step_does_no_harm(kept, keeper) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    old = keeper.fields("payments")
    keeper.send("savings")
    old |= {"p-0-head": "rent", "p-0-paise": "20"}
    assert keeper.client.post(keeper.url("meeting_payments"), old).status_code == 302
    assert set(OpenMeeting.objects.get().said) >= {"savings", "payments"}


def test_closing_twice_closes_once(kept, keeper) -> None:
    keeper.begin()
    keeper.walk(count={"counted": "250"})
    page = keeper.fields("close")
    first = keeper.client.post(keeper.url("meeting_close"), page)
    again = keeper.client.post(keeper.url("meeting_close"), page)
    assert first.url == again.url == keeper.url("meeting", Meeting.objects.get().pk)
    assert keeper.open("savings").status_code == 302


def test_what_is_unusual_is_asked_about(kept, keeper) -> None:
    keeper.begin(number=1)
    keeper.walk(savings={amount(kept, 0): "5000"}, count={"counted": "5200"})
    answer = keeper.close()
    assert answer.status_code == 422
    assert f"{kept.women[0].name} : ₹5,000 is much more than the usual ₹50" in text_of(answer)
    # Whoever presses without answering is told what to do; before, nothing was asked of her yet.
    assert "Nothing stands in the book yet: tick each one" in text_of(answer)
    assert "Nothing stands in the book yet" not in text_of(keeper.open("close"))
    assert not Meeting.objects.exists()
    mark = "much_saved:savings.0.paise"
    assert keeper.close(sure=[mark]).status_code == 302


def test_an_empty_box_is_counted_too(kept, keeper) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    keeper.send("savings", **{amount(kept, at): "" for at in range(5)})
    for step in ("repayments", "receipts", "requests", "lendings", "payments", "bank", "agenda"):
        keeper.send(step)
    assert keeper.send("count").status_code == 422
    assert keeper.send("count", counted="0").status_code == 302
    assert keeper.close().status_code == 302


def test_a_meeting_is_not_begun_on_a_day_that_cannot_be(kept, keeper) -> None:
    for on, said in (("2099-01-01", "has not come yet"), ("2020-01-01", "The book is kept since"), ("", "missing")):
        answer = keeper.begin(on)
        assert answer.status_code == 422 and said in text_of(answer)
    told = text_of(keeper.begin(number="abc"))  # type: ignore[arg-type]
    assert "is not a whole number" in told and "has a number" not in told, "one mistake, one reason"
    assert not OpenMeeting.objects.exists()


def test_missed_weeks_are_told_with_one_reason(kept, keeper) -> None:
    keeper.begin("2024-04-08")
    keeper.walk(count={"counted": "250"})
    keeper.close()
    days = ["2024-04-15", "2024-04-22"]
    url = keeper.url("meetings_missed")
    assert keeper.client.post(url, {"day": days}).status_code == 422
    answer = keeper.client.post(url, {"day": days, "why": "Snow or rain"})
    assert answer.status_code == 302
    keeper.client.post(url, {"day": days, "why": "Snow or rain"})
    assert list(Meeting.objects.filter(kind="missed").values_list("said__why", flat=True)) == ["Snow or rain"] * 2


def test_a_meeting_is_put_away_with_a_reason(kept, keeper) -> None:
    keeper.begin()
    url = keeper.url("meeting_put_away")
    assert keeper.client.post(url, {"why": " "}).status_code == 422
    assert keeper.client.post(url, {"why": "The wrong group"}).status_code == 302
    assert not OpenMeeting.objects.exists()


def test_the_first_page_says_what_to_do_next(kept, keeper) -> None:
    home = keeper.url("home")
    assert "Begin the meeting" in text_of(keeper.client.get(home))
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    page = keeper.client.get(home)
    assert "1 of 10 steps are done" in text_of(page) and keeper.url("meeting_savings") in page.content.decode()


@pytest.mark.parametrize("step", ["attendance", "savings", "repayments", "receipts", "requests", "lendings",
                                  "payments", "bank", "agenda", "count"])  # fmt: skip
def test_rubbish_never_breaks_a_step(kept, keeper, step: str) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    rubbish = {name: "\x00<b>9e999; 10²" for name in keeper.fields(step) if name != "seen"}
    rubbish |= {"f-rows": "99999999", "p-rows": "x", "q-rows": "2", "q-0-id": "no", "a-no": "present"}
    answer = keeper.client.post(keeper.url(f"meeting_{step}"), {**keeper.fields(step), **rubbish})
    assert answer.status_code in (302, 422)
    assert keeper.open(step).status_code == 200
    assert keeper.open("close").status_code == 200


def test_a_step_that_was_never_opened_is_told_before_closing(kept, keeper) -> None:
    """The usual savings stood there filled in; closing without them asks first."""
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    keeper.send("count", counted="0")
    page = text_of(keeper.open("close"))
    assert "“Savings” was not opened: ₹250 that is filled in there is not written" in page
    assert keeper.client.post(keeper.url("meeting_close"), {
        key: value for key, value in keeper.fields("close").items() if key != "sure"
    }).status_code == 422  # fmt: skip


def granted(keeper: Keeper, at: int) -> str:
    """A request of a woman, granted on its page; answers its id."""
    row = len(OpenMeeting.objects.get().said.get("requests", ()))
    asked = {f"q-{row}-woman": str(keeper.kept.women[at].pk), f"q-{row}-paise": "20", f"q-{row}-purpose": "cattle"}
    keeper.send("requests", go="more", **asked)
    asked_for = OpenMeeting.objects.get().said["requests"][row]["id"]
    assert keeper.send("requests", **{f"d-{asked_for}-outcome": "granted"}).status_code == 302
    return asked_for


def test_a_loan_granted_after_paying_out_was_written_is_asked_about(kept, keeper) -> None:
    """Nobody unticked it. What somebody did untick is not asked about again, also not in a correction."""
    keeper.begin()
    keeper.walk(savings={}, count={"counted": "250"})
    waits = granted(keeper, 1)
    keeper.send("lendings", **{f"l-{waits}-today": None})
    assert "was granted after" not in text_of(keeper.open("close"))
    since = granted(keeper, 2)
    assert keeper.fields("lendings").get(f"l-{since}-today") and not keeper.fields("lendings").get(f"l-{waits}-today")
    page = keeper.open("close")
    told = "₹20 was granted after “Loans paid out” was written, and is not paid out in this meeting. Leave it out?"
    assert text_of(page).count(told) == 1 and f"{kept.women[2].name} : {told}" in text_of(page)
    assert f"#id_l-{since}-today" in page.content.decode()
    sure = keeper.close(sure=[])
    assert sure.status_code == 422 and not Meeting.objects.exists()
    assert keeper.close(sure=[f"granted_since:lendings.{since}"]).status_code == 302
    held = Meeting.objects.get()
    keeper.client.post(keeper.url("meeting_correct", held.pk), {"why": "Looked at again"})
    assert "was granted after" not in text_of(keeper.open("close"))


def test_nothing_is_said_to_be_filled_in_where_nothing_is(kept, keeper) -> None:
    filled = "The usual amount is filled in for who came."
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    assert filled in text_of(keeper.open("savings"))
    keeper.send("begin", kind="extra", why="The VO came")
    keeper.send("attendance", president=str(kept.women[0].pk))
    page = text_of(keeper.open("savings"))
    assert filled not in page and "Write what each woman saves today." in page


def test_a_closed_meeting_says_who_decided_and_counts_one_instalment(kept, keeper) -> None:
    keeper.begin()
    keeper.walk(count={"counted": "250"})
    loan = granted(keeper, 1)
    named = [str(woman.pk) for woman in kept.women[:3]]
    keeper.send("requests", **{f"d-{loan}-way": "named", f"d-{loan}-voted": named})
    keeper.send("lendings", **{f"l-{loan}-today": "yes", f"l-{loan}-instalments": "1"})
    keeper.send("count", counted="230")
    answer = keeper.close()
    assert answer.status_code == 302
    page, names = text_of(keeper.client.get(answer.url)), ", ".join(sorted(one.name for one in kept.women[:3]))
    assert f"By those named: {names}" in page
    assert "1 instalment ·" in page and "1 instalment ·" in text_of(keeper.client.get(keeper.url("loans")))


def test_a_saving_and_a_repayment_come_by_upi_or_are_set_off(kept, keeper) -> None:
    loan, her = lend(kept, keeper), kept.women[1].pk
    keeper.begin("2024-05-13", 2)
    keeper.send("attendance", president=str(kept.women[0].pk))
    assert 'data-mode="id_sm-' in keeper.open("savings").content.decode()
    keeper.send("savings", **{f"sm-{her}": "bank", f"w-{her}-saving_compulsory": "24", f"wm-{her}": "set_off"})
    keeper.send("repayments", **{f"r-{loan.uid}-mode": "set_off"})
    said = OpenMeeting.objects.get().said
    assert [one["mode"] for one in said["savings"] if one["woman"] == str(her)] == ["bank"]
    assert (said["repayments"][0]["mode"], said["withdrawals"][0]["mode"]) == ("set_off", "set_off")
    assert keeper.fields("repayments")[f"r-{loan.uid}-mode"] == "set_off"
    for step in ("receipts", "requests", "lendings", "payments", "bank", "agenda"):
        keeper.send(step)
    keeper.send("count", counted="250")
    page = text_of(keeper.open("close"))
    assert "set off against her savings" in page and "through the bank" in page
    assert keeper.close().status_code == 302
    held = balances(kept.book.pk, us().today)
    assert (held["cash"], held["bank"], held["loan_to_member"]) == (250_00, 50_00, 180_00)
