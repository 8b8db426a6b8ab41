"""When each declared field counts as filled: one condition a field, for counting and for lists."""

import datetime
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from umeed.institutions.models import (
    BankAccount,
    Consent,
    Federation,
    Institution,
    Membership,
    OfficeTerm,
    Woman,
)
from umeed.profiles.rules import FIELDS, FRESH_DAYS


def records_of(kind: str, day: datetime.date) -> QuerySet:
    """The profiles of a kind on a day: women who are members of a group; institutions that are not closed."""
    if kind == "woman":
        member = Membership.objects.on(day).filter(woman=OuterRef("pk"), kind="shg")
        return Woman.objects.filter(Exists(member), merged_into__isnull=True)
    return Institution.objects.filter(kind=kind).exclude(status__in=("closed", "merged"))


def filled(kind: str, day: datetime.date) -> dict[str, Q | Exists]:
    """Field key → the condition under which the field of a record counts as filled on a day."""
    conditions = _woman(day) if kind == "woman" else _institution(kind, day)
    return {field.key: conditions[field.key] for field in FIELDS[kind]}


def is_fresh(day: datetime.date) -> Q:
    """Checked or changed within a year before the day."""
    since = day - datetime.timedelta(days=FRESH_DAYS)
    return Q(checked_on__gte=since) | Q(changed_at__date__gte=since, checked_on__isnull=True)


def one_if(condition: Any) -> Case:
    """1 where the condition holds, else 0: summed for counts, read for a single record."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _text(name: str) -> Q:
    return ~Q(**{name: ""})


def _woman(day: datetime.date) -> dict[str, Q | Exists]:
    plain = ("belonging_name", "social_category", "religion", "disability", "marital", "education", "phone")
    consent = Consent.objects.filter(woman=OuterRef("pk"), purpose="record", withdrawn_on__isnull=True)
    return {
        **{name: _text(name) for name in plain},
        "birth": Q(born_on__isnull=False) | Q(born_year__isnull=False),
        "household": Q(household__isnull=False),
        "account": _text("account_number"),
        "livelihoods": ~Q(livelihoods=[]),
        "nominee": _text("nominee_name"),
        "consent": Exists(consent),
    }


def _institution(kind: str, day: datetime.date) -> dict[str, Q | Exists]:
    this = OuterRef("pk")
    office = OfficeTerm.objects.on(day).filter(institution=this)
    fifth = Membership.objects.on(day).filter(institution=this).order_by().values("pk")[4:5]
    return {
        "origin": _text("origin"),
        "promoter": _text("promoter"),
        "meeting_frequency": _text("meeting_frequency"),
        "meeting_day": _text("meeting_day") | Q(meeting_date__isnull=False),
        "meeting_place": _text("meeting_place"),
        "saving": Q(saving_paise__gt=0),
        "bookkeeper": _text("bookkeeper_name") | Q(Exists(office.filter(office="bookkeeper"))),
        "account": Exists(BankAccount.objects.on(day).filter(institution=this)),
        "president": Exists(office.filter(office="president")),
        "secretary": Exists(office.filter(office="secretary")),
        "treasurer": Exists(office.filter(office="treasurer")),
        "federated": Exists(Federation.objects.on(day).filter(member=this)),
        "members": Exists(fifth),
        "groups": Exists(Federation.objects.on(day).filter(above=this)),
        "registration": _text("registration_number"),
        "address": _text("address"),
    }
