"""A ledger that others keep for Django: in an environment and with a database of its own, talked to by a pipe."""

# ruff: noqa: S603 - running a peer's own Python on our own scripts is what this module is for

import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from umeed.bench.books.quarter import without_database
from umeed.books.ledger.drafts import Draft

SCRIPTS = Path(__file__).with_name("peers")
LOCK = SCRIPTS / "requirements.lock"
_SCRIPT = {"django-ledger": "by_django_ledger.py", "django-hordak": "by_hordak.py"}
_DATABASE = "_peer"


class CannotInstall(Exception):
    """The peers could not be installed; the text says so."""


def environment() -> Path:
    """The Python of the peers' environment in the data folder, filled from its lock, checked by hash."""
    folder = Path(settings.DATA) / "peers"
    python, stamp = folder / "bin" / "python", folder / "filled-from"
    filled_from = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == filled_from and python.exists():
        return python
    print("Packages of the peers", file=sys.stderr, flush=True)
    install = [str(python), "-m", "pip", "install", "--no-input", "--quiet", "--require-hashes", "-r", str(LOCK)]
    for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], install):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise CannotInstall(f"the peers could not be installed: {(done.stderr.strip() or '?').splitlines()[-1]}")
    stamp.write_text(filled_from)
    return python


class Peer:
    """One of them at work, ready to post these sheets in their order."""

    def __init__(self, name: str, python: Path, sheets: Sequence[tuple[int, Draft]]) -> None:
        self.name, self._python, self._sheets = name, python, sheets
        self._database = f"{connection.settings_dict['NAME']}{_DATABASE}"

    def __enter__(self) -> "Peer":
        without_database(
            f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)',
            f'CREATE DATABASE "{self._database}" TEMPLATE template1',
        )
        self._file = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump([_plain(book, draft) for book, draft in self._sheets], self._file)
        self._file.flush()
        command = [str(self._python), "-W", "ignore", str(SCRIPTS / _SCRIPT[self.name])]
        self._running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._ask({"database": self._settings(), "sheets": self._file.name})
        return self

    def __exit__(self, *_: object) -> None:
        self._running.stdin.close()  # type: ignore[union-attr]
        self._running.wait(30)
        self._running.stdout.close()  # type: ignore[union-attr]
        self._file.close()
        without_database(f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)')

    def post(self, count: int, way: str = "") -> list[float]:
        """Seconds of each of the next sheets; as the peer's documentation posts them, or by another way."""
        return self._ask({"post": count, "way": way})

    def balances(self) -> "Counter[tuple[int, str]]":
        """{(book, head): debits less credits} as the peer tells it."""
        held: Counter[tuple[int, str]] = Counter()
        for book, head, paise in self._ask({"balances": True}):
            held[book, head] += paise
        return held

    def _ask(self, what: object) -> Any:
        print(json.dumps(what), file=self._running.stdin, flush=True)
        answer = self._running.stdout.readline()  # type: ignore[union-attr]
        if not answer:
            raise RuntimeError(f"{self.name} ended with {self._running.wait(30)}")
        return json.loads(answer)

    def _settings(self) -> dict[str, object]:
        same = ("ENGINE", "USER", "PASSWORD", "HOST", "PORT")
        return {name: connection.settings_dict[name] for name in same} | {"NAME": self._database}


def _plain(book: int, draft: Draft) -> dict[str, object]:
    return {
        "book": book, "on": draft.on.isoformat(), "lines": [[one.head, int(one.amount)] for one in draft.entries]
    }  # fmt: skip
