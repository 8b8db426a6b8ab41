"""The rules that a group gave itself, dated: what is saved, how interest is counted, what is fined."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.models.book import Book, OfABook
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.rounding import Rounding
from umeed.core.models import Record
from umeed.kernel.money import Paise


class Bylaw(OfABook, Record):
    """A group's own rules since a day; the next row ends them. What was decided under older ones stays explainable."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="bylaws", db_index=False)
    since = models.DateField(_("Since"))
    compulsory_paise = models.BigIntegerField(_("Compulsory saving a meeting"), default=0)
    food_paise = models.BigIntegerField(_("Food security saving a meeting"), default=0)
    health_paise = models.BigIntegerField(_("Health saving a meeting"), default=0)
    takes_optional = models.BooleanField(_("Optional saving is taken"), default=True)
    rate_bp_a_year = models.PositiveIntegerField(_("Interest a year"), validators=[MaxValueValidator(10_000)])
    method = models.CharField(_("How interest is counted"), max_length=10, choices=codes.Method)
    part_month = models.CharField(
        _("Interest for a month that is not over"), max_length=5, choices=codes.PartMonth,
        default=codes.PartMonth.DAYS, db_default=codes.PartMonth.DAYS,
    )  # fmt: skip
    frequency = models.CharField(_("Repaid"), max_length=12, choices=codes.Instalments)
    instalments = models.PositiveSmallIntegerField(_("Instalments usually"), default=10)
    multiple_paise = models.PositiveIntegerField(_("Instalments in multiples of"), default=100)
    rounding_paise = models.PositiveIntegerField(_("Interest rounded to"), default=100)
    halves = models.CharField(_("A half is rounded"), max_length=4, choices=codes.Halves, default=codes.Halves.UP)
    order = models.CharField(_("A repayment pays first"), max_length=3, choices=codes.Order, default=codes.Order.PIR)
    fine_late_paise = models.BigIntegerField(_("Fine for coming late"), default=0)
    fine_absent_paise = models.BigIntegerField(_("Fine for being absent"), default=0)
    penalty_paise = models.BigIntegerField(_("Penalty for an instalment not paid"), default=0)
    quorum_percent = models.PositiveSmallIntegerField(
        _("Quorum, per cent of the members"), default=50, validators=[MaxValueValidator(100)]
    )
    most_paise = models.BigIntegerField(_("Largest loan"), null=True, blank=True)
    # M8 of the field's practice: no second loan while something is overdue.
    lends_to_overdue = models.BooleanField(_("Lends while something is overdue"), default=False)
    resolution = models.CharField(_("Resolution"), max_length=240, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "since"], name="bylaws_once_a_day")]

    def __str__(self) -> str:
        return str(self.since)

    @property
    def plain(self) -> Bylaws:
        """As the rules take them."""
        return Bylaws(
            savings={
                "saving_compulsory": Paise(self.compulsory_paise),
                "saving_food": Paise(self.food_paise),
                "saving_health": Paise(self.health_paise),
            },
            takes_optional=self.takes_optional,
            rate_bp_a_year=self.rate_bp_a_year,
            method=self.method,  # type: ignore[arg-type]
            part_month=self.part_month,  # type: ignore[arg-type]
            frequency=self.frequency,  # type: ignore[arg-type]
            instalments=self.instalments,
            multiple=self.multiple_paise,
            rounding=Rounding(self.rounding_paise, self.halves),  # type: ignore[arg-type]
            order=codes.ORDERS[self.order],
            fine_late=Paise(self.fine_late_paise),
            fine_absent=Paise(self.fine_absent_paise),
            penalty=Paise(self.penalty_paise),
            quorum_percent=self.quorum_percent,
            most=None if self.most_paise is None else Paise(self.most_paise),
            lends_to_overdue=self.lends_to_overdue,
        )
