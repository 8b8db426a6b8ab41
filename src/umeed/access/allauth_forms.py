"""allauth's forms with words of ours: for a passkey that did not arrive, and for single sign-on that is taken off."""

from typing import Any

from allauth.mfa.webauthn import forms
from allauth.socialaccount.forms import DisconnectForm
from django.forms import CharField
from django.utils.translation import gettext_lazy as _

_NOTHING_CAME = _("No passkey arrived. Your browser hands it over only when JavaScript is switched on.")
_LONGEST_NAME = 60


class _SaysWhenNothingCame:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {"required": _NOTHING_CAME, "invalid": _NOTHING_CAME}


class AddPasskey(_SaysWhenNothingCame, forms.AddWebAuthnForm):
    """A new passkey."""

    name = CharField(label=_("Its name"), required=False, max_length=_LONGEST_NAME)


class RenamePasskey(forms.EditWebAuthnForm):
    """Another name for a passkey."""

    name = CharField(label=_("Its name"), max_length=_LONGEST_NAME)


class SignInByPasskey(_SaysWhenNothingCame, forms.LoginWebAuthnForm):
    """A passkey alone, in the place of the password."""


class SecondStepByPasskey(_SaysWhenNothingCame, forms.AuthenticateWebAuthnForm):
    """A passkey after the password."""


class ProveByPasskey(_SaysWhenNothingCame, forms.ReauthenticateWebAuthnForm):
    """A passkey before something that wants to be sure who asks."""


class TakeOff(DisconnectForm):
    """One of the single sign-ons that open her account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = _("Choose which one to take off.")
        self.fields["account"].label = _("Single sign-on")
        self.fields["account"].error_messages |= {"required": choose, "invalid_choice": choose}
