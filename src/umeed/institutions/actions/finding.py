"""Finds what an action is about, within the scope of the person acting, and locks it for the length of the action."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import models

from umeed.core.actions import Refused
from umeed.core.models import Record
from umeed.core.scope import Scope
from umeed.institutions.models import (
    BankAccount,
    Household,
    Institution,
    Membership,
    OfficeTerm,
    Woman,
    reached,
)
from umeed.kernel.refusals import N_, Refusal, hard
from umeed.places.models import Kind as PlaceKind
from umeed.places.models import Place, Within

WOMEN, GROUPS = "women.change", "institutions.change"
NO_WOMAN = N_("This woman is not among those whose record you may change.")
NO_INSTITUTION = N_("This institution is not among those you may change.")
NO_HOUSEHOLD = N_("This household is not among those you may change.")
NO_PLACE = N_("This village is not among those in which you may enter records.")
NO_TERM = N_("This entry is not among those you may change.")
MERGED = N_("This record was merged into another; use that one.")
STALE = N_("Somebody changed this since you opened it. Open it again.")


def refuse(field: str | None, code: str, text: str, **values: object) -> Refused:
    """One reason, ready to be raised."""
    return Refused([Refusal(field, code, text, values)])


def _locked(rows: models.QuerySet[Any], record: Any, scope: Scope, capability: str, missing: Refused) -> Any:
    pk = record.pk if isinstance(record, models.Model) else record
    # Two steps: the scope's subqueries decide, the lock is taken on one row by its key. Its key stays: who only refers
    # to it, as a meeting does to its women, does not wait for it, perhaps with the end of the audit chain in hand.
    if not rows.filter(pk=pk).seen_by(scope, capability).exists():  # type: ignore[attr-defined]
        raise missing
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def woman_to_change(by: Scope, woman: Woman | UUID, *, field: str | None = None) -> Woman:
    """A woman in scope, locked. A record merged into another rests as it was: nothing is added to it or corrected."""
    found: Woman = _locked(Woman.objects.all(), woman, by, WOMEN, refuse(field, "not_found", NO_WOMAN))
    if found.merged_into_id is not None:
        raise refuse(field, "record_merged", MERGED)
    return found


def institution_to_change(
    by: Scope, institution: Institution | UUID, *, capability: str = GROUPS, field: str | None = None
) -> Institution:
    return _locked(Institution.objects.all(), institution, by, capability, refuse(field, "not_found", NO_INSTITUTION))


def household_to_change(by: Scope, household: Household | UUID, *, field: str | None = "household") -> Household:
    return _locked(Household.objects.all(), household, by, WOMEN, refuse(field, "not_found", NO_HOUSEHOLD))


def membership_to_change(by: Scope, membership: Membership | UUID) -> Membership:
    return _locked(Membership.objects.all(), membership, by, WOMEN, refuse(None, "not_found", NO_TERM))


def term_to_change(by: Scope, term: OfficeTerm | BankAccount | Any, *, of: type[models.Model]) -> Any:
    """An office term, account, federation … of an institution in scope, locked."""
    pk = term.pk if isinstance(term, models.Model) else term
    found = of._default_manager.filter(pk=pk).first()
    if found is None:
        raise refuse(None, "not_found", NO_TERM)
    institution_to_change(by, getattr(found, "institution_id", None) or found.member_id)  # type: ignore[attr-defined]
    return of._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)


def place_to_enter(by: Scope, place: Place | int, capability: str, *, field: str = "place") -> Place:
    """A place where the capability holds: by a posting there, or because an institution in reach lies there."""
    pk = place.pk if isinstance(place, Place) else place
    found = Place.objects.filter(pk=pk).seen_by(by, capability).first()
    if found is None:
        at_hand = Institution.objects.filter(pk__in=reached(by, capability), place=pk)
        found = Place.objects.filter(pk=pk).first() if at_hand.exists() else None
    if found is None:
        raise refuse(field, "not_found", NO_PLACE)
    return found


def not_stale(record: Record, revision: int | None) -> None:
    """Raise Refused when the person acted on an older state of the record than there is."""
    if revision is not None and revision != record.revision:
        raise refuse("revision", "stale", STALE)


def old_faults_told(
    reasons: list[Refusal], before: Callable[[], Iterable[Refusal]], record: Record, after: Record
) -> list[Refusal]:
    """The reasons about a record as it would be; what was wrong `before` and is not touched is told, not refused."""
    if not hard(reasons):
        return reasons
    known = {(reason.code, reason.field) for reason in before()}

    def is_old(reason: Refusal) -> bool:
        field = reason.field or ""
        return (reason.code, reason.field) in known and getattr(after, field, None) == getattr(record, field, None)

    return [reason.as_warning() if is_old(reason) else reason for reason in reasons]


def panchayat_name(place_id: int, day: datetime.date) -> str:
    """The panchayat in which a place lay on a day; '' when it lies in none that is known."""
    above = Within.objects.on(day).filter(below=place_id, above__kind=PlaceKind.PANCHAYAT)
    return above.values_list("above__name", flat=True).first() or ""


def names_seen(by: Scope, institutions: Iterable[UUID]) -> dict[UUID, str]:
    """{institution: name} of those the person may see; the others stay nameless in what she is told."""
    rows = Institution.objects.filter(pk__in=list(institutions)).seen_by(by, "institutions.see")
    return dict(rows.values_list("pk", "name"))
