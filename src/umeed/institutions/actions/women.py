"""A woman's own record: enrolled, corrected, identified, moved to another household or village."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.seal import one_way
from umeed.institutions import rules
from umeed.institutions.actions.alike import sounds_differ, women_alike
from umeed.institutions.actions.finding import (
    WOMEN,
    household_to_change,
    institution_to_change,
    not_stale,
    old_faults_told,
    place_to_enter,
    woman_to_change,
)
from umeed.institutions.actions.joining import joined, why_not_join_group
from umeed.institutions.actions.writing import change, create, made_before
from umeed.institutions.models import Consent, Household, Institution, Membership, Woman
from umeed.kernel.identity import account_number, digits_of, ifsc_code, last_four, mobile_number, pin_code
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import N_, Refusal
from umeed.places.models import Place

IDENTITY = "woman.identity"
# What may be said about a woman besides her name and village; place, household and identity have actions of their own.
SAID = frozenset(
    [
        "names_local",
        "belonging_name",
        "belonging_names_local",
        "relation",
        "born_on",
        "born_year",
        "gender",
        "social_category",
        "religion",
        "is_pvtg",
        "disability",
        "disability_kind",
        "guardian_name",
        "marital",
        "is_household_head",
        "education",
        "reads",
        "phone",
        "phone_owner",
        "has_smartphone",
        "account_number",
        "account_name",
        "ifsc",
        "account_opened_on",
        "is_account_seeded",
        "livelihoods",
        "nominee_name",
        "nominee_relation",
        "is_insured",
        "address",
        "pin_code",
        "died_on",
        "checked_on",
    ]
)
_READ_AS: Mapping[str, Callable[[object], str | Refusal]] = {
    "phone": mobile_number, "account_number": account_number, "ifsc": ifsc_code, "pin_code": pin_code,
}  # fmt: skip
_GROUP_FIRST = N_("Say which of your groups she joins; you enter women only as members of your groups.")
_PLACE_OF_HOUSEHOLD = N_("The household lies in another village than the one given.")
_BIRTH_AND_JOINING = N_("With this date of birth she was %(age)s on joining; a member is at least 18.")


def enrol_woman(
    *,
    by: Scope,
    id: UUID,
    name: str,
    place: Place | int,
    household: Household | UUID | None = None,
    new_household: Mapping[str, Any] | None = None,
    group: Institution | UUID | None = None,
    joined_on: datetime.date | None = None,
    membership_id: UUID | None = None,
    **said: Any,
) -> Woman:
    """Record a woman, in a household (known, or made of `new_household`: head_name, house, poverty) and a group.

    A person posted at an institution enters women only together with their membership. Raises Refused with every
    reason; the same call with the same id makes one woman.
    """
    values = tidy({"name": name, **said})
    where = place_to_enter(by, place, WOMEN)
    if (known := made_before(Woman, id, {**values, "place": where})) is not None:
        return known
    joins = institution_to_change(by, group, capability=WOMEN, field="group") if group else None
    home = household_to_change(by, household) if household else None
    woman = Woman(id=id, place=where, **values)
    refuse_if([
        *_reasons(by, woman), *_where_reasons(by, where, home, joins), *_joining(by, woman, joins, joined_on),
        *reasons_about_household(by, new_household or {}),
    ])  # fmt: skip
    with audited(by=by, did="enrol_woman") as trail:
        # Row security lets a bookkeeper see a woman through her membership, so that stands before the woman herself.
        if joins is not None:
            joined(trail, membership_id or new_id(), woman, joins, joined_on or by.today)
        made = Household(place=where, **_household(new_household)) if new_household is not None and not home else home
        woman.household = made
        create(trail, woman)
        if made is not None and home is None:
            create(trail, made)
        trail.about(woman)
    return woman


def correct_woman(*, by: Scope, woman: Woman | UUID, revision: int | None = None, why: str = "", **said: Any) -> Woman:
    """Change what is said about a woman (any of `SAID` and `name`). Raises Refused with every reason."""
    record = woman_to_change(by, woman)
    not_stale(record, revision)
    values = tidy(said)
    refuse_if(reasons_on_correcting(by, record, said))
    with audited(by=by, did="correct_woman", why=why) as trail:
        change(trail, record, **values)
        trail.about(record)
    return record


def identify_woman(*, by: Scope, woman: Woman | UUID, aadhaar: str, revision: int | None = None) -> Woman:
    """Keep a keyed hash and the last four digits of her Aadhaar number; the number itself is never stored."""
    record = woman_to_change(by, woman)
    not_stale(record, revision)
    agreed = Consent.objects.filter(woman=record, purpose="identity", withdrawn_on__isnull=True).exists()
    refuse_if(rules.why_not_identity(aadhaar, has_consent=agreed))
    with audited(by=by, did="identify_woman") as trail:
        change(trail, record, identity_hash=one_way(digits_of(aadhaar), IDENTITY), identity_last4=last_four(aadhaar))
        trail.about(record)
    return record


def move_household(
    *,
    by: Scope,
    woman: Woman | UUID,
    household: Household | UUID | None = None,
    place: Place | int | None = None,
    new_household: Mapping[str, Any] | None = None,
    revision: int | None = None,
    why: str = "",
) -> Woman:
    """Put a woman into another household (and its village), into a new one in `place`, or into none in `place`."""
    record = woman_to_change(by, woman)
    not_stale(record, revision)
    home = household_to_change(by, household) if household else None
    refuse_if(reasons_about_household(by, new_household or {}))
    where = home.place if home else place_to_enter(by, place if place is not None else record.place_id, WOMEN)
    with audited(by=by, did="move_household", why=why) as trail:
        if home is None and new_household is not None:
            home = Household(place=where, **_household(new_household))
            change(trail, record, household=home, place=where)
            create(trail, home)
        else:
            change(trail, record, household=home, place=where)
        trail.about(record)
    return record


def correct_household(
    *, by: Scope, household: Household | UUID, revision: int | None = None, why: str = "", **said: Any
) -> Household:
    """Change what is said about a household (head_name, house, poverty), for everybody who lives in it."""
    record = household_to_change(by, household)
    not_stale(record, revision)
    values = {key: " ".join(str(value or "").split()) for key, value in _said_of_household(said).items()}
    if values.get("head_name", record.head_name) != record.head_name:
        refuse_if(reasons_about_household(by, values))
    with audited(by=by, did="correct_household", why=why) as trail:
        change(trail, record, **values)
        trail.about(record)
    return record


def reasons_on_enrolling(by: Scope, **values: Any) -> list[Refusal]:
    """Every reason, hard and soft, that `enrol_woman` would weigh about the woman herself: for the form's warnings."""
    known = {key: value for key, value in tidy(values).items() if key in SAID | {"name"}}
    return _reasons(by, Woman(**known))


