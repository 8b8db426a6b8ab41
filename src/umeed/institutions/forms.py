"""Forms of women and institutions themselves: enrolled or formed, and corrected."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from umeed.core.forms import ActionModelForm, DayField
from umeed.core.scope import Scope
from umeed.institutions import actions, codes
from umeed.institutions.actions import groups as group_actions
from umeed.institutions.actions import joining, women
from umeed.institutions.fields import InstitutionField, VillageField
from umeed.institutions.loads.cells import language_of
from umeed.institutions.models import Institution, Woman
from umeed.kernel.refusals import Refusal, soft

WOMEN, GROUPS = "women.change", "institutions.change"


class TextList(forms.CharField):
    """A short list typed with commas, kept as a list."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [part for text in (super().to_python(value) or "").split(",") if (part := text.strip())]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial or []) != self.to_python(data)


class LocalName(forms.CharField):
    """A name in its own script; the language is told by the script it is written in."""

    def prepare_value(self, value: Any) -> Any:
        return next((text for text in value.values() if text), "") if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        text = (super().to_python(value) or "").strip()
        return {language_of(text) or "en": text} if text else {}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial or {}) != self.to_python(data)


class WomanForm(ActionModelForm):
    """A woman's profile (domain.md B2). A new one joins a group and may bring a household along."""

    place = VillageField(required=False)
    group = InstitutionField(label=_("Self-help group"), required=False)
    joined_on = DayField(label=_("Joined on"), required=False)
    head_name = forms.CharField(label=_("Head of household"), max_length=120, required=False)
    poverty = forms.ChoiceField(label=_("PIP category"), choices=[("", "—"), *codes.Poverty.choices], required=False)
    livelihoods = TextList(
        label=_("Livelihoods"), required=False, help_text=_("Up to five, with commas; the most important first")
    )
    names_local = LocalName(label=_("Name in her own script"), required=False)

    sections = (
        (_("Where she belongs"), ("place", "group", "joined_on", "head_name", "poverty")),
        (_("Who she is"), ("name", "names_local", "belonging_name", "relation", "born_on", "born_year", "gender",
                           "marital", "is_household_head", "education")),
        (_("Category and disability"), ("social_category", "religion", "is_pvtg", "disability", "disability_kind",
                                        "guardian_name")),
        (_("Phone"), ("phone", "phone_owner", "has_smartphone")),
        (_("Bank account"), ("account_number", "account_name", "ifsc", "account_opened_on", "is_account_seeded")),
        (_("Livelihood and security"), ("livelihoods", "nominee_name", "nominee_relation", "is_insured")),
        (_("Address"), ("address", "pin_code")),
        (_("This record"), ("died_on", "checked_on")),
    )  # fmt: skip

    class Meta:
        model = Woman
        fields = (
            "name", "belonging_name", "relation", "born_on", "born_year", "gender", "marital", "is_household_head",
            "education", "social_category", "religion", "is_pvtg", "disability", "disability_kind", "guardian_name",
            "phone", "phone_owner", "has_smartphone", "account_number", "account_name", "ifsc", "account_opened_on",
            "is_account_seeded", "nominee_name", "nominee_relation", "is_insured", "address", "pin_code", "died_on",
            "checked_on",
        )  # fmt: skip

    def prepare(self, scope: Scope) -> None:
        self.fields["place"].bind_to(scope, WOMEN)
        self.fields["group"].bind_to(scope, WOMEN, codes.Kind.SHG)
        if self.is_edit:
            for name in ("place", "group", "joined_on", "head_name", "poverty"):
                del self.fields[name]
            for name in ("livelihoods", "names_local"):
                self.fields[name].initial = getattr(self.record, name)
            return
        del self.fields["died_on"]
        self.fields["joined_on"].initial = scope.today

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        said = self.said
        if self.is_edit:
            return soft(women.reasons_on_correcting(by, self.record, said))
        reasons = women.reasons_on_enrolling(by, **said)
        if group := self.cleaned_data.get("group"):
            woman = Woman(**{key: said[key] for key in ("name", "gender", "born_on", "born_year") if key in said})
            reasons += joining.why_not_join_group(by, woman, group, self.cleaned_data.get("joined_on") or by.today)
        return soft(reasons)

    @property
    def said(self) -> dict[str, Any]:
        given = {key: value for key, value in self.values.items() if key in women.SAID | {"name"}}
        return {key: "" if value is None and key in _TEXTS else value for key, value in given.items()}

    def act(self, *, by: Scope) -> Woman:
        if self.is_edit:
            return actions.correct_woman(by=by, woman=self.record, **self.said)
        data = self.cleaned_data
        group = data.get("group")
        place = data.get("place") or (group.place if group else None)
        return actions.enrol_woman(
            by=by, id=self.record_id, place=place, group=group, joined_on=data.get("joined_on"),
            new_household={"head_name": data["head_name"], "poverty": data["poverty"]} if data["head_name"] else None,
            **self.said,
        )  # fmt: skip

    def clean(self) -> Any:
        data = super().clean() or self.cleaned_data
        said = data.get("place") or data.get("group") or {"place", "group"} & set(self.errors)
        if not self.is_edit and not said:
            self.add_error("place", forms.ValidationError(_("Give the village or the group.")))
        return data


