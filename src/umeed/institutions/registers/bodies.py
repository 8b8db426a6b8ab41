"""Self-help groups, village organisations and cluster level federations as registers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Count as Counted
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from umeed.core.registers.columns import (
    NO,
    YES,
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
    among,
    ids_of,
)
from umeed.core.registers.declare import Drill, Panel, Register, Section
from umeed.core.registers.filters import (
    ChoiceFilter,
    HouseFilter,
    MissingFilter,
    Queryset,
    TieFilter,
    YesNoFilter,
    day_range,
)
from umeed.core.registers.search import NameSearch
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day, listed
from umeed.institutions import codes, queries
from umeed.institutions.forms import ClfForm, GroupForm, VoForm
from umeed.institutions.models import (
    Federation,
    Institution,
    Membership,
    StatusTerm,
)
from umeed.institutions.naming import called_in
from umeed.institutions.registers.shared import (
    CONTACT,
    SEE,
    SEE_WOMEN,
    SINCE_UNTIL,
    aliases_of,
    by_alias,
    by_village_code,
    institution_name,
    since_until,
)
from umeed.places.registers import PlaceColumn, PlaceFilter, Whereabouts

ENDED = (codes.Status.CLOSED, codes.Status.MERGED, codes.Status.SPLIT)
STATUS_BADGES = {"active": "good", "irregular": "warn", "dormant": "bad", "forming": "info", "closed": "bad"}
Ids = Sequence[UUID]


# What belongs to an institution ---------------------------------------------------------------------------------------


def _members_of(ids: Ids, scope: Scope) -> Mapping[UUID, int]:
    ties = Membership.objects.on(scope.today).filter(institution__in=among(ids)).order_by()
    return dict(ties.values_list("institution").annotate(n=Counted("pk")))


def _federated_to(ids: Ids, scope: Scope) -> Mapping[UUID, int]:
    ties = Federation.objects.on(scope.today).filter(above__in=among(ids)).order_by()
    return dict(ties.values_list("above").annotate(n=Counted("pk")))


def _above(rows: Sequence[Any], scope: Scope) -> Mapping[UUID, tuple[UUID, str]]:
    """{institution: (id, name) of what it is federated to today}"""
    ties = Federation.objects.on(scope.today).filter(member__in=ids_of(rows)).order_by()
    return {member: (above, name) for member, above, name in ties.values_list("member_id", "above_id", "above__name")}


def _federated_below(rows: Queryset, scope: Scope, above: UUID) -> Queryset:
    return rows.filter(pk__in=Federation.objects.on(scope.today).filter(above=above).values("member"))


class StatusFilter(ChoiceFilter):
    """Institutions at work unless a status is asked for: closed, merged and split ones are history."""

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        return super().filter(qs, value) if value else qs.exclude(status__in=ENDED)


class MembersFilter(HouseFilter, django_filters.NumberFilter):
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
    officers = sorted(queries.officers_of(scope, record, called_in(record.pk)), key=lambda one: one.term.office)
    return [(one.term.get_office_display(), one.name, *since_until(one.term)) for one in officers]


def _accounts(scope: Scope, record: Institution) -> list[tuple[str, ...]]:
    """Where the accounts are and who signs for them today; the numbers stay covered here."""
    return [
        (
            one.bank, one.branch, one.ifsc, one.number, str(YES if one.is_default else NO), listed(one.signatories),
            day(one.since), day(one.until) if one.until else "",
        )
        for one in queries.accounts_of(scope, record, called_in(record.pk))
    ]  # fmt: skip


def _statuses(scope: Scope, record: Institution) -> list[tuple[str, ...]]:
    terms = StatusTerm.objects.filter(institution=record).order_by("-during")
    return [(term.get_status_display(), *since_until(term), term.why) for term in terms]


REST = (
    ("names_local", Names),
    ("revived_on", Day),
    ("coopted_on", Day),
    ("address", Column),
    ("pin_code", Column),
    ("registration_act", Column),
    ("registration_number", Column),
    ("registered_on", Day),
    ("checked_on", Day),
)
PANELS = (
    Panel("officers", _("Office bearers"), SEE_WOMEN, (_("Office"), _("Name"), *SINCE_UNTIL), _officers),
    Panel(
        "accounts",
        _("Bank accounts"),
        SEE,
        (_("Bank"), _("Branch"), _("IFSC"), _("Account number"), _("Main account"), _("Sign for it"), *SINCE_UNTIL),
        _accounts,
    ),
    Panel("statuses", _("Status over time"), SEE, (_("Status"), *SINCE_UNTIL, _("Why")), _statuses),
    Panel(
        "aliases", _("Known elsewhere as"), SEE, (_("System"), _("Id there"), *SINCE_UNTIL), aliases_of("institution")
    ),
)


def _common_filters() -> dict[str, Any]:
    return {
        "q": NameSearch(
            key="name_key",
            numbers=(by_alias("institution"), by_village_code(Institution)),
            help_text=_("A name in any spelling, an id of another system, a village code"),
        ),
        "place": PlaceFilter(see=SEE),
        "status": StatusFilter("status"),
        **day_range("formed_on", _("Formed from"), _("Formed until")),
    }


def _rest() -> tuple[Column, ...]:
    return tuple(kind(name, listed=False) for name, kind in REST)


def ties_of_an_institution(scope: Scope, institution: Institution) -> list[dict[str, Any]]:
    """Where members, offices, accounts, federation and status are changed."""
    address = reverse("institutions:institution", args=[institution.pk])
    return [{"title": _("Members, offices, accounts"), "url": address, "icon": "group", "quiet": True}]


class Institutions(Register):
    """Institutions: a new one stands at a place, so a posting at another institution is not enough to add it."""

    def may_add(self, scope: Scope) -> bool:
        return bool(scope.place_roots(self.change))


def _institutions(key: str, kind: str, **given: Any) -> Register:
    """A register of one kind of institution: what all kinds share is said once."""
    return Institutions(
        key=key,
        model=Institution,
        see=SEE,
        change="institutions.change",
        export="records.export",
        rows=_of_kind(kind),
        where=Whereabouts(SEE),
        loads="loads:list",
        panels=PANELS,
        acts=ties_of_an_institution,
        **given,
    )


shgs = _institutions(
    "shgs",
    codes.Kind.SHG,
    form=GroupForm,
    adding=_("Add a self-help group"),
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
        Column("promoter_name", listed=False),
        Choice("special", listed=False),
        Choice("meeting_frequency", listed=False),
        Choice("meeting_day", listed=False),
        Number("meeting_date", listed=False),
        Column("meeting_time", listed=False),
        Column("meeting_place", listed=False),
        Money("saving_paise", listed=False),
        YesNo("has_voluntary_saving", listed=False),
        Column("bookkeeper_name", listed=False),
        Column("bookkeeper_phone", listed=False, sealed=CONTACT),
        Choices("livelihoods", listed=False),
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
        "vo": TieFilter(_("In"), narrow=_federated_below, names=institution_name),
    },
    detail=(
        Section(
            _("The group"),
            "name names_local status formed_on origin revived_on coopted_on promoter promoter_name special vo members",
        ),
        Section(_("Where"), "place address pin_code"),
        Section(
            _("Meetings and savings"),
            "meeting_frequency meeting_day meeting_date meeting_time meeting_place saving_paise has_voluntary_saving",
        ),
        Section(_("Bookkeeping"), "bookkeeper_name bookkeeper_phone livelihoods checked_on"),
    ),
    drill=(Drill("women", _("Members"), "women", "institution", ("name", "belonging_name", "office", "age", "phone")),),
)

vos = _institutions(
    "vos",
    codes.Kind.VO,
    form=VoForm,
    adding=_("Add a village organisation"),
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
        "missing": MissingFilter(
            {"registration_number": _("Registration number"), "checked_on": _("Profile last checked on")}
        ),
        "clf": TieFilter(_("In"), narrow=_federated_below, names=institution_name),
    },
    detail=(
        Section(_("The village organisation"), "name names_local status formed_on clf groups checked_on"),
        Section(_("Where"), "place address pin_code"),
        Section(_("Registration"), "registration_act registration_number registered_on"),
    ),
    drill=(Drill("groups", _("Groups"), "shgs", "vo", ("name", "place", "members", "status")),),
)

clfs = _institutions(
    "clfs",
    codes.Kind.CLF,
    form=ClfForm,
    adding=_("Add a cluster level federation"),
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
        "missing": MissingFilter(
            {"registration_number": _("Registration number"), "checked_on": _("Profile last checked on")}
        ),
    },
    detail=(
        Section(_("The federation"), "name names_local status formed_on is_model vos checked_on"),
        Section(_("Where"), "place address pin_code"),
        Section(_("Registration"), "registration_act registration_number registered_on"),
    ),
    drill=(Drill("vos", _("Village organisations"), "vos", "clf", ("name", "place", "groups", "status")),),
)
