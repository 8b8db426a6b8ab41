"""Up to where a phone knows: in the order in which PostgreSQL's transactions ended, never by a clock.

A cursor is the oldest transaction that had not ended when the phone asked: whatever was committed before is behind it,
and what that one and all later ones wrote is told when they have. It also names the server and its timeline: a database
that was put back from a backup counts anew, and a phone that asks it begins anew. Where only the phone could know that
it was put back, the name says at which answer that was noticed (`conversations.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

_NOW = """
SELECT s.system_identifier, c.timeline_id,
    pg_snapshot_xmin(now.at)::text::bigint, pg_snapshot_xmax(now.at)::text::bigint
FROM pg_control_system() s, pg_control_checkpoint() c, (SELECT pg_current_snapshot() AS at) now
"""
_TOUCHED = "SELECT group_id, array_agg(DISTINCT what) FROM field_mark WHERE xid >= %s AND group_id = ANY(%s) GROUP BY 1"
# Whoever asks since an older mark is told by the later one, which is there already.
_COVERED = """
DELETE FROM field_mark m USING (SELECT group_id, what, max(xid) AS last FROM field_mark GROUP BY group_id, what) k
WHERE m.group_id = k.group_id AND m.what = k.what AND m.xid < k.last
"""
NEWEST = "(SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS newest) AS clock"
"""Stands in FROM of a question that asks for what was `written` since."""


def written(table: str) -> str:
    """Whether a row was written by the transaction %(xid)s or a later one. PostgreSQL keeps of each row the last 32
    bits of the number of its transaction; what is older than 2^31 transactions is told too, and known to the phone."""
    since = f"((clock.newest - {table}.xmin::text::bigint + 2147483648) & 4294967295) - 2147483648"
    return f"clock.newest - ({since}) >= %(xid)s"


@dataclass(frozen=True)
class Cursor:
    """`since` and all later transactions are to be looked at. As text: what a phone keeps and does not understand."""

    server: str
    since: int

    def __str__(self) -> str:
        return f"{self.server}.{self.since}"


@dataclass(frozen=True)
class Asked:
    """`now` is the cursor for the next time; `since` None when the phone's is none of this database's: all is looked
    at."""

    now: Cursor
    since: int | None

    def touched(self, groups: Collection[UUID]) -> dict[UUID, frozenset[int]] | None:
        """Of some groups those that something was written of since, and what (`models.What`); None when nobody can
        say."""
        if self.since is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute(_TOUCHED, [self.since, list(groups)])
            return {group: frozenset(what) for group, what in cursor.fetchall()}


def read_cursor(text: object, put_back_at: int = 0) -> Asked:
    """Where the phone stands. Asked before anything is read that is told under the new cursor. `put_back_at` as in
    `conversations.py`."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        server, timeline, oldest, newest = cursor.fetchone()
    now = Cursor(f"{server}.{timeline}" + (f".{put_back_at}" if put_back_at else ""), oldest)
    head, _dot, number = str(text or "").rpartition(".")
    is_ours = head == now.server and number.isascii() and number.isdigit() and len(number) < 19
    return Asked(now, int(number) if is_ours and int(number) <= newest else None)


def forget_covered() -> int:
    """Remove marks that later ones of the same group cover; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_COVERED)
        return cursor.rowcount
