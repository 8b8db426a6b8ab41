"""The profiles that are captured and ranked, each by itself: members, groups, VOs and CLFs are never added up."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    WOMAN = "woman", _("Members")
    SHG = "shg", _("Self-help groups")
    VO = "vo", _("Village organisations")
    CLF = "clf", _("Cluster level federations")
