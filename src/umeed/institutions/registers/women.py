"""Women as a register."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.core.registers.columns import Choice, Choices, Column, Day, Names, Number, Tie, YesNo, ids_of
from umeed.core.registers.declare import Panel, Register, Section
from umeed.core.registers.filters import (
    AgeFilter,
    ChoiceFilter,
    HouseFilter,
    MissingFilter,
    Queryset,
    TieFilter,
    YesNoFilter,
)
from umeed.core.registers.search import NameSearch
from umeed.core.registers.widgets import Pick
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day, listed
from umeed.institutions import codes, queries
from umeed.institutions.forms import WomanForm
from umeed.institutions.models import (
    Alias,
    Consent,
    Membership,
    OfficeTerm,
    Woman,
)
from umeed.institutions.registers.shared import (
    BANK,
    CONTACT,
    SEE,
    SEE_WOMEN,
    SINCE_UNTIL,
    SOCIAL,
    by_alias,
    by_village_code,
    institution_name,
    since_until,
)
from umeed.places.registers import PlaceColumn, PlaceFilter, Whereabouts

# What belongs to a woman ----------------------------------------------------------------------------------------------


def _group_of(rows: Sequence[Any], scope: Scope) -> Mapping[UUID, tuple[UUID, str]]:
    """{woman: (group's id, its name)} of her self-help group today."""
    ties = Membership.objects.on(scope.today).filter(woman__in=ids_of(rows), kind=codes.Kind.SHG)
    found = ties.order_by().values_list("woman_id", "institution_id", "institution__name")
    return {woman: (group, name) for woman, group, name in found if name}


def _offices_of(rows: Sequence[Any], scope: Scope) -> Mapping[UUID, str]:
    """{woman: her offices today, in words}"""
    terms = OfficeTerm.objects.on(scope.today).filter(woman__in=ids_of(rows))
    held: dict[UUID, list[str]] = {}
    labels = dict(codes.Office.choices)
    for woman, office, kind in terms.order_by().values_list("woman_id", "office", "institution__kind"):
        words = str(labels.get(office, office))
        held.setdefault(woman, []).append(words if kind == codes.Kind.SHG else f"{words} ({kind.upper()})")
    return {woman: listed(sorted(offices)) for woman, offices in held.items()}


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


class LivingFilter(HouseFilter, django_filters.ChoiceFilter):
    """Living women unless asked otherwise."""

    def __init__(self) -> None:
        choices = [("died", _("Only those who have died")), ("all", _("All, also those who have died"))]
        super().__init__(
            field_name="died_on", label=_("Living or not"), choices=choices, empty_label=_("Living"), widget=Pick
        )
        self.words = dict(choices)

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        return qs if value == "all" else qs.filter(died_on__isnull=value != "died")

    def says(self, value: Any) -> str:
        return str(self.words[value])


class OwnId(Column):
    """Her id in Umeed, in the sheet: by it a load of the sheet knows her again, also when her name was corrected."""

    def __init__(self) -> None:
        about = _("Her id in Umeed. Leave it as it is: by it she is known again when the sheet is loaded.")
        super().__init__("umeed_id", _("Umeed id"), field="pk", fields=(), listed=False, sort=False, about=about)

    def sheet(self, value: Any) -> list[Any]:
        return [str(value)]

    def json(self, value: Any) -> str:
        return str(value)


def _in_institution(rows: Queryset, scope: Scope, institution: UUID) -> Queryset:
    members = Membership.objects.on(scope.today).filter(institution=institution).values("woman")
    return rows.filter(pk__in=members)


def _in_household(rows: Queryset, scope: Scope, household: UUID) -> Queryset:
    return rows.filter(household=household)


def _head_of(scope: Scope, household: UUID) -> str | None:
    rows = Woman.objects.filter(household=household).seen_by(scope, SEE_WOMEN)
    return rows.values_list("household__head_name", flat=True).first()


def _by_phone(scope: Scope, text: str) -> Any:
    if not text.isdecimal() or len(text) < 10 or not scope.can(CONTACT):
        return None
    return Woman.objects.filter(phone=text[-10:]).seen_by(scope, CONTACT).values("pk")


def _women(scope: Scope, capability: str) -> Queryset:
    return Woman.objects.filter(merged_into__isnull=True).seen_by(scope, capability)


class Women(Register):
    """Women, each once: lists leave out records merged into another, whose own pages stay to be read."""

    def find(self, scope: Scope, pk: Any, capability: str = "") -> Any:
        found = super().find(scope, pk, capability)
        if found is not None or capability not in ("", self.see):
            return found
        return Woman.objects.filter(pk=pk, merged_into__isnull=False).seen_by(scope, self.see).first()

    def may(self, scope: Scope, capability: str, record: Any) -> bool:
        """What may be done with a merged record: looked at as any other, never corrected."""
        if record.merged_into_id is None:
            return super().may(scope, capability, record)
        if capability == self.change or not scope.can(capability):
            return False
        return Woman.objects.filter(pk=record.pk).seen_by(scope, capability).exists()


def _memberships(scope: Scope, woman: Woman) -> list[tuple[str, ...]]:
    ties = woman.memberships.select_related("institution").order_by("-during")
    return [
        (tie.institution.name, tie.get_kind_display(), *since_until(tie), tie.get_leave_reason_display())
        for tie in ties
    ]


def _consents(scope: Scope, woman: Woman) -> list[tuple[str, ...]]:
    given = Consent.objects.filter(woman=woman).order_by("purpose", "-given_on")
    return [
        (
            one.get_purpose_display(), one.get_taken_display(), one.language_in_words, day(one.given_on),
            day(one.withdrawn_on),
        )
        for one in given
    ]  # fmt: skip


def _aliases(scope: Scope, woman: Woman) -> list[tuple[str, ...]]:
    """Her ids elsewhere, and those of her household."""
    return [(one.get_system_display(), _id_in_words(one), *since_until(one)) for one in queries.aliases_of(woman)]


def _id_in_words(alias: Alias) -> str:
    return gettext("%(id)s (household)") % {"id": alias.value} if alias.household_id else alias.value


def ties_of_a_woman(scope: Scope, woman: Woman) -> list[dict[str, Any]]:
    """Where her groups, household and consents are changed; for a merged record, the one that is kept."""
    address = reverse("institutions:woman", args=[woman.pk])
    ties = [{"title": _("Groups and consents"), "url": address, "icon": "group", "quiet": True}]
    kept = queries.kept_as(scope, woman)
    if kept is None:
        return ties
    title = gettext("Merged into: %(name)s") % {"name": kept.name}
    return [{"title": title, "url": reverse("women:detail", args=[kept.pk]), "icon": "person"}, *ties]


women = Women(
    key="women",
    model=Woman,
    singular=_("Woman"),
    plural=_("Women"),
    counted=ngettext_lazy("%(shown)s woman", "%(shown)s women", "n"),
    about=_("Women of self-help groups, each once; those who have died only when asked for."),
    icon="person",
    see=SEE_WOMEN,
    change="women.change",
    form=WomanForm,
    adding=_("Add a woman"),
    correcting=_("Correct %(name)s's record"),
    acts=ties_of_a_woman,
    export="records.export",
    rows=_women,
    where=Whereabouts(SEE_WOMEN),
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
        Names("belonging_names_local", _("Husband's, father's or mother's name in that script"), listed=False),
        Choice("relation", listed=False),
        Day("born_on", listed=False),
        Choice("gender", listed=False),
        Choice("social_category", listed=False, sealed=SOCIAL),
        Choice("religion", listed=False, sealed=SOCIAL),
        YesNo("is_pvtg", listed=False, sealed=SOCIAL),
        Choice("disability", listed=False, sealed=SOCIAL),
        Column("disability_kind", listed=False, sealed=SOCIAL),
        Column("guardian_name", listed=False, sealed=SOCIAL),
        Choice("marital", listed=False),
        YesNo("is_household_head", listed=False),
        Choice("education", listed=False),
        Choices("reads", labels=dict(codes.Script.choices), listed=False),
        Column("head_name", _("Head of household"), field="household__head_name", listed=False, sort=False),
        Column("house", _("House or locality"), field="household__house", listed=False, sort=False),
        Choice("poverty", field="household__poverty", listed=False),
        Choice("phone_owner", listed=False),
        YesNo("has_smartphone", listed=False),
        Column("account_number", listed=False, sealed=BANK),
        Column("account_name", listed=False, sealed=BANK),
        Day("account_opened_on", listed=False),
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
        OwnId(),
    ),
    filters={
        "q": NameSearch(
            key="name_key",
            beside="belonging_key",
            numbers=(by_alias("woman"), _by_phone, by_village_code(Woman)),
            help_text=_(
                "Her name in any spelling or script, her husband's or father's after it; a phone, an id, a village code"
            ),
        ),
        "belonging": NameSearch("belonging_name", key="belonging_key", label=_("Husband's, father's or mother's name")),
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
        "institution": TieFilter(_("In"), narrow=_in_institution, names=institution_name),
        "household": TieFilter(_("Household of"), narrow=_in_household, names=_head_of),
    },
    detail=(
        Section(
            _("Who she is"),
            "name names_local belonging_name belonging_names_local relation born_on age gender marital "
            "is_household_head education reads died_on",
        ),
        Section(_("Her groups and home"), "group office place head_name house poverty address pin_code"),
        Section(
            _("Contact and bank"),
            "phone phone_owner has_smartphone account_number account_name ifsc account_opened_on is_account_seeded "
            "identity_last4",
        ),
        Section(
            _("Category and disability"), "social_category religion is_pvtg disability disability_kind guardian_name"
        ),
        Section(_("Livelihood and security"), "livelihoods nominee_name nominee_relation is_insured checked_on"),
    ),
    panels=(
        Panel(
            "memberships",
            _("Memberships"),
            SEE_WOMEN,
            (_("Institution"), _("Kind"), *SINCE_UNTIL, _("Why she left")),
            _memberships,
        ),
        Panel(
            "consents",
            _("Consents"),
            SEE_WOMEN,
            (_("Purpose"), _("How it was taken"), _("Language it was explained in"), _("Given on"), _("Withdrawn on")),
            _consents,
        ),
        Panel(
            "aliases",
            _("Known elsewhere as"),
            SEE_WOMEN,
            (_("System"), _("Id there"), *SINCE_UNTIL),
            _aliases,
        ),
    ),
)
