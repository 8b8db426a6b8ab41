"""What lies inside the private PostgreSQL: its passwords, roles, extensions and databases."""

import os
import secrets
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from umeed.launcher.binaries import EXTENSIONS

ADMIN, LOGIN, WORKER, DATABASE = "umeed_admin", "umeed", "umeed_app", "umeed"

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
        if not self._file.exists():
            made = "".join(f"{role} {secrets.token_urlsafe(24)}\n" for role in (ADMIN, LOGIN))
            with open(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writer:
                writer.write(made)
        return dict(line.split() for line in self._file.read_text().splitlines())

    def prepare(self) -> None:
        """Makes roles, extensions and the database, each once. The database comes last: its presence says all."""
        with self.admin() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                return
            self._make_roles(connection)
        # In template1, so that every database made later (a test's, say) has them too.
        with self.admin("template1") as connection:
            for extension in EXTENSIONS:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        self.create(DATABASE)

    def _make_roles(self, connection: Connection) -> None:
        present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if LOGIN not in present:
            connection.execute(f"CREATE ROLE {LOGIN} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        if WORKER not in present:
            connection.execute(f"CREATE ROLE {WORKER} NOLOGIN NOSUPERUSER NOBYPASSRLS")
        password = sql.Literal(self.passwords()[LOGIN])
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(LOGIN), password))
        connection.execute(f"GRANT {WORKER} TO {LOGIN}")

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
