"""Seals what must not be readable in a stolen copy of the database: phones, account numbers, secrets.

AES-SIV (RFC 5297) from `cryptography`: authenticated, and the same text gives the same seal, so that an exact number
can be looked up and a shared phone found without a second column. The field's name is bound in, so a sealed
value cannot be moved to another column. One-way hashes (identity numbers) are HMAC-SHA256 under another key.
"""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

VERSION = "s1:"


@lru_cache(maxsize=4)
def _cipher(key: str) -> AESSIV:
    return AESSIV(base64.b64decode(key))


def sealed(text: str, purpose: str) -> str:
    """The sealed form of a text for a purpose (the field's name): `s1:` and base64."""
    box = _cipher(settings.FIELD_KEY).encrypt(text.encode(), [purpose.encode()])
    return VERSION + base64.b64encode(box).decode()


def opened(box: str, purpose: str) -> str:
    """The text in a seal. Raises cryptography's InvalidTag for another key, another purpose or a changed seal."""
    raw = base64.b64decode(box.removeprefix(VERSION))
    return _cipher(settings.FIELD_KEY).decrypt(raw, [purpose.encode()]).decode()


def sealed_bytes(raw: bytes, purpose: str) -> bytes:
    """The sealed form of a picture or another file."""
    return _cipher(settings.FIELD_KEY).encrypt(raw, [purpose.encode()])


def opened_bytes(box: bytes, purpose: str) -> bytes:
    return _cipher(settings.FIELD_KEY).decrypt(box, [purpose.encode()])


def one_way(text: str, purpose: str) -> str:
    """A keyed hash (64 hex digits) that finds an equal number again and never gives it back."""
    key = base64.b64decode(settings.HASH_KEY)
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
