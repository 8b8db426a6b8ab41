"""The grade that a VO gave by hand, beside the one that the books say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.models.book import Book, OfABook
from umeed.core.models import Record


class Grading(OfABook, Record):
    """A group's grade as its VO gave it on a day. The computed one is derived and never kept."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="gradings", db_index=False)
    graded_on = models.DateField(_("Graded on"))
    grade = models.CharField(_("Grade"), max_length=1, choices=codes.Grade)
    graded_by = models.CharField(_("Graded by"), max_length=120)
    note = models.CharField(_("Note"), max_length=240, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "graded_on"], name="graded_once_a_day")]

    def __str__(self) -> str:
        return f"{self.grade} {self.graded_on}"
