"""The public page that a slip's code opens: whether the slip is ours, what stands on it, whether it still holds."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import respond_429
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from umeed.books.registers.queue import place_of
from umeed.books.registers.slips import confirmed, part_title, said_later
from umeed.core.doors import public

# An office or a meeting shares one address; whoever guesses tokens needs far more.
MOST_A_MINUTE = 60


@public
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What was printed, from the book itself. A token that was not made here is told so, and nothing more."""
    if _is_too_often(request):
        return respond_429(request)
    slip = confirmed(token)
    if slip is None:
        page = {"title": gettext("This slip is not ours")}
        return render(request, "books/papers/not_confirmed.html", {"page": page}, status=410)
    page = {"title": gettext("This slip is genuine") if slip.taken_back is None else gettext("This slip does not hold")}
    today = timezone.localdate()
    return render(request, "books/papers/confirmed.html", {
        "page": page, "slip": slip, "today": today,
        "queue": place_of(slip.meeting, slip.whose, today) if slip.whose else None,
        # Without the reason, which may name others.
        "put_right": [said_later(one) for one in slip.put_right],
        "paid": [(part_title(part, is_paid=True), part.paise) for part in slip.paid],
        "given": [(part_title(part, is_paid=False), part.paise) for part in slip.given],
    })  # fmt: skip


def _is_too_often(request: HttpRequest) -> bool:
    """Counts the looks of an address within a minute."""
    key = f"slip:{get_adapter().get_client_ip(request)}"
    count = cache.get_or_set(key, 0, 60)
    cache.set(key, count + 1, 60)
    return count >= MOST_A_MINUTE


routes = [path("slip/<str:token>", confirm, name="confirm")]
