"""A loan agreed anew: taken back with a reason while nothing moved under the new terms; what was late stays late.

200 at 2 per cent a month, lent on 8 April, in ten instalments: 20 fall due on the 8th of each month from May on.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from umeed.books.actions import lock_month
from umeed.books.actions.loans import agree_anew, undo_anew, write_off
from umeed.books.actions.meetings import take_back_meeting
from umeed.books.cutoffs.taking import carried_of
from umeed.books.health.facts import health_of
from umeed.books.ledger.balances import balances
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.ledger.terms import demands_of
from umeed.books.models import Agreement, Loan, Meeting
from umeed.books.rules.demands import Standing
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.books.verifying import first_difference
from umeed.core.actions import Refused
from umeed.core.models import AuditEntry
from umeed.core.roles import work_as_app, work_as_owner
from umeed.institutions.tests.making import codes_of, make_federation, make_group, us
from umeed.kernel.ids import new_id

TERMS = {
    "rate_bp_a_year": 1200, "method": "balance", "frequency": "monthly", "instalments": 10,
    "first_due": day("2024-08-08"), "resolution": "14 of 20 June",
}  # fmt: skip


@pytest.fixture
def loan(kept: Kept, keeper: Keeper) -> Loan:
    return lend(kept, keeper)


def anew(kept: Kept, loan: Loan, since: str = "2024-06-20", **said: Any) -> Agreement:
    return agree_anew(by=us(), book=kept.book, loan=loan.uid, id=new_id(), since=day(since), **{**TERMS, **said})


def undo(kept: Kept, loan: Loan, why: str = "The wrong loan") -> None:
    undo_anew(by=us(), book=kept.book, loan=loan.uid, why=why)


def refused(kept: Kept, loan: Loan, why: str = "The wrong loan") -> list[str]:
    with pytest.raises(Refused) as caught:
        undo(kept, loan, why)
    return codes_of(caught)


def replace_terms(agreed: Agreement, **said: Any) -> Agreement:
    """The same terms otherwise, as nobody keeps them."""
    columns = {column.attname: getattr(agreed, column.attname) for column in agreed._meta.concrete_fields}
    return Agreement(**{**columns, **said})


def as_of(kept: Kept, on: str) -> RunningLoan:
    return running_loans(kept.book.pk, day(on), with_closed=True)[0]


def timely(kept: Kept, on: str) -> tuple[int, int]:
    found = health_of(kept.book, day(on))
    mark = next(one for one in found.result.marks if one.mark.key == "repayment")
    return mark.measure.done, mark.measure.base


def repay(keeper: Keeper, loan: Loan, on: str, rupees: int, number: int = 2) -> Meeting:
    keeper.begin(on=on, number=number)
    counted = balances(keeper.kept.book.pk, day(on))["cash"] // 100 + 250 + rupees
    keeper.walk(repayments={f"r-{loan.uid}-total": str(rupees)}, count={"counted": str(counted)})
    answer = keeper.close(sure="1")
    assert answer.status_code == 302, text_of(answer)
    return Meeting.objects.get(number=number)


def test_it_runs_again_as_if_it_had_never_been_agreed(kept: Kept, loan: Loan) -> None:
    was = as_of(kept, "2024-09-20")
    anew(kept, loan)
    assert as_of(kept, "2024-09-20").agreement.rate_bp_a_year == 1200
    assert refused(kept, loan, " ") == ["no_reason"]
    undo(kept, loan)
    one = as_of(kept, "2024-09-20")
    assert (one.owed, one.dues, one.arrears, one.earlier) == (was.owed, was.dues, was.arrears, ())
    assert AuditEntry.objects.filter(did="undo_anew", why="The wrong loan").exists()
    assert refused(kept, loan) == ["not_anew"] and refused(kept, loan, "") == ["no_reason", "not_anew"]
    # And is agreed anew again, on the same day.
    anew(kept, loan)
    assert as_of(kept, "2024-09-20").agreement.instalments == 10 and first_difference() is None


def test_of_two_the_last_goes_first(kept: Kept, loan: Loan) -> None:
    anew(kept, loan)
    anew(kept, loan, "2024-07-20", instalments=5)
    undo(kept, loan)
    assert Agreement.objects.filter(loan=loan).order_by("since").last().instalments == 10
    undo(kept, loan)
    assert Agreement.objects.filter(loan=loan).count() == 1


def test_not_once_something_was_paid_under_them(kept: Kept, loan: Loan, keeper: Keeper) -> None:
    anew(kept, loan)
    held = repay(keeper, loan, "2024-08-12", 30)
    assert refused(kept, loan) == ["moved_since"] and refused(kept, loan, "") == ["no_reason", "moved_since"]
    take_back_meeting(by=us(), meeting=held.pk, id=new_id(), why="Not held")
    undo(kept, loan)
    assert Agreement.objects.filter(loan=loan).count() == 1 and first_difference() is None


def test_nor_once_it_was_written_off_or_its_month_closed(kept: Kept, loan: Loan) -> None:
    anew(kept, loan)
    lock_month(by=us(), book=kept.book, month=day("2024-06-30"))
    assert refused(kept, loan) == ["locked"]
    said = {"resolution": "15 of 20 July", "approved": "VO, 2 July"}
    write_off(by=us(), book=kept.book, loan=loan.uid, on=day("2024-07-20"), **said)
    assert refused(kept, loan) == ["moved_since", "locked"]


@pytest.mark.parametrize("role", ["app", "owner"])
def test_the_ledger_lets_the_last_terms_go_alone(kept: Kept, loan: Loan, keeper: Keeper, role: str) -> None:
    """The first terms never, nor those before others, nor any under which something was paid."""
    anew(kept, loan)
    if role == "owner":
        work_as_owner()
    try:
        for which in ("ORDER BY since LIMIT 1", "ORDER BY since"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM books_agreement WHERE id IN (SELECT id FROM books_agreement {which})")
        work_as_app()
        repay(keeper, loan, "2024-08-12", 30)
        if role == "owner":
            work_as_owner()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM books_agreement WHERE since = '2024-06-20'")
    finally:
        work_as_app()
    assert Agreement.objects.filter(loan=loan).count() == 2


def test_what_was_late_before_stays_late_in_the_mark(kept: Kept, loan: Loan) -> None:
    """The instalments of 8 May and 8 June were never paid: 40 of 40 late, and new terms win nothing back."""
    assert timely(kept, "2024-06-19") == (0, 40_00)
    anew(kept, loan)
    assert timely(kept, "2024-07-31") == (0, 40_00)
    # Of three months: 20 of 8 June under the old terms, and 20 of 8 August under the new ones.
    assert timely(kept, "2024-08-20") == (0, 40_00)


def test_what_was_paid_in_time_before_stays_so_too(kept: Kept, loan: Loan, keeper: Keeper) -> None:
    repay(keeper, loan, "2024-05-08", 24)
    anew(kept, loan)
    assert timely(kept, "2024-06-19") == timely(kept, "2024-07-31") == (20_00, 40_00)
    # 180 in ten instalments of 18: the first is paid, with a month's interest.
    repay(keeper, loan, "2024-08-08", 25, number=3)
    assert timely(kept, "2024-08-20") == (18_00, 38_00)


def test_the_page_of_loans_takes_new_terms_back(kept: Kept, loan: Loan, keeper: Keeper) -> None:
    url = keeper.url("loan_anew_undo", loan.uid)
    assert keeper.client.get(url).status_code == 404
    anew(kept, loan)
    page = keeper.client.get(keeper.url("loans"))
    assert url in page.content.decode() and "agreed anew" in text_of(page)
    page = keeper.client.get(url)
    assert "agreed anew from 20 Jun 2024" in text_of(page) and "14 of 20 June" in text_of(page)
    sent = fields_of(page)
    answer = keeper.client.post(url, {**sent, "why": ""})
    assert answer.status_code == 422 and "Say why." in text_of(answer)
    assert keeper.client.post(url, {**sent, "why": "The wrong loan"}).status_code == 302
    page = text_of(keeper.client.get(keeper.url("loans")))
    assert (
        "runs under its earlier terms again" in page and url not in page and keeper.client.get(url).status_code == 404
    )


def test_new_terms_do_not_begin_in_a_month_that_is_closed(kept: Kept, loan: Loan) -> None:
    """What it asked for was printed; from the first open day on they do."""
    lock_month(by=us(), book=kept.book, month=day("2024-06-30"))
    with pytest.raises(Refused) as refused:
        anew(kept, loan)
    assert codes_of(refused) == ["month_locked"]
    anew(kept, loan, since="2024-07-01")


def test_an_npa_stays_one_until_it_is_repaid_under_its_new_terms(kept: Kept, keeper: Keeper, loan: Loan) -> None:
    """Nothing was paid since May; agreed anew on 20 September, first due on 8 October."""
    assert as_of(kept, "2024-09-19").standing is Standing.NPA
    anew(kept, loan, since="2024-09-20", first_due=day("2024-10-08"))
    assert as_of(kept, "2024-09-20").standing is Standing.NPA
    asked = as_of(kept, "2024-10-08").to_pay
    repay(keeper, loan, "2024-10-08", int(asked.whole // 100))
    assert as_of(kept, "2024-10-07").standing is Standing.NPA
    assert as_of(kept, "2024-10-08").standing is Standing.REGULAR
    # Late again, it is watched from the first day: the old NPA does not come back.
    assert as_of(kept, "2024-11-20").standing is Standing.SMA0


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("-2", "This cannot be less than nothing."), ("60", "More than 8 per cent a month is no rate of a group."),
        ("1e99", "More than 8 per cent a month is no rate of a group."),
    ],
)  # fmt: skip
def test_what_is_no_rate_is_told_at_its_field_with_all_else(keeper: Keeper, loan: Loan, rate: str, told: str) -> None:
    """As in the group's rules; also while something else could not be read."""
    url = keeper.url("loan_anew", loan.uid)
    wrong = {"rate_bp_a_year": rate, "since": "20-6-2024", "first_due": "20-6-2024", "instalments": "0"}
    sent = {**fields_of(keeper.client.get(url)), **wrong, "resolution": ""}
    for since, more in (("20-6-2024", {"first_due"}), ("31-6-2024", {"since"}), ("8-4-2024", {"since"})):
        answer = keeper.client.post(url, {**sent, "since": since})
        errors = answer.context["form"].errors
        assert answer.status_code == 422 and errors["rate_bp_a_year"] == [told]
        assert set(errors) == {"rate_bp_a_year", "instalments", "resolution"} | more
        assert "at the same moment" not in text_of(answer)


