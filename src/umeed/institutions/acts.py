"""Forms about a woman or an institution that make or end what ties her to others: each calls one action.

The record in question is the form's `subject`; what the form makes gets its id from the page, so that sending it twice
makes one. What it ends is chosen from a short list of what holds today.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from umeed.core.fields import masked
from umeed.core.forms import ActionForm, DayField
from umeed.core.scope import Scope
from umeed.institutions import actions, codes, queries, rules
from umeed.institutions.actions import federation, groups, joining
from umeed.institutions.fields import InstitutionField, VillageField
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Consent,
    Federation,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    Woman,
)
from umeed.kernel.refusals import Refusal, soft

WOMEN, GROUPS = "women.change", "institutions.change"


def _digits() -> forms.TextInput:
    """A box for a number that browsers shall not remember."""
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class SubjectForm(ActionForm):
    """About `subject`, in the scope of the viewer. `on` begins with today."""

    def __init__(self, *args: Any, subject: Any, **given: Any) -> None:
        self.subject = subject
        super().__init__(*args, **given)

    def prepare(self, scope: Scope) -> None:
        for name in ("on", "joined_on", "left_on", "given_on", "withdrawn_on"):
            if name in self.fields:
                self.fields[name].initial = scope.today


class MemberChoice(forms.ModelChoiceField):
    """A woman by her name and whose wife or daughter she is."""

    def label_from_instance(self, woman: Woman) -> str:
        return f"{woman.name} · {woman.belonging_name}" if woman.belonging_name else woman.name


class TieChoice(forms.ModelChoiceField):
    """One of the dated ties of the subject, in the words of what it ties to."""

    def __init__(self, *, says: Any, **given: Any) -> None:
        super().__init__(queryset=given.pop("queryset"), **given)
        self.says = says

    def label_from_instance(self, tie: Any) -> str:
        return str(self.says(tie))


# About a woman ----------------------------------------------------------------------------------------------------


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


class OfAMembership(SubjectForm):
    """About one of the subject's memberships that hold today: a woman's, or a group's."""

    membership = TieChoice(queryset=Membership.objects.none(), says=str, label=_("Membership"))

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        is_woman = isinstance(self.subject, Woman)
        ties = Membership.objects.filter(during__endswith=None).select_related("woman", "institution")
        ties = ties.filter(woman=self.subject) if is_woman else ties.filter(institution=self.subject)
        seen = Woman.objects.seen_by(scope, WOMEN).filter(pk__in=ties.values("woman"))
        field = self.fields["membership"]
        field.queryset = ties.filter(woman__in=seen).order_by("woman__name")
        field.says = (lambda tie: tie.institution.name) if is_woman else (lambda tie: tie.woman.name)
        field.label = _("Group") if is_woman else _("Member")
        if is_woman:
            field.empty_label = None


class LeaveForm(OfAMembership):
    """She leaves a group: from a day on, for a reason."""

    left_on = DayField(label=_("No member any more from"))
    leave_reason = forms.ChoiceField(label=_("Why"), choices=[("", "—"), *codes.LeaveReason.choices])
    leave_note = forms.CharField(label=_("Note"), max_length=240, required=False)

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        given = self.cleaned_data
        return soft(joining.why_not_leave_group(by, given["membership"], given["left_on"], given["leave_reason"]))

    def act(self, *, by: Scope) -> Membership:
        return actions.leave_group(by=by, **self.values)


class TransferForm(OfAMembership):
    """She changes from one group to another on a day."""

    model = Membership
    group = InstitutionField(label=_("To the group"))
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


class MoveForm(SubjectForm):
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


class HouseholdForm(SubjectForm):
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
        label=_("Aadhaar number"), max_length=20, widget=_digits(),
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


# About an institution ---------------------------------------------------------------------------------------------


class OfficeForm(SubjectForm):
    """A member takes an office."""

    model = OfficeTerm
    woman = MemberChoice(queryset=Woman.objects.none(), label=_("Member"))
    office = forms.ChoiceField(label=_("Office"), choices=codes.Office.choices)
    on = DayField(label=_("From"))
    replacing = forms.BooleanField(label=_("She follows the present holder, whose term ends then"), required=False)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["woman"].queryset = _eligible(self.subject, scope)

    def act(self, *, by: Scope) -> OfficeTerm:
        return actions.elect_office(by=by, id=self.record_id, institution=self.subject, **self.values)


def _eligible(institution: Institution, scope: Scope) -> Any:
    """Members of a group; of a VO those of its groups; of a CLF the office bearers of its VOs and their groups."""
    below = Federation.objects.on(scope.today).filter(above=institution).values("member")
    lowest = Federation.objects.on(scope.today).filter(above__in=below).values("member")
    ties: Any = Membership.objects.on(scope.today).filter(institution=institution)
    if institution.kind == codes.Kind.VO:
        ties = Membership.objects.on(scope.today).filter(institution__in=below)
    elif institution.kind == codes.Kind.CLF:
        officers = OfficeTerm.objects.on(scope.today)
        ties = officers.filter(institution__in=below) | officers.filter(institution__in=lowest)
    return Woman.objects.filter(pk__in=ties.values("woman")).seen_by(scope, "women.see").order_by("name")


