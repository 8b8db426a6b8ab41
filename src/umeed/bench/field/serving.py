"""The web server as it runs anywhere, on a database of the bench, and what of the processor it and PostgreSQL take."""

# ruff: noqa: S603 - starting the product's own server is what this module is for

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from umeed.bench.measuring import ask
from umeed.launcher.children import free_port, web_server

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """Where it answers, and its first process."""

    port: int
    process: "subprocess.Popen[bytes]"


@contextmanager
def serving(database: str, *, workers: int = 2) -> Iterator[Server]:
    """The product's own command of its web server, on another database than the bench's."""
    port = free_port(18_000)
    process = subprocess.Popen(
        web_server("127.0.0.1", port, workers), env=environment(database), stdin=subprocess.DEVNULL, stdout=sys.stderr,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port)
        yield Server(port, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def environment(database: str) -> dict[str, str]:
    """That of the product's commands on another database than the bench's."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}")
    return os.environ | {"DATABASE_URL": urlunsplit(address)}


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor until now: of the web server's processes, and of PostgreSQL's."""

    web: float
    database: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.web - other.web, self.database - other.database)


def spent(server: Server) -> Spent:
    """On Linux alone; nothing elsewhere. Of processes that ended meanwhile their parents know."""
    (backend,) = ask("SELECT pg_backend_pid()")[0]
    return Spent(_of_tree(server.process.pid), _of_tree(_parent(backend)))


def _of_tree(root: int) -> float:
    below: dict[int, list[int]] = {}
    for one in Path("/proc").glob("[0-9]*"):
        if (above := _parent(int(one.name))) is not None:
            below.setdefault(above, []).append(int(one.name))
    every, seconds = [root], 0.0
    while every:
        one = every.pop()
        every += below.get(one, [])
        stat = _stat(one)
        # User and system, its own and those of children that ended.
        seconds += sum(map(int, stat[11:15])) / _TICKS if stat else 0.0
    return seconds


def _parent(pid: int | None) -> int | None:
    stat = _stat(pid)
    return int(stat[1]) if stat else None


def _stat(pid: int | None) -> list[str]:
    """What comes after the name of a process, which may hold blanks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
