"""How likely two records are one woman, in three words. Every pair is reviewed by a person, whatever its band."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Band(TextChoices):
    """Bands of evidence, strongest first."""

    CERTAIN = "certain", _("Almost certain")
    LIKELY = "likely", _("Likely")
    MAYBE = "maybe", _("Perhaps")


# From so many bits on: 10 is 999 in 1,000, 4 is 94 in 100 (what they held in a district: docs/decisions/0008).
CERTAIN_FROM, LIKELY_FROM = 10.0, 4.0


def band_of(bits: float) -> Band:
    """The band of a score."""
    if bits >= CERTAIN_FROM:
        return Band.CERTAIN
    return Band.LIKELY if bits >= LIKELY_FROM else Band.MAYBE
