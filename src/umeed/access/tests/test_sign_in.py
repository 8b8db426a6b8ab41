"""Signing in: throttled, without open sign-up, with a second step where officers need one, under a strict policy."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from umeed.access import queries
from umeed.core.models import AuditEntry

PASSWORD = "plough-apricot-jhelum-maina"
LOGIN = "/accounts/login/"


@pytest.fixture
def auditor(scene):
    cache.clear()
    person = scene.people["auditor"]
    person.set_password(PASSWORD)
    person.save()
    return person


def _try(login="auditor", password=PASSWORD, address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post(LOGIN, {"login": login, "password": password})


def test_the_sixth_wrong_password_for_an_account_is_refused_from_anywhere(auditor) -> None:
    for number in range(5):
        assert "not correct" in _try(password="wrong", address=f"192.0.2.{number}").content.decode()
    refused = _try(address="198.51.100.9")
    assert refused.status_code == 200 and "Too many failed login attempts" in refused.content.decode()


def test_the_twenty_first_wrong_password_from_an_address_is_refused_for_any_account(auditor) -> None:
    for number in range(20):
        _try(login=f"stranger{number}", password="wrong", address="203.0.113.5")
    assert "Too many failed login attempts" in _try(address="203.0.113.5").content.decode()
    assert _try(address="203.0.113.6").status_code == 302


def test_right_passwords_do_not_count(auditor) -> None:
    for _number in range(7):
        assert _try().status_code == 302


def test_the_count_survives_a_flood_of_invented_names(auditor, settings) -> None:
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


def test_wrong_passwords_of_known_people_are_on_their_own_page(auditor) -> None:
    _try(password="wrong")
    _try(login="stranger", password="wrong")
    _try()
    assert [line.ok for line in queries.recent_sign_ins(auditor)] == [True, False]
    assert "192.0.2.1" in queries.recent_sign_ins(auditor)[0].origin
    assert "stranger" not in str(list(AuditEntry.objects.values()))


def test_nobody_signs_herself_up(auditor) -> None:
    answer = Client().post("/accounts/signup/", {"username": "me", "password1": PASSWORD, "password2": PASSWORD})
    assert "You have no account here" in answer.content.decode()
    assert not type(auditor).objects.filter(username="me").exists()
    assert "signup" not in Client().get(LOGIN).content.decode()


def test_nobody_adds_a_mail_address_to_an_account_herself(auditor) -> None:
    """An address opens the account: a phone left lying about must not become a new password."""
    auditor.email = "auditor@example.org"
    auditor.save()
    EmailAddress.objects.create(user=auditor, email=auditor.email, verified=True, primary=True)
    client = Client()
    client.post(LOGIN, {"login": "auditor", "password": PASSWORD})
    for act in ("action_add", "action_remove", "action_primary", "action_send"):
        answer = client.post("/accounts/email/", {act: "", "email": "thief@example.org"})
        assert answer.headers["Location"] == "/me/"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["auditor@example.org"]
    page = client.get("/me/").content.decode()
    assert "auditor@example.org" in page
    assert "/accounts/email/" not in client.get("/accounts/password/change/").content.decode()


def test_a_second_step_is_asked_for_and_recovery_codes_work_once(auditor) -> None:
    made = TOTP.activate(auditor, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(auditor)
    kept = Authenticator.objects.get(pk=made.instance.pk)
    assert "JBSWY3DPEHPK3PXP" not in str(kept.data)
    assert get_adapter().decrypt(kept.data["secret"]) == "JBSWY3DPEHPK3PXP"
    client = Client()
    answer = client.post(LOGIN, {"login": "auditor", "password": PASSWORD})
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert client.get("/me/").status_code == 302
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", counter))
    assert client.post(answer.url, {"code": code}).status_code == 302
    assert client.get("/me/").status_code == 200
    recovery = codes.get_unused_codes()[0]
    for expected in (302, 200):
        other = Client()
        other.post(LOGIN, {"login": "auditor", "password": PASSWORD})
        assert other.post("/accounts/2fa/authenticate/", {"code": recovery}).status_code == expected


def test_officers_are_sent_to_set_up_a_second_step(scene, settings, auditor) -> None:
    settings.SECOND_FACTOR = "officers"
    client = Client()
    client.force_login(auditor)
    assert client.get("/users/").url == reverse("access:second_factor")
    for open_page in ("/me/second-step/", "/accounts/2fa/totp/activate/", "/accounts/password/change/"):
        assert client.get(open_page).status_code in (200, 302), open_page
        assert client.get(open_page).headers.get("Location", "") != "/me/second-step/"
    TOTP.activate(auditor, "JBSWY3DPEHPK3PXP")
    assert client.get("/users/").status_code == 200
    bookkeeper = Client()
    bookkeeper.force_login(scene.people["group_bookkeeper"])
    assert bookkeeper.get("/me/").status_code == 200


def test_every_page_of_signing_in_obeys_the_policy(auditor) -> None:
    """No script in the page but data for scripts from our own address; no style, no handler in an attribute."""
    client = Client()
    client.post(LOGIN, {"login": "auditor", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    visitor = Client()
    pages = {
        visitor: [LOGIN, "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/"],
        client: [
            "/accounts/password/change/", "/accounts/logout/", "/accounts/sessions/",
            "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
            "/accounts/reauthenticate/", "/accounts/3rdparty/", "/me/", "/me/second-step/",
        ],
    }  # fmt: skip
    for browser, urls in pages.items():
        for url in urls:
            answer = browser.get(url)
            assert answer.status_code == 200, (url, answer.status_code, answer.headers.get("Location"))
            page = answer.content.decode()
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
            for attributes in re.findall(r"<script([^>]*)>", page):
                assert "src=" in attributes or 'type="application/json"' in attributes, (url, attributes)
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), url


def test_a_page_with_passkeys_says_why_it_needs_javascript(auditor) -> None:
    page = Client().get(LOGIN).content.decode()
    assert "<noscript>" in page


def test_what_a_person_does_to_her_own_sign_in_is_in_the_chain(auditor, django_capture_on_commit_callbacks) -> None:
    client, other = Client(), Client()
    for browser in (client, other):
        browser.post(LOGIN, {"login": "auditor", "password": PASSWORD})
    better = "walnut-shikara-zanskar-loom"
    given = {"oldpassword": PASSWORD, "password1": better, "password2": better}
    assert client.post("/accounts/password/change/", given).status_code == 302
    assert AuditEntry.objects.latest("seq").did == "change_password"
    assert other.get("/me/").status_code == 302, "the other devices are signed out"
    client.post("/accounts/reauthenticate/", {"password": better})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page)[1]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    told = list(AuditEntry.objects.order_by("-seq").values_list("did", "why")[:2])
    assert ("add_second_factor", "totp") in told
    assert secret not in str(list(AuditEntry.objects.values()))
    entered = Client()
    entered.post(LOGIN, {"login": "auditor", "password": better})
    entered.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert AuditEntry.objects.latest("seq").did == "second_step_failed"


def test_recovery_codes_say_what_they_are_for_and_the_second_step_says_that_they_count(auditor) -> None:
    TOTP.activate(auditor, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(auditor).get_unused_codes()
    asked = Client()
    step = asked.post(LOGIN, {"login": "auditor", "password": PASSWORD}).url
    page = asked.get(step).content.decode()
    assert "one of your recovery codes" in page
    assert "mfa_webauthn_authenticate" not in page, "who has no passkey is offered none"
    asked.post(step, {"code": codes[0]})
    asked.post("/accounts/reauthenticate/", {"password": PASSWORD})
    shown = asked.get("/accounts/2fa/recovery-codes/").content.decode()
    assert "Each works once" in shown and codes[1] in shown and codes[0] not in shown


def test_a_new_passkey_signs_in_alone_unless_she_says_otherwise(auditor) -> None:
    """Without this the passkey would stay a second step, and "Sign in with a passkey" would not know it."""
    client = Client()
    client.post(LOGIN, {"login": "auditor", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    assert re.search(r'<input type="checkbox" name="passwordless"[^>]* checked>', page)
    assert 'value="Passkey 1"' in page and '"name": "Umeed"' in page
