"""The terms of a loan that two books name, when they are linked: both go on by those of the lender."""

from __future__ import annotations

import datetime
from datetime import timedelta
from uuid import uuid5

from umeed.books.actions.releasing import put
from umeed.books.bodies.pairing import asks_for
from umeed.books.cutoffs.taking import carried_of
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement, Line, Loan
from umeed.core.audit import Trail


def terms_differ(ours: Loan, theirs: Loan, on: datetime.date) -> bool:
    """Whether two books ask for other amounts of one loan on a day or later. A loan without terms asks for nothing."""
    one, two = _running(ours, on), _running(theirs, on)
    return one is not None and two is not None and asks_for(one) != asks_for(two)


def take_terms(ours: Loan, theirs: Loan, on: datetime.date, trail: Trail) -> None:
    """Terms more in the book of who took the loan: what the lender's book asks for from a day on, part by part, as a
    cut-off carries it. They begin when nothing moved any more: on the day itself, or on the morrow of an adjustment."""
    given, taken = (ours, theirs) if ours.way == "given" else (theirs, ours)
    has_moved = Line.objects.filter(book=taken.book_id, loan=taken, sheet__on_date__gte=on).exists()
    since = on + timedelta(days=1) if has_moved else on
    lender = _running(given, since)
    assert lender is not None
    agreed, carried = lender.agreement, carried_of(lender)
    put(trail, Agreement(
        id=uuid5(taken.uid, f"agreement/as the lender's/{since}"), book=taken.book, loan=taken, since=since,
        principal_paise=lender.owed, rate_bp_a_year=agreed.rate_bp_a_year, method=agreed.method,
        frequency=agreed.frequency, instalments=max(1, len(carried.plan)),
        first_due=carried.plan[0].on if carried.plan else agreed.first_due, multiple_paise=agreed.multiple_paise,
        rounding_paise=agreed.rounding_paise, halves=agreed.halves, part_month=agreed.part_month,
        overdue_principal_paise=carried.overdue_principal, overdue_interest_paise=carried.overdue_interest,
        overdue_since=min((due.on for due in carried.overdue), default=None), carried=carried.plain,
    ))  # fmt: skip


def _running(loan: Loan, on: datetime.date) -> RunningLoan | None:
    found = running_loans(loan.book_id, on, loans=[loan.pk], with_closed=True)
    return found[0] if found else None
