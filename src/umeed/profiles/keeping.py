"""Keeps `Standing` equal to a recount: stale villages are counted again before anybody reads."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

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


def recount(day: datetime.date) -> None:
    """Count everything afresh: after a load of a whole mission, and nightly for what only time has changed."""
    with as_system():
        Standing.objects.all().delete()
        Stale.objects.all().delete()
        _insert(day, None)


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
    _insert(day, places)


def _insert(day: datetime.date, places: list[int] | None) -> None:
    for kind in Kind.values:
        rows = [Standing(kind=kind, **row) for row in counted(kind, day, places)]
        Standing.objects.bulk_create(rows, batch_size=1000)


def counted(kind: str, day: datetime.date, places: list[int] | None) -> Iterable[Row]:
    """The truth: village sums counted from the records themselves. `places` None means everywhere."""
    records = records_of(kind, day)
    if places is not None:
        records = records.filter(place_id__in=places)
    conditions = filled(kind, day)
    marks = {f"has_{key}": one_if(condition) for key, condition in conditions.items()}
    weight = {field.key: field.weight for field in FIELDS[kind]}
    sums = {f"sum_{key}": Coalesce(Sum(f"has_{key}"), 0) for key in conditions}
    whole = Q(**{f"has_{key}": 1 for key in conditions})
    rows = (
        records.order_by()
        .annotate(**marks)
        .values("place_id")
        .annotate(
            records=Count("pk"), complete=Count("pk", filter=whole), fresh=Count("pk", filter=is_fresh(day)), **sums
        )
    )
    for row in rows:
        have = {key: row[f"sum_{key}"] for key in conditions}
        yield {
            "place_id": row["place_id"],
            "records": row["records"],
            "complete": row["complete"],
            "fresh": row["fresh"],
            "filled": sum(count * weight[key] for key, count in have.items()),
            "possible": row["records"] * possible_weight(kind),
            "missing": {key: row["records"] - count for key, count in have.items() if count < row["records"]},
        }