class InstitutionForm(ActionModelForm):
    """What all institutions have: name, place, dates, registration. `kind` and the kinds of its place are its own."""

    kind: str
    places = ("village", "habitation")
    place = VillageField()
    names_local = LocalName(label=_("Name in its own script"), required=False)

    class Meta:
        model = Institution
        fields = (
            "name", "formed_on", "address", "pin_code", "registration_act", "registration_number", "registered_on",
            "checked_on",
        )  # fmt: skip

    def prepare(self, scope: Scope) -> None:
        self.fields["place"].bind_to(scope, GROUPS, *self.places)
        if self.is_edit:
            self.fields["place"].initial = self.record.place
            self.initial["place"] = self.record.place
            self.fields["names_local"].initial = self.record.names_local

    @property
    def said(self) -> dict[str, Any]:
        given = {key: value for key, value in self.values.items() if key in group_actions.SAID | {"name"}}
        return {key: "" if value is None and key in _TEXTS else value for key, value in given.items()}

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        said = {**self.said, "place": self.cleaned_data["place"]}
        if self.is_edit:
            return soft(group_actions.reasons_on_correcting(by, self.record, said))
        return soft(group_actions.reasons_about(by, Institution(kind=self.kind, **said)))

    def act(self, *, by: Scope) -> Institution:
        place = self.cleaned_data["place"]
        if self.is_edit:
            return actions.correct_group(by=by, group=self.record, place=place, **self.said)
        return actions.form_group(by=by, id=self.record_id, kind=self.kind, place=place, **self.said)


class GroupForm(InstitutionForm):
    """A self-help group's profile (domain.md B1)."""

    kind = codes.Kind.SHG
    livelihoods = TextList(label=_("Livelihoods"), required=False, help_text=_("With commas"))
    sections = (
        (_("The group"), ("name", "names_local", "place", "formed_on", "origin", "revived_on", "coopted_on")),
        (_("Promoted by"), ("promoter", "promoter_name", "special")),
        (_("Meetings and savings"), ("meeting_frequency", "meeting_day", "meeting_date", "meeting_time",
                                     "meeting_place", "saving_paise", "has_voluntary_saving")),
        (_("Bookkeeping"), ("bookkeeper_name", "bookkeeper_phone", "livelihoods")),
        (_("Address"), ("address", "pin_code")),
    )  # fmt: skip

    class Meta(InstitutionForm.Meta):
        fields = (
            "name", "formed_on", "origin", "revived_on", "coopted_on", "promoter", "promoter_name", "special",
            "meeting_frequency", "meeting_day", "meeting_date", "meeting_time", "meeting_place", "saving_paise",
            "has_voluntary_saving", "bookkeeper_name", "bookkeeper_phone", "address", "pin_code", "checked_on",
        )  # fmt: skip

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["origin"].required = True
        if self.is_edit:
            self.fields["livelihoods"].initial = self.record.livelihoods


class VoForm(InstitutionForm):
    """A village organisation's profile."""

    kind = codes.Kind.VO
    places = ("village", "habitation", "panchayat")


class ClfForm(InstitutionForm):
    """A cluster level federation's profile."""

    kind = codes.Kind.CLF
    places = ("village", "habitation", "panchayat", "block")

    class Meta(InstitutionForm.Meta):
        fields = (*InstitutionForm.Meta.fields, "is_model")


_TEXTS = {
    field.name
    for model in (Woman, Institution)
    for field in model._meta.concrete_fields
    if not field.null and field.get_internal_type() in ("CharField", "TextField")
}
