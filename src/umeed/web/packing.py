"""Pages travel packed: a list of fifty women is 60 KB as it is written and 9 KB as it is sent."""

from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from umeed.core.doors import PHONE_PREFIX
from umeed.core.packing import by_brotli, takes_brotli

_PACKED = ("text/", "application/json")
ONE_PACKET = 1_000
"""What a phone is answered in fewer bytes travels in one packet, packed or not."""


class PackedText(GZipMiddleware):
    """Packs texts; workbooks, archives and pictures are packed already.

    A random length is added to each (Django's guard against guessing secrets by the length of what is sent), and the
    form token is masked anew in every answer.

    What phones are answered is packed by brotli where it is more than a packet, and without that length: to guess, a
    stranger's page must make the browser ask with what he chose, again and again, and these answers are given only to a
    token that the phone's own script writes into the request. No cookie opens them, no form token is in them, and of a
    request only ids come back.
    """

    def process_response(self, request, response: HttpResponseBase) -> HttpResponseBase:  # type: ignore[no-untyped-def]
        if not response.headers.get("Content-Type", "").startswith(_PACKED):
            return response
        if request.path.startswith(PHONE_PREFIX) and _is_plain(response):
            if len(response.content) < ONE_PACKET:  # type: ignore[attr-defined]
                return response
            if takes_brotli(request):
                return _by_brotli(response)
        return super().process_response(request, response)  # type: ignore[no-any-return]


def _is_plain(response: HttpResponseBase) -> bool:
    return not response.streaming and not response.has_header("Content-Encoding")


def _by_brotli(response: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(response, ("Accept-Encoding",))
    response.content = by_brotli(response.content)  # type: ignore[attr-defined]
    response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
    response.headers["Content-Encoding"] = "br"
    return response
