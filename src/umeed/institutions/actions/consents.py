"""What a woman has agreed to, by purpose, and what she has withdrawn."""

import datetime
from uuid import UUID

from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.institutions import codes, rules
from umeed.institutions.actions.finding import refuse, woman_to_change
from umeed.institutions.actions.writing import change, create, made_before
from umeed.institutions.models import Consent, Woman
from umeed.kernel.refusals import N_

_NO_CONSENT = N_("This consent is not among those you may change.")
_WITHDRAWN = N_("It was already withdrawn on %(day)s.")


def give_consent(
    *,
    by: Scope,
    id: UUID,
    woman: Woman | UUID,
    purpose: str,
    language: str,
    taken: str,
    given_on: datetime.date,
) -> Consent:
    """Record that she agreed to one purpose: in which language it was explained, how it was taken, when."""
    who = woman_to_change(by, woman)
    values = {"woman": who, "purpose": purpose, "language": language, "taken": taken, "given_on": given_on}
    if (known := made_before(Consent, id, values)) is not None:
        return known
    refuse_if(rules.why_not_consent(today=by.today, given_on=given_on, language=language))
    with audited(by=by, did="give_consent") as trail:
        consent = Consent(id=id, **values)
        create(trail, consent)
        trail.about(who)
    return consent


def withdraw_consent(*, by: Scope, consent: Consent | UUID, withdrawn_on: datetime.date, why: str = "") -> Consent:
    """She withdraws. Without consent to it, what is kept of her identity number is removed in the same action.

    Records that were merged into hers are hers too: what rests there under the same consent ends with it.
    """
    pk = consent.pk if isinstance(consent, Consent) else consent
    found = Consent.objects.filter(pk=pk).first()
    if found is None:
        raise refuse(None, "not_found", _NO_CONSENT)
    who = woman_to_change(by, found.woman_id)
    if found.withdrawn_on:
        raise refuse("withdrawn_on", "already_withdrawn", _WITHDRAWN, day=found.withdrawn_on)
    refuse_if(
        rules.why_not_consent(
            today=by.today, given_on=found.given_on, language=found.language, withdrawn_on=withdrawn_on
        )
    )
    with audited(by=by, did="withdraw_consent", why=why) as trail:
        change(trail, found, withdrawn_on=withdrawn_on)
        _forget(trail, who, found)
        # Her will also holds for records of hers that the person who writes it down does not see.
        with as_system():
            merged = _merged_into(who)
            resting = Consent.objects.filter(woman__in=merged, purpose=found.purpose, withdrawn_on__isnull=True)
            for consent in resting.select_for_update(of=("self",)):
                change(trail, consent, withdrawn_on=max(withdrawn_on, consent.given_on))
            for record in merged:
                _forget(trail, record, found)
        trail.about(who)
    return found


def _forget(trail: Trail, woman: Woman, consent: Consent) -> None:
    """Remove what was kept only with a consent."""
    if consent.purpose == codes.Purpose.IDENTITY:
        change(trail, woman, identity_hash="", identity_last4="")


def _merged_into(woman: Woman) -> list[Woman]:
    """Every record merged into a woman's, also by way of another, locked."""
    found: list[Woman] = []
    above = [woman]
    while above:
        above = list(Woman.objects.filter(merged_into__in=above).select_for_update(of=("self",), no_key=True))
        found += above
    return found
