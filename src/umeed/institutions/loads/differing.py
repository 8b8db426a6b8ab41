"""In what a row differs from what is known of its woman: only that is written."""

from typing import Any

from umeed.institutions.loads.entries import MemberEntry
from umeed.institutions.loads.known import KnownWoman
from umeed.kernel.digits import plain_text

COMPARED = frozenset({
    "name", "names_local", "belonging_name", "belonging_names_local", "relation", "born_on", "born_year", "gender",
    "social_category", "religion", "disability", "disability_kind", "guardian_name", "marital", "is_household_head",
    "education", "phone", "phone_owner", "livelihoods", "nominee_name", "nominee_relation", "is_insured", "address",
    "pin_code", "account_number", "account_name", "ifsc", "account_opened_on",
})  # fmt: skip
# An age is a birthday old, or a year older at the turn of the year.
_AGE_IS_SURE_TO = 1


def differing(entry: MemberEntry, woman: KnownWoman, said: dict[str, Any]) -> dict[str, Any]:
    """{column: what the row says} where it is known otherwise; texts are compared as a sheet's cell gives them."""
    different = {
        key: value
        for key, value in said.items()
        if key in COMPARED and value != (known := woman.get(key)) and value != _as_a_cell(known)
    }
    if "born_year" in different and _is_same_year(entry, woman, said["born_year"]):
        del different["born_year"]
    return different | {key: said[key] for key in ("identity_hash", "identity_last4") if key in said}


def _is_same_year(entry: MemberEntry, woman: KnownWoman, year: int) -> bool:
    """The year of a known day of birth says nothing new, nor does an age that comes to about the year known."""
    if woman.born_year is None:
        return False
    return abs(year - woman.born_year) <= (_AGE_IS_SURE_TO if entry.is_by_age else 0)


def _as_a_cell(value: Any) -> Any:
    return plain_text(value) if isinstance(value, str) else value
