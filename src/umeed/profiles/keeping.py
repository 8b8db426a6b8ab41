"""Keeps `Standing` equal to a recount: stale villages are counted again before anybody reads."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Sum

from umeed.core.viewer import as_system
from umeed.places.models import Within
from umeed.profiles.fields import filled, is_fresh, one_if, records_of
from umeed.profiles.kinds import Kind
from umeed.profiles.models import Picture, Stale, Standing
from umeed.profiles.rules import FIELDS, possible_weight

_LOCK = 7_013_003
Row = dict[str, Any]


def settle(day: datetime.date) -> int:
    """Count stale villages again and return how many there were. Two readers at once do it one after the other."""
    if not Stale.objects.exists():
        return 0
    with as_system():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        marks = dict(Stale.objects.values_list("pk", "place_id"))
        stale = sorted(set(marks.values()))
        _replace(day, stale)
        Stale.objects.filter(pk__in=marks).delete()
    return len(stale)


def recount(day: datetime.date, told: Callable[[str], None] = lambda kind: None) -> None:
    """Count everything afresh: after a load of a whole mission, and nightly for what only time has changed.

    `told(kind)` hears what is being counted.
    """
    with as_system():
        Standing.objects.all().delete()
        Stale.objects.all().delete()
        for kind in Kind:
            told(str(kind.label))
            _insert(kind, day, None)


def first_difference(day: datetime.date) -> str:
    """Compare every kept row with a recount; '' when equal, else a sentence naming the first difference."""
    settle(day)
    with as_system():
        kept = {(row.kind, row.place_id): _sums(row) for row in Standing.objects.all()}
        for kind in Kind.values:
            for row in counted(kind, day, None):
                found = kept.pop((kind, row["place_id"]), None)
                if found != _sums(Standing(kind=kind, **row)):
                    return f"{kind} in place {row['place_id']}: kept {found}, counted {row}"
        return f"kept but not counted: {next(iter(kept))}" if kept else ""


def take_picture(day: datetime.date) -> int:
    """Keep block sums of a day, for movement; returns how many rows. Twice on a day replaces the first."""
    settle(day)
    Picture.objects.filter(on=day).delete()
    rows = (
        Within.objects.on(day)
        .filter(above__kind="block", below__standings__isnull=False)
        .values("above_id", "below__standings__kind")
        .annotate(
            records=Sum("below__standings__records"),
            filled=Sum("below__standings__filled"),
            possible=Sum("below__standings__possible"),
        )
    )
    pictures = [
        Picture(
            on=day, place_id=row["above_id"], kind=row["below__standings__kind"],
            records=row["records"], filled=row["filled"], possible=row["possible"],
        )
        for row in rows
    ]  # fmt: skip
    return len(Picture.objects.bulk_create(pictures, batch_size=1000))


def _sums(row: Standing) -> tuple[Any, ...]:
    missing = {key: count for key, count in row.missing.items() if count}
    return row.records, row.complete, row.fresh, row.filled, row.possible, missing


def _replace(day: datetime.date, places: list[int]) -> None:
    Standing.objects.filter(place_id__in=places).delete()
    for kind in Kind.values:
        _insert(kind, day, places)


def _insert(kind: str, day: datetime.date, places: list[int] | None) -> None:
    rows = [Standing(kind=kind, **row) for row in counted(kind, day, places)]
    Standing.objects.bulk_create(rows, batch_size=1000)


def counted(kind: str, day: datetime.date, places: list[int] | None) -> Iterator[Row]:
    """The truth: village sums counted from the records themselves. `places` None means everywhere."""
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
