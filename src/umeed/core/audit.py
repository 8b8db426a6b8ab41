"""The audit chain: every write leaves an entry in its own transaction, and each entry locks the ones before it.

`audited(…)` opens the transaction of one action and appends one entry as its last statement, so that the chain's lock
is held for the length of a commit, however long the action took. Inside another `audited` it joins the outer action.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from umeed.core import chain
from umeed.core.fields import SealedTextField, SoundsField, masked
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.scope import Scope
from umeed.kernel.ids import new_id

_CHANGES = """
INSERT INTO core_auditchange (entry_id, position, kind, "table", subject_id, before, after)
SELECT %s, (one ->> 0)::int, one ->> 1, one ->> 2, one ->> 3, nullif(one -> 4, 'null'), nullif(one -> 5, 'null')
FROM jsonb_array_elements(%s::jsonb) one
"""
_APPEND = "SELECT core_chain_append(%s::jsonb, %s, %s::jsonb)"
# Known once the entry before is: the chain is locked then, and what is left is done at once.
_KNOWN_THEN = ("seq", "prev_hash", "hash")
_AT_ONCE = 2000
_open: ContextVar["Trail | None"] = ContextVar("umeed_audit_trail", default=None)


@dataclass
class Trail:
    """What one action touches, gathered while it runs."""

    changes: list[AuditChange] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)
    count: int = 0
    subject: tuple[str, str] = ("", "")
    place_id: int | None = None
    place_named: bool = False

    def created(self, record: models.Model) -> dict[str, Any]:
        """Answers the picture of it."""
        after = picture(record)
        self._add(AuditChange.CREATED, record, None, after)
        return after

    def changed(self, record: models.Model, before: dict[str, Any]) -> None:
        """Note the fields that differ from `before` (a `picture` taken earlier); nothing differs, nothing is noted."""
        after = picture(record)
        keys = [key for key in after if after[key] != before.get(key) and key not in {"revision", "changed_at"}]
        if keys:
            self._add(
                AuditChange.CHANGED, record, {key: before.get(key) for key in keys}, {key: after[key] for key in keys}
            )

    def removed(self, record: models.Model) -> None:
        self._add(AuditChange.REMOVED, record, picture(record), None)

    def read(self, record: models.Model, fields: Iterable[str]) -> None:
        """Note that sensitive fields of a record were shown."""
        self._add(AuditChange.READ, record, None, {"fields": sorted(fields)})

    def rows(self, kind: str, table: str, rows: Iterable[tuple[str, Any, Any]]) -> None:
        """Note many rows of a bulk path: (id, before, after) each, as JSON values without floats or sealed text."""
        for subject_id, before, after in rows:
            self._note(kind, table, subject_id, before, after)

    def about(self, record: models.Model) -> None:
        """Name the record that the action is about; otherwise the first one touched."""
        self.subject = (record._meta.db_table, str(record.pk))
        if not self.place_named:
            self.place_id = _place_of(record)

    def at_place(self, place_id: int | None) -> None:
        """Name the place to which the action belongs (a place's id), for subjects that do not carry one."""
        self.place_id, self.place_named = place_id, True

    def _add(self, kind: str, record: models.Model, before: Any, after: Any) -> None:
        if not self.place_named and self.place_id is None:
            self.place_id = _place_of(record)
        self._note(kind, record._meta.db_table, str(record.pk), before, after)

    def _note(self, kind: str, table: str, subject_id: str, before: Any, after: Any) -> None:
        if not self.subject[0]:
            self.subject = (table, subject_id)
        change = AuditChange(
            position=self.count, kind=kind, table=table, subject_id=subject_id, before=before, after=after
        )
        self.digest.update(chain.line_of(change_values(change)).encode())
        self.changes.append(change)
        self.count += 1


def _place_of(record: models.Model) -> int | None:
    """Where a record lies, for those who may see who did what only in their own place."""
    if record._meta.db_table == "places_place":
        return record.pk
    place = getattr(record, "place_id", None)
    return place if isinstance(place, int) else None


def _place_of_the_actor(scope: Scope) -> int | None:
    """The one place where the person acting holds postings; None when there are several, or none."""
    places = {grant.place_id for grant in scope.grants}
    return places.pop() if len(places) == 1 else None


def is_open() -> bool:
    """Whether an action is under way, so that records may be written."""
    return _open.get() is not None


@contextmanager
def audited(*, by: Scope, did: str, why: str = "", savepoint: bool = True) -> Iterator[Trail]:
    """One action in one transaction with one entry. Raises what the action raises; then nothing was written.

    Without a savepoint for an action that has begun its own `atomic` already: what fails takes back that.
    """
    outer = _open.get()
    if outer is not None:
        with transaction.atomic(savepoint=savepoint):
            yield outer
        return
    trail = Trail()
    with transaction.atomic(savepoint=savepoint):
        token = _open.set(trail)
        try:
            yield trail
        finally:
            _open.reset(token)
        _append(trail, by, did, why)


def picture(record: models.Model) -> dict[str, Any]:
    """A record's columns as JSON values; sealed text masked to its last four characters.

    A model's `AUDIT_HIDES` names columns that must not stand in the chain in any form (a password's hash). The sounds
    of a name are left out: they say what the name says.
    """
    shown = {}
    hidden = getattr(record, "AUDIT_HIDES", ())
    for column in record._meta.concrete_fields:
        if column.attname in hidden or isinstance(column, SoundsField):
            continue
        value = getattr(record, column.attname)
        if isinstance(column, SealedTextField) and value:
            value = masked(value)
        shown[column.attname] = _plain(value)
    return shown


def _plain(value: Any) -> Any:
    # Floats become text: PostgreSQL would give 1e16 back in another spelling, and the hash would no longer agree.
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (datetime.date, datetime.datetime, datetime.time)):
        return value.isoformat()
    if hasattr(value, "lower") and hasattr(value, "upper"):
        return [_plain(value.lower), _plain(value.upper)]
    return str(value)


def change_values(change: AuditChange) -> list[Any]:
    """A change as the chain hashes it, in the order of `chain.CHANGE`."""
    return [change.position, change.kind, change.table, change.subject_id, change.before, change.after]


def entry_values(entry: AuditEntry) -> dict[str, Any]:
    """An entry as the chain hashes it: the columns of `chain.HASHED`, `prev_hash` and `hash`."""
    says = {column: getattr(entry, column) for column in (*chain.HASHED, "prev_hash", "hash")}
    return {**says, "id": str(entry.id), "at": entry.at.astimezone(datetime.UTC).isoformat()}


def _append(trail: Trail, by: Scope, did: str, why: str) -> None:
    entry = AuditEntry(
        id=new_id(), at=timezone.now(), actor=by.viewer, actor_name=by.name, did=did, why=why, origin=by.origin,
        subject_table=trail.subject[0], subject_id=trail.subject[1],
        change_count=trail.count, changes_digest=trail.digest.hexdigest(),
        place_id=trail.place_id if trail.place_named or trail.place_id else _place_of_the_actor(by),
    )  # fmt: skip
    says = {name: value for name, value in entry_values(entry).items() if name not in _KNOWN_THEN}
    rows = [change_values(change) for change in trail.changes]
    with connection.cursor() as cursor:
        while len(rows) > _AT_ONCE:
            cursor.execute(_CHANGES, [entry.id, json.dumps(rows[:_AT_ONCE])])
            del rows[:_AT_ONCE]
        cursor.execute(_APPEND, [json.dumps(says), chain.spelt_after(says), json.dumps(rows)])
