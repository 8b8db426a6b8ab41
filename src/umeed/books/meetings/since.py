"""What a book knows today that the rules about putting a meeting right ask: what became of its loans since, what is
usual."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from umeed.books.ledger.balances import balances
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.facts import bylaws_of
from umeed.books.models import Agreement, Meeting
from umeed.books.rules.differing import LoanSince, Since
from umeed.books.rules.meetings import usual_fine
from umeed.kernel.money import Paise


def since_of(held: Meeting, loans: Collection[int], today: datetime.date) -> Since:
    """Of the loans that are named, also terms that begin on a day to come."""
    sums = balances(held.book_id, today)
    return Since(
        has=Paise(sums.get("cash", 0) + sums.get("bank", 0)), usual=_usual(held),
        loans=_loans(held, loans, today) if loans else {},
    )  # fmt: skip


def _usual(held: Meeting) -> dict[str, Paise]:
    if held.book.institution.kind != "shg":
        return {}
    bylaws = bylaws_of(held.book, held.held_on)
    return {**bylaws.savings, "fine": usual_fine(bylaws)}


def _loans(held: Meeting, loans: Collection[int], today: datetime.date) -> dict[int, LoanSince]:
    rows = Agreement.objects.filter(book=held.book_id, loan__in=loans, since__gt=held.held_on).order_by("since")
    later = {row.loan_id: row for row in rows}
    running = {one.loan.pk: one for one in running_loans(held.book_id, today, loans=loans, with_closed=True)}
    return {
        pk: LoanSince(
            anew_on=later[pk].since if pk in later else None, lets_go=pk in later and later[pk].lets_interest_go,
            off_on=one.off_on, interest=Paise(one.arrears.interest + one.run + one.to_come),
            may_come_back=one.may_come_back,
        )
        for pk, one in running.items()
    }  # fmt: skip
