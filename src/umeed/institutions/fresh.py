"""The first filling of an empty installation: guards and indexes are laid aside, and put back before the commit.

Row by row, a mission of 766,000 women spends most of its time in foreign keys, exclusion constraints and indexes. Built
at once at the end they cost a fraction and refuse the same: a row that breaks a guard fails the whole transaction.
Needs the owner of the tables, so it is for commands (the simulator), never for a request. The triggers of rooms above
sleep meanwhile: who fills counts anew, in the same transaction, what they would have marked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, models

from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.viewer import as_system
from umeed.institutions.bulk import straight_into_tables
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Consent,
    Federation,
    Household,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    StatusTerm,
    Woman,
)

FILLED_AT_ONCE: tuple[type[models.Model], ...] = (
    Institution, Household, Woman, Membership, OfficeTerm, Federation, StatusTerm, BankAccount, Signatory, Consent,
    Alias,
)  # fmt: skip

# Foreign keys (f) and exclusions (x) go; primary and unique keys stay, because others lean on them.
_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('f', 'x') ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass AND NOT i.indisunique
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
ORDER BY c.relname
"""
Defined = tuple[str, str]
Told = Callable[[str], None]


@dataclass(frozen=True)
class _Aside:
    """What hung on a table, as PostgreSQL defines it: (name, definition) each."""

    table: str
    constraints: list[Defined]
    indexes: list[Defined]
    is_secured: bool


@contextmanager
def guards_laid_aside(told: Told = lambda guard: None) -> Iterator[None]:
    """One transaction of the product's own work in which the tables of this room have no secondary guards.

    Does nothing but open that transaction when women or institutions are already there. `told(name)` hears the name of
    each index or constraint before it is built.
    """
    with as_system():
        if not _is_empty():
            yield
            return
        work_as_owner()
        try:
            # A table with checks still to be made (of places written a moment ago) cannot be altered.
            _make_open_checks()
            aside = [_lay_aside(model._meta.db_table) for model in FILLED_AT_ONCE]
            with straight_into_tables():
                yield
            _put_back(aside, told)
        finally:
            if not connection.needs_rollback:
                work_as_app()


def _is_empty() -> bool:
    return not (Institution.objects.exists() or Woman.objects.exists())


def _make_open_checks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _lay_aside(table: str) -> _Aside:
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, [table])
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, [table])
        indexes = cursor.fetchall()
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        is_secured = bool(cursor.fetchone()[0])
        for name, _ in constraints:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER')
    return _Aside(table, constraints, indexes, is_secured)


def _put_back(aside: list[_Aside], told: Told) -> None:
    """Indexes first; then statistics, so that constraints are checked by good joins; row security last."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for one in aside:
            for name, definition in one.indexes:
                told(name)
                cursor.execute(definition)
        told("statistics")
        for one in aside:
            cursor.execute(f'ANALYZE "{one.table}"')
        for one in aside:
            for name, definition in one.constraints:
                told(name)
                cursor.execute(f'ALTER TABLE "{one.table}" ADD CONSTRAINT "{name}" {definition}')
        for one in aside:
            force = "FORCE" if one.is_secured else "NO FORCE"
            cursor.execute(f'ALTER TABLE "{one.table}" {force} ROW LEVEL SECURITY, ENABLE TRIGGER USER')
