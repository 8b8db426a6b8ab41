"""Pages travel packed: a list of fifty women is 60 KB as it is written and 9 KB as it is sent."""

from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from umeed.core.doors import PHONE_PREFIX
from umeed.core.packing import by_brotli, takes_brotli

_PACKED = ("text/", "application/json")
_WORTH_PACKING = 200


class PackedText(GZipMiddleware):
    """Packs texts; workbooks, archives and pictures are packed already.

    A random length is added to each (Django's guard against guessing secrets by the length of what is sent), and the
    form token is masked anew in every answer.

    What phones are answered is packed by brotli, and without that length: to guess, a stranger's page must make the
    browser ask with what he chose, again and again, and these answers are given only to a token that the phone's own
    script writes into the request. No cookie opens them, no form token is in them, and of a request only ids come back.
    """

    def process_response(self, request, response: HttpResponseBase) -> HttpResponseBase:  # type: ignore[no-untyped-def]
        if not response.headers.get("Content-Type", "").startswith(_PACKED):
            return response
        if request.path.startswith(PHONE_PREFIX) and takes_brotli(request) and _is_plain(response):
            return _by_brotli(response)
        return super().process_response(request, response)  # type: ignore[no-any-return]


def _is_plain(response: HttpResponseBase) -> bool:
    return not response.streaming and not response.has_header("Content-Encoding")


def _by_brotli(response: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(response, ("Accept-Encoding",))
    content = response.content  # type: ignore[attr-defined]
    if len(content) >= _WORTH_PACKING:
        response.content = by_brotli(content)  # type: ignore[attr-defined]
        response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        response.headers["Content-Encoding"] = "br"
    return response
