"""Who can see a record, and why: every posting that reaches it, today or lately, with the reason as a sentence."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from umeed.access import records
from umeed.access.capabilities import CAPABILITIES, ROLES
from umeed.access.models import Posting
from umeed.access.queries import role_name
from umeed.core.scope import Scope
from umeed.places.models import Place, Within

ENDED_LATELY = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Seer:
    """Somebody who can see a record, or could lately. `why` is the whole reason in a sentence."""

    user_id: UUID
    name: str
    role: str
    role_name: str
    why: str
    since: datetime.date
    last_day: datetime.date | None
    ended: bool
    also_sees: tuple[str, ...]


def who_can_see(
    scope: Scope,
    *,
    capability: str,
    place_id: int | None,
    institution_ids: Collection[UUID],
    sensitive: Collection[str] = (),
) -> list[Seer]:
    """Everybody whose posting shows a record lying there, today or within the last 90 days, nearest roles first.

    `institution_ids`: the institutions whose postings reach the record. Five SQL queries.
    """
    above = dict(Within.objects.on(scope.today).filter(below=place_id).values_list("above_id", "above__name"))
    roles = [role.key for role in ROLES.values() if capability in role.capabilities]
    seen_from = scope.today - ENDED_LATELY
    postings = list(
        Posting.objects.filter(role__in=roles, during__overlap=_days(seen_from, scope.today))
        .filter(Q(place__in=above) | Q(institution_id__in=institution_ids))
        .select_related("user", "place")
    )
    facts = records.institution_facts({posting.institution_id for posting in postings if posting.institution_id})
    village = place.called if (place := Place.objects.filter(pk=place_id).first()) else ""
    seers = [_seer(scope, posting, village, place_id, facts, sensitive) for posting in postings]
    order = list(ROLES)
    return sorted(seers, key=lambda seer: (seer.ended, order.index(seer.role), seer.name))


def _days(first: datetime.date, last: datetime.date) -> tuple[datetime.date, datetime.date]:
    return (first, last + datetime.timedelta(days=1))


def _seer(
    scope: Scope,
    posting: Posting,
    village: str,
    place_id: int | None,
    facts: Mapping[UUID, records.InstitutionFacts],
    sensitive: Collection[str],
) -> Seer:
    upper = posting.during.upper
    ended = (upper is not None and upper <= scope.today) or not posting.user.is_active
    return Seer(
        posting.user_id, str(posting.user), posting.role, role_name(posting.role),
        _why(posting, village, place_id, facts),
        posting.during.lower, upper and upper - datetime.timedelta(days=1), ended,
        tuple(str(CAPABILITIES[key]) for key in sensitive if key in ROLES[posting.role].capabilities),
    )  # fmt: skip


def _why(posting: Posting, village: str, place_id: int | None, facts: Mapping[UUID, records.InstitutionFacts]) -> str:
    """The reason as one sentence, so that it can be translated whole."""
    said: dict[str, Any] = {"role": role_name(posting.role), "village": village}
    if posting.institution_id:
        known = facts.get(posting.institution_id)
        if known is None:
            return _("%(role)s of an institution to which this record belongs") % said
        return _("%(role)s of %(institution)s, to which this record belongs") % {**said, "institution": known.name}
    said["place"] = posting.place.called
    if posting.place_id == place_id:
        return _("%(role)s at %(place)s, where this record lies") % said
    return _("%(role)s at %(place)s, in which %(village)s lies") % said