def reasons_about_household(by: Scope, values: Mapping[str, Any]) -> list[Refusal]:
    """Every reason about what is said of a household."""
    return rules.why_not_person(values.get("head_name") or "", field="head_name", on=by.today)


def twins_on_enrolling(by: Scope, place: Place | None, group: Institution | None, **values: Any) -> list[Refusal]:
    """Women in sight who may be the one that is entered, to be looked at before she is there twice."""
    if place is None and group is None:
        return []
    woman = Woman(place=place or (group.place if group else None), **tidy(values))
    return women_alike(by, woman, [group.pk] if group else [])


def twins_on_correcting(by: Scope, woman: Woman, values: Mapping[str, Any]) -> list[Refusal]:
    """The same for a woman who is called otherwise than before."""
    kept = {name: getattr(woman, name) for name in SAID | {"name"}}
    after = Woman(**kept | tidy(values), pk=woman.pk, place_id=woman.place_id)
    if not sounds_differ(woman, after):
        return []
    hers = Membership.objects.filter(woman=woman.pk, during__endswith=None).values("institution")
    return women_alike(by, after, hers)


def reasons_on_correcting(by: Scope, woman: Woman, values: Mapping[str, Any]) -> list[Refusal]:
    """Every reason about a woman as she would be after `values`, including her age on the days she joined.

    What was wrong before and is not touched now is told and not refused: an old fault elsewhere in the record must not
    keep a phone number from being corrected.
    """
    kept = {name: getattr(woman, name) for name in SAID | {"name"}}
    after = Woman(**kept | tidy(values), pk=woman.pk)
    reasons = old_faults_told(_reasons(by, after), lambda: _reasons(by, woman), woman, after)
    if {"born_on", "born_year"} & set(values):
        starts = woman.memberships.filter(kind="shg").values_list("during", flat=True)
        reasons += _too_young(after, [during.lower for during in starts if during.lower])
    return reasons


def _too_young(woman: Woman, days: list[datetime.date]) -> list[Refusal]:
    ages = [rules.age_on(woman.born_on, woman.born_year, day) for day in days]
    young = [age for age in ages if age is not None and age < 18]
    return [Refusal("born_on", "too_young", _BIRTH_AND_JOINING, {"age": min(young)})] if young else []


def _reasons(by: Scope, woman: Woman) -> list[Refusal]:
    reasons = rules.why_not_woman(
        today=by.today, name=woman.name, belonging_name=woman.belonging_name, born_on=woman.born_on,
        born_year=woman.born_year, died_on=woman.died_on, phone=woman.phone, pin=woman.pin_code,
        disability=woman.disability, guardian_name=woman.guardian_name, nominee_name=woman.nominee_name,
        nominee_relation=woman.nominee_relation, livelihoods=woman.livelihoods,
    )  # fmt: skip
    reasons += rules.her_account(woman.account_number, woman.ifsc)
    if woman.phone:
        others = Woman.objects.filter(phone=woman.phone, merged_into__isnull=True).exclude(pk=woman.pk)
        reasons += rules.shared_phone(others.count(), on=by.today)
    return reasons


def _where_reasons(by: Scope, where: Place, home: Household | None, joins: Institution | None) -> list[Refusal]:
    reasons = []
    if home is not None and home.place_id != where.pk:
        reasons.append(Refusal("household", "household_elsewhere", _PLACE_OF_HOUSEHOLD))
    if joins is None and not by.is_system and not by.place_roots(WOMEN):
        reasons.append(Refusal("group", "group_first", _GROUP_FIRST))
    return reasons


def _joining(by: Scope, woman: Woman, group: Institution | None, on: datetime.date | None) -> list[Refusal]:
    return why_not_join_group(by, woman, group, on or by.today) if group else []


def tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Names without stray blanks, phone, account and PIN as bare digits, IFSC in capitals. TypeError for a stranger."""
    if strangers := set(values) - SAID - {"name"}:
        raise TypeError(f"not something said about a woman: {', '.join(sorted(strangers))}")
    clean = {key: " ".join(value.split()) if isinstance(value, str) else value for key, value in values.items()}
    for key, read in _READ_AS.items():
        if clean.get(key) and not isinstance(found := read(clean[key]), Refusal):
            clean[key] = found
    if clean.get("born_on"):
        clean["born_year"] = clean.get("born_year") or clean["born_on"].year
    return clean


def _household(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"id": new_id(), **_said_of_household(values or {})}


def _said_of_household(values: Mapping[str, Any]) -> Mapping[str, Any]:
    if strangers := set(values) - {"head_name", "house", "poverty"}:
        raise TypeError(f"not something said about a household: {', '.join(sorted(strangers))}")
    return values
