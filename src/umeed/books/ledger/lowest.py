"""The least that accounts of a book hold at the end of any day from a day on. One question, whatever is asked about."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import connection

from umeed.books.ledger.drafts import Entry
from umeed.books.rules.limits import Account, Lowest, falling, why_below_nothing
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

# Days before the first one count as one: they only say with what it begins. Signs as people say them.
_LOWEST = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(heads)s::smallint[], %(women)s::uuid[], %(loans)s::bigint[], %(grows)s::int[])
        WITH ORDINALITY AS a (head, woman, loan, grows, at)
), hers AS MATERIALIZED (
    SELECT a.at, w.id AS woman FROM asked a CROSS JOIN LATERAL umeed_merged_women(umeed_kept_woman(a.woman)) AS w (id)
    WHERE a.woman IS NOT NULL
), moved AS (
    SELECT a.at, greatest(s.on_date, %(on)s::date) AS day, sum(l.amount_paise * a.grows) AS paise
    FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id JOIN asked a ON a.head = l.head
    WHERE s.book_id = %(book)s AND (a.loan IS NULL OR a.loan = l.loan_id)
        AND (a.woman IS NULL OR EXISTS (SELECT FROM hers h WHERE h.at = a.at AND h.woman = l.woman_id))
    GROUP BY 1, 2
    UNION ALL
    SELECT at, %(on)s::date, paise FROM unnest(%(added)s::bigint[]) WITH ORDINALITY AS d (paise, at)
), ends AS (
    SELECT at, day, sum(sum(paise)) OVER (PARTITION BY at ORDER BY day) AS paise FROM moved GROUP BY at, day
)
SELECT DISTINCT ON (at) at, paise, day FROM ends ORDER BY at, paise, day
"""


def below_nothing(
    book: int, on: datetime.date, entries: Iterable[Entry] = (), *, posted: bool = False
) -> list[Refusal]:
    """Every reason why lines of a day would leave, or have left (`posted`), something below nothing on it or later."""
    falls = falling(entries)
    if not falls:
        return []
    return why_below_nothing(_lowest(book, on, dict.fromkeys(falls, Paise(0)) if posted else falls))


def _lowest(book: int, on: datetime.date, falls: Mapping[Account, Paise]) -> dict[Account, Lowest]:
    accounts = list(falls)
    values = {
        "book": book, "on": on, "heads": [one.under.number for one in accounts],
        "women": [one.woman for one in accounts], "loans": [one.loan for one in accounts],
        "grows": [one.under.grows_by for one in accounts], "added": list(falls.values()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOWEST, values)
        return {accounts[at - 1]: Lowest(Paise(int(paise)), day) for at, paise, day in cursor.fetchall()}
