"""Missions, places, their dated names and parents, and the dated closure over both lines of the tree."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.core.dated import Dated, DatedQuerySet, one_at_a_time
from umeed.core.models import Written
from umeed.core.scope import Scope, ScopedQuerySet
from umeed.places import naming


class Kind(models.TextChoices):
    """Levels of the tree. Revenue line: district, tehsil, village; development line: block, panchayat, village."""

    STATE = "state", _("State or UT")
    DISTRICT = "district", _("District")
    TEHSIL = "tehsil", _("Tehsil")
    BLOCK = "block", _("Block")
    PANCHAYAT = "panchayat", _("Panchayat")
    VILLAGE = "village", _("Village")
    HABITATION = "habitation", _("Habitation")


class Line(models.TextChoices):
    """Why a place lies in another: by the programme's tree, by the revenue tree, or because it was merged into it."""

    DEVELOPMENT = "development", _("Development line")
    REVENUE = "revenue", _("Revenue line")
    MERGED = "merged", _("Merged into")


class Mission(Written):
    """One rural livelihoods mission. Several may live in one installation."""

    key = models.SlugField(primary_key=True, max_length=20)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    opened_on = models.DateField()

    def __str__(self) -> str:
        return self.short_name


class Place(Written):
    """A place with an identity that outlives its names, parents and even its end.

    `name` is today's name, kept beside the dated `PlaceName` rows by the same action, because every list shows it.
    """

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="places")
    kind = models.CharField(max_length=12, choices=Kind)
    lgd_code = models.PositiveIntegerField(null=True, blank=True)
    name = models.CharField(max_length=120)
    name_local = models.CharField(max_length=120, blank=True)
    census_2001 = models.CharField(max_length=12, blank=True)
    census_2011 = models.CharField(max_length=12, blank=True)
    is_invented = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "lgd_code"], condition=models.Q(lgd_code__isnull=False), name="place_lgd_code_once"
            )
        ]
        indexes = [models.Index(fields=["mission", "kind", "name"], name="place_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """Its name in the reader's language: what every page shows."""
        return naming.called(self.kind, self.name, self.name_local)

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(pk__in=Within.in_reach(scope, capability))


class PlaceName(Written, Dated):
    """What a place was called, in English and in its own script, and when."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    name_local = models.CharField(max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [one_at_a_time("place_one_name_at_a_time", "place")]

    def __str__(self) -> str:
        return self.name


class Lying(Written, Dated):
    """A place lies directly in another, in one line of the tree, for a time."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="lyings")
    parent = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="holds")
    line = models.CharField(max_length=12, choices=Line)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            one_at_a_time("place_one_parent_a_line", "place", "line"),
            models.CheckConstraint(condition=~models.Q(place=models.F("parent")), name="place_not_in_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} in {self.parent_id}"


class Within(Dated):
    """The dated closure: `below` lay in `above` during these days, over any line; every place lies in itself.

    Kept by `places.closure` in the transaction of the `Lying` rows it follows from; `manage places_recount` proves it.
    """

    above = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_index=False)
    below = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_index=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        # The pair is folded into one number, so that PostgreSQL never takes the guard's index for a question about
        # `below` alone: it would read nearly all of it, a hundred times slower than `within_up`.
        constraints = [
            ExclusionConstraint(
                name="within_once_at_a_time",
                expressions=[(models.F("above") * 2**32 + models.F("below"), "="), ("during", "&&")],
            )
        ]
        indexes = [
            models.Index(fields=["above", "below"], include=["during"], name="within_down"),
            models.Index(fields=["below", "above"], include=["during"], name="within_up"),
        ]

    def __str__(self) -> str:
        return f"{self.below_id} within {self.above_id}"

    @classmethod
    def in_reach(cls, scope: Scope, capability: str) -> RawSQL:
        """Ids of all places in which the viewer has the capability today, for `…__in=`.

        Written out, because nearly every question asks it and a queryset takes half a millisecond to say this.
        """
        return RawSQL(
            "SELECT below_id FROM places_within WHERE above_id = ANY(%s::bigint[]) AND during @> %s::date",
            (list(scope.place_roots(capability)), scope.today),
        )


class Tag(models.TextChoices):
    """Marks a place carries for a time. Coverage is the mission's own start of work there."""

    COVERED = "covered", _("Covered by the mission")
    ASPIRATIONAL = "aspirational", _("Aspirational block")
    VIBRANT = "vibrant", _("Vibrant village")
    HARD_TO_REACH = "hard_to_reach", _("Hard to reach")
    SNOW_BOUND = "snow_bound", _("Snow-bound months")


class PlaceTag(Written, Dated):
    """A tag on a place for a time, with its source."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="tags")
    tag = models.CharField(max_length=16, choices=Tag)
    source = models.CharField(max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [one_at_a_time("place_tag_once_at_a_time", "place", "tag")]

    def __str__(self) -> str:
        return f"{self.tag} {self.place_id}"


class PlaceChange(Written):
    """A dated change of the tree as the gazette knows it: split, merge, move, rename, open, end."""

    class What(models.TextChoices):
        OPEN = "open", _("Opened")
        SPLIT = "split", pgettext_lazy("what happened to a place", "Split")
        MERGE = "merge", _("Merged")
        MOVE = "move", _("Moved")
        RENAME = "rename", _("Renamed")
        END = "end", _("Ended")

    what = models.CharField(max_length=8, choices=What)
    on = models.DateField()
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="changes")
    other = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+")
    says = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    # The load that brought the change, so that the load can be taken back; empty when a person made it on a page.
    load_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["load_id"], name="place_change_by_load", condition=~models.Q(load_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.place_id} {self.on}"
