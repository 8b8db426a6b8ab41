"""What the forms of acts share: the subject, choices of women and of dated ties, and leaving a group."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from umeed.core.forms import ActionForm, DayField
from umeed.core.scope import Scope
from umeed.institutions import actions, codes
from umeed.institutions.actions import joining
from umeed.institutions.leaving import first_day_to_leave
from umeed.institutions.models import (
    Membership,
    Woman,
)
from umeed.institutions.naming import called_among
from umeed.institutions.rules.days import not_in_future
from umeed.kernel.refusals import Refusal, soft

WOMEN, GROUPS = "women.change", "institutions.change"
# Days on which something happened: each begins with today in the form, and none lies in the future.
HAPPENED = ("on", "joined_on", "left_on", "given_on", "withdrawn_on")

# Who is a member today for the last time is none from tomorrow.
NO_TIME, AHEAD = datetime.timedelta(0), {"left_on": datetime.timedelta(days=1)}


def digits() -> forms.TextInput:
    """A box for a number that browsers shall not remember."""
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class SubjectForm(ActionForm):
    """About `subject`, in the scope of the viewer. `on` begins with today."""

    def __init__(self, *args: Any, subject: Any, **given: Any) -> None:
        self.subject = subject
        super().__init__(*args, **given)

    def prepare(self, scope: Scope) -> None:
        for name in HAPPENED:
            if name in self.fields:
                self.fields[name].initial = scope.today

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        """What a day tells by itself; the rest hangs on all fields together and is the action's to say."""
        days = ((name, self.cleaned_data.get(name)) for name in HAPPENED)
        late = [(name, day) for name, day in days if day and day > by.today + AHEAD.get(name, NO_TIME)]
        return [reason for name, day in late for reason in not_in_future(day, by.today, name)]


class Called:
    """Of a choice of women: what each is called in her group, two of one name told apart. Asked once, when shown."""

    queryset: Any
    _called: Mapping[UUID, str] | None = None

    def called(self, woman: Woman, *, by: str) -> str:
        """`by` is where the rows of the choice name her."""
        if self._called is None:
            self._called = called_among(self.queryset.order_by().values(by))
        return self._called.get(woman.pk, woman.name)


class MemberChoice(Called, forms.ModelChoiceField):
    """A woman by her name and whose wife or daughter she is."""

    def label_from_instance(self, woman: Woman) -> str:
        name = self.called(woman, by="pk")
        return f"{name} · {woman.belonging_name}" if woman.belonging_name and name == woman.name else name


class TieChoice(forms.ModelChoiceField):
    """One of the dated ties of the subject, in the words of what it ties to."""

    def __init__(self, *, says: Any, **given: Any) -> None:
        super().__init__(queryset=given.pop("queryset"), **given)
        self.says = says

    def label_from_instance(self, tie: Any) -> str:
        return str(self.says(tie))


class HerTieChoice(Called, TieChoice):
    """One of the dated ties of women: `says` is told what each is called too."""

    def label_from_instance(self, tie: Any) -> str:
        return str(self.says(tie, self.called(tie.woman, by="woman")))


class OfAMembership(SubjectForm):
    """About one of the subject's memberships that hold today: a woman's, or a group's."""

    membership = HerTieChoice(queryset=Membership.objects.none(), says=str, label=_("Membership"))

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        is_woman = isinstance(self.subject, Woman)
        ties = Membership.objects.filter(during__endswith=None).select_related("woman", "institution")
        ties = ties.filter(woman=self.subject) if is_woman else ties.filter(institution=self.subject)
        seen = Woman.objects.seen_by(scope, WOMEN).filter(pk__in=ties.values("woman"))
        field = self.fields["membership"]
        field.queryset = ties.filter(woman__in=seen).order_by("woman__name")
        field.says = (lambda tie, _her: tie.institution.name) if is_woman else (lambda _tie, her: her)
        field.label = _("Group") if is_woman else _("Member")
        if is_woman:
            field.empty_label = None


class LeaveForm(OfAMembership):
    """She leaves a group: from a day on, for a reason."""

    left_on = DayField(label=_("No member any more from"))
    leave_reason = forms.ChoiceField(label=_("Why"), choices=[("", "—"), *codes.LeaveReason.choices])
    leave_note = forms.CharField(label=_("Note"), max_length=240, required=False)

    def prepare(self, scope: Scope) -> None:
        """Begins with today, or with the day after the last on which a book names her."""
        super().prepare(scope)
        ties = list(self.fields["membership"].queryset[:2]) if isinstance(self.subject, Woman) else []
        if len(ties) == 1:
            known = first_day_to_leave(ties[0].woman_id, ties[0].institution_id)
            self.fields["left_on"].initial = max(scope.today, known) if known else scope.today

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        given = self.cleaned_data
        return soft(joining.why_not_leave_group(by, given["membership"], given["left_on"], given["leave_reason"]))

    def act(self, *, by: Scope) -> Membership:
        return actions.leave_group(by=by, **self.values)
