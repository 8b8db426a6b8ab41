"""Forms about an institution: offices, accounts and who signs, federation, status."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from umeed.core.fields import masked
from umeed.core.forms import DayField, IfscField
from umeed.core.scope import Scope
from umeed.institutions import actions, codes, rules
from umeed.institutions.actions import accounts, federation, groups
from umeed.institutions.acts.shared import (
    GROUPS,
    HerTieChoice,
    MemberChoice,
    SubjectForm,
    TieChoice,
    digits,
)
from umeed.institutions.fields import InstitutionField
from umeed.institutions.models import (
    BankAccount,
    Federation,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    Woman,
)
from umeed.kernel.refusals import Refusal, soft


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

    term = HerTieChoice(
        queryset=OfficeTerm.objects.none(), label=_("Office"),
        says=lambda term, her: f"{term.get_office_display()} · {her}",
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
    number = forms.CharField(label=_("Account number"), max_length=30, widget=digits())
    number_again = forms.CharField(label=_("Account number, again"), max_length=30, widget=digits())
    ifsc = IfscField(label=_("IFSC"), help_text=_("Eleven characters, the fifth a zero"))
    bank = forms.CharField(label=_("Bank"), max_length=80, required=False)
    branch = forms.CharField(label=_("Branch"), max_length=80, required=False)
    name = forms.CharField(label=_("Name in the passbook"), max_length=120, required=False)
    opened_on = DayField(label=_("Opened on"), required=False)
    is_default = forms.BooleanField(label=_("Main account"), required=False, initial=True)

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        typed = {name: self.cleaned_data.get(name) for name in ("number", "number_again", "ifsc", "opened_on")}
        # Without the first number there is nothing with which the second could agree.
        again = typed["number_again"] if typed["number"] else None
        return accounts.reasons_on_opening(by, self.subject, **{**typed, "number_again": again})

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

    signatory = HerTieChoice(
        queryset=Signatory.objects.none(), label=_("Who signs"),
        says=lambda one, her: f"{her} · {_account_words(one.account)}",
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
