"""Worlds of tests: made once by the actions, put back as the rows that they wrote for every test after the first.

A small tree of places costs three hundred statements, and hundreds of tests begin with it. Rows are put back only where
the audit chain stands as it stood when they were made (its last hash covers all that was written before); anywhere else
the world is made again.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection

from umeed.core.models import AuditEntry

World = TypeVar("World")
Rows = Mapping[str, list[str]]

# Oldest tables first, so that rows stand before others point at them, but changes before the entry that closes over
# them; with the columns that can be written. Marks of what is to be counted anew are laid by triggers, also here.
_TABLES = """
    SELECT t.relname, string_agg(quote_ident(c.attname), ', ' ORDER BY c.attnum)
    FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0
    WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND t.relname <> 'profiles_stale'
        AND NOT c.attisdropped AND c.attgenerated = ''
    GROUP BY t.oid, t.relname ORDER BY t.relname <> 'core_auditchange', t.oid
"""


@dataclass(frozen=True)
class _Kept:
    """What was made, how its rows are written again, and the end of the chain before it."""

    made: bytes
    sql: str
    rows: list[list[str]]
    after: str


_KEPT: dict[str, _Kept] = {}


def remembered(name: str, make: Callable[[], World]) -> World:
    """What `make` answers, with all that it writes. It may add rows, and change none that were there."""
    end = AuditEntry.objects.order_by("-seq").values_list("hash", flat=True).first() or ""
    kept = _KEPT.get(name)
    if kept is None:
        before = all_rows()
        made = make()
        rows = _new_rows(name, before, all_rows())
        _KEPT[name] = _Kept(pickle.dumps(made), _sql_for(rows), list(rows.values()), end)
        return made
    if kept.after != end:
        return make()
    with connection.cursor() as cursor:
        cursor.execute(kept.sql, kept.rows)
    answer: World = pickle.loads(kept.made)
    return answer


def all_rows() -> Rows:
    """Every row of every table as PostgreSQL writes it, in order."""
    found = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY t::text')
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def _tables() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return dict(cursor.fetchall())


def _new_rows(name: str, before: Rows, after: Rows) -> Rows:
    new = {}
    for table, rows in after.items():
        there = set(before[table])
        assert there <= set(rows), f"{name} changes rows of {table} that stood there before it"
        if added := [row for row in rows if row not in there]:
            new[table] = added
    return new


def _sql_for(rows: Rows) -> str:
    columns = _tables()
    return ";".join(
        f'INSERT INTO "{table}" ({columns[table]}) OVERRIDING SYSTEM VALUE '
        f'SELECT {columns[table]} FROM unnest(%s::text[]::"{table}"[])'
        for table in rows
    )
