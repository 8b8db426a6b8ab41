"""Pages travel packed: a list of fifty women is 60 KB as it is written and 9 KB as it is sent."""

from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_PACKED = ("text/", "application/json")


class PackedText(GZipMiddleware):
    """Packs texts; workbooks, archives and pictures are packed already.

    A random length is added to each (Django's guard against guessing secrets by the length of what is sent), and the
    form token is masked anew in every answer.
    """

    def process_response(self, request, response: HttpResponseBase) -> HttpResponseBase:  # type: ignore[no-untyped-def]
        if not response.headers.get("Content-Type", "").startswith(_PACKED):
            return response
        return super().process_response(request, response)  # type: ignore[no-any-return]
