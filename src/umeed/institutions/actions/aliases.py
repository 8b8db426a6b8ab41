"""Ids by which other systems know a woman, a household or an institution, for a time."""

import datetime
from typing import Any
from uuid import UUID

from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.dated import EVER, since
from umeed.core.scope import Scope
from umeed.institutions import rules
from umeed.institutions.actions.finding import (
    household_to_change,
    institution_to_change,
    refuse,
    woman_to_change,
)
from umeed.institutions.actions.writing import create, end, made_before
from umeed.institutions.models import Alias, Household, Institution, Woman
from umeed.kernel.refusals import N_, Refusal

_MISSING = N_("The id is missing.")
_WHOSE = N_("Say whose id it is: one woman, one household or one institution.")
_NOT_FOUND = N_("This id is not among those you may change.")


def give_alias(
    *,
    by: Scope,
    id: UUID,
    system: str,
    value: str,
    woman: Woman | UUID | None = None,
    household: Household | UUID | None = None,
    institution: Institution | UUID | None = None,
    from_on: datetime.date | None = None,
) -> Alias:
    """Record another system's id for exactly one of woman, household and institution, from a day on or ever."""
    if sum(one is not None for one in (woman, household, institution)) != 1:
        raise refuse(None, "whose_id", _WHOSE)
    owner = _owner(by, woman, household, institution)
    text = "".join(value.split())
    refuse_if([
        *([] if text else [Refusal("value", "value_missing", _MISSING)]),
        *(reason.on("from_on") for reason in _day_reasons(by, from_on, None)),
    ])  # fmt: skip
    values = {"system": system, "value": text, "during": since(from_on) if from_on else EVER, **owner}
    if (known := made_before(Alias, id, values)) is not None:
        return known
    with audited(by=by, did="give_alias") as trail:
        alias = Alias(id=id, **values)
        create(trail, alias)
        trail.about(next(iter(owner.values())))
    return alias


def end_alias(*, by: Scope, alias: Alias | UUID, on: datetime.date, why: str = "") -> Alias:
    """Another system knows the record by this id no longer."""
    pk = alias.pk if isinstance(alias, Alias) else alias
    found = Alias.objects.filter(pk=pk).first()
    if found is None:
        raise refuse(None, "not_found", _NOT_FOUND)
    owner = _owner(by, found.woman_id, found.household_id, found.institution_id)
    refuse_if(_day_reasons(by, on, found.during.lower))
    with audited(by=by, did="end_alias", why=why) as trail:
        end(trail, found, on)
        trail.about(next(iter(owner.values())))
    return found


def _day_reasons(by: Scope, on: datetime.date | None, since_on: datetime.date | None) -> list[Refusal]:
    return rules.why_not_office_end(today=by.today, on=on, since=since_on or datetime.date.min) if on else []


def _owner(by: Scope, woman: Any, household: Any, institution: Any) -> dict[str, Any]:
    if woman is not None:
        return {"woman": woman_to_change(by, woman)}
    if household is not None:
        return {"household": household_to_change(by, household)}
    return {"institution": institution_to_change(by, institution)}