@pytest.mark.parametrize(("rate", "asks"), [("5", "far above the 2 that"), ("0.5", "far below the 2 that"), ("1", "")])
def test_an_unusual_rate_is_asked_about_as_when_it_is_lent(
    kept: Kept, keeper: Keeper, loan: Loan, rate: str, asks: str
) -> None:
    """This group charges 2 per cent a month."""
    url = keeper.url("loan_anew", loan.uid)
    said = {"rate_bp_a_year": rate, "since": "20-6-2024", "first_due": "20-7-2024", "resolution": "14 of 20 June"}
    answer = keeper.client.post(url, {**fields_of(keeper.client.get(url)), **said})
    if asks:
        assert answer.status_code == 422 and asks in text_of(answer)
        answer = keeper.client.post(url, {**fields_of(answer), **said, "confirmed": answer.context["form"].to_confirm})
    assert answer.status_code == 302
    assert Agreement.objects.get(loan=loan, since="2024-06-20").rate_bp_a_year == float(rate) * 1200


def test_no_terms_are_put_before_those_of_a_day_to_come(kept: Kept, loan: Loan) -> None:
    today = us().today
    late = {"first_due": today + datetime.timedelta(days=40)}
    anew(kept, loan, (today + datetime.timedelta(days=5)).isoformat(), **late)
    with pytest.raises(Refused) as caught:
        anew(kept, loan, today.isoformat(), **late)
    assert codes_of(caught) == ["after_terms"]


