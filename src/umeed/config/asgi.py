"""The entry point that the web server calls: whoever is slow waits here, and holds none of the threads that answer.

Few threads answer, since each has a connection to the database. Were messages read in them, piece by piece as they
come, a phone at the edge of its network would hold one up for minutes, and one that vanished in the midst of a message
for ever: nobody says that it is gone. So a message is whole before a thread is asked, and an answer before it leaves.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.conf import settings

from umeed.config.wsgi import application as django

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Each has a connection of its own; PostgreSQL has room for 60.
THREADS = 2
# A slow phone sends 2 KB a second, and gives up after 90 (store/net.js).
SILENT_SECONDS = 30
FIRST_SECONDS, LEAST_BYTES_A_SECOND = 60, 500
IN_MEMORY = 128 * 1024
PIECE = 64 * 1024
# What surrounds the largest file that may be loaded; and all that somebody may send who does not say who it is.
_AROUND = 1024 * 1024
# Whoever waits longer for a thread has gone, or asks again.
QUEUE_SECONDS = 90

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="answers")


class TooSlow(Exception):
    """It does not come, or by drops."""


class TooMuch(Exception):
    """Far more than any page takes."""


class Busy(Exception):
    """No thread came free in time."""


class Gone(Exception):
    """Whoever sent it hears no answer any more."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One request. What is asked of it and answered: ASGI 3."""
    with _kept() as body, _kept() as answer:
        try:
            size = await _taken(receive, body, _most(scope))
            status, headers = await asyncio.get_running_loop().run_in_executor(
                _threads, _answered, environ_of(scope, body, size), answer, time.monotonic() + QUEUE_SECONDS
            )
            await _given(send, status, headers, answer)
        except (TooSlow, TooMuch, Busy) as why:
            status, words = _REFUSED[type(why)]
            await _start(send, status, [(b"connection", b"close"), (b"content-type", b"text/plain")])
            await send({"type": "http.response.body", "body": words})
        except Gone:
            return


_REFUSED: dict[type[Exception], tuple[int, bytes]] = {
    TooSlow: (408, b"This came too slowly."), TooMuch: (413, b"This is too much."), Busy: (503, b"Try again later."),
}  # fmt: skip


def _kept() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(IN_MEMORY)


# What comes -----------------------------------------------------------------------------------------------------------


def _most(scope: Scope) -> int:
    """Bytes that are kept of a body. Whoever does not say who it is has no file to load."""
    says = any(name in (b"cookie", b"authorization") for name, _value in scope.get("headers", ()))
    return int(settings.UPLOAD_LIMIT_BYTES) + _AROUND if says else _AROUND


async def _taken(receive: Receive, body: IO[bytes], most: int) -> int:
    """Takes the body in; answers how long it is. Of one beyond bounds the rest is thrown away: that it is too large is
    said by the page. Of one twice as long nothing more is heard."""
    size, loop = 0, asyncio.get_running_loop()
    begun = loop.time()
    while True:
        until = begun + FIRST_SECONDS + min(size, most) / LEAST_BYTES_A_SECOND
        try:
            async with asyncio.timeout_at(min(until, loop.time() + SILENT_SECONDS)):
                came = await receive()
        except TimeoutError as silent:
            raise TooSlow from silent
        if came["type"] != "http.request":
            raise Gone
        piece = came.get("body", b"")
        if size < most:
            body.write(piece[: most - size])
        size += len(piece)
        if size > 2 * most:
            raise TooMuch
        if not came.get("more_body"):
            body.seek(0)
            return min(size, most)


def environ_of(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """A request as WSGI has it (PEP 3333). A header whose name has an underscore is left out: it would pass for the one
    with a hyphen, which the proxy writes."""
    host, port = scope.get("server") or ("localhost", "80")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"], "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"), "SERVER_NAME": str(host), "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}", "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "CONTENT_LENGTH": str(size), "wsgi.version": (1, 0), "wsgi.url_scheme": scope["scheme"], "wsgi.input": body,
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1")
        if "_" in name or name.lower() in ("content-length", "transfer-encoding"):
            continue
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        said = value.decode("latin-1")
        environ[key] = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{said}" if key in environ else said
    return environ


# What goes ------------------------------------------------------------------------------------------------------------

Told = tuple[int, list[tuple[bytes, bytes]]]


def _answered(environ: dict[str, Any], answer: IO[bytes], until: float) -> Told:
    """In a thread that answers: all of it, so that no slow reader keeps a transaction open. Not what has waited for
    long: were it still worked for, a server that is full would get fuller."""
    if time.monotonic() > until:
        raise Busy
    told: list[Told] = []

    def begin(status: str, headers: list[tuple[str, str]], _wrong: object = None) -> Callable[[bytes], object]:
        said = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        told[:] = [(int(status.split(" ", 1)[0]), said)]
        return answer.write

    pieces: Iterable[bytes] = django(environ, begin)
    try:
        for piece in pieces:
            answer.write(piece)
    finally:
        if closes := getattr(pieces, "close", None):
            closes()
    return told[0]


async def _given(send: Send, status: int, headers: list[tuple[bytes, bytes]], answer: IO[bytes]) -> None:
    size = answer.tell()
    answer.seek(0)
    if size and all(name != b"content-length" for name, _value in headers):
        headers = [*headers, (b"content-length", str(size).encode())]
    await _start(send, status, headers)
    left = size
    for piece in _pieces(answer):
        left -= len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
    if not size:
        await send({"type": "http.response.body", "body": b""})


def _pieces(answer: IO[bytes]) -> Iterator[bytes]:
    while piece := answer.read(PIECE):
        yield piece


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
