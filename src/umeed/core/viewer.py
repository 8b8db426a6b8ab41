"""Tells PostgreSQL who asks, so that row security can answer the same question as the scope, a second time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from umeed.core.scope import SYSTEM


@contextmanager
def as_viewer(viewer: str) -> Iterator[None]:
    """One transaction in which the database knows the viewer's id ('' is nobody). Restores the outer viewer."""
    is_inner = connection.in_atomic_block
    with transaction.atomic():
        before = _tell(viewer)
        yield
        # After an error going back to the savepoint restores it, and the question would only hide the error. What is
        # told lasts no longer than the outermost transaction anyhow.
        if is_inner and not connection.needs_rollback:
            _tell(before)


@contextmanager
def as_system() -> Iterator[None]:
    """One transaction of the product's own work: set-up, simulator, nightly recount. Never around a request."""
    with as_viewer(SYSTEM):
        yield


def _tell(viewer: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('umeed.viewer', true), ''), set_config('umeed.viewer', %s, true)", [viewer]
        )
        return str(cursor.fetchone()[0])
