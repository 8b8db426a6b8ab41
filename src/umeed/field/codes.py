"""A file of a phone that was shown as a row of QR codes, as a reader types them out: put together again.

"UM1:" who ":" which ":" of how many ":" base45       `who` begins the SHA-256 of the whole, eight hex digits
"""

from __future__ import annotations

import hashlib
import re

from umeed.core.actions import Refused
from umeed.kernel.refusals import N_, Refusal

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {letter: at for at, letter in enumerate(_ALPHABET)}
_PIECE = re.compile(r"UM1:([0-9A-F]{8}):([0-9]{1,4}):([0-9]{1,4}):([^\r\n]*)")
MOST_PIECES = 2000
_NO_CODE = N_("There is no code of a phone with Umeed among this.")
_TWO_ROWS = N_("These codes are of two different files. Take those of one.")
_MISSING = N_("These codes are missing still: %(numbers)s")
_MISREAD = N_("A code was misread. Read them once more.")


def joined(text: str) -> bytes:
    """The file out of its codes, in any order and as often as one likes. Raises Refused with what is missing."""
    found = _PIECE.findall(text)
    if not found or len(found) > MOST_PIECES:
        raise _refused("no_code", _NO_CODE)
    if len({(who, count) for who, _at, count, _piece in found}) > 1:
        raise _refused("two_rows", _TWO_ROWS)
    who, _at, count, _piece = found[0]
    pieces = {int(at): piece for _who, at, _count, piece in found}
    if int(count) > MOST_PIECES:
        raise _refused("no_code", _NO_CODE)
    if missing := [at for at in range(1, int(count) + 1) if at not in pieces]:
        raise _refused("missing", _MISSING, numbers=[str(at) for at in missing[:20]])
    try:
        whole = b"".join(base45(pieces[at]) for at in range(1, int(count) + 1))
    except ValueError as wrong:
        raise _refused("misread", _MISREAD) from wrong
    if hashlib.sha256(whole).hexdigest()[:8].upper() != who:
        raise _refused("misread", _MISREAD)
    return whole


def base45(text: str) -> bytes:
    """Bytes out of base45 (RFC 9285)."""
    out = bytearray()
    for at in range(0, len(text), 3):
        part = text[at : at + 3]
        if len(part) == 1 or any(letter not in _VALUE for letter in part):
            raise ValueError(part)
        value = sum(_VALUE[letter] * 45**power for power, letter in enumerate(part))
        if value >= 256 ** (len(part) - 1):
            raise ValueError(part)
        out += value.to_bytes(len(part) - 1, "big")
    return bytes(out)


def _refused(code: str, text: str, **values: object) -> Refused:
    return Refused([Refusal("codes", code, text, values)])
