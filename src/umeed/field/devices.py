"""How a phone shows that it was enrolled: a code that is typed once, a token that it keeps. Only keyed hashes stay."""

from __future__ import annotations

import re
import secrets

from django.core.cache import cache

from umeed.access.models import User
from umeed.access.scope import scope_of
from umeed.core.rows import rows_where
from umeed.core.scope import Scope
from umeed.core.seal import one_way
from umeed.field.models import Device

# Without what looks alike on a small screen or in handwriting: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 10
GOOD_DAYS = 7
TOKEN_PREFIX = "phone_"  # noqa: S105
_CODE, _TOKEN = "field.code", "field.token"
# Wrong codes from one address in ten minutes. An office shares one, and so do thousands of phones of one carrier:
# nobody shuts them all out with a few tries. Nobody guesses one of 4 × 10^13 with many more.
MOST_WRONG, WRONG_SECONDS = 60, 600
_NO_WRITING = re.compile(r"[\s\-.·]+")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def shown(code: str) -> str:
    """As it is read out and typed: in two halves."""
    return f"{code[:5]} {code[5:]}"


def code_digest(typed: str) -> str:
    return one_way(_NO_WRITING.sub("", typed).upper(), _CODE)


def new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    return one_way(token, _TOKEN)


def device_of(token: str) -> Device | None:
    """The phone whose token this is, also one that was ended: what it still has is taken, and kept for an officer."""
    if not token.startswith(TOKEN_PREFIX) or len(token) > 100:
        return None
    found = rows_where(Device, "token_digest = %s", [token_digest(token)])
    for device in found:
        # What is sealed of her, and what her password is known by, nobody needs for it.
        (device.owner,) = rows_where(User, "id = %s", [device.owner_id], but_for="phone password")
    return found[0] if found else None


def scope_of_device(device: Device, *, origin: str = "") -> Scope:
    """The scope of whose phone it is, as of now. An account that was switched off keeps its name and has no rights."""
    owner: User = device.owner
    scope = scope_of(owner, origin=origin, with_places=False)
    return scope if scope.viewer else Scope(str(owner.pk), str(owner), scope.today, origin=origin)


def has_tried_too_often(address: str) -> bool:
    return int(cache.get(_key(address), 0)) >= MOST_WRONG


def count_wrong(address: str) -> None:
    key = _key(address)
    if not cache.add(key, 1, timeout=WRONG_SECONDS):
        cache.set(key, int(cache.get(key, 0)) + 1, timeout=WRONG_SECONDS)


def _key(address: str) -> str:
    return f"field.wrong-codes.{address}"
