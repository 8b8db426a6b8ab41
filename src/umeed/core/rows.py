"""Writes one row of a model with a statement that is spelt once for the model, not anew for each row."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED


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
