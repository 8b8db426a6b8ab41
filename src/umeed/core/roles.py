"""The database roles: one login owns the tables, another serves; both work as `umeed_app`, which owns nothing.

Migrations need the owner, so `work_as_owner` steps back for their duration and `work_as_app` hands out rights and
steps forward again. Where the login may not become `umeed_app` (a database somebody else prepared), the product
works as the login and `manage check --deploy` says so.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import NO_DB_ALIAS, BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from umeed.core.scope import SYSTEM

APP_ROLE = "umeed_app"
# What the app may not do to a table. Rights refuse it first, triggers second. The chain may grow and never change.
_CHANGING = ("UPDATE", "DELETE", "TRUNCATE")
_withheld: dict[str, tuple[str, ...]] = {"core_auditentry": _CHANGING, "core_auditchange": _CHANGING}
_may_be_app: dict[str, bool] = {}


def withhold(*tables: str, also: tuple[str, ...] = ()) -> None:
    """Say, when the product starts, that the app may not change or empty these tables (nor `also`: INSERT)."""
    for table in tables:
        _withheld[table] = (*_CHANGING, *also)


def _set_role(connection: BaseDatabaseWrapper, role: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}" if role else "RESET ROLE")


def _can_become_app(connection: BaseDatabaseWrapper) -> bool:
    name = str(connection.settings_dict["NAME"])
    if name not in _may_be_app:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_roles WHERE rolname = %s AND pg_has_role(session_user, oid, 'MEMBER')",
                [APP_ROLE],
            )
            _may_be_app[name] = bool(cursor.fetchone()[0])
    return _may_be_app[name]


def _on_connect(connection: BaseDatabaseWrapper, **_: Any) -> None:
    # A connection without a database makes and drops test databases: only the owner may.
    if connection.alias != NO_DB_ALIAS and _can_become_app(connection):
        _set_role(connection, APP_ROLE)


def work_as_app_from_now_on() -> None:
    connection_created.connect(_on_connect, dispatch_uid="umeed-role")


def work_as_owner(using: str = "default", **_: Any) -> None:
    _set_role(connections[using], None)


def begin_migrations(using: str = "default", **_: Any) -> None:
    """Become the owner, and see all rows: row security holds for the owner too, and a guard that is added or built anew
    is checked against the rows that are there.
    """
    work_as_owner(using)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('umeed.viewer', %s, false)", [SYSTEM])


def end_migrations(using: str = "default", **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("RESET umeed.viewer")
    work_as_app(using)


def work_as_app(using: str = "default", **_: Any) -> None:
    """Give the app role its rights on every table and sequence, take back what it must not have, and become it."""
    connection = connections[using]
    if not _can_become_app(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE}")
        there = connection.introspection.table_names(cursor)
        for table, rights in _withheld.items():
            if table in there:
                cursor.execute(f"REVOKE {', '.join(rights)} ON {table} FROM {APP_ROLE}")
        cursor.execute(f"SET ROLE {APP_ROLE}")
