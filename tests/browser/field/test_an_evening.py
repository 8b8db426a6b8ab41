"""Meetings on a phone without a network: few taps, nothing lost, all of it received later."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST_TAPS = 30
BLINK_MS = 100


def ordinary(phone, *, absent: int, late: int) -> None:
    """From today to the receipt: one is absent, one late, one saves more, the rest as usual."""
    phone.open_group()
    phone.begin()
    phone.tap(".pill.absent", absent)
    phone.tap(".pill.late", late)
    phone.next()
    phone.tap("main .amount", 0)
    phone.amount("250")
    while not phone.is_counting():
        phone.next()
    phone.tap("main .button.big")
    phone.next()


def test_an_ordinary_meeting_of_twelve_women_in_few_taps(phone) -> None:
    one = phone()
    one.taps = 0
    ordinary(one, absent=3, late=5)
    one.next()
    expect(one.page.locator("main .badge").first).to_be_visible()
    assert one.taps <= MOST_TAPS
    expect(one.page.locator("main .badge.is-good")).to_be_visible(timeout=15_000)
    assert re.search(r"\d+", one.page.locator("main .empty").inner_text())


def test_the_slip_of_who_was_absent_says_what_she_was_to_pay(phone) -> None:
    one = phone()
    one.open_group()
    one.begin()
    one.tap(".pill.absent", 2)
    while not one.is_counting():
        one.next()
    one.tap("main .button.big")
    one.next()
    one.next()
    one.tap("main .way", 0)
    # Dilafroz borrowed ₹ 4,000 a week ago; the others owe nothing.
    hers = one.page.locator("main .slip", has_text="Dilafroz Mir")
    expect(hers).to_contain_text(re.compile(r"Due now: ₹.4\d\d\..*Next due on .*: ₹.4\d\d\.", re.S))
    expect(one.page.locator("main .slip", has_text="Due now")).to_have_count(1)


def test_without_a_network_nothing_is_lost_by_reload_and_kill(phone) -> None:
    one = phone()
    page = one.page
    one.is_ready_without_network()
    one.context.set_offline(True)
    page.reload()
    one.unlock()
    ordinary(one, absent=1, late=2)
    said = one.box()
    # The last tap is taken back, and made again.
    one.tap(".tool", 1)
    expect(page.locator("main .button.big")).to_be_visible()
    one.tap("main .button.big")
    one.next()
    # A tap is on the flash within a blink, not at once.
    page.wait_for_timeout(BLINK_MS)
    page.reload()
    one.unlock()
    assert one.box() == said
    # Killed and opened anew: it is the first thing to do.
    page.close()
    page = one.page = one.opened()
    one.unlock()
    one.tap("main .way")
    expect(page.locator("#box")).to_have_text(said)
    expect(page.locator(".top .tool").nth(1)).to_be_enabled()
    one.next()
    expect(page.locator("main .badge.is-info").first).to_be_visible()
    page.reload()
    one.unlock()
    expect(page.locator("main .badge.is-info").first).to_be_visible()
    one.context.set_offline(False)
    expect(page.locator("main .badge.is-good").first).to_be_visible(timeout=60_000)


def test_five_meetings_of_an_evening_go_up_when_there_is_a_network(phone) -> None:
    """Each another one: somebody is away, all is taken to the bank, rent is paid, notes are lacking, or nothing."""
    one = phone("ur", groups=6)
    page = one.page
    one.is_ready_without_network()
    one.context.set_offline(True)
    for happens in ("away", "banked", "rent", "lacking", "as usual"):
        one.taps = 0
        one.open_group()
        one.begin()
        _written(one, happens)
        one.next()
        expect(page.locator("main .badge.is-info").first).to_be_visible()
        one.looks_right()
        assert one.taps <= MOST_TAPS
        one.tap("main .button.big")
        expect(page.locator("main .way").first).to_be_visible()
    one.context.set_offline(False)
    one.tap(".tool", 0)
    expect(page.locator("main .way small", has_text="رسید")).to_have_count(5, timeout=60_000)


def _written(one, happens: str) -> None:
    """Up to the end of the counting; whoever comes, saves and pays back as usual."""
    if happens == "away":
        one.tap(".pill.absent", 4)
    besides = happens
    while not one.is_counting():
        if one.page.locator("main .tile").count():
            _besides(one, besides)
            besides = ""
        one.next()
    if happens == "lacking":
        one.page.fill('[id="n 500"]', "1")
        one.page.fill("#why", "Notes are lacking")
    else:
        one.tap("main .button.big")
    one.looks_right()
    one.next()


def _besides(one, happens: str) -> None:
    if happens == "banked":
        one.tap("main .tile", 3)
        one.tap("main .amount")
        one.tap("dialog .row .button")
    if happens == "rent":
        one.tap("main .tile", 2)
        one.tap("main .button.quiet")
        one.tap("main .amount")
        one.amount("120")


def test_what_was_sent_back_is_mended(phone) -> None:
    """A woman left the group while the phone heard nothing: the meeting comes back with its reason, is put right where
    it stands, and goes up again."""
    one = phone()
    page = one.page
    one.is_ready_without_network()
    one.context.set_offline(True)
    ordinary(one, absent=1, late=2)
    one.next()
    expect(page.locator("main .empty")).to_be_visible()
    one.site.run("tests.browser.field.evening", one.username, "leaves", "Zareena Parray")
    one.context.set_offline(False)
    one.tap("main .button.big")
    expect(page.locator("main .way").first).to_contain_text("sent back", timeout=60_000)
    one.tap("main .way")
    expect(page.locator("main .notice.refuse")).to_contain_text("Zareena Parray")
    one.tap_words("Mend it")
    expect(page.locator(".steps")).to_be_visible()
    one.looks_right()
    # What was hers is left out; the box holds less, and is counted again.
    one.tap_words("Leave it out of this meeting")
    one.tap(".steps .step", -2)
    one.tap("main .button.big")
    one.next()
    one.next()
    expect(page.locator("main .badge.is-good")).to_be_visible(timeout=60_000)


def test_a_meeting_is_put_right_and_she_leaves_the_phone(phone) -> None:
    """Written anew with its reason, received; then nothing of hers stays on the phone."""
    one = phone()
    page = one.page
    ordinary(one, absent=1, late=2)
    one.next()
    expect(page.locator("main .badge.is-good")).to_be_visible(timeout=20_000)
    one.tap("main .way", 2)
    one.tap("main > div > ul.many:last-child .way", 3)
    one.tap("main .way")
    one.tap_words("Put this meeting right")
    page.fill("#why", "She brought fifty more")
    one.tap("dialog .button.big")
    expect(page.locator(".steps")).to_be_visible()
    one.tap(".steps .step", 1)
    one.tap("main .amount", 2)
    one.amount("150")
    one.tap(".steps .step", -2)
    # Fifty less than the book says, until it is counted again.
    expect(page.locator("main .error").first).to_contain_text("50")
    one.looks_right()
    one.tap("main .button.big")
    one.next()
    one.next()
    expect(page.locator("main .badge.is-good")).to_be_visible(timeout=20_000)
    one.tap("main .button.big")
    one.tap(".top .tool", 1)
    one.tap_words("Sign out of this phone")
    one.tap("dialog .button.danger")
    expect(page.locator("li[lang=ur]")).to_be_visible()
    left = page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
    assert sorted(left) == ["umeed", "umeed-post"]
