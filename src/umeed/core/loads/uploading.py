"""Stops an upload that is too large while it arrives, so that it fills neither memory nor disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

_MARK = "_umeed_upload_too_large"


class SizeLimit(FileUploadHandler):
    """Passes pieces on to Django's own handlers until the file is larger than may be loaded."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > settings.UPLOAD_LIMIT_BYTES:
            setattr(self.request, _MARK, True)
            # The rest is read and thrown away, so that the answer reaches the person instead of a broken connection.
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Django's own handlers make the file."""
        return None


def is_too_large(request: HttpRequest) -> bool:
    """Whether this request brought a file that was stopped. Ask after the form has been read."""
    request.POST  # noqa: B018  (reading the form is what runs the handlers)
    return getattr(request, _MARK, False)
