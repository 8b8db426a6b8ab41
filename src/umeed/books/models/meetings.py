"""Meetings: those that were closed, which nothing changes any more, and the one that is being written."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models.expressions import NegatedExpression
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.models.book import Book, OfABook
from umeed.books.models.ledger import Sheet
from umeed.core.models import Written
from umeed.institutions.models import Woman


class Meeting(OfABook):
    """A meeting that was closed, or a week without one and why. Append-only.

    Its money is its sheet (none when no money moved); `said` is the document as it was sent, the evidence; `digest` its
    SHA-256. A corrected meeting is a new row with `replaces` and the next `version`; the old one's sheet is reversed.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="meetings", db_index=False)
    number = models.PositiveIntegerField(_("Number"), null=True)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    held_on = models.DateField(_("Held on"))
    kind = models.CharField(_("Kind"), max_length=8, choices=codes.MeetingKind)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    president = models.ForeignKey(Woman, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    present = ArrayField(models.UUIDField(), default=list)
    late = ArrayField(models.UUIDField(), default=list)
    absent = ArrayField(models.UUIDField(), default=list)
    on_leave = ArrayField(models.UUIDField(), default=list)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, null=True, related_name="meeting")
    counted_paise = models.BigIntegerField(_("Cash counted"))
    said = models.JSONField()
    digest = models.BinaryField()
    closed_at = models.DateTimeField(db_default=TransactionNow())
    closed_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number", "version"], name="meeting_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(kind="missed", number__isnull=True)
                | models.Q(number__gte=1) & ~models.Q(kind="missed"),
                name="a_meeting_that_was_held_has_a_number",
            ),
            models.CheckConstraint(condition=models.Q(counted_paise__gte=0), name="counted_cash_is_not_negative"),
        ]
        indexes = [
            models.Index(fields=["book", "held_on"], name="meeting_by_book_and_day"),
            # A correction is rare: those of a book are found without looking through those of all.
            models.Index(
                fields=["book", "replaces"], name="correction_by_book", condition=models.Q(replaces__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.held_on}"

    @property
    def who_came(self) -> int:
        return len(self.present) + len(self.late)

    @property
    def who_belongs(self) -> int:
        return self.who_came + len(self.absent) + len(self.on_leave)


def stands() -> NegatedExpression:
    """Of a meeting: no other one of its book corrects it or takes it back.

    A join without the book goes through the corrections of all books, and after the last of them through every meeting.
    """
    return ~models.Exists(Meeting.objects.filter(book=models.OuterRef("book"), replaces=models.OuterRef("pk")))


class OpenMeeting(OfABook, Written):
    """A meeting that is being written: the document so far, kept at each step, so that nothing entered is lost."""

    id = models.UUIDField(primary_key=True, editable=False)
    book = models.OneToOneField(Book, on_delete=models.PROTECT, related_name="open_meeting")
    said = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(db_default=TransactionNow())
    begun_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.id)
