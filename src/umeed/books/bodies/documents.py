"""A day of a VO or CLF as it is written: a meeting of its groups (or VOs), or a day at the office. One document, like a
group's meeting; whoever comes and pays is a group or a VO, so attendance holds their ids."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from umeed.books import codes
from umeed.books.heads import BY_KEY
from umeed.books.meetings.documents import (
    Amount,
    Given,
    Held,
    Mode,
    Note,
    Repaid,
    _Part,
    read_as,
)
from umeed.books.rules.schedules import MOST_INSTALMENTS
from umeed.kernel.refusals import Refusal

FUNDS = ("cif", "vrf", "startup", "revolving_fund", "other_grant")
RECEIPTS = (
    *FUNDS, "interest_from_bank", "interest_subvention", "resource_fee", "service_cost", "award", "other_receipt",
    "fixed_deposit", "insurance_policy",
)  # fmt: skip
PAYMENTS = (
    "rent", "meeting_cost", "travel", "fee_to_member", "fee_to_cadre", "fee_to_bookkeeper", "vrf_to_member", "premium",
    "premium_new", "bank_charge", "other_payment", "fixed_deposit", "insurance_policy",
)  # fmt: skip
assert all(key in BY_KEY for key in (*RECEIPTS, *PAYMENTS))


class Returned(_Part):
    """Saving or share capital that a group or VO gets back; here and below `by` names who took it along when nobody of
    theirs came."""

    body: UUID
    what: Literal["saving", "share"]
    paise: Amount
    mode: Mode = "cash"
    by: Note = ""


class Passed(_Part):
    """A fund handed on: it is theirs from then on."""

    body: UUID
    head: Literal["cif", "vrf", "startup", "revolving_fund", "other_grant"]
    paise: Amount
    mode: Mode = "cash"
    by: Note = ""


class Asked(_Part):
    """A group or VO asks for a loan."""

    id: UUID
    body: UUID
    paise: Amount
    purpose: Literal[tuple(codes.Purpose.values)] = "onlending"  # type: ignore[valid-type]
    note: Note = ""


class LentOn(_Part):
    """A loan to a group or VO that is paid out. `loan` is the id it gets here."""

    loan: UUID
    body: UUID
    paise: Amount
    request: UUID | None = None
    mode: Mode = "cash"
    source: Literal["own", "cif", "vrf", "bank"] = "cif"
    purpose: Literal[tuple(codes.Purpose.values)] = "onlending"  # type: ignore[valid-type]
    rate_bp_a_year: Annotated[int, Field(ge=0, le=10_000)]
    method: Literal[tuple(codes.Method.values)]  # type: ignore[valid-type]
    frequency: Literal[tuple(codes.Instalments.values)] = "monthly"  # type: ignore[valid-type]
    instalments: Annotated[int, Field(ge=1, le=MOST_INSTALMENTS)]
    first_due: datetime.date
    # How a month counts that is not over when they repay: loans written before say nothing of it.
    part_month: Literal[tuple(codes.PartMonth.values)] = "due"  # type: ignore[valid-type]
    by: Note = ""


class BodyDay(Held):
    """A whole day. `repayments` and `taken` were brought and counted here; `arrived` is what the givers' own books had
    sent already."""

    repayments: tuple[Repaid, ...] = ()
    taken: tuple[Given, ...] = ()
    requests: tuple[Asked, ...] = ()
    lendings: tuple[LentOn, ...] = ()
    passed: tuple[Passed, ...] = ()
    returned: tuple[Returned, ...] = ()

    @property
    def left(self) -> tuple[Any, ...]:
        """What others counted first: only a group's meeting says it."""
        return ()


def read(said: Mapping[str, Any]) -> BodyDay | list[Refusal]:
    """The document, or every reason why it is none."""
    return read_as(BodyDay, said)
