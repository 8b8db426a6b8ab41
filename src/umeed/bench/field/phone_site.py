"""A running installation for one phone: a database of its own with a year of books, the real server on a free port.

The year is made once (the demonstration's own village) and kept beside the bench's database; each run works on a copy,
which is dropped when it ends. What is posted can never be taken back, a database can.
"""

# ruff: noqa: S603, S608  (the product's own commands; names of databases that are made here)

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from umeed.access.models import Posting, User
from umeed.access.scope import scope_of
from umeed.bench.books.quarter import at_database, without_database
from umeed.bench.field.serving import environment, serving
from umeed.bench.measuring import ask
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.field.actions import give_code

GROUPS = 30
SUFFIX, RUN = "_phone", "_phone_run"
_TABLES = "SELECT app, name FROM django_migrations ORDER BY 1, 2"
# The largest groups that meet every week: of nine to thirteen women, where those of J&K have eight.
_LARGEST = """
SELECT i.id, i.name, count(*) FROM institutions_institution i JOIN books_book b ON b.institution_id = i.id
JOIN institutions_membership m ON m.institution_id = i.id AND upper(m.during) IS NULL
WHERE i.kind = 'shg' AND i.status = 'active' AND i.meeting_frequency = 'weekly'
GROUP BY i.id ORDER BY count(*) DESC, i.id LIMIT %s
"""


@dataclass(frozen=True)
class Site:
    """Where it runs, and the groups of its one bookkeeper: (name, women), the largest first."""

    address: str
    database: str
    username: str
    groups: list[tuple[str, int]]

    def code(self) -> str:
        """What an officer of the block gives her for one more phone."""
        with at_database(self.database):
            officer = User.objects.get(username="block")
            with as_viewer(str(officer.pk)):
                return give_code(by=scope_of(officer), owner=User.objects.get(username=self.username))


@contextmanager
def site(today: datetime.date) -> Iterator[Site]:
    name = str(connection.settings_dict["NAME"])
    _make(name, today)
    without_database(
        f'DROP DATABASE IF EXISTS "{name}{RUN}" WITH (FORCE)',
        f'CREATE DATABASE "{name}{RUN}" TEMPLATE "{name}{SUFFIX}"',
    )
    _manage(name + RUN, "collectstatic", "--noinput")
    try:
        with serving(name + RUN, workers=1) as server:
            with at_database(name + RUN):
                groups = _bookkeeper("phone_bench", today)
            yield Site(f"http://127.0.0.1:{server.port}", name + RUN, "phone_bench", groups)
    finally:
        without_database(f'DROP DATABASE IF EXISTS "{name}{RUN}" WITH (FORCE)')


def _make(name: str, today: datetime.date) -> None:
    """The village with its year, where it is not there, has other tables, or its year ended more than a week ago."""
    copy = name + SUFFIX
    if without_database(f"SELECT 1 FROM pg_database WHERE datname = '{copy}'"):
        here = ask(_TABLES)
        with at_database(copy):
            ((last,),) = ask("SELECT max(held_on) FROM books_meeting")
            if ask(_TABLES) == here and last and (today - last).days <= 7:
                return
    print("A village with a year of books, for the phone", file=sys.stderr, flush=True)
    without_database(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)', f'CREATE DATABASE "{copy}" TEMPLATE template1')
    for words in (["migrate"], ["load_demo", "--size", "village"]):
        _manage(copy, *words)


def _bookkeeper(username: str, today: datetime.date) -> list[tuple[str, int]]:
    """One who keeps the books of thirty groups; their names and how many women each has."""
    with as_system():
        largest = ask(_LARGEST, [GROUPS])
        user = User.objects.create(username=username, name="Rifat Jan")
        with audited(by=system(today, name="Bench", origin="bench"), did="post_person"):
            for group, _name, _women in largest:
                during = since(today.replace(day=1))
                Posting(user=user, role="group_bookkeeper", institution_id=group, during=during).save()
    return [(name, women) for _group, name, women in largest]


def _manage(database: str, *words: str) -> None:
    command = [sys.executable, "-P", "-m", "django", *words]
    subprocess.run(command, env=environment(database), check=True, stdout=subprocess.DEVNULL)
