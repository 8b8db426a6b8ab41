"""Keeps a person's light or dark in the cookie that pages read, for visitors and people alike."""

from django.http import HttpRequest, HttpResponse

from umeed.core import look

_A_YEAR = 365 * 86_400


def keep(answer: HttpResponse, request: HttpRequest, theme: str) -> HttpResponse:
    """The same answer, with the cookie when the theme is one that exists."""
    if theme in look.THEMES:
        answer.set_cookie(
            look.COOKIE, theme, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return answer
