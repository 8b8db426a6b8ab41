"""By what a phone's part is known to be the server's: the beginning of the SHA-256 of its one spelling."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

LENGTH = 16


def spelt(part: Any) -> str:
    """A part in one spelling: keys in order, no blanks."""
    return json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(part: Any) -> str:
    return hashlib.sha256(spelt(part).encode()).hexdigest()[:LENGTH]


def sum_of(sheets: Iterable[int]) -> str:
    """Of the numbers of all sheets in the window, in order, with commas between: whether a phone lacks one of them."""
    return hashlib.sha256(",".join(map(str, sheets)).encode()).hexdigest()[:LENGTH]
