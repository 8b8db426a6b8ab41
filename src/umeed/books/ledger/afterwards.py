"""A loan as it will stand when what was resolved of it is taken back: it is told before anybody does so."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import replace

from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement
from umeed.books.rules.demands import Paid
from umeed.kernel.money import Paise


def without_terms(terms: Agreement, on: datetime.date) -> RunningLoan:
    """Under the terms before these. At most four questions."""
    return running_loans(terms.book_id, on, loans=[terms.loan_id], with_closed=True, without=terms)[0]


def not_written_off(off: RunningLoan, back_on: datetime.date) -> RunningLoan:
    """A loan that was written off and of which nothing came since, when that is taken back on a day."""
    left: dict[datetime.date, list[int]] = defaultdict(lambda: [0, 0])
    for one in off.let_go:
        for day, sign in ((one.on, 1), (back_on, -1)):
            left[day][0] += sign * one.principal
            left[day][1] += sign * one.interest
    let_go = tuple(Paid(day, Paise(one), Paise(two)) for day, (one, two) in sorted(left.items()) if one or two)
    return replace(off, owed=Paise(off.owed + off.let_go_principal), let_go=let_go)
