"""Office bearers: elected for a time, replaced, ended."""

import datetime
from uuid import UUID

from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.dated import since
from umeed.core.scope import Scope
from umeed.institutions import codes, rules
from umeed.institutions.actions.finding import institution_to_change, not_stale, refuse, term_to_change
from umeed.institutions.actions.writing import create, end, made_before
from umeed.institutions.models import Federation, Institution, Membership, OfficeTerm, Signatory, Woman
from umeed.kernel.refusals import N_, Refusal

_NO_SUCH_WOMAN = N_("Choose a woman whose record you may see.")


def elect_office(
    *,
    by: Scope,
    id: UUID,
    institution: Institution | UUID,
    woman: Woman | UUID,
    office: str,
    on: datetime.date,
    replacing: bool = False,
) -> OfficeTerm:
    """Give a woman an office from a day on. With `replacing`, the holder's term ends on that day.

    Raises Refused with every reason; the same call with the same id elects once.
    """
    record = institution_to_change(by, institution)
    who = _woman(by, woman)
    values = {"institution": record, "woman": who, "office": office, "during": since(on)}
    if (known := made_before(OfficeTerm, id, values)) is not None:
        return known
    refuse_if(why_not_elect(by, record, who, office, on, replacing=replacing))
    with audited(by=by, did="elect_office") as trail:
        if replacing:
            for holder in _open_terms(record).filter(office=office):
                _end_term(trail, holder, on)
        term = OfficeTerm(id=id, **values)
        create(trail, term)
        trail.about(record)
    return term


def end_office(
    *, by: Scope, term: OfficeTerm | UUID, on: datetime.date, why: str = "", revision: int | None = None
) -> OfficeTerm:
    """End an office term; its holder no longer signs for the accounts of the institution."""
    record = term_to_change(by, term, of=OfficeTerm)
    not_stale(record, revision)
    refuse_if(rules.why_not_office_end(today=by.today, on=on, since=record.during.lower))
    with audited(by=by, did="end_office", why=why) as trail:
        _end_term(trail, record, on)
        trail.about(record.institution)
    return record


def why_not_elect(
    by: Scope, institution: Institution, woman: Woman, office: str, on: datetime.date, *, replacing: bool = False
) -> list[Refusal]:
    """Every reason against an election."""
    terms = _open_terms(institution)
    holder = None if replacing else terms.filter(office=office).select_related("woman").first()
    hers = terms.filter(woman=woman).exclude(office=office).first()
    return rules.why_not_office(
        today=by.today, on=on, formed_on=institution.formed_on, is_member=_is_member(institution, woman, on),
        needs_membership=office != codes.Office.BOOKKEEPER,
        office_name=str(codes.Office(office).label),
        holder=(holder.woman.name, holder.during.lower) if holder else None,
        hers=(str(hers.get_office_display()), hers.during.lower) if hers else None,
    )  # fmt: skip


def _open_terms(institution: Institution) -> "OfficeTerm.objects":  # type: ignore[valid-type]
    return OfficeTerm.objects.filter(institution=institution, during__endswith=None)


def _is_member(institution: Institution, woman: Woman, on: datetime.date) -> bool:
    """Whether she belongs to the institution: as its member, or as a member of a group federated below it."""
    ties = Membership.objects.on(on).filter(woman=woman)
    if institution.kind not in rules.FEDERATES:
        return ties.filter(institution=institution).exists()
    below = Federation.objects.on(on).filter(above=institution).values("member")
    lowest = Federation.objects.on(on).filter(above__in=below).values("member")
    return ties.filter(institution__in=below).exists() or ties.filter(institution__in=lowest).exists()


def _end_term(trail: Trail, term: OfficeTerm, on: datetime.date) -> None:
    signs = Signatory.objects.filter(account__institution=term.institution_id, woman=term.woman_id)
    for signatory in signs.filter(during__endswith=None):
        end(trail, signatory, on)
    end(trail, term, on)


def _woman(by: Scope, woman: Woman | UUID) -> Woman:
    pk = woman.pk if isinstance(woman, Woman) else woman
    found = Woman.objects.filter(pk=pk).seen_by(by, "women.see").first()
    if found is None:
        raise refuse("woman", "not_found", _NO_SUCH_WOMAN)
    return found
