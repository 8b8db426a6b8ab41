"""Who reads a language that is not spoken here yet is given the nearest one that is, and told so.

Languages of Jammu & Kashmir and Ladakh, by the script in which they are read here (Official Languages Act 2020; Bhoti
and Purgi in Ladakh since 2025). Whoever reads none of ours in it reads English.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_request, gettext
from django.utils.translation.trans_real import parse_accept_lang_header

from umeed.kernel.refusals import N_

NEAREST = {
    "ks": ("ur", N_("Kashmiri")), "gju": ("ur", N_("Gojri")), "phr": ("ur", N_("Pahari")), "bft": ("ur", N_("Balti")),
    "prx": ("ur", N_("Purgi")), "doi": ("hi", N_("Dogri")), "pa": ("hi", N_("Punjabi")), "bo": ("en", N_("Bhoti")),
    "lbj": ("en", N_("Ladakhi")),
}  # fmt: skip
"""Language → the nearest that is spoken here, and what it is called."""


def asked_and_spoken(request: HttpRequest) -> tuple[str, str]:
    """The language that the reader's browser would like best of those that we know, and the one in which it is told:
    the same where we speak it."""
    offered = dict(settings.LANGUAGES)
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        asked = wanted.partition("-")[0]
        if asked in offered or asked in NEAREST:
            return asked, asked if asked in offered else NEAREST[asked][0]
    return "", get_language_from_request(request)


def language_for(request: HttpRequest) -> str:
    """As was chosen on this browser, else as it asks for."""
    return get_language_from_request(request) if _has_chosen(request) else asked_and_spoken(request)[1]


def not_spoken(request: HttpRequest | None) -> str:
    """What the reader's own language is called in the one that she sees, when it is not spoken here and she has chosen
    no other; else empty."""
    if request is None or _has_chosen(request):
        return ""
    asked, spoken = asked_and_spoken(request)
    return gettext(NEAREST[asked][1]) if asked in NEAREST and asked != spoken else ""


def _has_chosen(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES or bool(getattr(user, "language", ""))
