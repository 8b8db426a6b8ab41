"""A year of books beside the bench's database, kept for the next run; each run enters its week into a copy of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from umeed.bench.bench import Bench
from umeed.bench.books.quarter import at_database, is_current, without_database
from umeed.bench.field.filling import fill
from umeed.core.scope import system
from umeed.simulator.keeping import tidied

SUFFIX, RUN = "_field", "_field_run"
AT_ONCE = 10_000
"""Sheets of a run, unless it is said how many."""


@contextmanager
def a_year(bench: Bench) -> Iterator[str]:
    """Work on a copy of the year; the name of its database."""
    here = str(connection.settings_dict["NAME"])
    year, run = here + SUFFIX, here + RUN
    if not is_current(here, year):
        _tell("A copy of the mission, for a year of books")
        without_database(
            f'DROP DATABASE IF EXISTS "{year}" WITH (FORCE)',
            f'CREATE DATABASE "{year}" TEMPLATE "{here}" STRATEGY FILE_COPY',
        )
    with at_database(year):
        fill(system(bench.today, name="Bench", origin="bench"), _tell, groups=bench.sheets or AT_ONCE)
        tidied()
    without_database(
        f'DROP DATABASE IF EXISTS "{run}" WITH (FORCE)', f'CREATE DATABASE "{run}" TEMPLATE "{year}" STRATEGY FILE_COPY'
    )
    try:
        with at_database(run):
            yield run
    finally:
        without_database(f'DROP DATABASE IF EXISTS "{run}" WITH (FORCE)')


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
