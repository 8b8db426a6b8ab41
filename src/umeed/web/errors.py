"""Plain answers when something is not there, not allowed or broken."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing at this address for this viewer. Whether it exists for others is not told."""
    return render(request, "web/not_found.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/not_allowed.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/refused.html", status=400)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open so long, or in another window, that its protection no longer fits."""
    return render(request, "web/stale_form.html", status=403)


def broken(request: HttpRequest, *args: Any) -> HttpResponse:
    """A fault of ours. Touches no database: it may be the database that is broken."""
    return render(request, "web/broken.html", {"umeed_nav": [], "viewer": None}, status=500)
