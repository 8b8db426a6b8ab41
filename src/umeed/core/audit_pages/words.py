"""How the chain's stable words are said: each room declares its own actions and covered fields when it starts."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

_said: dict[str, Any] = {}
_covered: dict[str, dict[str, str]] = {}


def say(actions: Mapping[str, Any]) -> None:
    """Declare how actions are told, in the past: `say({"invite_person": gettext_lazy("Invited a person")})`."""
    _said.update(actions)


def cover(table: str, fields: Mapping[str, str]) -> None:
    """Declare fields that are shown in differences only to holders of a capability: {column: capability}."""
    _covered.setdefault(table, {}).update(fields)


def said(did: str) -> str:
    """An action in words; one that no room has declared is its own name, readable enough."""
    return str(_said[did]) if did in _said else did.replace("_", " ").capitalize()


def covered_by(table: str, column: str) -> str:
    """The capability that uncovers a column, or '' when everybody who sees the entry may see it."""
    return _covered.get(table, {}).get(column, "")


@lru_cache(maxsize=1)
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def table_in_words(table: str) -> str:
    """What a record of a table is called."""
    model = _models().get(table)
    return str(model._meta.verbose_name).capitalize() if model else table


def column_in_words(table: str, column: str) -> str:
    """What a column is called; columns that have gone keep their name."""
    model = _models().get(table)
    for field in model._meta.concrete_fields if model else ():
        if column in (field.attname, field.name):
            return str(field.verbose_name).capitalize()
    return column


def value_in_words(table: str, column: str, value: Any) -> str:
    """A kept value as a reader takes it: choices by their label, yes and no, ranges of days."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = _choices(table, column)
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    if isinstance(value, list):
        return " – ".join("…" if part is None else str(part) for part in value)
    return str(value)


def _choices(table: str, column: str) -> dict[Any, Any]:
    model = _models().get(table)
    for field in model._meta.concrete_fields if model else ():
        if column == field.attname:
            return dict(field.flatchoices)
    return {}
