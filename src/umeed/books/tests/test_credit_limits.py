"""The limit of a cash credit through its life: entered with nothing drawn, raised, lowered, ended, opened again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.actions.credits import end_credit, set_limit
from umeed.books.actions.days import take_back_day
from umeed.books.actions.meetings import take_back_meeting
from umeed.books.actions.taking import reasons_to_take, take_loan, undo_loan
from umeed.books.cutoffs.taking import cut_off_from
from umeed.books.ledger.balances import balances
from umeed.books.ledger.credits import credits_from
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement, CreditLimit, Loan, Meeting
from umeed.books.registers.loans import loan_ledger
from umeed.books.rules.credits import Credit
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_bodies import a_day, agree, close, vo
from umeed.books.tests.test_cash_credit import CREDIT
from umeed.books.tests.test_taken import TERMS, take
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.books.verifying import first_difference
from umeed.core.actions import Refused
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.viewer import as_system
from umeed.institutions.tests.making import codes_of, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["vo"]
UNDRAWN = replace(CREDIT, paise=Paise(0))


def as_of(kept: Kept, on: str) -> RunningLoan:
    with as_system():
        return running_loans(kept.book.pk, day(on), with_closed=True)[0]


def say(kept: Kept, loan: Loan, since: str, rupees: int, **more: Any) -> CreditLimit:
    return set_limit(
        by=us(), book=kept.book, loan=loan.uid, id=new_id(), since=day(since), limit=Paise(rupees * 100), **more
    )  # fmt: skip


def end(kept: Kept, loan: Loan, since: str) -> CreditLimit:
    return end_credit(by=us(), book=kept.book, loan=loan.uid, id=new_id(), since=day(since), why="Closed by the bank")


def refused(do: Any, *given: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        do(*given)
    return codes_of(caught)


def draw(keeper: Keeper, loan: Loan, on: str, number: int, counted: int, **bank: str) -> Any:
    """A meeting with fields of the loan: `cc__paise` is drawn, `t__principal` repaid."""
    keeper.begin(on, number)
    fields = {name.replace("__", f"-{loan.uid}-"): typed for name, typed in bank.items()}
    keeper.walk(bank=fields, count={"counted": str(counted)})
    return keeper.close()


def drawn_on(kept: Kept, loan: Loan, on: str, rupees: int) -> None:
    post(kept.book, sheet(entry("bank", rupees), entry("loan_from_bank", -rupees, loan=loan.pk), on=on))


def test_its_limit_is_raised_and_lowered_from_a_day_on(kept: Kept) -> None:
    loan = take(kept, CREDIT)
    say(kept, loan, "2024-05-01", 1_50_000, why="Renewal 7 of 2024")
    say(kept, loan, "2024-07-01", 60_000)
    limits = [(as_of(kept, on).limit, as_of(kept, on).left) for on in ("2024-04-30", "2024-05-01", "2024-07-01")]
    assert limits == [(1_00_000_00, 50_000_00), (1_50_000_00, 1_00_000_00), (60_000_00, 10_000_00)]
    facts = {fact[0]: fact[1] for fact in loan_ledger(kept.book, day("2024-05-31"), loan=loan.pk).facts}
    assert (facts["Limit of the cash credit"], facts["Left to be drawn"]) == (1_50_000_00, 1_00_000_00)
    assert refused(say, kept, loan, "2024-04-01", 90_000) == ["before"]
    assert refused(say, kept, loan, "2099-04-01", 90_000) == ["future"]
    assert refused(say, kept, loan, "2024-08-01", 60_000) == ["same"]
    assert refused(say, kept, loan, "2024-08-01", 0) == ["no_limit"]
    assert CreditLimit.objects.count() == 2 and first_difference() is None


def test_a_limit_far_above_their_own_money_is_asked_about(kept: Kept, keeper: Keeper) -> None:
    """A nought too many; said in a limit, in a new cash credit, and in a term loan alike."""
    url = keeper.url("loan_limit", take(kept, CREDIT).uid)
    said = {**fields_of(keeper.client.get(url)), "kind": "limit", "since": "1-5-2024", "limit": "60,00,000"}
    asked = keeper.client.post(url, said)
    told = text_of(asked).replace("₹ ", "₹")
    assert asked.status_code == 422 and "₹60,00,000 is more than is usually lent with ₹0 of own money" in told
    assert keeper.client.post(url, {**said, "confirmed": asked.context["form"].to_confirm}).status_code == 302
    assert as_of(kept, "2024-05-01").limit == 60_00_000_00
    high, usual = Paise(6_00_001_00), Paise(6_00_000_00)
    for field, wrong, right in (
        ("limit", replace(UNDRAWN, limit=high), replace(UNDRAWN, limit=usual)),
        ("paise", replace(TERMS, paise=high), replace(TERMS, paise=usual)),
    ):
        found = [(one.field, one.code) for one in reasons_to_take(us(), kept.book, day("2024-04-10"), wrong)]
        assert found == [(field, "far_more")] and not reasons_to_take(us(), kept.book, day("2024-04-10"), right)
    post(kept.book, sheet(entry("cash", 1_00_000), entry("cif", -1_00_000), on="2024-04-09"))
    more = replace(TERMS, paise=Paise(8_00_000_00))
    assert not reasons_to_take(us(), kept.book, day("2024-04-10"), more), "eight times what is its own"


def test_every_reason_against_a_limit_at_once(kept: Kept, keeper: Keeper) -> None:
    url = keeper.url("loan_limit", take(kept, CREDIT).uid)
    sent = {**fields_of(keeper.client.get(url)), "kind": "limit"}
    for limit, since in (("-5", "30-02-2026"), ("abc", "24-11-2030"), ("0", "1-1-2020"), ("", "")):
        answer = keeper.client.post(url, {**sent, "limit": limit, "since": since})
        assert answer.status_code == 422 and set(answer.context["form"].errors) == {"limit", "since"}, (limit, since)
    # Its own limit of today is no reason while the day is not known.
    answer = keeper.client.post(url, {**sent, "limit": "100000", "since": "30-02-2026"})
    assert set(answer.context["form"].errors) == {"since"}


def test_the_last_that_is_said_of_a_day_holds(kept: Kept) -> None:
    loan = take(kept, CREDIT)
    say(kept, loan, "2024-05-01", 2_00_000)
    say(kept, loan, "2024-05-01", 1_20_000)
    assert as_of(kept, "2024-05-01").limit == 1_20_000_00


def test_a_limit_in_whose_place_another_was_said_of_its_day_stays_to_be_seen(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    say(kept, loan, "2024-05-01", 2_00_000, why="Letter 7")
    say(kept, loan, "2024-05-01", 1_20_000, why="Letter 8")
    page = text_of(keeper.client.get(keeper.url("loan_limit", loan.uid))).replace("₹ ", "₹")
    told = page[page.index("Limits until now") :]
    assert [told.count(one) for one in ("Letter 7", "Letter 8", "₹2,00,000", "₹1,20,000", "₹1,00,000")] == [1] * 5
    newest, replaced, first = [*told.split("1 May 2024")[1:3], told.split("10 Apr 2024")[1]]
    assert "in its place" in replaced and "in its place" not in newest + first
    assert all(f"{timezone.localdate():%Y}" in one and us().name in one for one in (newest, replaced, first))


def test_it_is_entered_with_nothing_drawn_and_drawn_in_a_meeting(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, UNDRAWN)
    assert balances(kept.book.pk, us().today) == {}
    one = as_of(kept, "2024-04-20")
    assert (one.limit, one.owed, one.left, one.is_closed) == (1_00_000_00, 0, 1_00_000_00, False)
    assert "Drawn: ₹0 · Left to be drawn: ₹1,00,000" in text_of(keeper.client.get(keeper.url("loans"))).replace(
        "₹ ", "₹"
    )
    assert draw(keeper, loan, "2024-04-22", 1, 250, cc__paise="20000").status_code == 302
    one = as_of(kept, "2024-05-01")
    # 20,000 for 9 nights at 7 per cent: 34.52.
    assert (one.owed, one.arrears.interest, one.standing.value) == (20_000_00, 35_00, "regular")
    with pytest.raises(Refused):
        undo_loan(by=us(), book=kept.book, loan=loan.uid, why="Wrong")
    take_back_meeting(by=us(), meeting=Meeting.objects.exclude(number=None).get().pk, id=new_id(), why="Not held")
    undo_loan(by=us(), book=kept.book, loan=loan.uid, why="The bank sanctioned nothing")
    assert not Agreement.objects.exists() and first_difference() is None


def test_one_with_nothing_drawn_is_taken_back(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, UNDRAWN)
    url = keeper.url("loan_undo", loan.uid)
    assert url in keeper.client.get(keeper.url("loans")).content.decode()
    sent = fields_of(keeper.client.get(url))
    assert keeper.client.post(url, {**sent, "why": "Twice entered"}).status_code == 302
    assert "Cash credit" not in text_of(keeper.client.get(keeper.url("loans")))


def test_a_drawing_that_comes_late_keeps_every_later_day_within_the_limit(kept: Kept, keeper: Keeper) -> None:
    """On 6 May 40,000 are drawn, 90,000 of 1,00,000 stand: on 22 April no more than 10,000 may have been drawn."""
    loan = take(kept, CREDIT)
    drawn_on(kept, loan, "2024-05-06", 40_000)
    keeper.begin("2024-04-22", 1)
    keeper.send("attendance", president=str(kept.women[0].pk))
    page = text_of(keeper.open("bank")).replace("₹ ", "₹")
    least = "On 6 May 2024 ₹10,000 of its limit is left; more cannot be drawn before it."
    assert f"₹50,000 are left to be drawn. {least}" in page
    answer = keeper.send("bank", **{f"cc-{loan.uid}-paise": "10000.01"})
    assert answer.status_code == 422
    assert "On 6 May 2024 ₹10,000 of its limit is left; more cannot be drawn before it." in text_of(answer)
    keeper.walk(bank={f"cc-{loan.uid}-paise": "10000"}, count={"counted": "250"})
    assert keeper.close().status_code == 302 and as_of(kept, "2024-05-06").left == 0


def test_so_does_one_before_the_limit_was_lowered(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    say(kept, loan, "2024-05-01", 60_000)
    keeper.begin("2024-04-22", 1)
    keeper.send("attendance", president=str(kept.women[0].pk))
    assert keeper.send("bank", **{f"cc-{loan.uid}-paise": "10001"}).status_code == 422
    assert keeper.send("bank", **{f"cc-{loan.uid}-paise": "10000"}).status_code == 302


def test_a_repayment_on_which_a_later_drawing_rests_is_not_taken_back(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    assert draw(keeper, loan, "2024-04-22", 1, 250, t__principal="30000").status_code == 302
    first = Meeting.objects.get(number=1)
    drawn_on(kept, loan, "2024-05-06", 80_000)
    assert refused(lambda: take_back_meeting(by=us(), meeting=first.pk, id=new_id(), why="Not held")) == ["above_limit"]


def test_a_lower_limit_than_is_drawn_is_asked_about(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    url = keeper.url("loan_limit", loan.uid)
    sent = {
        **fields_of(keeper.client.get(url)),
        "kind": "limit",
        "since": "1-5-2024",
        "limit": "40000",
        "why": "Letter 9",
    }
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422 and "₹50,000 is drawn on 1 May 2024, more than this limit." in text_of(answer)
    assert not CreditLimit.objects.exists()
    confirmed = fields_of(answer) | {"confirmed": "drawn_more:limit"}
    assert keeper.client.post(url, confirmed).status_code == 302
    assert keeper.client.post(url, confirmed).status_code == 302
    assert CreditLimit.objects.get().limit_paise == 40_000_00
    page = text_of(keeper.client.get(url)).replace("₹ ", "₹")
    assert "Limit of the cash credit ₹40,000 Drawn ₹50,000 Left to be drawn ₹0" in page and page.count("Letter 9") == 1
    assert as_of(kept, "2024-08-20").standing.value == "npa"


def test_the_page_tells_all_reasons_at_once(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, CREDIT)
    url = keeper.url("loan_limit", loan.uid)
    sent = fields_of(keeper.client.get(url))
    answer = text_of(keeper.client.post(url, {**sent, "kind": "limit", "since": "1-1-2024", "limit": ""}))
    assert "its limit is said for that day or later" in answer and "Write up to how much" in answer
    answer = text_of(keeper.client.post(url, {**sent, "kind": "end", "since": "1-5-2024", "limit": "nonsense"}))
    assert "₹50,000 is owed on 1 May 2024: it is repaid first." in answer and "of interest is due" in answer
    assert keeper.client.get(keeper.url("loan_limit", new_id())).status_code == 404


def test_it_is_ended_when_nothing_is_owed_and_opened_again(kept: Kept, keeper: Keeper) -> None:
    loan = take(kept, UNDRAWN)
    say(kept, loan, "2024-05-01", 2_00_000)
    assert refused(end, kept, loan, "2024-04-20") == ["said_later"]
    end(kept, loan, "2024-06-01")
    one = as_of(kept, "2024-06-01")
    assert (one.limit, one.left, one.is_ended, one.is_closed) == (0, 0, True, True)
    assert not as_of(kept, "2024-05-31").is_closed
    keeper.begin("2024-06-10", 1)
    assert f"cc-{loan.uid}" not in keeper.open("bank").content.decode()
    page = text_of(keeper.client.get(keeper.url("loans")))
    assert "ended, nothing is drawn any more" in page
    say(kept, loan, "2024-07-01", 50_000)
    assert as_of(kept, "2024-07-01").left == 50_000_00


def test_it_is_not_ended_while_interest_has_run_and_is_not_asked_twice(kept: Kept, keeper: Keeper) -> None:
    """50,000 of 1,00,000 since 10 April at 7 per cent: on 22 April 12 nights, 115.07, have run; the 1st asks for it."""
    loan = take(kept, CREDIT)
    keeper.begin("2024-04-22", 1)
    page = text_of(keeper.open("bank")).replace("₹ ", "₹")
    assert "₹50,000 are left to be drawn. J&amp;K" in page, "nothing is said of a later day"
    assert "₹115 of interest has run since it was last due · ₹50,115 repays all of it today" in page
    assert fields_of(keeper.open("bank"))[f"t-{loan.uid}-interest"] == ""
    keeper.walk(bank={f"t-{loan.uid}-principal": "50000"}, count={"counted": "250"})
    assert keeper.close().status_code == 422
    assert keeper.close(sure=["interest_left:repaid.0.interest"]).status_code == 302

    def end_on(on: str) -> CreditLimit:
        return end_credit(by=us(day(on)), book=kept.book, loan=loan.uid, id=new_id(), since=day(on))

    assert refused(end_on, "2024-04-23") == ["interest_run"]
    facts = {fact[0]: fact[1] for fact in loan_ledger(kept.book, day("2024-04-24"), loan=loan.pk).facts}
    assert facts["Interest that has run"] == 115_00 and not as_of(kept, "2024-04-24").is_repaid
    assert draw(keeper, loan, "2024-04-29", 2, 385, t__interest="115", t__mode="cash").status_code == 302
    end_on("2024-04-30")
    for on in ("2024-04-30", "2024-05-01", "2024-07-01"):
        one = as_of(kept, on)
        assert (one.is_closed, one.arrears.interest, one.run, one.to_pay_all.whole) == (True, 0, 0, 0), on


def test_a_vo_draws_within_its_limit_of_every_later_day(vo: Any) -> None:
    credit = take_loan(by=us(), book=vo.book, loan=new_id(), on=day("2024-04-10"), terms=replace(UNDRAWN, number=""))

    def drawn(rupees: int) -> list[dict[str, object]]:
        return [{"loan": credit.uid, "paise": rupees * 100, "mode": "bank"}]

    later = close(vo, a_day(vo, on="2024-06-10", number=2, drawn=drawn(90_000)), is_sure=True)
    assert refused(lambda: close(vo, a_day(vo, drawn=drawn(10_001)), is_sure=True)) == ["above_later"]
    close(vo, a_day(vo, drawn=drawn(10_000)), is_sure=True)
    take_back_day(by=us(), day=later.meeting, id=new_id(), why="Another VO's")
    with as_system():
        assert credits_from(vo.book.pk, day("2024-04-10"), [credit.pk])[credit.pk].least_left().left == 90_000_00
    assert agree()


def test_a_book_that_begins_with_the_cut_off_of_another_goes_on_with_the_credit(kept: Kept) -> None:
    """Also when nothing is drawn, and with the limit that holds then; one that was ended is among those repaid."""
    loan = take(kept, UNDRAWN)
    say(kept, loan, "2024-05-01", 2_00_000)
    said = cut_off_from(kept.book, day("2024-06-01"), id=new_id())
    assert [(one["limit"], one["outstanding"], one["is_cash_credit"]) for one in said["loans"]] == [
        (2_00_000_00, 0, True)
    ]
    end(kept, loan, "2024-06-02")
    assert cut_off_from(kept.book, day("2024-06-02"), id=new_id())["loans"] == []


SAID = (
    "INSERT INTO books_creditlimit (id, revision, changed_at, book_id, loan_id, since, limit_paise, why)"
    " SELECT gen_random_uuid(), 1, now(), "
)
ATTACKS = {
    "a higher limit": "UPDATE books_creditlimit SET limit_paise = limit_paise * 2",
    "a limit removed": "DELETE FROM books_creditlimit",
    "limits emptied": "TRUNCATE books_creditlimit",
    "below nothing": SAID + "book_id, loan_id, since, -1, '' FROM books_creditlimit",
    "before it came": SAID + "book_id, loan_id, '2020-01-01', 1, '' FROM books_creditlimit",
    "in another book": SAID + "book_id + 1, loan_id, since, 1, '' FROM books_creditlimit",
    "a credit that was drawn": "DELETE FROM books_agreement",
}


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_what_was_said_of_a_limit_stays(kept: Kept, sql: str, role: str) -> None:
    loan = take(kept, CREDIT)
    say(kept, loan, "2024-05-01", 1_50_000)
    before = list(CreditLimit.objects.values())
    if role == "owner":
        work_as_owner()
    try:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        work_as_app()
    assert list(CreditLimit.objects.values()) == before and Agreement.objects.count() == 1


DAYS = st.dates(date(2024, 4, 1), date(2024, 6, 30))
MOVES = st.lists(st.tuples(DAYS, st.integers(-50, 50)), max_size=6)
LIMITS = st.lists(st.tuples(DAYS, st.integers(0, 100)), max_size=4)


@given(st.integers(0, 60), st.integers(0, 100), MOVES, LIMITS, st.integers(1, 60))
def test_what_is_left_is_what_may_be_drawn(owed: int, limit: int, moved: Any, limits: Any, more: int) -> None:
    """Day by day, as a person would count it: as much as is left at the least breaks no day, a paisa more does."""
    on = date(2024, 3, 31)
    credit = Credit(on, Paise(owed), Paise(limit), tuple(sorted(dict(limits).items())), tuple(sorted(moved)))
    days = [on, *sorted({day for day, _paise in (*moved, *limits)})]
    stands = [owed + sum(paise for day, paise in moved if day <= at) for at in days]
    holds = [next((paise for day, paise in reversed(credit.limits) if day <= at), limit) for at in days]
    left = credit.least_left()
    assert left is not None and left.left == min(two - one for one, two in zip(stands, holds, strict=True))
    broken = credit.first_above(more)
    breaks = [at for at, one, two in zip(days, stands, holds, strict=True) if one <= two < one + more]
    assert (broken.on if broken else None) == (breaks[0] if breaks else None)
