"""How allauth behaves here: nobody signs herself up, single sign-on meets only people already known, secrets sealed."""

from dataclasses import replace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from umeed.access import themes
from umeed.access.models import User
from umeed.access.scope import origin_of, scope_of
from umeed.core.audit import audited
from umeed.core.scope import nobody
from umeed.core.seal import opened, sealed

_NAME = "Umeed"


class NoOpenSignUp(DefaultAccountAdapter):
    """Accounts are made by an officer who answers for them. Sign-ins and wrong passwords are written to the chain."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:
        answer = super().post_login(request, user, **given)
        with audited(by=scope_of(user, origin=origin_of(request)), did="sign_in") as trail:
            trail.about(user)
        return themes.keep(answer, request, user.theme)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In her own language: who asks for the mail may sit at another's browser."""
        own = getattr(context.get("user"), "language", "") or get_language()
        with override(own):
            super().send_mail(template_prefix, email, context)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password for a person who exists is kept; what strangers type is not. Throttled before this."""
        name = credentials.get("username") or credentials.get("email") or ""
        person = User.objects.filter(username__iexact=name).first() or User.objects.filter(email__iexact=name).first()
        if not name or person is None:
            return
        by = replace(nobody(scope_of(person).today), origin=origin_of(request))
        with audited(by=by, did="sign_in_failed") as trail:
            trail.about(person)


class OnlyKnownPeople(DefaultSocialAccountAdapter):
    """Single sign-on opens an account that exists already, found by a mail address that the provider has verified."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SealedSecrets(DefaultMFAAdapter):
    """One-time-password secrets and recovery seeds rest sealed; phones list our passkeys and codes under our name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This was not accepted. A code of the app counts for half a minute, each code only once, and a passkey"
            " that was removed does not work any more."
        ),
    }

    def get_totp_issuer(self) -> str:
        return _NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": _NAME}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a new passkey is called until she gives it a name of her own."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        return sealed(text, "mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return opened(encrypted_text, "mfa")
