"""Tells how far a long piece of work is while its transaction is still open: by a connection of its own."""

import logging
import time
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import DatabaseError, connections

_EVERY_SECONDS = 0.5
_log = logging.getLogger(__name__)
_UPDATE = """
UPDATE core_load SET progress_done = %s, progress_total = %s, progress_words = %s, progress_at = clock_timestamp()
WHERE id = %s
"""


def silent(done: int, total: int, words: str) -> None:
    """Progress that nobody waits for."""


class Told:
    """A `Progress` that a load's page shows: `words` are an untranslated sentence. At most two writes a second.

    The work's own transaction must not have written the load's row before, or the two would wait for each other:
    a short lock time-out turns that mistake into a missed step, never into a standstill.
    """

    def __init__(self, load_id: UUID) -> None:
        self.load_id = load_id
        self._last, self._words = 0.0, ""
        self._connection = connections.create_connection("default")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def __call__(self, done: int, total: int, words: str) -> None:
        now = time.monotonic()
        if words == self._words and now - self._last < _EVERY_SECONDS and done < total:
            return
        self._last, self._words = now, words
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
                cursor.execute(_UPDATE, [done, total, words[:200], self.load_id])
        except DatabaseError as error:
            _log.info("progress of load %s not told: %s", self.load_id, error)
