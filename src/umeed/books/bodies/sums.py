"""What a day of a VO or CLF comes to: its own lines, what stands in two books at once, cash and bank. No database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from umeed.books.bodies.documents import BodyDay
from umeed.books.heads import BY_KEY
from umeed.books.ledger.drafts import Entry
from umeed.books.meetings.documents import Mode
from umeed.books.meetings.sums import INTEREST, Tally, given_head, together
from umeed.kernel.money import Paise

TAKEN = {"saving": "saving_of_body", "share": "share_of_body", "fee": "fee_of_body"}
INTEREST_OF = {**INTEREST, "loan_to_body": "interest_from_bodies"}


@dataclass(frozen=True, slots=True)
class SharedLoan:
    """What the lines of a loan need; `twin_head` is the head under which it stands in the other's book, if it does."""

    number: int
    head: str
    body: UUID | None = None
    twin_head: str = ""
    # Written off: what comes of it is recovered.
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Loans by id, and of each other body its kind and whether it keeps a book here. `kind` is that of this book."""

    kind: str
    loans: Mapping[UUID, SharedLoan]
    bodies: Mapping[UUID, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing between this body and another: ours grows or shrinks (debits positive), theirs by the contrary."""

    body: UUID
    ours: str
    theirs: str
    paise: Paise
    loan: UUID | None = None


def tally_of(day: BodyDay) -> Tally:
    """Sums of the day by cash and bank."""
    sums = {("cash", True): 0, ("cash", False): 0, ("bank", True): 0, ("bank", False): 0}
    for mode, is_in, paise in _cash_and_bank(day):
        sums[mode, is_in] += paise
    return Tally(*(Paise(sums[key]) for key in sums))


def _cash_and_bank(day: BodyDay) -> Iterator[tuple[Mode, bool, int]]:
    for came in chain(day.arrived, day.repayments, day.taken, day.receipts, day.drawn):
        yield came.mode, True, came.paise
    for went in chain(day.lendings, day.passed, day.returned, day.payments, day.repaid, day.given):
        yield went.mode, False, went.paise
    if day.deposit:
        yield from (("cash", False, day.deposit), ("bank", True, day.deposit))
    if day.withdrawal:
        yield from (("bank", False, day.withdrawal), ("cash", True, day.withdrawal))


def moves_of(day: BodyDay, known: Known) -> list[Moved]:
    """All that happened with other bodies, in the order of the document."""
    return list(_moves(day, known))


def _moves(day: BodyDay, known: Known) -> Iterator[Moved]:
    for paid in chain(day.repayments, day.repaid):
        loan = known.loans[paid.loan]
        sign = BY_KEY[loan.head].grows_by
        if loan.is_off and loan.body is not None:
            yield Moved(loan.body, "written_off", "written_off", Paise(-sign * paid.paise), paid.loan)
            continue
        theirs = loan.twin_head or "loan_to_body"
        for ours, mirror, paise in (
            (loan.head, theirs, paid.principal), (INTEREST_OF[loan.head], INTEREST_OF[theirs], paid.interest),
        ):  # fmt: skip
            if paise and loan.body is not None:
                yield Moved(loan.body, ours, mirror, Paise(-sign * paise), paid.loan)
    for one in day.taken:
        yield Moved(one.body, TAKEN[one.what], given_head(one.what, known.kind), Paise(-one.paise))
    for back in day.returned:
        yield Moved(back.body, TAKEN[back.what], given_head(back.what, known.kind), Paise(back.paise))
    for lent in day.lendings:
        yield Moved(lent.body, "loan_to_body", f"loan_from_{known.kind}", Paise(lent.paise), lent.loan)
    for fund in day.passed:
        yield Moved(fund.body, fund.head, fund.head, Paise(fund.paise))
    for up in day.given:
        yield Moved(up.body, given_head(up.what, known.bodies[up.body][0]), TAKEN[up.what], Paise(up.paise))


def is_shared(move: Moved, known: Known) -> bool:
    """Whether it stands in the other's book too: they keep one, and a loan is theirs as well."""
    if move.loan is not None and not known.loans[move.loan].twin_head:
        return False
    return known.bodies.get(move.body, ("", False))[1]


def entries_of(day: BodyDay, known: Known, *, cash_before: Paise) -> list[Entry]:
    """The lines of the day's own sheet; empty when no money moved.

    What is shared leaves or enters by what is on the way towards that body; the event takes it from there.
    """
    parts = [*_between(day, known), *_others(day, known)]
    tally = tally_of(day)
    cash, bank = tally.cash_in - tally.cash_out, tally.bank_in - tally.bank_out
    over = difference(day, cash_before)
    if over:
        parts.append(Entry("cash_over" if over > 0 else "cash_short", Paise(-over)))
    ours = [Entry(key, Paise(paise)) for key, paise in (("cash", cash + over), ("bank", bank)) if paise]
    return [*ours, *together(parts)]


def difference(day: BodyDay, cash_before: Paise) -> Paise:
    """Counted cash less what must be there; nought while nothing was counted."""
    return Paise(0 if day.counted is None else day.counted - tally_of(day).box(cash_before))


def _between(day: BodyDay, known: Known) -> Iterator[Entry]:
    for move in _moves(day, known):
        if is_shared(move, known):
            yield Entry("on_the_way", move.paise, body=move.body)
            continue
        about = BY_KEY[move.ours].about
        number = known.loans[move.loan].number if move.loan is not None else None
        yield Entry(
            move.ours, move.paise, loan=number if "loan" in about else None, body=move.body if "body" in about else None
        )


def _others(day: BodyDay, known: Known) -> Iterator[Entry]:
    """What concerns no other body's book: arrivals, own receipts and payments, loans of banks."""
    for came in day.arrived:
        yield Entry("on_the_way", Paise(-came.paise), body=came.body)
    for got in day.receipts:
        yield Entry(got.head, Paise(-got.paise), woman=got.woman)
    for paid in day.payments:
        yield Entry(paid.head, Paise(paid.paise), woman=paid.woman)
    for back in day.repaid:
        loan = known.loans[back.loan]
        if loan.body is None:
            for head, paise in ((loan.head, back.principal), (INTEREST_OF[loan.head], back.interest)):
                if paise:
                    yield Entry(head, Paise(paise), loan=loan.number)
    for drawn in day.drawn:
        yield Entry(known.loans[drawn.loan].head, Paise(-drawn.paise), loan=known.loans[drawn.loan].number)
