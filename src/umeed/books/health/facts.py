"""What the rubric measures, read from the book of one group as of a day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from umeed.books import norms
from umeed.books.codes import MeetingKind
from umeed.books.cutoffs.facts import standing_cut_off
from umeed.books.ledger.balances import balances
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.facts import MEETINGS_A_YEAR, members, rhythm_of, standing_meetings
from umeed.books.models import Book, Meeting
from umeed.books.registers.flows import paid_out
from umeed.books.rules import health as rules
from umeed.books.rules.schedules import month_later
from umeed.books.rules.unlocks import Had, Opened, opened
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

_SAVED = """
SELECT count(DISTINCT (s.id, l.woman_id)) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
JOIN books_meeting m ON m.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date BETWEEN %(since)s AND %(on)s
    AND l.head BETWEEN 201 AND 204 AND l.amount_paise < 0
    AND m.kind <> 'undone' AND NOT EXISTS (SELECT FROM books_meeting r WHERE r.replaces_id = m.id)
"""
_LENT = """
SELECT coalesce(sum(l.amount_paise), 0)
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_cutoff c ON c.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date BETWEEN %(since)s AND %(on)s AND s.reverses_id IS NULL
    AND l.head = 111 AND l.amount_paise > 0 AND c.id IS NULL
    AND NOT EXISTS (SELECT FROM books_sheet r WHERE r.reverses_id = s.id)
