"""The private PostgreSQL of a data folder: made, started, found alive after a kill, and stopped.

The server is always asked (by connecting), never its pid file. It listens on a Unix socket only.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from umeed.launcher.account import give, run_as, server_account
from umeed.launcher.binaries import Binaries, find_binaries, readable_copy
from umeed.launcher.databases import ADMIN, Databases
from umeed.launcher.folders import home_of, socket_folder
from umeed.launcher.leftovers import disown_stranger, says_ready, server_of, was_killed
from umeed.launcher.problems import Problem
from umeed.launcher.tuning import settings_file

PATIENCE_SECONDS = 300


class ServerRefused(Problem):
    """PostgreSQL could not be made, started or stopped; the text holds its own last words."""


class Cluster:
    """PostgreSQL in `data/postgres`. `durable=False` gives up safety for speed: for tests only."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.home = home_of(data)
        self.folder = self.home / "cluster"
        self.durable = durable
        self.account = server_account(self.folder)
        self.socket = socket_folder(self.home, self.account)
        self.databases = Databases(self.home, self.socket)

    def ensure_running(self) -> str:
        """Makes, starts and prepares the server as far as needed; answers the address of Umeed's database."""
        with (self.home / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                self._prepared()
            except psycopg.OperationalError:
                # It answered, and fell back a moment later to read its log anew: now it is waited for.
                self._prepared()
        return self.databases.url()

    def _prepared(self) -> None:
        if not self.answers():
            if not (self.folder / "PG_VERSION").exists():
                self._create()
            self._start()
        self.databases.prepare()

    @contextmanager
    def in_use(self) -> Iterator[str]:
        """Keeps the server running while the block lasts; whoever leaves last, of all processes, stops it."""
        with (self.home / "in-use.lock").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self.ensure_running()
            finally:
                if _is_alone(users.fileno()):
                    self.stop()

    def is_in_use(self) -> bool:
        """Whether another process of Umeed needs the server now."""
        with (self.home / "in-use.lock").open("w") as users:
            return not _is_alone(users.fileno())

    def revive(self) -> bool:
        """Starts a server that was killed; answers whether it had been. One that was stopped in good order stays so."""
        if self.answers() or not was_killed(self.folder):
            return False
        self.ensure_running()
        return True

    def stop(self) -> bool:
        """Stops the server in good order; answers whether there was one."""
        if not self.answers() and server_of(self.folder) is None:
            return False
        done = self._pg_ctl(self._binaries(), "-m", "fast", "stop")
        if done:
            raise ServerRefused(f"PostgreSQL did not stop:\n{done}")
        return True

    def answers(self) -> bool:
        """Whether the server takes connections (as `pg_isready` asks it)."""
        return self._asked() == Ping.OK

    def _asked(self) -> Ping:
        address = make_conninfo("", host=str(self.socket), port=5432, connect_timeout=5)
        return Ping(PGconn.ping(address.encode()))

    def _binaries(self) -> Binaries:
        version = self.folder / "PG_VERSION"
        found = find_binaries(int(version.read_text()) if version.exists() else None)
        return readable_copy(found, self.account, self.home)

    def _pg_ctl(self, binaries: Binaries, *words: str) -> str:
        """Runs pg_ctl; answers what it complained of, "" when all went well."""
        waiting = ["-D", str(self.folder), "-w", "-t", str(PATIENCE_SECONDS)]
        done = run_as(self.account, [binaries.program("pg_ctl"), *waiting, *words])
        return (done.stdout.strip() or "pg_ctl failed") if done.returncode else ""

    def _create(self) -> None:
        """Runs initdb in a folder of its own and moves the result into place, so that a half one is never taken."""
        binaries = self._binaries()
        half = self.home / "cluster.half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        give(self.account, half)
        with tempfile.NamedTemporaryFile("w", dir=self.home) as password:
            password.write(self.databases.passwords()[ADMIN])
            password.flush()
            give(self.account, Path(password.name))
            self._initdb(binaries, ["-D", str(half), "-U", ADMIN, "--pwfile", password.name])
        with (half / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'umeed.conf'\n")
        half.rename(self.folder)

    def _initdb(self, binaries: Binaries, options: list[str]) -> None:
        # The builtin C.UTF-8 (17 and newer) is the same everywhere; older versions need one of the system's.
        locales = [["--locale=C.UTF-8"], ["--locale=en_US.UTF-8"], ["--locale=C"]]
        if binaries.major >= 17:
            locales = [["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
        always = ["--encoding=UTF8", "--auth=scram-sha-256"]
        for locale in locales:
            done = run_as(self.account, [binaries.program("initdb"), *options, *always, *locale])
            if done.returncode == 0:
                return
        raise ServerRefused(f"PostgreSQL could not make its folder:\n{done.stdout.strip()}")

    def _start(self) -> None:
        """Starts the server; tries again while children of a killed one still hold its shared memory."""
        binaries = self._binaries()
        settings, log = self.folder / "umeed.conf", self.folder / "server.log"
        settings.write_text(settings_file(self.socket, durable=self.durable))
        give(self.account, settings)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            before = log.stat().st_size if log.exists() else 0
            complaint = self._pg_ctl(binaries, "-l", str(log), "start")
            if self.answers():
                return
            words = _read_from(log, before)
            passing = "still in use" in words or "already exists" in words or server_of(self.folder) is not None
            if not passing or time.monotonic() > deadline:
                raise ServerRefused(f"PostgreSQL did not start:\n{(words or complaint).strip()[-2000:]}")
            self._clear_the_way(binaries)
            time.sleep(0.2)

    def _clear_the_way(self, binaries: Binaries) -> None:
        if server_of(self.folder) is None:
            disown_stranger(self.folder, dead=_dead_process())
        elif self._asked() == Ping.REJECT:
            # It lives and takes nobody yet: one of its processes was killed, and it reads its log anew. A stop would
            # come in the middle of that.
            return
        elif says_ready(self.folder) and not self.answers():
            # It lives but its socket is gone (a cleaner of temporary folders, say): only a new start helps.
            self._pg_ctl(binaries, "-m", "fast", "stop")


def _is_alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _dead_process() -> int:
    """The id of a process that has just ended."""
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "exit"], os.environ)
    os.waitpid(child, 0)
    return child


def _read_from(file: Path, offset: int) -> str:
    try:
        return file.read_bytes()[offset:].decode(errors="replace")
    except FileNotFoundError:
        return ""
