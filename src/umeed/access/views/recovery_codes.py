"""One's recovery codes: django-allauth's own pages, after the password; each look at them is written to the chain.

They stay readable until they are used, as the library means them to: who has lost her paper finds them again.
"""

from allauth.mfa.recovery_codes import views as library
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from umeed.core.audit import audited
from umeed.core.doors import signed_in


@signed_in
@never_cache
def shown(request: HttpRequest) -> HttpResponseBase:
    """The codes on the screen. Without a fresh password the library asks for it first, and nothing was seen."""
    return _told(request, library.view_recovery_codes(request), "look_at_recovery_codes")


@signed_in
@never_cache
def taken_away(request: HttpRequest) -> HttpResponseBase:
    """The codes as a file."""
    return _told(request, library.download_recovery_codes(request), "download_recovery_codes")


def _told(request: HttpRequest, answer: HttpResponseBase, did: str) -> HttpResponseBase:
    if answer.status_code == 200:
        with audited(by=request.scope, did=did) as trail:
            trail.about(request.user)
    return answer
