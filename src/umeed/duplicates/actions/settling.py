"""What a person decides about a pair without merging it: these are two women; not now; look again."""

import datetime
from uuid import UUID

from django.utils import timezone

from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.scope import Scope
from umeed.duplicates import rules
from umeed.duplicates.actions.reaching import candidate_to_settle, not_stale, refused, still_open
from umeed.duplicates.models import Candidate, State
from umeed.institutions.actions.writing import change
from umeed.kernel.refusals import N_

LATER_DAYS = 30
_NOT_SETTLED = N_("This pair is still to be reviewed.")
_UNDO_MERGE = N_("This pair was merged. Undo the merge instead.")


def settle_not_the_same(*, by: Scope, candidate: Candidate | UUID, why: str, revision: int | None = None) -> Candidate:
    """These are two women: the pair is never offered again. Raises Refused with every reason."""
    pair = candidate_to_settle(by, candidate)
    not_stale(pair, revision)
    still_open(pair)
    refuse_if(rules.why_not_settle(why))
    with audited(by=by, did="settle_not_the_same", why=why) as trail:
        settled(trail, pair, State.NOT_THE_SAME, by, why)
    return pair


def put_off(*, by: Scope, candidate: Candidate | UUID, revision: int | None = None) -> Candidate:
    """Not now: the pair leaves the list for 30 days."""
    pair = candidate_to_settle(by, candidate)
    not_stale(pair, revision)
    still_open(pair)
    with audited(by=by, did="put_off_duplicate") as trail:
        change(trail, pair, put_off_until=by.today + datetime.timedelta(days=LATER_DAYS))
        trail.about(pair)
    return pair


def take_up_again(*, by: Scope, candidate: Candidate | UUID, why: str, revision: int | None = None) -> Candidate:
    """A pair that was called two women, or put off, is to be reviewed again. Raises Refused with every reason."""
    pair = candidate_to_settle(by, candidate)
    not_stale(pair, revision)
    if pair.state == State.MERGED:
        raise refused("merged", _UNDO_MERGE)
    if pair.state == State.OPEN and pair.put_off_until is None:
        raise refused("still_open", _NOT_SETTLED)
    refuse_if(rules.why_not_settle(why) if pair.state == State.NOT_THE_SAME else [])
    with audited(by=by, did="take_up_duplicate", why=why) as trail:
        reopened(trail, pair)
    return pair


def settled(trail: Trail, pair: Candidate, state: State, by: Scope, why: str) -> None:
    """Write a decision about a pair inside an open action."""
    change(trail, pair, state=state, settled_at=timezone.now(), settled_by=by.name, why=why[:240], put_off_until=None)


def reopened(trail: Trail, pair: Candidate) -> None:
    """Write that a pair is to be reviewed again inside an open action."""
    change(trail, pair, state=State.OPEN, settled_at=None, settled_by="", why="", put_off_until=None)
