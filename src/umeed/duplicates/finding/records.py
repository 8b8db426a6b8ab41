"""Reads women out of PostgreSQL for the search, into memory only: keys of names, digests of numbers, where they live.

Sealed phones and account numbers are never opened: the same number has the same seal, so a digest of the seal tells
whether two are equal, and nothing else.
"""

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import connection

from umeed.duplicates.finding.likeness import SCHEMA, SHARED_BY_AT_MOST, Everybody
from umeed.kernel.names import fold
from umeed.places.models import Place, Within

_EPOCH = datetime.date(1970, 1, 1)
_PART = 5_000
_COLUMNS = """w.id, w.place_id, w.name, w.name_key, w.belonging_name, w.belonging_key, w.born_on, w.born_year,
    w.phone, w.account_number, w.identity_hash"""
_IN_DISTRICT = f"""
SELECT {_COLUMNS} FROM institutions_woman w
WHERE w.merged_into_id IS NULL AND w.place_id IN (
    SELECT below_id FROM places_within WHERE above_id = %(district)s AND during @> %(day)s::date)
ORDER BY w.id
"""  # noqa: S608
_NUMBERS = ("phone", "account_number", "identity_hash")
_SHARED = """
SELECT w.{number} FROM institutions_woman w
JOIN places_within d ON d.below_id = w.place_id AND d.during @> %(day)s::date
JOIN places_place p ON p.id = d.above_id AND p.kind = 'district'
WHERE w.{number} <> '' AND w.merged_into_id IS NULL
GROUP BY w.{number} HAVING count(DISTINCT p.id) > 1 AND count(*) <= %(most)s
"""
_IS_SHARED = " OR ".join(f"w.{number} IN ({_SHARED.format(number=number)})" for number in _NUMBERS)
_ACROSS = f"""
SELECT {_COLUMNS} FROM institutions_woman w
WHERE w.merged_into_id IS NULL AND ({_IS_SHARED})
ORDER BY w.id
"""  # noqa: S608


@dataclass(frozen=True)
class Ground:
    """Where a village lies: ids of its panchayat, block and district; None where it lies in none."""

    panchayat: int | None = None
    block: int | None = None
    district: int | None = None


@dataclass
class Gathered:
    """Women for one search: who stands at which position, where she lives, and the table that splink reads."""

    ids: list[UUID] = field(default_factory=list)
    villages: list[int] = field(default_factory=list)
    ground: Mapping[int, Ground] = field(default_factory=dict)
    table: pa.Table = field(default_factory=lambda: SCHEMA.empty_table())
    everybody: Everybody | None = None

    def district_of(self, position: int) -> int | None:
        return self.ground.get(self.villages[position], Ground()).district


def districts_of(place: Place, day: datetime.date) -> list[Place]:
    """The districts that a place lies in, or that lie in it, on a day, by name. One query."""
    above = Within.objects.on(day).filter(below=place, above__kind="district").values("above")
    below = Within.objects.on(day).filter(above=place, below__kind="district").values("below")
    found = Place.objects.filter(kind="district")
    return list(found.filter(pk__in=above.union(below)).order_by("name", "pk"))


def women_of(district: Place, day: datetime.date) -> Gathered:
    """All women of a district who are not merged away. Needs to be seen as the system. Two queries."""
    ground = _ground_below(district.pk, day)
    return _gather(_read(_IN_DISTRICT, {"district": district.pk, "day": day}), ground)


def women_across(day: datetime.date) -> Gathered:
    """Women who share a phone, an account or an identity number with a woman of another district.

    How common their names and numbers are is counted over everybody, since these few say nothing about that.
    """
    rows = list(_read(_ACROSS, {"day": day, "most": SHARED_BY_AT_MOST}))
    gathered = _gather(rows, _ground_of({row[1] for row in rows}, day))
    gathered.everybody = _among_everybody(gathered.table)
    return gathered


def women_count() -> int:
    """How many women there are who are not merged away. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM institutions_woman WHERE merged_into_id IS NULL")
        return int(cursor.fetchone()[0])


def _read(sql: str, given: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Rows in parts, past the model, so that sealed text arrives sealed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        while part := cursor.fetchmany(_PART):
            yield from part


def _ground_below(district: int, day: datetime.date) -> dict[int, Ground]:
    inside = Within.objects.on(day).filter(above=district).values("below")
    return _grounds(Within.objects.on(day).filter(below__in=inside))


def _ground_of(villages: Iterable[int], day: datetime.date) -> dict[int, Ground]:
    return _grounds(Within.objects.on(day).filter(below__in=list(villages)))


def _grounds(closure: Any) -> dict[int, Ground]:
    known: dict[int, dict[str, int]] = {}
    rows = closure.filter(above__kind__in=("panchayat", "block", "district"))
    for below, above, kind in rows.order_by().values_list("below_id", "above_id", "above__kind"):
        known.setdefault(below, {})[kind] = above
    return {below: Ground(**above) for below, above in known.items()}


def _gather(rows: Iterable[tuple[Any, ...]], ground: Mapping[int, Ground]) -> Gathered:
    gathered = Gathered(ground=ground)
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    for position, row in enumerate(rows):
        gathered.ids.append(row[0])
        gathered.villages.append(row[1])
        values = _values(position, row, ground.get(row[1], Ground()))
        for name, value in zip(SCHEMA.names, values, strict=True):
            columns[name].append(value)
    for name in ("phone", "account", "identity"):
        columns[name] = _telling(columns[name])
    gathered.table = pa.Table.from_pydict(columns, schema=SCHEMA)
    return gathered


def _values(position: int, row: tuple[Any, ...], at: Ground) -> Sequence[Any]:
    """One record in the order of `likeness.SCHEMA`; what is empty is None, so that it is unknown and not equal."""
    _id, village, name, key, belonging, belonging_key, born_on, born_year, phone, account, identity = row
    return (
        position,
        key or None, key.partition(" ")[0] or None, fold(name) or None,
        belonging_key or None, belonging_key.partition(" ")[0] or None, fold(belonging) or None,
        (born_on - _EPOCH).days if born_on else None,
        born_on.year if born_on else born_year,
        _digest(phone), _digest(account), _digest(identity),
        village, at.panchayat, at.block,
    )  # fmt: skip


def _digest(sealed: str) -> str | None:
    return hashlib.blake2b(sealed.encode(), digest_size=12).hexdigest() if sealed else None


def _telling(values: list[str | None]) -> list[str | None]:
    """Leave out numbers that so many women share that they tell nobody apart."""
    counts = Counter(value for value in values if value is not None)
    return [value if value is not None and counts[value] <= SHARED_BY_AT_MOST else None for value in values]


def _among_everybody(table: pa.Table) -> Everybody:
    """How common the names and numbers of a few women are among all. Names of husbands have no key to count by."""
    keys = {key for key in table["name_key"].to_pylist() if key}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name_key, count(*) FROM institutions_woman "
            "WHERE name_key = ANY(%s) AND merged_into_id IS NULL GROUP BY 1",
            [list(keys)],
        )
        counts: dict[str, Mapping[str, int]] = {"name_key": dict(cursor.fetchall())}
    for name in ("phone", "account"):
        counts[name] = Counter(table[name].to_pylist())
    return Everybody(women_count(), counts)
