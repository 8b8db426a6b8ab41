"""Every screen of the phone, in English and in Urdu: as wide as the phone, large enough for a thumb, clear to a screen
reader; and what its keyboard does. Those that are seen more rarely: `test_rarer_screens`."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.field.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
OF_A_GROUP = ("women", "queue", "dues", "history", "photo", "add_woman")


def test_every_screen_fits(phone) -> None:
    one = phone()
    walk, page = Walk(one), one.page
    expect(page.locator("main .way").first).to_be_visible()
    walk.look("today")
    walk.there_and_back(".top .tool", "sheets-none", 0)
    one.tap(".top .tool", 1)
    walk.look("settings")
    walk.there_and_back("main .way", "carry", 2)
    walk.back()
    one.open_group()
    walk.look("group")
    for at, name in enumerate(OF_A_GROUP):
        one.tap("main > div > ul.many:last-child .way", at)
        page.wait_for_timeout(200)
        walk.look(name)
        if name == "women":
            one.tap("main .way")
            walk.look("woman")
            one.tap("main .button.wide", -1)
            walk.look("correct")
            walk.back()
            walk.back()
        if name == "history":
            walk.there_and_back("main .way", "held")
        walk.back()
    _meeting(one, walk)


def _meeting(one, walk: Walk) -> None:
    page = one.page
    one.begin()
    one.tap(".pill.absent", 1)
    walk.look("who-came")
    one.next()
    one.tap("main .amount", 1)
    walk.look("pad")
    one.amount("75")
    one.tap("main .line .tool", 2)
    walk.look("savings")
    # She was away and somebody brought it: who, is asked beside it.
    one.next()
    walk.look("savings-asked")
    page.locator("main .field.wrong input").first.fill("Her son")
    one.next()
    for name in ("repayments", "more"):
        if name == "repayments" and page.locator("main .line .tool").count():
            one.tap("main .line .tool")
        walk.look(name)
        if name == "repayments":
            one.next()
    while not page.locator("main .tile").count():
        one.next()
    for at, name in enumerate(("loans", "receipts", "payments", "bank", "agenda")):
        one.tap("main .tile", at)
        if name != "bank":
            one.tap("main .button.quiet", -1)
        walk.look(name)
        if name == "loans":
            one.tap("main .button.plain", -1)
        if name in ("receipts", "payments"):
            one.tap("main .button.plain", -1)
        one.next()
    while not one.is_counting():
        one.next()
    one.next()
    walk.look("count")
    one.tap("main .button.big")
    one.next()
    walk.look("close")
    one.next()
    expect(page.locator("main .empty")).to_be_visible()
    walk.look("closed")
    walk.there_and_back("main .way", "slips")
    one.tap("main .way", 2)
    walk.back()
    page.locator(".top .tool").first.tap()
    _two_weeks_later(one, walk)


def _two_weeks_later(one, walk: Walk) -> None:
    """Nobody met meanwhile: another day, and what was not held."""
    page = one.page
    one.is_later(days=15)
    # It opens where she was: in her group.
    expect(page.locator("main .figures")).to_be_visible()
    one.tap("main .card.mark .button.plain", 0)
    expect(page.locator("dialog[open]")).to_be_visible()
    walk.look("another-day")
    page.keyboard.press("Escape")
    one.tap("main .card.mark .button.plain", 1)
    expect(page.locator("main fieldset")).to_be_visible()
    walk.look("missed")


_PRESSED = "key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))"


def test_by_the_keyboard_alone(phone) -> None:
    one = phone()
    page = one.page
    one.open_group()
    one.begin()
    page.locator("main .amount, .pill.late").first.focus()
    page.keyboard.press("Enter")
    one.next()
    # A new step has the focus on its title, a moment after it is drawn.
    expect(page.locator("main h2")).to_be_focused()
    amount = page.locator("main .amount").nth(2)
    amount.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog .screen")).to_be_focused()
    # With the digits of an Urdu keyboard too.
    for key in "۱۲":
        page.evaluate(_PRESSED, key)
    page.keyboard.press("5")
    expect(page.locator("dialog .screen")).to_have_text("₹ 125")
    page.keyboard.press("Enter")
    expect(amount).to_contain_text("125")
    amount.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog .screen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(amount).to_contain_text("125")


def test_the_pin_opens_what_she_wrote_and_wrong_ones_wait(phone) -> None:
    one = phone()
    page = one.page
    page.reload()
    for _wrong in range(5):
        for digit in "000001":
            one.tap(f'.pin .key:text-is("{digit}")')
        expect(page.locator(".notice.refuse")).to_be_visible(timeout=20_000)
    expect(page.locator(".notice.warn")).to_be_visible()
    expect(page.locator(".pin .key").first).to_be_disabled()
