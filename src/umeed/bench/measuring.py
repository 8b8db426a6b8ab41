"""Times things, and throws away what they wrote."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

Params = Sequence[Any] | Mapping[str, Any]


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call took."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def timed(work: Callable[[], object], runs: int, *, warm: int = 1) -> list[float]:
    """Milliseconds of each of `runs` calls, after `warm` calls that are not counted."""
    for _ in range(warm):
        work()
    return [milliseconds(work) for _ in range(runs)]


def pace() -> float:
    """Milliseconds for a fixed piece of Python (the best of five): tells a slow or busy machine from a slow page."""
    return min(timed(lambda: sum(range(1_000_000)), 5))


def ask(sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
    """The rows of a plain SQL question: the floor under everything above the database."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@contextmanager
def thrown_away() -> Iterator[None]:
    """A transaction of which nothing remains, however it ends."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
