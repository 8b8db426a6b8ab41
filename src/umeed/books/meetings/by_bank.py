"""What of a meeting, or a day of a VO or CLF, moved at the bank: its document says it, its sheet has one line for all
of the bank."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.books.bodies import documents as body_documents
from umeed.books.bodies import sums as body_sums
from umeed.books.ledger.drafts import Entry
from umeed.books.meetings import documents, sums
from umeed.books.meetings.sums import KnownLoan
from umeed.books.models import Loan
from umeed.kernel.money import Paise

ON_THE_WAY = "on_the_way"
_PARTS = (
    "savings", "fines", "withdrawals", "receipts", "arrived", "lendings", "payments", "repaid", "given", "repayments",
    "drawn", "taken", "passed", "returned", "left",
)  # fmt: skip

# (head, woman, loan, body): what a line is about
About = tuple[str, UUID | None, int | None, UUID | None]
# Of each, what came in (credits) and what went out (debits) by the bank.
ByBank = Mapping[tuple[About, bool], int]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a line of its sheet tells of loans and bodies. `whom` is the body of money that was on the way."""

    head: str
    loan: int | None
    body: UUID | None
    whom: UUID | None
    was_on_the_way: bool = False


def by_bank(
    kind: str,
    said: Mapping[str, Any],
    *,
    on: datetime.date,
    seen: Sequence[Seen],
    loans: Sequence[Loan],
    sent_on: Collection[UUID] = (),
) -> ByBank:
    """What a document `said` of a body of a kind without all that did not go by the bank, as lines. `sent_on` are the
    bodies of which `seen` has what was on the way by what it was for."""
    parts = {name: [part for part in said.get(name, ()) if part.get("mode") == "bank"] for name in _PARTS}
    parts = {name: rows for name, rows in parts.items() if rows}
    if not parts:
        return {}
    lines = lines_of(kind, {"id": UUID(int=0), "on": on, **parts}, seen=seen, loans=loans, sent_on=sent_on)
    return {
        ((entry.head, entry.woman, entry.loan, entry.body), entry.amount > 0): entry.amount
        for entry in lines if entry.head not in ("cash", "bank")
    }  # fmt: skip


def lines_of(
    kind: str, said: Mapping[str, Any], *, seen: Sequence[Seen], loans: Iterable[Loan],
    sent_on: Collection[UUID] = (), cash_before: Paise = Paise(0),
) -> Sequence[Entry]:  # fmt: skip
    """What a document comes to; what its loans and bodies were then as the lines of its sheet tell it."""
    bodies = Bodies(seen, sent_on)
    if kind == "shg":
        return _of_a_group(said, seen, bodies, loans, cash_before)
    return _of_a_body(kind, said, seen, bodies, loans, cash_before)


def _of_a_group(
    said: Mapping[str, Any], seen: Sequence[Seen], bodies: Bodies, loans: Iterable[Loan], cash_before: Paise
) -> Sequence[Entry]:
    document, back = documents.read(said), {one.loan for one in seen if one.head == "written_off"}
    known = {
        loan.uid: KnownLoan(
            loan.pk, loan.head, loan.woman_id, loan.body_id, bodies.has_on_the_way(loan), is_off=loan.pk in back
        )
        for loan in loans
    }  # fmt: skip
    return [] if isinstance(document, list) else sums.entries_of(document, known, bodies, cash_before=cash_before)


def _of_a_body(
    kind: str,
    said: Mapping[str, Any],
    seen: Sequence[Seen],
    bodies: Bodies,
    loans: Iterable[Loan],
    cash_before: Paise,
) -> Sequence[Entry]:
    document, back = body_documents.read(said), {one.loan for one in seen if one.head == "written_off"}
    known = {
        loan.uid: body_sums.SharedLoan(
            loan.pk,
            loan.head,
            loan.body_id,
            twin_head(loan, kind) if bodies.has_on_the_way(loan) else "",
            is_off=loan.pk in back,
        )
        for loan in loans
    }
    if isinstance(document, list):
        return []
    return body_sums.entries_of(document, body_sums.Known(kind, known, bodies), cash_before=cash_before)


def twin_head(loan: Loan, kind: str) -> str:
    """The head under which a loan in a book of a body of a kind stands in the other's book."""
    return f"loan_from_{kind}" if loan.head == "loan_to_body" else "loan_to_body"


class Bodies(dict[UUID, tuple[str, bool]]):
    """Of each body: its kind as the sheet's heads tell it, and whether the sheet has money on the way to or from it."""

    def __init__(self, seen: Sequence[Seen], sent_on: Collection[UUID]) -> None:
        super().__init__()
        ways = {one.whom for one in seen if one.was_on_the_way or one.head == ON_THE_WAY}
        self.on_the_way = ways - set(sent_on)
        self.loans = {one.loan for one in seen if one.loan and not one.was_on_the_way}
        self.kinds = {one.body: "clf" if one.head.endswith("_clf") else "vo" for one in seen if one.body}

    def has_on_the_way(self, loan: Loan) -> bool:
        """Whether the sheet says of what is paid on a loan only that it is on the way."""
        return loan.body_id in self.on_the_way and loan.pk not in self.loans

    def __missing__(self, body: UUID) -> tuple[str, bool]:
        return self.kinds.get(body, "vo"), body in self.on_the_way

    def get(self, body: UUID, default: Any = None) -> Any:
        """All are known: what the sheet does not name keeps no book."""
        return self[body]
