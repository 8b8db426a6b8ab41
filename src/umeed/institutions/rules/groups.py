"""What an institution is: size, dates, kinds, status and who is federated to whom (docs/rules/README.md)."""

import datetime

from umeed.institutions.norms import norm, norm_day
from umeed.institutions.rules.days import not_before_formation, not_before_start, not_in_future
from umeed.institutions.rules.people import why_not_name, why_not_person
from umeed.kernel.identity import mobile_number, pin_code
from umeed.kernel.refusals import N_, Refusal, in_number, warning

_TOO_MANY = N_("A group has at most %(most)s members; this one would have %(count)s.")
_TOO_FEW = N_("An active group has at least %(least)s members; this one has %(count)s.")
_FEW = N_("Groups usually have %(usual)s members or more; this one has %(count)s.")
_BEFORE_PROGRAMME = N_(
    "A newly formed group dated %(day)s is older than the programme, which began on %(began)s. "
    "Was it revived or brought in?"
)
_REVIVAL = N_("Give the date on which the group was revived.")
_NOT_REVIVED = N_("A revival date is given, but the group is not marked as revived.")
_COOPTED = N_("Give the date on which the group was brought in.")
_MEETING_DATE = N_("A meeting date in the month is a number from 1 to 31.")
_SAVING = N_("The compulsory saving is an amount above zero.")
_MAN = N_("A man can be a member only of a group marked for persons with disability, elderly or transgender persons.")
_ENDED = N_("The group is %(status)s; nothing can be added to it.")
_KIND_ORDER = N_("A VO holds self-help groups and a CLF holds VOs; this cannot be federated there.")
_OTHER_PANCHAYAT = N_(
    "The VO lies in %(above)s and the group in %(member)s. Give the reason why it joins a VO of another panchayat."
)
_YOUNG_VO_ONE = N_("The VO was one month old on %(day)s; a VO usually joins a CLF after %(least)s months.")
_YOUNG_VO = N_("The VO was %(months)s months old on %(day)s; a VO usually joins a CLF after %(least)s months.")
_SAME_STATUS = N_("The status is already this one since %(day)s.")
_STATUS_REASON = N_("Say why the status changes.")

MIXED = frozenset({"disability", "elderly", "transgender"})
ENDED = frozenset({"closed", "merged", "split"})
FEDERATES = {"vo": frozenset({"shg"}), "clf": frozenset({"vo"})}


def size_reasons(count: int, *, status: str, on: datetime.date, field: str | None = None) -> list[Refusal]:
    """5 to 20 members is hard, under 10 is told; a forming group may be smaller (RBI on DAY-NRLM)."""
    least, usual, most = (norm(f"shg.members.{key}", on=on) for key in ("min", "usual_min", "max"))
    if count > most:
        return [Refusal(field, "too_many_members", _TOO_MANY, {"most": most, "count": count})]
    if status == "forming" or status in ENDED:
        return []
    if count < least:
        return [Refusal(field, "too_few_members", _TOO_FEW, {"least": least, "count": count})]
    if count < usual:
        return [warning(field, "few_members", _FEW, {"usual": usual, "count": count})]
    return []


def why_not_group(
    *,
    today: datetime.date,
    kind: str,
    name: str,
    formed_on: datetime.date | None,
    origin: str = "",
    revived_on: datetime.date | None = None,
    coopted_on: datetime.date | None = None,
    meeting_date: int | None = None,
    saving_paise: int | None = None,
    bookkeeper_name: str = "",
    bookkeeper_phone: str = "",
    pin: str = "",
) -> list[Refusal]:
    """Whether what is said about an institution can be so (docs/rules/README.md, “an institution”).

    Without `formed_on` (it could not be read) what hangs on that day is not judged.
    """
    reasons = why_not_name(name, on=today, digits_allowed=True)
    reasons += not_in_future(formed_on, today, "formed_on") if formed_on else []
    began = norm_day("programme.began", on=today)
    if kind == "shg" and origin == "new" and formed_on and formed_on < began:
        values = {"day": formed_on, "began": began}
        reasons.append(warning("formed_on", "before_programme", _BEFORE_PROGRAMME, values))
    reasons += _origin_dates(today, formed_on, origin, revived_on, coopted_on)
    if meeting_date is not None and not 1 <= meeting_date <= 31:
        reasons.append(Refusal("meeting_date", "meeting_date", _MEETING_DATE))
    if saving_paise is not None and saving_paise <= 0:
        reasons.append(Refusal("saving_paise", "saving_amount", _SAVING))
    reasons += why_not_person(bookkeeper_name, field="bookkeeper_name", on=today)
    if bookkeeper_phone and isinstance(found := mobile_number(bookkeeper_phone, field="bookkeeper_phone"), Refusal):
        reasons.append(found)
    if pin and isinstance(found := pin_code(pin), Refusal):
        reasons.append(found)
    return reasons


