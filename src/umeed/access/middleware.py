"""What every request goes through: the person's language, and one transaction in which the database knows who asks."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from umeed.core.viewer import as_viewer

Answer = Callable[[HttpRequest], HttpResponse]


class LanguageOfThePerson:
    """Her own choice first, then the browser's cookie, then what her browser asks for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            return response


class OneTransactionOneViewer:
    """One transaction a request, which knows the viewer; a failed page leaves nothing half-done behind."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL) or request.path == "/health":
            return self.get_response(request)
        viewer = str(request.user.pk) if request.user.is_authenticated else ""
        with as_viewer(viewer):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response
