"""Finds and locks what an action is about, within the scope of the person acting: both women, or nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from umeed.core.actions import Refused
from umeed.core.models import Record
from umeed.core.scope import Scope
from umeed.duplicates.models import Candidate, Merge
from umeed.institutions.models import Woman
from umeed.kernel.refusals import N_, Refusal

SETTLE = "duplicates.settle"
_NOT_YOURS = N_("At least one of the two records is not among those whose duplicates you may settle.")
_STALE = N_("Somebody changed one of the two records since you opened this page. Look at them again.")
_SETTLED = N_("This pair was already settled: %(state)s.")


def refused(code: str, text: str, **values: object) -> Refused:
    """One reason about the whole, ready to be raised."""
    return Refused([Refusal(None, code, text, values)])


def both_women(by: Scope, ids: Sequence[UUID]) -> dict[UUID, Woman]:
    """Both women, locked in the order of their ids so that two people cannot wait for each other."""
    if Woman.objects.filter(pk__in=ids).seen_by(by, SETTLE).count() != len(set(ids)):
        raise refused("not_found", _NOT_YOURS)
    rows = Woman.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {woman.pk: woman for woman in rows}


def candidate_to_settle(by: Scope, candidate: Candidate | UUID) -> Candidate:
    """A pair of which the person may settle both women, locked."""
    found = _of_both(by, Candidate, candidate)
    return Candidate.objects.select_for_update(of=("self",)).get(pk=found.pk)


def merge_to_undo(by: Scope, merge: Merge | UUID) -> Merge:
    """A merge of which the person may settle both women, locked."""
    found = _of_both(by, Merge, merge)
    return Merge.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _of_both(by: Scope, model: type[Record], record: Any) -> Any:
    pk = record.pk if isinstance(record, Record) else record
    found = model.objects.filter(pk=pk).seen_by(by, SETTLE).first()
    if found is None:
        raise refused("not_found", _NOT_YOURS)
    return found


def not_stale(record: Record, revision: int | None) -> None:
    """Raise Refused when the person acted on an older state of the record than there is."""
    if revision is not None and revision != record.revision:
        raise refused("stale", _STALE)


def still_open(candidate: Candidate) -> None:
    if candidate.state != "open":
        raise refused("settled_already", _SETTLED, state=str(candidate.get_state_display()))
