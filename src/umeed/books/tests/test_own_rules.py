"""A group's own rules, loans agreed anew and written off, months that are closed, who may leave."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from umeed.books.actions.bylaws import set_bylaws
from umeed.books.actions.loans import agree_anew, write_off
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.facts import bylaws_of
from umeed.books.models import Bylaw, Meeting, MonthLock
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.core.actions import Refused
from umeed.institutions.actions import leave_group
from umeed.institutions.leaving import first_day_to_leave
from umeed.institutions.models import Institution, Membership
from umeed.institutions.tests.making import bookkeeper_of, codes_of, signed_in, us
from umeed.kernel.ids import new_id

RULES: dict[str, Any] = {
    "compulsory_paise": 60_00, "food_paise": 0, "health_paise": 0, "takes_optional": True, "rate_bp_a_year": 1_800,
    "method": "flat", "frequency": "monthly", "instalments": 12, "multiple_paise": 100, "rounding_paise": 100,
    "halves": "up", "order": "irp", "fine_late_paise": 0, "fine_absent_paise": 0, "penalty_paise": 0,
    "quorum_percent": 50, "most_paise": None, "lends_to_overdue": False, "resolution": "12 of 3 May",
}  # fmt: skip


def test_new_rules_hold_from_their_day_and_never_change_the_past(kept: Kept, keeper: Keeper) -> None:
    lend(kept, keeper)
    made = set_bylaws(by=us(), book=kept.book, id=new_id(), since=day("2024-05-01"), **RULES)
    assert bylaws_of(kept.book, day("2024-04-30")).rate_bp_a_year == 2_400
    assert bylaws_of(kept.book, day("2024-05-01")).order == ("interest", "principal", "penalty")
    assert set_bylaws(by=us(), book=kept.book, id=made.pk, since=day("2024-05-01"), **RULES).pk == made.pk
    for since, code in (("2024-05-01", "earlier"), ("2024-04-01", "earlier"), ("2031-01-01", "far")):
        with pytest.raises(Refused) as refused:
            set_bylaws(by=us(), book=kept.book, id=new_id(), since=day(since), **RULES)
        assert codes_of(refused) == [code]
    wrong = {**RULES, "food_paise": -1, "rate_bp_a_year": 12_000, "instalments": 0, "quorum_percent": 101}
    with pytest.raises(Refused) as refused:
        set_bylaws(by=us(), book=kept.book, id=new_id(), since=day("2024-06-01"), **wrong)
    assert set(codes_of(refused)) == {"negative", "most_rate", "times", "percent"}


def test_rules_are_written_on_their_page(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("bylaws_new")
    sent = {**fields_of(keeper.client.get(url)), "since": "1 May 2024", "rate_bp_a_year": "3", "food_paise": "20"}
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422 and "3 per cent a month is more than the usual 2." in text_of(answer)
    answer = keeper.client.post(url, {**sent, "confirmed": "high_rate:rate_bp_a_year"})
    assert answer.status_code == 302
    row = Bylaw.objects.get(since="2024-05-01")
    assert (row.rate_bp_a_year, row.food_paise, row.compulsory_paise) == (3_600, 20_00, 50_00)
    page = text_of(keeper.client.get(keeper.url("bylaws")))
    assert "Who borrows ₹ 1,000 today pays" in page and "Earlier, since 1 Apr 2024" in page


def test_rules_that_cannot_be_read_are_told_with_those_that_cannot_stand(kept: Kept, keeper: Keeper) -> None:
    """All at once; and a rate below nothing is not called too high."""
    url = keeper.url("bylaws_new")
    wrong = {"since": "1 May 2020", "compulsory_paise": "-5", "food_paise": "abc", "rate_bp_a_year": "-2",
             "instalments": "x", "quorum_percent": "150"}  # fmt: skip
    answer = keeper.client.post(url, {**fields_of(keeper.client.get(url)), **wrong})
    assert answer.status_code == 422 and set(answer.context["form"].errors) == set(wrong)
    assert answer.context["form"].errors["rate_bp_a_year"] == ["This cannot be less than nothing."]
    wrong |= {"since": "", "rate_bp_a_year": "1e99"}
    answer = keeper.client.post(url, {**fields_of(keeper.client.get(url)), **wrong})
    assert set(answer.context["form"].errors) == set(wrong)
    assert answer.context["form"].errors["rate_bp_a_year"] == ["More than 8 per cent a month is no rate of a group."]


def test_what_is_filled_into_the_first_rules_is_what_stands_above_them(kept: Kept, settings: Any) -> None:
    settings.SECOND_FACTOR = "none"
    bookkeeper_of(kept.group, username="keeper")
    keeper = Keeper(kept, signed_in("keeper"))
    for recorded, filled in ((None, "25"), (100_00, "100")):
        Institution.objects.filter(pk=kept.group.pk).update(saving_paise=recorded)
        page = keeper.client.get(keeper.url("bylaws_new"))
        assert fields_of(page)["compulsory_paise"] == filled and f"₹ {filled} " in text_of(page)
    set_bylaws(by=us(), book=kept.book, id=new_id(), since=us().today + datetime.timedelta(days=9), **RULES)
    assert "Filled in is what is usual" not in text_of(keeper.client.get(keeper.url("bylaws_new")))


def test_a_loan_is_agreed_anew_and_its_interest_is_no_younger(kept: Kept, keeper: Keeper) -> None:
    loan = lend(kept, keeper)
    terms = {
        "rate_bp_a_year": 1_200, "method": "balance", "frequency": "monthly", "instalments": 4,
        "first_due": day("2024-07-20"), "resolution": "14 of 20 June",
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        agree_anew(
            by=us(), book=kept.book, loan=loan.uid, id=new_id(), since=day("2024-04-08"), **{**terms, "resolution": ""}
        )
    assert set(codes_of(refused)) == {"after_terms", "resolution"}
    one = new_id()
    for _ in range(2):
        agree_anew(by=us(), book=kept.book, loan=loan.uid, id=one, since=day("2024-06-20"), **terms)
    now = running_loans(kept.book.pk, day("2024-06-20"))[0]
    # Two months of interest were due on 8 May and 8 June: 4 and 4.
    assert (now.owed, now.arrears.principal, now.arrears.since) == (200_00, 0, day("2024-05-08"))
    later = running_loans(kept.book.pk, day("2024-07-20"))[0]
    assert later.arrears.principal == 50_00


def test_a_loan_is_written_off_by_resolution_and_with_the_vo(kept: Kept, keeper: Keeper) -> None:
    loan = lend(kept, keeper)
    with pytest.raises(Refused) as refused:
        write_off(by=us(), book=kept.book, loan=loan.uid, on=day("2024-06-20"), resolution="", approved="")
    assert codes_of(refused) == ["resolution", "approved"]
    done = [
        write_off(by=us(), book=kept.book, loan=loan.uid, on=day("2024-06-20"), resolution="15", approved="VO, 2 June")
        for _ in range(2)
    ]
    assert done[0] == done[1]
    assert running_loans(kept.book.pk, us().today) == []
    held = balances(kept.book.pk, us().today)
    assert not held.keys() & {"loan_to_member", "interest_from_members"} and held["written_off"] == 200_00
    assert first_difference() is None


def test_loans_are_seen_and_changed_on_their_pages(kept: Kept, keeper: Keeper) -> None:
    loan = lend(kept, keeper)
    page = keeper.client.get(keeper.url("loans"))
    assert kept.women[1].name in text_of(page) and keeper.url("loan_anew", loan.uid) in page.content.decode()
    url = keeper.url("loan_off", loan.uid)
    sent = {**fields_of(keeper.client.get(url)), "resolution": "16"}
    assert keeper.client.post(url, sent).status_code == 422
    assert keeper.client.post(url, {**sent, "approved": "VO"}).status_code == 302
    assert keeper.client.get(keeper.url("loan_anew", loan.uid)).status_code == 404


def test_months_are_closed_one_after_the_other(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("months")
    assert "can be closed" in text_of(keeper.client.get(url))
    sent = {"month": fields_of(keeper.client.get(url))["month"]}
    assert keeper.client.post(url, sent).status_code == 302
    assert keeper.client.post(url, sent).status_code == 302
    assert MonthLock.objects.count() == 1
    assert keeper.client.post(url, {"month": timezone.localdate().isoformat()}).status_code == 422
    assert keeper.client.post(url, {"month": "x"}).status_code == 404


def test_nobody_leaves_before_her_book_is_settled(kept: Kept, keeper: Keeper) -> None:
    lend(kept, keeper)
    tie = Membership.objects.get(woman=kept.women[1])
    with pytest.raises(Refused) as refused:
        leave_group(by=us(), membership=tie, left_on=day("2024-06-01"), leave_reason="left")
    assert set(codes_of(refused)) >= {"has_savings", "owes"}
    page = text_of(keeper.client.get(keeper.url("women")))
    assert "₹ 50" in page and "giving back" in page


def test_she_leaves_after_the_last_day_on_which_the_book_names_her(kept: Kept, keeper: Keeper) -> None:
    """Or that meeting could never be corrected: proposed in the form, refused before, and the reasons name her."""
    her = kept.women[1]
    keeper.begin()
    keeper.walk(savings={f"s-{her.pk}-saving_compulsory": ""}, count={"counted": "200"})
    assert keeper.close().status_code == 302
    tie = Membership.objects.get(woman=her)
    assert first_day_to_leave(her.pk, kept.group.pk) == day("2024-04-09")
    with pytest.raises(Refused) as refused:
        leave_group(by=us(), membership=tie, left_on=day("2024-04-08"), leave_reason="left")
    told = next(one for one in refused.value.refusals if one.code == "stands_in_the_book")
    assert her.name in told.message() and "9 Apr 2024" in told.message()
    leave_group(by=us(), membership=tie, left_on=day("2024-04-09"), leave_reason="left")
    held = Meeting.objects.get()
    keeper.client.post(keeper.url("meeting_correct", held.pk), {"why": "Looked at again"})
    assert "Everything agrees" in text_of(keeper.open("close"))
    # Before this was refused, some had left on the very day: the reason says who.
    Membership.objects.filter(pk=tie.pk).update(during=DateRange(tie.during.lower, day("2024-04-08")))
    assert f"{her.name} was not a member on 8 Apr 2024" in text_of(keeper.open("close"))


def test_a_group_without_rules_is_led_to_them(kept: Kept, settings: Any) -> None:
    settings.SECOND_FACTOR = "none"
    bookkeeper_of(kept.group, username="keeper")
    keeper = Keeper(kept, signed_in("keeper"))
    told, link = "Say the group's own rules first", keeper.url("bylaws_new")
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    for name in ("home", "meeting_begin", "meeting_savings"):
        answer = keeper.client.get(keeper.url(name))
        assert told in text_of(answer) and link in answer.content.decode(), name
    # Nothing is filled into the meeting; what is usual stands in the form of the rules, since the book began.
    assert not [name for name in keeper.fields("savings") if name.startswith("s-") and "compulsory" in name]
    form = fields_of(keeper.client.get(link))
    assert form["since"] == "01-04-2024" and form["compulsory_paise"] == "25"
    assert keeper.client.post(link, {**form, "compulsory_paise": "40"}).status_code == 302
    assert told not in text_of(keeper.client.get(keeper.url("home")))
    assert keeper.fields("savings")[f"s-{kept.women[0].pk}-saving_compulsory"] == "40"


def test_rules_that_begin_later_are_told_too(kept: Kept, settings: Any) -> None:
    settings.SECOND_FACTOR = "none"
    bookkeeper_of(kept.group, username="keeper")
    keeper = Keeper(kept, signed_in("keeper"))
    set_bylaws(by=us(), book=kept.book, id=new_id(), since=day("2024-05-01"), **RULES)
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    assert "own rules begin only on 1 May 2024" in text_of(keeper.open("savings"))
    assert "own rules begin" not in text_of(keeper.client.get(keeper.url("home")))


def test_a_group_says_how_a_month_that_is_not_over_counts(kept: Kept, keeper: Keeper) -> None:
    """Rules written before this say nothing of it: by the days. A loan keeps what the rules said when it was lent."""
    assert bylaws_of(kept.book, day("2024-04-30")).part_month == "days"
    url = keeper.url("bylaws_new")
    sent = {**fields_of(keeper.client.get(url)), "since": "1 May 2024", "part_month": "whole"}
    assert sent["rate_bp_a_year"] == "2"
    assert keeper.client.post(url, sent).status_code == 302
    assert Bylaw.objects.get(since="2024-05-01").plain.part_month == "whole"
    assert "A month begun counts whole" in text_of(keeper.client.get(keeper.url("bylaws")))


def test_what_has_run_is_agreed_anew_and_written_off_with_the_loan(kept: Kept, keeper: Keeper) -> None:
    """200 at 2 per cent a month, lent on 8 April: from the last due day, 8 June, to 20 June 12 of 30 days have run."""
    loan = lend(kept, keeper)
    was = running_loans(kept.book.pk, day("2024-06-20"))[0]
    assert (was.agreement.part_month, was.run) == ("days", 2_00)
    terms = {"rate_bp_a_year": 2_400, "method": "balance", "frequency": "monthly", "instalments": 4,
             "first_due": day("2024-07-20"), "resolution": "14"}  # fmt: skip
    made = agree_anew(by=us(), book=kept.book, loan=loan.uid, id=new_id(), since=day("2024-06-20"), **terms)
    found = made.part_month, made.overdue_interest_paise, made.run_paise
    assert found == ("days", was.arrears.interest, was.run) == ("days", 8_00, 2_00)
    write_off(by=us(), book=kept.book, loan=loan.uid, on=us().today, resolution="15", approved="VO")
    assert running_loans(kept.book.pk, us().today + datetime.timedelta(days=60)) == []
