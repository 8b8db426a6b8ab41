"""How allauth behaves here: nobody signs herself up, single sign-on meets only people already known, secrets sealed."""

from dataclasses import replace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse

from umeed.access import themes
from umeed.access.models import User
from umeed.access.scope import origin_of, scope_of
from umeed.core.audit import audited
from umeed.core.scope import nobody
from umeed.core.seal import opened, sealed


class NoOpenSignUp(DefaultAccountAdapter):
    """Accounts are made by an officer who answers for them. Sign-ins and wrong passwords are written to the chain."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:
        answer = super().post_login(request, user, **given)
        with audited(by=scope_of(user, origin=origin_of(request)), did="sign_in") as trail:
            trail.about(user)
        return themes.keep(answer, request, user.theme)

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
    """One-time-password secrets and recovery seeds rest sealed."""

    def encrypt(self, text: str) -> str:
        return sealed(text, "mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return opened(encrypted_text, "mfa")
