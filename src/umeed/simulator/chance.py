"""Chance that repeats: one seed gives the same mission, ids included, on every machine."""

import random
from collections.abc import Sequence
from typing import TypeVar

Any_ = TypeVar("Any_")
_START_MS = 1_700_000_000_000  # November 2023: ids of invented records sort before those of real work


class Chance:
    """A stream of choices under a name; streams of other names do not shift it."""

    def __init__(self, seed: int, name: str) -> None:
        self._random = random.Random(f"{seed}:{name}")  # noqa: S311  (invented data, no secret)
        self._ids = 0
        self.uniform = self._random.random
        self._bits = self._random.getrandbits

    def of(self, items: Sequence[Any_]) -> Any_:
        return items[int(self.uniform() * len(items))]

    def happens(self, share: float) -> bool:
        return self.uniform() < share

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def id(self) -> str:
        """A UUIDv7 with an invented clock, as 32 hex digits: sorted in the order of making, so that indexes grow at
        their end.
        """
        self._ids += 1
        value = (_START_MS + self._ids) << 80 | 0x7 << 76 | self._bits(12) << 64 | 0b10 << 62 | self._bits(62)
        # Millions are made: a UUID object each would take a third of the whole time.
        return f"{value:032x}"
