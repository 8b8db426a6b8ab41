"""In what a row differs from what is known of its woman: only that is written. And in which ways rows of a load differ.

A load moves no group to another village and no woman to another group, so there is no such difference.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from umeed.core.loads.layouts import Difference
from umeed.institutions.loads.cells import parts_of
from umeed.institutions.loads.entries import MemberEntry
from umeed.institutions.loads.known import KnownWoman
from umeed.kernel.digits import plain_text

COMPARED = frozenset({
    "name", "names_local", "belonging_name", "belonging_names_local", "relation", "born_on", "born_year", "gender",
    "social_category", "religion", "is_pvtg", "disability", "disability_kind", "guardian_name", "marital",
    "is_household_head", "education", "reads", "phone", "phone_owner", "has_smartphone", "livelihoods", "nominee_name",
    "nominee_relation", "is_insured", "address", "pin_code", "account_number", "account_name", "ifsc",
    "account_opened_on", "is_account_seeded", "checked_on",
})  # fmt: skip
DIFFERENCES = (
    Difference(
        "named", _("Name"), ngettext_lazy("%(count)s with another name", "%(count)s with another name", "n"),
        frozenset({"name", "names_local", "belonging_name", "belonging_names_local"}),
    ),
    Difference(
        "born", _("Birth"), ngettext_lazy("%(count)s with another birth", "%(count)s with another birth", "n"),
        frozenset({"born_on", "born_year"}),
    ),
    Difference(
        "office", _("Office"), ngettext_lazy("%(count)s with a new office", "%(count)s with a new office", "n"),
        frozenset({"office"}),
    ),
    Difference(
        "status", _("Status"), ngettext_lazy("%(count)s with another status", "%(count)s with another status", "n"),
        frozenset({"status"}),
    ),
    Difference(
        "phone", _("Phone"), ngettext_lazy("%(count)s with another phone", "%(count)s with another phone", "n"),
        frozenset({"phone", "phone_owner", "bookkeeper_phone"}),
    ),
    Difference(
        "bank", _("Bank account"),
        ngettext_lazy("%(count)s with another bank account", "%(count)s with another bank account", "n"),
        frozenset({
            "account", "account_id", "account_number", "account_name", "account_opened_on", "ifsc", "is_account_seeded",
        }),
    ),
    Difference(
        "linked", _("LokOS id"), ngettext_lazy("%(count)s with a LokOS id", "%(count)s with a LokOS id", "n"),
        frozenset({"lokos_id"}),
    ),
)  # fmt: skip
"""Each way in which a known group or woman may change, with the keys of a verdict that tell of it."""
# An age is a birthday old, or a year older at the turn of the year.
_AGE_IS_SURE_TO = 1


def differing(entry: MemberEntry, woman: KnownWoman, said: dict[str, Any]) -> dict[str, Any]:
    """{column: what the row says} where it is known otherwise."""
    different = {key: value for key, value in said.items() if key in COMPARED and not is_known(value, woman.get(key))}
    if "born_year" in different and _is_same_year(entry, woman, said["born_year"]):
        del different["born_year"]
    return different | {key: said[key] for key in ("identity_hash", "identity_last4") if key in said}


def _is_same_year(entry: MemberEntry, woman: KnownWoman, year: int) -> bool:
    """The year of a known day of birth says nothing new, nor does an age that comes to about the year known."""
    if woman.born_year is None:
        return False
    return abs(year - woman.born_year) <= (_AGE_IS_SURE_TO if entry.is_by_age else 0)


def is_known(value: Any, known: Any) -> bool:
    """Whether a row says nothing new: texts, and lists in one cell, are compared as a sheet's cell gives them."""
    return bool(value == known or value == _as_a_cell(known))


def _as_a_cell(value: Any) -> Any:
    if isinstance(value, list):
        return parts_of(plain_text(", ".join(map(str, value))))
    return plain_text(value) if isinstance(value, str) else value
