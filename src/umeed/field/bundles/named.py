"""Whom the lines of many books name: women and bodies ever, loans in the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from umeed.field.bundles.windows import FRAME, Window, frame, kept_books

_NAMED = f"""
SELECT f.book, array_agg(DISTINCT l.woman_id) FILTER (WHERE l.woman_id IS NOT NULL),
    array_agg(DISTINCT l.body_id) FILTER (WHERE l.body_id IS NOT NULL),
    array_agg(DISTINCT l.loan_id) FILTER (WHERE l.loan_id IS NOT NULL AND s.on_date >= f.since)
FROM {FRAME} JOIN books_sheet s ON s.book_id = f.book JOIN books_line l ON l.sheet_id = s.id GROUP BY 1
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Named:
    women: frozenset[UUID] = frozenset()
    bodies: frozenset[UUID] = frozenset()
    loans: frozenset[int] = frozenset()


def named_in(windows: Sequence[Window]) -> dict[UUID, Named]:
    """{group: whom its lines name}. One question."""
    books = kept_books(windows)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, frame(windows))
        return {
            books[book].group.pk: Named(*(frozenset(ids or ()) for ids in every)) for book, *every in cursor.fetchall()
        }
