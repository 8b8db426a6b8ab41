"""Settings are documented as they are, and production refuses what is unsafe, in words."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from umeed.access.checks import judged
from umeed.config import environment

GOOD = {
    "UMEED_MODE": "production",
    "UMEED_SECRET_KEY": "kR7w-2fQpZ8yXv3TnB6mLc9dHs4jGa1eUo0iWq5tYrE7uPxNzM",
    "UMEED_FIELD_KEY": base64.b64encode(bytes(range(64))).decode(),
    "UMEED_HASH_KEY": base64.b64encode(bytes(range(100, 132))).decode(),
    "UMEED_HOSTS": "umeed.example.in",
}


def _start(*command, **changed):
    """A fresh process of the product with nothing but these settings."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    given = {**GOOD, "DATABASE_URL": _url(), **changed}
    env = {**kept, "PYTHONPATH": str(Path(settings.PROJECT) / "src"), "DJANGO_SETTINGS_MODULE": "umeed.config.settings"}
    env |= {key: value for key, value in given.items() if value is not None}
    command = command or ("-c", "import django; django.setup()")
    return subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, check=False)


def _url(user=None, password=None):
    one = settings.DATABASES["default"]
    who = f"{user or one['USER']}:{password or one['PASSWORD']}"
    return f"postgresql://{who}@:{one['PORT']}/{one['NAME']}?host={one['HOST']}"


@pytest.fixture
def served(db):
    """The address by which the web server and the worker would sign in to the database of this test."""
    login = urlsplit(os.environ.get("SERVED_URL_OF_TESTS", ""))
    if login.username in (None, settings.DATABASES["default"]["USER"]):
        pytest.skip("the tests run on a database without a login of its own for what serves")
    return _url(login.username, login.password)


def test_the_page_of_settings_is_fresh() -> None:
    page = Path(settings.PROJECT) / "docs" / "operate" / "settings.md"
    assert page.read_text() == environment.page(), "run ./umeed manage settings_page"


def test_every_setting_that_is_read_is_declared() -> None:
    source = (Path(settings.PROJECT) / "src/umeed/config/settings.py").read_text()
    for setting in environment.SETTINGS:
        if setting.name not in ("UMEED_MODE", "UMEED_HOSTS"):
            assert f'"{setting.name}"' in source, f"{setting.name} is declared and not read"


def test_every_name_in_the_code_is_on_the_page() -> None:
    code = [path for path in (Path(settings.PROJECT) / "src").rglob("*.py") if "tests" not in path.parts]
    text = "\n".join(path.read_text() for path in [*code, Path(settings.PROJECT) / "umeed"])
    named = set(re.findall(r"\bUMEED_[A-Z_]*[A-Z]\b", text))
    listed = {setting.name for setting in (*environment.SETTINGS, *environment.OF_THE_LAUNCHER)}
    assert named - listed == set(), "read somewhere, and not in config/environment.py"
    assert {one.name for one in environment.OF_THE_LAUNCHER} <= named


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"UMEED_SECRET_KEY": None}, "UMEED_SECRET_KEY is not set"),
        ({"UMEED_FIELD_KEY": None}, "UMEED_FIELD_KEY is not set"),
        ({"UMEED_HASH_KEY": None}, "UMEED_HASH_KEY is not set"),
        ({"UMEED_MODE": None, "UMEED_SECRET_KEY": None}, "UMEED_SECRET_KEY is not set"),
        ({"UMEED_SECRET_KEY": "short"}, "development or a short value"),
        ({"UMEED_SECRET_KEY": "a" * 60}, "development or a short value"),
        (
            {"UMEED_SECRET_KEY": "development-only-" + "kR7w2fQpZ8yXv3TnB6mLc9dHs4jGa1eU"},
            "development or a short value",
        ),
        ({"UMEED_FIELD_KEY": "dW1lZWQ" + "A" * 79 + "=="}, "development or a short value"),
        ({"UMEED_FIELD_KEY": GOOD["UMEED_HASH_KEY"]}, "must be 64 random bytes"),
        ({"UMEED_HASH_KEY": "not base64 at all, however long it may be"}, "must be 32 random bytes"),
        ({"UMEED_HOSTS": "*"}, "Production names the hosts"),
        ({"UMEED_MODE": "prodution"}, "must be one of development, demonstration, production"),
        ({"UMEED_SECOND_FACTOR": "offcers"}, "must be one of officers, none"),
        ({"UMEED_BEHIND_TLS": "perhaps"}, "must be yes or no"),
        ({"UMEED_PROXIES": "one"}, "must be a whole number"),
        ({"DATABASE_URL": "mysql://umeed@db/umeed"}, "must begin with postgresql://"),
    ],
)
def test_production_does_not_start(changed, said) -> None:
    ended = _start("-c", "import umeed.config.settings", **changed)
    assert ended.returncode != 0
    assert said in ended.stderr.splitlines()[-1]


