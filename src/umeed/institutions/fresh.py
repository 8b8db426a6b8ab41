"""The first filling of an empty installation: guards and indexes are laid aside, and put back before the commit.

Row by row, a mission of 766,000 women spends most of its time in foreign keys, exclusion constraints and trigram
indexes. Built at once at the end they cost a fraction and refuse the same: a row that breaks a guard fails the whole
transaction. Needs the owner of the tables, so it is for commands (the simulator), never for a request.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.viewer import as_system
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
Told = tuple[str, str]


@contextmanager
def guards_laid_aside() -> Iterator[None]:
    """One transaction of the product's own work in which the tables of this room have no secondary guards.

    Does nothing but open that transaction when women or institutions are already there.
    """
    with as_system():
        work_as_owner()
        try:
            kept = [_lay_aside(model._meta.db_table) for model in FILLED_AT_ONCE] if _is_empty() else []
            yield
            for _, _, indexes in kept:
                _put_indexes_back(indexes)
            _analyse()
            for table, constraints, _ in kept:
                _put_constraints_back(table, constraints)
        finally:
            if not connection.needs_rollback:
                work_as_app()


def _is_empty() -> bool:
    return not (Institution.objects.exists() or Woman.objects.exists())


def _lay_aside(table: str) -> tuple[str, list[Told], list[Told]]:
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, [table])
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, [table])
        indexes = cursor.fetchall()
        for name, _ in constraints:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    return table, constraints, indexes


def _put_indexes_back(indexes: list[Told]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)


def _put_constraints_back(table: str, constraints: list[Told]) -> None:
    with connection.cursor() as cursor:
        for name, definition in constraints:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def _analyse() -> None:
    """Tell the planner how full the tables are, before the constraints are checked by a join."""
    with connection.cursor() as cursor:
        for model in FILLED_AT_ONCE:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
