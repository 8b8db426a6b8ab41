"""The cut-off of a group with a past: what it had, and every woman with it, on the day its book begins here."""

from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from umeed.books.models.book import Book, OfABook
from umeed.books.models.ledger import Sheet
from umeed.core.models import Record, Written
from umeed.core.scope import Scope, ScopedQuerySet
from umeed.institutions.models import Institution


class CutOff(OfABook, Record):
    """The cut-off as it was written: its money is its sheet; `said` also holds what no balance tells (closed loans,
    meetings held). A corrected one replaces it, and its sheet is reversed."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="cut_offs", db_index=False)
    version = models.PositiveSmallIntegerField(default=1)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="cut_off")
    said = models.JSONField()
    meetings_before = models.PositiveIntegerField(default=0)
    checked_by = models.CharField(max_length=64, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "version"], name="cut_off_once")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.version}"


class OpenCutOff(Written):
    """A cut-off that is being written, as it was typed so far. The book may not be there yet: it belongs to the group.

    `id` is the one that the cut-off gets. `corrects` says which one it will replace.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    institution = models.OneToOneField(Institution, on_delete=models.PROTECT, related_name="open_cut_off")
    typed = models.JSONField(default=dict)
    corrects = models.ForeignKey(CutOff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    revision = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(db_default=TransactionNow())
    begun_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(institution__in=Institution.objects.seen_by(scope, capability))
