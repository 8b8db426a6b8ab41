"""The bulk path: writes very many households, women, institutions and their dated ties at once, inside `audited(…)`.

Used by loads (a hundred thousand rows) and by the simulator (a whole mission). Rows travel by COPY into a temporary
table and from there by one INSERT, because PostgreSQL does not COPY into tables under row security. The rules are the
caller's business; constraints, row security and the audit chain are not skipped. (Only the first filling of an empty
installation, where row security is laid aside by the owner, goes straight into the tables: see `fresh.py`.)
"""

import datetime
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Literal

from django.db import connection, models
from django.utils import timezone

from umeed.core.audit import Trail, is_open
from umeed.core.fields import SealedTextField, SoundsField, masked
from umeed.core.models import UnauditedWrite
from umeed.core.seal import sealed
from umeed.kernel.ids import new_id
from umeed.kernel.names import spelling_key

Note = Literal["each", "together"]
Told = Callable[[int], None]
_CHUNK = 2000
_NULL = "\\N"
_goes_straight: ContextVar[bool] = ContextVar("umeed_bulk_goes_straight", default=False)
# Few names are borne by very many.
_sounds = lru_cache(maxsize=65_536)(spelling_key)


def put(
    trail: Trail,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    note: Note = "each",
    told: Told | None = None,
) -> int:
    """Insert `rows` (values in the order of `columns`, attnames like `place_id`, `name`, `during`); return how many.

    Columns left out: `id` is made, sounds follow their name, others take the model's default. Sealed columns are given
    open and are sealed here. `during` is a range or a pair (from, until). Notes in the audit entry every row
    (`each`, so that a record's history begins with it) or one line with the count and SHA-256 of all (`together`).
    `told(n)` hears how many rows are on their way.
    """
    stage = _Stage(model, columns)
    noted = _noting(trail, stage, rows) if note == "each" else rows
    if _goes_straight.get():
        count, digest = stage.fill_the_table(noted, told)
    else:
        count, digest = stage.fill(noted, told)
        stage.insert()
    if note == "together" and count:
        trail.rows("created", stage.table, [("", None, {"rows": count, "columns": stage.columns, "sha256": digest})])
    return count


def change(
    trail: Trail,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[tuple[Any, Mapping[str, Any], Sequence[Any]]],
) -> int:
    """Set `columns` of existing records: (id, before for the audit entry, values); revision grows. Return how many."""
    stage = _Stage(model, ["id", *columns])
    noted = _noting_changes(trail, stage, rows)
    count, _ = stage.fill(noted, None)
    stage.update()
    return count


def remove(
    trail: Trail, model: type[models.Model], rows: Iterable[tuple[Any, Mapping[str, Any]]], *, note: Note = "each"
) -> int:
    """Delete records by id: (id, what it was, for the audit entry). Only a load's undo does this; return how many.

    With `together` one line says how many of the ids were there, and nothing of what they were is needed.
    """
    _must_be_audited(model)
    table = model._meta.db_table
    pairs, count = list(rows), 0
    with connection.cursor() as cursor:
        for part in _parts(pairs, 20_000):
            cursor.execute(f'DELETE FROM "{table}" WHERE id = ANY(%s)', [[pk for pk, _ in part]])  # noqa: S608
            count += cursor.rowcount
    if note == "each":
        trail.rows("removed", table, [(str(pk), dict(before), None) for pk, before in pairs])
    elif count:
        trail.rows("removed", table, [("", {"rows": count}, None)])
    return count


