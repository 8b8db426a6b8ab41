"""What a person does in a group for a time: joining, leaving, holding an office (docs/rules/README.md)."""

import datetime
from collections.abc import Sequence

from umeed.institutions.rules.days import not_before_formation, not_before_start, not_in_future
from umeed.institutions.rules.groups import size_reasons, why_not_add, why_not_member
from umeed.institutions.rules.people import age_reasons
from umeed.kernel.refusals import N_, Refusal, warning

_DEAD = N_("She died on %(day)s.")
_MERGED = N_("This record was merged into another; use that one.")
_FAMILY = N_("Of her household %(names)s is already in this group. One member a family is usual.")
_LEAVE_REASON = N_("Say why she leaves.")
_HOLDS_OFFICE = N_("She is %(office)s of the group; the office ends on the same day. Elect somebody else.")
_NOT_A_MEMBER = N_("She is not a member of the group on %(day)s, so she cannot hold an office.")
_OFFICE_TAKEN = N_("%(name)s is %(office)s since %(day)s. End that term first.")
_HAS_OFFICE = N_("She is already %(office)s since %(day)s. One person holds one office.")


def why_not_join(
    *,
    today: datetime.date,
    joined_on: datetime.date,
    formed_on: datetime.date,
    group_kind: str,
    group_status: str,
    group_status_name: str,
    group_special: str,
    members_after: int,
    gender: str,
    born_on: datetime.date | None,
    born_year: int | None,
    died_on: datetime.date | None = None,
    is_merged: bool = False,
    family: Sequence[str] = (),
) -> list[Refusal]:
    """Whether a person may become a member (docs/rules/README.md, “joining”): every reason at once."""
    reasons = not_in_future(joined_on, today, "joined_on") + not_before_formation(joined_on, formed_on, "joined_on")
    reasons += why_not_add(status=group_status, status_name=group_status_name)
    if group_kind == "shg":
        reasons += age_reasons(born_on, born_year, joined_on)
        reasons += why_not_member(gender=gender, special=group_special)
        # Joining can only make a group too large; that it is still small is not a reason against one more.
        reasons += [
            reason
            for reason in size_reasons(members_after, status=group_status, on=joined_on)
            if reason.code == "too_many_members"
        ]
        reasons += family_in_group(family)
    if died_on:
        reasons.append(Refusal(None, "she_died", _DEAD, {"day": died_on}))
    if is_merged:
        reasons.append(Refusal(None, "record_merged", _MERGED))
    return reasons


def family_in_group(names: Sequence[str]) -> list[Refusal]:
    """Several members of one family in one group are told, not refused (as Uttar Pradesh SRLM's platform asks)."""
    if not names:
        return []
    return [warning(None, "family_in_group", _FAMILY, {"names": list(names)})]


def why_not_leave(
    *,
    today: datetime.date,
    left_on: datetime.date,
    joined_on: datetime.date,
    reason: str,
    members_after: int,
    group_status: str,
    office_name: str = "",
) -> list[Refusal]:
    """Leaving is dated and has a reason; it is never refused because the group gets small, but that is told."""
    # Who is a member today for the last time is none from tomorrow.
    reasons = not_in_future(left_on, today, "left_on") if left_on > today + datetime.timedelta(days=1) else []
    reasons += not_before_start(left_on, joined_on + datetime.timedelta(days=1), "left_on")
    if not reason:
        reasons.append(Refusal("leave_reason", "leave_reason_missing", _LEAVE_REASON))
    reasons += [
        small.as_warning()
        for small in size_reasons(members_after, status=group_status, on=left_on)
        if small.code == "too_few_members"
    ]
    if office_name:
        reasons.append(warning(None, "office_ends", _HOLDS_OFFICE, {"office": office_name}))
    return reasons


def why_not_office(
    *,
    today: datetime.date,
    on: datetime.date,
    formed_on: datetime.date,
    is_member: bool,
    needs_membership: bool,
    office_name: str,
    holder: tuple[str, datetime.date] | None,
    hers: tuple[str, datetime.date] | None,
) -> list[Refusal]:
    """One person an office, one office a person, members only (docs/rules/README.md, “an office”).

    `holder` (name, since) holds the office now; `hers` (office, since) is what she holds now.
    `needs_membership` is False for a bookkeeper, who may come from outside.
    """
    reasons = not_in_future(on, today, "on") + not_before_formation(on, formed_on, "on")
    if needs_membership and not is_member:
        reasons.append(Refusal("woman", "not_a_member", _NOT_A_MEMBER, {"day": on}))
    if holder:
        values = {"name": holder[0], "office": office_name, "day": holder[1]}
        reasons.append(Refusal("office", "office_taken", _OFFICE_TAKEN, values))
    if hers:
        reasons.append(Refusal("woman", "has_office", _HAS_OFFICE, {"office": hers[0], "day": hers[1]}))
    return reasons


def why_not_office_end(*, today: datetime.date, on: datetime.date, since: datetime.date) -> list[Refusal]:
    return not_in_future(on, today, "on") + not_before_start(on, since, "on")
