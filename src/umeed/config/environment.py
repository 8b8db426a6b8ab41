"""Every setting that comes from the environment: its name, kind, default and meaning, declared once.

`docs/operate/settings.md` is written from this table (`manage settings_page`) and a test holds the two equal.
A value that cannot be meant stops the start with a plain sentence: a misspelt `officers` must not switch anything off.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from typing import Any

DEVELOPMENT_MARK = "development-only"
MODES = ("development", "demonstration", "production")


@dataclass(frozen=True)
class Setting:
    """One environment variable. `kind` is text, flag, number or list (comma separated); `choices` empty: anything."""

    name: str
    kind: str
    default: str
    meaning: str
    secret: bool = False
    choices: tuple[str, ...] = ()


def _text(name: str, default: str, meaning: str, *choices: str) -> Setting:
    return Setting(name, "text", default, meaning, choices=choices)


def _secret(name: str, meaning: str) -> Setting:
    return Setting(name, "text", "", meaning, secret=True)


SETTINGS: tuple[Setting, ...] = (
    _text(
        "UMEED_MODE", "production", "What this installation is for. Only production is safe to expose.", *MODES
    ),
    _text(
        "UMEED_DATA", "",
        "Folder for the embedded database and generated secrets; `data/` in the project when empty.",
    ),
    _text(
        "DATABASE_URL", "",
        "Any PostgreSQL 15 or newer: postgresql://user:password@host/name. Empty: embedded. "
        "PgBouncer between: 1.21 or newer, max_prepared_statements above 0. "
        "With a login that owns no table; `UMEED_OWNER_URL` names the one that does.",
    ),
    _secret("UMEED_SECRET_KEY", "Signs sessions and links. 50 random characters or more."),
    _secret("UMEED_FIELD_KEY", "Seals phones and account numbers: 64 random bytes in base64."),
    _secret("UMEED_HASH_KEY", "Keys the one-way hash of identity numbers: 32 random bytes in base64."),
    Setting("UMEED_HOSTS", "list", "localhost,127.0.0.1,[::1]", "Host names that this installation answers to."),
    Setting(
        "UMEED_TRUSTED_ORIGINS", "list", "", "Origins with scheme for forms behind a proxy: https://umeed.example.in."
    ),
    Setting(
        "UMEED_BEHIND_TLS", "flag", "yes",
        "The site is reached by https: secure cookies, HSTS. Always off in the demonstration.",
    ),
    Setting(
        "UMEED_PROXIES", "number", "0",
        "Proxies of yours before the server; throttling then counts the address that they report.",
    ),
    _text(
        "UMEED_SECOND_FACTOR", "",
        "Who must have a second step at sign-in. Empty: officers in production, none elsewhere.", "officers", "none",
    ),
    _text("UMEED_LANGUAGE", "en", "Language of a person who has not chosen one.", "en", "hi", "ur"),
    _text("UMEED_EMAIL_URL", "", "smtp://user:password@host:port for password links; empty: mail goes to the console."),
    _text("UMEED_EMAIL_FROM", "umeed@localhost", "Sender of mail."),
    _text("UMEED_OIDC_NAME", "", "Name on the single sign-on button."),
    _text("UMEED_OIDC_ISSUER", "", "Issuer address of the OpenID Connect provider; empty: no single sign-on."),
    _text("UMEED_OIDC_CLIENT_ID", "", "Client id at the provider."),
    _secret("UMEED_OIDC_CLIENT_SECRET", "Client secret at the provider."),
    Setting("UMEED_UPLOAD_MB", "number", "60", "Largest spreadsheet that may be loaded, in megabytes."),
)  # fmt: skip
# Read by `./umeed` before Django is there; on the page for the person who looks for them.
OF_THE_LAUNCHER: tuple[Setting, ...] = (
    Setting(
        "UMEED_PORT", "number", "8000",
        "Port of `demo` (the next free one when it is taken) and of `serve`; `--port` goes before it.",
    ),
    _text(
        "UMEED_PYTHON", "", "The Python that makes the environment; the system's own when empty, else one on the path."
    ),
    _text("UMEED_VENV", "", "Folder of the Python environment; `.venv/` in the project when empty."),
    _text(
        "UMEED_PG_BIN", "",
        "Folder with `initdb`, `pg_ctl` and `postgres`; the machine's own or the packaged build when empty.",
    ),
    _text(
        "UMEED_OWNER_URL", "",
        "Where DATABASE_URL is set: the same database with the login that owns the tables. `./umeed` migrates and "
        "manages with it; the web server and the worker never see it. Empty: DATABASE_URL does for both.",
    ),
    _text("UMEED_CHROMIUM", "", "The browser of the browser tests: a program's name or path."),
)  # fmt: skip
_BY_NAME = {setting.name: setting for setting in SETTINGS}


_YES, _NO = {"yes", "true", "1", "on"}, {"no", "false", "0", "off"}


class UnsafeSettings(RuntimeError):
    """Raised at start when a setting cannot be meant, or production would run on missing or development secrets."""


def value_of(name: str) -> Any:
    """The value of a declared setting, in its kind. Unknown names are a programming error (KeyError)."""
    setting = _BY_NAME[name]
    text = (os.environ.get(name, "") or setting.default).strip()
    if setting.choices and text and text not in setting.choices:
        raise UnsafeSettings(f"{name} is '{text}'; it must be one of {', '.join(setting.choices)}.")
    if setting.kind == "flag":
        return _flag(name, text)
    if setting.kind == "number":
        return _number(name, text)
    if setting.kind == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _flag(name: str, text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise UnsafeSettings(f"{name} is '{text}'; it must be yes or no.")
    return text.lower() in _YES


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise UnsafeSettings(f"{name} is '{text}'; it must be a whole number.")
    return int(text)


def mode() -> str:
    return str(value_of("UMEED_MODE"))


def hosts() -> list[str]:
    """The host names; production names them one by one, for a link in a mail is made of what a browser says."""
    names: list[str] = value_of("UMEED_HOSTS")
    if mode() == "production" and "*" in names:
        raise UnsafeSettings("UMEED_HOSTS is '*'. Production names the hosts that it answers to.")
    return names


def secret(name: str, development_value: str, *, size: int | None = None) -> str:
    """A secret from the environment; outside production a marked development value stands in when it is empty.

    `size`: it is this many bytes in base64.
    """
    given = value_of(name)
    if given and size is not None and _size_of(given) != size:
        raise UnsafeSettings(f"{name} must be {size} random bytes in base64.")
    if mode() != "production":
        return given or development_value
    if not given:
        raise UnsafeSettings(f"{name} is not set. Production does not start without it; see docs/operate/settings.md.")
    if DEVELOPMENT_MARK in given or given == development_value or len(given) < 32 or len(set(given)) < 10:
        raise UnsafeSettings(f"{name} is a development or a short value. Production needs a real secret.")
    return given


def _size_of(text: str) -> int | None:
    try:
        return len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return None


def page() -> str:
    """`docs/operate/settings.md`: every setting, in the order of this file."""
    return "\n".join([_ABOVE, *_table(SETTINGS), _OF_THE_LAUNCHER, *_table(OF_THE_LAUNCHER), _BELOW])


def _table(settings: tuple[Setting, ...]) -> list[str]:
    rows = [f"| `{one.name}` | {_kind(one)} | {_default(one)} | {one.meaning} |" for one in settings]
    return ["| name | kind | default | meaning |", "|---|---|---|---|", *rows]


def _kind(one: Setting) -> str:
    kind = {"list": "list, comma between", "flag": "yes or no"}.get(one.kind, one.kind)
    return "secret" if one.secret else ", ".join(one.choices) or kind


def _default(one: Setting) -> str:
    return f"`{one.default}`" if one.default else ""


_ABOVE = """# Settings

