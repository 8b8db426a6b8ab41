"""Every page of signing in, walked in Urdu, right and wrong: no sentence of the library's English is left.

The addresses come from the URLconf, so a new one of django-allauth is walked as soon as it is there. Hindi has the same
texts (tests/architecture/test_languages.py).
"""

import json
import re
from html.parser import HTMLParser

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData
from tests.architecture import routes

PASSWORD = "plough-apricot-jhelum-maina"
LOGIN = "/accounts/login/"
SECRET = "JBSWY3DPEHPK3PXP"
# What may stand in Latin letters, and why.
LATIN = {
    "English",  # the switch of languages: each under its own name
    "Umeed", "Test",  # the product and the scene's mission
    "Here", "district", "test",  # the scene's place, and why it posted her
    "auditor", "example", "org", "testserver", "http",  # her user name and mail address, this machine
    "VO", "CLF", "LGD", "MIS", "QR", "JavaScript", "https",  # terms that are so written (docs/words.md)
    "Passkey", "Mission", "sign",  # the names of her passkey and of the mission's provider
}  # fmt: skip
WRONG = {
    "login": "auditor", "password": "wrong", "oldpassword": "wrong", "password1": "short", "password2": "other",
    "email": "no address", "code": "000000", "credential": "{}", "name": "x" * 300, "account": "999",
}  # fmt: skip


class _Said(HTMLParser):
    """All that a page says: its texts, and what labels, hints and alternatives say."""

    _SAYING = ("aria-label", "title", "placeholder", "alt", "data-confirm", "data-cancel")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in ("script", "style", "svg", "code", "textarea")
        self.texts += [value or "" for name, value in attrs if name in self._SAYING]

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def _english(page: str) -> list[str]:
    """Texts of a page with a Latin word that has no reason to be there."""
    return [
        " ".join(text.split())
        for text in _Said(page).texts
        if [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in LATIN]
    ]


@pytest.fixture
def auditor(scene, settings):
    """Somebody who reads Urdu, with every way to a second step."""
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # many sign-ins, and no secret here
    person = scene.people["auditor"]
    person.name, person.language, person.email = "حلیمہ بانو", "ur", "auditor@example.org"
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def all_ways(auditor):
    TOTP.activate(auditor, SECRET)
    RecoveryCodes.activate(auditor)
    data = {"name": "Passkey", "credential": _credential()}
    return Authenticator.objects.create(user=auditor, type=Authenticator.Type.WEBAUTHN, data=data)


