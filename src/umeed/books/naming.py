"""What a woman is called in the books: every page, paper and reason asks here, so that she has one name everywhere.

How two of one name are told apart stands in the room of institutions; here also the records that were merged into hers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from umeed.institutions.naming import Called, told_apart

_COLUMNS = "w.id, w.name, w.belonging_name, w.relation, w.gender, w.born_on, w.born_year, w.merged_into_id"
_WITH_NAMESAKES = f"""
WITH asked AS (SELECT one AS id, umeed_kept_woman(one) AS kept FROM unnest(%s::uuid[]) one),
    theirs AS (SELECT DISTINCT m.institution_id FROM institutions_membership m JOIN asked a ON m.woman_id = a.kept)
SELECT NULL, a.kept, {_COLUMNS} FROM asked a JOIN institutions_woman w ON w.id = a.id
UNION ALL
SELECT m.institution_id, NULL, {_COLUMNS} FROM theirs t
    JOIN institutions_membership m USING (institution_id) JOIN institutions_woman w ON w.id = m.woman_id
"""  # noqa: S608


def women_called(women: Iterable[UUID | None]) -> dict[UUID, str]:
    """{woman: what she is called}, told apart from all who ever belonged to a group of hers. One question."""
    asked = {pk for pk in women if pk}
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WITH_NAMESAKES, [list(asked)])
        rows = [(group, kept, Called.of(row)) for group, kept, *row in cursor.fetchall()]
    groups: dict[UUID, dict[UUID, Called]] = defaultdict(dict)
    for group, _kept_as, one in rows:
        if group is not None:
            groups[group][one.id] = one
    said: dict[UUID, str] = {}
    for _group, kept, one in rows:
        if kept is not None:
            apart = (told_apart([*group.values(), one])[one.id] for group in groups.values() if kept in group)
            said[one.id] = next((name for name in apart if name != one.name), one.name)
    return said