class OfficeEndForm(SubjectForm):
    """An office term ends."""

    term = TieChoice(
        queryset=OfficeTerm.objects.none(), label=_("Office"),
        says=lambda term: f"{term.get_office_display()} · {term.woman.name}",
    )  # fmt: skip
    on = DayField(label=_("No longer from"))
    why = forms.CharField(label=_("Why"), max_length=240, required=False)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        terms = OfficeTerm.objects.filter(institution=self.subject, during__endswith=None).select_related("woman")
        self.fields["term"].queryset = terms.filter(woman__in=Woman.objects.seen_by(scope, "women.see"))

    def act(self, *, by: Scope) -> OfficeTerm:
        return actions.end_office(by=by, **self.values)


class AccountForm(SubjectForm):
    """A bank account; the number is typed twice."""

    model = BankAccount
    number = forms.CharField(label=_("Account number"), max_length=30, widget=_digits())
    number_again = forms.CharField(label=_("Account number, again"), max_length=30, widget=_digits())
    ifsc = forms.CharField(label=_("IFSC"), max_length=11, help_text=_("Eleven characters, the fifth a zero"))
    bank = forms.CharField(label=_("Bank"), max_length=80, required=False)
    branch = forms.CharField(label=_("Branch"), max_length=80, required=False)
    name = forms.CharField(label=_("Name in the passbook"), max_length=120, required=False)
    opened_on = DayField(label=_("Opened on"), required=False)
    is_default = forms.BooleanField(label=_("Main account"), required=False, initial=True)

    def act(self, *, by: Scope) -> BankAccount:
        return actions.open_account(by=by, id=self.record_id, institution=self.subject, **self.values)


def _account_words(account: BankAccount) -> str:
    return " · ".join(part for part in (masked(account.number), account.bank, account.branch) if part)


class OfAnAccount(SubjectForm):
    """About one of the institution's accounts that are open."""

    account = TieChoice(queryset=BankAccount.objects.none(), says=_account_words, label=_("Account"))

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["account"].queryset = BankAccount.objects.filter(institution=self.subject, during__endswith=None)
        self.fields["account"].empty_label = None


class AccountCloseForm(OfAnAccount):
    """An account is closed."""

    on = DayField(label=_("Closed from"))
    why = forms.CharField(label=_("Why"), max_length=240, required=False)

    def act(self, *, by: Scope) -> BankAccount:
        return actions.close_account(by=by, **self.values)


class SignatoryForm(OfAnAccount):
    """An office bearer signs for an account."""

    model = Signatory
    woman = MemberChoice(queryset=Woman.objects.none(), label=_("Office bearer"))
    on = DayField(label=_("From"))

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        terms = OfficeTerm.objects.on(scope.today).filter(institution=self.subject)
        women = Woman.objects.filter(pk__in=terms.filter(office__in=rules.SIGNING_OFFICES).values("woman"))
        self.fields["woman"].queryset = women.seen_by(scope, "women.see").order_by("name")

    def act(self, *, by: Scope) -> Signatory:
        return actions.add_signatory(by=by, id=self.record_id, **self.values)


class SignatoryEndForm(SubjectForm):
    """Somebody signs no longer for an account."""

    signatory = TieChoice(
        queryset=Signatory.objects.none(), label=_("Who signs"),
        says=lambda one: f"{one.woman.name} · {_account_words(one.account)}",
    )  # fmt: skip
    on = DayField(label=_("No longer from"))
    why = forms.CharField(label=_("Why"), max_length=240, required=False)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        rows = Signatory.objects.filter(account__institution=self.subject, during__endswith=None)
        seen = Woman.objects.seen_by(scope, "women.see").filter(pk__in=rows.values("woman"))
        self.fields["signatory"].queryset = rows.filter(woman__in=seen).select_related("woman", "account")

    def act(self, *, by: Scope) -> Signatory:
        return actions.end_signatory(by=by, **self.values)


class FederationForm(SubjectForm):
    """A group joins a village organisation, a village organisation a cluster federation."""

    model = Federation
    above = InstitutionField(label=_("Joins"))
    on = DayField(label=_("From"))
    why = forms.CharField(
        label=_("Reason"), max_length=240, required=False, help_text=_("Needed for a VO of another panchayat")
    )

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        kind = codes.Kind.CLF if self.subject.kind == codes.Kind.VO else codes.Kind.VO
        self.fields["above"].bind_to(scope, GROUPS, kind)
        self.fields["above"].label = _("Joins the CLF") if kind == codes.Kind.CLF else _("Joins the VO")

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        given = self.cleaned_data
        return soft(federation.why_not_federate(by, self.subject, given["above"], given["on"], given["why"]))

    def act(self, *, by: Scope) -> Federation:
        return actions.federate(by=by, id=self.record_id, member=self.subject, **self.values)


class FederationEndForm(SubjectForm):
    """It leaves the federation above it."""

    federation = TieChoice(
        queryset=Federation.objects.none(), says=lambda tie: tie.above.name, label=_("Leaves"), empty_label=None
    )
    on = DayField(label=_("No longer from"))
    why = forms.CharField(label=_("Why"), max_length=240)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        ties = Federation.objects.filter(member=self.subject, during__endswith=None)
        self.fields["federation"].queryset = ties.select_related("above")

    def act(self, *, by: Scope) -> Federation:
        return actions.leave_federation(by=by, **self.values)


class StatusForm(SubjectForm):
    """Another status, from a day on, with the reason."""

    status = forms.ChoiceField(label=_("Status"), choices=codes.Status.choices)
    on = DayField(label=_("From"))
    why = forms.CharField(label=_("Why"), max_length=240)

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        given = self.cleaned_data
        return soft(groups.why_not_change_status(by, self.subject, given["status"], given["on"], given["why"]))

    def act(self, *, by: Scope) -> Institution:
        return actions.change_status(by=by, group=self.subject, **self.values)
