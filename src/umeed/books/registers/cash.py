"""The cash book, and the account of receipts and payments: what came in and went out, by the box and by the bank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext, ngettext

from umeed.books.codes import LoanHead
from umeed.books.heads import BY_KEY, CHART, SAVINGS
from umeed.books.ledger.balances import balances
from umeed.books.models import Book
from umeed.books.registers.flows import DEPOSIT, OPENING, WITHDRAWAL, Flow, flows
from umeed.books.registers.papering import (
    ONE_DAY,
    account,
    head_title,
    money,
    officers,
    paper,
    register_url,
    sheet_url,
    some,
    table,
)
from umeed.books.registers.reading import Entered, Names, by_day, called, names_in, reasons_of, sheets
from umeed.core.papers.shapes import Column, Paper, Row, Sides
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.kernel.money import Paise, grouped
from umeed.kernel.periods import Period

LOAN_HEADS = frozenset(LoanHead.values)
# Written one by one, with the name: what a woman or a body takes along. Everything else is summed by head.
ONE_BY_ONE = frozenset({"loan_to_member", "loan_to_body", "vrf_to_member", "fee_to_member", "share_out", "on_the_way"})
# What is somebody's and can be given back to them.
_OF_SOMEBODY = ("saving_", "share_with", "share_of", "fixed_deposit")
# As a meeting goes: savings, repayments, fines, then all else in the order of the chart.
_FIRST = (*(head.key for head in SAVINGS), "loan_to_member", "interest_from_members", "penalty", "fine")
HEAD_ORDER = [
    OPENING, *_FIRST, *(head.key for head in CHART if head.key not in _FIRST), WITHDRAWAL, DEPOSIT,
]  # fmt: skip


def cash_book(book: Book, period: Period) -> Paper:
    """Receipts beside payments, day by day, each with what was brought forward and carried on. At most eleven
    questions."""
    held = balances(book.pk, period.first_day - ONE_DAY)
    cash, bank = held.get("cash", 0), held.get("bank", 0)
    found = sheets(book, period.first_day, period.last_day)
    told, why = names_in(found), reasons_of(found)
    moved = defaultdict(list)
    for flow in flows(book, found):
        moved[flow.entered.sheet].append(flow)
    days, opening = [], (cash, bank)
    for on, ones in by_day(one for one in found if one.sheet in moved).items():
        today = [flow for one in ones for flow in moved[one.sheet]]
        closing = (cash + sum(f.cash for f in today), bank + sum(f.bank for f in today))
        lines = _Lines(book, told, why, today)
        days.append(_day(written_day(on), lines, (cash, bank), closing))
        cash, bank = closing
    if not days:
        days.append(_day("", _Lines(book, told, why, []), opening, opening))
    return paper(
        book, gettext("Cash book"), days, period=period, form="a4_landscape", signatures=officers(),
        facts=[
            (gettext("Opening cash"), opening[0], "paise"), (gettext("Opening bank"), opening[1], "paise"),
            (gettext("Closing cash"), cash, "paise"), (gettext("Closing bank"), bank, "paise"),
        ],
    )  # fmt: skip


def _day(title: str, lines: _Lines, opening: tuple[int, int], closing: tuple[int, int]) -> Sides:
    """One day as cash books are ruled: both sides come to the same."""
    columns = [Column(gettext("Particulars"), width=34), *money(gettext("Cash"), gettext("Bank"))]
    receipts, payments = list(lines.rows(is_receipt=True)), list(lines.rows(is_receipt=False))
    total = [opening[n] + sum(row.cells[n + 1] or 0 for row in receipts) for n in (0, 1)]
    end = Row((gettext("Total"), *total), "total")
    first = [Row((gettext("Opening balance"), *opening), "opening"), *receipts, end]
    second = [*payments, Row((gettext("Closing balance"), *closing), "closing"), end]
    return Sides(table(gettext("Receipts"), columns, first), table(gettext("Payments"), columns, second), title)


class _Lines:
    """The lines of a day: sums by sheet and head, what women and bodies take along by name."""

    def __init__(self, book: Book, told: Names, why: dict[int, str], today: Sequence[Flow]) -> None:
        self.book, self.told, self.why, self.today = book, told, why, today

    def rows(self, *, is_receipt: bool) -> Iterable[Row]:
        groups: dict[tuple[object, ...], list[Flow]] = defaultdict(list)
        for flow in self.today:
            if flow.is_contra:
                groups[flow.entered.sheet, flow.head].append(flow)
            elif flow.is_receipt == is_receipt:
                alone = (flow.woman, flow.body, flow.loan) if flow.head in ONE_BY_ONE else ()
                groups[(flow.entered.sheet, flow.head, *alone)].append(flow)
        for key in sorted(groups, key=lambda key: (key[0], HEAD_ORDER.index(key[1]))):  # type: ignore[arg-type]
            yield self._row(groups[key], is_receipt)

    def _row(self, ones: list[Flow], is_receipt: bool) -> Row:
        first = ones[0]
        cash, bank = _sides(ones, is_receipt)
        return Row((self._words(ones, is_receipt), some(cash), some(bank)), href=sheet_url(self.book, first.entered))

    def _words(self, ones: list[Flow], is_receipt: bool) -> str:
        first = ones[0]
        parts = [flow_title(first.head, is_receipt=is_receipt), self._whose(ones), self._which(first.entered)]
        return " · ".join(part for part in parts if part)

    def _whose(self, ones: list[Flow]) -> str:
        women = {flow.woman for flow in ones if flow.woman}
        if len(women) == 1:
            return self.told.woman(*women)
        if women:
            count = len(women)
            return ngettext("%(n)s woman", "%(n)s women", count) % {"n": grouped(count)}
        bodies = {flow.body for flow in ones if flow.body}
        return self.told.body(*bodies) if len(bodies) == 1 else ""

    def _which(self, one: Entered) -> str:
        if one.number is not None and one.reverses is None and one.reversed_by is None:
            return gettext("Meeting %(number)s") % {"number": one.number}
        return called(one, self.why.get(one.sheet, ""))


def _sides(ones: Sequence[Flow], is_receipt: bool) -> tuple[int, int]:
    """Cash and bank of a line on its side. A deposit is paid out of the box and received at the bank."""
    cash, bank = sum(flow.cash for flow in ones), sum(flow.bank for flow in ones)
    if ones[0].is_contra:
        into_the_box = (ones[0].head == WITHDRAWAL) == is_receipt
        return (cash if is_receipt else -cash, 0) if into_the_box else (0, bank if is_receipt else -bank)
    return (cash, bank) if is_receipt else (-cash, -bank)


def flow_title(head: str, *, is_receipt: bool, is_paid: bool = True) -> str:
    """What a flow is called: what comes back of a loan or a saving is no loan and no saving. `is_paid` when money
    moved: a loan that is written off moves none."""
    own = {
        OPENING: gettext("Balance when the book began"),
        DEPOSIT: gettext("Put into the bank"),
        WITHDRAWAL: gettext("Taken from the bank"),
    }
    if head in own:
        return own[head]
    under, title = BY_KEY[head], head_title(BY_KEY[head])
    if head in LOAN_HEADS and is_receipt == (under.side == "asset"):
        return gettext("%(what)s: repaid") % {"what": title}
    if head == "written_off" and is_receipt:
        return gettext("Recovered of loans written off")
    if head == "written_off" and is_paid:
        return gettext("Paid of loans that were written off")
    if head.startswith(_OF_SOMEBODY) and is_receipt == (under.side == "asset"):
        return gettext("%(what)s: given back") % {"what": title}
    return title


# Receipts and payments ----------------------------------------------------------------------------------------------


def receipts_and_payments(book: Book, period: Period) -> Paper:
    """By head, with what cash and bank were before and after. What was taken back is taken off. At most nine
    questions."""
    before = balances(book.pk, period.first_day - ONE_DAY)
    after = balances(book.pk, period.last_day)
    moved = flows(book, sheets(book, period.first_day, period.last_day))
    receipts, payments = (_by_head(book, period, moved, is_receipt=side) for side in (True, False))
    opening = _held(before, gettext("Opening cash"), gettext("Opening bank"), "opening")
    closing = _held(after, gettext("Closing cash"), gettext("Closing bank"), "closing")
    both = account((gettext("Receipts"), [*opening, *receipts]), (gettext("Payments"), [*payments, *closing]))
    return paper(
        book, gettext("Receipts and payments account"), [both],
        period=period, signatures=officers(),
        notes=[gettext("Money between the box and the bank is neither received nor paid, and stands on neither side.")],
    )  # fmt: skip


def _held(held: dict[str, Paise], cash: str, bank: str, kind: str) -> list[Row]:
    return [Row((cash, held.get("cash", 0)), kind), Row((bank, held.get("bank", 0)), kind)]


def _by_head(book: Book, period: Period, moved: Sequence[Flow], *, is_receipt: bool) -> list[Row]:
    sums: dict[str, int] = defaultdict(int)
    for flow in moved:
        if not flow.is_contra and flow.is_receipt == is_receipt:
            sums[flow.head] += flow.whole if is_receipt else -flow.whole
    return [
        Row(
            (flow_title(head, is_receipt=is_receipt), sums[head]),
            href=register_url(book, "general-ledger", period=period.code, head=head) if head in BY_KEY else "",
        )
        for head in HEAD_ORDER if sums.get(head)
    ]  # fmt: skip
