"""Of most meetings nothing that is asked after posting can come to anything: that is seen from what is known before."""

from __future__ import annotations

from collections.abc import Collection

from umeed.books.ledger.drafts import Entry
from umeed.books.meetings.facts import Before
from umeed.books.rules.limits import Account, falling


def is_surely_right(known: Before, entries: Collection[Entry]) -> bool:
    """Whether lines of the day surely leave nothing below nothing, no cash credit above its limit and every loan as it
    was resolved later: then `refuse_if_below` has nothing to ask.

    In a quiet book nothing is written of a later day, so that the end of the day is the least that there is; no terms
    begin later, and nothing was written off. False of whatever is not known here (what is drawn, a fund, a woman under
    a record that was merged): then the database is asked.
    """
    if not known.is_quiet or any(one.head == "loan_from_bank" and one.amount < 0 for one in entries):
        return False
    has: dict[Account, int] = {Account("cash"): known.facts.cash, Account("bank"): known.facts.bank}
    has |= {Account(head, woman): paise for (woman, head), paise in known.facts.savings.items()}
    has |= {Account(one.loan.head, loan=one.loan.pk): one.owed for one in known.every}
    return all(has.get(one, 0) + less >= 0 for one, less in falling(entries).items())
