"""The part `before`: what lies before the window, summed up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from umeed.books.heads import SAVINGS
from umeed.field.bundles.loans import Lent
from umeed.field.bundles.windows import FRAME, Window, frame, kept_books

Part = dict[str, Any]
# The window begins with a month, so that kept months are enough.
_HEADS = f"""
SELECT f.book, m.head, sum(m.debit_paise - m.credit_paise)
FROM {FRAME} JOIN books_movement m ON m.book_id = f.book AND m.month < books_month(f.since) GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608
_WOMEN = f"""
SELECT f.book, l.woman_id, l.head, sum(l.amount_paise)
FROM {FRAME} JOIN books_sheet s ON s.book_id = f.book AND s.on_date < f.since
JOIN books_line l ON l.sheet_id = s.id AND l.head = ANY(%(savings)s) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608
# As `ledger.on_the_way.waiting_on` tells what others sent, and what of it was counted in, from the rest.
_WAYS = f"""
SELECT book, body_id, sum(amount_paise), coalesce(sum(amount_paise) FILTER (WHERE is_theirs = is_more), 0) FROM (
    SELECT f.book, l.body_id, l.amount_paise,
        coalesce(o.event, s.event) IS NOT NULL OR coalesce(o.kind, s.kind) = 4 AS is_theirs,
        (l.amount_paise > 0) = (s.reverses_id IS NULL) AS is_more
    FROM {FRAME} JOIN books_sheet s ON s.book_id = f.book AND s.on_date < f.since
    JOIN books_line l ON l.sheet_id = s.id AND l.head = 119 LEFT JOIN books_sheet o ON o.id = s.reverses_id
) moved GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608


def before_parts(windows: Sequence[Window], lent: Mapping[UUID, Lent]) -> dict[UUID, Part]:
    """{group: its part}. Three questions."""
    values = {**frame(windows), "savings": [head.number for head in SAVINGS]}
    heads, women, ways = (_by_book(sql, values) for sql in (_HEADS, _WOMEN, _WAYS))
    return {
        window.group.pk: {
            "heads": {str(head): int(paise) for head, paise in heads[book] if paise},
            "women": [[str(woman), head, int(paise)] for woman, head, paise in women[book] if paise],
            "loans": lent[window.group.pk].before,
            "ways": [[str(body), int(moved), int(sent)] for body, moved, sent in ways[book] if moved or sent],
        }
        for book, window in kept_books(windows).items()
    }


def _by_book(sql: str, values: Mapping[str, Any]) -> Mapping[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for book, *row in cursor.fetchall():
            found[book].append(tuple(row))
    return found
