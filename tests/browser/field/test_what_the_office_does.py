"""What becomes of sheets when the office did something meanwhile: another closed the same meeting, her groups were
taken from her, answers came back in a file, her phone was ended; and two bookkeepers on one phone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.field.test_an_evening import ordinary

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHOTS = os.environ.get("UMEED_SHOTS")
_WAIT = 20_000


def look(one, name: str) -> None:
    """It fits, and axe finds nothing; kept as a picture where UMEED_SHOTS says."""
    one.page.evaluate("document.fonts.ready")
    if SHOTS:
        one.page.screenshot(path=Path(SHOTS) / f"{one.language}-{name}.png", full_page=True)
    one.looks_right()


def closed_without_network(one) -> None:
    """A meeting closed while there is no network; she is at the first screen again."""
    one.context.set_offline(True)
    ordinary(one, absent=1, late=2)
    one.next()
    expect(one.page.locator("main .badge.is-info")).to_be_visible()
    one.tap("main .button.big")
    expect(one.page.locator("main .way[data-group]").first).to_be_visible()


def sheets(one) -> None:
    one.tap(".top .tool", 0)
    expect(one.page.locator("main .card").first).to_be_visible()


def test_two_for_one_place_then_no_groups_then_no_phone(phone) -> None:
    one = phone(groups=3)
    page = one.page
    one.is_ready_without_network()
    closed_without_network(one)
    one.office("closes", "Roshni 1")
    one.context.set_offline(False)
    conflict = page.locator("main .way", has_text="stands against another one")
    expect(conflict).to_be_visible(timeout=_WAIT)
    conflict.tap()
    expect(page.locator("main .card .badge.is-warn")).to_be_visible()
    assert "Meeting 5 of" in page.locator("main .card.asked").inner_text()
    look(one, "conflict")
    one.office("settles")
    one.tap_words("Send now")
    expect(page.locator("main .card.asked")).to_have_count(0, timeout=_WAIT)
    one.tap("main .many .way")
    expect(page.locator("main .card").last).to_contain_text("The president counted it again")
    look(one, "sheets-settled")
    page.locator(".top .tool").first.tap()

    closed_without_network(one)
    one.office("loses")
    one.context.set_offline(False)
    held = page.locator("main .way", has_text="waits for the block officer")
    expect(held).to_be_visible(timeout=_WAIT)
    held.tap()
    expect(page.locator("main .card.asked")).to_contain_text("The block officer lets it in or sends it back")
    look(one, "held-command")

    # All of hers goes at the next contact: the phone asks who is there.
    one.office("ends")
    one.tap_words("Send now")
    expect(page.locator("main .notice.warn")).to_contain_text("signed out by the office", timeout=_WAIT)
    look(one, "gone-from-here")
    left = page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
    assert sorted(left) == ["umeed", "umeed-post"]


def test_answers_come_back_in_a_file(phone, tmp_path) -> None:
    one = phone("ur")
    page = one.page
    one.is_ready_without_network()
    closed_without_network(one)
    sheets(one)
    look(one, "sheets-waiting")
    one.tap("main .row .button", 1)
    expect(page.locator("main .check input")).to_be_checked()
    one.tap("main .button.quiet.wide", 0)
    expect(page.locator("main svg.qr")).to_be_visible()
    look(one, "qr")
    one.tap("main .button.quiet.wide", -1)
    with page.expect_download() as coming:
        one.tap("main .button.big")
    file = tmp_path / "sheets.umeed"
    coming.value.save_as(file)
    look(one, "carried")
    one.office("takes", str(file))
    page.set_input_files("main input[type=file]", f"{file}.answers")
    expect(page.locator("main .notice.ok").first).to_be_visible()
    page.locator(".top .tool").first.tap()
    # The receipt is there, and there was no network.
    expect(page.locator("main .many .way")).to_have_count(1)
    one.tap("main .many .way")
    expect(page.locator("main .badge.is-good")).to_be_visible()
    assert any(letter.isdigit() for letter in page.locator("main .card .row .small").inner_text())
    look(one, "sheets-done")


def test_two_bookkeepers_on_one_phone_each_with_her_pin(phone) -> None:
    one = phone()
    page = one.page
    one.tap(".top .tool", 1)
    one.tap_words("Lock now")
    one.tap_words("Somebody else")
    one.tap_words("Somebody else comes to this phone")
    other = "sister_of_" + one.username
    told = json.loads(one.site.run("tests.browser.field.evening", other, "1"))
    one.tap("li[lang=en] button")
    page.fill("#code", told["code"])
    page.fill("#label", "The same phone")
    one.tap("main .button.big")
    for _typed in range(2):
        one.pin("246810")
        expect(page.locator(".dots .on")).to_have_count(0)
    expect(page.locator("main .way[data-group]").first).to_be_visible(timeout=_WAIT)
    assert page.locator("main section:last-child .way[data-group]").count() == 1
    # Each opens her own with her own PIN only.
    page.reload()
    expect(page.locator("main .many .way")).to_have_count(2)
    look(one, "who-are-you")
    one.tap_words("Rifat Jan")
    one.pin("246810")
    expect(page.locator(".notice.refuse")).to_be_visible(timeout=_WAIT)
    one.pin()
    expect(page.locator("main section:last-child .way[data-group]")).to_have_count(2, timeout=_WAIT)
