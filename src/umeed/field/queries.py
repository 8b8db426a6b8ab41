"""What an officer sees of phones and of what they sent: within her own places only."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from umeed.access import records
from umeed.access.capabilities import ROLES
from umeed.access.models import Posting, User
from umeed.access.queries import postings_in_reach
from umeed.books.ledger.others import above
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.field.models import Command, Device
from umeed.institutions.models import Institution
from umeed.places.models import Within

MANAGE = "devices.manage"
# Roles that keep books of groups, and so may have a phone.
KEEPERS = [key for key, role in ROLES.items() if "books.keep" in role.capabilities]
# A phone of a village without a network comes to one within two weeks; after that somebody asks.
SILENT_DAYS = 14
# What waits for another command usually goes on within the day.
WAITS_LONG = datetime.timedelta(days=1)
CLOCK_GOOD = datetime.timedelta(hours=1)


def people_to_enrol(scope: Scope) -> QuerySet[User]:
    """People who keep books today where the scope looks after phones."""
    hers = _postings(scope).on(scope.today)  # type: ignore[attr-defined]
    return User.objects.filter(pk__in=hers.values("user"), is_active=True)


def _postings(scope: Scope) -> QuerySet[Posting]:
    return postings_in_reach(scope, MANAGE).filter(role__in=KEEPERS)


def phones(scope: Scope, capability: str = MANAGE) -> QuerySet[Device]:
    """Phones of people who keep, or kept, books where the scope looks after phones. A phone whose bookkeeper has gone
    elsewhere is still looked after by those who enrolled her."""
    hers = postings_in_reach(scope, capability).filter(role__in=KEEPERS, user=OuterRef("owner"))
    return Device.objects.filter(Exists(hers)).select_related("owner")


def silent(rows: QuerySet[Device]) -> QuerySet[Device]:
    """Those in use that have not been heard of for two weeks."""
    since = timezone.now() - datetime.timedelta(days=SILENT_DAYS)
    never = Q(last_synced_at=None, enrolled_at__lt=since)
    return rows.filter(Q(last_synced_at__lt=since) | never, ended_at=None)


def commands(scope: Scope) -> QuerySet[Command]:
    """What phones sent of groups where the scope looks after phones."""
    return Command.objects.seen_by(scope, MANAGE)


def inbox(scope: Scope, state: str) -> QuerySet[Command]:
    """What lies in a part of the inbox, the oldest first: held, conflict, refused, waits. What was mended and sent
    anew, or settled in the books, lies there no more."""
    rows = commands(scope).filter(state=state).select_related("owner").order_by("pk")
    if state == "conflict":
        return rows.filter(Q(clash=None) | Q(clash__settled=""))
    if state == "waits":
        return rows.filter(received_at__lt=timezone.now() - WAITS_LONG)
    return rows


def counts(scope: Scope) -> dict[str, int]:
    """{state: how many} of what lies in the inbox. One question."""
    late = timezone.now() - WAITS_LONG
    rows = commands(scope).filter(state__in=("held", "conflict", "refused", "waits"))
    rows = rows.exclude(state="waits", received_at__gte=late).exclude(Q(clash__isnull=False) & ~Q(clash__settled=""))
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def without_officer(groups: Collection[UUID], today: datetime.date) -> set[UUID]:
    """Groups in whose block no officer can sign in (or that lie in none): the district or the mission decides. Two
    questions. Who is posted elsewhere no single officer sees, only that there is nobody."""
    with as_system():
        at = dict(Institution.objects.filter(pk__in=groups).order_by().values_list("pk", "place_id"))
        held = Posting.objects.on(today).filter(role="block_officer", user__is_active=True).values("place")
        rows = Within.objects.on(today).filter(below__in=set(at.values()), above__in=held)
        looked_after = set(rows.values_list("below_id", flat=True))
    return {group for group, place in at.items() if place not in looked_after}


def kept_until(row: Command, today: datetime.date) -> datetime.date | None:
    """The last day on which its writer was posted to keep the book of its group; None while she is, or if never."""
    with as_system():
        place = Institution.objects.filter(pk=row.group).values_list("place", flat=True).first()
        lies_in = Within.objects.on(today).filter(below=place).values("above_id")
        at = Q(place__in=lies_in) | Q(institution_id__in=[row.group, *above(row.group, today)])
        hers = Posting.objects.filter(at, user=row.owner_id, role__in=KEEPERS)
        ends = [during.upper for during in hers.values_list("during", flat=True)]
    if not ends or any(end is None or end > today for end in ends):
        return None
    last: datetime.date = max(ends) - datetime.timedelta(days=1)
    return last


@dataclass(frozen=True)
class PhoneRow:
    """A phone in the list: where its bookkeeper keeps books today, what it told of itself. `clock_off` is how far its
    clock was ahead (less than nothing: behind) when it spoke last, None where it was right."""

    device: Device
    keeps_at: tuple[str, ...]
    state: str
    held: int
    clock_off: datetime.timedelta | None = None


def rows_of(scope: Scope, devices: Iterable[Device]) -> list[PhoneRow]:
    """Three questions, however many phones. `state` is active, silent, new (no word yet), forgets, told (to forget),
    ended or left (she signed out on it)."""
    devices = list(devices)
    at = places_of_work(scope, {device.owner_id for device in devices})
    held = commands(scope).filter(device__in=devices, state="held").order_by().values_list("device")
    waiting = dict(held.annotate(Count("pk")))
    return [
        PhoneRow(one, at.get(one.owner_id, ()), state_of(one), waiting.get(one.pk, 0), clock_off(one))
        for one in devices
    ]


def has_left(device: Device) -> bool:
    """Whether its bookkeeper signed out on it herself. (That she enrolled it anew ended the older one, too.)"""
    return device.ended_at is not None and device.ended_by == str(device.owner_id) and device.replaced_by_id is None


def state_of(device: Device) -> str:
    if device.ended_at is not None:
        return "left" if has_left(device) else "ended"
    if device.wipe_asked_at is not None:
        return "told" if device.wipe_told_at is not None else "forgets"
    if device.last_synced_at is None:
        return "new"
    silent_for = timezone.now() - device.last_synced_at
    return "silent" if silent_for > datetime.timedelta(days=SILENT_DAYS) else "active"


def clock_off(device: Device) -> datetime.timedelta | None:
    """How far its clock was off when it spoke last, where that is more than a message takes: days of meetings and what
    was written before what are hers to see by it."""
    try:
        said = datetime.datetime.fromisoformat(device.told_clock)
    except ValueError:
        return None
    if device.last_synced_at is None or said.tzinfo is None:
        return None
    off = said - device.last_synced_at
    return off if abs(off) > CLOCK_GOOD else None


def places_of_work(scope: Scope, owners: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """{person: the groups, VOs, CLFs and places where she keeps books today}, as far as the scope reaches."""
    hers = list(_postings(scope).on(scope.today).filter(user__in=owners).select_related("place"))  # type: ignore[attr-defined]
    facts = records.institution_facts({one.institution_id for one in hers if one.institution_id})
    found: dict[Any, list[str]] = {}
    for one in hers:
        name = facts[one.institution_id].name if one.institution_id in facts else one.place and one.place.called
        if name:
            found.setdefault(one.user_id, []).append(name)
    return {owner: tuple(sorted(names)) for owner, names in found.items()}