@pytest.fixture
def provider(settings, auditor):
    """Single sign-on as the environment configures it, connected to her account."""
    app = {
        "provider_id": "sso", "name": "Mission sign", "client_id": "umeed", "secret": "x",
        "settings": {"server_url": "https://sso.invalid"},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return SocialAccount.objects.create(user=auditor, provider="sso", uid="auditor@example.org")


def _credential():
    """What a browser sends when it has made a passkey."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(b"\0" * 16, b"\1" * 32, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    shown = AttestationObject.create("none", AuthenticatorData.create(sha256(b"testserver"), flags, 0, made), {})
    said = {"type": "webauthn.create", "challenge": "AAAA", "origin": "http://testserver"}
    return {
        "id": websafe_encode(made.credential_id), "rawId": websafe_encode(made.credential_id), "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(said).encode()),
            "attestationObject": websafe_encode(bytes(shown)),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }  # fmt: skip


def _visitor(person):
    return Client(headers={"accept-language": "ur"})


def _signed_in(person):
    """Long ago: whatever matters asks for the password again."""
    client = _visitor(person)
    client.force_login(person)
    return client


def _proven(person):
    """Just now, by the password that was asked for again; who has none is not asked."""
    client = _signed_in(person)
    if person.has_usable_password():
        assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def _halfway(person):
    """After the password, before the second step."""
    client = _visitor(person)
    assert client.post(LOGIN, {"login": "auditor", "password": PASSWORD}).url.startswith("/accounts/2fa/authenticate/")
    return client


def _addresses(passkey):
    values = {"key": "x", "uidb36": "1", "provider_id": "sso", "pk": passkey.pk}
    for route in routes.all_routes():
        if route.is_allauth:
            filled = route.filled(values)
            yield "/accounts/password/reset/key/1-x/" if "uidb36" in filled else filled


def _english_answer(answer):
    shown = answer.status_code != 405 and "html" in answer.headers.get("Content-Type", "")
    return _english(answer.content.decode()) if shown else []


def _walk(person, state, passkey):
    """Each address is read, and sent nothing and wrong things, always from the same state."""
    found = {}
    for address in _addresses(passkey):
        for sent in (None, {}, WRONG):
            cache.clear()
            with transaction.atomic():
                client = state(person)
                answer = client.get(address, follow=True) if sent is None else client.post(address, sent, follow=True)
                transaction.set_rollback(True)
            assert answer.status_code < 500 or "oidc" in address, address
            for text in _english_answer(answer):
                found.setdefault(text, (address, sent))
    return found


@pytest.mark.parametrize("state", [_visitor, _signed_in, _proven, _halfway])
def test_nobody_meets_english_on_the_way_in(auditor, all_ways, state) -> None:
    assert _walk(auditor, state, all_ways) == {}


def test_nor_who_comes_by_single_sign_on_and_has_no_password(auditor, all_ways, provider) -> None:
    Authenticator.objects.all().delete()
    auditor.set_unusable_password()
    auditor.save()
    assert _walk(auditor, _proven, all_ways) == {}
    page = _proven(auditor).get("/accounts/password/set/").content.decode()
    assert "password1" in page, "she may give herself one"
    refused = _proven(auditor).post("/accounts/3rdparty/", {"account": provider.pk}).content.decode()
    assert 'role="alert"' in refused, "her only way in is not taken off, and she is told so"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/accounts/logout/", {}),
        ("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "walnut-shikara-loom-zanskar"}),
        ("/accounts/2fa/totp/deactivate/", {}),
        ("/accounts/2fa/recovery-codes/generate/", {}),
        ("/accounts/2fa/webauthn/keys/{pk}/remove/", {}),
        ("/accounts/2fa/webauthn/keys/{pk}/edit/", {"name": "Passkey"}),
        ("/accounts/sessions/", {}),
        ("/accounts/reauthenticate/", {"password": PASSWORD}),
        ("/accounts/3rdparty/", {"account": "{sso}"}),
    ],
)
def test_what_was_done_is_said_in_her_language(
    auditor, all_ways, provider, django_capture_on_commit_callbacks, address, sent
) -> None:
    given = {name: value.format(sso=provider.pk) for name, value in sent.items()}
    given |= {"password2": given["password1"]} if "password1" in given else {}
    client = _proven(auditor)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address.format(pk=all_ways.pk), given)
    assert answer.status_code == 302, _english_answer(answer)
    assert "/reauthenticate/" not in answer.url
    assert _english_answer(client.get(answer.url, follow=True)) == []


def test_signing_in_says_her_name_and_not_her_user_name(auditor) -> None:
    answer = _visitor(auditor).post(LOGIN, {"login": "auditor", "password": PASSWORD}, follow=True)
    assert "حلیمہ بانو" in str(next(iter(answer.context["messages"])))
    assert _english_answer(answer) == []
    told = _signed_in(auditor).get("/accounts/password/reset/").content.decode()
    assert "حلیمہ بانو" in told and "auditor" not in told


def test_who_tries_too_often_is_told_so(auditor, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    answers = [_visitor(auditor).post("/accounts/password/reset/", {"email": "x@example.org"}) for _ in range(2)]
    assert answers[1].status_code == 429 and _english_answer(answers[1]) == []
    assert 'dir="rtl"' in answers[1].content.decode()


def test_mails_are_in_the_language_of_the_person(auditor) -> None:
    """Hers, whatever the browser at which she asks; a stranger gets the browser's, and nothing to sign up with."""
    cache.clear()
    for address in ("auditor@example.org", "stranger@example.org"):
        in_english = Client(headers={"accept-language": "en" if address == auditor.email else "ur"})
        answer = in_english.post("/accounts/password/reset/", {"email": address}, follow=True)
        assert answer.status_code == 200
    hers, strangers = mail.outbox
    link = re.search(r"http://testserver(/\S+)", hers.body)[1]
    assert "signup" not in strangers.body
    for letter in (hers, strangers):
        said = re.sub(r"http://\S+|\S+@\S+", "", f"{letter.subject} {letter.body}")
        assert [word for word in re.findall(r"[A-Za-z]{2,}", said) if word not in LATIN] == []
    client = _visitor(auditor)
    form = client.get(link, follow=True)
    assert _english_answer(form) == []
    better = {"password1": "walnut-shikara-loom-zanskar", "password2": "walnut-shikara-loom-zanskar"}
    assert _english_answer(client.post(form.redirect_chain[-1][0], better, follow=True)) == []
    assert _english_answer(_visitor(auditor).get(link, follow=True)) == [], "a link that was used"
