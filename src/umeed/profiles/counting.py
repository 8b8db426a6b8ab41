"""The truth behind the kept counts: village sums counted from the records themselves."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import connection

from umeed.profiles.fields import filled, is_fresh, one_if, records_of
from umeed.profiles.rules import FIELDS, possible_weight

Row = dict[str, Any]


def counted(kind: str, day: datetime.date, places: list[int] | None) -> Iterator[Row]:
    """A row (the columns of `Standing` but the kind) for each village with records; `places` None means everywhere."""
    for place_id, records, complete, fresh, *have in _sums_by_place(kind, day, places):
        counts = dict(zip(FIELDS[kind], have, strict=True))
        yield {
            "place_id": place_id,
            "records": records,
            "complete": complete,
            "fresh": fresh,
            "filled": sum(count * field.weight for field, count in counts.items()),
            "possible": records * possible_weight(kind),
            "missing": {field.key: records - count for field, count in counts.items() if count < records},
        }


def _sums_by_place(kind: str, day: datetime.date, places: list[int] | None) -> list[tuple[Any, ...]]:
    """Rows (place, records, complete, fresh, filled count of each field in the order of `FIELDS`)."""
    conditions = filled(kind, day)
    marks = {f"has_{key}": one_if(condition) for key, condition in conditions.items()}
    records = records_of(kind, day).order_by().annotate(**marks, is_fresh=one_if(is_fresh(day)))
    if places is not None:
        records = records.filter(place_id__in=places)
    each, values = records.values("place_id", "is_fresh", *marks).query.sql_with_params()
    whole = " AND ".join(f"{mark} = 1" for mark in marks)
    sums = ", ".join(f"sum({mark})" for mark in marks)
    with connection.cursor() as cursor:
        # OFFSET 0 keeps each condition in its own place: without it PostgreSQL asks it again for each sum.
        cursor.execute(
            f"SELECT place_id, count(*), count(*) FILTER (WHERE {whole}), sum(is_fresh), {sums} "  # noqa: S608
            f"FROM ({each} OFFSET 0) AS record GROUP BY place_id",
            values,
        )
        return cursor.fetchall()
