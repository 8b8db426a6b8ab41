"""Bank accounts of women and institutions and who signs for them (docs/rules/README.md)."""

import datetime

from umeed.institutions.norms import norm
from umeed.institutions.rules.days import not_before_formation, not_before_start, not_in_future
from umeed.kernel.identity import account_number, digits_of, ifsc_code
from umeed.kernel.refusals import N_, Refusal, warning

_TYPED_DIFFERENTLY = N_("The account number was typed differently the second time.")
_IFSC_MISSING = N_("The IFSC of the branch is missing.")
_NOT_OFFICE_BEARER = N_("Only the president, the secretary and the treasurer sign for the group's account.")
_FEW_SIGNATORIES = N_("At least %(least)s of the three office bearers sign for the account; so far %(count)s.")

SIGNING_OFFICES = frozenset({"president", "secretary", "treasurer"})


def account_shape(number: object, ifsc: object, again: object | None = None) -> list[Refusal]:
    """Number of 6 to 18 digits, the same both times when typed twice, IFSC shape (RBI; LokOS re-type field).

    `again` is None where the number comes from a file that has it once.
    """
    reasons = [found for found in (account_number(number), ifsc_code(ifsc) if ifsc else None) if _is(found)]
    if not ifsc:
        reasons.append(Refusal("ifsc", "ifsc_missing", _IFSC_MISSING))
    if again is not None and digits_of(number) != digits_of(again):
        reasons.append(Refusal("number_again", "typed_differently", _TYPED_DIFFERENTLY))
    return [reason for reason in reasons if isinstance(reason, Refusal)]


def her_account(number: object, ifsc: object) -> list[Refusal]:
    """Of a woman's own account nothing need be said; what is said is looked at, a branch without a number too."""
    if number:
        return account_shape(number, ifsc)
    found = ifsc_code(ifsc) if ifsc else None
    return [found] if isinstance(found, Refusal) else []


def why_not_account(
    *,
    today: datetime.date,
    number: object,
    again: object | None,
    ifsc: object,
    opened_on: datetime.date | None,
    formed_on: datetime.date,
) -> list[Refusal]:
    """An institution's account: shape, and opened on or after its formation (docs/rules/README.md)."""
    reasons = [
        reason.on(_FIELDS.get(reason.field or "", reason.field)) for reason in account_shape(number, ifsc, again)
    ]
    if opened_on:
        reasons += not_in_future(opened_on, today, "opened_on") + not_before_formation(
            opened_on, formed_on, "opened_on"
        )
    return reasons


def why_not_signatory(*, office: str, on: datetime.date, since: datetime.date, today: datetime.date) -> list[Refusal]:
    """Who signs holds one of the three offices on that day (dual authentication of group accounts)."""
    reasons = not_in_future(on, today, "on") + not_before_start(on, since, "on")
    if office not in SIGNING_OFFICES:
        reasons.append(Refusal("woman", "not_office_bearer", _NOT_OFFICE_BEARER))
    return reasons


def why_not_signatories(count: int, *, on: datetime.date, field: str = "signatories") -> list[Refusal]:
    """At least two of the three office bearers sign; fewer is told until the second is named."""
    least = norm("account.signatories.min", on=on)
    if count >= least:
        return []
    return [warning(field, "few_signatories", _FEW_SIGNATORIES, {"least": least, "count": count})]


_FIELDS = {"account_number": "number"}


def _is(found: object) -> bool:
    return isinstance(found, Refusal)
