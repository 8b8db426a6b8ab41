"""All that may be written about women and institutions. Keyword arguments, `by=` the scope of the person acting."""

from umeed.institutions.actions.accounts import add_signatory, close_account, end_signatory, open_account
from umeed.institutions.actions.aliases import end_alias, give_alias
from umeed.institutions.actions.consents import give_consent, withdraw_consent
from umeed.institutions.actions.federation import federate, leave_federation
from umeed.institutions.actions.groups import change_status, correct_group, form_group
from umeed.institutions.actions.joining import join_group, leave_group, transfer
from umeed.institutions.actions.offices import elect_office, end_office
from umeed.institutions.actions.women import (
    correct_household,
    correct_woman,
    enrol_woman,
    identify_woman,
    move_household,
)

__all__ = [
    "add_signatory",
    "change_status",
    "close_account",
    "correct_group",
    "correct_household",
    "correct_woman",
    "elect_office",
    "end_alias",
    "end_office",
    "end_signatory",
    "enrol_woman",
    "federate",
    "form_group",
    "give_alias",
    "give_consent",
    "identify_woman",
    "join_group",
    "leave_federation",
    "leave_group",
    "move_household",
    "open_account",
    "transfer",
    "withdraw_consent",
]
