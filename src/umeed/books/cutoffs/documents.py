"""A cut-off as it is written: what a group with a past has and owes on a day, and every woman with it. Whole paise.

The document is kept as evidence, and the digest is made of it; the sheet, the loans and their terms follow from it.
`read` answers every reason at once when something in it cannot be read, with the path of the field (`loans.3.lent`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from umeed.books import codes
from umeed.books.meetings.documents import Amount, AmountOrNothing, Note, SavingHead, digest_of, read_as
from umeed.books.rules.carried import Carried
from umeed.books.rules.schedules import MOST_INSTALMENTS, Due
from umeed.books.rules.sheets import MOST_PAISE
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

__all__ = ["CutOffDocument", "digest_of", "read"]

MOST_MEETINGS = 10_000
Count = Annotated[int, Field(ge=0, le=MOST_MEETINGS, strict=True)]
Lender = Literal["loan_to_member", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other"]
ABOVE = {"loan_from_vo": "vo", "loan_from_clf": "clf"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Saved(_Part):
    """What a woman has saved until then, less what she took back."""

    woman: UUID
    head: SavingHead
    paise: Amount


class Held(_Part):
    """What the group has with its VO or CLF: savings, shares, money that is on the way."""

    body: UUID
    what: Literal["saving", "share", "on_the_way"]
    paise: Amount


class Part(_Part):
    """What of a loan falls, or fell, due on a day."""

    on: datetime.date
    principal: AmountOrNothing = 0
    interest: AmountOrNothing = 0

    @property
    def due(self) -> Due:
        return Due(self.on, Paise(self.principal), Paise(self.interest))


class Running(_Part):
    """A loan that is not repaid: a woman's (`loan_to_member`), or one that the group took.

    `outstanding` is the principal that is owed with what is overdue of it; `overdue` what was due and not paid, by day.
    `instalments` are those that are left and `next_due` the first of them, on which what is not overdue is repaid.
    A loan out of another book also brings its `plan` (and `ahead`, `first_due`, how it is rounded) as it is there.
    """

    loan: UUID
    head: Lender = "loan_to_member"
    woman: UUID | None = None
    body: UUID | None = None
    lender: Annotated[str, Field(max_length=120)] = ""
    is_cash_credit: bool = False
    limit: AmountOrNothing = 0
    lent_on: datetime.date
    lent: Amount
    outstanding: AmountOrNothing
    overdue: tuple[Part, ...] = ()
    rate_bp_a_year: Annotated[int, Field(ge=0, le=10_000)]
    method: Literal[tuple(codes.Method.values)]  # type: ignore[valid-type]
    frequency: Literal[tuple(codes.Instalments.values)] = "monthly"  # type: ignore[valid-type]
    instalments: Annotated[int, Field(ge=0, le=MOST_INSTALMENTS)] = 0
    next_due: datetime.date | None = None
    source: Literal["", *codes.Source.values] = ""  # type: ignore[valid-type]
    purpose: Literal["", *codes.Purpose.values] = ""  # type: ignore[valid-type]
    plan: tuple[Part, ...] = ()
    ahead: AmountOrNothing = 0
    first_due: datetime.date | None = None
    multiple: Annotated[int, Field(ge=1, le=100_000)] = 1
    rounding: Annotated[int, Field(ge=1, le=100_000)] | None = None
    halves: Literal["even", "up"] = "up"

    @property
    def overdue_principal(self) -> int:
        return sum(part.principal for part in self.overdue)

    @property
    def overdue_interest(self) -> int:
        return sum(part.interest for part in self.overdue)

    @property
    def rest(self) -> int:
        """The principal that is not overdue."""
        return self.outstanding - self.overdue_principal

    def carried(self, plan: tuple[Due, ...]) -> Carried:
        """As the rules of loans take it, with what falls due later."""
        return Carried(tuple(part.due for part in self.overdue), plan, Paise(self.ahead), self.first_due)


class Closed(_Part):
    """Loans that were repaid before: no balance tells of them, so they are kept with the cut-off."""

    head: Lender = "loan_to_member"
    woman: UUID | None = None
    count: Annotated[int, Field(ge=1, le=MOST_MEETINGS, strict=True)]
    paise: AmountOrNothing = 0


class CutOffDocument(_Part):
    """The whole cut-off. What was returned of a fund is said beside what was received.

    CIF that the group must pay back to its VO or CLF is a loan from there (source `cif`); CIF that stays with the group
    stands under `cif_received`. `surplus` is what the group earned, less its costs, before the book: said by the
    person, never worked out for her; less than nothing when it lost.
    """

    id: UUID
    on: datetime.date
    origin: Literal["registers", "workbook", "lokos", "book"] = "registers"
    meetings_held: Count = 0
    last_meeting: datetime.date | None = None
    cash: AmountOrNothing = 0
    bank: AmountOrNothing = 0
    fixed_deposit: AmountOrNothing = 0
    insurance_policy: AmountOrNothing = 0
    held: tuple[Held, ...] = ()
    rf_received: AmountOrNothing = 0
    rf_returned: AmountOrNothing = 0
    cif_received: AmountOrNothing = 0
    cif_returned: AmountOrNothing = 0
    vrf: AmountOrNothing = 0
    startup: AmountOrNothing = 0
    other_grant: AmountOrNothing = 0
    other_receipts: AmountOrNothing = 0
    surplus: Annotated[int, Field(ge=-MOST_PAISE, le=MOST_PAISE, strict=True)] | None = None
    surplus_why: Note = ""
    savings: tuple[Saved, ...] = ()
    loans: tuple[Running, ...] = ()
    closed: tuple[Closed, ...] = ()
    attended: dict[UUID, Count] = Field(default_factory=dict)

    @property
    def women(self) -> set[UUID]:
        """Everybody whom it names."""
        parts = (self.savings, self.loans, self.closed)
        return {one.woman for part in parts for one in part if one.woman is not None} | set(self.attended)  # type: ignore[attr-defined]


def read(said: Mapping[str, Any]) -> CutOffDocument | list[Refusal]:
    """The document, or every reason why it is none."""
    return read_as(CutOffDocument, said)
