"""Plain answers when something is not there, not allowed or broken."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing at this address for this viewer. Whether it exists for others is not told."""
    title = _("Nothing here for you")
    if not request.user.is_authenticated:
        text = _("The page does not exist, or it opens only to people who have signed in.")
    else:
        text = _(
            "The page does not exist, or it lies outside the places you work in. Who may see more is decided where you"
            " are posted."
        )
    return _no_page(request, 404, "search", title, text)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    title = _("This is not open to you")
    text = _("Your role does not let you do this. If it should, ask the officer who gave you your role.")
    return _no_page(request, 403, "lock", title, text)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    title = _("This was not understood")
    text = _("The request could not be taken. Go back, look at what you typed, and try again.")
    return _no_page(request, 400, "warn", title, text)


def too_many(request: HttpRequest) -> HttpResponse:
    """The same was asked too often in a short time, by her or by somebody who tries passwords."""
    title = _("Too many tries")
    text = _("This was tried too often in a short time. Wait a few minutes, then try again.")
    return _no_page(request, 429, "clock", title, text)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open so long, or in another window, that its protection no longer fits."""
    title = _("This form was open too long")
    text = _(
        "Nothing was saved. Go back, load the page again and send it once more; your browser keeps what you typed."
    )
    return _no_page(request, 403, "clock", title, text)


def broken(request: HttpRequest, *args: Any) -> HttpResponse:
    """A fault of ours. Touches no database: it may be the database that is broken."""
    return render(request, "web/broken.html", {"umeed_nav": [], "viewer": None}, status=500)


def _no_page(request: HttpRequest, status: int, icon: str, title: str, text: str) -> HttpResponse:
    return render(request, "web/no_page.html", {"title": title, "text": text, "icon": icon}, status=status)
