"""Keeps the dated closure: from the `Lying` rows to "what lay within what, on which day", set-based and provable.

A path counts on the days on which all its steps held, and only while the place at its upper end existed. A place that
was merged keeps no days of its own after that; what is recorded there is reached through its successor.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

_TREE_LOCK = 7_013_002
_MANY = 100

# All places that ever lay below the given ones, and these themselves.
_SUBTREES = """
    WITH RECURSIVE down(id) AS (
        SELECT unnest(%(ids)s::bigint[])
        UNION
        SELECT l.place_id FROM down JOIN places_lying l ON l.parent_id = down.id
    ) SELECT id FROM down
"""

# The closure of the places in %(ids)s (all of them when %(all)s), worked out from Lying and Mission alone.
# 16 steps are more than any tree of India has; the bound stops a walk in a circle that was written past the rules.
_FRESH = """
    WITH RECURSIVE up(below, above, during, steps) AS (
        SELECT p.id, p.id, daterange(NULL, NULL), 0 FROM places_place p
        WHERE %(all)s OR p.id = ANY (%(ids)s::bigint[])
        UNION
        SELECT up.below, l.parent_id, up.during * l.during, up.steps + 1
        FROM up JOIN places_lying l ON l.place_id = up.above AND l.during && up.during
        WHERE up.steps < 16
    ), paths AS (
        SELECT above, below, range_agg(during) AS days FROM up GROUP BY above, below
    ), lives AS (
        SELECT p.id, coalesce(
            range_agg(l.during) FILTER (WHERE l.line <> 'merged'),
            datemultirange(daterange(m.opened_on, min(lower(l.during))))
        ) AS days
        FROM places_place p
        JOIN places_mission m ON m.key = p.mission_id
        LEFT JOIN places_lying l ON l.place_id = p.id
        WHERE %(all)s OR p.id IN (SELECT above FROM paths)
        GROUP BY p.id, m.opened_on
    ), fresh AS (
        SELECT paths.above AS above_id, paths.below AS below_id, unnest(paths.days * lives.days) AS during
        FROM paths JOIN lives ON lives.id = paths.above
    )
"""

_DROP_STALE = """
    DELETE FROM places_within w
    WHERE (%(all)s OR w.below_id = ANY (%(ids)s::bigint[]))
      AND NOT EXISTS (
        SELECT 1 FROM fresh f
        WHERE f.above_id = w.above_id AND f.below_id = w.below_id AND f.during = w.during
      )
"""

_ADD_MISSING = """
    INSERT INTO places_within (above_id, below_id, during)
    SELECT f.above_id, f.below_id, f.during FROM fresh f
    LEFT JOIN places_within w
      ON w.above_id = f.above_id AND w.below_id = f.below_id AND w.during = f.during
    WHERE w.id IS NULL
"""

_DIFFERENCE = """
    SELECT coalesce(f.above_id, w.above_id), coalesce(f.below_id, w.below_id), w.during, f.during
    FROM fresh f
    FULL JOIN places_within w
      ON w.above_id = f.above_id AND w.below_id = f.below_id AND w.during = f.during
    WHERE w.id IS NULL OR f.below_id IS NULL
    ORDER BY 1, 2, coalesce(w.during, f.during)
    LIMIT 1
"""

# Sorted by their first day, overlapping ranges always have a neighbour that they overlap.
_TWO_AT_ONCE = """
    SELECT below_id, kind, before_id, above_id FROM (
        SELECT w.below_id, p.kind, w.above_id, w.during,
               lag(w.above_id) OVER same AS before_id, lag(w.during) OVER same AS before
        FROM places_within w JOIN places_place p ON p.id = w.above_id
        WHERE w.below_id = ANY (%(ids)s::bigint[])
        WINDOW same AS (PARTITION BY w.below_id, p.kind ORDER BY lower(w.during), upper(w.during) NULLS LAST)
    ) AS neighbours
    WHERE before && during
    ORDER BY below_id, before_id, above_id
    LIMIT %(most)s
"""


@dataclass(frozen=True)
class Difference:
    """The first row on which the kept closure and a recount disagree; a side without the row is None."""

    above_id: int
    below_id: int
    kept: DateRange | None
    recounted: DateRange | None


@dataclass(frozen=True)
class TwoAtOnce:
    """A place that lies in two places of one kind on the same day, which no tree may say."""

    place_id: int
    kind: str
    first_id: int
    second_id: int


def lock() -> None:
    """Let one change of the tree run at a time, to the end of its transaction: half-seen changes make a wrong tree."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])


def rebuild() -> int:
    """Make the whole closure again from the `Lying` rows. Returns how many rows were dropped or added."""
    return _write({"all": True, "ids": []})


def refresh(place_ids: Iterable[int]) -> list[int]:
    """Make the closure again for these places and everything that ever lay below them.

    Give the places whose own `Lying` rows were added, changed or removed. Returns the ids of all places looked at.
    """
    below = subtrees(place_ids)
    if below:
        _write({"all": False, "ids": below})
    return below


def subtrees(place_ids: Iterable[int]) -> list[int]:
    """These places and all that ever lay below them, whatever the line and the day."""
    ids = sorted(set(place_ids))
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREES, {"ids": ids})
        return [row[0] for row in cursor.fetchall()]


def first_difference() -> Difference | None:
    """Compare the kept closure with one worked out anew. None when they are equal."""
    with _cursor_for(_MANY) as cursor:
        cursor.execute(_FRESH + _DIFFERENCE, {"all": True, "ids": []})
        row = cursor.fetchone()
    return Difference(*row) if row else None


def two_at_once(place_ids: Sequence[int], *, most: int = 20) -> list[TwoAtOnce]:
    """Places among these that lie in two districts (blocks, tehsils …) on one day: at most `most` of them."""
    with _cursor_for(len(place_ids)) as cursor:
        cursor.execute(_TWO_AT_ONCE, {"ids": list(place_ids), "most": most})
        return [TwoAtOnce(*row) for row in cursor.fetchall()]


@contextmanager
def _cursor_for(places: int) -> Iterator[Any]:
    """A cursor in a transaction; for many places one that never loops over pairs.

    A first load runs before PostgreSQL has counted the new tables; it then takes them for empty and loops for minutes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if places < _MANY:
            yield cursor
            return
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        yield cursor
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")


def _write(which: dict[str, Any]) -> int:
    with _cursor_for(_MANY if which["all"] else len(which["ids"])) as cursor:
        cursor.execute(_FRESH + _DROP_STALE, which)
        dropped = cursor.rowcount
        cursor.execute(_FRESH + _ADD_MISSING, which)
        return dropped + cursor.rowcount
