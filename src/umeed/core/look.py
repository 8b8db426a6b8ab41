"""The reader's choice of language and of light or dark, kept in cookies: no account needed, no script needed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as keep_language

from umeed.core.doors import public

THEMES = ("light", "dark", "auto")
COOKIE = "umeed_theme"


def theme_of(request: HttpRequest | None) -> str:
    """'light', 'dark' or 'auto' (as the device says)."""
    chosen = request.COOKIES.get(COOKIE, "auto") if request is not None else "auto"
    return chosen if chosen in THEMES else "auto"


@public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember `theme` for a year and go back to `next` (an address of this site only)."""
    after = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = "/"
    answer = HttpResponseRedirect(after)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie(
            COOKIE, chosen, max_age=365 * 86_400, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return answer


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember `language` in a cookie and go back to `next`; a language that is not offered changes nothing."""
    return keep_language(request)
