"""What is due today: home, dues, passbook, "read to me", loans and the meeting's step say the same of every woman."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from umeed.books.actions import close_meeting
from umeed.books.ledger.balances import balances
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.documents import read
from umeed.books.meetings.sums import tally_of
from umeed.books.models import Loan
from umeed.books.registers import loans, passbooks
from umeed.books.registers.catalogue import BY_KEY, Asked
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_meetings import meeting
from umeed.books.tests.test_minutes import table_of
from umeed.books.tests.test_registers import cell, lending, lines, meet, nth, saves
from umeed.books.tests.writing import Keeper, text_of
from umeed.core.papers.shapes import Paper
from umeed.core.templatetags.umeed_text import day as written
from umeed.institutions.tests.making import us
from umeed.kernel.money import rupees
from umeed.kernel.periods import Period

# 20 of 100 and 2 of interest; the penalty is 10. Of the four women with a loan what falls due, days from today, when
# the last meeting was five days ago and the next one is in two days.
SINCE_THE_MEETING, OVERDUE, NOTHING, TODAY = 1, 2, 3, 4
FIRST_DUE = {SINCE_THE_MEETING: -2, OVERDUE: -7, NOTHING: 1, TODAY: 0}


def on(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def held(kept: Kept, number: int, days: int, **said: Any) -> UUID:
    """A meeting so many days from today to which everybody came, its cash counted right."""
    said = meeting(kept, number, on(days).isoformat(), **said)
    box = balances(kept.book.pk, on(days)).get("cash", 0)
    said["counted"] = tally_of(read(said)).box(box)  # type: ignore[arg-type]
    return close_meeting(by=us(on(0)), book=kept.book, said=said, is_sure=True).meeting


@pytest.fixture
def lent(kept: Kept, keeper: Keeper) -> dict[int, Loan]:
    given = {at: lending(kept, at, 100, first_due=on(days).isoformat()) for at, days in FIRST_DUE.items()}
    held(kept, 1, -33, savings=saves(kept, 100), lendings=list(given.values()))
    held(kept, 2, -5)
    return {at: Loan.objects.get(uid=one["loan"]) for at, one in given.items()}


def dues_of(kept: Kept) -> Paper:
    paper = BY_KEY["dues"].make(kept.book, Asked(as_of=on(0), period=Period.from_code("2024-04")))
    assert paper is not None
    return paper


def row_of(paper: Paper, name: str) -> dict[str, Any]:
    (table,) = paper.tables
    titles = [str(column.title) for column in table.columns]
    return dict(zip(titles, next(row for row in lines(table) if row[0] == name), strict=True))


# {who: (due since how many days from today, to pay now, of it penalty, of it overdue)}
EXPECTED = {
    SINCE_THE_MEETING: (-2, 22_00, None, None), OVERDUE: (-7, 32_00, 10_00, 22_00),
    NOTHING: (None, None, None, None), TODAY: (0, 22_00, None, None),
}  # fmt: skip


@pytest.mark.parametrize("at", EXPECTED)
def test_every_paper_says_what_the_meeting_asks_her_for(kept: Kept, keeper: Keeper, lent: Any, at: int) -> None:
    days, now, penalty, overdue = EXPECTED[at]
    since = None if days is None else on(days)
    hers = kept.women[at]
    keeper.begin(on(0).isoformat(), 3)
    keeper.send("attendance", president=str(kept.women[0].pk))
    asked = keeper.fields("repayments")[f"r-{lent[at].uid}-total"]
    assert asked == (str(now // 100) if now else "")
    row = row_of(dues_of(kept), hers.name)
    told = {"Due since": since, "To pay now": now, "Penalty": penalty, "Overdue": overdue}
    assert {title: row[title] for title in told} == told
    book = passbooks.member_passbook(kept.book, hers.pk, on(0))
    running = next(one for one in book.tables if getattr(one, "title", "") == "Loans that run")
    in_it = dict(zip([str(column.title) for column in running.columns], lines(running)[0], strict=True))
    assert {title: in_it.get(title) for title in told} == told
    assert (in_it["Next due on"], in_it["To pay then"]) == (row["Next due on"], row["To pay then"])
    for spoken in (str(book.spoken), str(dues_of(kept).spoken)):
        assert _spoken(since, now, penalty, overdue) in spoken


def _spoken(since: Any, now: Any, penalty: Any, overdue: Any) -> str:
    if since is None:
        return f"Loan: 100 rupees owed. Due on {written(on(1))}: 22 rupees."
    said = f"Due since {written(since)}: {now // 100} rupees."
    if since == on(0):
        said = f"Due today: {now // 100} rupees."
    said += f" Of it overdue: {overdue // 100} rupees." if overdue else ""
    return said + (f" Of it penalty: {penalty // 100} rupees." if penalty else "")


def test_home_says_what_the_dues_say(kept: Kept, keeper: Keeper, lent: Any) -> None:
    page = text_of(keeper.client.get(keeper.url("home")))
    paper = dues_of(kept)
    titles = [str(column.title) for column in paper.tables[0].columns]  # type: ignore[union-attr]
    now = cell(paper.tables[0], "total", titles.index("To pay now"))  # type: ignore[arg-type]
    assert now == 76_00 and "₹ 76 is due now on 3 loans" in page
    assert f"₹ 22 more falls due on one loan until {written(on(2))}" in page
    listed = text_of(keeper.client.get(keeper.url("loans")))
    assert listed.count("₹ 22") == 2 and "₹ 32" in listed


def test_what_comes_next_is_apart_and_goes_by_what_is_paid_now(kept: Kept, keeper: Keeper, lent: Any) -> None:
    """Whoever pays what is due now is asked on that day for what was told."""
    told = {name: row_of(dues_of(kept), name) for name in (kept.women[at].name for at in lent)}
    assert told[kept.women[NOTHING].name]["Next due on"] == on(1)
    now = {one.loan.uid: one.due_now for one in running_loans(kept.book.pk, on(0))}
    held(kept, 3, 0, repayments=[
        {"loan": uid, "penalty": due.penalty, "interest": due.interest, "principal": due.principal}
        for uid, due in now.items() if due.whole
    ])  # fmt: skip
    for at, loan in lent.items():
        name = kept.women[at].name
        (then,) = running_loans(kept.book.pk, told[name]["Next due on"], loans=[loan.pk])
        assert (then.arrears.since, then.due_now.whole) == (told[name]["Next due on"], told[name]["To pay then"])


def test_what_falls_due_today_is_not_overdue_with_what_was_due_before(kept: Kept) -> None:
    loan = lending(kept, 1, 400)
    meet(kept, 1, nth(4), savings=saves(kept, 100), lendings=[loan])
    meet(kept, 2, "2024-10-20")
    one = loans.loans_on(kept.book, datetime.date(2024, 11, 8)).running[0]
    assert (one.arrears.principal + one.arrears.interest, loans.overdue(one)) == (176_00, 88_00)


def test_the_women_s_list_says_what_she_repays_all_with_today(kept: Kept, keeper: Keeper, lent: Any) -> None:
    """The penalty and the interest that has run too, as the meeting says of it."""
    text = text_of(keeper.client.get(keeper.url("women")))
    assert f"settles her loans on {written(on(0))}" in text
    for at, loan in lent.items():
        one = running_loans(kept.book.pk, on(0), loans=[loan.pk])[0]
        whole = one.due_now.penalty + one.to_pay_all.whole
        assert f"{kept.women[at].name} ₹ 100 ₹ {rupees(whole, sign='')}" in text
        assert (whole > one.owed + one.arrears.interest) is (at in (OVERDUE, NOTHING)), "what was told before"


def test_her_passbook_tells_penalties_apart_from_interest(kept: Kept, keeper: Keeper, lent: Any) -> None:
    """Her interest is that of the loan ledger, the slip and the minutes."""
    paid = {"loan": lent[OVERDUE].uid, "penalty": 10_00, "interest": 2_00, "principal": 20_00}
    of = held(kept, 3, 0, repayments=[paid])
    hers = kept.women[OVERDUE].pk
    asked = Asked(as_of=on(0), period=Period.from_code("2024-04"), has_period=False, woman=hers, meeting=of)
    book = BY_KEY["passbook"].make(kept.book, asked)
    ledger = loans.loan_ledger(kept.book, on(0), loan=lent[OVERDUE].pk)
    told = [
        _sums(table_of(book, "Loans"), "closing"), _sums(table_of(ledger, "What was lent and repaid"), "total"),
    ]  # fmt: skip
    assert [(one["Interest"], one["Penalty"]) for one in told] == [(2_00, 10_00)] * 2
    slip = BY_KEY["slips"].make(kept.book, asked)
    assert ("Interest", 2_00, None) in lines(slip.tables[0])  # type: ignore[union-attr, arg-type]
    minutes = BY_KEY["minutes"].make(kept.book, asked)
    repaid = _sums(table_of(minutes, "Repayments"), "total")
    assert (repaid["Interest"], repaid["Penalty"]) == (2_00, 10_00)
    other = BY_KEY["passbook"].make(
        kept.book, Asked(as_of=on(0), period=asked.period, has_period=False, woman=kept.women[1].pk)
    )  # fmt: skip
    assert "Penalty" not in [str(column.title) for column in table_of(other, "Loans").columns]


def _sums(table: Any, kind: str) -> dict[str, Any]:
    return {str(column.title): cell(table, kind, at) for at, column in enumerate(table.columns)}
