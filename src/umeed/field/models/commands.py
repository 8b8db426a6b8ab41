"""What phones sent: each command with the answer that it got, whole until it is accepted; pictures of pages."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.books.models import Clash
from umeed.core.fields import SealedTextField
from umeed.core.scope import Scope, ScopedQuerySet
from umeed.field.models.devices import Device
from umeed.institutions.models import Institution

# States in which nothing becomes of a command any more; `aside` is what a person put aside when two were settled, or
# what she who wrote it put away.
FINAL = ("accepted", "aside")


def of_groups(rows: models.QuerySet, scope: Scope, capability: str) -> models.QuerySet:
    """Rows of groups where the scope has the capability."""
    return rows.filter(group__in=Institution.objects.seen_by(scope, capability).order_by().values("pk"))


class Command(models.Model):
    """One try of a command. Its number is its receipt, told once it is accepted.

    The same try again gets the same answer. Another try of it (mended, after it was refused) is another row.
    `said` is the whole of it, sealed, until it is accepted: then the records that came of it say all.
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("sent by a phone", "Accepted")
        CONFLICT = "conflict", pgettext_lazy("sent by a phone", "Another stands in its place")
        REFUSED = "refused", pgettext_lazy("sent by a phone", "Refused")
        HELD = "held", pgettext_lazy("sent by a phone", "Held for the officer")
        WAITS = "waits", pgettext_lazy("sent by a phone", "Waits for another one")
        ASIDE = "aside", pgettext_lazy("sent by a phone", "Put aside")

    class Kind(models.TextChoices):
        CLOSE_MEETING = "close_meeting", _("Meeting")
        TAKE_BACK_MEETING = "take_back_meeting", _("Meeting taken back")
        WRITE_CUT_OFF = "write_cut_off", _("Cut-off")
        CORRECT_WOMAN = "correct_woman", _("Correction of a woman's record")
        ADD_WOMAN = "add_woman", _("New woman")
        ATTACH_PAGE = "attach_page", _("Picture of a signed page")

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(_("Id"))
    attempt = models.PositiveSmallIntegerField(_("Try"), default=1)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    # Whatever the phone names: the group may be out of her reach, or gone.
    group = models.UUIDField(_("Group"), db_column="group_id")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="commands", db_index=False)
    # Who handed it over as a file; empty when the phone sent it by itself.
    carried_by = models.CharField(_("Handed over by"), max_length=64, blank=True)
    digest = models.BinaryField()
    state = models.CharField(_("What became of it"), max_length=8, choices=State)
    # What the phone is told besides the state: reasons, with, why, for.
    answer = models.JSONField(default=dict)
    after = ArrayField(models.UUIDField(), default=list)
    said = SealedTextField(blank=True, purpose="field.command.said")
    clash = models.ForeignKey(Clash, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # By the phone's clock, which may be years off: told, never reckoned with.
    made_at = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(db_default=TransactionNow())
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(_("Settled by"), max_length=64, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "uid", "attempt"], name="command_answered_once")]
        indexes = [
            models.Index(
                fields=["owner"], name="command_open_of_owner",
                condition=~models.Q(state__in=("accepted", "aside", "refused")),
            ),
            models.Index(fields=["group"], name="command_open_of_group", condition=~models.Q(state="accepted")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def is_put_away(self) -> bool:
        """Whether she put it away herself. What stands on it is not taken up by itself: it was written upon it."""
        return self.state == "aside" and (self.answer.get("why") or {}).get("code") == "put_away"

    @staticmethod
    def visible_to(rows: models.QuerySet, scope: Scope, capability: str) -> models.QuerySet:
        return of_groups(rows, scope, capability)


class Page(models.Model):
    """A picture of a signed page (JPEG), sealed. `meeting` once the command that attaches it was accepted."""

    id = models.BigAutoField(primary_key=True)
    # Of the command that attaches it: it may come before or after that.
    uid = models.UUIDField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.UUIDField(null=True, db_column="group_id")
    meeting = models.UUIDField(null=True, db_index=True)
    sha256 = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    picture = models.BinaryField()
    received_at = models.DateTimeField(db_default=TransactionNow())

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "uid"], name="page_sent_once")]

    def __str__(self) -> str:
        return str(self.uid)

    @staticmethod
    def visible_to(rows: models.QuerySet, scope: Scope, capability: str) -> models.QuerySet:
        return of_groups(rows, scope, capability)
