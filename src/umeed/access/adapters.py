"""How allauth behaves here: nobody signs herself up, single sign-on meets only people already known, secrets sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from umeed.core.seal import opened, sealed


class NoOpenSignUp(DefaultAccountAdapter):
    """Accounts are made by an officer who answers for them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class OnlyKnownPeople(DefaultSocialAccountAdapter):
    """Single sign-on opens an account that exists already, never a new one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SealedSecrets(DefaultMFAAdapter):
    """One-time-password secrets and recovery seeds rest sealed."""

    def encrypt(self, text: str) -> str:
        return sealed(text, "mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return opened(encrypted_text, "mfa")
