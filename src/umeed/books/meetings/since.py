"""What a book knows of the time after a meeting or day: what became of its loans, what is usual. It is asked when an
earlier amount is put right, written late, corrected or taken back."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from umeed.books.heads import BY_KEY
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Entry
from umeed.books.ledger.off import sheets_of
from umeed.books.ledger.others import bodies_called
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.facts import bylaws_of
from umeed.books.models import Agreement, Book, Meeting
from umeed.books.naming import women_called
from umeed.books.rules.differing import RECOVERED, LoanSince, Since, why_not_since
from umeed.books.rules.meetings import usual_fine
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

# {loan: {day: {head: debits less credits}}} of what is posted and taken back now.
_Changes = dict[int, dict[datetime.date, dict[str, int]]]


def since_of(held: Meeting, loans: Collection[int], today: datetime.date) -> Since:
    """Of the loans that are named, also terms that begin on a day to come."""
    sums = balances(held.book_id, today)
    return Since(
        has=Paise(sums.get("cash", 0) + sums.get("bank", 0)), counted=Paise(held.counted_paise), usual=_usual(held),
        loans=_loans(held.book, loans, held.held_on, today) if loans else {},
    )  # fmt: skip


def _usual(held: Meeting) -> dict[str, Paise]:
    if held.book.institution.kind != "shg":
        return {}
    bylaws = bylaws_of(held.book, held.held_on)
    return {**bylaws.savings, "fine": usual_fine(bylaws)}


def moved_before(
    book: Book, moved: Mapping[datetime.date, Iterable[Entry]], today: datetime.date
) -> list[Refusal]:  # fmt: skip
    """Why what is posted and taken back, by day, cannot stay: it changes a loan under terms, or a write-off, of a later
    day, which took it as it was. What comes on another day than it goes changes it from the first of the two. No
    question while no loan changes; two a day, while nothing later is there, as of nearly every meeting."""
    changes: _Changes = defaultdict(dict)
    for on, entries in sorted(moved.items()):
        of_day = Counter[tuple[int, str]]()
        for one in entries:
            if one.loan is not None and one.head != RECOVERED:
                of_day[one.loan, one.head] += one.amount
        for (loan, head), paise in of_day.items():
            if paise:
                changes[loan].setdefault(on, {})[head] = paise
    reasons = []
    for on in sorted({min(days) for days in changes.values()}):
        found = _changed(book, {loan: days for loan, days in changes.items() if min(days) == on}, on, today)
        reasons += [reason for one in found.values() for reason in why_not_since("repayments", one)]
    return reasons


def resolved_since(
    book: Book, loans: Collection[int], on: datetime.date, today: datetime.date
) -> list[Refusal]:  # fmt: skip
    """Why the terms under which loans came into a book on a day are not other ones now: what was resolved later took
    what was due by them."""
    found = _changed(book, {loan: {} for loan in loans}, on, today) if loans else {}
    return [reason for one in found.values() for reason in why_not_since("loans", one)]


def _changed(book: Book, changes: _Changes, on: datetime.date, today: datetime.date) -> dict[int, LoanSince]:
    """Those of the loans, changed from a day on, of which something was resolved after it."""
    later = {*_agreed_after(book, changes, on).values_list("loan", flat=True), *sheets_of(book.pk, today, changes)}
    return _loans(book, later, on, today, changes) if later else {}


def _off_but_for(one: RunningLoan, changed: Mapping[datetime.date, Mapping[str, int]]) -> datetime.date | None:
    """The day on which all of a loan was written off that was owed then, without what is changed of it now and posted
    already. None when only a part was, and the rest repaid later."""
    lent = {on: BY_KEY[one.loan.head].grows_by * heads.get(one.loan.head, 0) for on, heads in changed.items()}
    last = max((day.on for day in one.let_go if day.principal), default=None)
    if not changed or last is None or last < min(changed):
        return one.off_on
    if one.let_go_principal <= 0 or one.owed != sum(lent.values()):
        return one.off_on
    later = sum(day.principal for day in one.paid if day.on > last)
    return last if later <= -sum(paise for on, paise in lent.items() if on > last) else one.off_on


def _agreed_after(book: Book, loans: Collection[int], on: datetime.date) -> QuerySet[Agreement]:
    """Terms that were resolved for a later day, the earlier first."""
    found = Agreement.objects.filter(book=book, loan__in=loans, since__gt=on)
    return found.exclude(resolution="").order_by("since")


def _loans(
    book: Book, loans: Collection[int], on: datetime.date, today: datetime.date,
    changes: _Changes | None = None,
) -> dict[int, LoanSince]:  # fmt: skip
    """Each with what became of it after a day."""
    later = {row.loan_id: row for row in _agreed_after(book, loans, on)}
    running = {one.loan.pk: one for one in running_loans(book.pk, today, loans=loans, with_closed=True)}
    women = women_called(one.loan.woman_id for one in running.values())
    bodies = bodies_called(one.loan.body_id for one in running.values())
    found = {}
    for pk, one in running.items():
        loan, off_on = one.loan, _off_but_for(one, changes[pk]) if changes else one.off_on
        name = women.get(loan.woman_id) or bodies.get(loan.body_id) or loan.called  # type: ignore[arg-type]
        found[pk] = LoanSince(
            called=name, anew_on=later[pk].since if pk in later else None,
            lets_go=pk in later and later[pk].lets_interest_go, off_on=off_on,
            interest=Paise(one.arrears.interest + one.run + one.to_come), may_come_back=one.may_come_back,
        )  # fmt: skip
    return found
