"""The web server by the product's own command: who is slow holds nobody up, a process that is killed comes back."""

from __future__ import annotations

import asyncio
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from umeed.config import asgi
from umeed.config.asgi import environ_of
from umeed.launcher.children import free_port, web_server
from umeed.launcher.paths import SOURCE

# One after the other: both ask for the same port.
pytestmark = pytest.mark.xdist_group("web server")
PATIENCE = 60
SLOW = 12


@pytest.fixture
def server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """(port, first process) of a server with one process that answers."""
    port = free_port(18_300)
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(
        web_server("127.0.0.1", port, 1), env=environment, stdout=sys.stderr, start_new_session=True
    )
    try:
        until(lambda: asked(port) is not None)
        yield port, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def asked(port: int, path: str = "/health", patience: float = 5) -> int | None:
    """The status of an answer, None where none comes."""
    with suppress(OSError, http.client.HTTPException), closing(connected(port, patience)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status
    return None


def connected(port: int, patience: float = 5) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=patience)


def begun(port: int) -> socket.socket:
    """Somebody who begins a message and then is silent, as a phone that left its network."""
    call = socket.create_connection(("127.0.0.1", port))
    call.sendall(b"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n{")
    return call


def test_who_sends_slowly_holds_nobody_up(server: tuple[int, subprocess.Popen[bytes]]) -> None:
    port, _process = server
    slow = [begun(port) for _ in range(SLOW)]
    time.sleep(0.5)
    assert [asked(port) for _ in range(5)] == [200] * 5
    slow[0].sendall(b" " * 1998 + b"}")  # who goes on is answered
    slow[0].settimeout(PATIENCE)
    assert slow[0].recv(9) == b"HTTP/1.1 "
    assert asked(port) == 200  # the others are silent on: the server ends all the same


def test_a_message_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "SILENT_SECONDS", 0.2)
    told: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        if told:
            return {"type": "http.disconnect"}
        await asyncio.sleep(30)
        raise AssertionError("it was waited for")

    async def send(one: dict[str, object]) -> None:
        told.append(one)

    asyncio.run(asgi.application({"type": "http"}, receive, send))
    assert [one.get("status") for one in told] == [408, None]


def test_who_does_not_say_who_it_is_sends_no_large_file() -> None:
    assert _status(3, []) == 413
    assert _status(3, [(b"cookie", b"a=1")]) != 413


def test_what_has_waited_long_for_a_thread_is_not_worked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "QUEUE_SECONDS", -1)
    assert _status(0, []) == 503


def _status(megabytes: int, headers: list[tuple[bytes, bytes]]) -> object:
    """What a message with so much in it is answered, at an address where nothing is."""
    told: list[dict[str, object]] = []
    pieces = [{"type": "http.request", "body": b"x" * 1024 * 1024, "more_body": True}] * megabytes
    pieces = [*pieces, {"type": "http.request", "body": b""}]

    async def receive() -> dict[str, object]:
        return pieces.pop(0)

    async def send(one: dict[str, object]) -> None:
        told.append(one)

    asked = {
        "type": "http", "method": "GET", "raw_path": b"/nothing/", "query_string": b"", "http_version": "1.1",
        "scheme": "http", "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"localhost"), *headers],
    }  # fmt: skip
    asyncio.run(asgi.application(asked, receive, send))
    return told[0]["status"]


def test_what_is_asked_is_told_as_it_came() -> None:
    told = environ_of({
        "method": "POST", "raw_path": b"/a%20b/%C3%A4", "query_string": b"x=%20", "http_version": "1.1",
        "scheme": "http", "client": ("10.0.0.7", "5"), "server": ("127.0.0.1", "80"),
        "headers": [(b"content-type", b"text/plain"), (b"x-forwarded-for", b"1.2.3.4"), (b"x_forwarded_for", b"6"),
                    (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"content-length", b"99")],
    }, io.BytesIO(), 7)  # fmt: skip
    assert told["PATH_INFO"].encode("latin-1").decode() == "/a b/ä" and told["QUERY_STRING"] == "x=%20"
    assert (told["CONTENT_LENGTH"], told["CONTENT_TYPE"]) == ("7", "text/plain")
    assert told["HTTP_X_FORWARDED_FOR"] == "1.2.3.4", "nobody passes for the proxy"
    assert (told["HTTP_COOKIE"], told["REMOTE_ADDR"]) == ("a=1;b=2", "10.0.0.7")


def test_a_process_that_is_killed_comes_back(server: tuple[int, subprocess.Popen[bytes]]) -> None:
    port, process = server
    (first,) = below(process.pid)
    os.kill(first, signal.SIGKILL)
    until(lambda: below(process.pid) not in ([], [first]) and asked(port) == 200)
    assert process.poll() is None


def below(pid: int) -> list[int]:
    """Processes that it started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
