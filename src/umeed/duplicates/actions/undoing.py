"""Taking a merge back: every row as it was, unless something was built on the merge since."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from umeed.books.models import Line
from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.duplicates import rules
from umeed.duplicates.actions.reaching import both_women, merge_to_undo, not_stale
from umeed.duplicates.actions.settling import reopened
from umeed.duplicates.actions.ties import CARRIED, WORDS, held_by, in_words
from umeed.duplicates.actions.writing import Step, plain, restored, write
from umeed.duplicates.models import Candidate, Merge
from umeed.institutions.actions.writing import change
from umeed.institutions.models import Membership, Woman
from umeed.kernel.refusals import Refusal


def undo_merge(*, by: Scope, merge: Merge | UUID, why: str, revision: int | None = None) -> Merge:
    """Put every row back as it was before the merge. Raises Refused with every reason; nothing is half-undone."""
    record = merge_to_undo(by, merge)
    not_stale(record, revision)
    women = both_women(by, [record.survivor_id, record.merged_id])
    rows = rows_of(record, women, lock=True)
    refuse_if(reasons_on_undoing(by, record, women[record.survivor_id], rows, why))
    with audited(by=by, did="undo_merge", why=why) as trail:
        trail.about(women[record.survivor_id])
        write(trail, [_back(rows[one["id"]], one["before"]) for one in reversed(record.moved["changes"])])
        change(trail, record, undone_at=timezone.now(), undone_by=by.name, undone_why=why[:240])
        low, high = sorted((record.survivor_id, record.merged_id))
        pair = Candidate.objects.select_for_update(of=("self",)).filter(low=low, high=high).first()
        if pair is not None:
            reopened(trail, pair)
    return record


def _back(row: Any, before: dict[str, Any]) -> Step:
    return Step(row, {name: restored(row, name, value) for name, value in before.items()})


def rows_of(merge: Merge, women: dict[UUID, Woman], *, lock: bool = False) -> dict[str, Any]:
    """The rows that a merge changed, as they are today, by id. One query a model."""
    wanted: dict[str, list[str]] = {}
    for one in merge.moved["changes"]:
        wanted.setdefault(one["model"], []).append(one["id"])
    found: dict[str, Any] = {str(pk): woman for pk, woman in women.items()}
    for label, ids in wanted.items():
        if label in CARRIED:
            rows = CARRIED[label].objects.filter(pk__in=ids)
            found |= {str(row.pk): row for row in (rows.select_for_update(of=("self",)) if lock else rows)}
    return found


def reasons_on_undoing(by: Scope, merge: Merge, survivor: Woman, rows: dict[str, Any], why: str) -> list[Refusal]:
    """Every reason why a merge cannot be taken back now."""
    changes = merge.moved["changes"]
    return rules.why_not_undo(
        undone_on=timezone.localdate(merge.undone_at) if merge.undone_at else None,
        is_survivor_merged=survivor.merged_into_id is not None,
        is_merged_into_since=_merged_into_since(merge),
        changed=[
            in_words(by, rows[one["id"]]) for one in changes if one["id"] in rows and _differs(rows[one["id"]], one)
        ],
        gone=[str(WORDS[CARRIED[one["model"]]]) for one in changes if one["id"] not in rows],
        added=[*_added(by, merge), *_posted(merge)],
        why=why,
    )


def _differs(row: Any, change: dict[str, Any]) -> bool:
    """A tie must be untouched; in the women's own records only what the merge changed counts."""
    if not isinstance(row, Woman):
        return row.revision != change["revision"]
    return any(plain(row, name, getattr(row, name)) != value for name, value in change["after"].items())


def _merged_into_since(merge: Merge) -> bool:
    later = Merge.objects.filter(survivor=merge.survivor_id, undone_at__isnull=True, merged_at__gt=merge.merged_at)
    return later.exists()


def _posted(merge: Merge) -> list[str]:
    """Books of groups that came with the merged record, in which something was posted for the kept one since."""
    moved = [one["id"] for one in merge.moved["changes"] if one["model"] == "institutions.membership"]
    groups = Membership.objects.filter(pk__in=moved).values("institution")
    lines = Line.objects.filter(
        woman=merge.survivor_id, sheet__recorded_at__gt=merge.merged_at, book__institution__in=groups
    )
    names = sorted(set(lines.values_list("book__institution__name", flat=True)))
    return [gettext("What was posted for her in the book of %(group)s") % {"group": name} for name in names]


def _added(by: Scope, merge: Merge) -> list[str]:
    """Ties that the kept record got since the merge, in words."""
    held = merge.moved["held"]
    now = held_by(merge.survivor_id)
    added = {label: set(ids) - set(held.get(label, ())) for label, ids in now.items()}
    return [
        in_words(by, row) for label, ids in added.items() if ids for row in CARRIED[label].objects.filter(pk__in=ids)
    ]
