"""Books: a sheet is posted whole and never changed; its lines add up to nothing; what can be derived is derived.

What PostgreSQL itself refuses stands in `migrations/0002_the_ledger_guards_itself.py`.
"""

from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.core.models import Written
from umeed.core.scope import Scope, ScopedQuerySet
from umeed.institutions.models import Institution, Woman


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


class Loan(Written):
    """Money lent: to a woman or another body, or by a bank or another body to this one. Its terms are dated apart."""

    class Way(models.TextChoices):
        GIVEN = "given", _("Given")
        TAKEN = "taken", _("Taken")

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="loans")
    way = models.CharField(max_length=5, choices=Way)
    woman = models.ForeignKey(Woman, on_delete=models.PROTECT, null=True, blank=True, related_name="loans")
    body = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.uid)


class Sheet(models.Model):
    """One event in one book: a meeting, a visit to the bank, a cut-off, a reversal. Whole paise, debits positive.

    `digest` is the SHA-256 of what was sent, so that the same sheet again is known and another one under its id is not
    taken for it. `recorded_at` is when the book learnt of it: balances as known at any time are read by it.
    """

    class Kind(models.IntegerChoices):
        MEETING = 1, _("Meeting")
        BANK = 2, _("Bank")
        BETWEEN_BODIES = 3, _("Between two bodies")
        CUT_OFF = 4, _("Cut-off")
        ADJUSTMENT = 5, _("Adjustment")
        REVERSAL = 6, _("Reversal")

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="sheets", db_index=False)
    on_date = models.DateField()
    kind = models.PositiveSmallIntegerField(choices=Kind)
    line_count = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(null=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    digest = models.BinaryField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    recorded_by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["book", "on_date"], name="sheet_by_book_and_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "number"], name="meeting_numbered_once", condition=models.Q(number__isnull=False)
            ),
            models.CheckConstraint(condition=models.Q(line_count__gte=2), name="sheet_of_two_lines_or_more"),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True) | models.Q(kind=6), name="only_a_reversal_reverses"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on_date}"


class Line(models.Model):
    """One amount under one head. Positive is debit."""

    pk = models.CompositePrimaryKey("sheet", "position")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="lines", db_index=False)
    amount_paise = models.BigIntegerField()
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    position = models.SmallIntegerField()
    head = models.SmallIntegerField()
    # The database looks up what lines name once a sheet: constraints would look once a line, and a year's loading long.
    loan = models.ForeignKey(
        Loan, on_delete=models.PROTECT, null=True, related_name="lines", db_index=False, db_constraint=False
    )
    woman = models.ForeignKey(
        Woman, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    body = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_paise=0), name="line_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.head} {self.amount_paise}"


class Movement(models.Model):
    """Debits and credits of a head in a book in a month (year × 12 + month − 1). Kept by the database."""

    pk = models.CompositePrimaryKey("book", "month", "head")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="movements", db_index=False)
    month = models.IntegerField()
    head = models.SmallIntegerField()
    debit_paise = models.BigIntegerField()
    credit_paise = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.head} {self.month}"


class MonthLock(Written):
    """A month of a book that is closed: nothing dated in it is posted any more."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="locks", db_index=False)
    month = models.IntegerField()
    locked_at = models.DateTimeField(db_default=TransactionNow())
    locked_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "month"], name="month_locked_once")]

    def __str__(self) -> str:
        return f"{self.month}"
