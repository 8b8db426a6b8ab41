"""What lies inside the private PostgreSQL: its passwords, roles, extensions and databases."""

import os
import secrets
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from umeed.launcher.binaries import EXTENSIONS

# LOGIN owns the database and its tables; SERVER is what the web server and the worker sign in with: it owns nothing,
# and stepping out of WORKER leaves it as poor as before.
ADMIN, LOGIN, SERVER, WORKER, DATABASE = "umeed_admin", "umeed", "umeed_web", "umeed_app", "umeed"
_SIGNING_IN = (ADMIN, LOGIN, SERVER)

Connection = psycopg.Connection[tuple[object, ...]]


class Databases:
    """The databases behind a socket. `home` holds the passwords, readable by their owner only."""

    def __init__(self, home: Path, socket: Path) -> None:
        self._file = home / "passwords"
        self._socket = socket

    def url(self, database: str = DATABASE, role: str = LOGIN) -> str:
        """The address of a database, as psycopg and Django take it."""
        host = quote(str(self._socket), safe="/")
        return f"postgresql://{role}:{self.passwords()[role]}@/{quote(database)}?host={host}"

    def admin(self, database: str = "postgres") -> Connection:
        """A connection of the superuser; each statement is its own transaction."""
        return psycopg.connect(self.url(database, ADMIN), autocommit=True, connect_timeout=10)

    def passwords(self) -> dict[str, str]:
        """The password of each role that can sign in, made at first sight."""
        kept = dict(line.split() for line in self._file.read_text().splitlines()) if self._file.exists() else {}
        if missing := [role for role in _SIGNING_IN if role not in kept]:
            kept |= {role: secrets.token_urlsafe(24) for role in missing}
            self._keep(kept)
        return kept

    def _keep(self, passwords: dict[str, str]) -> None:
        """Writes the file whole, so that a kill leaves the one that was."""
        aside = self._file.with_suffix(".new")
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writer:
            writer.writelines(f"{role} {password}\n" for role, password in passwords.items())
        aside.replace(self._file)

    def prepare(self) -> None:
        """Makes roles, extensions and the database, each once. The database comes last: its presence says all, but
        that folders of old have no serving login yet.
        """
        with self.admin() as connection:
            roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            is_there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if is_there and SERVER in roles:
                return
            self._make_roles(connection, roles)
        if is_there:
            return
        # In template1, so that every database made later (a test's, say) has them too.
        with self.admin("template1") as connection:
            for extension in EXTENSIONS:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        self.create(DATABASE)

    def _make_roles(self, connection: Connection, present: set[object]) -> None:
        if LOGIN not in present:
            connection.execute(f"CREATE ROLE {LOGIN} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        if WORKER not in present:
            connection.execute(f"CREATE ROLE {WORKER} NOLOGIN NOSUPERUSER NOBYPASSRLS")
        if SERVER not in present:
            connection.execute(f"CREATE ROLE {SERVER} LOGIN NOSUPERUSER NOBYPASSRLS")
        for role in (LOGIN, SERVER):
            password = sql.Literal(self.passwords()[role])
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), password))
            connection.execute(f"GRANT {WORKER} TO {role}")

    def create(self, name: str) -> None:
        """Makes an empty database that belongs to the login role, with the extensions."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(LOGIN))
        with self.admin() as connection:
            connection.execute(statement)

    def empty(self) -> None:
        """Replaces Umeed's database by an empty one, whoever is connected to it."""
        with self.admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        self.create(DATABASE)
