"""The next step of a load: what its state waits for, done in this process, whoever asks."""

from __future__ import annotations

from uuid import UUID

from umeed.core.loads import applying, judging, undoing
from umeed.core.loads.layouts import Progress
from umeed.core.loads.models import Load, State
from umeed.core.loads.progress import silent
from umeed.core.loads.working import BROKE, TakesTooLong, leave
from umeed.kernel.refusals import Refusal

# A file up to this size, or this many rows, may be done while the person waits, if a second is enough.
SMALL_BYTES, SMALL_ROWS, SHORT_SECONDS = 400_000, 500, 1.0
_TO_JUDGE = (State.RECEIVED, State.READING, State.JUDGING)


def go_on(load_id: UUID, progress: Progress = silent, *, seconds: float | None = None) -> None:
    """Do what the load waits for; nothing when it waits for a person. Harmless when done twice."""
    state = Load.objects.values_list("state", flat=True).get(pk=load_id)
    if state in _TO_JUDGE:
        judging.judge_load(load_id, progress, seconds=seconds)
    elif state == State.APPLYING:
        applying.apply_load(load_id, progress)
    elif state == State.UNDOING:
        undoing.undo_load(load_id, progress)


def done_at_once(load: Load) -> bool:
    """Do the next step while the person waits, if it is small; False when it is left for the background."""
    if load.state == State.RECEIVED:
        small = load.size <= SMALL_BYTES
    else:
        small = (load.counts.get("chosen") or sum(sheet["rows"] for sheet in load.found)) <= SMALL_ROWS
    if not small:
        return False
    try:
        go_on(load.pk, seconds=SHORT_SECONDS)
    except TakesTooLong:
        return False
    return True


def give_up(load_id: UUID) -> None:
    """Leave a load whose work broke off again and again where a person can go on, and say so."""
    load = Load.objects.get(pk=load_id)
    stay = {State.APPLYING: applying.stay, State.UNDOING: undoing.stay}
    if load.is_at_work:
        leave(load_id, stay.get(State(load.state), judging.fail), [Refusal(None, "broke", BROKE)])
