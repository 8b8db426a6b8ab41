"""A cut-off as it is written: what a group, VO or CLF with a past has and owes on a day, and everybody who belongs to
it: women to a group, groups and VOs to a federation. Whole paise.

The document is kept as evidence, and the digest is made of it; the sheet, the loans and their terms follow from it.
`read` answers every reason at once when something in it cannot be read, with the path of the field (`loans.3.lent`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from umeed.books import codes
from umeed.books.meetings.documents import Amount, AmountOrNothing, Note, SavingHead, digest_of, read_as
from umeed.books.rules.carried import Carried
from umeed.books.rules.schedules import MOST_INSTALMENTS, Due
from umeed.books.rules.sheets import MOST_PAISE
from umeed.books.rules.taken import covered
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

__all__ = ["CutOffDocument", "digest_of", "read"]

MOST_MEETINGS = 10_000
Count = Annotated[int, Field(ge=0, le=MOST_MEETINGS, strict=True)]
Lender = Literal["loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other"]
ABOVE = {"loan_from_vo": "vo", "loan_from_clf": "clf"}
GIVEN = {"shg": "loan_to_member", "vo": "loan_to_body", "clf": "loan_to_body"}
"""{kind: the head under which it lends to those who belong to it}"""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Saved(_Part):
    """What a woman has saved until then, less what she took back."""

    woman: UUID
    head: SavingHead
    paise: Amount


class Kept(_Part):
    """What a group or VO has here: its savings, its share capital."""

    body: UUID
    head: Literal["saving_of_body", "share_of_body"]
    paise: Amount


class Held(_Part):
    """What it has with the VO or CLF above: savings, shares, money that is on the way."""

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
    """A loan that is not repaid: a woman's (`loan_to_member`), a group's or VO's (`loan_to_body`), or one taken.

    `outstanding` is the principal that is owed with what is overdue of it; `overdue` what was due and not paid, by day.
    `instalments` are those that are left and `next_due` the first of them, on which what is not overdue is repaid.
    A loan out of another book also brings its `plan` (and `ahead`, `first_due`, how it is rounded) as it is there.
    """

    loan: UUID
    head: Lender = "loan_to_member"
    woman: UUID | None = None
    body: UUID | None = None
    lender: Annotated[str, Field(max_length=120)] = ""
    # Of its sanction or account; of an account number only the end.
    number: Annotated[str, Field(max_length=40), AfterValidator(covered)] = ""
    is_cash_credit: bool = False
    limit: AmountOrNothing = 0
    lent_on: datetime.date
    # Of a cash credit nothing may be drawn yet; any other was lent.
    lent: AmountOrNothing
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
    # How a month that runs counts; else as the group's rules say. When it had begun, and what was repaid in it.
    part_month: Literal["days", "whole", "due"] | None = None
    begun: datetime.date | None = None
    repaid: tuple[Part, ...] = ()

    @property
    def is_given(self) -> bool:
        return self.head in ("loan_to_member", "loan_to_body")

    @property
    def whose(self) -> UUID | None:
        """Who owes it, of those who belong: a woman, a group or VO. None for a loan that was taken."""
        return self.woman if self.head == "loan_to_member" else self.body if self.head == "loan_to_body" else None

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
        repaid = tuple((part.on, Paise(part.principal)) for part in self.repaid)
        limit = Paise(self.limit) if self.is_cash_credit and self.limit else None
        return Carried(
            tuple(part.due for part in self.overdue), plan, Paise(self.ahead), self.first_due, self.begun, repaid, limit
        )


class Closed(_Part):
    """Loans that were repaid before: no balance tells of them, so they are kept with the cut-off."""

    head: Lender = "loan_to_member"
    woman: UUID | None = None
    body: UUID | None = None
    count: Annotated[int, Field(ge=1, le=MOST_MEETINGS, strict=True)]
    paise: AmountOrNothing = 0


class CutOffDocument(_Part):
    """The whole cut-off. What was returned of a fund is said beside what was received.

    CIF that must be paid back to the VO or CLF is a loan from there (source `cif`); CIF that stays stands under
    `cif_received`. `surplus` is what was earned, less costs, before the book: said by the person, never worked out for
    her; less than nothing when it lost. `savings` are those of women, `kept` what groups and VOs have here; `attended`
    tells of whoever belongs.
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
    kept: tuple[Kept, ...] = ()
    loans: tuple[Running, ...] = ()
    closed: tuple[Closed, ...] = ()
    attended: dict[UUID, Count] = Field(default_factory=dict)


def read(said: Mapping[str, Any]) -> CutOffDocument | list[Refusal]:
    """The document, or every reason why it is none."""
    return read_as(CutOffDocument, said)
