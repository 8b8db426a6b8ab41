"""The processes of a running Umeed, the web server and the background worker: started and stopped together."""

# ruff: noqa: S603 - starting the product's own processes is what this module is for

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from umeed.launcher.paths import ROOT, SOURCE
from umeed.launcher.problems import Problem
from umeed.launcher.product import Product, django

SECONDS_TO_STOP = 15


@dataclass
class Child:
    """A process of the product. `gives_up`: it ends when its database goes away, and is started anew with it."""

    name: str
    command: list[str]
    gives_up: bool
    process: "subprocess.Popen[bytes]"


class Children:
    """Child processes that end with the block, the last one first. Each writes to a log, or to the screen."""

    def __init__(self, product: Product, *, quiet: bool) -> None:
        self._product = product
        self._quiet = quiet
        self._running: list[Child] = []

    def __enter__(self) -> "Children":
        self._tether = subprocess.Popen(
            [sys.executable, "-P", "-m", "umeed.launcher.tether"],
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        return self

    def __exit__(self, *ending: object) -> None:
        self._end(self._running)
        self._tell_tether("let go")
        self._tether.wait()

    def start(self, name: str, command: list[str], *, gives_up: bool = False) -> None:
        """Starts a child in a session of its own: Ctrl-C reaches us alone, and we end the children in order."""
        self._running.append(Child(name, command, gives_up, self._process(name, command)))

    def _process(self, name: str, command: list[str]) -> "subprocess.Popen[bytes]":
        log = self.log(name).open("ab") if self._quiet else None
        process = subprocess.Popen(
            command,
            env=self._product.environment(serving=True),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT if log else None,
            start_new_session=True,
        )
        if log:
            log.close()
        self._tell_tether(str(process.pid))
        return process

    def _end(self, children: Sequence[Child]) -> None:
        for child in reversed(children):
            _signal(child.process, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        for child in reversed(children):
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(child.process, signal.SIGKILL)
                child.process.wait()

    def _tell_tether(self, word: str) -> None:
        if self._tether.stdin:
            self._tether.stdin.write(f"{word}\n".encode())
            self._tether.stdin.flush()

    def log(self, name: str) -> Path:
        """Where a quiet child writes."""
        folder = self._product.data / "log"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def check(self) -> None:
        """Raises a Problem when one of the children has ended."""
        for child in self._running:
            if child.process.poll() is not None:
                last = "\n" + _tail(self.log(child.name)) if self._quiet else ""
                raise Problem(f"The {child.name} ended by itself (status {child.process.returncode}).{last}")

    def watch(self) -> None:
        """Waits until we are told to stop, the ordinary ending, or a child ends by itself (a Problem)."""
        try:
            while True:
                if not self._revive():
                    self.check()
                time.sleep(0.5)
        except KeyboardInterrupt:
            return

    def _revive(self) -> bool:
        """Starts a private PostgreSQL that was killed, and what gave up without it; the others connect anew."""
        own = self._product.own
        if own is None or not own.revive():
            return False
        for child in self._running:
            if child.gives_up:
                self._end([child])
                child.process = self._process(child.name, child.command)
        return True

    def wait_for_answer(self, address: str, seconds: float) -> None:
        """Waits until the web server answers well at an address."""
        deadline = time.monotonic() + seconds
        while True:
            if not self._revive():
                self.check()
            told = _ask(address)
            if told == "":
                return
            if time.monotonic() > deadline:
                raise Problem(f"The web server does not answer at {address}: {told}")
            time.sleep(0.1)


def web_server(host: str, port: int, workers: int = 2) -> list[str]:
    """Granian's command line. Few threads answer, each with a database connection of its own; who is slow holds none of
    them (`config/asgi.py`). A process that is killed is started anew, while the others go on."""
    server = [sys.executable, "-P", "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port)]
    anew = ["--respawn-failed-workers", "--respawn-interval", "0.5"]
    ends = ["--workers-kill-timeout", str(SECONDS_TO_STOP - 3)]  # also with messages that are half come
    return [*server, "--workers", str(workers), *anew, *ends, "--no-ws", "umeed.config.asgi:application"]


def worker() -> list[str]:
    """The command line of the background worker."""
    return django("procrastinate", "worker")


def wanted_port() -> int:
    """UMEED_PORT, else 8000."""
    given = os.environ.get("UMEED_PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise Problem(f"UMEED_PORT is '{given}'; it must be a number from 1 to 65535.")
    return int(given)


def free_port(wanted: int, host: str = "127.0.0.1") -> int:
    """The wanted port, or the next free one among twenty, or any."""
    for port in [*range(wanted, min(wanted + 20, 65536)), 0]:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((host, port))
            except OSError:
                continue
            if not _somebody_listens(port):
                return int(attempt.getsockname()[1])
    raise Problem(f"No free port was found near {wanted}.")


def _somebody_listens(port: int) -> bool:
    """Where a listener on all addresses does not hinder a bind to one (macOS), only a call tells."""
    if port == 0:
        return False
    with socket.socket() as call:
        call.settimeout(0.3)
        return call.connect_ex(("127.0.0.1", port)) == 0


def _ask(address: str) -> str:
    """ "" when the address answers well, else what went wrong."""
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
            return ""
    except urllib.error.HTTPError as answer:
        return f"{answer.code} {answer.reason}"
    except OSError as silence:
        return str(silence)


def _signal(child: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-25:])
