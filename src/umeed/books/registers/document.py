"""Whom and which loans the document of a meeting, or of a day of a VO or CLF, names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.books.ledger.balances import kept_women
from umeed.books.ledger.off import sheets_of
from umeed.books.models import Book, Loan, LoanRequest, Meeting
from umeed.books.registers.reading import Names, names
from umeed.books.registers.which_loan import which_loans

_BY_WOMEN_OR_BODIES = (
    "savings", "withdrawals", "fines", "receipts", "payments", "requests", "lendings", "given", "taken", "passed",
    "returned", "arrived", "left",
)  # fmt: skip
_LOANS = ("repayments", "repaid", "drawn")


@dataclass(frozen=True)
class Who:
    """Names by the record that is kept of a woman, and the loans that a meeting speaks of."""

    told: Names
    kept: dict[UUID, UUID]
    loans: dict[UUID, Loan]
    # Those of them that had been written off before: what came of them is recovered.
    off: Collection[int]
    # Which of several it is, of loans of whom has, or gave, more than one.
    which: Mapping[int, str]

    def called(self, part: dict[str, Any]) -> str:
        """Whom a part of the document is about, and of several loans which."""
        woman, body, loan = part.get("woman"), part.get("body"), part.get("loan")
        if woman or body:
            return self.woman(UUID(woman)) if woman else self.told.body(UUID(body))
        about = self.loans.get(UUID(loan)) if loan else None
        return " · ".join(filter(None, (self.lender(about), self.which.get(about.pk)))) if about else ""

    def is_off(self, part: dict[str, Any]) -> bool:
        """Whether it is something of a loan that was written off before."""
        loan = self.loans.get(UUID(part["loan"]))
        return loan is not None and loan.pk in self.off

    def lender(self, loan: Loan) -> str:
        """Who has it, or gave it."""
        return self.woman(loan.woman_id) or self.told.body(loan.body_id) or loan.called

    def woman(self, pk: UUID | None) -> str:
        return self.told.woman(self.kept.get(pk, pk)) if pk else ""


def who_in(book: Book, held: Meeting) -> Who:
    """At most eight questions."""
    said = held.said
    of = [one["loan"] for part in _LOANS for one in said.get(part, ())]
    loans = {loan.uid: loan for loan in book.loans.filter(uid__in=of)}
    parts = [one for part in _BY_WOMEN_OR_BODIES for one in said.get(part, ())]
    named = {UUID(one[key]) for one in parts for key in ("woman", "body") if one.get(key)}
    named |= {UUID(one) for decision in said.get("decisions", ()) for one in decision.get("voted", ())}
    wanted = [one["request"] for one in said.get("decisions", ())]
    asked = LoanRequest.objects.filter(book=book, pk__in=wanted).values_list("woman", "body")
    named |= {pk for both in asked for pk in both if pk}
    named |= {pk for loan in loans.values() for pk in (loan.woman_id, loan.body_id) if pk}
    named |= {pk for part in (held.present, held.late, held.absent, held.on_leave) for pk in part}
    named |= {held.president_id} if held.president_id else set()
    kept = kept_women(named)
    off = sheets_of(book.pk, held.held_on, [loan.pk for loan in loans.values()], before=held.sheet_id)
    which = which_loans(book.pk, held.held_on) if loans else {}
    return Who(names([*named, *kept.values()], named), kept, loans, off, which)
