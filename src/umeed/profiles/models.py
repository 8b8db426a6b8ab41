"""Kept counts of filled fields by village and summed upward, what of it is stale, and pictures for movement."""

from django.db import models

from umeed.places.models import Place
from umeed.profiles.kinds import Kind


class Sums(models.Model):
    """Place × kind: how many profiles, how many of their fields are filled, and how often each field is missing."""

    kind = models.CharField(max_length=8, choices=Kind)
    records = models.PositiveIntegerField()
    complete = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()
    filled = models.PositiveBigIntegerField()
    possible = models.PositiveBigIntegerField()
    missing = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Standing(Sums):
    """The counts of a village's own records."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="standings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "place"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place_id}"


class Rollup(Sums):
    """The standings of all villages that lie in a block, district or State on a day, added up.

    Only one day's rollups are kept: today's. They move with the villages' counts and are made anew when the tree
    changes.
    """

    on = models.DateField()
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="rollups")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "place"], name="rollup_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place_id} {self.on}"


class Stale(models.Model):
    """A mark: something changed in a village since its counts were made; without a village, the tree itself changed.

    Laid by triggers, so no path is forgotten. One village may carry many marks: a unique row would make every writer of
    a village wait for a long load there.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_index=False, null=True)

    def __str__(self) -> str:
        return str(self.place_id)


class Picture(models.Model):
    """Block or district × kind at the end of a day, under that day's tree, so that a rank can say how far it moved."""

    on = models.DateField()
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    records = models.PositiveIntegerField()
    filled = models.PositiveBigIntegerField()
    possible = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "kind", "place"], name="picture_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.place_id}"
