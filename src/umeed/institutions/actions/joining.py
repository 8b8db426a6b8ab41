"""Joining, leaving and changing groups: a woman in a group for a time."""

import datetime
from typing import Any
from uuid import UUID

from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.dated import since
from umeed.core.scope import Scope
from umeed.institutions import codes, rules
from umeed.institutions.actions.finding import (
    WOMEN,
    institution_to_change,
    membership_to_change,
    names_seen,
    not_stale,
    woman_to_change,
)
from umeed.institutions.actions.writing import change, clashes_told, create, end, made_before
from umeed.institutions.leaving import known_against_leaving
from umeed.institutions.models import Institution, Membership, OfficeTerm, Signatory, Woman
from umeed.kernel.refusals import N_, Refusal

_IN_THIS = N_("She is already a member of this group since %(day)s.")
_IN_NAMED = N_("She is already a member of %(group)s since %(day)s. End that membership or transfer her.")
_IN_OTHER = N_("She is already a member of another group since %(day)s.")
_WAS_MEMBER = N_("She was a member of %(group)s from %(day)s to %(until)s, which overlaps.")
_WAS_OTHER = N_("She was a member of another group from %(day)s to %(until)s, which overlaps.")
_LATER_OFFICE = N_("She was elected %(office)s on %(day)s, after the day on which she would leave.")
_NOT_NOW = N_("This membership has already ended on %(day)s.")
_SAME_GROUP = N_("She is already in this group.")
_SAYS_DIED = N_("Her record will say that she died on %(day)s. Correct it there if it was another day.")


def join_group(
    *,
    by: Scope,
    id: UUID,
    woman: Woman | UUID,
    group: Institution | UUID,
    joined_on: datetime.date,
) -> Membership:
    """Make a woman a member from `joined_on` on. Raises Refused with every reason; the same id joins once."""
    into = institution_to_change(by, group, capability=WOMEN, field="group")
    who = woman_to_change(by, woman, field="woman")
    values = {"woman": who, "institution": into, "during": since(joined_on), "kind": into.kind}
    if (known := made_before(Membership, id, values)) is not None:
        return known
    refuse_if(why_not_join_group(by, who, into, joined_on))
    with audited(by=by, did="join_group") as trail:
        membership = joined(trail, id, who, into, joined_on)
        trail.about(into)
    return membership


def leave_group(
    *,
    by: Scope,
    membership: Membership | UUID,
    left_on: datetime.date,
    leave_reason: str,
    leave_note: str = "",
    revision: int | None = None,
) -> Membership:
    """End a membership: `left_on` is the first day on which she is no member. Her offices and signing end with it.

    Of a woman in reach who left because she died, the record says so from that day, unless it knows the day already.
    """
    tie = membership_to_change(by, membership)
    institution_to_change(by, tie.institution_id, capability=WOMEN)
    not_stale(tie, revision)
    refuse_if(why_not_leave_group(by, tie, left_on, leave_reason))
    with audited(by=by, did="leave_group", why=leave_note) as trail:
        left(trail, tie, left_on, leave_reason, leave_note)
        if (woman := _dying(by, tie, leave_reason)) is not None:
            change(trail, woman_to_change(by, woman), died_on=min(left_on, by.today))
        trail.about(tie.institution)
    return tie


def transfer(
    *,
    by: Scope,
    id: UUID,
    membership: Membership | UUID,
    group: Institution | UUID,
    on: datetime.date,
    leave_note: str = "",
) -> Membership:
    """End a membership on a day and begin another on the same day, in one action. `id` is the new membership's."""
    tie = membership_to_change(by, membership)
    into = institution_to_change(by, group, capability=WOMEN, field="group")
    who = tie.woman
    values = {"woman": who, "institution": into, "during": since(on), "kind": into.kind}
    if (known := made_before(Membership, id, values)) is not None:
        return known
    if into.pk == tie.institution_id:
        raise Refused([Refusal("group", "same_group", _SAME_GROUP)])
    reason = codes.LeaveReason.OTHER
    refuse_if([
        *why_not_leave_group(by, tie, on, reason),
        *why_not_join_group(by, who, into, on, leaving=tie),
    ])  # fmt: skip
    with audited(by=by, did="transfer", why=leave_note) as trail:
        left(trail, tie, on, reason, leave_note)
        made = joined(trail, id, who, into, on)
        trail.about(into)
    return made


