"""Lets PostgreSQL keep its plans of questions about one record, instead of planning them anew for each page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

ASKED_BEFORE = 2
"""So often a question is asked before it is prepared: what comes once is not worth keeping."""
KEPT_AT_MOST = 400
"""Questions a connection; the one that was not asked for longest makes room."""


@contextmanager
def plans_kept() -> Iterator[None]:
    """Within, a question that keeps coming is prepared, and PostgreSQL may keep one plan of it for all values.

    For questions about one record only, whose best way is the same whoever asks: by its key. A list must be planned for
    who asks, since a plan made for the whole UT would serve a block badly. Outside, nothing is prepared and nothing
    prepared is used, and values are written into the question: PostgreSQL takes at most 65,535 beside it, and a load
    asks for more at once. Also a decorator: `@plans_kept()`. See docs/decisions/0011.
    """
    connection.ensure_connection()
    driver = connection.connection
    before = driver.prepare_threshold, driver.cursor_factory
    driver.prepare_threshold, driver.cursor_factory = ASKED_BEFORE, ServerBindingCursor
    driver.prepared_max = KEPT_AT_MOST
    try:
        yield
    finally:
        driver.prepare_threshold, driver.cursor_factory = before
