"""Reads the chain for people: entries of their own place, one entry's differences, and what happened to a record.

Which places a person reaches is answered by a higher room, which installs its answer here at start.
"""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from umeed.core.audit_pages import subjects, words
from umeed.core.fields import COVERED
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import listed

SEE = "audit.see"
RUNS_THE_SITE = "site.run"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SILENT = frozenset({"id", "revision", "changed_at", "name_key"})

# (scope, capability) → the ids, as a queryset, of all places where the scope has the capability today
Reach = Callable[[Scope, str], Any]
# (scope, place id) → the capabilities that the scope holds over a place today
HeldOver = Callable[[Scope, int], frozenset[str]]
# (table, id) → the name of the record
Names = Mapping[tuple[str, str], str]
_installed: list[tuple[Reach, HeldOver]] = []


@dataclass(frozen=True)
class Difference:
    """One field before and after, in words. `after` and `before` are '' when there was nothing.

    `is_technical` is what the machine keeps for itself: bare ids, hashes, counters.
    """

    field: str
    before: str
    after: str
    is_technical: bool = False


@dataclass(frozen=True)
class ChangeShown:
    """One record that an action touched: `kind` is created, changed, removed or read; `name` where it has one.

    `about` is (table, id) of the record that it belongs to, `url` that one's page where the viewer may open it.
    """

    kind: str
    table: str
    what: str
    subject_id: str
    changes: tuple[Difference, ...]
    name: str = ""
    about: tuple[str, str] = ("", "")
    url: str = ""

    @property
    def plain(self) -> list[Difference]:
        return [one for one in self.changes if not one.is_technical]

    @property
    def technical(self) -> list[Difference]:
        return [one for one in self.changes if one.is_technical]


