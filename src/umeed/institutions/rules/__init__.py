"""What may and may not be, for women, groups and federations: plain values in, reasons out. No database, no clock."""

from umeed.institutions.rules.accounts import (
    SIGNING_OFFICES,
    account_shape,
    her_account,
    why_not_account,
    why_not_signatories,
    why_not_signatory,
)
from umeed.institutions.rules.groups import (
    ENDED,
    FEDERATES,
    MIXED,
    least_members,
    size_reasons,
    why_not_federate,
    why_not_group,
    why_not_member,
    why_not_status,
)
from umeed.institutions.rules.people import (
    age_on,
    age_reasons,
    shared_phone,
    why_not_consent,
    why_not_identity,
    why_not_name,
    why_not_person,
    why_not_woman,
)
from umeed.institutions.rules.terms import (
    family_in_group,
    why_not_join,
    why_not_leave,
    why_not_office,
    why_not_office_end,
)

__all__ = [
    "ENDED",
    "FEDERATES",
    "MIXED",
    "SIGNING_OFFICES",
    "account_shape",
    "age_on",
    "age_reasons",
    "family_in_group",
    "her_account",
    "least_members",
    "shared_phone",
    "size_reasons",
    "why_not_account",
    "why_not_consent",
    "why_not_federate",
    "why_not_group",
    "why_not_identity",
    "why_not_join",
    "why_not_leave",
    "why_not_member",
    "why_not_name",
    "why_not_office",
    "why_not_office_end",
    "why_not_person",
    "why_not_signatories",
    "why_not_signatory",
    "why_not_status",
    "why_not_woman",
]
