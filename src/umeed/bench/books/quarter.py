"""A quarter of every group's meetings, in a database of its own beside the bench's.

What is posted can never be taken back, a database can: it begins as a copy of the whole UT, so that pages and loads are
measured without books, and is kept for the next run. A newer set of tables makes it anew.
"""

import datetime
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from umeed.bench.bench import Bench
from umeed.bench.books.filling import WEEKS, began, fill, first_day
from umeed.bench.measuring import ask
from umeed.core.scope import Scope, system
from umeed.core.viewer import as_system
from umeed.simulator.keeping import tidied

SUFFIX, UNFINISHED = "_books", "_books_unfinished"
_TABLES = "SELECT app, name FROM django_migrations ORDER BY 1, 2"


@dataclass(frozen=True)
class Quarter:
    """The Monday on which its first meetings were held, and whose work it is."""

    first: datetime.date
    by: Scope

    @property
    def over(self) -> datetime.date:
        """The first day after its last week."""
        return self.first + datetime.timedelta(weeks=WEEKS)


@contextmanager
def quarter(bench: Bench) -> Iterator[Quarter]:
    """Work on the quarter, made now when it is not there. Within a transaction (a test's) in the same database."""
    by = system(bench.today, name="Bench", origin="bench")
    if connection.in_atomic_block:
        if _began() is None:
            fill(by, first_day(bench.today), lambda words: None)
        yield Quarter(_began() or bench.today, by)
        return
    name = str(connection.settings_dict["NAME"])
    if not is_current(name, name + SUFFIX):
        _make(name, by)
    with at_database(name + SUFFIX):
        yield Quarter(_began() or bench.today, by)


@contextmanager
def at_database(name: str) -> Iterator[None]:
    """Everything that Django asks goes to another database of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def without_database(*statements: str) -> list[tuple[object, ...]]:
    """Statements about databases, asked from outside of all of them; the rows of the last."""
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _began() -> datetime.date | None:
    with as_system():
        return began()


def is_current(name: str, copy: str) -> bool:
    """Whether a copy is there and has the same tables."""
    if not without_database(f"SELECT 1 FROM pg_database WHERE datname = '{copy}'"):  # noqa: S608
        return False
    here = ask(_TABLES)
    with at_database(copy):
        return ask(_TABLES) == here


def _make(name: str, by: Scope) -> None:
    """Under another name until it is whole: what was broken off is not taken for it, and goes on."""
    copy = name + UNFINISHED
    if not is_current(name, copy):
        _tell("A copy of the whole UT, for books")
        without_database(
            f'DROP DATABASE IF EXISTS "{name}{SUFFIX}"',
            f'DROP DATABASE IF EXISTS "{copy}"',
            f'CREATE DATABASE "{copy}" TEMPLATE "{name}" STRATEGY FILE_COPY',
        )
    with at_database(copy):
        fill(by, _began() or first_day(by.today), _tell)
        _tell("Statistics")
        tidied()
    without_database(f'DROP DATABASE IF EXISTS "{name}{SUFFIX}"', f'ALTER DATABASE "{copy}" RENAME TO "{name}{SUFFIX}"')


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
