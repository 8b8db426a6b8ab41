"""Kept counts of filled fields by village, the villages whose counts are stale, and month-end pictures for movement."""

from django.db import models

from umeed.places.models import Place
from umeed.profiles.kinds import Kind


class Standing(models.Model):
    """Village × kind: how many profiles, how many of their fields are filled. Sums upward are made on reading."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="standings")
    kind = models.CharField(max_length=8, choices=Kind)
    records = models.PositiveIntegerField()
    complete = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()
    filled = models.PositiveBigIntegerField()
    possible = models.PositiveBigIntegerField()
    missing = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "place"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place_id}"


class Stale(models.Model):
    """A mark: something changed in a village since its counts were made. Laid by triggers, so no path is forgotten.

    One village may carry many marks: a unique row would make every writer of a village wait for a long load there.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_index=False)

    def __str__(self) -> str:
        return str(self.place_id)


class Picture(models.Model):
    """Block × kind at the end of a day, kept so that a rank can say how far it moved."""

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
