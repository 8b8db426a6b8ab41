"""Women, self-help groups, village organisations and cluster federations as registers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Count as Counted
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from umeed.core.registers.columns import (
    Choice,
    Choices,
    Column,
    Count,
    Day,
    Money,
    Names,
    Number,
    Tie,
    YesNo,
)
from umeed.core.registers.declare import Drill, Panel, Register, Section
from umeed.core.registers.filters import (
    AgeFilter,
    ChoiceFilter,
    MissingFilter,
    Queryset,
    TieFilter,
    YesNoFilter,
    _Given,
    day_range,
)
from umeed.core.registers.search import NameSearch
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day
from umeed.institutions import codes
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Consent,
    Federation,
    Institution,
    Membership,
    OfficeTerm,
    StatusTerm,
    Woman,
)
from umeed.places.registers import PlaceColumn, PlaceFilter, whereabouts

SEE_WOMEN, SEE, CONTACT, BANK, SOCIAL = (
    "women.see", "institutions.see", "women.see_contact", "women.see_bank", "women.see_social",
)  # fmt: skip
ENDED = (codes.Status.CLOSED, codes.Status.MERGED, codes.Status.SPLIT)
STATUS_BADGES = {"active": "good", "irregular": "warn", "dormant": "bad", "forming": "info", "closed": "bad"}
Ids = Sequence[UUID]


# What belongs to a woman ----------------------------------------------------------------------------------------------


def _group_of(rows: Sequence[Any], scope: Scope) -> Mapping[UUID, tuple[UUID, str]]:
    """{woman: (group's id, its name)} of her self-help group today."""
    ties = Membership.objects.on(scope.today).filter(woman__in=[row.pk for row in rows], kind=codes.Kind.SHG)
    found = ties.order_by().values_list("woman_id", "institution_id", "institution__name")
    return {woman: (group, name) for woman, group, name in found if name}


def _offices_of(rows: Sequence[Any], scope: Scope) -> Mapping[UUID, str]:
    """{woman: her offices today, in words}"""
    terms = OfficeTerm.objects.on(scope.today).filter(woman__in=[row.pk for row in rows])
    held: dict[UUID, list[str]] = {}
    labels = dict(codes.Office.choices)
    for woman, office, kind in terms.order_by().values_list("woman_id", "office", "institution__kind"):
        words = str(labels.get(office, office))
        held.setdefault(woman, []).append(words if kind == codes.Kind.SHG else f"{words} ({kind.upper()})")
    return {woman: ", ".join(sorted(offices)) for woman, offices in held.items()}


class Age(Number):
    """Completed years today, by the date of birth or else the year of birth (then it may be one too many)."""

    def __init__(self) -> None:
        super().__init__("age", _("Age"), sort=False, fields=("born_on", "born_year"), gather=_ages)
        self.fields = ("born_on", "born_year")


def _ages(rows: Sequence[Any], scope: Scope) -> Mapping[UUID, int]:
    today, ages = scope.today, {}
    for row in rows:
        if row.born_on:
            ages[row.pk] = (
                today.year - row.born_on.year - ((today.month, today.day) < (row.born_on.month, row.born_on.day))
            )
        elif row.born_year:
            ages[row.pk] = today.year - row.born_year
    return ages


class LivingFilter(_Given, django_filters.ChoiceFilter):
    """Living women unless asked otherwise."""

    def __init__(self) -> None:
        choices = [("died", _("Only those who have died")), ("all", _("All, also those who have died"))]
        super().__init__(field_name="died_on", label=_("Living or not"), choices=choices, empty_label=_("Living"))
        self.words = dict(choices)

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        return qs if value == "all" else qs.filter(died_on__isnull=value != "died")

    def says(self, value: Any) -> str:
        return str(self.words[value])


def _in_institution(rows: Queryset, scope: Scope, institution: UUID) -> Queryset:
    members = Membership.objects.on(scope.today).filter(institution=institution).values("woman")
    return rows.filter(pk__in=members)


def _in_household(rows: Queryset, scope: Scope, household: UUID) -> Queryset:
    return rows.filter(household=household)


def _institution_name(scope: Scope, institution: UUID) -> str | None:
    rows = Institution.objects.filter(pk=institution).seen_by(scope, SEE)
    return rows.values_list("name", flat=True).first()


def _head_of(scope: Scope, household: UUID) -> str | None:
    rows = Woman.objects.filter(household=household).seen_by(scope, SEE_WOMEN)
    return rows.values_list("household__head_name", flat=True).first()


def _by_alias(owner: str) -> Any:
    def ids(scope: Scope, text: str) -> Any:
        return Alias.objects.filter(value__iexact=text, **{f"{owner}__isnull": False}).values(owner)

    return ids


def _by_phone(scope: Scope, text: str) -> Any:
    if not text.isdecimal() or len(text) < 10 or not scope.can(CONTACT):
        return None
    return Woman.objects.filter(phone=text[-10:]).seen_by(scope, CONTACT).values("pk")


def _by_village_code(model: Any) -> Any:
    def ids(scope: Scope, text: str) -> Any:
        if not text.isdecimal() or len(text) > 9:
            return None
        return model.objects.filter(place__lgd_code=int(text)).values("pk")

    return ids


def _women(scope: Scope, capability: str) -> Queryset:
    return Woman.objects.filter(merged_into__isnull=True).seen_by(scope, capability)


def _memberships(scope: Scope, woman: Woman) -> list[tuple[str, ...]]:
    ties = woman.memberships.select_related("institution").order_by("-during")
    return [
        (tie.institution.name, tie.get_kind_display(), *_days(tie), tie.get_leave_reason_display()) for tie in ties
    ]  # fmt: skip


def _consents(scope: Scope, woman: Woman) -> list[tuple[str, ...]]:
    given = Consent.objects.filter(woman=woman).order_by("purpose", "-given_on")
    return [
        (one.get_purpose_display(), one.get_taken_display(), day(one.given_on), day(one.withdrawn_on)) for one in given
    ]


def _aliases(owner: str) -> Any:
    def rows(scope: Scope, record: Any) -> list[tuple[str, ...]]:
        known = Alias.objects.filter(**{owner: record}).order_by("system", "-during")
        return [(one.get_system_display(), one.value, *_days(one)) for one in known]

    return rows


def _days(dated: Any) -> tuple[str, str]:
    return day(dated.since_on), day(dated.until_on) if dated.until_on else ""


SINCE_UNTIL = (_("Since"), _("Until"))

women = Register(
    key="women",
    model=Woman,
    singular=_("Woman"),
    plural=_("Women"),
    counted=ngettext_lazy("%(shown)s woman", "%(shown)s women", "n"),
    about=_("Women of self-help groups, each once, living unless asked otherwise; records merged into another are left out."),
    icon="person",
    see=SEE_WOMEN,
    change="women.change",
    export="records.export",
    rows=_women,
    where=whereabouts(SEE_WOMEN),
    loads="loads:list",
    columns=(
        Column("name", link=True),
        Column("belonging_name", _("Husband's, father's or mother's name")),
        Tie("group", _("Group"), gather=_group_of, to="shgs", needs=SEE),
        Column("office", _("Office"), gather=_offices_of),
        PlaceColumn(),
        Age(),
        Column("phone", sealed=CONTACT),
        Names("names_local", listed=False),
        Choice("relation", listed=False),
        Day("born_on", listed=False),
        Choice("gender", listed=False),
        Choice("social_category", listed=False, sealed=SOCIAL),
        Choice("religion", listed=False, sealed=SOCIAL),
        YesNo("is_pvtg", listed=False, sealed=SOCIAL),
        Choice("disability", listed=False, sealed=SOCIAL),
        Choice("marital", listed=False),
        Choice("education", listed=False),
        Choice("poverty", field="household__poverty", listed=False),
        Choice("phone_owner", listed=False),
        Column("account_number", listed=False, sealed=BANK),
        Column("ifsc", listed=False, sealed=BANK),
        YesNo("is_account_seeded", listed=False),
        Column("identity_last4", listed=False, sealed=BANK),
        Choices("livelihoods", listed=False),
        Column("nominee_name", listed=False),
        Choice("nominee_relation", listed=False),
        YesNo("is_insured", listed=False),
        Column("address", listed=False),
        Column("pin_code", listed=False),
        Day("died_on", listed=False),
        Day("checked_on", listed=False, about=_("When somebody last looked through the whole record.")),
    ),
    filters={
        "q": NameSearch(
            key="name_key",
            numbers=(_by_alias("woman"), _by_phone, _by_village_code(Woman)),
            help_text=_("A name in any spelling or script, a phone, an id of another system, a village code"),
        ),
        "place": PlaceFilter(see=SEE_WOMEN),
        "age_from": AgeFilter("born_on", "born_year", _("Age from"), at_least=True),
        "age_to": AgeFilter("born_on", "born_year", _("Age to"), at_least=False),
        "social_category": ChoiceFilter("social_category", needs=SOCIAL),
        "disability": ChoiceFilter("disability", needs=SOCIAL),
        "poverty": ChoiceFilter("household__poverty"),
        "is_insured": YesNoFilter("is_insured"),
        "missing": MissingFilter(
            {
                "phone": _("Phone"),
                "born_on": _("Born on"),
                "household": _("Household"),
                "nominee_name": _("Nominee"),
                "account_number": _("Bank account"),
                "checked_on": _("Profile last checked on"),
            }
        ),
        "living": LivingFilter(),
        "institution": TieFilter(_("In"), narrow=_in_institution, names=_institution_name),
        "household": TieFilter(_("Household of"), narrow=_in_household, names=_head_of),
    },
    detail=(
        Section(_("Who she is"), ("name", "names_local", "belonging_name", "relation", "born_on", "age", "gender", "marital", "education", "died_on")),
        Section(_("Her groups and home"), ("group", "office", "place", "poverty", "address", "pin_code")),
        Section(_("Contact and bank"), ("phone", "phone_owner", "account_number", "ifsc", "is_account_seeded", "identity_last4")),
        Section(_("Category and disability"), ("social_category", "religion", "is_pvtg", "disability")),
        Section(_("Livelihood and security"), ("livelihoods", "nominee_name", "nominee_relation", "is_insured", "checked_on")),
    ),
    panels=(
        Panel("memberships", _("Memberships"), SEE_WOMEN, (_("Institution"), _("Kind"), *SINCE_UNTIL, _("Why she left")), _memberships),
        Panel("consents", _("Consents"), SEE_WOMEN, (_("Purpose"), _("How it was taken"), _("Given on"), _("Withdrawn on")), _consents),
        Panel("aliases", _("Known elsewhere as"), SEE_WOMEN, (_("System"), _("Id there"), *SINCE_UNTIL), _aliases("woman")),
    ),
)  # fmt: skip


# What belongs to an institution ---------------------------------------------------------------------------------------


def _members_of(ids: Ids, scope: Scope) -> Mapping[UUID, int]:
    ties = Membership.objects.on(scope.today).filter(institution__in=ids).order_by()
    return dict(ties.values_list("institution").annotate(n=Counted("pk")))


def _federated_to(ids: Ids, scope: Scope) -> Mapping[UUID, int]:
    ties = Federation.objects.on(scope.today).filter(above__in=ids).order_by()
    return dict(ties.values_list("above").annotate(n=Counted("pk")))


def _above(rows: Sequence[Any], scope: Scope) -> Mapping[UUID, tuple[UUID, str]]:
    """{institution: (id, name) of what it is federated to today}"""
    ties = Federation.objects.on(scope.today).filter(member__in=[row.pk for row in rows]).order_by()
    return {member: (above, name) for member, above, name in ties.values_list("member_id", "above_id", "above__name")}


def _federated_below(rows: Queryset, scope: Scope, above: UUID) -> Queryset:
    return rows.filter(pk__in=Federation.objects.on(scope.today).filter(above=above).values("member"))


class StatusFilter(ChoiceFilter):
    """Institutions at work unless a status is asked for: closed, merged and split ones are history."""

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        return super().filter(qs, value) if value else qs.exclude(status__in=ENDED)


class MembersFilter(_Given, django_filters.NumberFilter):
    """How many members today, at least or at most."""

    field_class = forms.IntegerField

    def __init__(self, label: Any, *, at_least: bool) -> None:
        super().__init__(field_name="members", label=label, min_value=0, max_value=100_000)
        self.at_least = at_least

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        if value is None:
            return qs
        today = Membership.objects.on(self.scope.today).filter(institution=OuterRef("pk")).order_by()
        number = Subquery(today.values("institution").annotate(n=Counted("pk")).values("n"))
        rows = qs.alias(members_today=Coalesce(number, 0))
        return rows.filter(**{"members_today__gte" if self.at_least else "members_today__lte": int(value)})


def _of_kind(kind: str) -> Any:
    def rows(scope: Scope, capability: str) -> Queryset:
        return Institution.objects.filter(kind=kind).seen_by(scope, capability)

    return rows


def _officers(scope: Scope, record: Institution) -> list[tuple[str, ...]]:
    terms = OfficeTerm.objects.filter(institution=record).select_related("woman").order_by("office", "-during")
    return [(term.get_office_display(), term.woman.name, *_days(term)) for term in terms]


def _accounts(scope: Scope, record: Institution) -> list[tuple[str, ...]]:
    """Where the accounts are; the numbers stay covered here."""
    from umeed.core.fields import masked

    accounts = BankAccount.objects.filter(institution=record).order_by("-during")
    return [(one.bank, one.branch, one.ifsc, masked(one.number), *_days(one)) for one in accounts]


def _statuses(scope: Scope, record: Institution) -> list[tuple[str, ...]]:
    terms = StatusTerm.objects.filter(institution=record).order_by("-during")
    return [(term.get_status_display(), *_days(term), term.why) for term in terms]


COMMON_COLUMNS = (
    Column("name", link=True),
    PlaceColumn(),
    Choice("status", badges=STATUS_BADGES),
    Day("formed_on"),
)
REST = (
    ("names_local", Names), ("revived_on", Day), ("coopted_on", Day), ("address", Column), ("pin_code", Column),
    ("registration_act", Column), ("registration_number", Column), ("registered_on", Day), ("checked_on", Day),
)  # fmt: skip
PANELS = (
    Panel("officers", _("Office bearers"), SEE_WOMEN, (_("Office"), _("Name"), *SINCE_UNTIL), _officers),
    Panel(
        "accounts", _("Bank accounts"), SEE,
        (_("Bank"), _("Branch"), _("IFSC"), _("Account number"), *SINCE_UNTIL), _accounts,
    ),
    Panel("statuses", _("Status over time"), SEE, (_("Status"), *SINCE_UNTIL, _("Why")), _statuses),
    Panel("aliases", _("Known elsewhere as"), SEE, (_("System"), _("Id there"), *SINCE_UNTIL), _aliases("institution")),
)  # fmt: skip


def _common_filters() -> dict[str, Any]:
    return {
        "q": NameSearch(
            key="name_key",
            numbers=(_by_alias("institution"), _by_village_code(Institution)),
            help_text=_("A name in any spelling, an id of another system, a village code"),
        ),
        "place": PlaceFilter(see=SEE),
        "status": StatusFilter("status"),
        **day_range("formed_on", _("Formed from"), _("Formed until")),
    }


def _rest() -> tuple[Column, ...]:
    return tuple(kind(name, listed=False) for name, kind in REST)


def _institutions(key: str, kind: str, **given: Any) -> Register:
    """A register of one kind of institution: what all kinds share is said once."""
    return Register(
        key=key, model=Institution, see=SEE, change="institutions.change", export="records.export",
        rows=_of_kind(kind), where=whereabouts(SEE), loads="loads:list", panels=PANELS, **given,
    )  # fmt: skip


shgs = _institutions(
    "shgs",
    codes.Kind.SHG,
    singular=_("Self-help group"),
    plural=_("Self-help groups"),
    counted=ngettext_lazy("%(shown)s group", "%(shown)s groups", "n"),
    about=_("Self-help groups at work; closed, merged and split ones when their status is asked for."),
    icon="group",
    columns=(
        Column("name", link=True),
        PlaceColumn(),
        Count("members", _("Members"), counts=_members_of, to="women", param="institution", needs=SEE_WOMEN),
        Tie("vo", _("Village organisation"), gather=_above, to="vos", needs=SEE),
        Choice("status", badges=STATUS_BADGES),
        Day("formed_on"),
        Choice("origin", listed=False),
        Choice("promoter", listed=False),
        Choice("special", listed=False),
        Choice("meeting_frequency", listed=False),
        Choice("meeting_day", listed=False),
        Money("saving_paise", listed=False),
        YesNo("has_voluntary_saving", listed=False),
        Column("bookkeeper_name", listed=False),
        Column("bookkeeper_phone", listed=False, sealed=CONTACT),
        *_rest(),
    ),
    filters={
        **_common_filters(),
        "members_from": MembersFilter(_("Members from"), at_least=True),
        "members_to": MembersFilter(_("Members to"), at_least=False),
        "special": ChoiceFilter("special"),
        "missing": MissingFilter(
            {
                "meeting_day": _("Meeting day"),
                "saving_paise": _("Compulsory saving a meeting"),
                "bookkeeper_name": _("Bookkeeper"),
                "promoter": _("Promoted by"),
                "checked_on": _("Profile last checked on"),
            }
        ),
        "vo": TieFilter(_("In"), narrow=_federated_below, names=_institution_name),
    },
    detail=(
        Section(_("The group"), ("name", "names_local", "status", "formed_on", "origin", "revived_on", "promoter", "special", "vo", "members")),
        Section(_("Where"), ("place", "address", "pin_code")),
        Section(_("Meetings and savings"), ("meeting_frequency", "meeting_day", "saving_paise", "has_voluntary_saving")),
        Section(_("Bookkeeping"), ("bookkeeper_name", "bookkeeper_phone", "checked_on")),
    ),
    drill=(Drill("women", _("Members"), "women", "institution", ("name", "belonging_name", "office", "age", "phone")),),
)  # fmt: skip

vos = _institutions(
    "vos",
    codes.Kind.VO,
    singular=_("Village organisation"),
    plural=_("Village organisations"),
    counted=ngettext_lazy("%(shown)s village organisation", "%(shown)s village organisations", "n"),
    about=_("Village organisations: federations of self-help groups."),
    icon="federation",
    columns=(
        Column("name", link=True),
        PlaceColumn(),
        Count("groups", _("Groups"), counts=_federated_to, to="shgs", param="vo", needs=SEE),
        Tie("clf", _("Cluster level federation"), gather=_above, to="clfs", needs=SEE),
        Choice("status", badges=STATUS_BADGES),
        Day("formed_on"),
        *_rest(),
    ),
    filters={
        **_common_filters(),
        "missing": MissingFilter({"registration_number": _("Registration number"), "checked_on": _("Profile last checked on")}),
        "clf": TieFilter(_("In"), narrow=_federated_below, names=_institution_name),
    },
    detail=(
        Section(_("The village organisation"), ("name", "names_local", "status", "formed_on", "clf", "groups", "checked_on")),
        Section(_("Where"), ("place", "address", "pin_code")),
        Section(_("Registration"), ("registration_act", "registration_number", "registered_on")),
    ),
    drill=(Drill("groups", _("Groups"), "shgs", "vo", ("name", "place", "members", "status")),),
)  # fmt: skip

clfs = _institutions(
    "clfs",
    codes.Kind.CLF,
    singular=_("Cluster level federation"),
    plural=_("Cluster level federations"),
    counted=ngettext_lazy("%(shown)s cluster federation", "%(shown)s cluster federations", "n"),
    about=_("Cluster level federations: federations of village organisations."),
    icon="federation",
    columns=(
        Column("name", link=True),
        PlaceColumn(),
        Count("vos", _("Village organisations"), counts=_federated_to, to="vos", param="clf", needs=SEE),
        YesNo("is_model"),
        Choice("status", badges=STATUS_BADGES),
        Day("formed_on"),
        *_rest(),
    ),
    filters={
        **_common_filters(),
        "is_model": YesNoFilter("is_model"),
        "missing": MissingFilter({"registration_number": _("Registration number"), "checked_on": _("Profile last checked on")}),
    },
    detail=(
        Section(_("The federation"), ("name", "names_local", "status", "formed_on", "is_model", "vos", "checked_on")),
        Section(_("Where"), ("place", "address", "pin_code")),
        Section(_("Registration"), ("registration_act", "registration_number", "registered_on")),
    ),
    drill=(Drill("vos", _("Village organisations"), "vos", "clf", ("name", "place", "groups", "status")),),
)  # fmt: skip
