"""Opens pages as one of the demonstration's people: the whole middleware, her scope, row security in force."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from umeed.access.models import User
from umeed.bench.measuring import milliseconds
from umeed.core.viewer import as_system

_LINKED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"')


class PageFailed(Exception):
    """A page answered something else than 200."""


@dataclass
class Visitor:
    """Somebody signed in. `open` answers how long the server took; nothing travels over a network."""

    username: str

    def __post_init__(self) -> None:
        with as_system():
            user = User.objects.get(username=self.username)
        host = next((one for one in settings.ALLOWED_HOSTS if "*" not in one and not one.startswith(".")), "localhost")
        self.client = Client(raise_request_exception=False, headers={"host": host, "accept-encoding": "gzip"})
        self.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])

    def answer(self, address: str) -> Any:
        response = self.client.get(address)
        if response.status_code != 200:
            raise PageFailed(f"{address} answered {response.status_code} to {self.username}")
        # A streamed answer is not made before it is read.
        return b"".join(response.streaming_content) if response.streaming else response

    def open(self, address: str) -> float:
        """Milliseconds from the request to the whole answer."""
        return milliseconds(lambda: self.answer(address))

    def weight(self, address: str) -> int:
        """Bytes that a browser which takes gzip fetches for a page at the first visit, without fonts."""
        response = self.answer(address)
        is_packed = response.headers.get("Content-Encoding") == "gzip"
        page = gzip.decompress(response.content) if is_packed else response.content
        return len(response.content) + sum(_size_of(path) for path in set(_LINKED.findall(page.decode())))


def _size_of(address: str) -> int:
    """Bytes of a static file as it is sent: its compressed neighbour where there is one."""
    name = address.removeprefix(settings.STATIC_URL)
    file = Path(staticfiles_storage.path(name))
    packed = file.with_name(file.name + ".gz")
    return (packed if packed.exists() else file).stat().st_size
