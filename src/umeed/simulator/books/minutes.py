"""A meeting as it is written in bulk: the document, its lines and its digest at once, as the actions would make them.

Parts are told in the order of a meeting (savings first, what is given to the VO last), because lines stand in that
order. A test holds every document and every line against `books.meetings`.
"""

from __future__ import annotations

import datetime
import typing
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel

from umeed.books.ledger.drafts import Entry
from umeed.books.meetings.documents import MeetingDocument, digest_of_all
from umeed.books.meetings.sums import given_head
from umeed.kernel.money import Paise
from umeed.simulator.books.owing import Agreed, Owing


def _defaults(model: type[BaseModel]) -> dict[str, Any]:
    """What a part says when it is left out, as JSON has it."""
    said = {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if not field.is_required()
    }
    return {name: list(one) if isinstance(one, tuple) else one for name, one in said.items()}


class Shape:
    """What a document of a kind says when it is left out: as a whole, and the items of its parts."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.whole, self.parts = _defaults(model), {}
        for name, field in model.model_fields.items():
            item = next(iter(typing.get_args(field.annotation)), None)
            if isinstance(item, type) and issubclass(item, BaseModel):
                self.parts[name] = _defaults(item)

    def digest_of(self, said: dict[str, Any]) -> bytes:
        """The digest of a document from what it says: the rest is filled in as the document's model would."""
        whole = {**self.whole, **said}
        for part in said.keys() & self.parts.keys():
            whole[part] = [{**self.parts[part], **one} for one in said[part]]
        return digest_of_all(whole)


class LoanOfTwo(Protocol):
    """A loan by the number that it has here, and in the other's book."""

    number: int
    twin: int | None


Move = tuple[str, str, int, LoanOfTwo | None]
"""(our head, their head, paise, the loan): ours grows by debits, theirs shrinks by as much."""