def test_the_vo_of_a_group_agrees_to_new_terms(kept: Kept, keeper: Keeper, loan: Loan, valley: Any) -> None:
    """As to a write-off; a group without a VO is not asked."""
    url = keeper.url("loan_anew", loan.uid)
    assert "approved" not in fields_of(keeper.client.get(url))
    make_federation(kept.group, make_group(valley.chinar, "Umeed VO", kind="vo"))
    said = {"since": "20-6-2024", "first_due": "20-7-2024", "resolution": "14 of 20 June"}
    sent = {**fields_of(keeper.client.get(url)), **said}
    asked = keeper.client.post(url, sent)
    assert asked.status_code == 422 and set(asked.context["form"].errors) == {"approved"}
    with pytest.raises(Refused) as caught:
        anew(kept, loan, approved=" ")
    assert codes_of(caught) == ["approved"]
    with pytest.raises(Refused) as caught:
        anew(kept, loan, approved="x" * 240)
    assert codes_of(caught) == ["too_long"]
    assert keeper.client.post(url, {**sent, "approved": "Umeed VO, 22 June"}).status_code == 302
    assert Agreement.objects.get(loan=loan, since="2024-06-20").resolution == "14 of 20 June · Umeed VO, 22 June"


def test_interest_that_only_ran_is_not_overdue_with_what_was_due(kept: Kept, loan: Loan) -> None:
    """Nothing is paid: 4 fell due on 8 May and on 8 June, 2 ran in the 12 days since. An NPA stays one; what ran waits
    for the first new instalment, also in a book that takes the loan over, and whoever repays all before pays it."""
    anew(kept, loan)
    then = as_of(kept, "2024-06-20")
    assert (then.arrears.interest, then.arrears.since, then.run) == (8_00, day("2024-05-08"), 2_00)
    assert then.to_pay_all.interest == 10_00
    assert as_of(kept, "2024-08-07").arrears.interest == 8_00
    due = as_of(kept, "2024-08-08")
    assert (due.arrears.interest, due.arrears.principal, due.arrears.since) == (12_00, 20_00, day("2024-05-08"))
    assert as_of(kept, "2024-08-06").standing is Standing.NPA
    left = carried_of(as_of(kept, "2024-07-31"))
    assert (sum(one.interest for one in left.overdue), left.plan[0].interest) == (8_00, 2_00)
    over = replace_terms(then.agreement, since=day("2024-07-31"), carried=left.plain, run_paise=0)
    asked = [
        [(one.on, one.whole) for one in demands_of(terms, (), day("2024-09-08"))] for terms in (over, due.agreement)
    ]
    days = [{on: sum(paise for day, paise in dues if day == on) for on, _paise in dues} for dues in asked]
    assert days[0][day("2024-08-08")] == days[1][day("2024-08-08")] == 24_00
    assert sum(days[0].values()) == sum(days[1].values())
    # Agreed anew once more before that day, what ran under both waits again.
    anew(kept, loan, "2024-07-20", first_due=day("2024-09-08"))
    again = as_of(kept, "2024-07-20")
    assert (again.arrears.interest, again.run) == (8_00, 2_00 + 1_00)
