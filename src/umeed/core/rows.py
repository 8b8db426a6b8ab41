"""Writes and finds single rows of a model with statements that are spelt once for the model, not anew for each row."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import NOT_PROVIDED
from django.db.models.expressions import RawSQL

from umeed.core.plans import plans_kept

Row = TypeVar("Row", bound=models.Model)


def put_row(row: models.Model) -> None:
    """Insert a row that is not there yet; what the database fills in is then known. No signals are sent: for models
    that are written very often and that nobody listens to."""
    told, spelt, filled = _statement(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in told]
    with connection.cursor() as cursor:
        cursor.execute(spelt, values)
        if filled:
            for field, value in zip(filled, cursor.fetchone(), strict=True):
                setattr(row, field.attname, value)
    row._state.adding, row._state.db = False, connection.alias


_Fields = Sequence["models.Field[Any, Any]"]


@cache
def _statement(model: type[models.Model]) -> tuple[_Fields, str, _Fields]:
    """The columns that are told, the statement, and the columns that the database fills in."""
    every: _Fields = list(model._meta.concrete_fields)
    filled = [one for one in every if isinstance(one, models.AutoField) or one.db_default is not NOT_PROVIDED]
    told = [one for one in every if one not in filled]
    values = ", ".join(["%s"] * len(told))
    spelt = f'INSERT INTO "{model._meta.db_table}" ({_columns(told)}) VALUES ({values})'  # noqa: S608
    return told, f"{spelt} RETURNING {_columns(filled)}" if filled else spelt, filled


def _columns(fields: _Fields) -> str:
    return ", ".join(f'"{one.column}"' for one in fields)


def change_row(row: models.Model, told: Mapping[str, Any]) -> None:
    """Change columns of a row, as `update` does: without an audit entry. A RawSQL is worked out by the database."""
    model, said, values = type(row), list[str](), list[Any]()
    for name, value in told.items():
        field = model._meta.get_field(name)
        is_sql = isinstance(value, RawSQL)
        said.append(f'"{field.column}" = {value.sql if is_sql else "%s"}')  # type: ignore[union-attr]
        values += value.params if is_sql else [field.get_db_prep_save(value, connection)]  # type: ignore[union-attr]
    with plans_kept(), connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{model._meta.db_table}" SET {", ".join(said)} WHERE id = %s', [*values, row.pk])  # noqa: S608


def rows_where(model: type[Row], where: str, params: Sequence[Any], *, but_for: str = "") -> list[Row]:
    """Rows of a model as `where` asks for them, in SQL that never changes. Columns that are named in `but_for` are
    deferred. For questions that are asked very often."""
    names, columns = _read(model, but_for)
    with plans_kept(), connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {where}', params)  # noqa: S608
        return [_row(model, names, values) for values in cursor.fetchall()]


_Read = Sequence[tuple[str, Any]]


@cache
def _read(model: type[models.Model], but_for: str) -> tuple[_Read, str]:
    """Names of the columns, each with what makes a value of what the database says (None where that is the value); and
    the columns as they are asked for."""
    asked = [one for one in model._meta.concrete_fields if one.name not in but_for.split()]
    table = model._meta.db_table
    columns = ", ".join(f'"{table}"."{one.column}"' for one in asked)
    return [(one.attname, getattr(one, "from_db_value", None)) for one in asked], columns


def _row(model: type[Row], names: _Read, values: Sequence[Any]) -> Row:
    told = [
        value if read is None or value is None else read(value, None, connection)
        for (_name, read), value in zip(names, values, strict=True)
    ]
    return model.from_db(connection.alias, [name for name, _read in names], told)