def test_an_address_of_a_database_keeps_its_guards() -> None:
    told = (
        "import umeed.config.settings as s; d = s.DATABASES['default'];"
        "print(d['HOST'], d['PORT'], d['USER'], d['PASSWORD'], d['NAME'], d['OPTIONS']['sslmode'])"
    )
    ended = _start("-c", told, DATABASE_URL="postgresql://umeed:p%40ss@db.example.in:6432/umeed?sslmode=verify-full")
    assert ended.stdout.split() == ["db.example.in", "6432", "umeed", "p@ss", "umeed", "verify-full"], ended.stderr
    assert _start(
        "-c",
        told.replace("sslmode", "connect_timeout"),
        DATABASE_URL=("postgres://umeed@/umeed?host=/run/pg&port=5433&connect_timeout=5"),
    ).stdout.split() == ["/run/pg", "5433", "umeed", "umeed", "5"]


def test_production_starts_safe_with_real_secrets() -> None:
    names = "s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECOND_FACTOR"
    ended = _start("-c", f"from umeed.config import settings as s; print({names})")
    assert ended.stdout.split() == ["False", "True", "True", "officers"], ended.stderr


def test_nothing_is_left_to_say_before_exposing(served) -> None:
    ended = _start("-m", "django", "check", "--deploy", "--fail-level", "WARNING", DATABASE_URL=served)
    assert ended.returncode == 0, ended.stderr


def test_serving_as_the_owner_of_the_tables_is_told(db) -> None:
    ended = _start("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert "umeed.W003" in ended.stderr and ended.returncode == 1


STEPPING_OUT = """
import django; django.setup()
from django.db import connection, ProgrammingError
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    assert cursor.fetchone() == ("umeed_app",)
    cursor.execute("RESET ROLE")
    for attack in (
        "ALTER TABLE books_line DISABLE TRIGGER USER", "DROP TRIGGER line_stays ON books_line", "SET ROLE umeed",
        "UPDATE books_line SET amount_paise = 1", "UPDATE books_movement SET debit_paise = 1",
        "ALTER TABLE books_sheet NO FORCE ROW LEVEL SECURITY", "DELETE FROM core_auditentry",
        "CREATE OR REPLACE FUNCTION books_sheet_is_whole() RETURNS trigger LANGUAGE sql AS ''",
    ):
        try:
            cursor.execute(attack)
        except ProgrammingError as refused:
            print(refused.__cause__.sqlstate)
        else:
            print("went through:", attack)
"""


def test_raw_sql_in_a_served_session_cannot_step_out_and_take_the_guards_off(served) -> None:
    ended = _start("-c", STEPPING_OUT, DATABASE_URL=served)
    assert ended.stdout.split("\n")[:-1] == ["42501"] * 8, ended.stdout + ended.stderr


def test_a_role_above_row_security_is_an_error_in_production() -> None:
    assert judged(False, True, production=True) == []
    assert [(one.id, one.is_serious()) for one in judged(True, True, production=True)] == [("umeed.E001", True)]
    assert [(one.id, one.is_serious()) for one in judged(True, True, production=False)] == [("umeed.E001", False)]
    assert [one.id for one in judged(False, None, owns=True, production=True)] == ["umeed.W001"]
    assert [one.id for one in judged(False, True, owns=True, production=True)] == ["umeed.W003"]
    assert "no member" in judged(False, False, production=True)[0].msg
