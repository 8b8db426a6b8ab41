"""The book of an institution, and the months of it that are closed."""

import datetime
from typing import Any, Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.books.rules.sheets import month_of
from umeed.core.models import Written
from umeed.core.scope import Scope, ScopedQuerySet
from umeed.institutions.models import Institution, in_scope


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
        # By what joins the institution anyhow: asked for apart, its second door would be opened twice.
        return rows.filter(
            in_scope(scope, capability, lambda ids: models.Q(institution__in=ids), place="institution__place")
        )


class OfABook(models.Model):
    """What is seen with its book."""

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @staticmethod
    def visible_to(rows: models.QuerySet[Any], scope: Scope, capability: str) -> models.QuerySet[Any]:
        return rows.filter(book__in=Book.objects.seen_by(scope, capability))


class MonthLocks(ScopedQuerySet):
    def closing(self, day: datetime.date) -> Self:
        """Those by which the month of a day is closed: its own, or one of a later month."""
        return self.filter(month__gte=month_of(day))


class MonthLock(OfABook, Written):
    """A month of a book that is closed, and all before it: nothing dated until its end is posted any more."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="locks", db_index=False)
    month = models.IntegerField()
    locked_at = models.DateTimeField(db_default=TransactionNow())
    locked_by = models.CharField(max_length=64)

    objects = MonthLocks.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "month"], name="month_locked_once")]

    def __str__(self) -> str:
        return f"{self.month}"
