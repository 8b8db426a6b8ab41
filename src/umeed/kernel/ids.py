"""Ids that sort by the time they were made: UUID version 7 (RFC 9562, section 5.7).

Python 3.11 has no uuid7. The 12 bits of `rand_a` carry a counter (RFC 9562, section 6.2, method 1), so that ids
made in one process within one millisecond still sort in the order they were made.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from uuid import UUID

_COUNTER_BITS = 12
_COUNTER_TOP = (1 << _COUNTER_BITS) - 1
_lock = threading.Lock()
_last_ms = -1
_counter = 0


def _forget_after_fork() -> None:
    """A forked child must not go on counting where its parent stands, nor hold the parent's lock."""
    global _lock, _last_ms
    _lock = threading.Lock()
    _last_ms = -1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)


def _next_tick() -> tuple[int, int]:
    """Return (milliseconds, counter), always later than the pair before, even when the clock steps back."""
    global _last_ms, _counter
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_ms:
            _last_ms = now
            _counter = secrets.randbits(_COUNTER_BITS - 1)  # top bit clear: room for at least 2,048 more
        else:
            _counter += 1
            if _counter > _COUNTER_TOP:  # the millisecond is full: borrow the next one
                _last_ms += 1
                _counter = 0
        return _last_ms, _counter


def new_id() -> UUID:
    """Return a new UUIDv7, greater than every id this process made before."""
    ms, counter = _next_tick()
    value = (ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def is_uuid7(value: object) -> bool:
    """Say whether `value` is a UUIDv7 (a UUID, or its text in any form that `uuid.UUID` reads)."""
    if not isinstance(value, UUID):
        try:
            value = UUID(str(value))
        except ValueError:
            return False
    return value.version == 7


def made_at_ms(value: UUID) -> int:
    """Return the Unix time in milliseconds at which a UUIDv7 was made; ValueError for another version."""
    if value.version != 7:
        raise ValueError(f"not a UUIDv7: {value}")
    return value.int >> 80
