"""How what the demonstration invents is told in "who did what"."""

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import words
from umeed.simulator import reasons

ACTIONS = {
    "lay_ground": _("Invented villages and panchayats for the demonstration"),
    "file_villages": _("Filed the demonstration's villages under blocks"),
    "load_lgd": _("Loaded real places for the demonstration"),
    "invent_groups": _("Invented groups and women for the demonstration"),
    "invent_books": _("Invented a year of meetings for the demonstration"),
}


def declare() -> None:
    """Called once at start."""
    words.say(ACTIONS)
    words.explain({text: gettext_lazy(text) for text in reasons.ALL})
