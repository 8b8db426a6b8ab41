"""The cut-off of a group with a past: what it had, and every woman with it, on the day its book begins here."""

from django.db import models

from umeed.books.models.book import Book, OfABook
from umeed.books.models.ledger import Sheet
from umeed.core.models import Record


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