def _origin_dates(
    today: datetime.date,
    formed_on: datetime.date | None,
    origin: str,
    revived_on: datetime.date | None,
    coopted_on: datetime.date | None,
) -> list[Refusal]:
    """The revival date is mandatory for a revived group (monthly progress report of the national mission)."""
    reasons = []
    if origin == "revived" and revived_on is None:
        reasons.append(Refusal("revived_on", "revival_missing", _REVIVAL))
    if revived_on and origin == "new":
        reasons.append(Refusal("revived_on", "not_revived", _NOT_REVIVED))
    if origin == "coopted" and coopted_on is None:
        reasons.append(warning("coopted_on", "cooption_missing", _COOPTED))
    for field, day in (("revived_on", revived_on), ("coopted_on", coopted_on)):
        if day:
            reasons += not_in_future(day, today, field)
            reasons += not_before_formation(day, formed_on, field) if formed_on else []
    return reasons


def why_not_member(*, gender: str, special: str, field: str = "gender") -> list[Refusal]:
    """Mixed groups only for persons with disability, elderly and transgender persons (RBI on DAY-NRLM)."""
    if gender == "male" and special not in MIXED:
        return [Refusal(field, "man_in_a_womens_group", _MAN)]
    return []


def why_not_add(*, status: str, status_name: str) -> list[Refusal]:
    """Nothing joins a closed, merged or split institution."""
    return [Refusal(None, "institution_ended", _ENDED, {"status": status_name})] if status in ENDED else []


def why_not_status(
    *,
    today: datetime.date,
    status: str,
    on: datetime.date,
    why: str,
    now: str,
    now_since: datetime.date,
    member_count: int | None,
) -> list[Refusal]:
    """A status changes with a day and a reason; an active group has its members (docs/rules/README.md).

    `member_count` is None where size does not matter (federations).
    """
    reasons = not_in_future(on, today, "on")
    if status == now:
        reasons.append(Refusal("status", "same_status", _SAME_STATUS, {"day": now_since}))
    if not why.strip():
        reasons.append(Refusal("why", "reason_missing", _STATUS_REASON))
    reasons += not_before_start(on, now_since, "on")
    if status == "active" and member_count is not None:
        reasons += size_reasons(member_count, status=status, on=on, field="status")
    return reasons


def why_not_federate(
    *,
    today: datetime.date,
    member_kind: str,
    above_kind: str,
    on: datetime.date,
    member_formed_on: datetime.date,
    above_formed_on: datetime.date,
    member_panchayat: str = "",
    above_panchayat: str = "",
    why: str = "",
) -> list[Refusal]:
    """SHG → VO → CLF; a VO of the same panchayat unless a reason is given; a VO of six months (Assam SRLM).

    Panchayats are names; empty when unknown (federations above a panchayat).
    """
    if member_kind not in FEDERATES.get(above_kind, ()):
        return [Refusal("above", "kind_order", _KIND_ORDER)]
    reasons = not_in_future(on, today, "on") + not_before_formation(on, member_formed_on, "on")
    reasons += not_before_formation(on, above_formed_on, "on")
    elsewhere = member_panchayat and above_panchayat and member_panchayat != above_panchayat
    if above_kind == "vo" and elsewhere and not why.strip():
        values = {"above": above_panchayat, "member": member_panchayat}
        reasons.append(Refusal("why", "other_panchayat", _OTHER_PANCHAYAT, values))
    months = (
        (on.year - member_formed_on.year) * 12 + on.month - member_formed_on.month - (on.day < member_formed_on.day)
    )
    least = norm("vo.months_before_clf", on=on)
    if above_kind == "clf" and 0 <= months < least:
        young: dict[str, object] = {"months": months, "day": on, "least": least}
        reasons.append(warning("on", "young_vo", in_number(months, _YOUNG_VO_ONE, _YOUNG_VO), young))
    return reasons


def least_members(on: datetime.date) -> int:
    """The fewest members of an active group, as of a day."""
    return norm("shg.members.min", on=on)
