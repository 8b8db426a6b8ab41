"""How what is done with API keys is told in "who did what"."""

from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import subjects, words

ACTIONS = {"make_api_token": _("Made an API key"), "end_api_token": _("Ended an API key")}


def declare() -> None:
    """Called once at start."""
    words.say(ACTIONS)
    words.call({"api_apitoken": _("API key")})
    subjects.tie({"api_apitoken": ("owner",)})
    words.technical("api_apitoken", ["digest"])
    words.title("api_apitoken", {"owner": _("Person"), "digest": _("Fingerprint of the key")})
