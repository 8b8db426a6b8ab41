"""The reader's choice of light or dark, kept in a cookie: no account needed, no script needed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("light", "dark", "auto")
COOKIE = "umeed_theme"


def theme_of(request: HttpRequest | None) -> str:
    """'light', 'dark' or 'auto' (as the device says)."""
    chosen = request.COOKIES.get(COOKIE, "auto") if request is not None else "auto"
    return chosen if chosen in THEMES else "auto"


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
