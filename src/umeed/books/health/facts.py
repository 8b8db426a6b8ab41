"""What the rubric measures, read from the book of one group as of a day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from umeed.books import norms
from umeed.books.ledger.balances import balances
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.facts import MEETINGS_A_YEAR, standing_meetings
from umeed.books.models import Book, Meeting
from umeed.books.rules import health as rules
from umeed.books.rules.schedules import month_later
from umeed.kernel.money import Paise

_SAVED = """
SELECT count(DISTINCT (s.id, l.woman_id)) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
JOIN books_meeting m ON m.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date BETWEEN %(since)s AND %(on)s
    AND l.head BETWEEN 201 AND 204 AND l.amount_paise < 0
    AND m.kind <> 'undone' AND NOT EXISTS (SELECT FROM books_meeting r WHERE r.replaces_id = m.id)
"""
_FLOWS = """
SELECT coalesce(sum(l.amount_paise) FILTER (WHERE l.head IN (101, 102) AND l.amount_paise < 0), 0),
    coalesce(sum(l.amount_paise) FILTER (WHERE l.head = 111 AND l.amount_paise > 0), 0)
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date BETWEEN %(since)s AND %(on)s AND s.reverses_id IS NULL
    AND NOT EXISTS (SELECT FROM books_sheet r WHERE r.reverses_id = s.id)
"""


@dataclass(frozen=True)
class GroupHealth:
    """A group's health as of a day. Paise; shares as measures. `since` begins the stretch that is graded."""

    as_of: datetime.date
    since: datetime.date
    rubric: rules.Rubric
    result: rules.Health
    corpus: Paise
    fund: Paise
    idle: Paise
    lent_in_a_year: Paise
    owed: Paise
    at_risk: dict[int, Paise]
    months_old: int
    has: frozenset[str]

    @property
    def ways(self) -> Sequence[rules.Scored]:
        return rules.cheapest(self.result)

    @property
    def unlocks(self) -> list[tuple[rules.Unlock, Paise, str]]:
        """(what, how much, "has" when it came, "open" when the group is old enough and has the grade, else "")."""
        return [(one, one.amount(self.corpus), self._state(one)) for one in norms.in_force(self.as_of).unlocks]

    def _state(self, one: rules.Unlock) -> str:
        if one.head in self.has:
            return "has"
        return "open" if self.result.grade == one.grade and self.months_old >= one.after_months else ""

    @property
    def rotation(self) -> rules.Measure:
        """How often the fund was lent in a year."""
        return rules.Measure(self.lent_in_a_year, self.fund, is_money=True)


def health_of(book: Book, on: datetime.date) -> GroupHealth:
    """The health of a group. A fixed number of questions."""
    rubric = norms.in_force(on).rubric
    since = max(book.opened_on, month_later(on, -rubric.months, on.day) + datetime.timedelta(days=1))
    every = running_loans(book.pk, on, with_closed=True)
    loans = [one for one in every if one.loan.head == "loan_to_member"]
    loans_taken = [one for one in every if one.loan.way == "taken"]
    held = balances(book.pk, on)
    money = Paise(held.get("cash", 0) + held.get("bank", 0))
    owed = Paise(held.get("loan_to_member", 0))
    (out_of_two_months, _lent), (_out, lent) = (_flows(book, on, months) for months in (2, 12))
    fund = Paise(money + owed)
    idle = rules.idle(money, out_of_two_months)
    measures = {**_met(book, since, on), "lending": rules.Measure(fund - idle, fund, is_money=True),
                "repayment": _in_time(loans, since, on)}  # fmt: skip
    has = {head for head, paise in held.items() if paise} | {"cif" for one in loans_taken if one.loan.source == "cif"}
    return GroupHealth(
        has=frozenset(has), as_of=on, since=since, rubric=rubric, result=rules.health(rubric, measures),
        corpus=rules.corpus(held),
        fund=fund, idle=idle, lent_in_a_year=lent, owed=owed,
        at_risk=rules.at_risk((one.owed, one.days_late) for one in loans),
        months_old=(on.year - book.institution.formed_on.year) * 12 + on.month - book.institution.formed_on.month,
    )  # fmt: skip


def _met(book: Book, since: datetime.date, on: datetime.date) -> dict[str, rules.Measure]:
    """Meetings held of those due, who came, who saved, and what was written in time."""
    rows = list(standing_meetings(book).filter(held_on__range=(since, on)).exclude(kind="missed"))
    a_year = MEETINGS_A_YEAR.get(book.institution.meeting_frequency, 52)
    due = max(len(rows), ((on - since).days + 1) * a_year // 364)
    belonged = sum(row.who_belongs for row in rows)
    in_time = sum(1 for row in rows if _days_to_write(row) <= norms.CLOSED_WITHIN_DAYS)
    return {
        "meetings": rules.Measure(len(rows), due),
        "attendance": rules.Measure(sum(row.who_came for row in rows), belonged),
        "savings": rules.Measure(min(belonged, _saved(book, since, on)), belonged),
        "books": rules.Measure(in_time, len(rows)),
    }


def _days_to_write(meeting: Meeting) -> int:
    return (timezone.localtime(meeting.closed_at).date() - meeting.held_on).days


def _saved(book: Book, since: datetime.date, on: datetime.date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SAVED, {"book": book.pk, "since": since, "on": on})
        return int(cursor.fetchone()[0])


def _flows(book: Book, on: datetime.date, months: int) -> tuple[Paise, Paise]:
    """(paid out of cash and bank, lent to members) in so many months."""
    since = month_later(on, -months, on.day) + datetime.timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"book": book.pk, "since": since, "on": on})
        out, lent = cursor.fetchone()
    return Paise(-int(out)), Paise(int(lent))


def _in_time(loans: Sequence[RunningLoan], since: datetime.date, on: datetime.date) -> rules.Measure:
    parts = [
        rules.paid_in_time(
            one.dues, one.paid, since=since, until=on, within=max(norms.PAID_WITHIN_DAYS, one.meets_every)
        )
        for one in loans
    ]
    return rules.Measure(sum(part.done for part in parts), sum(part.base for part in parts), is_money=True)
