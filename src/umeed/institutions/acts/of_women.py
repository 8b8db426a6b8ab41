"""Forms about a woman: her groups, home, consents and ids."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from umeed.core.forms import DayField
from umeed.core.scope import Scope
from umeed.institutions import actions, codes, queries
from umeed.institutions.actions import joining, women
from umeed.institutions.acts.shared import (
    WOMEN,
    OfAMembership,
    SubjectForm,
    TieChoice,
    digits,
)
from umeed.institutions.fields import InstitutionField, VillageField
from umeed.institutions.models import (
    Alias,
    Consent,
    Membership,
    Woman,
)
from umeed.kernel.refusals import Refusal, soft


class JoinForm(SubjectForm):
    """She becomes a member of a group."""

    model = Membership
    group = InstitutionField(label=_("Self-help group"))
    joined_on = DayField(label=_("Joined on"))

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["group"].bind_to(scope, WOMEN, codes.Kind.SHG)

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        given = self.cleaned_data
        return soft(joining.why_not_join_group(by, self.subject, given["group"], given["joined_on"]))

    def act(self, *, by: Scope) -> Membership:
        return actions.join_group(by=by, id=self.record_id, woman=self.subject, **self.values)


class TransferForm(OfAMembership):
    """She changes from one group to another on a day."""

    model = Membership
    group = InstitutionField(label=pgettext_lazy("she changes to it", "To the group"))
    on = DayField(label=_("From"))
    leave_note = forms.CharField(label=_("Note"), max_length=240, required=False)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["group"].bind_to(scope, WOMEN, codes.Kind.SHG)

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        given = self.cleaned_data
        tie, on = given["membership"], given["on"]
        into = joining.why_not_join_group(by, tie.woman, given["group"], on, leaving=tie)
        return soft([*joining.why_not_leave_group(by, tie, on, codes.LeaveReason.OTHER), *into])

    def act(self, *, by: Scope) -> Membership:
        return actions.transfer(by=by, id=self.record_id, **self.values)


class OfAHousehold(SubjectForm):
    """Says who is the head of a household."""

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        return women.reasons_about_household(by, self.cleaned_data)


class MoveForm(OfAHousehold):
    """She lives in another household, perhaps in another village."""

    place = VillageField()
    head_name = forms.CharField(
        label=_("Head of the new household"), max_length=120, required=False,
        help_text=_("Empty: no household is known there yet."),
    )  # fmt: skip
    house = forms.CharField(label=_("House or locality"), max_length=120, required=False)
    poverty = forms.ChoiceField(label=_("PIP category"), choices=[("", "—"), *codes.Poverty.choices], required=False)
    why = forms.CharField(label=_("Why"), max_length=240, required=False)

    def prepare(self, scope: Scope) -> None:
        self.fields["place"].bind_to(scope, WOMEN)
        self.initial.setdefault("place", self.subject.place)

    def act(self, *, by: Scope) -> Woman:
        given = self.values
        house = {key: given[key] for key in ("head_name", "house", "poverty")} if given["head_name"] else None
        return actions.move_household(
            by=by, woman=self.subject, place=given["place"], new_household=house, why=given["why"]
        )


class HouseholdForm(OfAHousehold):
    """Her household as it is written: its head, house and PIP category, for everybody who lives in it."""

    head_name = forms.CharField(label=_("Head of household"), max_length=120)
    house = forms.CharField(label=_("House or locality"), max_length=120, required=False)
    poverty = forms.ChoiceField(label=_("PIP category"), choices=[("", "—"), *codes.Poverty.choices], required=False)
    why = forms.CharField(label=_("Why"), max_length=240, required=False)

    def prepare(self, scope: Scope) -> None:
        for name in ("head_name", "house", "poverty"):
            self.fields[name].initial = getattr(self.subject.household, name, "")

    def act(self, *, by: Scope) -> Woman:
        given = self.values
        why, woman = given.pop("why"), self.subject
        if woman.household_id is None:
            return actions.move_household(by=by, woman=woman, new_household=given, why=why)
        actions.correct_household(by=by, household=woman.household_id, why=why, **given)
        return woman


class ConsentForm(SubjectForm):
    """She agrees to a purpose."""

    model = Consent
    purpose = forms.ChoiceField(label=_("Purpose"), choices=codes.Purpose.choices)
    language = forms.ChoiceField(label=_("Language it was explained in"), choices=codes.SPOKEN)
    taken = forms.ChoiceField(label=_("How it was taken"), choices=codes.ConsentTaken.choices)
    given_on = DayField(label=_("Given on"))

    def act(self, *, by: Scope) -> Consent:
        return actions.give_consent(by=by, id=self.record_id, woman=self.subject, **self.values)


class WithdrawForm(SubjectForm):
    """She withdraws what she agreed to."""

    consent = TieChoice(
        queryset=Consent.objects.none(), says=lambda consent: consent.get_purpose_display(), label=_("Consent")
    )
    withdrawn_on = DayField(label=_("Withdrawn on"))
    why = forms.CharField(label=_("Why"), max_length=240, required=False)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["consent"].queryset = Consent.objects.filter(woman=self.subject, withdrawn_on__isnull=True)

    def act(self, *, by: Scope) -> Consent:
        return actions.withdraw_consent(by=by, **self.values)


class IdentityForm(SubjectForm):
    """Her Aadhaar number: a keyed hash and the last four digits are kept, never the number."""

    aadhaar = forms.CharField(
        label=_("Aadhaar number"), max_length=20, widget=digits(),
        help_text=_("Twelve digits. Only the last four are kept, and a mark that recognises the number again."),
    )  # fmt: skip

    def act(self, *, by: Scope) -> Woman:
        return actions.identify_woman(by=by, woman=self.subject, aadhaar=self.values["aadhaar"])


class AliasForm(SubjectForm):
    """The id by which another system knows her, her household, or the institution."""

    model = Alias
    system = forms.ChoiceField(label=_("System"), choices=codes.System.choices)
    value = forms.CharField(label=_("Id there"), max_length=60)
    of_household = forms.BooleanField(
        label=_("It is her household's"), required=False, help_text=_("As with SECC and job card numbers"),
    )  # fmt: skip
    from_on = DayField(label=_("Since"), required=False)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        if getattr(self.subject, "household_id", None) is None:
            del self.fields["of_household"]

    def act(self, *, by: Scope) -> Alias:
        given = self.values
        if given.pop("of_household", False):
            owner = {"household": self.subject.household_id}
        else:
            owner = {"woman" if isinstance(self.subject, Woman) else "institution": self.subject}
        return actions.give_alias(by=by, id=self.record_id, **owner, **given)


class AliasEndForm(SubjectForm):
    """An id of another system that stands for her, her household or the institution no longer, or never did."""

    alias = TieChoice(
        queryset=Alias.objects.none(), label=_("Id"), says=lambda one: f"{one.get_system_display()} · {one.value}"
    )
    on = DayField(label=_("No longer from"))
    why = forms.CharField(label=_("Why"), max_length=240, required=False)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["alias"].queryset = queries.aliases_of(self.subject).filter(during__endswith=None)

    def act(self, *, by: Scope) -> Alias:
        return actions.end_alias(by=by, **self.values)
