"""What a meeting comes to: its lines, and what must be in the box and at the bank when it closes. No database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from umeed.books.heads import BY_KEY
from umeed.books.ledger.drafts import Entry
from umeed.books.meetings.documents import MeetingDocument, Mode
from umeed.kernel.money import Paise


@dataclass(frozen=True, slots=True)
class KnownLoan:
    """What the lines of a loan need: number, head, whose it is; `is_shared` when another book holds its twin, `is_off`
    when it was written off and what comes is recovered."""

    number: int
    head: str
    woman: UUID | None = None
    body: UUID | None = None
    is_shared: bool = False
    is_off: bool = False


Loans = Mapping[UUID, KnownLoan]
# {institution: (its kind, whether it keeps a book here)}
Bodies = Mapping[UUID, tuple[str, bool]]
INTEREST = {
    "loan_to_member": "interest_from_members",
    "loan_from_bank": "interest_to_bank",
    "loan_from_vo": "interest_to_body",
    "loan_from_clf": "interest_to_body",
    "loan_from_other": "interest_to_other",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Paise. What came in and went out by cash and by bank, deposits and withdrawals among them."""

    cash_in: Paise
    cash_out: Paise
    bank_in: Paise
    bank_out: Paise

    def box(self, before: Paise) -> Paise:
        """What the box must hold now."""
        return Paise(before + self.cash_in - self.cash_out)


def entries_of(meeting: MeetingDocument, loans: Loans, bodies: Bodies, *, cash_before: Paise) -> list[Entry]:
    """The lines of the meeting's own sheet; empty when no money moved.

    What the box holds more or less than it must becomes a named line. What goes to a VO or CLF leaves the box towards
    it; that it repays a loan or is a saving there stands in both books, in an event of its own.
    """
    parts = list(_parts(meeting, loans, bodies))
    tally = tally_of(meeting)
    cash, bank = tally.cash_in - tally.cash_out, tally.bank_in - tally.bank_out
    over = difference(meeting, cash_before)
    if over:
        parts.append(_entry("cash_over" if over > 0 else "cash_short", -over))
    ours = [_entry(key, paise) for key, paise in (("cash", cash + over), ("bank", bank)) if paise]
    return [*ours, *together(parts)]


def difference(meeting: MeetingDocument, cash_before: Paise) -> Paise:
    """Counted cash less what must be there; nought while nothing was counted."""
    if meeting.counted is None:
        return Paise(0)
    return Paise(meeting.counted - tally_of(meeting).box(cash_before))


def tally_of(meeting: MeetingDocument) -> Tally:
    """Sums of the meeting by cash and bank."""
    sums = {("cash", True): 0, ("cash", False): 0, ("bank", True): 0, ("bank", False): 0}
    for mode, is_in, paise in _moves(meeting):
        sums[mode, is_in] += paise
    return Tally(*(Paise(sums[key]) for key in sums))


def _moves(meeting: MeetingDocument) -> Iterator[tuple[Mode, bool, int]]:
    """(how, whether it came in, paise) of everything."""
    for came in chain(
        meeting.savings, meeting.repayments, meeting.fines, meeting.receipts, meeting.arrived, meeting.drawn
    ):
        if came.mode != "set_off":
            yield came.mode, True, came.paise
    for went in chain(
        meeting.withdrawals, meeting.lendings, meeting.payments, meeting.repaid, meeting.given, meeting.left
    ):  # fmt: skip
        if went.mode != "set_off":
            yield went.mode, False, went.paise
    if meeting.deposit:
        yield from (("cash", False, meeting.deposit), ("bank", True, meeting.deposit))
    if meeting.withdrawal:
        yield from (("bank", False, meeting.withdrawal), ("cash", True, meeting.withdrawal))


def _entry(head: str, paise: int, **about: object) -> Entry:
    return Entry(head, Paise(paise), **about)  # type: ignore[arg-type]


def _parts(meeting: MeetingDocument, loans: Loans, bodies: Bodies) -> Iterator[Entry]:
    """Every line but those of cash and bank, in the order of the meeting."""
    for saved in meeting.savings:
        yield _entry(saved.head, -saved.paise, woman=saved.woman)
    for back in meeting.withdrawals:
        yield _entry(back.head, back.paise, woman=back.woman)
    for paid in meeting.repayments:
        yield from _repayment(paid.penalty, paid.interest, paid.principal, loans[paid.loan])
    for fine in meeting.fines:
        yield _entry("fine", -fine.paise, woman=fine.woman)
    for came in meeting.receipts:
        yield _entry(came.head, -came.paise, **_about(came.head, came.woman))
    for arrived in meeting.arrived:
        yield _entry("on_the_way", -arrived.paise, body=arrived.body)
    for lent in meeting.lendings:
        yield _entry("loan_to_member", lent.paise, woman=lent.woman, loan=loans[lent.loan].number)
    for paid_out in meeting.payments:
        yield _entry(paid_out.head, paid_out.paise, **_about(paid_out.head, paid_out.woman))
    for repaid in meeting.repaid:
        yield from _repaid(repaid.principal, repaid.interest, loans[repaid.loan])
    for drawn in meeting.drawn:
        yield _entry(loans[drawn.loan].head, -drawn.paise, loan=loans[drawn.loan].number)
    for given in meeting.given:
        kind, has_book = bodies[given.body]
        yield _entry("on_the_way" if has_book else given_head(given.what, kind), given.paise, body=given.body)
    for left in meeting.left:
        yield _entry("on_the_way", left.paise, body=left.body)


def given_head(what: str, kind: str) -> str:
    """The head under which a group has what it gave to a body of a kind: vo or clf."""
    return "fee_to_body" if what == "fee" else f"{what}_with_{kind}"


def _about(head: str, woman: UUID | None) -> dict[str, object]:
    return {"woman": woman} if "woman" in BY_KEY[head].about else {}


def _repayment(penalty: int, interest: int, principal: int, loan: KnownLoan) -> Iterator[Entry]:
    if loan.is_off:
        yield _entry("written_off", -(penalty + interest + principal), loan=loan.number)
        return
    hers = {"woman": loan.woman, "loan": loan.number}
    for head, paise in (("penalty", penalty), ("interest_from_members", interest), (loan.head, principal)):
        if paise:
            yield _entry(head, -paise, **hers)


def _repaid(principal: int, interest: int, loan: KnownLoan) -> Iterator[Entry]:
    if loan.is_off and not loan.is_shared:
        yield _entry("written_off", principal + interest, loan=loan.number)
        return
    if loan.is_shared:
        # It leaves towards the lender here; that it repays the loan stands in both books at once, in an event.
        yield _entry("on_the_way", principal + interest, body=loan.body)
        return
    for head, paise in ((loan.head, principal), (INTEREST[loan.head], interest)):
        if paise:
            yield _entry(head, paise, loan=loan.number)


def together(entries: list[Entry]) -> list[Entry]:
    """Lines about the same as one, what came in and what went out apart: each stands on paper as it was.

    Money on the way is one line a body: what it was for stands in events. Left out when it comes to nothing.
    """
    sums: dict[tuple[object, ...], int] = {}
    for one in entries:
        is_out = one.amount > 0 and one.head != "on_the_way"
        about = (one.head, one.woman, one.loan, one.body, is_out)
        sums[about] = sums.get(about, 0) + one.amount
    return [
        _entry(str(head), paise, woman=woman, loan=loan, body=body)
        for (head, woman, loan, body, _is_out), paise in sums.items()
        if paise
    ]
