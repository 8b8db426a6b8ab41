"""Institutions themselves: formed, corrected, and their status over time."""

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Min

from umeed.core.actions import refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.dated import between, since
from umeed.core.scope import Scope
from umeed.institutions import codes, rules
from umeed.institutions.actions.finding import (
    GROUPS,
    institution_to_change,
    not_stale,
    old_faults_told,
    place_to_enter,
)
from umeed.institutions.actions.joining import left
from umeed.institutions.actions.writing import change, create, end, made_before
from umeed.institutions.models import Federation, Institution, Membership, OfficeTerm, StatusTerm
from umeed.kernel.identity import mobile_number, pin_code
from umeed.kernel.names import spelling_key
from umeed.kernel.refusals import N_, Refusal, warning
from umeed.places.models import Kind as PlaceKind
from umeed.places.models import Place

SAID = frozenset(
    [
        "names_local",
        "formed_on",
        "origin",
        "revived_on",
        "coopted_on",
        "promoter",
        "promoter_name",
        "special",
        "is_model",
        "meeting_frequency",
        "meeting_day",
        "meeting_date",
        "meeting_time",
        "meeting_place",
        "saving_paise",
        "has_voluntary_saving",
        "bookkeeper_name",
        "bookkeeper_phone",
        "livelihoods",
        "address",
        "pin_code",
        "registration_act",
        "registration_number",
        "registered_on",
        "checked_on",
    ]
)
_FORMS_AT = {
    codes.Kind.SHG: {PlaceKind.VILLAGE, PlaceKind.HABITATION},
    codes.Kind.VO: {PlaceKind.VILLAGE, PlaceKind.HABITATION, PlaceKind.PANCHAYAT},
}
_WHICH_VILLAGE = N_("%(place)s is a %(kind)s. Choose the village.")
_ALIKE = N_("%(name)s, a name that sounds alike, is already there. Please make sure that it is not the same.")
_BEFORE_JOINING = N_("Somebody joined on %(day)s, before this formation date.")
_MEN_ARE_MEMBERS = N_(
    "%(count)s members are men, so the group stays one for disability, elderly or transgender persons."
)
_STARTS_FORMING = N_("A new group begins as forming. It becomes active when its members are entered.")


def form_group(
    *,
    by: Scope,
    id: UUID,
    kind: str,
    name: str,
    place: Place | int,
    formed_on: datetime.date,
    status: str = "",
    **said: Any,
) -> Institution:
    """Record an institution of any kind. A self-help group begins as forming, others as active.

    Raises Refused with every reason; the same call with the same id makes one institution.
    """
    where = place_to_enter(by, place, GROUPS)
    values = tidy({"name": name, "formed_on": formed_on, **said})
    if (known := made_before(Institution, id, {**values, "kind": kind, "place": where})) is not None:
        return known
    begins = status or (codes.Status.FORMING if kind == codes.Kind.SHG else codes.Status.ACTIVE)
    group = Institution(id=id, kind=kind, place=where, status=begins, **values)
    refuse_if([*reasons_about(by, group), *_first_status(kind, begins)])
    with audited(by=by, did="form_group") as trail:
        create(trail, group)
        create(trail, StatusTerm(institution=group, status=begins, during=since(formed_on)))
        trail.about(group)
    return group


def correct_group(
    *,
    by: Scope,
    group: Institution | UUID,
    revision: int | None = None,
    why: str = "",
    place: Place | int | None = None,
    **said: Any,
) -> Institution:
    """Change what is said about an institution (any of `SAID`, `name`, `place`). Raises Refused with every reason."""
    record = institution_to_change(by, group)
    not_stale(record, revision)
    values = tidy(said)
    if place is not None and (place.pk if isinstance(place, Place) else place) != record.place_id:
        values["place"] = place_to_enter(by, place, GROUPS)
    refuse_if(reasons_on_correcting(by, record, values))
    with audited(by=by, did="correct_group", why=why) as trail:
        formed_before = record.formed_on
        change(trail, record, **values)
        if record.formed_on != formed_before:
            _move_first_status(trail, record)
        trail.about(record)
    return record


def change_status(
    *, by: Scope, group: Institution | UUID, status: str, on: datetime.date, why: str, revision: int | None = None
) -> Institution:
    """Give an institution another status from a day on, with the reason.

    Closed, merged and split ones have no members, offices or federation any more from that day.
    """
    record = institution_to_change(by, group)
    not_stale(record, revision)
    now = StatusTerm.objects.filter(institution=record, during__endswith=None).first()
    refuse_if(why_not_change_status(by, record, status, on, why))
    with audited(by=by, did="change_status", why=why) as trail:
        if now is not None and now.during.lower == on:
            change(trail, now, status=status, why=why)
        else:
            if now is not None:
                end(trail, now, on)
            create(trail, StatusTerm(institution=record, status=status, why=why, during=since(on)))
        change(trail, record, status=status)
        if status in rules.ENDED:
            _end_everything(trail, record, on, why)
        trail.about(record)
    return record


