"""What may never fall below nothing: a woman's savings, a loan, the box, the bank, a fund, what a group or VO has with
the one above it. On no day, also not on a later one.

A sheet that comes late changes every day after it. So each account is looked at from its day on, at the end of each
day; within a day the order of sheets tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from umeed.books.heads import BANK, BY_KEY, CASH, SAVINGS, Head
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

LOANS = tuple(BY_KEY[key] for key in (
    "loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other",
))  # fmt: skip
# What of a body below lies here, and the funds that were received: handed on or given back, they are less.
OF_BODIES = ("saving_of_body", "share_of_body")
FUNDS = ("revolving_fund", "cif", "vrf", "startup", "other_grant")
WATCHED = frozenset({*(head.key for head in (CASH, BANK, *SAVINGS, *LOANS)), *OF_BODIES, *FUNDS})

_BOX = N_("The box would hold %(less)s less than nothing on %(day)s.")
_BANK = N_("The bank would hold %(less)s less than nothing on %(day)s.")
_SAVING = N_("She would have %(less)s less than nothing in this saving on %(day)s.")
_FUND = N_("The fund would hold %(less)s less than nothing on %(day)s.")
_OF_BODY = N_("It would have %(less)s less than nothing of this here on %(day)s.")
_LOAN = N_("More would be repaid on this loan than is owed: %(less)s too much on %(day)s.")


class Line(Protocol):
    """What must be known of a line that is to be posted. Read-only, so that frozen entries are lines."""

    @property
    def head(self) -> str: ...
    @property
    def amount(self) -> Paise: ...
    @property
    def woman(self) -> UUID | None: ...
    @property
    def loan(self) -> int | None: ...
    @property
    def body(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Account:
    """What is watched: a head of the book, and the woman, loan or body below that it is about."""

    head: str
    woman: UUID | None = None
    loan: int | None = None
    body: UUID | None = None

    @property
    def under(self) -> Head:
        return BY_KEY[self.head]


@dataclass(frozen=True, slots=True)
class Lowest:
    """The least that an account holds at the end of a day, from a day on. As people say it: a debt is positive."""

    paise: Paise
    on: date


def falling(entries: Iterable[Line]) -> dict[Account, Paise]:
    """What lines take from the watched accounts, less than nothing each; who gains cannot fall below nothing by it."""
    sums: dict[Account, int] = {}
    for entry in entries:
        if entry.head in WATCHED:
            account = account_of(entry)
            sums[account] = sums.get(account, 0) + entry.amount * account.under.grows_by
    return {account: Paise(paise) for account, paise in sums.items() if paise < 0}


def account_of(entry: Line) -> Account:
    """What a line adds to or takes from: a loan whoever has it, a woman's saving, the box, the bank, a fund, what a
    body has here."""
    if "loan" in BY_KEY[entry.head].about:
        return Account(entry.head, loan=entry.loan)
    return Account(entry.head, entry.woman, body=entry.body if entry.head in OF_BODIES else None)


def why_below_nothing(lowest: Mapping[Account, Lowest]) -> dict[Account, Refusal]:
    """Every account that would fall below nothing, and on which day."""
    return {account: _why(account, least) for account, least in lowest.items() if least.paise < 0}


def _why(account: Account, least: Lowest) -> Refusal:
    said = {"less": rupees(-least.paise), "day": least.on}
    if account.head == "cash":
        return Refusal("lines", "box", _BOX, said)
    if account.head == "bank":
        return Refusal("lines", "bank", _BANK, said)
    if account.head in FUNDS:
        return Refusal("lines", "fund", _FUND, said)
    if account.head in OF_BODIES:
        return Refusal("lines", "overdrawn", _OF_BODY, said)
    if account.loan is not None:
        return Refusal("lines", "more_than_owed", _LOAN, said)
    return Refusal("lines", "overdrawn", _SAVING, said)
