"""What every request goes through: the person's language, and one transaction in which the database knows who asks."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import translation

from umeed.access.capabilities import OFFICER_ROLES
from umeed.access.scope import scope_for
from umeed.core.doors import API_PREFIX, OWN_TRANSACTIONS
from umeed.core.nearest import language_for
from umeed.core.viewer import as_viewer

Answer = Callable[[HttpRequest], HttpResponse]


class LanguageOfThePerson:
    """Her own choice first, then the browser's cookie, then what her browser asks for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or language_for(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            return response


class SecondStepForOfficers:
    """An officer without a second step is sent to set one up, when UMEED_SECOND_FACTOR asks for it."""

    _OPEN = ("/accounts/", "/me/second-step/", "/me/language/", "/me/theme/", "/language/", "/theme/", "/health")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith((settings.STATIC_URL, *self._OPEN)) or not self._is_missing(request):
            return self.get_response(request)
        if request.path.startswith(API_PREFIX):
            return JsonResponse({"detail": "Add a second step to your sign-in first."}, status=403)
        return redirect("access:second_factor")

    def _is_missing(self, request: HttpRequest) -> bool:
        if hasattr(request, "device"):
            # Who enrolled it asked for a code of an officer's, and its key never leaves the phone.
            return False
        if settings.SECOND_FACTOR != "officers" or not request.user.is_authenticated:
            return False
        if not any(grant.role in OFFICER_ROLES for grant in scope_for(request).grants):
            return False
        kept = Authenticator.objects.filter(user_id=request.user.pk)
        return not kept.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class OneTransactionOneViewer:
    """One transaction a request, which knows the viewer; a failed page leaves nothing half-done behind.

    What a phone sends is many commands, each in a transaction of its own (`field/commands`)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith((settings.STATIC_URL, *OWN_TRANSACTIONS)) or request.path == "/health":
            return self.get_response(request)
        viewer = str(request.user.pk) if request.user.is_authenticated else ""
        with as_viewer(viewer):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response