"""


@dataclass(frozen=True)
class GroupHealth:
    """A group's health as of a day. Paise; shares as measures. `since` begins the stretch that is graded, `run` tells
    for how long meetings were held regularly. `was_lent_before` when what was lent before the book began counts too."""

    as_of: datetime.date
    since: datetime.date
    rubric: rules.Rubric
    result: rules.Health
    corpus: Paise
    fund: Paise
    idle: Paise
    lent_in_a_year: Paise
    was_lent_before: bool
    owed: Paise
    at_risk: dict[int, Paise]
    # In twelve months: a loan that is written off leaves those at risk, and is told beside them.
    written_off: Paise
    run: rules.Run
    had: Had

    @property
    def ways(self) -> Sequence[rules.Scored]:
        return rules.cheapest(self.result)

    @property
    def unlocks(self) -> list[Opened]:
        """What came, what is open, and what is missing to what comes next."""
        return opened(
            norms.in_force(self.as_of).unlocks, self.had, corpus=self.corpus, grade=self.result.grade, run=self.run,
            today=self.as_of,
        )  # fmt: skip

    @property
    def rotation(self) -> rules.Measure:
        """How often the fund was lent in a year."""
        return rules.Measure(self.lent_in_a_year, self.fund, is_money=True)


def health_of(book: Book, on: datetime.date) -> GroupHealth:
    """The health of a group. A fixed number of questions."""
    rubric = norms.in_force(on).rubric
    since = max(book.opened_on, _after(on, -rubric.months))
    every = running_loans(book.pk, on, with_closed=True)
    loans = [one for one in every if one.loan.head == "loan_to_member"]
    loans_taken = [one for one in every if one.loan.way == "taken"]
    held = balances(book.pk, on)
    money = Paise(held.get("cash", 0) + held.get("bank", 0))
    owed = Paise(held.get("loan_to_member", 0))
    lent, lent_before = _lent(book, _after(on, -12), on), _lent_before(book, on)
    met = _Met(book, since, on, rubric)
    fund = Paise(money + owed)
    idle = rules.idle(money, paid_out(book, _after(on, -2), on))
    measures = {**met.measures(), "lending": rules.Measure(fund - idle, fund, is_money=True),
                "repayment": _in_time(loans, since, on)}  # fmt: skip
    return GroupHealth(
        had=_had(held, loans_taken), as_of=on, since=since, rubric=rubric,
        result=rules.health(rubric, measures, waits=met.why_no_grade()), run=met.run,
        corpus=rules.corpus(held),
        fund=fund, idle=idle, owed=owed,
        lent_in_a_year=Paise(lent + (lent_before or 0)), was_lent_before=lent_before is not None,
        at_risk=rules.at_risk((one.owed, one.days_late) for one in loans),
        written_off=_written_off(loans, month_later(on, -12, on.day)),
    )  # fmt: skip


def _had(held: Mapping[str, Paise], loans_taken: Sequence[RunningLoan]) -> Had:
    """What came of each fund, given or lent, and the loans of banks."""
    banks = [one for one in loans_taken if one.loan.head == "loan_from_bank"]
    lent = sum(one.came_with for one in loans_taken if one.loan.source == "cif")
    funds = {**{head: abs(paise) for head, paise in held.items()}, "cif": abs(held.get("cif", 0)) + lent}
    return Had(funds, [one.loan.lent_on for one in banks], any(one.days_late for one in banks))


class _Met:
    """The regular meetings of a book until a day, and what was done in those of the stretch that is graded."""

    def __init__(self, book: Book, since: datetime.date, on: datetime.date, rubric: rules.Rubric) -> None:
        self.book, self.since, self.on, self.rubric = book, since, on, rubric
        self.rhythm = rhythm_of(book)
        self.a_year = MEETINGS_A_YEAR[self.rhythm.frequency]
        held = standing_meetings(book).filter(held_on__range=(month_later(on, -12, on.day), on))
        # An extra meeting asks nobody for a saving, and stands for no meeting that was not held.
        self.year = list(held.exclude(kind__in=(MeetingKind.MISSED, MeetingKind.EXTRA)))
        self.rows = [row for row in self.year if row.held_on >= since]
        self.due = max(len(self.rows), ((on - since).days + 1) * self.a_year // 364)

    @property
    def run(self) -> rules.Run:
        days = [row.held_on for row in self.year]
        return rules.regular_run(self.rubric, days, self.on, every=self.rhythm.frequency, a_year=self.a_year)

    def why_no_grade(self) -> Refusal | None:
        """Why there is no grade yet; the days on which meetings may be held begin with today."""
        every = self.rhythm.frequency
        days = [max(self.on, calendar_of(self.book, self.on).next)]
        while len(days) < self.rubric.least_meetings[every]:
            days.append(self.rhythm.after(days[-1]))
        return rules.why_no_grade(self.rubric, len(self.rows), every=every, next_due=days)

    def measures(self) -> dict[str, rules.Measure]:
        """Meetings held of those due, who came, who saved, and what was written in time."""
        held = len(self.rows)
        lacking = self.rubric.lacking(held, self.due)
        women = len(members(self.book, self.on)) if lacking else 0
        belonged = sum(row.who_belongs for row in self.rows)
        in_time = sum(1 for row in self.rows if _days_to_write(row) <= norms.CLOSED_WITHIN_DAYS)
        done = {
            "attendance": (sum(row.who_came for row in self.rows), belonged + lacking * women),
            "savings": (min(belonged, _saved(self.book, self.since, self.on)), belonged + lacking * women),
            "books": (in_time, held + lacking),
        }
        inside = {mark.key for mark in self.rubric.marks if mark.in_meetings}
        return {
            "meetings": rules.Measure(held, self.due),
            **{key: rules.Measure(*of, meetings_lacking=lacking if key in inside else 0) for key, of in done.items()},
        }


def _days_to_write(meeting: Meeting) -> int:
    return (timezone.localtime(meeting.closed_at).date() - meeting.held_on).days


def _saved(book: Book, since: datetime.date, on: datetime.date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SAVED, {"book": book.pk, "since": since, "on": on})
        return int(cursor.fetchone()[0])


def _after(on: datetime.date, months: int) -> datetime.date:
    """The day after this one of so many months before."""
    return month_later(on, months, on.day) + datetime.timedelta(days=1)


def _lent(book: Book, since: datetime.date, on: datetime.date) -> Paise:
    """What was lent to members."""
    with connection.cursor() as cursor:
        cursor.execute(_LENT, {"book": book.pk, "since": since, "on": on})
        return Paise(int(cursor.fetchone()[0]))


def _lent_before(book: Book, on: datetime.date) -> Paise | None:
    """What a group lent in these twelve months before its book began, as its cut-off says: whole, as it was lent. None
    when the book holds no cut-off, or one that is older."""
    cut_off = standing_cut_off(book)
    since = _after(on, -12)
    if cut_off is None or not since <= cut_off.sheet.on_date <= on:
        return None
    loans = [one for one in cut_off.said.get("loans", ()) if one.get("head", "loan_to_member") == "loan_to_member"]
    lent = [int(one["lent"]) for one in loans if datetime.date.fromisoformat(one["lent_on"]) >= since]
    return Paise(sum(lent))


def _written_off(loans: Sequence[RunningLoan], since: datetime.date) -> Paise:
    """Principal that was written off after a day."""
    return Paise(sum(gone.principal for one in loans for gone in one.let_go if gone.on > since))


def _in_time(loans: Sequence[RunningLoan], since: datetime.date, on: datetime.date) -> rules.Measure:
    """Of a loan that was written off, what was agreed goes on being asked for here: writing off wins no mark. Nor does
    agreeing it anew: what fell due under earlier terms and was not paid in time while they held was late, whatever was
    agreed afterwards (a loan that is rescheduled stays in the history of what was at risk). Each terms' dues are met
    with what was paid under them: the principal that they left unpaid is asked for again under the new ones."""
    parts = [
        rules.paid_in_time(
            terms.as_agreed, terms.paid, since=since, until=on, within=max(norms.PAID_WITHIN_DAYS, one.meets_every),
            ended=None if terms is one else terms.on,
        )
        for one in loans for terms in (*one.earlier, one)
    ]  # fmt: skip
    return rules.Measure(sum(part.done for part in parts), sum(part.base for part in parts), is_money=True)
