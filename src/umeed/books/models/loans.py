"""Loans: what women ask for, what was decided, what was lent, and on which terms, dated."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.books import codes
from umeed.books.models.book import Book, OfABook
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import LoanTerms
from umeed.books.rules.taken import called
from umeed.core.models import Record, Written
from umeed.institutions.models import Institution, Woman
from umeed.kernel.money import Paise


class LoanRequest(OfABook, Record):
    """A woman (or a group, in a VO's book) asks for a loan: a place in the queue until it is decided."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="requests")
    woman = models.ForeignKey(Woman, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    body = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_on = models.DateField(_("Asked on"))
    amount_paise = models.BigIntegerField(_("Amount"))
    purpose = models.CharField(_("Purpose"), max_length=12, choices=codes.Purpose)
    instalments = models.PositiveSmallIntegerField(_("Instalments wished"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=240, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_paise__gt=0), name="request_of_something"),
            models.CheckConstraint(
                condition=models.Q(woman__isnull=False, body__isnull=True)
                | models.Q(woman__isnull=True, body__isnull=False),
                name="request_of_exactly_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_on} {self.amount_paise}"


class LoanDecision(OfABook, Record):
    """What was decided on a request, by whom and why. The last one holds; one that puts off may promise a day."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_index=False)
    request = models.ForeignKey(LoanRequest, on_delete=models.PROTECT, related_name="decisions")
    decided_on = models.DateField(_("Decided on"))
    outcome = models.CharField(_("Decision"), max_length=10, choices=codes.Outcome)
    amount_paise = models.BigIntegerField(_("Amount"), null=True, blank=True)
    way = models.CharField(_("How it was decided"), max_length=10, choices=codes.Deciding)
    voted = ArrayField(models.UUIDField(), default=list, blank=True)
    promised_on = models.DateField(_("Promised for"), null=True, blank=True)
    # Why somebody who asked earlier waits while she is served.
    jump_why = models.CharField(_("Why before others"), max_length=240, blank=True)
    why = models.CharField(_("Reason"), max_length=240, blank=True)

    def __str__(self) -> str:
        return f"{self.outcome} {self.decided_on}"


class Loan(OfABook, Written):
    """Money lent: to a woman or another body, or by a bank or another body to this one.

    `twin` is the same loan in the other body's book: what moves one moves both, in one event.
    """

    class Way(models.TextChoices):
        GIVEN = "given", pgettext_lazy("loan", "Given")
        TAKEN = "taken", pgettext_lazy("loan", "Taken")

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="loans")
    way = models.CharField(max_length=5, choices=Way)
    # The head of the chart that its principal stands under.
    head = models.CharField(max_length=16, choices=codes.LoanHead)
    woman = models.ForeignKey(Woman, on_delete=models.PROTECT, null=True, blank=True, related_name="loans")
    body = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    twin = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    request = models.OneToOneField(LoanRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="loan")
    lent_on = models.DateField(_("Lent on"))
    source = models.CharField(_("Lent out of"), max_length=8, choices=codes.Source, blank=True)
    purpose = models.CharField(_("Purpose"), max_length=12, choices=codes.Purpose, blank=True)
    lender = models.CharField(_("Bank and branch"), max_length=120, blank=True)
    # Of its sanction or account; of an account only the end. Loans written before say it after the lender.
    number = models.CharField(
        _("Number of the sanction or account"), max_length=40, blank=True, default="", db_default=""
    )  # fmt: skip
    is_cash_credit = models.BooleanField(_("Cash credit"), default=False)

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def called(self) -> str:
        """Who lent it, with its number; or what kind of loan it is."""
        return called(self.lender, self.number) or str(self.get_head_display())


class CreditLimit(OfABook, Record):
    """The limit of a cash credit since a day: renewed, lowered, or nothing when it is ended. The first limit stands
    with the terms (`Agreement.carried`); of one day the last that was said holds."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_index=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="limits")
    since = models.DateField(_("Since"))
    limit_paise = models.BigIntegerField(_("Limit of the cash credit"))
    why = models.CharField(_("Letter of the bank: number and day"), max_length=240, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(limit_paise__gte=0), name="limit_of_something")]

    def __str__(self) -> str:
        return f"{self.since} {self.limit_paise}"


class Agreement(OfABook, Record):
    """The terms of a loan since a day. Another one follows when it is agreed anew; the older stays in the past.

    `principal_paise` is what was owed when these terms began. What a loan that ran before the book began had overdue
    on that day stands in the `overdue_…` columns, and in `carried` what it asks for, part by part.
    """

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="agreements", db_index=False)
    since = models.DateField(_("Since"))
    principal_paise = models.BigIntegerField(_("Principal"))
    rate_bp_a_year = models.PositiveIntegerField(_("Interest a year"), validators=[MaxValueValidator(10_000)])
    method = models.CharField(_("How interest is counted"), max_length=10, choices=codes.Method)
    frequency = models.CharField(_("Repaid"), max_length=12, choices=codes.Instalments)
    instalments = models.PositiveSmallIntegerField(_("Instalments"))
    first_due = models.DateField(_("First instalment due"))
    multiple_paise = models.PositiveIntegerField(_("Instalments in multiples of"), default=1)
    rounding_paise = models.PositiveIntegerField(_("Interest rounded to"), default=1)
    halves = models.CharField(_("A half is rounded"), max_length=4, choices=codes.Halves, default=codes.Halves.EVEN)
    # How a month that runs counts when it is repaid before it is over: of a woman's loan as the group's rules said when
    # these terms began, of any other as was agreed with it.
    part_month = models.CharField(
        _("A month that is not over"), max_length=5, choices=codes.PartMonth, default=codes.PartMonth.DUE,
        db_default=codes.PartMonth.DUE,
    )  # fmt: skip
    overdue_principal_paise = models.BigIntegerField(_("Principal overdue"), default=0)
    overdue_interest_paise = models.BigIntegerField(_("Interest overdue"), default=0)
    overdue_since = models.DateField(_("Overdue since"), null=True, blank=True)
    # Interest that had run until these terms began and was not due yet: it is with their first instalment.
    run_paise = models.BigIntegerField(_("Interest that has run"), default=0, db_default=0)
    resolution = models.CharField(_("Resolution"), max_length=240, blank=True)
    # What a loan that was taken over still asks for, and the limit of any cash credit: `rules/carried.py`.
    carried = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "since"], name="agreed_once_a_day"),
            # Of a loan that was taken over, interest may be owed, or agreed for later, and no principal; and the group
            # may resolve that what was agreed for later is asked no more.
            models.CheckConstraint(
                condition=models.Q(principal_paise__gt=0)
                | models.Q(models.Q(carried__isnull=False) | ~models.Q(resolution=""), principal_paise=0),
                name="agreement_on_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.since}"

    @property
    def lets_interest_go(self) -> bool:
        """Whether these are the last terms of all, under which nothing more is asked; `first_due` is then the day on
        which that was resolved."""
        return self.principal_paise == 0 and self.carried is None and bool(self.resolution)

    def terms_on(self, principal: Paise) -> LoanTerms:
        """As the rules take them, for a principal: that of the agreement, less what was overdue when it began."""
        return LoanTerms(
            principal=principal,
            rate_bp_a_year=self.rate_bp_a_year,
            method=self.method,  # type: ignore[arg-type]
            first_due=self.first_due,
            instalments=self.instalments,
            frequency=self.frequency,  # type: ignore[arg-type]
            lent_on=self.since,
            rounding=Rounding(self.rounding_paise, self.halves),  # type: ignore[arg-type]
            multiple=self.multiple_paise,
            part_month=self.part_month,  # type: ignore[arg-type]
        )