Everything comes from the environment. This page is written by `./umeed manage settings_page` from
`src/umeed/config/environment.py`, and a test holds the two equal: change the table there, not this page.

Safe unless told otherwise: without `UMEED_MODE` an installation is in production, and production does not start on
missing, short or development secrets, on a host name of `*`, nor on a value that it does not understand.
"""
_OF_THE_LAUNCHER = """
## What only `./umeed` reads
"""
_BELOW = """
## Making the secrets

```sh
python3 -c 'import secrets; print("UMEED_SECRET_KEY=" + secrets.token_urlsafe(48))'
python3 -c 'import base64, os; print("UMEED_FIELD_KEY=" + base64.b64encode(os.urandom(64)).decode())'
python3 -c 'import base64, os; print("UMEED_HASH_KEY=" + base64.b64encode(os.urandom(32)).decode())'
```

Keep `UMEED_FIELD_KEY` and `UMEED_HASH_KEY` where backups of the database are not: whoever has both reads the phones.
Changing them makes what was sealed unreadable; `UMEED_SECRET_KEY` may be changed at any time and signs everybody out.

## Before exposing an installation

`./umeed manage check --deploy` looks at the settings and at the database role; it must say nothing. The role that the
web server and the worker sign in with is no superuser, does not bypass row security, owns nothing, and is a member of
`umeed_app` alone; another owns the database and its tables, and migrates. On a PostgreSQL of your own:

```sql
CREATE ROLE umeed_app NOLOGIN;
CREATE ROLE umeed LOGIN PASSWORD '…'; CREATE ROLE umeed_web LOGIN PASSWORD '…';
GRANT umeed_app TO umeed, umeed_web;
CREATE DATABASE umeed OWNER umeed; -- then in it: CREATE EXTENSION btree_gist; … pg_trgm; … unaccent;
```

`DATABASE_URL` names `umeed_web`, `UMEED_OWNER_URL` the same database with `umeed`. The embedded PostgreSQL has both by
itself. See `security.md`.
"""
