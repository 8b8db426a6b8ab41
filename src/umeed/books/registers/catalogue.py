"""All registers by their key: what they are called, what they are about, what one is asked for before they are made."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from umeed.books.models import Book
from umeed.books.registers import accounts, cash, demand, dues, loans, meetings, minutes, passbooks, queue, slips
from umeed.core.papers.shapes import Paper
from umeed.kernel.periods import Kind, Period

# What a register is of: a stretch of time, or a day.
When = Literal["period", "day", "meeting"]
Which = Literal["", "woman", "loan?", "head?", "known?"]
ALL_KINDS: tuple[Kind, ...] = ("month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, read and checked by the page."""

    as_of: datetime.date
    period: Period
    has_period: bool = True
    woman: UUID | None = None
    loan: int | None = None
    head: str | None = None
    meeting: UUID | None = None
    known_at: datetime.datetime | None = None
    # The address of the page that confirms slips, without the token.
    confirm_at: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """`which` is what else it is asked for, with a question mark where it may be left out. `levels`: whose books."""

    key: str
    title: Any
    about: Any
    when: When
    make: Callable[[Book, Asked], Paper | None]
    which: Which = ""
    kinds: tuple[Kind, ...] = ALL_KINDS
    # The stretch of time when none is asked for; "" is all of it.
    usual: Kind | Literal[""] = "year"
    levels: frozenset[str] = frozenset({"shg", "vo", "clf"})
    # Title and words in the book of a VO or CLF, where they are others.
    of_bodies: tuple[Any, Any] | None = None

    def told(self, level: str) -> tuple[Any, Any]:
        """(title, what it is about) for a group, a VO or a CLF."""
        return (self.title, self.about) if level == "shg" or self.of_bodies is None else self.of_bodies


GROUPS = frozenset({"shg"})
# What the first family is called, which is about those whom the book is kept for.
FOR_WHOM = {"shg": _("For the women"), "vo": _("For the groups"), "clf": _("For the VOs")}

FAMILIES: tuple[tuple[Any, tuple[Register, ...]], ...] = (
    ("", (
        Register(
            "passbook", _("Member passbook"), _("What a woman has and owes, entry by entry"), "period",
            lambda b, a: passbooks.member_passbook(b, a.woman, a.as_of, period=a.period if a.has_period else None)
            if a.woman else None, which="woman", usual="", levels=GROUPS,
        ),
        Register(
            "dues", _("Dues"), _("What each owes and is to pay next"), "day", lambda b, a: dues.dues(b, a.as_of),
        ),
        Register(
            "loan-queue", _("Loan queue"), _("Who waits for a loan, and for when it is promised"), "day",
            lambda b, a: queue.loan_queue(b, a.as_of),
        ),
    )),
    (_("Meetings"), (
        Register(
            "minutes", _("Minutes"), _("Who came, what was decided, the money by step"), "meeting",
            lambda b, a: minutes.minutes(b, a.meeting) if a.meeting else None,
        ),
        Register(
            "slips", _("Slips"), _("What each takes home from a meeting, with a code that confirms it"), "meeting",
            lambda b, a: slips.slip(b, a.meeting, a.woman, confirm_at=a.confirm_at) if a.meeting and a.woman else None,
            which="woman", levels=GROUPS,
        ),
        Register(
            "attendance", _("Attendance and savings"), _("Women by meetings"), "period",
            lambda b, a: meetings.attendance_and_savings(b, a.period), kinds=("month", "quarter"), usual="quarter",
            levels=GROUPS,
        ),
        Register(
            "monthly-report", _("Monthly report"), _("What the group tells its VO"), "period",
            lambda b, a: meetings.monthly_report(b, a.period, until=a.as_of), kinds=("month",), usual="month",
            of_bodies=(_("Monthly report"), _("Meetings, loans and money of a month")),
        ),
    )),
    (_("Money"), (
        Register(
            "cash-book", _("Cash book"), _("Receipts beside payments, day by day"), "period",
            lambda b, a: cash.cash_book(b, a.period), usual="month",
        ),
        Register(
            "general-ledger", _("General ledger"), _("Every head with each of its movements"), "period",
            lambda b, a: accounts.general_ledger(b, a.period, head=a.head), which="head?",
        ),
        Register(
            "group-passbook", _("Group passbook"), _("With bank, VO and CLF"), "period",
            lambda b, a: passbooks.group_passbook(b, a.period),
            of_bodies=(_("Passbook"), _("With bank, groups, VOs and CLF")),
        ),
    )),
    (_("Loans"), (
        Register(
            "loan-ledger", _("Loan ledger"), _("Every loan; one with its schedule and repayments"), "day",
            lambda b, a: loans.loan_ledger(b, a.as_of, loan=a.loan), which="loan?",
        ),
        Register(
            "demand", _("Demand, collection and balance"), _("What was asked for, paid and left"), "period",
            lambda b, a: demand.demand_collection_balance(b, a.period, until=a.as_of), usual="month",
        ),
    )),
    (_("Accounts"), (
        Register(
            "receipts-and-payments", _("Receipts and payments account"), _("Cash and bank, by head"), "period",
            lambda b, a: cash.receipts_and_payments(b, a.period),
        ),
        Register(
            "income-and-expenditure", _("Income and expenditure account"), _("What was earned and spent"), "period",
            lambda b, a: accounts.income_and_expenditure(b, a.period),
        ),
        Register(
            "balance-sheet", _("Balance sheet"), _("What it has, and whose it is"), "day",
            lambda b, a: accounts.balance_sheet(b, a.as_of, known_at=a.known_at), which="known?",
        ),
        Register(
            "trial-balance", _("Trial balance"), _("Every head on its side, also as the book once knew it"), "day",
            lambda b, a: accounts.trial_balance(b, a.as_of, known_at=a.known_at), which="known?",
        ),
    )),
)  # fmt: skip
BY_KEY: Mapping[str, Register] = {one.key: one for _title, family in FAMILIES for one in family}
