"""What came under an id or number that was taken, with other content: both are kept until a person settles it."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.models.book import Book, OfABook
from umeed.core.models import Written


class Clash(OfABook, Written):
    """A sheet or meeting that was refused because another stood in its place. `said` is the whole of what came."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="clashes")
    uid = models.UUIDField()
    digest = models.BinaryField()
    said = models.JSONField()
    came_at = models.DateTimeField(db_default=TransactionNow())
    came_from = models.CharField(max_length=64)
    settled = models.CharField(_("Settled"), max_length=8, choices=codes.Settled, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=64, blank=True)
    why = models.CharField(_("Reason"), max_length=240, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["uid", "digest"], name="clash_kept_once")]

    def __str__(self) -> str:
        return str(self.uid)
