"""Groups in village organisations, village organisations in cluster federations, for a time."""

import datetime
from uuid import UUID

from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.scope import Scope
from umeed.institutions import rules
from umeed.institutions.actions.finding import institution_to_change, not_stale, panchayat_name, term_to_change
from umeed.institutions.actions.writing import create, end, made_before
from umeed.institutions.models import Federation, Institution
from umeed.kernel.refusals import N_, Refusal

_ALREADY = N_("It belongs to %(name)s since %(day)s. End that first.")
_ENDED = N_("%(name)s is %(status)s.")


def federate(
    *, by: Scope, id: UUID, member: Institution | UUID, above: Institution | UUID, on: datetime.date, why: str = ""
) -> Federation:
    """A group joins a VO, a VO joins a CLF, from a day on. `why` is needed for a VO of another panchayat."""
    below = institution_to_change(by, member, field="member")
    upper = institution_to_change(by, above, field="above")
    values = {"member": below, "above": upper, "during": since(on)}
    if (known := made_before(Federation, id, values)) is not None:
        return known
    refuse_if(why_not_federate(by, below, upper, on, why))
    with audited(by=by, did="federate", why=why) as trail:
        tie = Federation(id=id, **values)
        create(trail, tie)
        trail.about(below)
    return tie


def leave_federation(
    *, by: Scope, federation: Federation | UUID, on: datetime.date, why: str = "", revision: int | None = None
) -> Federation:
    """An institution leaves the one above it."""
    tie = term_to_change(by, federation, of=Federation)
    not_stale(tie, revision)
    refuse_if(rules.why_not_office_end(today=by.today, on=on, since=tie.during.lower))
    with audited(by=by, did="leave_federation", why=why) as trail:
        end(trail, tie, on)
        trail.about(tie.member)
    return tie


def why_not_federate(
    by: Scope, member: Institution, above: Institution, on: datetime.date, why: str = ""
) -> list[Refusal]:
    """Every reason, hard and soft, against a federation from a day on."""
    reasons = rules.why_not_federate(
        today=by.today, member_kind=member.kind, above_kind=above.kind, on=on, member_formed_on=member.formed_on,
        above_formed_on=above.formed_on, member_panchayat=panchayat_name(member.place_id, on),
        above_panchayat=panchayat_name(above.place_id, on), why=why,
    )  # fmt: skip
    for field, one in (("member", member), ("above", above)):
        if one.status in rules.ENDED:
            values = {"name": one.name, "status": str(one.get_status_display())}
            reasons.append(Refusal(field, "institution_ended", _ENDED, values))
    now = Federation.objects.filter(member=member, during__overlap=since(on)).select_related("above").first()
    if now is not None:
        values = {"name": now.above.name, "day": now.during.lower}
        reasons.append(Refusal("above", "already_federated", _ALREADY, values))
    return reasons
