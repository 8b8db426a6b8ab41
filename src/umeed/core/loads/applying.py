"""Writes what the person consented to: in one transaction with one audit entry, or not at all.

Before writing it makes sure that the dry run still holds: when others have written since, the file is judged again and
compared; where a verdict has turned, nothing is written and the person reads the new report.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import zip_longest
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils import timezone

from umeed.core.actions import Refused
from umeed.core.audit import audited, picture
from umeed.core.loads import judging, rows
from umeed.core.loads.acts import home_of
from umeed.core.loads.layouts import CREATE, Layout, Progress, Verdict
from umeed.core.loads.models import Load, LoadRow, State
from umeed.core.loads.progress import silent
from umeed.core.loads.working import attempt, layout_of, stored
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.scope import Scope
from umeed.kernel.money import grouped
from umeed.kernel.refusals import N_, Refusal, in_number, warning

WRITING, COMPARING = N_("Loading"), N_("Making sure that nothing has changed since the check")
_ONE_TURNED = N_(
    "Others have changed records since this file was checked, and one row would now do something else. "
    "Nothing was written. This is the new report; look at it and consent again."
)
_TURNED = N_(
    "Others have changed records since this file was checked, and %(count)s rows would now do something else. "
    "Nothing was written. This is the new report; look at it and consent again."
)
_CLASH = N_("Somebody saved the same records at the same moment. Nothing was written. Try again.")
_log = logging.getLogger(__name__)


def apply_load(load_id: UUID, progress: Progress = silent) -> None:
    """Write a load that the person consented to. Doing it again does nothing."""
    attempt(load_id, [State.APPLYING], _apply, progress, broken=stay)


def stay(load: Load, refusals: Sequence[Refusal]) -> None:
    """Back to the report, with the reasons: nothing was written."""
    load.state, load.refusals = State.JUDGED, stored(refusals)
    judging.keep(load, "state", "refusals")


def _apply(load: Load, by: Scope, progress: Progress) -> None:
    of = layout_of(load, by)
    turned = _turned(load, of, by, progress) if _written_since(load, of) else 0
    if turned:
        return _judge_again(load, by, progress, turned)
    try:
        _write(load, of, by, progress)
    except IntegrityError as clash:
        _log.warning("load %s: %s", load.pk, clash)
        raise Refused([Refusal(None, "clash", _CLASH)]) from clash


def _written_since(load: Load, of: Layout) -> bool:
    """Whether anybody has written, since the dry run, into a table that its verdicts may depend on."""
    changes = AuditChange.objects.filter(entry__seq__gt=load.judged_seq).exclude(kind=AuditChange.READ)
    watched = getattr(of, "watches", ())
    changes = changes.filter(table__in=watched) if watched else changes.exclude(table=Load._meta.db_table)
    return changes.exists()


def _turned(load: Load, of: Layout, by: Scope, progress: Progress) -> int:
    """How many verdicts would now be others than those in the report."""
    before = LoadRow.objects.filter(load=load).order_by("id").iterator(chunk_size=2000)
    with judging.opened_book_of(load) as book:
        now = judging.verdicts_of(load, of, book, by, progress)
        pairs = zip_longest(map(rows.verdict_of, before), now)
        return sum(_essence(was) != _essence(now) for was, now in pairs)


def _essence(verdict: Verdict | None) -> object:
    """What a verdict means for the person. A new record's contents come from the file, and its id is made up anew."""
    if verdict is None:
        return None
    reasons = [(reason.code, reason.field) for reason in verdict.reasons]
    essence = (verdict.sheet, verdict.number, verdict.what, verdict.shown, reasons)
    if verdict.what == CREATE:
        return essence
    values = rows.packed({"before": verdict.before, "after": verdict.after}, frozenset())
    return (*essence, verdict.table, str(verdict.subject_id), values)


def _judge_again(load: Load, by: Scope, progress: Progress, turned: int) -> None:
    with judging.opened_book_of(load) as book:
        judging.judge_book(load, book, by, progress)
    text = in_number(turned, _ONE_TURNED, _TURNED)
    load.notes = [*stored([warning(None, "turned", text, {"count": grouped(turned)})]), *load.notes]
    judging.keep(load, "notes")


def _write(load: Load, of: Layout, by: Scope, progress: Progress) -> None:
    chosen = rows.Chosen(load)
    progress(0, len(chosen), WRITING)
    with audited(by=by, did="apply_load") as trail:
        trail.about(load)
        trail.at_place(home_of(load))
        of.apply(chosen, by=by, load_id=str(load.pk), progress=progress)
        before = picture(load)
        load.state, load.refusals, load.applied_at, load.samples = State.APPLIED, [], timezone.now(), ""
        load.save()
        trail.changed(load, before)
    check_now()
    load.applied_seq = entry_seq(load, "apply_load")
    Load.objects.filter(pk=load.pk).update(applied_seq=load.applied_seq)


def check_now() -> None:
    """Have PostgreSQL check deferred constraints now (after the audit entry), where a clash can still be told."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def entry_seq(load: Load, did: str) -> int | None:
    """The number of the latest audit entry about a load."""
    entries = AuditEntry.objects.filter(subject_table=Load._meta.db_table, subject_id=str(load.pk), did=did)
    return entries.order_by("-seq").values_list("seq", flat=True).first()
