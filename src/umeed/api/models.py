"""Personal keys by which a program acts as the person who made it, with her rights and no more."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from umeed.core.models import Record


class ApiToken(Record):
    """A named key with an end. Only its keyed hash is kept: the key itself is shown once."""

    AUDIT_HIDES = ("digest",)

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("Name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_on = models.DateField(_("Good until"))
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    last_used_on = models.DateField(_("Last used on"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.name
