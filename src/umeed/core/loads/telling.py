"""What a load would write, told to whoever consents: fields and records by their names, codes in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from umeed.core.audit_pages import words
from umeed.core.fields import COVERED
from umeed.core.loads import rows
from umeed.core.loads.layouts import layout_if_known
from umeed.core.loads.models import LoadRow
from umeed.core.templatetags.umeed_text import day, listed

Sides = tuple[Mapping[str, Any], Mapping[str, Any]]


class Telling:
    """One page of a load's rows. Names of the records to which they point are asked once a kind of record.

    A layout may have `inner` (keys that only it needs: not told), `titled` (words for keys that are no column of the
    file) and `told_as` ({key: (table, column)} of keys that are a column of another table than the row's own).
    """

    def __init__(self, layout_key: str, page: Sequence[LoadRow]) -> None:
        of = layout_if_known(layout_key)
        self.titles = {column.key: column.title for columns in of.sheets.values() for column in columns} if of else {}
        self.titles |= getattr(of, "titled", {})
        self.inner: frozenset[str] = getattr(of, "inner", frozenset())
        self.told_as: Mapping[str, tuple[str, str]] = getattr(of, "told_as", {})
        self.sides: dict[Any, Sides] = {
            row.pk: (rows.unpacked(row.before, show=False), rows.unpacked(row.after, show=False)) for row in page
        }
        self.names = self._names(page)

    def changes(self, row: LoadRow) -> list[dict[str, Any]]:
        """[{field, before, after}] of the fields that are written, in words; what stays as it is, is not told."""
        before, after = self.sides[row.pk]
        told = []
        for key in after:
            if key in self.inner or _is_same(before.get(key), after[key]):
                continue
            old, new = (self._value(row.table, key, side.get(key)) for side in (before, after))
            if old and words.is_sealed(row.table, key):
                old = COVERED  # what her file says she may read; what the record says, by a look that is recorded
            told.append({"field": self._title(row.table, key), "before": old, "after": new})
        return told

    def _title(self, table: str, key: str) -> Any:
        if key in self.titles:
            return self.titles[key]
        place, column = self.told_as.get(key, (table, key))
        said = words.column_in_words(place, column)
        return key.replace("_", " ").capitalize() if said == column else said

    def _value(self, table: str, key: str, value: Any) -> str:
        place, column = self.told_as.get(key, (table, key))
        if value and (found := words.relation(place, column)) is not None:
            return self.names.get((found[1]._meta.db_table, str(value)), COVERED)
        if isinstance(value, Mapping) and not words.is_json(place, column):
            return listed(
                gettext("%(field)s: %(value)s")
                % {"field": self._title(table, part), "value": self._value(table, part, it)}
                for part, it in value.items()
                if not _is_empty(it)
            )
        return in_words(value) if isinstance(value, datetime.date) else words.value_in_words(place, column, value)

    def _names(self, page: Iterable[LoadRow]) -> Mapping[tuple[str, str], str]:
        wanted: dict[str, set[str]] = {}
        for row in page:
            for side in self.sides[row.pk]:
                for key, value in side.items():
                    found = words.relation(*self.told_as.get(key, (row.table, key))) if value else None
                    if found is not None and key not in self.inner:
                        wanted.setdefault(found[1]._meta.db_table, set()).add(str(value))
        return {(table, pk): name for table, ids in wanted.items() for pk, name in words.names_of(table, ids)}


def in_words(value: Any) -> str:
    """A stored value as a page writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime.date):
        return day(value)
    if isinstance(value, (list, tuple)):
        return listed(map(in_words, value))
    return str(value)


def _is_same(before: Any, after: Any) -> bool:
    return before == after or (_is_empty(before) and _is_empty(after))


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
