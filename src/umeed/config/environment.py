"""Every setting that comes from the environment: its name, kind, default and meaning, declared once.

`docs/operate/settings.md` is written from this table (`manage settings_page`) and a test holds the two equal.
"""

import os
from dataclasses import dataclass
from typing import Any

DEVELOPMENT_MARK = "development-only"
MODES = ("development", "demonstration", "production")


@dataclass(frozen=True)
class Setting:
    """One environment variable. `kind` is text, flag, number or list (comma separated)."""

    name: str
    kind: str
    default: str
    meaning: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "UMEED_MODE",
        "text",
        "production",
        "development, demonstration or production. Only production is safe to expose.",
    ),
    Setting(
        "UMEED_DATA",
        "text",
        "",
        "Folder for the embedded database and generated secrets; `data/` in the project when empty.",
    ),
    Setting(
        "DATABASE_URL", "text", "", "Any PostgreSQL 15 or newer: postgresql://user:password@host/name. Empty: embedded."
    ),
    Setting("UMEED_SECRET_KEY", "text", "", "Signs sessions and links. 50 random characters or more.", secret=True),
    Setting("UMEED_FIELD_KEY", "text", "", "Seals phones and account numbers: 64 random bytes in base64.", secret=True),
    Setting(
        "UMEED_HASH_KEY",
        "text",
        "",
        "Keys the one-way hash of identity numbers: 32 random bytes in base64.",
        secret=True,
    ),
    Setting("UMEED_HOSTS", "list", "localhost,127.0.0.1,[::1]", "Host names that this installation answers to."),
    Setting(
        "UMEED_TRUSTED_ORIGINS", "list", "", "Origins with scheme for forms behind a proxy: https://umeed.example.in."
    ),
    Setting(
        "UMEED_BEHIND_TLS",
        "flag",
        "yes",
        "The site is reached by https: secure cookies, HSTS. Always off in the demonstration.",
    ),
    Setting("UMEED_LANGUAGE", "text", "en", "Language of a person who has not chosen one: en, hi or ur."),
    Setting(
        "UMEED_EMAIL_URL",
        "text",
        "",
        "smtp://user:password@host:port for password links; empty writes mail to the console.",
    ),
    Setting("UMEED_EMAIL_FROM", "text", "umeed@localhost", "Sender of mail."),
    Setting("UMEED_OIDC_NAME", "text", "", "Name on the single sign-on button; empty: no single sign-on."),
    Setting("UMEED_OIDC_ISSUER", "text", "", "Issuer address of the OpenID Connect provider."),
    Setting("UMEED_OIDC_CLIENT_ID", "text", "", "Client id at the provider."),
    Setting("UMEED_OIDC_CLIENT_SECRET", "text", "", "Client secret at the provider.", secret=True),
    Setting(
        "UMEED_SECOND_FACTOR",
        "text",
        "",
        "Who must have a second step: officers or none. Empty: officers in production, else none.",
    ),
    Setting(
        "UMEED_PROXIES",
        "number",
        "0",
        "Proxies of yours before the server; throttling then counts the address that they report.",
    ),
    Setting("UMEED_UPLOAD_MB", "number", "60", "Largest spreadsheet that may be loaded, in megabytes."),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


class UnsafeSettings(RuntimeError):
    """Raised at start when production would run on missing or development secrets."""


def value_of(name: str) -> Any:
    """The value of a declared setting, in its kind. Unknown names are a programming error (KeyError)."""
    setting = _BY_NAME[name]
    text = os.environ.get(name, "") or setting.default
    if setting.kind == "flag":
        return text.strip().lower() in {"yes", "true", "1", "on"}
    if setting.kind == "number":
        return int(text)
    if setting.kind == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def mode() -> str:
    chosen = value_of("UMEED_MODE")
    if chosen not in MODES:
        raise UnsafeSettings(f"UMEED_MODE is '{chosen}'; it must be one of {', '.join(MODES)}.")
    return chosen


def secret(name: str, development_value: str) -> str:
    """A secret from the environment; outside production a marked development value stands in when it is empty."""
    given = value_of(name)
    if mode() != "production":
        return given or development_value
    if not given:
        raise UnsafeSettings(f"{name} is not set. Production does not start without it; see docs/operate/settings.md.")
    if DEVELOPMENT_MARK in given or given == development_value or len(given) < 32:
        raise UnsafeSettings(f"{name} is a development or a short value. Production needs a real secret.")
    return given
