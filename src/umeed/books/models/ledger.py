"""The ledger: a sheet is posted whole and never changed; its lines add up to nothing; what can be derived is derived.

What PostgreSQL itself refuses stands in `migrations/0002_the_ledger_guards_itself.py`.
"""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.books.models.book import Book, OfABook
from umeed.books.models.loans import Loan
from umeed.books.rules.sheets import MOST_PAISE
from umeed.core.scope import ScopedQuerySet
from umeed.institutions.models import Institution, Woman


class Sheet(OfABook):
    """One event in one book: a meeting, a visit to the bank, a cut-off, a reversal. Whole paise, debits positive.

    `digest` is the SHA-256 of what was sent, so that the same sheet again is known and another one under its id is not
    taken for it. `recorded_at` is when the book learnt of it: balances as known at any time are read by it.
    `event` is shared by the two sheets, in two books, of what happens between two bodies.
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
    # The sheet's own guard looks that its book is there; books stay.
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="sheets", db_index=False, db_constraint=False)
    on_date = models.DateField()
    kind = models.PositiveSmallIntegerField(choices=Kind)
    line_count = models.PositiveSmallIntegerField()
    event = models.UUIDField(null=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    digest = models.BinaryField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    recorded_by = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["book", "on_date"], name="sheet_by_book_and_day"),
            models.Index(fields=["on_date"], include=["id", "book"], name="sheet_by_day"),
            models.Index(fields=["event"], condition=models.Q(event__isnull=False), name="sheet_by_event"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(line_count__gte=2), name="sheet_of_two_lines_or_more"),
            # One range: PostgreSQL reads a list of single numbers anew for every statement (decision 0012).
            models.CheckConstraint(condition=models.Q(kind__range=(1, 6)), name="sheet_of_a_known_kind"),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True) | models.Q(kind=6), name="only_a_reversal_reverses"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on_date}"


class Line(OfABook):
    """One amount under one head. Positive is debit."""

    pk = models.CompositePrimaryKey("sheet", "position")
    # That the sheet of every line is there, and what else a line names, the database looks up once a sheet by itself.
    # Foreign keys would look once a line, and a year's loading long.
    sheet = models.ForeignKey(
        Sheet, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    amount_paise = models.BigIntegerField()
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    position = models.SmallIntegerField()
    head = models.SmallIntegerField()
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
        # A fourth of all lines name a loan.
        indexes = [models.Index(fields=["loan"], condition=models.Q(loan__isnull=False), name="line_of_loan")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_paise=0), name="line_of_something"),
            models.CheckConstraint(
                condition=models.Q(amount_paise__range=(-MOST_PAISE, MOST_PAISE)), name="line_of_an_amount_there_can_be"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head} {self.amount_paise}"


class Movement(OfABook):
    """Debits and credits of a head in a book in a month (year × 12 + month − 1). Kept by the database."""

    pk = models.CompositePrimaryKey("book", "month", "head")
    book = models.ForeignKey(
        Book, on_delete=models.PROTECT, related_name="movements", db_index=False, db_constraint=False
    )
    month = models.IntegerField()
    head = models.SmallIntegerField()
    debit_paise = models.BigIntegerField()
    credit_paise = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.head} {self.month}"
