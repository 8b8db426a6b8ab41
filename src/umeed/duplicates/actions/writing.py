"""Writes the rows that a merge or its undoing changes, and keeps what they were, so that they can be put back."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from umeed.core.audit import Trail
from umeed.core.fields import SealedTextField
from umeed.core.seal import opened, sealed
from umeed.institutions.actions.writing import change

_NO_DAYS = DateRange(empty=True)


@dataclass
class Step:
    """One row and the columns it gets."""

    row: Any
    values: dict[str, Any]


def write(trail: Trail, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Write all steps and return what changed, for `Merge.moved`.

    Rows change places under constraints that allow no overlap even for a moment. So dated rows first hold for no day at
    all (the database sees an empty range, which overlaps nothing), and then get their woman and their days.
    """
    changed = [step for step in steps if any(getattr(step.row, name) != value for name, value in step.values.items())]
    kept = [_note(step) for step in changed]
    for model, ids in _dated(changed).items():
        model._default_manager.filter(pk__in=ids).update(during=_NO_DAYS)
    for step, note in zip(changed, kept, strict=True):
        change(trail, step.row, **step.values)
        note["revision"] = step.row.revision
    return kept


def _dated(steps: Sequence[Step]) -> dict[type[models.Model], list[Any]]:
    found: dict[type[models.Model], list[Any]] = {}
    for step in steps:
        if hasattr(step.row, "during"):
            found.setdefault(type(step.row), []).append(step.row.pk)
    return found


def _note(step: Step) -> dict[str, Any]:
    names = [name for name, value in step.values.items() if getattr(step.row, name) != value]
    return {
        "model": step.row._meta.label_lower,
        "id": str(step.row.pk),
        "before": {name: plain(step.row, name, getattr(step.row, name)) for name in names},
        "after": {name: plain(step.row, name, step.values[name]) for name in names},
    }


def plain(row: models.Model, name: str, value: Any) -> Any:
    """A column's value as JSON keeps it; sealed text in its seal."""
    column = _column(row, name)
    if isinstance(column, SealedTextField):
        return sealed(value, column.purpose) if value else value
    if isinstance(value, DateRange):
        return [plain(row, "", value.lower), plain(row, "", value.upper)]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str, list, dict)) else str(value)


def restored(row: models.Model, name: str, value: Any) -> Any:
    """The value that `plain` wrote."""
    column = _column(row, name)
    if value is None or value == "":
        return value
    if isinstance(column, SealedTextField):
        return opened(value, column.purpose)
    if column is not None and column.get_internal_type() == "DateRangeField":
        lower, upper = (datetime.date.fromisoformat(part) if part else None for part in value)
        return DateRange(lower, upper)
    if isinstance(column, models.ForeignKey):
        return column.target_field.to_python(value)
    return column.to_python(value) if isinstance(column, models.DateField) else value


def _column(row: models.Model, name: str) -> models.Field | None:
    return next((field for field in row._meta.concrete_fields if field.attname == name), None)
