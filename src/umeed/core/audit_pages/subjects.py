"""Whom an entry is about: names of records for those who may see them, and the entries about a record.

A name comes through the record's register, and so through the viewer's scope; what has no register declares its rows
here. A row that ties others together (a membership, a posting) is told by those, and found with them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from umeed.core.audit_pages import words
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.registers.declare import Register, all_registers
from umeed.core.registers.listing import SEARCH, sorted_anew
from umeed.core.scope import Scope

# Records of one register that a text may mean; who means more is asked for more of the name.
MEANT_AT_MOST = 50
# Entries about records, the newest first: nobody leafs beyond.
ENTRIES_AT_MOST = 5000
# An action that touched more is about its subject, not about the first row that it wrote.
FEW = 5

# (table, id) of a record, as the chain keeps them
Subject = tuple[str, str]
Rows = Callable[[Scope], QuerySet[Any]]


@dataclass(frozen=True)
class Named:
    """A record's name, and its page where the viewer may open it."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Meant:
    """The records that a text may mean; `is_cut` when more fit than are looked at."""

    subjects: tuple[Subject, ...]
    is_cut: bool = False


@dataclass(frozen=True)
class _Source:
    rows: Rows
    page: str = ""
    is_searched: bool = False


_tied: dict[str, tuple[str, ...]] = {}
_sources: dict[str, _Source] = {}


def tie(tables: Mapping[str, Sequence[str]]) -> None:
    """Declare rows that tie records together: {table: its foreign keys}. They are told by those records' names."""
    _tied.update({table: tuple(columns) for table, columns in tables.items()})


def show(table: str, rows: Rows, *, page: str = "", is_searched: bool = False) -> None:
    """Declare whose names a viewer sees among records without a register: `rows(scope)`.

    `page` names the route of a record's own page, which opens to all of these; `is_searched` where a text finds one by
    a part of its name.
    """
    _sources[table] = _Source(rows, page, is_searched)


# Whom entries are about -----------------------------------------------------------------------------------------------


def subjects_of(entries: Sequence[AuditEntry]) -> dict[Any, list[Subject]]:
    """Entry's id → the records that it is about: its subject, and what the first row that it wrote ties together.

    One query for all, and one for each kind of tie among them.
    """
    few = [entry.pk for entry in entries if 0 < entry.change_count <= FEW]
    firsts = AuditChange.objects.filter(entry__in=few, position=0, table__in=list(_tied)) if few else []
    first_of = {first.entry_id: first for first in firsts}
    about: dict[Any, list[Subject]] = {}
    for entry in entries:
        about[entry.pk] = [(entry.subject_table, entry.subject_id)] if entry.subject_table else []
        if first := first_of.get(entry.pk):
            about[entry.pk].append((first.table, first.subject_id))
    tied = _tied_together({one for subjects in about.values() for one in subjects if one[0] in _tied})
    return {
        pk: list(dict.fromkeys(other for one in subjects for other in tied.get(one, [one])))
        for pk, subjects in about.items()
    }


def _tied_together(ties: Iterable[Subject]) -> dict[Subject, list[Subject]]:
    """Tie → the records that it ties, of those ties that the reader sees (row security decides). A query a table."""
    wanted: dict[str, list[str]] = {}
    for table, pk in ties:
        wanted.setdefault(table, []).append(pk)
    found: dict[Subject, list[Subject]] = {}
    for table, ids in wanted.items():
        ends = _ends(table)
        model: Any = words.model_of(table)
        rows = model._base_manager.filter(pk__in=words.ids_of(model, ids)).values_list("pk", *(c for c, _t in ends))
        for pk, *values in rows:
            pairs = zip(ends, values, strict=True)
            found[table, str(pk)] = [(other, str(value)) for (_column, other), value in pairs if value is not None]
    return found


def _ends(table: str) -> list[tuple[str, str]]:
    """[(column, table of the record to which it points)] of a kind of tie."""
    model: Any = words.model_of(table)
    fields = [model._meta.get_field(column) for column in _tied[table]]
    return [(field.attname, field.related_model._meta.db_table) for field in fields]


