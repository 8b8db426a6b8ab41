"""Everything that hangs on a woman, read for a merge: which rows there are, and what they are called in a sentence.

A room above that ties rows of its own to a woman is not known here; a test fails when such a foreign key appears, so
that somebody decides whether it is carried along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from umeed.core.scope import Scope
from umeed.duplicates import rules
from umeed.institutions.actions.finding import names_seen
from umeed.institutions.models import Alias, BankAccount, Consent, Membership, OfficeTerm, Signatory, Woman

# Every model with a foreign key to a woman that a merge carries over, by its label.
CARRIED = {model._meta.label_lower: model for model in (Membership, OfficeTerm, Signatory, Consent, Alias)}
WORDS = {
    Membership: _("Membership"), OfficeTerm: _("Office"), Signatory: _("Signature for a bank account"),
    Consent: _("Consent"), Alias: _("Id of another system"), Woman: _("Profile"),
}  # fmt: skip
ELSEWHERE = _("an institution outside your area")


@dataclass
class Ties:
    """The rows of two women. `names` are those of the institutions that the person acting may see; no row is left out
    because its institution is not among them.
    """

    keep: Woman
    other: Woman
    memberships: list[Membership]
    offices: list[OfficeTerm]
    signatures: list[Signatory]
    consents: list[Consent]
    aliases: list[Alias]
    names: Mapping[UUID, str]
    institution_of_account: Mapping[UUID, UUID]

    def side(self, row: Any) -> rules.Side:
        return "keep" if row.woman_id == self.keep.pk else "other"

    def of_membership(self) -> list[rules.Tie]:
        return [
            rules.Tie(
                row.pk, self.side(row), row.institution_id, self.name(row.institution_id), span_of(row),
                is_group=row.kind == "shg",
            )
            for row in self.memberships
        ]  # fmt: skip

    def of_office(self) -> list[rules.Tie]:
        return [
            rules.Tie(
                row.pk, self.side(row), row.institution_id, self.name(row.institution_id), span_of(row),
                what=str(row.get_office_display()),
            )
            for row in self.offices
        ]  # fmt: skip

    def name(self, institution_id: UUID) -> str:
        return self.names.get(institution_id) or str(ELSEWHERE)

    def overlapping(self) -> list[tuple[rules.Tie, rules.Tie]]:
        """Pairs of memberships that one woman cannot have at once, in a lasting order."""
        found = self.of_membership()
        return rules.overlapping(
            [tie for tie in found if tie.side == "keep"], [tie for tie in found if tie.side == "other"]
        )


def span_of(row: Any) -> rules.Span:
    return rules.Span(row.during.lower, row.during.upper)


def ties_of(by: Scope, keep: Woman, other: Woman, *, lock: bool = False) -> Ties:
    """What hangs on two women. Seven queries, none joined: a join would drop what lies in institutions out of reach."""

    def rows(model: Any) -> list[Any]:
        found = model.objects.filter(woman__in=[keep.pk, other.pk]).order_by("pk")
        return list(found.select_for_update() if lock else found)

    memberships, offices, signatures = rows(Membership), rows(OfficeTerm), rows(Signatory)
    accounts = BankAccount.objects.filter(pk__in={row.account_id for row in signatures})
    return Ties(
        keep, other, memberships, offices, signatures, consents=rows(Consent), aliases=rows(Alias),
        names=names_seen(by, {row.institution_id for row in (*memberships, *offices)}),
        institution_of_account=dict(accounts.values_list("pk", "institution_id")),
    )  # fmt: skip


def held_by(woman_id: UUID) -> dict[str, list[str]]:
    """Ids of everything that hangs on a woman, by model, to tell later what was added."""
    return {
        label: sorted(str(pk) for pk in model.objects.filter(woman=woman_id).values_list("pk", flat=True))
        for label, model in CARRIED.items()
    }


def in_words(by: Scope, row: Any) -> str:
    """A row as a sentence names it: “Membership: Noor SHG”."""
    about = ""
    if isinstance(row, (Membership, OfficeTerm)):
        about = names_seen(by, [row.institution_id]).get(row.institution_id) or str(ELSEWHERE)
    elif isinstance(row, Consent):
        about = str(row.get_purpose_display())
    elif isinstance(row, Alias):
        about = f"{row.get_system_display()} {row.value}"
    elif isinstance(row, Woman):
        about = row.name
    return f"{WORDS[type(row)]}: {about}" if about else str(WORDS[type(row)])


def each(rows: Iterable[Any]) -> dict[Any, Any]:
    return {row.pk: row for row in rows}
