"""Pairs of records that may be one woman, merges of two records into one, and when a district was last searched."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from umeed.core.models import Record
from umeed.core.scope import Scope
from umeed.duplicates.bands import Band
from umeed.institutions.models import Woman
from umeed.places.models import Place, Within


class State(models.TextChoices):
    """What has become of a candidate."""

    OPEN = "open", _("To review")
    NOT_THE_SAME = "not_the_same", _("Not the same")
    MERGED = "merged", _("Merged")


def _sees(which: str, scope: Scope, capability: str) -> Q:
    """Whether the viewer sees one of the women. By her place, which is joined anyway: asking for the ids of all women
    in sight would read a whole district for a handful of pairs."""
    seen = Q(**{f"{which}__place__in": Within.in_reach(scope, capability)})
    if scope.institution_roots(capability):
        seen |= Q(**{f"{which}__in": Woman.objects.seen_by(scope, capability).values("pk")})
    return seen


class Candidate(Record):
    """Two records that may be one woman, each pair once (`low` has the smaller id). Nothing merges by itself.

    `bits` is the evidence (0 is one in two, 10 is 0.999), `signs` how each thing compares, never the values.
    """

    low = models.ForeignKey(Woman, on_delete=models.CASCADE, related_name="+", verbose_name=_("First record"))
    high = models.ForeignKey(Woman, on_delete=models.CASCADE, related_name="+", verbose_name=_("Second record"))
    bits = models.DecimalField(_("Evidence in bits"), max_digits=5, decimal_places=2)
    band = models.CharField(_("How likely"), max_length=8, choices=Band)
    signs = models.JSONField(_("What agrees"), default=dict)
    found_on = models.DateField(_("Found on"))
    state = models.CharField(_("State"), max_length=12, choices=State, default=State.OPEN)
    put_off_until = models.DateField(_("Put off until"), null=True, blank=True)
    settled_at = models.DateTimeField(_("Settled at"), null=True, blank=True)
    settled_by = models.CharField(_("Settled by"), max_length=200, blank=True)
    why = models.CharField(_("Why"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("possible duplicate")
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="candidate_pair_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="candidate_pair_in_order"),
        ]
        indexes = [models.Index(fields=["state", "band", "-bits"], name="candidate_by_state")]

    def __str__(self) -> str:
        return f"{self.low_id} {self.high_id}"

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        """Seen by those who see both women."""
        return rows.filter(_sees("low", scope, capability), _sees("high", scope, capability))


class Merge(Record):
    """One woman's second record became part of her first; `moved` says what changed, so that it can be taken back.

    moved    {"changes": [{"model", "id", "before", "after"}], "held": {model: ids the survivor had then}}, seals closed
    """

    # What moved is told by the entry's own changes, masked; here sealed text stands in its seal.
    AUDIT_HIDES = ("moved",)

    survivor = models.ForeignKey(Woman, on_delete=models.PROTECT, related_name="+", verbose_name=_("Kept record"))
    merged = models.ForeignKey(Woman, on_delete=models.PROTECT, related_name="+", verbose_name=_("Merged record"))
    merged_at = models.DateTimeField(_("Merged at"))
    merged_by = models.CharField(_("Merged by"), max_length=200)
    why = models.CharField(_("Why"), max_length=240)
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("Undone at"), null=True, blank=True)
    undone_by = models.CharField(_("Undone by"), max_length=200, blank=True)
    undone_why = models.CharField(_("Why it was undone"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("merge")
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merged_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="not_merged_into_itself"),
        ]
        indexes = [models.Index(fields=["survivor"], name="merge_by_survivor")]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        """Seen by those who see both women."""
        return rows.filter(_sees("survivor", scope, capability), _sees("merged", scope, capability))


class Search(models.Model):
    """A district was searched (no district: across districts): when, how many women, how many pairs to review."""

    district = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    at = models.DateTimeField()
    women = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    milliseconds = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["district", "-at"], name="search_by_district")]

    def __str__(self) -> str:
        return f"{self.district_id} {self.at}"
