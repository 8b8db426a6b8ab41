"""A request under /api/ that carries a key is its owner's: from here on everything answers to her rights."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext

from umeed.api.tokens import person_of
from umeed.core.doors import API_PREFIX

_BEARER = "bearer "


class PersonByToken:
    """Stands after sign-in by session and before the transaction that tells the database who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Authorization", "")
        if not request.path.startswith(API_PREFIX) or not given.lower().startswith(_BEARER):
            return self.get_response(request)
        found = person_of(given[len(_BEARER) :].strip(), timezone.localdate())
        if found is None:
            return JsonResponse(
                {"detail": gettext("This key opens nothing: it is wrong, ended or out of date.")}, status=401
            )
        request.user, request.api_token = found  # type: ignore[attr-defined]
        return self.get_response(request)