def shown(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of columns as the audit entry keeps them: sealed text masked, days as text."""
    known = {field.attname: field for field in model._meta.concrete_fields}
    return {name: _shown(known[name], value) for name, value in values.items()}


@contextmanager
def straight_into_tables() -> Iterator[None]:
    """Let `put` COPY into the tables themselves; for whoever owns them and has laid row security aside."""
    token = _goes_straight.set(True)
    try:
        yield
    finally:
        _goes_straight.reset(token)


class _Stage:
    """A temporary table shaped like some columns of a model's table, and how values are spelt for COPY."""

    _numbers = itertools.count(1)

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        _must_be_audited(model)
        self.model, self.table = model, model._meta.db_table
        self.given = list(columns)
        known = {field.attname: field for field in model._meta.concrete_fields}
        self.makes_id = "id" not in columns
        made = [field for field in known.values() if isinstance(field, SoundsField) and field.of in columns]
        self.sounds_of = [(self.given.index(field.of), field.max_length) for field in made]
        self.made = frozenset({"id", *(field.attname for field in made)})
        extra = ["id"] * self.makes_id + [field.attname for field in made]
        self.columns = [*self.given, *extra]
        self.fields = [known[name] for name in self.columns]
        self.spell = [_speller(field) for field in self.fields]
        self.stage = f"stage_{next(self._numbers)}_{self.table}"[:60]

    def values(self, row: Sequence[Any]) -> list[Any]:
        """A row with the columns that are made here."""
        whole = list(row)
        if self.makes_id:
            whole.append(new_id())
        whole.extend(_sounds(row[at])[:most] for at, most in self.sounds_of)
        return whole

    def fill(self, rows: Iterable[Sequence[Any]], told: Told | None) -> tuple[int, str]:
        """COPY the rows; return how many and the SHA-256 of the lines as they travelled (sealed text sealed)."""
        names = ", ".join(f'"{name}"' for name in self._database_columns())
        with connection.cursor() as cursor:
            cursor.execute(
                f'CREATE TEMP TABLE "{self.stage}" ON COMMIT DROP AS SELECT {names} FROM "{self.table}" WITH NO DATA'  # noqa: S608
            )
        return self._copy(f'"{self.stage}"', self._lines(rows), told)

    def fill_the_table(self, rows: Iterable[Sequence[Any]], told: Told | None) -> tuple[int, str]:
        """COPY the rows into the table itself; columns not given take the model's default."""
        rest = self._columns_not_given()
        names = ", ".join(f'"{name}"' for name in [*self._database_columns(), *(field.column for field in rest)])
        defaults = "".join("\t" + _spelt_default(field) for field in rest)
        return self._copy(f'"{self.table}" ({names})', self._lines(rows, defaults), told)

    def _copy(self, into: str, lines: Iterator[str], told: Told | None) -> tuple[int, str]:
        digest, count = hashlib.sha256(), 0
        with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for part in _parts(lines, _CHUNK):
                block = "".join(part).encode()
                digest.update(block)
                copy.write(block)
                count += len(part)
                if told:
                    told(count)
        return count, digest.hexdigest()

    def insert(self) -> None:
        given = self._database_columns()
        rest = self._columns_not_given()
        into = ", ".join(f'"{name}"' for name in [*given, *(field.column for field in rest)])
        values = ", ".join([*(f'"{name}"' for name in given), *("%s" for _ in rest)])
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{self.table}" ({into}) SELECT {values} FROM "{self.stage}"',  # noqa: S608
                [_prepared(field, field.get_default()) for field in rest],
            )
            cursor.execute(f'DROP TABLE "{self.stage}"')

    def update(self) -> None:
        pairs = ", ".join(f'"{name}" = s."{name}"' for name in self._database_columns() if name != "id")
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{self.table}" t SET {pairs}, revision = t.revision + 1, changed_at = %s '  # noqa: S608
                f'FROM "{self.stage}" s WHERE t.id = s.id',
                [timezone.now()],
            )
            cursor.execute(f'DROP TABLE "{self.stage}"')

    def picture(self, values: Sequence[Any]) -> dict[str, Any]:
        """A row as the audit entry keeps it: what was given, sealed text masked."""
        return {
            name: _shown(field, value)
            for name, field, value in zip(self.columns, self.fields, values, strict=False)
            if name not in self.made and value not in (None, "")
        }

    def _database_columns(self) -> list[str]:
        return [field.column for field in self.fields]

    def _columns_not_given(self) -> list[Any]:
        given = set(self._database_columns())
        return [field for field in self.model._meta.concrete_fields if field.column not in given]

    def _lines(self, rows: Iterable[Sequence[Any]], defaults: str = "") -> Iterator[str]:
        width, spell, end = len(self.columns), self.spell, f"{defaults}\n"
        for row in rows:
            whole = self.values(row) if len(row) < width else row
            cells = [_NULL if value is None else how(value) for how, value in zip(spell, whole, strict=True)]
            yield "\t".join(cells) + end


def _noting(trail: Trail, stage: _Stage, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    at = stage.columns.index("id")
    for row in rows:
        whole = stage.values(row)
        trail.rows("created", stage.table, [(str(whole[at]), None, stage.picture(whole))])
        yield whole


def _noting_changes(
    trail: Trail, stage: _Stage, rows: Iterable[tuple[Any, Mapping[str, Any], Sequence[Any]]]
) -> Iterator[Sequence[Any]]:
    for pk, before, values in rows:
        whole = stage.values([pk, *values])
        after = {
            name: _shown(field, value) for name, field, value in zip(stage.columns, stage.fields, whole, strict=True)
        }
        trail.rows(
            "changed",
            stage.table,
            [(str(pk), dict(before), {key: after[key] for key in after if key not in stage.made})],
        )
        yield whole


def _must_be_audited(model: type[models.Model]) -> None:
    if not is_open():
        raise UnauditedWrite(f"{model.__name__} may only be written inside audited(…)")


def _parts(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    source = iter(items)
    while part := list(itertools.islice(source, size)):
        yield part


def _prepared(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _spelt_default(field: Any) -> str:
    value = field.get_default()
    return _NULL if value is None else _speller(field)(value)


def _speller(field: Any) -> Callable[[Any], str]:
    """How a value of a column is written in COPY's text format."""
    if isinstance(field, SealedTextField):
        purpose = field.purpose
        return lambda text: sealed(text, purpose) if text else ""
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.BooleanField):
        return lambda value: "t" if value else "f"
    if field.get_internal_type() == "DateRangeField":
        return _range
    if isinstance(field, (models.CharField, models.TextField)):
        return _text
    return str


def _text(value: Any) -> str:
    text = str(value)
    # Most texts are ordinary; asking that is cheaper than looking for each special character.
    if text.isprintable() and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _json(value: Any) -> str:
    return _text(json.dumps(value, ensure_ascii=False)) if value else ("[]" if isinstance(value, list) else "{}")


def _range(value: Any) -> str:
    first, until = (value.lower, value.upper) if hasattr(value, "lower") else value
    return f"[{first or ''},{until or ''})"


def _shown(field: Any, value: Any) -> Any:
    if isinstance(field, SealedTextField):
        return masked(value) if value else value
    if field.get_internal_type() == "DateRangeField" and not isinstance(value, list):
        first, until = (value.lower, value.upper) if hasattr(value, "lower") else value
        return [_shown_day(first), _shown_day(until)]
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _shown_day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
