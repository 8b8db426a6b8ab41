"""Kills a process that posts, again and again, and looks each time whether the books hold: `python -m …kills.killing`.

Three ways: the process itself, the server process behind it (PostgreSQL then starts anew from its log), and all of it.
What was acknowledged must be in; a sheet, a batch and a meeting are wholly in or wholly out; what was tried and not
acknowledged is sent again by the next process. On a PostgreSQL of its own, safe to kill, with everything durable.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

WAYS = ("client", "backend", "server")


@dataclass
class Killing:
    """`revive` starts PostgreSQL again; `shares` says how often of a hundred each way is taken."""

    kills: int
    revive: Any
    postmaster: Any
    shares: dict[str, int]
    seed: int = 1
    done: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    unsure: int = 0
    retry: tuple[int, int] | None = None

    def run(self) -> None:
        chance = Random(self.seed)
        for number in range(1, self.kills + 1):
            way = chance.choices(WAYS, [self.shares.get(way, 0) for way in WAYS])[0]
            self.kill_one(number, way, chance)
            if number % 100 == 0 or number == self.kills:
                whole()
                print(f"{number} kills: {dict(self.done)}, {self.acknowledged} acknowledged, {self.unsure} unsure",
                      flush=True)  # fmt: skip

    def kill_one(self, number: int, way: str, chance: Random) -> None:
        from django.db import connections

        connections.close_all()
        heard, say = os.pipe()
        seed = self.seed * 10**6 + number
        child = os.fork()
        if child == 0:
            os.close(heard)
            _post(seed, say, self.retry)
        os.close(say)
        with os.fdopen(heard, "rb") as hearing:
            ready = hearing.readline().split()
            assert ready[:1] == [b"ready"], f"the poster of kill {number} did not begin"
            time.sleep(chance.random() * 0.2)
            if way == "client":
                os.kill(child, signal.SIGKILL)
            elif way == "backend":
                _kill(int(ready[1]))
            else:
                _kill(self.postmaster())
            said = hearing.read().decode().splitlines()
        os.waitpid(child, 0)
        if way != "client":
            self.revive()
        _gone(int(ready[1]))
        self.done[way] += 1
        self.look(said)

    def look(self, said: list[str]) -> None:
        """What this process said, beside what is there."""
        from umeed.books.tests.kills.poster import BATCH, uid_of

        tried: list[tuple[str, int, int]] = []
        told: dict[tuple[int, int], int] = {}
        for line in said:
            word, way, *numbers = line.split()
            of = int(numbers[0]), int(numbers[1])
            if word == "try":
                tried.append((way, *of))
            elif word == "in":
                told[of] = int(numbers[2])
        left = None
        for way, *of in tried:
            key, count = (of[0], of[1]), BATCH if way == "bulk" else 1
            there = _count([uid_of(*key, at) for at in range(count)])
            if key in told:
                assert there == told[key], f"{way} {key} was acknowledged, and {there} of it are there"
                self.acknowledged += there
            else:
                assert there in (0, count), f"{way} {key} is half in: {there} of {count}"
                self.unsure, left = self.unsure + 1, key
        self.retry = left


def _post(seed: int, say: int, retry: tuple[int, int] | None) -> None:
    """In the process that will be killed. Never returns."""
    from umeed.books.tests.kills.poster import Poster

    try:
        if retry:
            again = Poster(retry[0], say)
            again.one(retry[1])
            again.seed = seed
            again.go_on()
        else:
            Poster(seed, say).go_on()
    except BaseException as end:
        if not isinstance(end, (OSError,)) and "connection" not in str(end) and "terminat" not in str(end):
            os.write(2, f"{type(end).__name__}: {end}\n".encode())
            os._exit(3)
    os._exit(0)


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _gone(backend: int) -> None:
    """Waits until what the killed process had begun has ended."""
    from django.db import connection

    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.005)
    raise AssertionError("a backend outlives its client")


def _count(uids: list[Any]) -> int:
    from django.db import connection

    from umeed.core.viewer import as_system

    with as_system(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM books_sheet WHERE uid = ANY(%s)", [uids])
        return int(cursor.fetchone()[0])


def whole() -> None:
    """Everything recounted: lines and movements, digests, meetings beside their sheets and entries of the chain."""
    from django.db import connection

    from umeed.books.verifying import verify
    from umeed.core.viewer import as_system

    with as_system():
        found = [one.found for one in verify() if one.found]
        assert not found, found
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM books_meeting),"
                " (SELECT count(*) FROM core_auditentry WHERE did = 'close_meeting'),"
                " (SELECT count(*) FROM books_meeting m LEFT JOIN books_sheet s ON s.uid = m.id WHERE s.id IS NULL)"
            )
            meetings, closed, without = cursor.fetchone()
        assert (meetings, without) == (closed, 0), "a meeting, its sheet and its entry are in together"


def make_world(groups: int = 6) -> None:
    """Groups with books: in the first half sheets are posted, in the second meetings are held."""
    from umeed.books.tests.making import make_book
    from umeed.core.viewer import as_system
    from umeed.institutions.tests.making import make_group
    from umeed.places.tests.world import Valley

    with as_system():
        valley = Valley()
        for number in range(groups):
            make_book(make_group(valley.chinar, f"Group {number}", members=5))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=1_000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--shares", default="90,8,2", help="client, backend, server, of a hundred")
    said = words.parse_args()
    from umeed.launcher.keys import development_keys
    from umeed.launcher.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="umeed-kills-") as folder:
        os.chmod(folder, 0o755)
        cluster = Cluster(Path(folder), durable=True)
        with cluster.in_use() as url:
            source = str(Path(__file__).resolve().parents[4])
            os.environ |= development_keys(Path(folder)) | {
                "DATABASE_URL": url, "UMEED_MODE": "development", "UMEED_DATA": folder, "PYTHONPATH": source,
                "DJANGO_SETTINGS_MODULE": "umeed.config.settings",
            }  # fmt: skip
            subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], check=True)
            import django

            django.setup()
            make_world()
            shares = dict(zip(WAYS, map(int, said.shares.split(",")), strict=True))

            def postmaster() -> int:
                return int((cluster.folder / "postmaster.pid").read_text().split()[0])

            begun = time.monotonic()
            killing = Killing(said.kills, cluster.ensure_running, postmaster, shares, seed=said.seed)
            killing.run()
            from django.core.management import call_command

            call_command("audit_verify")
            call_command("verify_books", quiet=True)
            print(f"{said.kills} kills in {time.monotonic() - begun:.0f} s: nothing lost, nothing half in")


if __name__ == "__main__":
    main()
