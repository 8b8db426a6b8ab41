"""Databases with all their tables and nothing else, for tests of what must be committed: migrated once, then copied."""

import atexit
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
# One of all workers makes it; the others wait, and copy it.
_LOCK = 0x756D656564
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
PRISTINE = f"umeed_pristine_{_RUN}"


@contextmanager
def migrated_database(base: str, name: str) -> Iterator[str]:
    """A database beside the one at an address; its own address. It is gone afterwards, whoever is connected to it."""
    with _locked(base) as connection:
        _make_pristine(base, connection)
        connection.execute(_say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
        connection.execute(_say("CREATE DATABASE {} TEMPLATE {}", name, PRISTINE))
    try:
        yield _address(base, name)
    finally:
        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute(_say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


@contextmanager
def _locked(base: str) -> Iterator[psycopg.Connection]:
    # Such a lock is one of a database: all ask for it in the same.
    with psycopg.connect(_address(base, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield connection


def _make_pristine(base: str, connection: psycopg.Connection) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [PRISTINE]).fetchone():
        return
    half = f"{PRISTINE}_half"
    connection.execute(_say("DROP DATABASE IF EXISTS {} WITH (FORCE)", half))
    connection.execute(_say("CREATE DATABASE {} TEMPLATE template1", half))
    env = {**os.environ, "DATABASE_URL": _address(base, half), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0"], env=env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    connection.execute(_say("ALTER DATABASE {} RENAME TO {}", half, PRISTINE))
    atexit.register(_drop_pristine, base)


def _drop_pristine(base: str) -> None:
    """By whoever made it; who needs one still makes it anew."""
    with _locked(base) as connection:
        connection.execute(_say("DROP DATABASE IF EXISTS {} WITH (FORCE)", PRISTINE))


def _address(base: str, name: str) -> str:
    return urlunsplit(urlsplit(base)._replace(path=f"/{name}"))


def _say(words: str, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*map(sql.Identifier, names))
