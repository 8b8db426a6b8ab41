"""A meeting as it is written: one document, on paper, on a phone or in the browser. Amounts are whole paise.

The document is what is kept as evidence and what the digest is made of; sheets, loans and attendance follow from it.
`read` answers every reason at once when something in it cannot be read, with the path of the field (`savings.3.paise`).
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from umeed.books import codes
from umeed.books.heads import BY_KEY, SAVINGS
from umeed.books.rules.schedules import MOST_INSTALMENTS
from umeed.books.rules.sheets import MOST_PAISE
from umeed.kernel.money import grouped
from umeed.kernel.refusals import N_, Refusal

D = TypeVar("D", bound=BaseModel)
Mode = Literal["cash", "bank"]
# What is hers may also be set off: neither box nor bank moves, and what is taken from her savings pays for it.
Hers = Literal["cash", "bank", "set_off"]
Amount = Annotated[int, Field(gt=0, le=MOST_PAISE, strict=True)]
AmountOrNothing = Annotated[int, Field(ge=0, le=MOST_PAISE, strict=True)]
Note = Annotated[str, Field(max_length=240)]
SavingHead = Literal["saving_compulsory", "saving_food", "saving_health", "saving_optional"]
assert {head.key for head in SAVINGS} == set(SavingHead.__args__)

# What a receipt or a payment may stand under; what has its own step (savings, loans, bank, bodies) is not among them.
RECEIPTS = (
    "interest_from_bank", "interest_subvention", "resource_fee", "service_cost", "award", "other_receipt",
    "revolving_fund", "cif", "vrf", "startup", "other_grant", "fixed_deposit", "insurance_policy",
)  # fmt: skip
PAYMENTS = (
    "rent", "meeting_cost", "fee_to_member", "fee_to_cadre", "fee_to_bookkeeper", "travel", "premium", "premium_new",
    "vrf_to_member", "bank_charge", "interest_to_member", "other_payment", "fixed_deposit", "insurance_policy",
)  # fmt: skip
assert all(key in BY_KEY for key in (*RECEIPTS, *PAYMENTS))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Saving(_Part):
    """She saves; `by` names who brought it for her when she is away."""

    woman: UUID
    head: SavingHead
    paise: Amount
    mode: Hers = "cash"
    by: Note = ""


class Withdrawal(_Part):
    """Given back to her; here and below `by` names who took it along for who is away."""

    woman: UUID
    head: SavingHead
    paise: Amount
    mode: Hers = "cash"
    by: Note = ""


class Repayment(_Part):
    """On a loan of hers, by what it is for."""

    loan: UUID
    penalty: AmountOrNothing = 0
    interest: AmountOrNothing = 0
    principal: AmountOrNothing = 0
    mode: Hers = "cash"
    by: Note = ""

    @property
    def paise(self) -> int:
        return self.penalty + self.interest + self.principal


class Fine(_Part):
    woman: UUID
    why: Literal["late", "absent", "other"]
    paise: Amount
    mode: Hers = "cash"
    note: Note = ""
    by: Note = ""


class Moved(_Part):
    """Another receipt or payment. `woman` where the head names her."""

    head: str
    paise: Amount
    mode: Mode = "cash"
    woman: UUID | None = None
    note: Note = ""
    by: Note = ""


class Request(_Part):
    """A woman asks for a loan."""

    id: UUID
    woman: UUID
    paise: Amount
    purpose: Literal[tuple(codes.Purpose.values)]  # type: ignore[valid-type]
    instalments: Annotated[int, Field(ge=1, le=MOST_INSTALMENTS)] | None = None
    note: Note = ""


class Decision(_Part):
    """On a request of this or an earlier meeting."""

    id: UUID
    request: UUID
    outcome: Literal[tuple(codes.Outcome.values)]  # type: ignore[valid-type]
    paise: Amount | None = None
    way: Literal[tuple(codes.Deciding.values)] = "all"  # type: ignore[valid-type]
    voted: tuple[UUID, ...] = ()
    promised_on: datetime.date | None = None
    jump_why: Note = ""
    why: Note = ""


class Lending(_Part):
    """A loan that is paid out. `loan` is the id it gets."""

    loan: UUID
    woman: UUID
    paise: Amount
    request: UUID | None = None
    mode: Mode = "cash"
    source: Literal[tuple(codes.Source.values)] = "own"  # type: ignore[valid-type]
    purpose: Literal[tuple(codes.Purpose.values)] = "other"  # type: ignore[valid-type]
    rate_bp_a_year: Annotated[int, Field(ge=0, le=10_000)]
    method: Literal[tuple(codes.Method.values)]  # type: ignore[valid-type]
    frequency: Literal[tuple(codes.Instalments.values)] = "monthly"  # type: ignore[valid-type]
    instalments: Annotated[int, Field(ge=1, le=MOST_INSTALMENTS)]
    first_due: datetime.date
    by: Note = ""


class Repaid(_Part):
    """The group repays a loan that it took: from a bank, or from a VO or CLF (then it moves in both books)."""

    loan: UUID
    principal: AmountOrNothing = 0
    interest: AmountOrNothing = 0
    mode: Mode = "cash"

    @property
    def paise(self) -> int:
        return self.principal + self.interest


class Drawn(_Part):
    """Money drawn from a bank's cash credit, up to its limit."""

    loan: UUID
    paise: Amount
    mode: Mode = "cash"


