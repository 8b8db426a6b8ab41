"""Forms of women and institutions themselves: enrolled or formed, and corrected."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.core.fields import COVERED as DOTS
from umeed.core.forms import ActionModelForm, DayField, SealedField
from umeed.core.scope import Scope
from umeed.institutions import actions, codes
from umeed.institutions.actions import groups as group_actions
from umeed.institutions.actions import joining, women
from umeed.institutions.fields import InstitutionField, VillageField
from umeed.institutions.loads.cells import language_of
from umeed.institutions.models import Institution, Woman
from umeed.kernel.refusals import Refusal

WOMEN, GROUPS = "women.change", "institutions.change"


# Sealed in the register: shown on asking only, to those who may, and that they looked is recorded.
COVERED = (
    "social_category", "religion", "is_pvtg", "disability", "disability_kind", "guardian_name", "account_name", "ifsc",
)  # fmt: skip


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
    """A name in other scripts, with commas where there are several; the language is told by the script.

    `kept` are the names that are there: unchanged ones stay under the language they have.
    """

    def __init__(self, **given: Any) -> None:
        given.setdefault("help_text", _("In several scripts: with commas"))
        super().__init__(**given)
        self.kept: dict[str, str] = {}

    def start_with(self, names: dict[str, str]) -> None:
        self.initial = self.kept = dict(names or {})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(text for text in value.values() if text) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {language: text for language, text in value.items() if text}
        names: dict[str, str] = {}
        for text in (part.strip() for part in re.split("[,،;\n]", super().to_python(value) or "")):
            if not text:
                continue
            language = self._language(text)
            if language in names:
                raise forms.ValidationError(_("Two names are in the same script. Write one of them."))
            names[language] = text
        return names

    def _language(self, text: str) -> str:
        as_before = (language for language, name in self.kept.items() if name == text)
        return next(as_before, "") or language_of(text) or "en"

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial or {}) != self.to_python(data))
        except forms.ValidationError:
            return True


class WomanForm(ActionModelForm):
    """A woman's profile. A new one joins a group and may bring a household along."""

    place = VillageField(required=False)
    group = InstitutionField(label=_("Self-help group"), required=False)
    joined_on = DayField(label=_("Joined on"), required=False)
    head_name = forms.CharField(label=_("Head of household"), max_length=120, required=False)
    house = forms.CharField(label=_("House or locality"), max_length=120, required=False)
    poverty = forms.ChoiceField(label=_("PIP category"), choices=[("", "—"), *codes.Poverty.choices], required=False)
    livelihoods = TextList(
        label=_("Livelihoods"), required=False, help_text=_("Up to five, with commas; the most important first")
    )
    covered: Iterable[str] = ()
    names_local = LocalName(label=_("Name in her own script"), required=False)
    belonging_names_local = LocalName(
        label=_("Husband's, father's or mother's name in that script"), required=False
    )  # fmt: skip
    reads = forms.MultipleChoiceField(
        label=_("Scripts she reads"), choices=codes.Script.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    sections = (
        (_("Where she belongs"), ("place", "group", "joined_on", "head_name", "house", "poverty")),
        (_("Who she is"), ("name", "names_local", "belonging_name", "belonging_names_local", "relation", "born_on",
                           "born_year", "gender", "marital", "is_household_head", "education", "reads")),
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
            for name in ("place", "group", "joined_on", "head_name", "house", "poverty"):
                del self.fields[name]
            for name in ("livelihoods", "reads"):
                self.fields[name].initial = getattr(self.record, name)
            for name in ("names_local", "belonging_names_local"):
                self.fields[name].start_with(getattr(self.record, name))
            self._cover()
            return
        del self.fields["died_on"]
        self.fields["joined_on"].initial = scope.today

    def _cover(self) -> None:
        """What her page covers is not told by the form either: it says that something is there, and keeps it."""
        self.covered = [name for name in COVERED if getattr(self.record, name) not in ("", None)]
        for name in self.covered:
            field, self.initial[name] = self.fields[name], None
            chosen = field if isinstance(field, forms.ChoiceField) else field.widget
            if hasattr(chosen, "choices"):
                (first, _label), *rest = chosen.choices
                removed = [(SealedField.REMOVE, _("Remove it"))] if chosen is field else []
                chosen.choices = [(first, DOTS), *rest, *removed]
                field.help_text = _("Kept. Choose only to change it.")
            else:
                field.help_text = gettext(
                    "Kept: %(value)s. Leave empty to keep it; write a hyphen (-) to remove it."
                ) % {"value": DOTS}

    def _told(self, change: Any, key: str, after: Any) -> dict[str, Any]:
        told = super()._told(change, key, after)
        return told | {"before": DOTS, "after": DOTS} if key in COVERED else told

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        reasons = self._on_correcting(by) if self.is_edit else self._on_enrolling(by)
        # A birth of which only half could be read is judged when all of it can be.
        half_read = bool(_BIRTH & self.unread)
        return [reason for reason in reasons if not (half_read and reason.field in _BIRTH)]

    def _on_correcting(self, by: Scope) -> list[Refusal]:
        said = self.said
        reasons = women.reasons_on_correcting(by, self.record, {**said, **self._unread_as_blank()})
        # A warning would tell of what is covered here: a disability, or an old fault in the guardian's name.
        kept = set(self.covered) - set(said)
        untold = {"guardian_missing"} if "disability" in kept else set()
        reasons = [reason for reason in reasons if reason.field not in kept and reason.code not in untold]
        return reasons + women.twins_on_correcting(by, self.record, said)

    def _on_enrolling(self, by: Scope) -> list[Refusal]:
        said, data = self.said, self.cleaned_data
        group = data.get("group")
        reasons = women.reasons_on_enrolling(by, **said) + women.reasons_about_household(by, data)
        reasons += women.twins_on_enrolling(by, data.get("place"), group, **said)
        if group and not self.unread & {"joined_on", "gender"}:
            woman = Woman(**{key: said[key] for key in ("name", "gender", "born_on", "born_year") if key in said})
            reasons += joining.why_not_join_group(by, woman, group, data.get("joined_on") or by.today)
        return reasons

    def _unread_as_blank(self) -> dict[str, Any]:
        """What she typed and nobody could read is not what the record says still."""
        return _blank(Woman, self.unread & women.SAID)

    @property
    def said(self) -> dict[str, Any]:
        given = {key: value for key, value in self.values.items() if key in women.SAID | {"name"}}
        for key in COVERED:
            if key in self.covered and given.get(key) in ("", None):
                given.pop(key, None)
            elif given.get(key) == SealedField.REMOVE:
                given[key] = ""
        return {key: "" if value is None and key in _TEXTS else value for key, value in given.items()}

    def act(self, *, by: Scope) -> Woman:
        if self.is_edit:
            return actions.correct_woman(by=by, woman=self.record, **self.said)
        data = self.cleaned_data
        group = data.get("group")
        place = data.get("place") or (group.place if group else None)
        return actions.enrol_woman(
            by=by, id=self.record_id, place=place, group=group, joined_on=data.get("joined_on"),
            new_household=self._new_household(),
            **self.said,
        )  # fmt: skip

    def _new_household(self) -> dict[str, str] | None:
        told = {key: self.cleaned_data[key] for key in ("head_name", "house", "poverty")}
        return told if told["head_name"] else None

    def clean(self) -> Any:
        data = super().clean() or self.cleaned_data
        said = data.get("place") or data.get("group") or {"place", "group"} & set(self.errors)
        if not self.is_edit and not said:
            self.add_error("place", forms.ValidationError(_("Give the village or the group.")))
        # Who corrects the date has not said anything of the year that a load may have left beside it.
        if self.is_edit and data.get("born_on") and _BIRTH & {*self.changed_data} == {"born_on"}:
            data["born_year"] = data["born_on"].year
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
            self.fields["place"].keep(self.record.place)
            self.initial["place"] = self.record.place
            self.fields["names_local"].start_with(self.record.names_local)

    @property
    def said(self) -> dict[str, Any]:
        given = {key: value for key, value in self.values.items() if key in group_actions.SAID | {"name"}}
        return {key: "" if value is None and key in _TEXTS else value for key, value in given.items()}

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        said = {**self.said, **_blank(Institution, self.unread & group_actions.SAID)}
        said["place"] = self.cleaned_data.get("place")
        if self.is_edit:
            return group_actions.reasons_on_correcting(by, self.record, said)
        return group_actions.reasons_about(by, Institution(kind=self.kind, **said))

    def act(self, *, by: Scope) -> Institution:
        place = self.cleaned_data["place"]
        if self.is_edit:
            return actions.correct_group(by=by, group=self.record, place=place, **self.said)
        return actions.form_group(by=by, id=self.record_id, kind=self.kind, place=place, **self.said)


class GroupForm(InstitutionForm):
    """A self-help group's profile."""

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


def _blank(model: type[Woman] | type[Institution], names: Iterable[str]) -> dict[str, Any]:
    return {name: model._meta.get_field(name).get_default() for name in names}


_BIRTH = frozenset({"born_on", "born_year"})
_TEXTS = {
    field.name
    for model in (Woman, Institution)
    for field in model._meta.concrete_fields
    if not field.null and field.get_internal_type() in ("CharField", "TextField")
}
