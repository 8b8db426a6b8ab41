"""Digits of every script read as Latin digits, the signs of a number too; text cleaned of marks that cannot be seen."""

from __future__ import annotations

import re
import unicodedata


class _Latin(dict[int, str]):
    """For `str.translate`: a decimal digit of any script as 0-9, any other character as itself; looked up as met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        digit = unicodedata.decimal(sign, None)
        self[code] = read = sign if digit is None else str(digit)
        return read


_TO_LATIN = _Latin()

# Direction marks, joiners, byte-order marks: pasted along with text, never meant.
_UNSEEN = dict.fromkeys(
    [0xAD, 0xFEFF, 0x061C, 0x2060, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_SPACES = dict.fromkeys((9, 10, 11, 12, 13, 160, 8239, 12288, *range(8192, 8203)), " ")
_SEEN = {**_UNSEEN, **_SPACES}
# What the keyboards of Urdu and Arabic set between thousands (U+066C, or their comma) and before the paise (U+066B).
_SIGNS = {0x066C: ",", 0x060C: ",", 0x066B: "."}
# A keyboard of Urdu has its full stop (U+06D4) where others have the point: between two digits that is what is meant.
_STOP = re.compile(r"(?<=\d)\u06d4(?=\d)")


def latin_digits(text: str) -> str:
    """Return `text` with Urdu, Devanagari and all other decimal digits written 0-9."""
    return text if text.isascii() else text.translate(_TO_LATIN)


def plain_text(text: str) -> str:
    """Return `text` in Latin digits, without unseen marks, every run of white space one blank, ends trimmed."""
    if not text.isascii():
        text = text.translate(_SEEN).translate(_TO_LATIN)
    return " ".join(text.split())


def plain_number(text: str) -> str:
    """Return `text`, which should say a number, as `plain_text` does, its signs of thousands and decimals as , and ."""
    return plain_text(text if text.isascii() else _STOP.sub(".", text.translate(_SIGNS)))
