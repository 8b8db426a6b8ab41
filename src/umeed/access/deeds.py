"""What people do to their own sign-in on allauth's pages, told to the chain: the library says it by its signals."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from umeed.access.models import User
from umeed.access.scope import origin_of, scope_of
from umeed.core.audit import audited
from umeed.core.audit_pages import words

_TOLD: tuple[tuple[Signal, str], ...] = (
    (account.password_set, "set_password"),
    (account.password_changed, "change_password"),
    (account.password_reset, "reset_password"),
    (account.email_added, "add_mail_address"),
    (account.email_changed, "change_mail_address"),
    (account.email_removed, "remove_mail_address"),
    (mfa.authenticator_added, "add_second_factor"),
    (mfa.authenticator_reset, "renew_recovery_codes"),
    (mfa.authenticator_removed, "drop_second_factor"),
    (mfa.authentication_failed, "second_step_failed"),
    (social.social_account_added, "connect_single_sign_on"),
    (social.social_account_removed, "disconnect_single_sign_on"),
)
# What `_which` writes as the reason, as readers are told it.
_FACTORS = {"totp": _("Authenticator app"), "webauthn": _("Passkey"), "recovery_codes": _("Recovery codes")}


def listen() -> None:
    """Called once at start."""
    for signal, did in _TOLD:
        signal.connect(_Teller(did), weak=False, dispatch_uid=f"umeed-chain-{did}")
        words.explain(_FACTORS, did=did)


class _Teller:
    """Writes one kind of deed to the chain."""

    def __init__(self, did: str) -> None:
        self.did = did

    def __call__(self, request: HttpRequest, **given: Any) -> None:
        user = _user_of(given)
        if user is None:
            return
        with audited(by=scope_of(user, origin=origin_of(request)), did=self.did, why=_which(given)) as trail:
            trail.about(user)


def _user_of(given: dict[str, Any]) -> User | None:
    """The person whose sign-in it is: named, or the owner of what was connected."""
    owner = given.get("sociallogin") or given.get("socialaccount")
    user = given.get("user") or getattr(owner, "user", None)
    return user if isinstance(user, User) else None


def _which(given: dict[str, Any]) -> str:
    """Which second factor: totp, webauthn or recovery_codes."""
    return str(getattr(given.get("authenticator"), "type", ""))
