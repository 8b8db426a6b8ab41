"""By what other systems know a woman, a household or an institution."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.core.dated import Dated, DatedQuerySet, one_at_a_time
from umeed.core.models import Record
from umeed.institutions import codes
from umeed.institutions.models.institution import Institution
from umeed.institutions.models.people import Household, Woman


class Alias(Record, Dated):
    """The id by which another system knows a woman, a household or an institution, for a time."""

    system = models.CharField(_("System"), max_length=10, choices=codes.System)
    value = models.CharField(_("Id there"), max_length=60)
    woman = models.ForeignKey(Woman, on_delete=models.CASCADE, null=True, blank=True, related_name="aliases")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, null=True, blank=True, related_name="aliases")
    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, null=True, blank=True, related_name="aliases"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            one_at_a_time("alias_means_one_thing", "system", "value"),
            models.CheckConstraint(
                condition=models.Q(woman__isnull=False, household__isnull=True, institution__isnull=True)
                | models.Q(woman__isnull=True, household__isnull=False, institution__isnull=True)
                | models.Q(woman__isnull=True, household__isnull=True, institution__isnull=False),
                name="alias_of_exactly_one",
            ),
        ]
        indexes = [models.Index(fields=["system", "value"], name="alias_by_system")]

    def __str__(self) -> str:
        return f"{self.system} {self.value}"
