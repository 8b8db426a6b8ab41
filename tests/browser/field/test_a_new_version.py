"""A new version of the app comes while a sheet waits and a meeting is half written: she takes it when she wants to, and
finds both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.field.front import front_of
from tests.browser.field.test_an_evening import ordinary
from tests.browser.patience import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
_LOOK = "navigator.serviceWorker.getRegistration().then(one => one.update()).then(() => null)"
_WAITS = "navigator.serviceWorker.getRegistration().then(one => one.waiting !== null)"
_VERSION = "document.documentElement.dataset.version"


def test_what_was_not_sent_is_there_under_the_new_version(phone, site) -> None:
    with front_of(site.address) as front:
        one = phone(groups=3, address=front.address)
        page = one.page
        one.is_ready_without_network()
        one.context.set_offline(True)
        ordinary(one, absent=1, late=2)
        one.next()
        expect(page.locator("main .badge.is-info")).to_be_visible()
        one.tap("main .button.big")
        one.open_group()
        one.begin()
        one.tap(".pill.absent", 3)
        front.newer, front.is_silent = "newer", True
        one.context.set_offline(False)
        page.evaluate(_LOOK)
        # What is being written is left alone.
        wait_until(page, _WAITS)
        expect(page.locator(".pill.absent").nth(3)).to_have_attribute("aria-pressed", "true")
        assert not page.evaluate(_VERSION).endswith("newer")
        for _back in range(2):
            one.tap(".top .tool", 0)
        expect(page.locator("main .notice", has_text="A new version is ready")).to_be_visible()
        one.tap_words("Use it now")
        expect(page.locator("html")).to_have_attribute("data-version", re.compile("newer$"))
        one.unlock()
        expect(page.locator("main .way", has_text="1 sheet waits to be sent")).to_be_visible()
        one.tap_words("Go on writing meeting")
        expect(page.locator(".pill.absent").nth(3)).to_have_attribute("aria-pressed", "true")
        one.tap(".top .tool", 0)
        front.is_silent = False
        one.tap_words("1 sheet waits to be sent")
        one.tap_words("Send now")
        expect(page.locator("main .card", has_text="Everything was sent")).to_be_visible(timeout=20_000)
