"""Says in a template from which device somebody is signed in."""

from allauth.usersessions.models import UserSession
from django import template

from umeed.access.devices import in_words

register = template.Library()


@register.filter
def device(session: UserSession) -> str:
    """A session → "Chrome on Android, 203.0.113.5"; the address alone where the browser does not say what it is."""
    return in_words(f"{session.ip} {session.user_agent}") if "Mozilla" in session.user_agent else session.ip
