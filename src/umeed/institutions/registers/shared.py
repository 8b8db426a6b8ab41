"""What the registers of this room share: capabilities, names, ids of other systems, days."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day
from umeed.institutions import codes
from umeed.institutions.models import Alias, Institution

SEE_WOMEN, SEE = "women.see", "institutions.see"
CONTACT, BANK, SOCIAL = "women.see_contact", "women.see_bank", "women.see_social"
SINCE_UNTIL = (_("Since"), _("Until"))


def institution_name(scope: Scope, institution: UUID) -> str | None:
    rows = Institution.objects.filter(pk=institution).seen_by(scope, SEE)
    return rows.values_list("name", flat=True).first()


def by_alias(owner: str) -> Any:
    # Behind row security only equality is found by an index: as it is typed, or with its letters large or small.
    def ids(scope: Scope, text: str) -> Any:
        known = Alias.objects.filter(system__in=codes.System.values, value__in={text, text.upper(), text.lower()})
        return known.filter(**{f"{owner}__isnull": False}).values(owner)

    return ids


def by_village_code(model: Any) -> Any:
    def ids(scope: Scope, text: str) -> Any:
        if not text.isdecimal() or len(text) > 9:
            return None
        return model.objects.filter(place__lgd_code=int(text)).values("pk")

    return ids


def aliases_of(owner: str) -> Any:
    def rows(scope: Scope, record: Any) -> list[tuple[str, ...]]:
        known = Alias.objects.filter(**{owner: record}).order_by("system", "-during")
        return [(one.get_system_display(), one.value, *since_until(one)) for one in known]

    return rows


def since_until(dated: Any) -> tuple[str, str]:
    return day(dated.since_on), day(dated.until_on) if dated.until_on else ""