@dataclass(frozen=True)
class Event:
    """One entry as pages show it, newest first in lists (`did` in words; `origin` is address and device).

    `looked_at` names the covered fields that were read, when the entry tells of a look; `about` the records whose names
    the reader may see.
    """

    seq: int
    at: datetime.datetime
    who: str
    actor: str
    did: str
    why: str
    origin: str
    subject: str
    change_count: int
    changes: tuple[Difference, ...] = ()
    looked_at: str = ""
    about: tuple[subjects.Named, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What a reader looks for. Empty means all; days are whole days of the mission's clock, both included.

    `numbers` are those of the entries about some records, None when it is about any.
    """

    who: str = ""
    did: str = ""
    numbers: Collection[int] | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None


def install(reach: Reach, held_over: HeldOver) -> None:
    """Say which places a scope reaches, and with what. Called once at start by the room that knows both."""
    _installed[:] = [(reach, held_over)]


def seen_by(scope: Scope) -> QuerySet[AuditEntry]:
    """Entries that belong to the scope's own places, and whatever the person did herself.

    Whoever runs the installation sees what was done to accounts that belong to no place, and nothing of women.
    """
    if scope.is_system:
        return AuditEntry.objects.all()
    mine = Q(actor=scope.viewer) if scope.viewer else Q(pk__in=[])
    if scope.can(SEE):
        mine |= Q(place_id__in=_installed[0][0](scope, SEE))
    if scope.can(RUNS_THE_SITE):
        mine |= Q(place_id=None, subject_table__startswith="access_")
    return AuditEntry.objects.filter(mine)


def entries(scope: Scope, asked: Asked, *, before: int | None = None, count: int = 50) -> list[Event]:
    """The newest entries that fit, at most `count`, older than the entry number `before`. One SQL query, and what
    `words.reasons_of`, `subjects.subjects_of` and `subjects.named` ask for the whole page."""
    rows = seen_by(scope)
    if asked.who:
        rows = rows.filter(Q(actor_name__icontains=asked.who) | Q(actor=asked.who))
    if asked.did:
        rows = rows.filter(did=asked.did)
    if asked.numbers is not None:
        rows = rows.filter(seq__in=asked.numbers)
    if asked.since:
        rows = rows.filter(at__gte=_start_of(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_start_of(asked.until + datetime.timedelta(days=1)))
    if before:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[:count])
    whys, about = words.reasons_of(found), subjects.subjects_of(found)
    names = subjects.named(scope, {one for several in about.values() for one in several})
    return [
        replace(_event(entry), why=whys[entry.pk], about=tuple(names[one] for one in about[entry.pk] if one in names))
        for entry in found
    ]


def entries_url(scope: Scope, table: str, pk: object) -> str:
    """The list of all entries about one record; '' for who may not read who did what."""
    if not (scope.can(SEE) or scope.can(RUNS_THE_SITE)):
        return ""
    return f"{reverse('audit:list')}?{urlencode({'table': table, 'subject_id': str(pk)})}"


def actions_seen(scope: Scope) -> list[tuple[str, str]]:
    """The kinds of action in what the scope sees, as (key, words), for the filter."""
    keys = seen_by(scope).order_by().values_list("did", flat=True).distinct()
    return sorted(((key, words.said(key)) for key in keys), key=lambda pair: pair[1])


def entry_of(scope: Scope, seq: int) -> AuditEntry | None:
    """An entry by its number, or None when the scope does not see it."""
    return seen_by(scope).filter(seq=seq).first()


def changes_of(scope: Scope, entry: AuditEntry, *, start: int = 0, count: int = 100) -> list[ChangeShown]:
    """The records that an action touched, with what changed; covered fields only where the scope may see them,
    sealed ones never."""
    may_see = _installed[0][1](scope, entry.place_id) if entry.place_id is not None else frozenset()
    rows = list(AuditChange.objects.filter(entry=entry).order_by("position")[start : start + count])
    names = names_in(rows, with_subjects=True)
    return [
        ChangeShown(
            change.kind,
            change.table,
            words.table_in_words(change.table),
            change.subject_id,
            differences(change, may_see, names),
            names.get((change.table, change.subject_id), ""),
            words.about(change.table, change.subject_id, {**(change.before or {}), **(change.after or {})}),
        )
        for change in rows
    ]


def history_of(*subjects: tuple[str, object], may_see: Collection[str] = (), count: int = 50) -> list[Event]:
    """What happened to some records, as (table, id), newest first, with what changed. Two SQL queries, and one
    for the names of each kind of record that the changes point to.

    The caller has already made sure that the reader may see the records; `may_see` are the capabilities she holds over
    them, which uncover what is covered; what is sealed stays so. Of an action that touched more, only these records'
    changes are told.
    """
    ids: dict[str, list[str]] = {}
    for table, subject_id in subjects:
        ids.setdefault(table, []).append(str(subject_id))
    wanted = Q(pk__in=[])
    for table, of_table in ids.items():
        wanted |= Q(table=table, subject_id__in=of_table)
    rows = AuditChange.objects.filter(wanted).select_related("entry").order_by("-entry__seq", "position")
    newest = list(rows[: count * 4])
    names = names_in(newest)
    events: dict[int, list[AuditChange]] = {}
    for change in newest:
        events.setdefault(change.entry.seq, []).append(change)
    return [_told(changes, may_see, names) for changes in list(events.values())[:count]]


def _told(changes: list[AuditChange], may_see: Collection[str], names: Names) -> Event:
    """One entry's changes as one event: what was read is named, what was written stands before and after."""
    reads = [change for change in changes if change.kind == AuditChange.READ]
    told = [one for change in changes if change not in reads for one in differences(change, may_see, names)]
    written = [one for one in told if not one.is_technical]
    looked_at = dict.fromkeys(field for change in reads for field in _fields_read(change))
    return replace(_event(changes[0].entry, written), looked_at=listed(looked_at))


def names_in(changes: Iterable[AuditChange], *, with_subjects: bool = False) -> Names:
    """Names of the records to which the changes point, of those that the reader sees. One query a kind of record.

    Row security decides: a record out of her sight has no name here, and is shown as covered.
    """
    wanted: dict[str, set[str]] = {}
    for change in changes:
        for column, value in {*_items(change.before), *_items(change.after)}:
            if (found := words.relation(change.table, column)) is not None:
                wanted.setdefault(found[1]._meta.db_table, set()).add(value)
        if with_subjects and words.naming(change.table) is not None:
            wanted.setdefault(change.table, set()).add(change.subject_id)
    return {(table, pk): name for table, ids in wanted.items() for pk, name in words.names_of(table, ids)}


def _items(side: Any) -> list[tuple[str, str]]:
    return [(column, str(value)) for column, value in (side or {}).items() if isinstance(value, (str, int)) and value]


def differences(change: AuditChange, may_see: Collection[str], names: Names | None = None) -> tuple[Difference, ...]:
    """A change's fields before and after, in words; what was never filled is left out."""
    before, after = change.before or {}, change.after or {}
    if change.kind == AuditChange.READ:
        return (Difference(listed(_fields_read(change)), "", ""),)
    told = []
    for column in after or before:
        if column in _SILENT or before.get(column) == after.get(column):
            continue
        old, new = (_shown(change.table, column, side.get(column), may_see, names or {}) for side in (before, after))
        if old or new:
            is_technical = words.is_technical(change.table, column) or bool(_UUID.search(f"{old} {new}"))
            told.append(Difference(words.column_in_words(change.table, column), old, new, is_technical))
    return tuple(told)


def _fields_read(change: AuditChange) -> list[str]:
    """What a look opened, in words."""
    return [words.column_in_words(change.table, column) for column in (change.after or {}).get("fields", [])]


def _shown(table: str, column: str, value: Any, may_see: Collection[str], names: Names) -> str:
    capability = words.covered_by(table, column)
    if value and (found := words.relation(table, column)) is not None:
        return names.get((found[1]._meta.db_table, str(value)), COVERED)
    shown = words.value_in_words(table, column, value)
    is_covered = words.is_sealed(table, column) or (capability and capability not in may_see)
    return COVERED if shown and is_covered else shown


def _event(entry: AuditEntry, changes: Iterable[Difference] = ()) -> Event:
    return Event(
        entry.seq, entry.at, entry.actor_name, entry.actor, words.said(entry.did),
        words.reason(entry.did, entry.why), entry.origin,
        words.table_in_words(entry.subject_table) if entry.subject_table else "", entry.change_count, tuple(changes),
    )  # fmt: skip


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
