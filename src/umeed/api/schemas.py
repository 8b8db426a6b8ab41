"""What goes in and out of the API, worked out from a register's columns, filters and form."""

import datetime
from typing import Any, Optional, Union
from uuid import UUID

from django import forms
from ninja import Schema
from pydantic import Field, create_model

from umeed.core.forms import DayField, RupeesField, SealedField
from umeed.core.registers.columns import Column
from umeed.core.registers.declare import Register
from umeed.core.registers.filters import House


class Reason(Schema):
    """One plain reason why something was not done, or a filter not understood."""

    field: str | None = Field(None, description="The field it is about; null when it is about the whole.")
    code: str = Field(description="A stable word for programs.")
    message: str = Field(description="The sentence for people, in the language asked for.")
    severity: str = Field("refuse", description="refuse: it was not done. warn: send it again with `confirmed`.")


class Refusals(Schema):
    """All reasons at once."""

    refusals: list[Reason]
    confirm: list[str] = Field([], description="Marks of the warnings, to be sent back in `confirmed`.")
    revision: int | None = Field(None, description="The record's revision now, when it was changed meanwhile.")


class Problem(Schema):
    """What went wrong in one sentence."""

    detail: str


def row_schema(register: Register) -> type[Schema]:
    """One record: its id, its revision where it has one, and a value for each column; null when nothing is known."""
    fields: dict[str, Any] = {"id": (UUID if register.id_converter == "uuid" else int, ...)}
    if register.has_revision:
        fields["revision"] = (int, Field(description="Send it back with a change."))
    for column in register.columns:
        fields[column.key] = (_type_of(column), Field(None, title=str(column.title), description=_about(column)))
    return create_model(f"{_camel(register)}Row", __base__=Schema, **fields)


def _type_of(column: Column) -> Any:
    # Optional[…] and Union[…]: the types are only known here, where `X | Y` would need them to be classes.
    return Optional[Union[column.json_type, str]] if column.sealed else Optional[column.json_type]  # noqa: UP007, UP045


def _about(column: Column) -> str:
    parts = [str(column.about)] if column.about else []
    if column.kind == "money":
        parts.append("Whole paise.")
    if column.sealed:
        parts.append(f"Covered unless asked for with `show={column.key}` and allowed by {column.sealed}; recorded.")
    return " ".join(parts) or str(column.title)


def page_schema(register: Register, row: type[Schema]) -> type[Schema]:
    return create_model(
        f"{_camel(register)}Page",
        __base__=Schema,
        items=(list[row], ...),  # type: ignore[valid-type]
        next=(Optional[str], Field(None, description="Cursor of the next page; null on the last one.")),  # noqa: UP045
        as_on=(datetime.date, Field(description="The day of which this is true.")),
        count=(Optional[int], Field(None, description="How many in all, when asked for with `count=true`.")),  # noqa: UP045
    )


def query_schema(register: Register) -> type[Schema]:
    """The filters of the list, with the cursor, the size of a page and the covered columns to show."""
    fields: dict[str, Any] = {}
    for name, one in register.filterset.base_filters.items():
        for param in getattr(one, "params", ()) or (name,):
            many = isinstance(one.field_class(), forms.MultipleChoiceField) if not one.params else False
            kind = list[str] if many else str
            fields[param] = (Optional[kind], Field(None, description=_filter_words(one)))  # noqa: UP045
    fields["show"] = (Optional[list[str]], Field(None, description="Covered columns to show; the look is recorded."))  # noqa: UP045
    fields["cursor"] = (Optional[str], Field(None, description="`next` of the page before."))  # noqa: UP045
    fields["limit"] = (int, Field(50, ge=1, le=200, description="Records a page."))
    fields["count"] = (bool, Field(False, description="Whether to count all of them."))
    return create_model(f"{_camel(register)}Query", __base__=Schema, **fields)


def _filter_words(one: House) -> str:
    needs = f" Needs {one.needs}." if one.needs else ""
    return f"{one.label}.{needs}"


def body_schema(register: Register, *, edit: bool) -> type[Schema]:
    """The fields of the register's form. In a change what is left out stays as it is."""
    fields: dict[str, Any] = {}
    for name, field in register.form.base_fields.items():  # type: ignore[union-attr]
        must = field.required and field.initial is None and not edit
        kind = _body_type(field)
        note = Field(... if must else None, title=str(field.label or name), description=_field_words(field))
        fields[name] = (kind if must else Optional[kind], note)  # noqa: UP045
    if edit:
        fields["revision"] = (int, Field(description="The revision that the change is based on."))
    else:
        fields["id"] = (Optional[UUID], Field(None, description="A UUIDv7 made by the caller: sent twice, made once."))  # noqa: UP045
    fields["confirmed"] = (list[str], Field([], description="Marks of warnings that have been looked at."))
    name = f"{_camel(register)}{'Change' if edit else 'New'}"
    return create_model(name, __base__=Schema, **fields)


def _body_type(field: forms.Field) -> Any:
    if isinstance(field, DayField):
        return datetime.date
    if isinstance(field, RupeesField | forms.IntegerField):
        return int
    if isinstance(field, forms.NullBooleanField | forms.BooleanField):
        return bool
    if isinstance(field, forms.MultipleChoiceField):
        return list[str]
    if isinstance(field, forms.JSONField):
        return Any
    return Union[str, int, UUID] if isinstance(field, forms.ModelChoiceField) else str  # noqa: UP007


def _field_words(field: forms.Field) -> str:
    if isinstance(field, RupeesField):
        return "Whole paise."
    if isinstance(field, SealedField):
        return "Kept sealed. In a change: left out it stays; `-` removes it."
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        keys = [str(key) for key, _words in field.choices if key not in ("", None) and isinstance(key, str)]
        return f"One of: {', '.join(keys)}." if keys else ""
    return str(field.help_text or "")


def _camel(register: Register) -> str:
    return "".join(part.capitalize() for part in register.key.replace("-", "_").split("_"))
