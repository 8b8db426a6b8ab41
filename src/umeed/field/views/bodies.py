"""What comes in over HTTP, before anything of it is believed: at most so large, unpacked and read with care."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.http import HttpRequest

from umeed.field.commands.sent import Hostile, why_not_plain

MOST_BYTES = 4 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class TooMuch(Hostile):
    """More than is read at once."""


def read_json(request: HttpRequest, most: int = MOST_BYTES) -> dict[str, Any]:
    """The message, an object. Raises Hostile with a plain sentence."""
    return as_message(read_bytes(request, most))


def read_bytes(request: HttpRequest, most: int = MOST_BYTES) -> bytes:
    """The body, unpacked when it is packed."""
    raw = request.read(most + 1)
    if len(raw) > most:
        raise TooMuch("This is more than can be sent at once.")
    return unpacked(raw, most) if request.headers.get("Content-Encoding", "").strip().lower() == "gzip" else raw


def unpacked(raw: bytes, most: int = MOST_BYTES) -> bytes:
    """Out of gzip: never more than so much, however small it came."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        out = unpacking.decompress(raw, most + 1)
    except zlib.error as wrong:
        raise Hostile("This is packed in a way that cannot be read.") from wrong
    if len(out) > most:
        raise TooMuch("This is more than can be sent at once.")
    if not unpacking.eof or unpacking.unused_data:
        raise Hostile("This is cut off, or something hangs on its end.")
    return out


def as_message(raw: bytes) -> dict[str, Any]:
    """An object out of JSON, as PostgreSQL can keep it."""
    try:
        message = json.loads(raw.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError) as wrong:
        raise Hostile("This is no message of a phone.") from wrong
    if not isinstance(message, dict):
        raise Hostile("This is no message of a phone.")
    if why := why_not_plain(message):
        raise Hostile(why)
    return message


def _no_number(text: str) -> Any:
    raise ValueError(text)
