"""The part `women`: who belongs to a group or ever did, what each is called, and what may be corrected of her."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from umeed.books.ledger.balances import kept_women
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.field.bundles.columns import plain, without_empty
from umeed.field.bundles.windows import KEEP, Window
from umeed.institutions.models import Membership, Woman
from umeed.institutions.naming import memberships_called

SEE = "women.see"
# What she may correct and is told; the order of the page.
TOLD = (
    "name", "belonging_name", "relation", "born_on", "born_year", "gender", "marital", "is_household_head", "education",
    "phone_owner", "has_smartphone", "account_opened_on", "is_account_seeded", "livelihoods", "nominee_name",
    "nominee_relation", "is_insured", "address", "pin_code", "died_on", "checked_on",
)  # fmt: skip
# What she may write and is not told: that it is filled in, to who may see it. What is read uncovered stands in the
# audit chain, record by record; a copy on a phone would not.
COVERED = {
    "phone": "women.see_contact", "account_number": "women.see_bank", "account_name": "women.see_bank",
    "ifsc": "women.see_bank", "identity_last4": "women.see_bank", "social_category": "women.see_social",
    "religion": "women.see_social", "disability": "women.see_social", "guardian_name": "women.see_social",
}  # fmt: skip
_MORE = ("institution", "during", "woman__merged_into", "woman__revision")


def women_parts(
    scope: Scope, windows: Sequence[Window], named: Mapping[UUID, Iterable[UUID]]
) -> dict[UUID, list[dict[str, Any]]]:
    """{group: its part}. Four questions."""
    groups = [one.group.pk for one in windows]
    told = TOLD if scope.implies(KEEP, SEE) else ()
    covered = [name for name, capability in COVERED.items() if told and scope.implies(KEEP, capability)]
    ties = Membership.objects.filter(institution__in=groups)
    ties = ties.annotate(**{f"has_{name}": _filled(name) for name in covered})
    columns = (*_MORE, *(f"woman__{name}" for name in told), *(f"has_{name}" for name in covered))
    found: dict[UUID, dict[UUID, dict[str, Any]]] = {pk: {} for pk in groups}
    for woman, called, (group, during, merged, revision, *more) in memberships_called(ties, *columns):
        rows = found[group]  # type: ignore[index]
        row = rows.setdefault(woman, {"id": str(woman), "name": called, "during": [], "revision": revision})
        row["during"].append(plain([during.lower, during.upper]))  # type: ignore[attr-defined]
        profile = dict(zip(told, more, strict=False))
        row["merged"] = merged
        row["profile"] = without_empty(plain(profile)) | {
            name: False for name in ("is_household_head", "has_smartphone", "is_account_seeded", "is_insured")
            if profile.get(name) is False
        }  # fmt: skip
        row["covered"] = [name for name, has in zip(covered, more[len(told) :], strict=True) if has]
    _add_others(found, named)
    _add_merged(found)
    _say_kept(found)
    return {pk: [without_empty(row, "during", "name") for row in rows.values()] for pk, rows in found.items()}


def _filled(name: str) -> ExpressionWrapper:
    return ExpressionWrapper(~Q(**{f"woman__{name}": ""}), output_field=BooleanField())


def _add_others(found: dict[UUID, dict[UUID, dict[str, Any]]], named: Mapping[UUID, Iterable[UUID]]) -> None:
    """Whom lines name and who never belonged: records that were merged into hers."""
    others = {group: [pk for pk in named.get(group, ()) if pk not in rows] for group, rows in found.items()}
    asked = {pk for every in others.values() for pk in every}
    called = dict(Woman.objects.filter(pk__in=asked).values_list("pk", "name")) if asked else {}
    for group, every in others.items():
        for pk in sorted(every, key=str):
            found[group][pk] = {"id": str(pk), "name": called.get(pk, ""), "during": [], "merged": pk}


def _add_merged(found: dict[UUID, dict[UUID, dict[str, Any]]]) -> None:
    """Records that were merged into theirs and that no line names: what a phone writes may name them still. Only their
    ids: who keeps the book sees no more of them."""
    groups: dict[UUID, list[UUID]] = {}
    for group, rows in found.items():
        for pk in rows:
            groups.setdefault(pk, []).append(group)
    while groups:
        with as_system():
            merged = list(Woman.objects.filter(merged_into__in=groups).order_by("pk").values_list("pk", "merged_into"))
        above, groups = groups, {}
        for pk, into in merged:
            groups[pk] = above[into]
            for group in above[into]:
                found[group].setdefault(pk, {"id": str(pk), "name": "", "during": [], "merged": into})


def _say_kept(found: dict[UUID, dict[UUID, dict[str, Any]]]) -> None:
    merged = {pk for rows in found.values() for pk, row in rows.items() if row["merged"] is not None}
    kept = kept_women(merged)
    for rows in found.values():
        for pk, row in rows.items():
            del row["merged"]
            if kept.get(pk, pk) != pk:
                row["kept"] = str(kept[pk])
