"""Says in a few words from where somebody came: the chain keeps the whole line, people read this."""

import re

from django.utils.translation import gettext as _

# The first that is found counts: Edge and Samsung's browser also call themselves Chrome, and all of them Safari.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def in_words(origin: str) -> str:
    """`203.0.113.5 Mozilla/5.0 (Linux; Android 14…) …` → `Chrome on Android, 203.0.113.5`; others as they are."""
    found = re.match(r"([0-9a-fA-F.:]+) (.*Mozilla.*)", origin)
    if not found:
        return origin
    address, agent = found.groups()
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if not browser or not system:
        return address
    return _("%(browser)s on %(system)s, %(address)s") % {"browser": browser, "system": system, "address": address}
