"""How the chain's stable words are said: each room declares its own actions and covered fields when it starts."""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from umeed.core.models import AuditChange, AuditEntry
from umeed.core.templatetags.umeed_text import day, moment, rupees

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_said: dict[str, Any] = {}
_reasons: dict[tuple[str, str], Any] = {}
_derived: dict[str, "Derived"] = {}
# Entries, each with the first record that it touched → the reason of each by its id, in the reader's language
Derived = Callable[[Sequence[tuple[AuditEntry, AuditChange]]], Mapping[Any, str]]
_covered: dict[str, dict[str, str]] = {}
_sealed: dict[str, set[str]] = {}
_called: dict[str, Any] = {}
_titled: dict[str, dict[str, Any]] = {}
_named_by: dict[str, str] = {}
_told_by: dict[str, tuple[Sequence[str], Callable[..., str]]] = {}
_points: dict[str, dict[str, str]] = {}
_technical: dict[str, frozenset[str]] = {}


def say(actions: Mapping[str, Any]) -> None:
    """Declare how actions are told, in the past: `say({"invite_person": gettext_lazy("Invited a person")})`."""
    _said.update(actions)


def cover(table: str, fields: Mapping[str, str]) -> None:
    """Declare fields that are shown in differences only to holders of a capability: {column: capability}."""
    _covered.setdefault(table, {}).update(fields)


def seal(table: str, fields: Mapping[str, str]) -> None:
    """Declare fields that no difference shows to anybody, though the capability lets one look: {column: capability}.

    Reading the chain is not itself recorded, so what is told there only after a recorded look elsewhere stays covered.
    """
    cover(table, fields)
    _sealed.setdefault(table, set()).update(fields)


def said(did: str) -> str:
    """An action in words; one that no room has declared is its own name, readable enough."""
    return str(_said[did]) if did in _said else did.replace("_", " ").capitalize()


def explain(reasons: Mapping[str, Any], *, did: str = "") -> None:
    """Declare reasons that the product writes itself, word for word, so that each reader has them in her language.

    With `did` they stand for something only in this action (a key that a library gives); else they are whole sentences.
    """
    _reasons.update({(did, text): told for text, told in reasons.items()})


def derive(did: str, tell: Derived) -> None:
    """Declare how the reason of an action is told from what the action kept, in place of the words of its day."""
    _derived[did] = tell


def reason(did: str, why: str) -> str:
    """A reason in the reader's language where the product wrote it; what a person typed stays as it is."""
    return str(_reasons.get((did, why)) or _reasons.get(("", why)) or why)


def reasons_of(entries: Sequence[AuditEntry]) -> dict[Any, str]:
    """Entry's id → why. No query, but one for all those whose reason is told from what they kept, and theirs."""
    told = {entry.pk: reason(entry.did, entry.why) for entry in entries}
    wanted = {entry.pk: entry for entry in entries if entry.did in _derived}
    firsts = AuditChange.objects.filter(entry__in=list(wanted), position=0) if wanted else []
    by_did: dict[str, list[tuple[AuditEntry, AuditChange]]] = {}
    for first in firsts:
        entry = wanted[first.entry_id]
        by_did.setdefault(entry.did, []).append((entry, first))
    for did, pairs in by_did.items():
        told.update(_derived[did](pairs))
    return told


def covered_by(table: str, column: str) -> str:
    """The capability that uncovers a column, or '' when everybody who sees the entry may see it."""
    return _covered.get(table, {}).get(column, "")


def is_sealed(table: str, column: str) -> bool:
    """Whether a column is shown only by a look that is recorded, never in a difference."""
    return column in _sealed.get(table, ())


def call(tables: Mapping[str, Any]) -> None:
    """Declare what records of a table are called: `call({"institutions_woman": gettext_lazy("Woman")})`."""
    _called.update(tables)


def title(table: str, columns: Mapping[str, Any]) -> None:
    """Declare what columns of a table are called whose field says nothing itself."""
    _titled.setdefault(table, {}).update(columns)


def name_by(tables: Mapping[str, str]) -> None:
    """Declare the column that names a record where it is not `name`; also another record's (`place__name`)."""
    _named_by.update(tables)


def tell_by(tables: Mapping[str, Sequence[str]], tell: Callable[..., str]) -> None:
    """Declare columns from which a record's name is told in the reader's language: `tell(*values)`."""
    _told_by.update({table: (columns, tell) for table, columns in tables.items()})


def point(table: str, columns: Mapping[str, str]) -> None:
    """Declare columns that keep another record's id without a foreign key: {column: that record's table}."""
    _points.setdefault(table, {}).update(columns)


def technical(table: str, columns: Iterable[str]) -> None:
    """Declare columns that are the machine's own: told to who proves something, apart from what people wrote."""
    _technical[table] = _technical.get(table, frozenset()) | frozenset(columns)


