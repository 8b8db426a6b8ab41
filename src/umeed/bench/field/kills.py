"""The web server killed again and again while phones send: what a phone was told is kept, is there, once.

Phones send each message until each of its commands has an answer, as the product's do. Nothing here knows Django: who
sends and who is killed are other processes than the one that looks afterwards.
"""

# ruff: noqa: S603 - starting the product's own server, to kill it, is what this module is for

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from umeed.launcher.children import free_port, web_server

ADDRESS = "/field/api/sync"
KEPT = ("accepted", "known")
PATIENCE = 60
Message = Mapping[str, Any]
Letter = tuple[str, Message]
"""The token of a phone, and its message."""


@dataclass
class Told:
    """What phones were told: the receipts of each command that was kept, states of others, how often it was tried."""

    receipts: dict[str, set[int]] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    unanswered: int = 0
    # Seconds from the beginning at which something was killed.
    killed: list[float] = field(default_factory=list)


class Target:
    """The product's web server, which is killed and started anew behind one port."""

    def __init__(self, environment: Mapping[str, str], *, workers: int = 2) -> None:
        self.environment, self.workers, self.port = dict(environment), workers, free_port(19_100)
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        command = web_server("127.0.0.1", self.port, self.workers)
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": sys.stderr}
        return subprocess.Popen(command, env=self.environment, start_new_session=True, **streams)

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError("the web server did not come back")

    def kill_worker(self, chance: random.Random) -> None:
        """One of its processes; the others go on, and it comes back."""
        with suppress(OSError):
            below = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            if below:
                os.kill(int(chance.choice(below)), signal.SIGKILL)

    def revive(self) -> None:
        """Starts it anew where it ended, as whatever looks after it does anywhere."""
        if self.process.poll() is not None:
            self._end(signal.SIGKILL)
            self.process = self._started()

    def kill(self) -> None:
        """All of it at once, and a new one."""
        self._end(signal.SIGKILL)
        self.process = self._started()

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)


class Senders:
    """A thread a lane: its messages go one after the other, each until what became of every command in it is known."""

    def __init__(self, port: int, lanes: Sequence[Sequence[Letter]]) -> None:
        self.port, self.told, self.lock, self.is_over = port, Told(), threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self._send_all, args=(one,), daemon=True) for one in lanes]

    def __enter__(self) -> "Senders":
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self.is_over.set()
        for one in self.threads:
            one.join(PATIENCE)

    @property
    def is_busy(self) -> bool:
        return any(one.is_alive() for one in self.threads)

    def wait(self, seconds: float, meanwhile: Callable[[], None], *, more: int | None = None) -> None:
        """Until all was sent, so many `more` were acknowledged, or so many seconds are over."""
        deadline, began = time.monotonic() + seconds, len(self.told.receipts)
        while self.is_busy and time.monotonic() < deadline:
            if more is not None and len(self.told.receipts) >= began + more:
                return
            meanwhile()
            time.sleep(0.005)

    def _send_all(self, letters: Sequence[Letter]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for token, message in letters:
            while not self.is_over.is_set() and not self._heard(self._sent(connection, token, message), message):
                time.sleep(0.02)

    def _sent(self, connection: http.client.HTTPConnection, token: str, message: Message) -> Message | None:
        """The answer, or None where there was none."""
        headers = {"Authorization": f"Device {token}", "Content-Type": "application/json"}
        try:
            connection.request("POST", ADDRESS, json.dumps(message).encode(), headers)
            answer = connection.getresponse()
            said: Message = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return None
        return said if answer.status == 200 else None

    def _heard(self, said: Message | None, message: Message) -> bool:
        """Whether the phone knows of every command what became of it."""
        with self.lock:
            self.told.tries += 1
            if said is None:
                self.told.unanswered += 1
                return False
            for one in said["answers"]:
                if one["state"] in KEPT:
                    self.told.receipts.setdefault(one["id"], set()).add(one["receipt"])
                elif one["state"] != "waits":
                    self.told.others[one["id"]] = f"{one['state']} {one.get('reasons')}"
            known = {*self.told.receipts, *self.told.others}
        return all(one["id"] in known for one in message["commands"])


def under_kills(
    target: Target, lanes: Sequence[Sequence[Letter]], kills: Sequence[Callable[[], None]], *,
    each: tuple[int, int], patience: float = 300, seed: int = 1,
) -> Told:  # fmt: skip
    """Phones send all that they have; each time that some more sheets were acknowledged (`each`: least and most), the
    next kill comes at once. What they were told. Kills that are left when all was sent are left out."""
    chance = random.Random(seed)  # noqa: S311 - nobody guesses it
    target.wait()
    began = time.monotonic()
    with Senders(target.port, lanes) as senders:
        for kill in kills:
            senders.wait(patience, target.revive, more=chance.randint(*each))
            if not senders.is_busy:
                break
            senders.told.killed.append(time.monotonic() - began)
            kill()
        senders.wait(patience, target.revive)
    return senders.told
