"""What this room tells the room of access: where women and institutions lie, how these are found, what is covered."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from umeed.access import records
from umeed.access.records import InstitutionFacts, Whereabouts
from umeed.core.audit_pages import words
from umeed.core.scope import Scope
from umeed.institutions.models import BankAccount, Federation, Institution, Membership, Woman

_WOMAN_COVERED = {
    "phone": "women.see_contact",
    "account_number": "women.see_bank",
    "account_name": "women.see_bank",
    "ifsc": "women.see_bank",
    "social_category": "women.see_social",
    "religion": "women.see_social",
    "is_pvtg": "women.see_social",
    "disability": "women.see_social",
    "disability_kind": "women.see_social",
    "guardian_name": "women.see_social",
    "identity_hash": "site.run",
    "identity_last4": "women.see_bank",
}


def declare() -> None:
    """Called once at start."""
    records.offer_institutions(records.Institutions(facts_of, in_reach, search))
    sensitive = ("women.see_contact", "women.see_bank", "women.see_social", "women.change")
    records.offer("institutions_woman", _woman, capability="women.see", title=_("Woman"), sensitive=sensitive)
    records.offer(
        "institutions_institution", _institution, capability="institutions.see", title=_("Institution"),
        sensitive=("institutions.change", "women.see"),
    )  # fmt: skip
    words.cover(Woman._meta.db_table, _WOMAN_COVERED)
    words.cover(Institution._meta.db_table, {"bookkeeper_phone": "women.see_contact"})
    words.cover(BankAccount._meta.db_table, {"number": "women.see_bank"})


def facts_of(ids: Collection[UUID]) -> Mapping[UUID, InstitutionFacts]:
    return {row[0]: InstitutionFacts(*row) for row in _rows(Institution.objects.filter(pk__in=ids))}


def _rows(found: Any) -> Any:
    return found.values_list("pk", "name", "kind", "place_id")


def in_reach(scope: Scope, capability: str) -> Any:
    return Institution.objects.seen_by(scope, capability).order_by().values("pk")


def search(scope: Scope, text: str, kinds: Collection[str]) -> Iterable[InstitutionFacts]:
    found = Institution.objects.seen_by(scope, "users.change").filter(name__icontains=text, kind__in=kinds)
    return [InstitutionFacts(*row) for row in _rows(found.order_by("name", "pk")[:20])]


def _woman(scope: Scope, key: str) -> Whereabouts | None:
    woman = _seen(Woman, scope, "women.see", key)
    if woman is None:
        return None
    groups = Membership.objects.filter(woman=woman).values_list("institution_id", flat=True)
    return Whereabouts(woman.name, woman.place_id, _with_above(scope, groups))


def _institution(scope: Scope, key: str) -> Whereabouts | None:
    found = _seen(Institution, scope, "institutions.see", key)
    return Whereabouts(found.name, found.place_id, _with_above(scope, [found.pk])) if found else None


def _seen(model: Any, scope: Scope, capability: str, key: str) -> Any:
    try:
        return model.objects.seen_by(scope, capability).filter(pk=UUID(key)).first()
    except ValueError:
        return None


def _with_above(scope: Scope, ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """The institutions with all that they are federated to today: postings at any of them reach the record."""
    found = set(ids)
    layer = set(found)
    while layer:
        above = Federation.objects.on(scope.today).filter(member__in=layer).values_list("above_id", flat=True)
        layer = set(above) - found
        found |= layer
    return tuple(sorted(found))