def named(scope: Scope, subjects: Iterable[Subject]) -> dict[Subject, Named]:
    """The names of records that the viewer may see, with their pages. One query a register or source concerned."""
    wanted: dict[str, set[str]] = {}
    for table, pk in subjects:
        wanted.setdefault(table, set()).add(pk)
    found: dict[Subject, Named] = {}
    for register in _registers(scope):
        table = register.model._meta.db_table
        ids = wanted.get(table, set()) - {pk for of, pk in found if of == table}
        if words.ids_of(register.model, ids):
            for pk, name in words.named_among(register.base(scope), ids):
                found[table, pk] = Named(name, register.url("detail", pk) if register.url() else "")
    for table, source in _sources.items():
        if ids := wanted.get(table, set()) - {pk for of, pk in found if of == table}:
            for pk, name in words.named_among(source.rows(scope), ids):
                found[table, pk] = Named(name, reverse(source.page, args=[pk]) if source.page else "")
    return found


def _registers(scope: Scope) -> list[Register]:
    return [one for one in all_registers() if scope.can(one.see) and words.naming(one.model._meta.db_table)]


# Entries about records ------------------------------------------------------------------------------------------------


def meant(scope: Scope, text: str) -> Meant:
    """The records that the viewer may see and a text may mean: each register's own search, and a whole id.

    One query a register, as the search over all registers asks.
    """
    tables = {one.model._meta.db_table for one in _registers(scope)} | set(_sources)
    if "-" in text and (by_id := named(scope, ((table, text) for table in tables))):
        return Meant(tuple(by_id))
    found, is_cut = [], False
    for table, rows in _searched(scope, text):
        ids = list(rows.values_list("pk", flat=True)[: MEANT_AT_MOST + 1])
        is_cut |= len(ids) > MEANT_AT_MOST
        found += [(table, str(pk)) for pk in ids[:MEANT_AT_MOST]]
    return Meant(tuple(found), is_cut)


def _searched(scope: Scope, text: str) -> Iterable[tuple[str, QuerySet[Any]]]:
    for register in _registers(scope):
        filters = register.filterset(data={SEARCH: text}, queryset=register.base(scope), scope=scope)
        if SEARCH in filters.filters and filters.is_valid():
            yield register.model._meta.db_table, filters.qs.order_by(sorted_anew(register.order), "pk")
    for table, source in _sources.items():
        if source.is_searched and (naming := words.naming(table)):
            yield table, source.rows(scope).filter(**{f"{naming[0]}__icontains": text}).order_by("-pk")


def entries_about(subjects: Collection[Subject]) -> list[int]:
    """The numbers of the newest entries that touched some records or what ties them, or are about them.

    Read from the indexes by record, so that the chain is not walked: two queries, and one for each kind of tie.
    """
    own = _by_table(subjects)
    touched = _by_table([*subjects, *_ties_of(own)])
    newest: set[int] = set()
    if own:
        newest |= set(_newest(AuditEntry.objects.filter(_among("subject_table", own)), "seq"))
        newest |= set(_newest(AuditChange.objects.filter(_among("table", touched)), "entry__seq"))
    return sorted(newest, reverse=True)[:ENTRIES_AT_MOST]


def _newest(rows: QuerySet[Any], seq: str) -> QuerySet[Any]:
    # Ordered by a value and not by the column, whose index would lead through the whole chain.
    return rows.order_by(sorted_anew(seq).desc()).values_list(seq, flat=True)[:ENTRIES_AT_MOST]


def _ties_of(own: Mapping[str, Collection[str]]) -> list[Subject]:
    found: list[Subject] = []
    for table in _tied:
        model: Any = words.model_of(table)
        ends = [(column, own[other]) for column, other in _ends(table) if other in own]
        wanted = [Q(**{f"{column}__in": ids}) for column, ids in ends]
        if wanted:
            rows = model._base_manager.filter(_any(wanted)).order_by().values_list("pk", flat=True)
            found += [(table, str(pk)) for pk in rows[:ENTRIES_AT_MOST]]
    return found


def _among(column: str, by_table: Mapping[str, Collection[str]]) -> Q:
    return _any([Q(**{column: table, "subject_id__in": list(ids)}) for table, ids in by_table.items()])


def _any(wanted: Iterable[Q]) -> Q:
    whole = Q()
    for one in wanted:
        whole |= one
    return whole


def _by_table(subjects: Iterable[Subject]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for table, pk in subjects:
        ids.setdefault(table, []).append(pk)
    return ids
