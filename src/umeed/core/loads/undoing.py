"""Takes a load back while nobody has built on it; otherwise names what stands in the way."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils import timezone

from umeed.core.actions import Refused
from umeed.core.audit import audited, picture
from umeed.core.loads import judging, rows
from umeed.core.loads.acts import home_of
from umeed.core.loads.applying import check_now, entry_seq
from umeed.core.loads.layouts import Layout, Progress
from umeed.core.loads.models import Load, State
from umeed.core.loads.progress import silent
from umeed.core.loads.working import attempt, layout_of, stored
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal, hard

TAKING_BACK = N_("Taking the load back")
_MOST_NAMED = 20
_CHANGED_SINCE = N_("“%(shown)s” (row %(number)s) was changed by %(who)s on %(day)s.")
_AND_MORE = N_("More records of this load were changed by others since; only the first are named.")
_BUILT_ON = N_("Other records have been attached to what this load brought, so it cannot be taken back as a whole.")
# What others changed or removed after the load's own entry, of the records that the load wrote. A later load that was
# itself taken back has left no trace.
_TOUCHED = """
SELECT r.shown, r.number, e.actor_name, e.at
FROM core_loadrow r
JOIN core_auditchange c ON c.subject_id = r.subject_id AND c."table" = r."table"
JOIN core_auditentry e ON e.id = c.entry_id
WHERE r.load_id = %s AND r.chosen AND r.subject_id <> '' AND e.seq > %s AND c.kind IN ('changed', 'removed')
  AND NOT EXISTS (SELECT 1 FROM core_load l WHERE l.state = 'undone' AND e.seq IN (l.applied_seq, l.undone_seq))
ORDER BY r.id, e.seq
LIMIT %s
"""
_log = logging.getLogger(__name__)


def why_not_undo(load: Load, of: Layout, by: Scope) -> list[Refusal]:
    """Every reason why a load cannot be taken back: records changed since, and what the layout knows of."""
    return [*_touched_since(load), *hard(of.why_not_undo(rows.Chosen(load), by=by))]


def _touched_since(load: Load) -> list[Refusal]:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [load.pk, load.applied_seq, _MOST_NAMED + 1])
        touched = cursor.fetchall()
    reasons = [
        Refusal(
            None, "changed_since", _CHANGED_SINCE,
            {"shown": shown, "number": number, "who": who, "day": timezone.localtime(at).date()},
        )
        for shown, number, who, at in touched[:_MOST_NAMED]
    ]  # fmt: skip
    return [*reasons, Refusal(None, "and_more", _AND_MORE)] if len(touched) > _MOST_NAMED else reasons


def undo_load(load_id: UUID, progress: Progress = silent) -> None:
    """Take back a load whose undoing was asked for. Doing it again does nothing."""
    attempt(load_id, [State.UNDOING], _undo, progress, broken=stay)


def stay(load: Load, refusals: Sequence[Refusal]) -> None:
    """The load stays applied, with the reasons why."""
    load.state, load.refusals = State.APPLIED, stored(refusals)
    judging.keep(load, "state", "refusals")


def _undo(load: Load, by: Scope, progress: Progress) -> None:
    of = layout_of(load, by)
    if reasons := why_not_undo(load, of, by):
        raise Refused(reasons)
    try:
        _take_back(load, of, by, progress)
    except IntegrityError as held:
        _log.warning("load %s: %s", load.pk, held)
        raise Refused([Refusal(None, "built_on", _BUILT_ON)]) from held


def _take_back(load: Load, of: Layout, by: Scope, progress: Progress) -> None:
    chosen = rows.Chosen(load)
    progress(0, len(chosen), TAKING_BACK)
    with audited(by=by, did="undo_load") as trail:
        trail.about(load)
        trail.at_place(home_of(load))
        of.undo(chosen, by=by, load_id=str(load.pk), progress=progress)
        before = picture(load)
        load.state, load.refusals, load.undone_at = State.UNDONE, [], timezone.now()
        load.save()
        trail.changed(load, before)
    check_now()
    Load.objects.filter(pk=load.pk).update(undone_seq=entry_seq(load, "undo_load"))
