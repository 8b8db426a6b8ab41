"""Something that stands between a phone and the site: it hands on what is asked, tells of a newer version of the app
when there is to be one, and may be silent to what the app asks."""

from __future__ import annotations

import http.client
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

_NOT_HANDED_ON = {"host", "connection", "accept-encoding"}
_OWN = {"connection", "transfer-encoding", "content-length", "content-encoding", "date", "server"}


class Front(http.server.ThreadingHTTPServer):
    """`newer` is what the version of the app ends with, `is_silent` that no answer comes to what the app asks."""

    def __init__(self, site: str) -> None:
        super().__init__(("127.0.0.1", 0), _Hands)
        self.site, self.newer, self.is_silent = str(urlsplit(site).netloc), "", False
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class _Hands(http.server.BaseHTTPRequestHandler):
    server: Front

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self.server.is_silent and self.path.startswith("/field/api/"):
            self.close_connection = True
            return
        status, headers, body = self._asked(self._as_before(self.path))
        if self.server.newer:
            body = self._as_newer(body)
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _OWN:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _asked(self, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
        told = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        given = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_HANDED_ON}
        through = http.client.HTTPConnection(self.server.site, timeout=30)
        through.request(self.command, path, told or None, given)
        answer = through.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def _as_before(self, path: str) -> str:
        return path.replace(f"{self.server.newer}.txt", ".txt") if path.startswith("/field/shell/") else path

    def _as_newer(self, body: bytes) -> bytes:
        """The page and the worker name their version."""
        if self.path not in ("/field/", "/field/sw.js"):
            return body
        mark = b'data-version="' if self.path == "/field/" else b'const VERSION = "'
        before, _, after = body.partition(mark)
        version, _, rest = after.partition(b'"')
        return before + mark + version + self.server.newer.encode() + b'"' + rest

    def log_message(self, *_said: Any) -> None:
        """Nothing is written beside the tests."""


@contextmanager
def front_of(site: str) -> Iterator[Front]:
    front = Front(site)
    threading.Thread(target=front.serve_forever, daemon=True).start()
    yield front
    front.shutdown()
    front.server_close()
