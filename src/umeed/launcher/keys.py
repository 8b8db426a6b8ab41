"""The secrets of a demonstration or a development copy: made once, kept in the data folder, never for production."""

import base64
import os
import secrets
from pathlib import Path

# Production refuses a signing key with these words in it (config/environment.py).
NOT_FOR_PRODUCTION = "development-only"


def development_keys(data: Path) -> dict[str, str]:
    """UMEED_SECRET_KEY, UMEED_FIELD_KEY (64 bytes) and UMEED_HASH_KEY (32 bytes, both in base64) of a data folder."""
    file = data / "secrets.env"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        _write(file, _fresh())
    pairs = (line.partition("=") for line in file.read_text().splitlines())
    return {name: value for name, equals, value in pairs if equals}


def _fresh() -> dict[str, str]:
    return {
        "UMEED_SECRET_KEY": f"{NOT_FOR_PRODUCTION}-{secrets.token_urlsafe(48)}",
        "UMEED_FIELD_KEY": base64.b64encode(secrets.token_bytes(64)).decode(),
        "UMEED_HASH_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _write(file: Path, keys: dict[str, str]) -> None:
    """Writes aside, then links into place: of two at once one wins, and both then read the same keys."""
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writer:
        writer.write("".join(f"{name}={value}\n" for name, value in keys.items()))
    try:
        os.link(aside, file)
    except FileExistsError:
        return
    finally:
        aside.unlink()
