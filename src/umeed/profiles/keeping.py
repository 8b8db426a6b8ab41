"""Keeps `Standing` and `Rollup` equal to a recount: what is stale is counted again before anybody reads."""

import datetime
from collections.abc import Callable, Iterable

from django.db import connection

from umeed.core.viewer import as_system
from umeed.profiles import rollups
from umeed.profiles.counting import counted
from umeed.profiles.kinds import Kind
from umeed.profiles.models import Picture, Rollup, Stale, Standing, Sums

_LOCK = 7_013_003
PICTURED = ("district", "block")


def settle(day: datetime.date) -> int:
    """Count stale villages again and return how many there were. Two readers at once do it one after the other."""
    if _is_settled(day):
        return 0
    with as_system():
        _one_at_a_time()
        marks = dict(Stale.objects.values_list("pk", "place_id"))
        stale = sorted({place for place in marks.values() if place is not None})
        before = list(Standing.objects.filter(place_id__in=stale))
        after = _replace(day, stale)
        if None in marks.values() or not Rollup.objects.filter(on=day).exists():
            rollups.rebuild(day)
        else:
            rollups.shift(day, before, after)
        Stale.objects.filter(pk__in=marks).delete()
    return len(stale)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _is_settled(day: datetime.date) -> bool:
    """No mark, and the rollups are of this day (or there is nothing to add up). One question: every page asks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT NOT EXISTS (SELECT FROM profiles_stale) AND (EXISTS (SELECT FROM profiles_rollup WHERE "on" = %s)'
            " OR NOT EXISTS (SELECT FROM profiles_standing))",
            [day],
        )
        return bool(cursor.fetchone()[0])


def recount(day: datetime.date, told: Callable[[str], None] = lambda kind: None) -> None:
    """Count everything afresh: after a load of a whole mission, and nightly for what only time has changed.

    `told(kind)` hears what is being counted.
    """
    with as_system():
        _one_at_a_time()
        Standing.objects.all().delete()
        Stale.objects.all().delete()
        for kind in Kind:
            told(str(kind.label))
            _insert(kind, day, None)
        rollups.rebuild(day)


def first_difference(day: datetime.date) -> str:
    """Compare every kept row with a recount; '' when equal, else a sentence naming the first difference."""
    settle(day)
    with as_system():
        truth = [Standing(kind=kind, **row) for kind in Kind.values for row in counted(kind, day, None)]
        return _difference(Standing.objects.all(), truth) or _difference(
            Rollup.objects.all(), rollups.added_up(day, truth)
        )


def _difference(kept: Iterable[Sums], counted_now: Iterable[Sums]) -> str:
    left = {(row.kind, row.place_id): rollups.sums_of(row) for row in kept}
    for row in counted_now:
        found, right = left.pop((row.kind, row.place_id), None), rollups.sums_of(row)
        if found != right:
            return f"{row.kind} in place {row.place_id}: kept {found}, counted {right}"
    return f"kept but not counted: {next(iter(left))}" if left else ""


def take_picture(day: datetime.date) -> int:
    """Keep the sums of blocks and districts of a day, for movement; returns how many. Twice replaces the first."""
    settle(day)
    Picture.objects.filter(on=day).delete()
    rows = Rollup.objects.filter(on=day, place__kind__in=PICTURED).order_by("pk")
    pictures = [
        Picture(
            on=day, place_id=row.place_id, kind=row.kind,
            records=row.records, filled=row.filled, possible=row.possible,
        )
        for row in rows
    ]  # fmt: skip
    return len(Picture.objects.bulk_create(pictures, batch_size=1000))


def _replace(day: datetime.date, places: list[int]) -> list[Standing]:
    Standing.objects.filter(place_id__in=places).delete()
    return [row for kind in Kind.values for row in _insert(kind, day, places)] if places else []


def _insert(kind: str, day: datetime.date, places: list[int] | None) -> list[Standing]:
    rows = [Standing(kind=kind, **row) for row in counted(kind, day, places)]
    return Standing.objects.bulk_create(rows, batch_size=1000)
