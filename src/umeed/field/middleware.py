"""A request that carries the token of a phone is the bookkeeper's whose phone it is: all answers to her."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from umeed.core.doors import PHONE_PREFIX
from umeed.field.devices import device_of

_DEVICE = "device "


class BookkeeperByPhone:
    """Stands after sign-in by session, so that a cookie of the same browser says nothing beside the token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Authorization", "")
        if not request.path.startswith(PHONE_PREFIX) or not given.lower().startswith(_DEVICE):
            return self.get_response(request)
        device = device_of(given[len(_DEVICE) :].strip())
        if device is None:
            detail = gettext("This phone is not enrolled: its key is wrong or unknown.")
            return JsonResponse({"detail": detail}, status=401)
        request.user, request.device = device.owner, device  # type: ignore[attr-defined]
        return self.get_response(request)