def is_technical(table: str, column: str) -> bool:
    """Whether a column is the machine's own."""
    return column in _technical.get(table, ())


@lru_cache(maxsize=1)
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def table_in_words(table: str) -> str:
    """What a record of a table is called."""
    if table in _called:
        return str(_called[table])
    model = _models().get(table)
    return _begun(model._meta.verbose_name) if model else table


def column_in_words(table: str, column: str) -> str:
    """What a column is called; what is no column (any more) by its declared title, else by its own name."""
    field = _field(table, column)
    if field is None:
        return str(_titled.get(table, {}).get(column, column))
    given = _titled.get(table, {}).get(field.name)
    has_own = getattr(field, "_verbose_name", None) is not None
    return str(given) if given is not None and not has_own else _begun(field.verbose_name)


def value_in_words(table: str, column: str, value: Any) -> str:
    """A kept value as a reader takes it: choices by their label, yes and no, days, rupees, names by script."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = _field(table, column)
    choices = dict(field.flatchoices) if field is not None else {}
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    if isinstance(field, DateRangeField) and isinstance(value, list):
        return " – ".join("…" if part is None else _day(part) for part in value)
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return ", ".join("…" if part is None else str(part) for part in value)
    if isinstance(value, int) and column.endswith("_paise"):
        return rupees(value)
    if column == "why":
        return reason("", str(value))
    is_day = isinstance(field, models.DateField) or (field is None and _ISO_DAY.fullmatch(str(value)))
    return _day(value) if is_day else str(value)


def relation(table: str, column: str) -> tuple[str, type[models.Model]] | None:
    """(the column that names it, the model) of the record to which a column points, when it is one with a name."""
    other = getattr(_field(table, column), "related_model", None)
    of = other._meta.db_table if other is not None else _points.get(table, {}).get(column, "")
    return naming(of) if of else None


def names_of(table: str, ids: Collection[str]) -> list[tuple[str, str]]:
    """(id, name) of records of a table, of those that the reader sees: row security decides. One query."""
    found = naming(table)
    return [] if found is None else named_among(found[1]._default_manager.all(), ids)


def named_among(rows: models.QuerySet[Any], ids: Collection[str]) -> list[tuple[str, str]]:
    """(id, name) of those of some rows that have one of these ids. One query."""
    table = rows.model._meta.db_table
    columns, tell = _told_by.get(table, ((_named_by.get(table, "name"),), str))
    found = rows.filter(pk__in=ids_of(rows.model, ids)).order_by().values_list("pk", *columns)
    return [(str(pk), tell(*values)) for pk, *values in found]


def about(table: str, subject_id: str, picture: Mapping[str, Any]) -> tuple[str, str]:
    """(table, id) of the record that has a page of its own: of a posting or a name, the person or place it belongs to.

    `picture` are the columns of the record as far as the chain tells them.
    """
    own, _join, _name = _named_by.get(table, "").partition("__")
    field = _field(table, own) if _join else None
    owner = picture.get(field.attname) if field is not None and field.related_model is not None else None
    return (field.related_model._meta.db_table, str(owner)) if owner else (table, subject_id)


def ids_of(model: type[models.Model], texts: Iterable[str]) -> list[Any]:
    """Of texts that the chain keeps as ids those that can be ids of a model: an export stands under its list's key."""
    made = []
    for text in texts:
        with suppress(ValidationError):
            made.append(model._meta.pk.to_python(text))
    return made


def is_json(table: str, column: str) -> bool:
    """Whether a column keeps a list or a mapping as one value (names by language)."""
    return isinstance(_field(table, column), models.JSONField)


def naming(table: str) -> tuple[str, type[models.Model]] | None:
    """(the column that names a record of a table, its model), or None for records without a name."""
    model = _models().get(table)
    if model is None:
        return None
    column = _named_by.get(table, "name")
    own = column.partition("__")[0]
    return (column, model) if any(field.name == own for field in model._meta.concrete_fields) else None


def model_of(table: str) -> type[models.Model] | None:
    """The model whose records stand in the chain under a table's name."""
    return _models().get(table)


def _field(table: str, column: str) -> Any:
    model = _models().get(table)
    fields = model._meta.concrete_fields if model else ()
    return next((field for field in fields if column in (field.attname, field.name)), None)


def _begun(words: Any) -> str:
    """Words with a capital at the beginning; the rest keeps its own letters (“PIN code”)."""
    text = str(words)
    return text[:1].upper() + text[1:]


def _day(text: Any) -> str:
    """A day kept as ISO text, or a moment, as pages write it; what is neither stays."""
    for kind, shown in ((datetime.date, day), (datetime.datetime, moment)):
        try:
            return shown(kind.fromisoformat(str(text)))
        except ValueError:
            continue
    return str(text)