class Given(_Part):
    """The group saves with its VO or CLF, buys a share of it or pays a fee: it stands in both books."""

    body: UUID
    what: Literal["saving", "share", "fee"]
    paise: Amount
    mode: Mode = "cash"


class Arrived(_Part):
    """Money that a VO or CLF had sent is counted into the box, or seen in the bank."""

    body: UUID
    paise: Amount
    mode: Mode = "cash"


class Left(_Part):
    """Money that a VO or CLF counted first, and that is now said to have left the box or the bank."""

    body: UUID
    paise: Amount
    mode: Mode = "cash"


class Item(_Part):
    """Something that was talked about, and what was decided."""

    topic: Annotated[str, Field(min_length=1, max_length=120)]
    decided: Annotated[str, Field(max_length=1000)] = ""


class Held(_Part):
    """What is said of a meeting and of a day of a VO or CLF alike: its head, other money, the bank, what was talked
    about, the cash at its end."""

    id: UUID
    number: Annotated[int, Field(ge=1, le=10_000)] | None = None
    on: datetime.date
    kind: Literal["regular", "extra", "missed"] = "regular"
    place: Annotated[str, Field(max_length=120)] = ""
    president: UUID | None = None
    why: Note = ""
    attendance: dict[UUID, Literal[tuple(codes.Attendance.values)]] = Field(default_factory=dict)  # type: ignore[valid-type]
    receipts: tuple[Moved, ...] = ()
    arrived: tuple[Arrived, ...] = ()
    decisions: tuple[Decision, ...] = ()
    payments: tuple[Moved, ...] = ()
    deposit: AmountOrNothing = 0
    withdrawal: AmountOrNothing = 0
    repaid: tuple[Repaid, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    given: tuple[Given, ...] = ()
    agenda: tuple[Item, ...] = ()
    counted: AmountOrNothing | None = None
    difference_why: Note = ""
    # What the reason is about: counted less what had to be there. A difference that changed since is asked about anew.
    difference: Annotated[int, Field(strict=True)] | None = None

    def came(self, who: UUID) -> bool:
        """The woman, or somebody of the body."""
        return self.attendance.get(who) in ("present", "late")


class MeetingDocument(Held):
    """A whole meeting of a group."""

    are_last_minutes_read: bool = False
    savings: tuple[Saving, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    repayments: tuple[Repayment, ...] = ()
    fines: tuple[Fine, ...] = ()
    requests: tuple[Request, ...] = ()
    lendings: tuple[Lending, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def women(self) -> set[UUID]:
        """Everybody whom it names, but by loans."""
        parts = (self.savings, self.withdrawals, self.fines, self.receipts, self.requests, self.lendings, self.payments)
        named = {one.woman for part in parts for one in part if one.woman is not None}  # type: ignore[attr-defined]
        return named | set(self.attendance) | ({self.president} if self.president else set())


_MISSING = N_("This is missing.")
_NOT_AN_AMOUNT = N_("This is no amount that a book can hold: whole paise, not negative.")
_TOO_LARGE = N_("This is more than any book here can hold.")
_MORE = N_("This is more than %(most)s.")
_LESS = N_("This is less than %(least)s.")
_BELOW = N_("This is less than nothing.")
_NOTHING = N_("This is nothing, or less than nothing.")
_NOT_OFFERED = N_("This is none of the choices.")
_TOO_LONG = N_("This is longer than %(most)s letters.")
_UNREAD = N_("This cannot be read.")
_UNKNOWN = N_("This is no part of it.")


def read(said: Mapping[str, Any]) -> MeetingDocument | list[Refusal]:
    """The document, or every reason why it is none."""
    return read_as(MeetingDocument, said)


def read_as(kind: type[D], said: Mapping[str, Any]) -> D | list[Refusal]:
    """A document of a kind, or every reason why it is none."""
    try:
        return kind.model_validate(said)
    except ValidationError as wrong:
        return [_reason(one) for one in wrong.errors(include_url=False)]


def _reason(one: Any) -> Refusal:
    path, kind = ".".join(str(step) for step in one["loc"]), one["type"]
    if kind == "missing":
        return Refusal(path, "missing", _MISSING)
    if kind == "extra_forbidden":
        return Refusal(path, "unknown", _UNKNOWN)
    if kind == "literal_error":
        return Refusal(path, "not_offered", _NOT_OFFERED)
    if kind == "string_too_long":
        return Refusal(path, "too_long", _TOO_LONG, {"most": one["ctx"]["max_length"]})
    if kind.startswith(("int_", "greater_than", "less_than")):
        return Refusal(path, "not_an_amount", *_why_not(one.get("ctx", {})))
    return Refusal(path, "unread", _UNREAD)


def _why_not(bounds: Mapping[str, int]) -> tuple[str, Mapping[str, object]]:
    """What is wrong with a number, in words: its bounds are those of amounts, or of what is counted."""
    most, least = bounds.get("le"), bounds.get("ge")
    if "gt" in bounds:
        return _NOTHING, {}
    if most is not None:
        return (_TOO_LARGE, {}) if most == MOST_PAISE else (_MORE, {"most": grouped(most)})
    if least is None:
        return _NOT_AN_AMOUNT, {}
    if least < 0:
        return _TOO_LARGE, {}
    return (_BELOW, {}) if least == 0 else (_LESS, {"least": grouped(least)})


# What came after documents had been closed: where it says nothing new, the digest is as it was without it.
CAME_LATER: Mapping[str, Any] = {"left": [], "difference": None, "drawn": []}
CAME_LATER_IN: Mapping[str, Mapping[str, Any]] = {
    "savings": {"mode": "cash"}, "repayments": {"mode": "cash"}, "fines": {"mode": "cash", "by": ""},
    "loans": {"part_month": None, "begun": None, "repaid": [], "number": ""},
    "lendings": {"part_month": "due", "by": ""}, "withdrawals": {"by": ""}, "receipts": {"by": ""},
    "payments": {"by": ""}, "returned": {"by": ""}, "passed": {"by": ""},
}  # fmt: skip


def digest_of(document: BaseModel) -> bytes:
    """SHA-256 of a document in one spelling: what is left out and what is said as usual are the same."""
    return digest_of_all(document.model_dump(mode="json"))


def digest_of_all(whole: Mapping[str, Any]) -> bytes:
    """The digest of what a document says with everything that it leaves out."""
    says = _without_later(whole, CAME_LATER)
    for part, later in CAME_LATER_IN.items():
        if part in says:
            says[part] = [_without_later(one, later) for one in says[part]]
    return hashlib.sha256(json.dumps(says, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).digest()


def _without_later(says: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in says.items() if name not in later or part != later[name]}
