"""Writes the dated rows of the tree, many at once: where places lie and what they are called. For actions and loads.

A change on a day holds until the next change that is already known: the row that covers the day is cut there, and the
new row runs to where the old one ended. Nothing here checks whether a change is allowed.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from umeed.core.audit import Trail, picture
from umeed.core.dated import between
from umeed.places.models import Lying, Place, PlaceName

_BATCH = 2000


@dataclass(frozen=True)
class Tie:
    """A place is to lie in `parent_id` in a line from a day on; without a parent it stops lying in that line."""

    place_id: int
    line: str
    parent_id: int | None
    on: datetime.date


@dataclass(frozen=True)
class Tied:
    """What became of a tie: from which parent to which, from which day, until the next known change (or None)."""

    place_id: int
    line: str
    from_id: int | None
    to_id: int | None
    on: datetime.date
    until: datetime.date | None


@dataclass(frozen=True)
class Call:
    """A place is to be called so from a day on. None: by the name that it has then anyway."""

    place_id: int
    name: str | None
    name_local: str | None
    on: datetime.date


def lay(ties: Sequence[Tie], trail: Trail) -> list[Tied]:
    """Write ties (at most one for a place and line). Returns those that changed something, in the order given."""
    known = Lying.objects.filter(place__in={tie.place_id for tie in ties})
    rows = _rows_of(known, lambda row: (row.place_id, row.line))
    work = _Work(trail, Lying)
    done = [tied for tie in ties if (tied := _lay(tie, rows.get((tie.place_id, tie.line), []), work))]
    work.write()
    return done


def _lay(tie: Tie, rows: Sequence[Lying], work: "_Work") -> Tied | None:
    now, until = _covering(rows, tie.on)
    if (now.parent_id if now else None) == tie.parent_id:
        return None
    tied = Tied(tie.place_id, tie.line, now.parent_id if now else None, tie.parent_id, tie.on, until)
    if tie.parent_id is None:
        work.cut(now, tie.on)
    elif now is not None and now.during.lower == tie.on:
        work.change(now, parent_id=tie.parent_id)
    else:
        work.cut(now, tie.on)
        work.add(Lying(place_id=tie.place_id, parent_id=tie.parent_id, line=tie.line, during=between(tie.on, until)))
    return tied


def call(calls: Sequence[Call], trail: Trail) -> list[tuple[Call, PlaceName | None]]:
    """Write names. Returns those that changed something, each with the name row that held before (as it was).

    Of a call with one name alone there may be several, one for each row over which it goes on.
    """
    rows = _rows_of(PlaceName.objects.filter(place__in={one.place_id for one in calls}), lambda row: row.place_id)
    work = _Work(trail, PlaceName)
    done: list[tuple[Call, PlaceName | None]] = []
    said = [each for call in calls for each in _with_both_names(call, rows.get(call.place_id, []))]
    for one in said:
        now, until = _covering(rows.get(one.place_id, []), one.on)
        if now and (now.name, now.name_local) == (one.name, one.name_local):
            continue
        before = PlaceName(name=now.name, name_local=now.name_local, during=now.during) if now else None
        if now is not None and now.during.lower == one.on:
            work.change(now, name=one.name, name_local=one.name_local)
        else:
            work.cut(now, one.on)
            during = between(one.on, until)
            work.add(PlaceName(place_id=one.place_id, name=one.name, name_local=one.name_local, during=during))
        done.append((one, before))
    work.write()
    return done


def _with_both_names(one: Call, rows: Sequence[PlaceName]) -> list[Call]:
    """A call with one name alone, for each row over which it goes on: until the next known change of that very name.

    So a name in its own script that is told for the past also stands beside a later English name, and neither name
    is carried back to a day on which the place was called otherwise.
    """
    if one.name is not None and one.name_local is not None:
        return [one]
    found: list[Call] = []
    first: PlaceName | None = None
    for row in rows:
        if row.during.upper is not None and row.during.upper <= one.on:
            continue
        first = first or row
        if (one.name is not None and row.name != first.name) or (
            one.name_local is not None and row.name_local != first.name_local
        ):
            break
        on = one.on if row.during.lower is None else max(one.on, row.during.lower)
        name, local = (row.name if one.name is None else one.name), one.name_local
        found.append(Call(one.place_id, name, row.name_local if local is None else local, on))
    return found


def show_names_of(place_ids: Iterable[int], today: datetime.date, trail: Trail) -> None:
    """Bring `Place.name` in step with the name row of today, for places whose name rows changed."""
    named = {row.place_id: row for row in PlaceName.objects.on(today).filter(place__in=list(place_ids))}
    work = _Work(trail, Place)
    for place in Place.objects.filter(pk__in=named):
        row = named[place.pk]
        if (place.name, place.name_local) != (row.name, row.name_local):
            work.change(place, name=row.name, name_local=row.name_local)
    work.write()


@dataclass(frozen=True)
class Done:
    """A tie or a name as it was written: what it said before and after. `key` is the line; names have none."""

    place_id: int
    on: datetime.date
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    key: str = ""


def unlay(done: Sequence[Done], trail: Trail) -> None:
    """Take back ties that `lay` wrote and nobody has changed since: before and after have `parent_id` (or None)."""
    rows = Lying.objects.filter(place__in={one.place_id for one in done})
    _take_back(done, _rows_of(rows, lambda row: (row.place_id, row.line)), _Work(trail, Lying))


def uncall(done: Sequence[Done], trail: Trail) -> None:
    """Take back names that `call` wrote and nobody has changed since: before and after have `name` and `name_local`."""
    rows = PlaceName.objects.filter(place__in={one.place_id for one in done})
    _take_back(done, _rows_of(rows, lambda row: (row.place_id, "")), _Work(trail, PlaceName))


def _take_back(done: Sequence[Done], rows: Mapping[Any, Sequence[Any]], work: "_Work") -> None:
    """The old row was cut for the new one, or ended without one, or the new one was written over it."""
    for one in done:
        known = rows.get((one.place_id, one.key), [])
        new = next((row for row in known if row.during.lower == one.on and _says(row, one.after)), None)
        old = next((row for row in known if row.during.upper == one.on and _says(row, one.before)), None)
        if old is not None:
            work.change(old, during=between(old.during.lower, new.during.upper if new else None))
        if new is not None and old is None and any(one.before.values()):
            work.change(new, **one.before)
        elif new is not None:
            work.cut(new, one.on)
    work.write()


def _says(row: Any, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


class _Work:
    """Rows to cut, change and add, written set-based in that order, so that no two overlap on the way."""

    def __init__(self, trail: Trail, model: type[Any]) -> None:
        self.trail, self.model = trail, model
        self.changed: dict[Any, tuple[Any, Mapping[str, Any]]] = {}
        self.gone: list[Any] = []
        self.added: list[Any] = []

    def cut(self, row: Any, on: datetime.date) -> None:
        """End a row on a day; a row that would hold for no day at all goes."""
        if row is None:
            return
        if row.during.lower is not None and row.during.lower >= on:
            self.gone.append(row)
        else:
            self.change(row, during=between(row.during.lower, on))

    def change(self, row: Any, **values: Any) -> None:
        self.changed.setdefault(row.pk, (row, picture(row)))
        for name, value in values.items():
            setattr(row, name, value)

    def add(self, row: Any) -> None:
        self.added.append(row)

    def write(self) -> None:
        self._note_and_write_gone()
        if self.changed:
            self.model.objects.bulk_update(
                [row for row, _before in self.changed.values()], self._columns(), batch_size=_BATCH
            )
            for row, before in self.changed.values():
                self.trail.changed(row, dict(before))
        self.model.objects.bulk_create(self.added, batch_size=_BATCH)
        for row in self.added:
            self.trail.created(row)

    def _note_and_write_gone(self) -> None:
        for row in self.gone:
            self.trail.removed(row)
        if self.gone:
            self.model.objects.filter(pk__in=[row.pk for row in self.gone]).delete()

    def _columns(self) -> list[str]:
        return {
            Lying: ["parent", "during"],
            PlaceName: ["name", "name_local", "during"],
            Place: ["name", "name_local"],
        }[self.model]


def _rows_of(rows: Any, key: Any) -> dict[Any, list[Any]]:
    grouped: dict[Any, list[Any]] = {}
    for row in rows.order_by("during"):
        grouped.setdefault(key(row), []).append(row)
    return grouped


def _covering(rows: Sequence[Any], on: datetime.date) -> tuple[Any, datetime.date | None]:
    """The row that holds on a day (or None), and the day of the next known change after it (or None)."""
    for row in rows:
        first, end = row.during.lower, row.during.upper
        if (first is None or first <= on) and (end is None or on < end):
            return row, end
    later = [row.during.lower for row in rows if row.during.lower is not None and row.during.lower > on]
    return None, min(later, default=None)
