"""Merging: two records of one woman become one, in one audit entry, with everything kept that undoing needs."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.scope import Scope
from umeed.duplicates import rules
from umeed.duplicates.actions.reaching import both_women, not_stale
from umeed.duplicates.actions.settling import settled
from umeed.duplicates.actions.ties import Ties, each, held_by, ties_of
from umeed.duplicates.actions.writing import Step, write
from umeed.duplicates.fields import BY_KEY
from umeed.duplicates.models import Candidate, Merge, State
from umeed.institutions.actions.writing import create
from umeed.institutions.codes import LeaveReason
from umeed.institutions.models import Woman
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import N_, Refusal

_OUT_OF_REACH = N_(
    "One of the two memberships is in a group outside your area, so you cannot end it. Ask an officer who sees both."
)


def merge_women(
    *,
    by: Scope,
    keep: Woman | UUID,
    other: Woman | UUID,
    why: str,
    take: Collection[str] = (),
    doubles: Mapping[UUID, datetime.date | None] | None = None,
    keep_revision: int | None = None,
    other_revision: int | None = None,
    id: UUID | None = None,
) -> Merge:
    """Make `other` part of `keep`. Raises Refused with every reason; nothing is half-merged.

    take      keys of `fields.PARTS` whose value comes from `other`; all else stays as `keep` says
    doubles   {membership: first day on which it no longer holds}: of two memberships at once, the one entered twice
    id        made by the page, so that sending it twice merges once
    """
    keep_id, other_id = (one.pk if isinstance(one, Woman) else one for one in (keep, other))
    if id is not None and (done := Merge.objects.filter(pk=id, survivor=keep_id, merged=other_id).first()):
        return done
    women = both_women(by, [keep_id, other_id])
    kept, merged = women[keep_id], women[other_id]
    not_stale(kept, keep_revision)
    not_stale(merged, other_revision)
    ties = ties_of(by, kept, merged, lock=True)
    marked = {pk: rules.Double(pk, on) for pk, on in (doubles or {}).items()}
    refuse_if([*_reasons(kept, merged, why), *_reasons_of_ties(by, ties, marked)])
    steps = _steps(by, ties, marked, take)
    with audited(by=by, did="merge_women", why=why) as trail:
        trail.about(kept)
        changes = write(trail, steps)
        merge = _merge(by, id or new_id(), kept, merged, why, changes)
        create(trail, merge)
        _settle(trail, by, kept, merged, why)
    return merge


def _reasons(kept: Woman, merged: Woman, why: str) -> list[Any]:
    gone = [woman.name for woman in (kept, merged) if woman.merged_into_id is not None]
    return rules.why_not_merge(is_same_record=kept.pk == merged.pk, merged_already=gone, why=why)


def _merge(by: Scope, id: UUID, kept: Woman, merged: Woman, why: str, changes: list[dict[str, Any]]) -> Merge:
    return Merge(
        id=id, survivor=kept, merged=merged, merged_at=timezone.now(), merged_by=by.name, why=why[:240],
        moved={"changes": changes, "held": held_by(kept.pk)},
    )  # fmt: skip


def _settle(trail: Trail, by: Scope, kept: Woman, merged: Woman, why: str) -> None:
    low, high = sorted((kept.pk, merged.pk))
    pair = Candidate.objects.select_for_update(of=("self",)).filter(low=low, high=high).first()
    if pair is not None:
        settled(trail, pair, State.MERGED, by, why)


def _reasons_of_ties(by: Scope, ties: Ties, marked: Mapping[UUID, rules.Double]) -> list[Refusal]:
    """Why the memberships of the two cannot stand side by side on one record as the person has said."""
    if ties.keep.pk == ties.other.pk:
        return []
    pairs = ties.overlapping()
    return [*rules.why_not_doubles(pairs, marked, by.today), *_out_of_reach(ties, pairs, marked)]


def _steps(by: Scope, ties: Ties, marked: Mapping[UUID, rules.Double], take: Collection[str]) -> list[Step]:
    """Every row that the merge changes. Raises Refused with every reason why the offices cannot be put together."""
    in_pairs = {tie.id for pair in ties.overlapping() for tie in pair}
    memberships = rules.placed_memberships(
        ties.of_membership(), {pk: double for pk, double in marked.items() if pk in in_pairs}
    )
    offices = rules.placed_offices(ties.of_office(), memberships)
    refuse_if(rules.why_not_offices(offices))
    return [
        Step(ties.other, {"merged_into_id": ties.keep.pk}),
        Step(ties.keep, {name: value for key in take for name, value in BY_KEY[key].values(ties.other).items()}),
        *_membership_steps(ties, memberships),
        *_office_steps(ties, offices),
        *_signature_steps(ties, memberships, by.today),
        *_consent_steps(ties),
        *(Step(alias, {"woman_id": ties.keep.pk}) for alias in ties.aliases),
    ]


def _out_of_reach(ties: Ties, pairs: list[tuple[rules.Tie, rules.Tie]], marked: Collection[UUID]) -> list[Refusal]:
    """A membership is ended only by somebody who may see the group."""
    ended = {tie.id: tie for pair in pairs for tie in pair if tie.id in marked}
    return [Refusal(None, "out_of_reach", _OUT_OF_REACH) for tie in ended.values() if tie.institution not in ties.names]


def _owner(ties: Ties, side: rules.Side) -> UUID:
    return ties.keep.pk if side == "keep" else ties.other.pk


def _membership_steps(ties: Ties, placed: list[rules.Placed]) -> list[Step]:
    rows = each(ties.memberships)
    steps = []
    for one in placed:
        values: dict[str, Any] = {
            "woman_id": _owner(ties, one.side),
            "during": DateRange(one.span.first, one.span.until),
        }
        if one.is_double:
            values["leave_reason"] = LeaveReason.DUPLICATE
        steps.append(Step(rows[one.tie.id], values))
    return steps


def _office_steps(ties: Ties, placed: list[rules.Placed]) -> list[Step]:
    rows = each(ties.offices)
    return [
        Step(
            rows[one.tie.id],
            {"woman_id": _owner(ties, one.side), "during": DateRange(one.span.first, one.span.until)},
        )
        for one in placed
    ]


def _signature_steps(ties: Ties, memberships: list[rules.Placed], today: datetime.date) -> list[Step]:
    """A signature goes to the kept record; a second one for the same account rests and ends with the merged record."""
    left = {one.tie.institution: one for one in memberships if one.is_double}
    remains = {one.tie.institution for one in memberships if not one.is_double and one.span.until is None}
    mine = [row for row in ties.signatures if ties.side(row) == "keep"]
    steps = []
    for row in ties.signatures:
        span = _span_after(ties, row, left, remains)
        twice = ties.side(row) == "other" and any(
            one.account_id == row.account_id and _span_after(ties, one, left, remains).overlaps(span) for one in mine
        )
        if twice:
            span = _cut(span, today)
        owner = ties.other.pk if twice else ties.keep.pk
        steps.append(Step(row, {"woman_id": owner, "during": DateRange(span.first, span.until)}))
    return steps


def _span_after(ties: Ties, row: Any, left: Mapping[Any, rules.Placed], remains: Collection[Any]) -> rules.Span:
    """The days of a signature, ended with the membership in that institution where she does not remain."""
    institution = ties.institution_of_account.get(row.account_id)
    span = rules.Span(row.during.lower, row.during.upper)
    end = left[institution].span.until if institution in left and institution not in remains else None
    return _cut(span, end) if end else span


def _cut(span: rules.Span, day: datetime.date) -> rules.Span:
    """Ended on a day, but never before it held for one day: what was signed was signed."""
    first = span.first
    return span.ended(day if first is None or day > first else first + datetime.timedelta(days=1))


def _consent_steps(ties: Ties) -> list[Step]:
    """Consents go to the kept record; of two open ones for one purpose hers stays there. A later withdrawal counts."""
    steps: list[Step] = []
    open_ones = {row.purpose: row for row in ties.consents if ties.side(row) == "keep" and row.withdrawn_on is None}
    for row in sorted(ties.consents, key=lambda one: one.withdrawn_on is None):
        if ties.side(row) == "keep":
            continue
        mine = open_ones.get(row.purpose)
        if mine is not None and row.withdrawn_on is not None and row.withdrawn_on >= mine.given_on:
            steps.append(Step(mine, {"withdrawn_on": row.withdrawn_on}))
            del open_ones[row.purpose]
        if row.withdrawn_on is not None or row.purpose not in open_ones:
            steps.append(Step(row, {"woman_id": ties.keep.pk}))
    return steps
