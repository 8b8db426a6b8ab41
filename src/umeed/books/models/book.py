"""The book of an institution, and the months of it that are closed."""

from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.core.models import Written
from umeed.core.scope import Scope, ScopedQuerySet
from umeed.institutions.models import Institution


class Book(Written):
    """The book of an institution. Its number stands on every line, so it is small."""

    id = models.AutoField(primary_key=True)
    institution = models.OneToOneField(Institution, on_delete=models.PROTECT, related_name="book")
    opened_on = models.DateField(_("Kept since"))

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.institution.name

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        seen = Institution.objects.seen_by(scope, capability)
        return rows.filter(institution__in=seen)


class OfABook(models.Model):
    """What is seen with its book."""

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(book__in=Book.objects.seen_by(scope, capability))


class MonthLock(OfABook, Written):
    """A month of a book that is closed: nothing dated in it is posted any more."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="locks", db_index=False)
    month = models.IntegerField()
    locked_at = models.DateTimeField(db_default=TransactionNow())
    locked_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "month"], name="month_locked_once")]

    def __str__(self) -> str:
        return f"{self.month}"
