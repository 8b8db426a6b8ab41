"""Sheets go up when the network is back though she has closed the app: the browser wakes its worker, which cannot read
them. Her PIN finds the receipt, without a network too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.field.test_what_the_office_does import closed_without_network, sheets

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
_LIES = """box => new Promise(done => {
    const opening = indexedDB.open("umeed-post");
    opening.onsuccess = () => {
        const asked = opening.result.transaction(box).objectStore(box).getAll();
        asked.onsuccess = () => { opening.result.close(); done(asked.result.flat().length); };
    };
})"""


def lies(page: Page, box: str, count: int) -> None:
    """So much lies there, soon."""
    for _ in range(200):
        if (found := page.evaluate(_LIES, box)) == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError((box, found))


def wakes(one, page: Page) -> None:
    """The browser says to the worker that there is a network: as Android does, hours later, with no page open."""
    cdp = one.context.new_cdp_session(page)
    seen: list[dict] = []
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda told: seen.extend(told["registrations"]))
    cdp.send("ServiceWorker.enable")
    while not seen:
        page.wait_for_timeout(50)
    cdp.send("ServiceWorker.dispatchSyncEvent", {
        "origin": one.address, "registrationId": seen[-1]["registrationId"], "tag": "umeed-post", "lastChance": False,
    })  # fmt: skip
    cdp.detach()


def test_a_meeting_goes_up_while_the_app_is_closed(phone) -> None:
    one = phone()
    one.is_ready_without_network()
    closed_without_network(one)
    lies(one.page, "letters", 1)
    one.page.close()

    beside = one.context.new_page()
    one.context.set_offline(False)
    beside.goto(f"{one.address}/static/field/logo.svg")
    wakes(one, beside)
    lies(beside, "letters", 0)
    lies(beside, "answers", 1)
    beside.close()

    one.context.set_offline(True)
    one.page = one.opened()
    one.unlock()
    one.tap_words("Everything was sent")
    expect(one.page.locator("main li", has_text="Meeting 5")).to_contain_text(re.compile(r"Received · Receipt \d+"))


def test_what_she_sends_herself_lies_there_no_more(phone) -> None:
    one = phone()
    one.is_ready_without_network()
    closed_without_network(one)
    lies(one.page, "letters", 1)
    one.context.set_offline(False)
    lies(one.page, "letters", 0)
    one.office("ends")
    sheets(one)
    one.tap_words("Send now")
    expect(one.page.locator("main .notice.warn")).to_contain_text("signed out by the office", timeout=20_000)
    left = one.page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
    assert sorted(left) == ["umeed", "umeed-post"]
    assert [one.page.evaluate(_LIES, box) for box in ("letters", "answers")] == [0, 0]