def why_not_change_status(by: Scope, group: Institution, status: str, on: datetime.date, why: str) -> list[Refusal]:
    """Every reason, hard and soft, against another status from a day on."""
    now = StatusTerm.objects.filter(institution=group, during__endswith=None).first()
    count = Membership.objects.filter(institution=group).on(on).count() if group.kind == codes.Kind.SHG else None
    return rules.why_not_status(
        today=by.today, status=status, on=on, why=why, now=now.status if now else "",
        now_since=now.during.lower if now else group.formed_on, member_count=count,
    )  # fmt: skip


def reasons_about(by: Scope, group: Institution) -> list[Refusal]:
    """Every reason, hard and soft, about an institution as it would be, as far as what is said of it tells."""
    reasons = rules.why_not_group(
        today=by.today, kind=group.kind, name=group.name, formed_on=group.formed_on, origin=group.origin,
        revived_on=group.revived_on, coopted_on=group.coopted_on, meeting_date=group.meeting_date,
        saving_paise=group.saving_paise, bookkeeper_phone=group.bookkeeper_phone, pin=group.pin_code,
        bookkeeper_name=group.bookkeeper_name,
    )  # fmt: skip
    if group.place_id is None:
        return reasons
    place = group.place
    if (fits := _FORMS_AT.get(codes.Kind(group.kind))) and place.kind not in fits:
        values = {"place": place.name, "kind": place.get_kind_display()}
        reasons.append(Refusal("place", "not_a_village", _WHICH_VILLAGE, values))
    return [*reasons, *_sounds_alike(group)]


def reasons_on_correcting(by: Scope, group: Institution, values: Mapping[str, Any]) -> list[Refusal]:
    """Every reason about an institution as it would be after `values`, with those who are members already.

    What was wrong before and is not touched now is told and not refused.
    """
    kept = {name: getattr(group, name) for name in SAID | {"name", "kind", "place", "status"}}
    after = Institution(**kept | dict(values), pk=group.pk)
    reasons = old_faults_told(reasons_about(by, after), lambda: reasons_about(by, group), group, after)
    members = Membership.objects.filter(institution=group)
    first = members.aggregate(first=Min("during__startswith"))["first"]
    if first and after.formed_on and after.formed_on > first:
        values = {"day": first}
        reasons.append(Refusal("formed_on", "members_joined_before", _BEFORE_JOINING, values))
    if group.special in rules.MIXED and after.special not in rules.MIXED:
        men = members.on(by.today).filter(woman__gender=codes.Gender.MALE).count()
        if men:
            reasons.append(Refusal("special", "men_are_members", _MEN_ARE_MEMBERS, {"count": men}))
    return reasons


def _first_status(kind: str, status: str) -> list[Refusal]:
    if kind != codes.Kind.SHG or status == codes.Status.FORMING:
        return []
    return [Refusal("status", "starts_forming", _STARTS_FORMING)]


def _sounds_alike(group: Institution) -> list[Refusal]:
    """Another of the same kind in the village whose name sounds alike is told (docs/rules/README.md)."""
    key = spelling_key(group.name)
    if not key:
        return []
    twins = Institution.objects.filter(place=group.place_id, kind=group.kind, name_key=key).exclude(pk=group.pk)
    name = twins.exclude(status__in=rules.ENDED).values_list("name", flat=True).first()
    return [warning("name", "sounds_alike", _ALIKE, {"name": name})] if name else []


def _move_first_status(trail: Trail, group: Institution) -> None:
    """The first status begins with the formation, so it moves with a corrected formation date."""
    first = StatusTerm.objects.filter(institution=group).order_by("during").first()
    if first is not None and (first.during.upper is None or first.during.upper > group.formed_on):
        change(trail, first, during=between(group.formed_on, first.during.upper))


def _end_everything(trail: Trail, group: Institution, on: datetime.date, why: str) -> None:
    for tie in Membership.objects.filter(institution=group, during__endswith=None):
        left(trail, tie, max(on, tie.during.lower + datetime.timedelta(days=1)), codes.LeaveReason.OTHER, why[:240])
    for term in OfficeTerm.objects.filter(institution=group, during__endswith=None):
        end(trail, term, on)
    for tie in Federation.objects.filter(member=group, during__endswith=None):
        end(trail, tie, on)


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Names without stray blanks, the bookkeeper's phone and the PIN code as bare digits. TypeError for a stranger."""
    if strangers := set(values) - SAID - {"name"}:
        raise TypeError(f"not something said about an institution: {', '.join(sorted(strangers))}")
    clean = {key: " ".join(value.split()) if isinstance(value, str) else value for key, value in values.items()}
    for key, read in (("bookkeeper_phone", mobile_number), ("pin_code", pin_code)):
        if clean.get(key) and not isinstance(found := read(clean[key]), Refusal):
            clean[key] = found
    return clean
