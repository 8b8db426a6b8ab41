"""What a woman's record says, in the parts a merge chooses between: values that belong together stay together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.core.fields import masked
from umeed.core.templatetags.umeed_text import day
from umeed.institutions.models import Woman

CONTACT, BANK, SOCIAL = "women.see_contact", "women.see_bank", "women.see_social"


@dataclass(frozen=True)
class Part:
    """Columns that are chosen together; the first is the one shown and compared. `sealed` uncovers it."""

    key: str
    title: Any
    columns: tuple[str, ...]
    sealed: str = ""

    def value(self, woman: Woman) -> Any:
        return getattr(woman, self.columns[0])

    def values(self, woman: Woman) -> dict[str, Any]:
        return {column: getattr(woman, column) for column in self.columns}

    def is_equal(self, one: Woman, two: Woman) -> bool:
        return self.values(one) == self.values(two)


PARTS: tuple[Part, ...] = (
    Part("name", _("Name"), ("name", "names_local")),
    Part(
        "belonging", _("Husband's, father's or mother's name"),
        ("belonging_name", "belonging_names_local", "relation"),
    ),
    Part("born", _("Born"), ("born_on", "born_year")),
    Part("home", _("Village and household"), ("place_id", "household_id")),
    Part("phone", _("Phone"), ("phone", "phone_owner", "has_smartphone"), CONTACT),
    Part(
        "account", _("Bank account"),
        ("account_number", "account_name", "ifsc", "account_opened_on", "is_account_seeded"), BANK,
    ),
    Part("identity", _("Aadhaar, last four digits"), ("identity_last4", "identity_hash"), BANK),
    Part("gender", _("Gender"), ("gender",)),
    Part("marital", _("Marital status"), ("marital",)),
    Part("social_category", _("Social category"), ("social_category", "is_pvtg"), SOCIAL),
    Part("religion", _("Religion"), ("religion",), SOCIAL),
    Part("disability", _("Disability"), ("disability", "disability_kind", "guardian_name"), SOCIAL),
    Part("education", _("Education"), ("education", "reads")),
    Part("is_household_head", _("Head of the household"), ("is_household_head",)),
    Part("livelihoods", _("Livelihoods"), ("livelihoods",)),
    Part("nominee", _("Nominee"), ("nominee_name", "nominee_relation")),
    Part("is_insured", _("Insured"), ("is_insured",)),
    Part("address", _("Address"), ("address", "pin_code")),
    Part("died_on", _("Died on"), ("died_on",)),
    Part("checked_on", _("Profile last checked on"), ("checked_on",)),
)  # fmt: skip
BY_KEY: Mapping[str, Part] = {part.key: part for part in PARTS}
# Not chosen: ids, revisions, and the mark of the merge itself.
NOT_CHOSEN = frozenset({"id", "revision", "changed_at", "merged_into_id", "name_key", "belonging_key"})


def shown(part: Part, woman: Woman, *, is_open: bool) -> str:
    """A part in words; a sealed one covered unless it is opened. '' when the record says nothing."""
    text = _SHOWN.get(part.key, _plain)(part, woman)
    if not text or not part.sealed or is_open:
        return text
    return masked(text) if part.sealed != SOCIAL else "••••"


def _plain(part: Part, woman: Woman) -> str:
    column = part.columns[0]
    value = getattr(woman, column)
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    display = getattr(woman, f"get_{column}_display", None)
    return str(display()) if display else ", ".join(value) if isinstance(value, list) else str(value)


def _born(part: Part, woman: Woman) -> str:
    return day(woman.born_on) if woman.born_on else str(woman.born_year or "")


def _belonging(part: Part, woman: Woman) -> str:
    if not woman.belonging_name:
        return ""
    return f"{woman.belonging_name} ({woman.get_relation_display()})" if woman.relation else woman.belonging_name


def _home(part: Part, woman: Woman) -> str:
    head = woman.household.head_name if woman.household else ""
    return f"{woman.place.called} · {head}" if head else woman.place.called


def _on(part: Part, woman: Woman) -> str:
    value = getattr(woman, part.columns[0])
    return day(value) if value else ""


def _account(part: Part, woman: Woman) -> str:
    return woman.account_number


_SHOWN = {
    "born": _born, "belonging": _belonging, "home": _home, "died_on": _on, "checked_on": _on, "account": _account,
}  # fmt: skip
