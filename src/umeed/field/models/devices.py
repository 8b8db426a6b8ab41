"""Phones that were enrolled, each for one bookkeeper, and the codes by which they are."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.core.models import Record


class PhoneCode(Record):
    """A code that an officer gave a bookkeeper for one phone, good once and for some days. Kept is its keyed hash."""

    AUDIT_HIDES = ("digest",)

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="phone_codes")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    given_by = models.CharField(_("Given by"), max_length=64)
    good_until = models.DateTimeField(_("Good until"))
    used_at = models.DateTimeField(_("Used at"), null=True, blank=True)
    # The phone that was enrolled by it: when the answer was lost on the way, the same phone may ask again.
    device = models.ForeignKey("Device", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.owner)


class Device(Record):
    """A phone, as far as one bookkeeper goes: two who share it are two devices with the same `phone`.

    What it tells of itself at each contact (`told_…`, `last_synced_at`) is kept beside the chain.
    """

    AUDIT_HIDES = (
        "token_digest", "public_key", "last_synced_at", "told_app", "told_waiting", "told_refused", "told_drafts",
        "told_pictures", "told_numbers", "put_back_at", "told_clock", "wipe_told_at",
        "told_differs", "differs_since", "wipe_waits_since", "compared_on",
    )  # fmt: skip

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="phones")
    # Made by the phone, the same for all who share it.
    phone = models.UUIDField(_("Phone"), db_index=True)
    label = models.CharField(_("What it is called"), max_length=80)
    # A JWK (P-256): what it hands over as a file is signed with the other half.
    public_key = models.JSONField(editable=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    enrolled_at = models.DateTimeField(_("Enrolled at"))
    enrolled_by = models.CharField(_("Code given by"), max_length=64)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)
    ended_by = models.CharField(_("Ended by"), max_length=64, blank=True)
    ended_why = models.CharField(_("Why it was ended"), max_length=240, blank=True)
    # She enrolled anew on the same phone: nothing was wrong with the older key, and what it signed is good.
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    wipe_asked_at = models.DateTimeField(_("Asked to forget everything at"), null=True, blank=True)
    wipe_told_at = models.DateTimeField(null=True, blank=True)
    last_synced_at = models.DateTimeField(_("Last contact"), null=True, blank=True)
    told_app = models.CharField(max_length=40, blank=True)
    told_clock = models.CharField(max_length=40, blank=True)
    told_waiting = models.PositiveIntegerField(default=0)
    told_refused = models.PositiveIntegerField(default=0)
    # What is there alone and goes with it when it forgets: half-written sheets, pictures of pages that were not sent.
    told_drafts = models.PositiveIntegerField(default=0)
    told_pictures = models.PositiveIntegerField(default=0)
    # Groups of which it has not what the server has, however often it asked for all of them; and since when.
    told_differs = models.PositiveIntegerField(default=0)
    differs_since = models.DateTimeField(null=True, blank=True)
    # Since when it should forget, and something waits on it that is not taken (forgetting.py).
    wipe_waits_since = models.DateTimeField(null=True, blank=True)
    # Of the answer that it took last, and of those that it was given since (conversations.py says why).
    told_numbers = ArrayField(models.BigIntegerField(), default=list)
    put_back_at = models.BigIntegerField(default=0)
    # The last day on which those of its groups were compared whole whose turn it was (bundles/difference.py).
    compared_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-enrolled_at"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_trusted(self) -> bool:
        """Whether what it sends is posted. Of a phone that was ended it is kept for the block officer. An older key of
        the same phone is as good as the one that came in its place: who took the phone has both."""
        if self.ended_at is None:
            return True
        return self.replaced_by is not None and self.replaced_by.is_trusted

    @property
    def must_forget(self) -> bool:
        """Whether it is told to forget what it keeps, as soon as nothing waits on it."""
        if self.wipe_asked_at is not None or not self.is_trusted:
            return True
        return self.replaced_by is not None and self.replaced_by.must_forget
