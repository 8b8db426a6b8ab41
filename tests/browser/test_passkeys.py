"""Passkeys as a person meets them on her phone: one that works, and each way in which none comes, said in her language.

Chromium carries a make-believe device that holds passkeys (the DevTools' virtual authenticator). A passkey needs a name
for an address, so these pages are opened at localhost.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LOGIN, ADD, SECOND_STEP = "/accounts/login/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/"
NO_WEBAUTHN = "delete window.PublicKeyCredential"
SAID = {
    "en": {
        "none": "This browser has no passkeys", "stopped": "No passkey was used", "made": "No passkey was made",
        "known": "This device has a passkey of yours already", "address": "Passkeys do not work at this address",
        "failed": "The passkey could not be asked for",
    },
    "ur": {
        "none": "یہ براؤزر پاس کی نہیں چلا سکتا", "stopped": "کوئی پاس کی استعمال نہیں ہوئی",
        "made": "کوئی پاس کی نہیں بنی", "known": "اس آلے پر آپ کی پاس کی پہلے سے ہے",
        "address": "اس پتے پر پاس کی نہیں چلتی", "failed": "پاس کی مانگی نہیں جا سکی",
    },
}  # fmt: skip
INSTEAD = {
    "en": "Or sign in with your user name and your password.",
    "ur": "یا اپنے یوزر نام اور پاس ورڈ سے سائن اِن کریں۔",
}


@pytest.fixture(params=["en", "ur"])
def language(request) -> str:
    return request.param


@pytest.fixture
def phone(somebody, language):
    return somebody(language=language, viewport=PHONE)


def _here(person) -> str:
    return person.site.address.replace("127.0.0.1", "localhost")


class _Device:
    """The make-believe device of a page."""

    def __init__(self, page: Page) -> None:
        self._say = page.context.new_cdp_session(page).send
        self._say("WebAuthn.enable")
        kind = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        self.id = self._say("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"]

    def knows_her(self, yes: bool) -> None:
        """Whether the screen lock is opened when it asks."""
        self._say("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": yes})


def _sign_in(page: Page, person, username: str) -> None:
    page.goto(_here(person) + LOGIN)
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", person.site.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: LOGIN not in url)


def _is_told(page: Page, words: str, instead: str = "") -> None:
    """Seen, heard (an alert that holds the focus), alone, without a barrier and not wider than the phone."""
    told = page.locator("[data-passkey-trouble]:visible")
    expect(told).to_have_count(1)
    expect(told).to_contain_text(words)
    expect(told).to_contain_text(instead)
    expect(told).to_be_focused()
    expect(told).to_be_in_viewport()
    assert told.get_attribute("role") == "alert"
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    _keep_picture(page)


def _keep_picture(page: Page) -> None:
    """For who wants to look: UMEED_PICTURES=folder."""
    if folder := os.environ.get("UMEED_PICTURES"):
        page.screenshot(path=Path(folder) / f"{len(os.listdir(folder)):03}.png", full_page=True)


def test_a_browser_without_passkeys_says_so_and_what_to_do(phone, language) -> None:
    phone.page.add_init_script(NO_WEBAUTHN)
    phone.page.goto(_here(phone) + LOGIN)
    expect(phone.page.locator("[data-passkey-trouble]:visible")).to_have_count(0)
    phone.page.click("#passkey_login")
    _is_told(phone.page, SAID[language]["none"], INSTEAD[language])


def test_an_address_without_a_name_says_so(phone, language) -> None:
    phone.open(LOGIN).click("#passkey_login")
    _is_told(phone.page, SAID[language]["address"], INSTEAD[language])


def test_a_server_that_does_not_answer_is_told(phone, language) -> None:
    phone.page.route("**/2fa/webauthn/login/", lambda route: route.fulfill(status=429))
    phone.page.goto(_here(phone) + LOGIN)
    phone.page.click("#passkey_login")
    _is_told(phone.page, SAID[language]["failed"], INSTEAD[language])


def test_a_device_without_a_passkey_says_so(phone, language) -> None:
    _Device(phone.page)
    phone.page.goto(_here(phone) + LOGIN)
    phone.page.click("#passkey_login")
    _is_told(phone.page, SAID[language]["stopped"], INSTEAD[language])


def test_a_passkey_is_made_and_opens_the_account_and_goes(phone, language) -> None:
    page, said, device = phone.page, SAID[language], _Device(phone.page)
    _sign_in(page, phone, "partner")
    page.goto(_here(phone) + ADD)
    page.fill("input[name=password]", phone.site.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**" + ADD)
    device.knows_her(False)
    page.click("#mfa_webauthn_add")
    _is_told(page, said["made"])
    device.knows_her(True)
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    _keep_picture(page)
    page.goto(_here(phone) + ADD)
    page.click("#mfa_webauthn_add")
    _is_told(page, said["known"])

    page.goto(_here(phone) + "/accounts/logout/")
    page.locator("main form button[type=submit]").click()
    page.goto(_here(phone) + LOGIN)
    device.knows_her(False)
    page.click("#passkey_login")
    _is_told(page, said["stopped"])
    device.knows_her(True)
    page.click("#passkey_login")
    expect(page.locator(".notice", has_text="Partner organisation, Achabal")).to_be_visible()
    _keep_picture(page)

    page.goto(_here(phone) + SECOND_STEP)
    assert "WebAuthn object" not in page.locator("main").inner_text()
    page.goto(_here(phone) + "/accounts/2fa/webauthn/")
    page.locator("a[href$='/remove/']").click()
    page.locator("a[href*='webauthn/reauthenticate']").click()
    _keep_picture(page)
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url("**/remove/")
    _keep_picture(page)
    page.locator("main button.button-danger").click()
    page.wait_for_url("**/2fa/webauthn/")
    expect(page.locator("a[href$='/remove/']")).to_have_count(0)


def test_without_javascript_the_button_still_gets_an_answer(somebody) -> None:
    page = somebody(viewport=PHONE, script=False).open(LOGIN)
    assert "JavaScript" in page.locator("noscript").inner_text()
    page.click("#passkey_login")
    expect(page.locator(".notice", has_text="No passkey arrived")).to_be_visible()
