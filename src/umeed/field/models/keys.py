"""The server's own pair of keys: what phones hand over as a file is sealed to it."""

from django.db import models
from django.utils import timezone

from umeed.core.fields import SealedTextField


class ServerKey(models.Model):
    """A pair on P-256. The private half is sealed; what was sealed to an older pair is still opened."""

    id = models.CharField(primary_key=True, max_length=16)
    # The point in base64, as browsers take it.
    public = models.CharField(max_length=120)
    private = SealedTextField(purpose="field.serverkey.private")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.id
