"""What a room declares of a register, and the one place where all of them are known."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import include
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from umeed.core.audit_pages import words
from umeed.core.forms import Acting
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.registers.columns import Column, address
from umeed.core.registers.filters import HouseFilterSet, filterset
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day
from umeed.kernel.money import grouped

Queryset = models.QuerySet[Any]


@dataclass(frozen=True)
class Section:
    """A group of facts on a record's page: keys of the register's columns, or columns of its own.

    Keys alone may be written in one text, with blanks between them.
    """

    title: Any
    columns: str | tuple[str | Column, ...]

    def __iter__(self) -> Iterator[str | Column]:
        return iter(self.columns.split() if isinstance(self.columns, str) else self.columns)


@dataclass(frozen=True)
class Drill:
    """Records of another register that belong to this one, shown on its page: exactly what that register lists.

    `to` is the other register's key, `param` its filter that takes this record's id; `columns` which of its columns.
    """

    key: str
    title: Any
    to: str
    param: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """A related list that no register has (accounts, consents): `rows(scope, record)` → headings and rows of texts."""

    key: str
    title: Any
    needs: str
    headings: tuple[Any, ...]
    rows: Callable[[Scope, Any], Sequence[Sequence[Any]]]


_ADDING, _CORRECTING = gettext_lazy("Add to this list"), gettext_lazy("Correct %(name)s")


class Where(Protocol):
    """Of which places a list speaks. Kept by their ids, told to each reader in her own words."""

    def __call__(self, scope: Scope, values: Mapping[str, Any]) -> str:
        """In words, for the filters in use; empty when everything is meant."""

    def ids(self, scope: Scope, values: Mapping[str, Any]) -> list[int]:
        """The same as ids."""

    def names(self, ids: Iterable[int]) -> dict[int, str]:
        """Each place in words. One query."""

    def joined(self, names: Sequence[str]) -> str:
        """Several in one line."""


@dataclass
class Register:
    """One declared list of one model.

    key, path     name in addresses' names (`women:list`) and where it is mounted (`women/`)
    counted       ngettext_lazy("%(shown)s woman", "%(shown)s women", "n")
    see, change, export   capabilities; an empty one means nobody
    rows          (scope, capability) → queryset through the one door; the model's own `seen_by` when left out
    where         what says of which places the list speaks, see `Where`
    form          an ActionForm or ActionModelForm; without it nothing is entered here
    adding        what the form for a new one is called, whole: _("Add a woman")
    correcting    what the form over one is called: _("Correct %(name)s's record")
    loads         name of the route of the load page, shown to those who may load
    opens         name of the route of a record's page, when the room has one of its own
    ways          scope → further ways at the head of the list: {title, url, icon?, quiet?}
    acts          (scope, record) → further actions at the head of a record's page, likewise
    """

    key: str
    model: type[models.Model]
    singular: Any
    plural: Any
    counted: Any
    see: str
    columns: Sequence[Column]
    change: str = ""
    export: str = ""
    path: str = ""
    icon: str = "list"
    about: Any = ""
    rows: Callable[[Scope, str], Queryset] | None = None
    where: Where | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    order: str = "name"
    form: type[Acting] | None = None
    adding: Any = _ADDING
    correcting: Any = _CORRECTING
    detail: Sequence[Section] = ()
    drill: Sequence[Drill] = ()
    panels: Sequence[Panel] = ()
    loads: str = ""
    opens: str = ""
    ways: Callable[[Scope], Sequence[dict[str, Any]]] | None = None
    acts: Callable[[Scope, Any], Sequence[dict[str, Any]]] | None = None
    page_size: int = 50
    history_of: Callable[[Any], Iterable[tuple[str, str]]] | None = None

    def __post_init__(self) -> None:
        self.path = self.path or f"{self.key}/"
        for column in self.everything:
            column.bind(self.model)
        self.by_key = {column.key: column for column in self.columns}
        words.seal(self.model._meta.db_table, self.covered_fields)
        _registers[self.key] = self

    # The one door ----------------------------------------------------------------------------------------------------

    def base(self, scope: Scope, capability: str = "") -> Queryset:
        """Every row that the viewer may see (or, with another capability, act on): all pages start here."""
        wanted = capability or self.see
        if self.rows is not None:
            return self.rows(scope, wanted)
        return self.model._default_manager.seen_by(scope, wanted)  # type: ignore[attr-defined]

    def narrow(self, rows: Queryset, scope: Scope, capability: str) -> Queryset:
        """Of rows that the viewer sees, those where she also holds another capability."""
        if scope.implies(self.see, capability):
            return rows
        if self.rows is None:
            return rows.seen_by(scope, capability)  # type: ignore[attr-defined]
        return rows.filter(pk__in=self.base(scope, capability).order_by().values("pk"))

    def find(self, scope: Scope, pk: Any, capability: str = "") -> Any:
        """One record within the scope, or None: a foreign id and an unknown one answer alike."""
        try:
            return _joined(self.base(scope, capability).filter(pk=pk), self.everything).first()
        except (ValidationError, ValueError):
            return None

    def may_add(self, scope: Scope) -> bool:
        """Whether the list offers to add a record."""
        return scope.can(self.change)

    def may(self, scope: Scope, capability: str, record: Any) -> bool:
        """Whether a capability holds for this very record, which the viewer sees: rights are not pooled over places."""
        if not capability or not scope.can(capability):
            return False
        return scope.implies(self.see, capability) or self.base(scope, capability).filter(pk=record.pk).exists()

    def allowed(self, scope: Scope, capability: str, rows: Iterable[Any]) -> frozenset[Any]:
        """Ids of those rows of a page for which the viewer holds a capability. No query when her rights are alike."""
        ids = [row.pk for row in rows]
        if not scope.can(capability) or not ids:
            return frozenset()
        if scope.implies(self.see, capability):
            return frozenset(ids)
        return frozenset(self.base(scope, capability).filter(pk__in=ids).values_list("pk", flat=True))

    # Made once -------------------------------------------------------------------------------------------------------

    @cached_property
    def filterset(self) -> type[HouseFilterSet]:
        return filterset(self.model, dict(self.filters))

    @cached_property
    def has_revision(self) -> bool:
        return any(one.name == "revision" for one in self.model._meta.concrete_fields)

    @property
    def listed(self) -> list[Column]:
        return [column for column in self.columns if column.listed]

    @cached_property
    def everything(self) -> tuple[Column, ...]:
        """Every column of the register, those that only a record's page shows too."""
        return (*self.columns, *(c for s in self.detail for c in s if isinstance(c, Column)))

    @cached_property
    def covered_fields(self) -> dict[str, str]:
        """Model column → the capability that one needs to look at it; a history never shows it."""
        return {column.field: column.sealed for column in self.everything if column.sealed}

    def load(self, rows: Queryset, columns: Iterable[Column]) -> Queryset:
        """Ask only for what the columns read: one query, joined to what they reach."""
        columns = list(columns)
        rows = rows.only("pk", *self._own_names(), *(path for column in columns for path in column.fields))
        return _joined(rows, columns)

    def flat(self, path: str) -> str:
        """A path as a flat row names it: a relation by its id."""
        if "__" in path:
            return path
        column = self.model._meta.get_field(path)
        return column.attname if column.is_relation else path

    def _own_names(self) -> tuple[str, ...]:
        own = {one.name for one in self.model._meta.concrete_fields}
        return tuple({"name", "revision", self.order.lstrip("-")} & own)

    # Addresses -------------------------------------------------------------------------------------------------------

    def url(self, page: str = "list", *args: Any) -> str:
        if page == "detail" and self.opens:
            return address(*self.opens.split(":"), *args)
        return address(self.key, page, *args)

    def as_of(self, number: int, where: str, on: datetime.date, at: str = "") -> str:
        """“300 groups in Achabal block, as on 21 Nov 2026”; `at` is when they were counted, if not just then."""
        what = self.counted % {"n": number, "shown": grouped(number)}
        about = {"what": what, "where": where, "day": day(on), "time": at}
        if where and at:
            return gettext("%(what)s in %(where)s, as on %(day)s (counted at %(time)s)") % about
        if where:
            return gettext("%(what)s in %(where)s, as on %(day)s") % about
        return gettext("%(what)s, as on %(day)s") % about

    @property
    def id_converter(self) -> str:
        return "uuid" if isinstance(self.model._meta.pk, models.UUIDField) else "int"

    @property
    def change_view_route(self) -> str:
        return f"{self.key}:change_view"

    def urls(self) -> Any:
        """What `path(women.path, women.urls())` mounts: `women:list`, `:detail`, `:new`, `:edit`, `:export` …"""
        from umeed.core.registers.views import patterns

        return include((patterns(self), self.key), namespace=self.key)


