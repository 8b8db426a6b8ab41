"""Forms of this room: inviting, posting, ending, changing an account, one's own page, the first password."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from umeed.access import actions, rules
from umeed.access.capabilities import ROLE_CHOICES
from umeed.access.models import User
from umeed.core.forms import ActionForm, ActionModelForm, DayField
from umeed.core.scope import Scope
from umeed.kernel.refusals import Refusal

ONE_DAY = datetime.timedelta(days=1)
LANGUAGE_CHOICES = [("", _("As the browser asks")), *settings.LANGUAGES]
THEME_CHOICES = [("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]


class SeatForm(ActionForm):
    """A role at a seat for some days: what inviting and posting share. The seat was chosen before."""

    role = forms.ChoiceField(widget=forms.HiddenInput, choices=ROLE_CHOICES)
    place = forms.IntegerField(widget=forms.HiddenInput, required=False)
    institution = forms.UUIDField(widget=forms.HiddenInput, required=False)
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"), required=False, help_text=_("Empty: until somebody ends it."))
    why = forms.CharField(label=_("Why"), max_length=200, help_text=_("The order and its date, or who asked for it."))

    def prepare(self, scope: Scope) -> None:
        self.fields["since"].initial = scope.today

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return rules.why_not_days(since, until + ONE_DAY if until else None, by.today) if since else []

    @property
    def seat(self) -> dict[str, Any]:
        """What the actions take: `until` becomes the first day without the role."""
        given = self.values
        last_day = given["until"]
        return {
            "role": given["role"],
            "place_id": given["place"],
            "institution_id": given["institution"],
            "since": given["since"],
            "until": last_day + ONE_DAY if last_day else None,
            "why": given["why"],
        }


class InviteForm(SeatForm):
    """A new person with her first posting."""

    model = User
    name = forms.CharField(label=_("Name"), max_length=120)
    username = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("What she types to sign in: letters and digits, no spaces.")
    )
    email = forms.EmailField(
        label=_("Mail address"), required=False, help_text=_("For single sign-on and lost passwords.")
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGE_CHOICES)
    field_order = ("name", "username", "email", "language", "since", "until", "why")

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        return [*super().reasons(by), *_why_not_named(self, User(pk=self.record_id))]

    def act(self, *, by: Scope) -> User:
        about = {key: self.values[key] for key in ("name", "username", "email", "language")}
        person, self.link = actions.invite_person(by=by, user_id=self.record_id, **about, **self.seat)
        return person


class PostForm(SeatForm):
    """One more posting for a person who is there already (`record`)."""

    def act(self, *, by: Scope) -> Any:
        return actions.post_person(by=by, user=self.record, **self.seat)


class EndForm(ActionForm):
    """Ends the posting that is its `record`."""

    end = DayField(label=_("Last day"), required=False, help_text=_("Empty: it ends at once."))
    why = forms.CharField(label=_("Why"), max_length=200)

    def act(self, *, by: Scope) -> Any:
        last_day = self.values["end"]
        end = last_day + ONE_DAY if last_day else max(by.today, self.record.during.lower)
        return actions.end_posting(by=by, posting=self.record, end=end, why=self.values["why"])


class AccountForm(ActionForm):
    """Asks why, and does one thing (`does`) with the account that is its `record`."""

    why = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, does: Any, **given: Any) -> None:
        self.does = does
        super().__init__(*args, **given)

    def act(self, *, by: Scope) -> Any:
        return self.does(by=by, person=self.record, why=self.values["why"])


class PersonForm(ActionModelForm):
    """What an officer corrects about a person she answers for."""

    class Meta:
        model = User
        fields = ["name", "username", "email", "language"]
        labels = {"email": _("Mail address"), "username": _("User name")}

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        return _why_not_named(self, User(pk=self.record.pk))

    def prepare(self, scope: Scope) -> None:
        self.fields["language"] = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGE_CHOICES)

    def act(self, *, by: Scope) -> Any:
        return actions.change_person(by=by, person=self.record, **self.values)


class MeForm(ActionModelForm):
    """What a person changes about herself. Her user name and mail address are an officer's to change."""

    class Meta:
        model = User
        fields = ["name", "phone", "language", "theme"]

    def prepare(self, scope: Scope) -> None:
        self.fields["language"] = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGE_CHOICES)
        self.fields["theme"] = forms.ChoiceField(label=_("Light or dark"), required=False, choices=THEME_CHOICES)

    def act(self, *, by: Scope) -> Any:
        return actions.change_person(by=by, person=self.record, **self.values)


def _why_not_named(form: ActionForm | ActionModelForm, person: User) -> list[Refusal]:
    """The reasons against what could be read of `person`."""
    for name in ("name", "username", "email"):
        setattr(person, name, form.cleaned_data.get(name) or "")
    return actions.why_not_named(person)


class FirstPasswordForm(forms.Form):
    """A password, twice, for the person behind a one-time link."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html,
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **given: Any) -> None:
        self.person = person
        super().__init__(*args, **given)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ."))
        return given
