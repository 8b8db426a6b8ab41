"""Kept sums of districts, blocks and States: always the villages' standings added up under today's tree."""

import datetime
from collections.abc import Iterable
from typing import Any

from umeed.places.models import Within
from umeed.profiles.models import Rollup, Standing, Sums

LEVELS = ("state", "district", "block")
"""Kinds of places that have a rollup; smaller ones are added up on reading."""
_NUMBERS = ("records", "complete", "fresh", "filled", "possible")
Key = tuple[int, str]


def rebuild(day: datetime.date) -> None:
    """Make all rollups anew, under the tree of a day."""
    Rollup.objects.all().delete()
    Rollup.objects.bulk_create(added_up(day, Standing.objects.all()), batch_size=500)


def added_up(day: datetime.date, standings: Iterable[Standing]) -> list[Rollup]:
    """Rollups (not saved) of the places in which the villages of some standings lie on a day."""
    above = _above(day)
    sums: dict[Key, Rollup] = {}
    for standing in standings:
        for place in above.get(standing.place_id, ()):
            key = (place, standing.kind)
            if key not in sums:
                sums[key] = _empty(day, key)
            _add(sums[key], standing, 1)
    return list(sums.values())


def shift(day: datetime.date, before: Iterable[Standing], after: Iterable[Standing]) -> None:
    """Move the kept rollups by the difference between what some villages' standings were and what they are."""
    before, after = list(before), list(after)
    above = _above(day, {standing.place_id for standing in (*before, *after)})
    near = {place for places in above.values() for place in places}
    kept = {(row.place_id, row.kind): row for row in Rollup.objects.filter(place__in=near)}
    touched: dict[Key, Rollup] = {}
    for standings, sign in ((before, -1), (after, 1)):
        for standing in standings:
            for place in above.get(standing.place_id, ()):
                key = (place, standing.kind)
                touched[key] = kept.setdefault(key, _empty(day, key))
                _add(touched[key], standing, sign)
    _keep(touched.values())


def _keep(rollups: Iterable[Rollup]) -> None:
    rows = list(rollups)
    Rollup.objects.filter(pk__in=[row.pk for row in rows if row.pk and not row.records]).delete()
    Rollup.objects.bulk_update([row for row in rows if row.pk and row.records], [*_NUMBERS, "missing"], batch_size=500)
    Rollup.objects.bulk_create([row for row in rows if not row.pk and row.records], batch_size=500)


def _above(day: datetime.date, places: set[int] | None = None) -> dict[int, list[int]]:
    """Every place (or each of some) with what it lies in, of the levels that have a rollup."""
    ties = Within.objects.on(day).filter(above__kind__in=LEVELS)
    if places is not None:
        ties = ties.filter(below__in=places)
    above: dict[int, list[int]] = {}
    for below, place in ties.values_list("below_id", "above_id"):
        above.setdefault(below, []).append(place)
    return above


def _empty(day: datetime.date, key: Key) -> Rollup:
    return Rollup(on=day, place_id=key[0], kind=key[1], **dict.fromkeys(_NUMBERS, 0))


def _add(to: Sums, what: Sums, sign: int) -> None:
    for name in _NUMBERS:
        setattr(to, name, getattr(to, name) + sign * getattr(what, name))
    for field, count in what.missing.items():
        left = to.missing.get(field, 0) + sign * count
        if left:
            to.missing[field] = left
        else:
            to.missing.pop(field, None)


def sums_of(row: Sums) -> tuple[Any, ...]:
    """A row's numbers, for comparing."""
    missing = {key: count for key, count in row.missing.items() if count}
    return (*(getattr(row, name) for name in _NUMBERS), missing)