class Minutes:
    """One meeting of a book. `cash` and `bank` are what it moves; `said` the document without what is as usual."""

    __slots__ = ("bank", "cash", "id", "lines", "on", "said", "sent")
    shape = Shape(MeetingDocument)

    def __init__(self, id: UUID, on: datetime.date, **said: Any) -> None:
        self.id, self.on = id, on
        self.said: dict[str, Any] = {"id": str(id), "on": on.isoformat(), **said}
        # What came in and what went out apart, as `books.meetings.sums.together` has it.
        self.lines: dict[tuple[str, UUID | None, int | None, UUID | None, bool], int] = {}
        self.cash = self.bank = 0
        # What stands in the books of other bodies too: {body: moves}.
        self.sent: dict[UUID, list[Move]] = {}

    @property
    def digest(self) -> bytes:
        return self.shape.digest_of(self.said)

    def _say(self, part: str, one: dict[str, Any]) -> None:
        self.said.setdefault(part, []).append({name: value for name, value in one.items() if value is not None})

    def _line(
        self, head: str, paise: int, woman: UUID | None = None, loan: int | None = None, body: UUID | None = None
    ) -> None:
        about = (head, woman, loan, body, paise > 0 and head != "on_the_way")
        self.lines[about] = self.lines.get(about, 0) + paise

    def _move(self, mode: str, paise: int) -> str | None:
        """Money in (or out, below nought); the mode as the document says it."""
        if mode == "cash":
            self.cash += paise
            return None
        self.bank += paise
        return mode

    def save(self, woman: UUID, text: str, head: str, paise: int, by: str | None = None) -> None:
        said = {"woman": text, "head": head, "paise": paise}
        if by:
            said["by"] = by
        self.said.setdefault("savings", []).append(said)
        self._line(head, -paise, woman)
        self.cash += paise

    def give_back(self, woman: UUID, head: str, paise: int, mode: str = "cash") -> None:
        self._say("withdrawals", {"woman": str(woman), "head": head, "paise": paise, "mode": self._move(mode, -paise)})
        self._line(head, paise, woman)

    def repay(
        self, loan: Owing, woman: UUID, *, penalty: int, interest: int, principal: int, by: str | None = None
    ) -> None:
        said: dict[str, Any] = {"loan": str(loan.uid)}
        for name, head, paise in (
            ("penalty", "penalty", penalty),
            ("interest", "interest_from_members", interest),
            ("principal", "loan_to_member", principal),
        ):
            if paise:
                said[name] = paise
                self._line(head, -paise, woman, loan.number)
        if by:
            said["by"] = by
        self.said.setdefault("repayments", []).append(said)
        self.cash += penalty + interest + principal
        loan.pay(principal, interest, self.on)

    def fine(self, woman: UUID, why: str, paise: int) -> None:
        self._say("fines", {"woman": str(woman), "why": why, "paise": paise})
        self._line("fine", -paise, woman)
        self.cash += paise

    def receive(self, head: str, paise: int, mode: str = "cash", note: str | None = None) -> None:
        self._say("receipts", {"head": head, "paise": paise, "mode": self._move(mode, paise), "note": note})
        self._line(head, -paise)

    def arrive(self, body: UUID, paise: int, mode: str = "cash") -> None:
        self._say("arrived", {"body": str(body), "paise": paise, "mode": self._move(mode, paise)})
        self._line("on_the_way", -paise, body=body)

    def ask(self, id: UUID, woman: UUID, paise: int, purpose: str, instalments: int) -> None:
        said = {"id": str(id), "woman": str(woman), "paise": paise, "purpose": purpose, "instalments": instalments}
        self._say("requests", said)

    def decide(self, id: UUID, request: UUID, outcome: str, **more: Any) -> None:
        self._say("decisions", {"id": str(id), "request": str(request), "outcome": outcome, **more})

    def lend(self, loan: UUID, number: int, woman: UUID, terms: Agreed, *, request: UUID | None, mode: str,
             source: str, purpose: str, by: str | None = None) -> None:  # fmt: skip
        self._say("lendings", {
            "loan": str(loan), "woman": str(woman), "paise": terms.principal,
            "request": str(request) if request else None, "mode": self._move(mode, -terms.principal),
            "source": None if source == "own" else source, "purpose": None if purpose == "other" else purpose,
            "rate_bp_a_year": terms.rate_bp, "method": terms.method,
            "frequency": None if terms.frequency == "monthly" else terms.frequency, "instalments": terms.instalments,
            "first_due": terms.first_due.isoformat(), "by": by,
        })  # fmt: skip
        self._line("loan_to_member", terms.principal, woman, number)

    def pay(self, head: str, paise: int, mode: str = "cash", note: str | None = None) -> None:
        self._say("payments", {"head": head, "paise": paise, "mode": self._move(mode, -paise), "note": note})
        self._line(head, paise)

    def repay_above(self, loan: Owing, head: str, interest_head: str, *, principal: int, interest: int, mode: str,
                    lender: UUID | None) -> None:  # fmt: skip
        """Repay a loan that was taken; one of a body that keeps a book here leaves towards it, in an event."""
        self._say("repaid", {"loan": str(loan.uid), "principal": principal or None, "interest": interest or None,
                             "mode": self._move(mode, -principal - interest)})  # fmt: skip
        loan.pay(principal, interest, self.on)
        if lender is None:
            for one, paise in ((head, principal), (interest_head, interest)):
                if paise:
                    self._line(one, paise, loan=loan.number)
            return
        self._line("on_the_way", principal + interest, body=lender)
        for ours, theirs, paise in (
            (head, "loan_to_body", principal), (interest_head, "interest_from_bodies", interest),
        ):  # fmt: skip
            if paise:
                self.sent.setdefault(lender, []).append((ours, theirs, paise, loan))

    def give(self, body: UUID, kind: str, what: str, paise: int, mode: str = "cash") -> None:
        """Saving, share or fee to a VO or CLF that keeps a book here."""
        self._say("given", {"body": str(body), "what": what, "paise": paise, "mode": self._move(mode, -paise)})
        self._line("on_the_way", paise, body=body)
        theirs = {"saving": "saving_of_body", "share": "share_of_body", "fee": "fee_of_body"}[what]
        self.sent.setdefault(body, []).append((given_head(what, kind), theirs, paise, None))

    def deposit(self, paise: int) -> None:
        self.said["deposit"] = paise
        self.cash -= paise
        self.bank += paise

    def withdraw(self, paise: int) -> None:
        self.said["withdrawal"] = self.said.get("withdrawal", 0) + paise
        self.bank -= paise
        self.cash += paise

    def count(self, box: int, over: int = 0, why: str = "") -> None:
        """Close the box: what it must hold, and what is in it more (or less), with the reason."""
        self.said["counted"] = box + over
        if over:
            self.said["difference_why"] = why
            self._line("cash_over" if over > 0 else "cash_short", -over)
            self.cash += over

    def entries(self) -> tuple[Entry, ...]:
        """The lines of its sheet; none when no money moved."""
        ours = [Entry(key, Paise(paise)) for key, paise in (("cash", self.cash), ("bank", self.bank)) if paise]
        rest = (Entry(head, Paise(paise), woman, loan, body)
                for (head, woman, loan, body, _is_out), paise in self.lines.items() if paise)  # fmt: skip
        return (*ours, *rest)