def why_not_join_group(
    by: Scope, woman: Woman, group: Institution, joined_on: datetime.date, *, leaving: Membership | None = None
) -> list[Refusal]:
    """Every reason, hard and soft, against a woman joining a group on a day. `leaving` is left out of the count."""
    members = Membership.objects.filter(institution=group)
    family = []
    if woman.household_id:
        same_house = members.on(joined_on).filter(woman__household=woman.household_id).exclude(woman=woman.pk)
        family = list(same_house.values_list("woman__name", flat=True))
    reasons = rules.why_not_join(
        today=by.today, joined_on=joined_on, formed_on=group.formed_on, group_kind=group.kind,
        group_status=group.status, group_status_name=str(group.get_status_display()), group_special=group.special,
        members_after=members.on(max(joined_on, by.today)).exclude(woman=woman.pk).count() + 1,
        gender=woman.gender, born_on=woman.born_on, born_year=woman.born_year, died_on=woman.died_on,
        is_merged=woman.merged_into_id is not None, family=family,
    )  # fmt: skip
    return [*reasons, *_elsewhere(by, woman, group, joined_on, leaving)]


def why_not_leave_group(by: Scope, tie: Membership, left_on: datetime.date, reason: str) -> list[Refusal]:
    """Every reason, hard and soft, against a membership ending on a day."""
    if tie.during.upper is not None:
        values = {"day": tie.during.upper}
        return [Refusal(None, "already_left", _NOT_NOW, values)]
    group = tie.institution
    offices = list(OfficeTerm.objects.filter(institution=group, woman=tie.woman_id, during__endswith__isnull=True))
    reasons = [
        Refusal(
            "left_on", "office_later", _LATER_OFFICE,
            {"office": term.get_office_display(), "day": term.during.lower},
        )
        for term in offices
        if term.during.lower and term.during.lower > left_on
    ]  # fmt: skip
    if _dying(by, tie, reason) is not None:
        died_on = min(left_on, by.today)
        reasons.append(Refusal("left_on", "says_she_died", _SAYS_DIED, {"day": died_on}, severity="warn"))
    reasons += known_against_leaving(tie.woman_id, tie.institution_id, left_on)
    members = Membership.objects.filter(institution=group).on(max(left_on, by.today)).exclude(pk=tie.pk).count()
    return reasons + rules.why_not_leave(
        today=by.today, left_on=left_on, joined_on=tie.during.lower, reason=reason, members_after=members,
        group_status=group.status, office_name=str(offices[0].get_office_display()) if offices else "",
    )  # fmt: skip


def _dying(by: Scope, tie: Membership, reason: str) -> Woman | None:
    """Whose record does not say yet that she died. A member from another officer's village keeps hers as it is."""
    if reason != codes.LeaveReason.DECEASED:
        return None
    rows = Woman.objects.filter(pk=tie.woman_id, died_on__isnull=True, merged_into__isnull=True)
    return rows.seen_by(by, WOMEN).first()


def joined(trail: Trail, id: UUID, woman: Woman, group: Institution, on: datetime.date) -> Membership:
    """Write a membership inside an open action."""
    membership = Membership(id=id, woman_id=woman.pk, institution=group, kind=group.kind, during=since(on))
    create(trail, membership)
    return membership


def left(trail: Trail, tie: Membership, on: datetime.date, reason: str, note: str = "") -> None:
    """End a membership inside an open action, with the woman's offices there and her signatures on its accounts."""
    for term in OfficeTerm.objects.filter(institution=tie.institution_id, woman=tie.woman_id, during__endswith=None):
        end(trail, term, on)
    signs = Signatory.objects.filter(account__institution=tie.institution_id, woman=tie.woman_id)
    for signatory in signs.filter(during__endswith=None):
        end(trail, signatory, on)
    with clashes_told():
        during = type(tie.during)(tie.during.lower, on)
        change(trail, tie, during=during, leave_reason=reason, leave_note=note)


def _elsewhere(
    by: Scope, woman: Woman, group: Institution, joined_on: datetime.date, leaving: Membership | None
) -> list[Refusal]:
    """Memberships that stand in the way: in this institution, or (for groups) in any other."""
    ties = Membership.objects.filter(woman=woman.pk, during__overlap=since(joined_on))
    if leaving is not None:
        ties = ties.exclude(pk=leaving.pk)
    ties = ties.filter(kind=codes.Kind.SHG) if group.kind == codes.Kind.SHG else ties.filter(institution=group)
    found = list(ties)
    seen = names_seen(by, [tie.institution_id for tie in found])
    return [_in_the_way(tie, group, seen.get(tie.institution_id, "")) for tie in found]


def _in_the_way(tie: Membership, group: Institution, name: str) -> Refusal:
    values: dict[str, Any] = {"day": tie.during.lower, "group": name}
    if tie.institution_id == group.pk and tie.during.upper is None:
        return Refusal(None, "already_a_member", _IN_THIS, values)
    if tie.during.upper is not None:
        values["until"] = tie.during.upper
        return Refusal("joined_on", "was_in_a_group", _WAS_MEMBER if name else _WAS_OTHER, values)
    return Refusal(None, "in_another_group", _IN_NAMED if name else _IN_OTHER, values)
