"""Households, women, institutions, and everything dated that ties them together.

Dated ties (membership, office, federation, account, alias) exclude overlap in the database. `place` stands on
households, women and institutions, so that one index answers both doors.
"""

from umeed.institutions.models.aliases import Alias
from umeed.institutions.models.institution import BankAccount, Federation, Institution, StatusTerm
from umeed.institutions.models.offices import OfficeTerm, Signatory
from umeed.institutions.models.people import Consent, Household, Membership, Woman
from umeed.institutions.models.scoping import in_scope, reached

__all__ = [
    "Alias", "BankAccount", "Consent", "Federation", "Household", "Institution", "Membership", "OfficeTerm",
    "Signatory", "StatusTerm", "Woman", "in_scope", "reached",
]  # fmt: skip