def _joined(rows: Queryset, columns: Iterable[Column]) -> Queryset:
    """With the relations through which the columns read."""
    relations = {path.rpartition("__")[0] for column in columns for path in column.fields if "__" in path}
    return rows.select_related(*relations) if relations else rows


_registers: dict[str, Register] = {}


def registered(key: str) -> Register | None:
    """A register by its key, or None when its room is not there."""
    return _registers.get(key)


def all_registers() -> list[Register]:
    return list(_registers.values())


def _exports_told(pairs: Sequence[tuple[AuditEntry, AuditChange]]) -> dict[Any, str]:
    """What an export was of, in the reader's language. Of one that kept too little its own words stay."""
    told: dict[Any, str] = {}
    kept = [(entry, registered(change.subject_id), change.after or {}) for entry, change in pairs]
    ids = [pk for _entry, _register, says in kept for pk in says.get("where", ())]
    names: dict[int, str] | None = None
    for entry, register, says in kept:
        if register is None or "where" not in says:
            continue
        place = ""
        if register.where is not None:
            names = names if names is not None else register.where.names(ids)
            place = register.where.joined([names[pk] for pk in says["where"] if pk in names])
        told[entry.pk] = register.as_of(says["rows"], place, timezone.localdate(entry.at))
    return told


words.derive("export_register", _exports_told)
words.say(
    {
        "export_register": gettext_lazy("Exported a list"),
        "look_at_sealed": gettext_lazy("Looked at covered fields"),
        "save_view": gettext_lazy("Saved a view"),
        "rename_view": gettext_lazy("Renamed a view"),
        "delete_view": gettext_lazy("Deleted a view"),
    }
)
words.point("core_savedview", {"owner": "access_user"})
words.call({"core_savedview": gettext_lazy("Saved list")})
words.title(
    "core_savedview",
    {"owner": gettext_lazy("Person"), "register": gettext_lazy("Register"), "query": gettext_lazy("Filters")},
)
