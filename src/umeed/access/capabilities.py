"""Capabilities and the roles that bundle them. The one table that says what a role may do.

A capability is `subject.verb`. Sensitive ones are separate: seeing a woman's record is not seeing her phone number.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CAPABILITIES = {
    "places.see": _("See places"),
    "places.change": _("Split, merge, move and rename places, and tag them"),
    "places.load": _("Load LGD downloads"),
    "institutions.see": _("See groups and federations"),
    "institutions.change": _("Enter and correct groups and federations"),
    "women.see": _("See women's records"),
    "women.change": _("Enter and correct women's records"),
    "women.see_contact": _("See phone numbers"),
    "women.see_bank": _("See bank account numbers"),
    "women.see_social": _("See disability and social category"),
    "books.see": _("See books"),
    "books.keep": _("Keep books"),
    "books.load": _("Load cut-off sheets of groups"),
    "clashes.settle": _("Say which of two holds that came to a book"),
    "loads.make": _("Load spreadsheets"),
    "records.export": _("Export what one sees"),
    "duplicates.settle": _("Settle duplicates"),
    "profiles.see": _("See profile ranks"),
    "devices.manage": _("Enrol phones, and settle what came from them"),
    "users.see": _("See who has access"),
    "users.change": _("Give and end postings"),
    "audit.see": _("See who did what"),
    "site.run": _("Run the installation"),
}

_SEE = {"places.see", "institutions.see", "profiles.see"}
_PEOPLE = _SEE | {"institutions.change", "women.see", "women.change", "women.see_contact", "books.see"}
_BOOKS = _PEOPLE | {"books.keep", "clashes.settle"}
# Whoever verifies books does not keep them: of two that were written for one place an officer says which holds, and
# writes neither. A cut-off that an officer loaded is checked by somebody else.
_OFFICER = _PEOPLE | {
    "women.see_social", "women.see_bank", "loads.make", "records.export", "duplicates.settle",
    "users.see", "audit.see", "places.load", "books.load", "devices.manage", "clashes.settle",
}  # fmt: skip


@dataclass(frozen=True)
class Role:
    """A named bundle of capabilities. `at` says where it is held: place, institution or nowhere (the site)."""

    key: str
    name: object
    at: str
    capabilities: frozenset[str]


def _role(key: str, name: object, at: str, capabilities: set[str]) -> Role:
    return Role(key, name, at, frozenset(capabilities))


ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        _role("group_bookkeeper", _("Group bookkeeper"), "institution", _BOOKS),
        _role("vo_bookkeeper", _("VO bookkeeper"), "institution", _BOOKS),
        _role("clf_bookkeeper", _("CLF bookkeeper"), "institution", _BOOKS | {"records.export"}),
        _role("resource_person", _("Community resource person"), "place", _BOOKS - {"institutions.change"}),
        _role("block_officer", _("Block officer"), "place", _OFFICER | {"users.change"}),
        _role("district_officer", _("District officer"), "place", _OFFICER | {"users.change"}),
        _role("ut_officer", pgettext_lazy("role", "UT officer"), "place", _OFFICER | {"users.change", "places.change"}),
        _role("mis_officer", _("MIS officer"), "place", _OFFICER | {"places.change", "users.change"}),
        _role(
            "accounts", _("Accounts"), "place", _SEE | {"women.see", "women.see_bank", "books.see", "records.export"}
        ),
        _role("bank_branch", _("Bank branch"), "place", {"institutions.see", "places.see"}),
        _role("line_department", _("Line department"), "place", _SEE - {"profiles.see"}),
        _role("partner", _("Partner organisation"), "place", _SEE | {"women.see"}),
        _role(
            "auditor",
            _("Auditor"),
            "place",
            _SEE | {"women.see", "books.see", "audit.see", "records.export", "users.see"},
        ),
        _role("site_administrator", _("Site administrator"), "nowhere", {"site.run", "users.see", "users.change"}),
    )
}
# Roles whose holder must have a second factor when UMEED_SECOND_FACTOR is `officers`: a stolen password of theirs opens
# the records of a whole block, or appoints people who see them.
OFFICER_ROLES = frozenset(
    {
        "block_officer", "district_officer", "ut_officer", "mis_officer", "accounts", "auditor", "partner",
        "site_administrator",
    }
)  # fmt: skip
ROLE_CHOICES = [(role.key, role.name) for role in ROLES.values()]
