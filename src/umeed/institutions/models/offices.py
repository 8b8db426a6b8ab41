"""Who acts for an institution, and who signs for its account."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.core.dated import Dated, DatedQuerySet, one_at_a_time
from umeed.core.models import Record
from umeed.core.scope import Scope
from umeed.institutions import codes
from umeed.institutions.models.institution import BankAccount, Institution
from umeed.institutions.models.people import Woman, women_of
from umeed.institutions.models.scoping import in_scope


def _held_by(scope: Scope, capability: str) -> models.Q:
    """What a woman holds (`woman`) is seen with her."""
    return in_scope(scope, capability, lambda ids: models.Q(woman__in=women_of(ids)), place="woman__place")


class OfficeTerm(Record, Dated):
    """A woman holds an office of an institution for a time: one person an office, one office a person."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="office_terms")
    woman = models.ForeignKey(Woman, on_delete=models.PROTECT, related_name="office_terms")
    office = models.CharField(_("Office"), max_length=12, choices=codes.Office)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            one_at_a_time("one_person_an_office", "institution", "office"),
            # Her own column first: asked for a woman alone, an index that begins with another is read nearly whole.
            one_at_a_time("one_office_a_person", "woman", "institution"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.woman_id}"

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(_held_by(scope, capability))


class Signatory(Record, Dated):
    """A woman may sign for a bank account for a time."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="signatories")
    woman = models.ForeignKey(Woman, on_delete=models.PROTECT, related_name="signatures")

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [one_at_a_time("signatory_once_at_a_time", "account", "woman")]

    def __str__(self) -> str:
        return f"{self.woman_id} for {self.account_id}"

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(_held_by(scope, capability))
