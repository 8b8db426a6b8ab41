"""Letters of Urdu and Hindi on a phone that has none: they are drawn from our own fonts, fetched when they are needed,
kept, and there without a network. The machine of the tests has no such fonts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site
from tests.browser.patience import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# The letters that are shown were asked for, and are here.
_ARE_HERE = """family => {
    const hers = [...document.fonts].filter(one => one.family.includes(family));
    return hers.length > 0 && hers.every(one => one.status === "loaded");
}"""
_FETCHED = "performance.getEntriesByType('resource').map(one => one.name).filter(name => name.includes('woff2'))"


def ours(one, what: str) -> str:
    """Which font of ours the words of an element are drawn with, all but what is Latin in them. Letters that have come
    are drawn when the page gets to it."""
    for _ in range(50):
        text, drawn = one.page.locator(what).first.inner_text(), _drawn(one, what)
        strange = sum(int(font["glyphCount"]) for font in drawn if not font["isCustomFont"])
        if any(font["isCustomFont"] for font in drawn) and strange <= len(re.findall(r"[ -~\n]", text)):
            break
        one.page.wait_for_timeout(100)
    else:
        raise AssertionError((text, drawn))
    (name,) = [font["familyName"] for font in drawn if font["isCustomFont"]]
    return str(name)


def _drawn(one, what: str) -> list[dict[str, object]]:
    """The fonts of an element, as Chromium has drawn it, each with how many of its letters."""
    cdp = one.context.new_cdp_session(one.page)
    cdp.send("DOM.enable")
    cdp.send("CSS.enable")
    root = cdp.send("DOM.getDocument")["root"]["nodeId"]
    node = cdp.send("DOM.querySelector", {"nodeId": root, "selector": what})["nodeId"]
    drawn = cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    cdp.detach()
    return list(drawn)


def test_urdu_and_hindi_are_drawn_with_our_letters_also_without_a_network(phone) -> None:
    one = phone("ur")
    page = one.page
    one.is_ready_without_network()
    wait_until(page, _ARE_HERE, "Umeed Nastaliq")
    assert ours(one, "h1") == "Noto Nastaliq Urdu"
    one.context.set_offline(True)
    page.reload()
    expect(page.locator(".pin")).to_be_visible()
    wait_until(page, _ARE_HERE, "Umeed Nastaliq")
    assert ours(one, "main p.soft") == "Noto Nastaliq Urdu"
    one.context.set_offline(False)
    page.locator(".pills.native .pill").nth(1).tap()
    expect(page.locator("html[lang=hi]")).to_be_attached()
    wait_until(page, _ARE_HERE, "Umeed Devanagari")
    assert ours(one, "main p.soft") == "Noto Sans Devanagari"


def test_letters_are_here_before_they_are_drawn(phone) -> None:
    """In titles, lines and buttons: of each weight and size Chromium keeps that it had found no letters."""
    one = phone(is_new=True)
    one.tap("li[lang=hi] button")
    for what in ("h1", "main h2", "main p.soft", "main .button.big span"):
        assert ours(one, what) == "Noto Sans Devanagari", what


def test_whose_language_is_not_spoken_is_told_so_in_the_nearest(site: Site, chromium: Browser) -> None:
    for locale, spoken, said in (
        ("ks-IN", "ur", "کشمیری"),
        ("doi-IN", "hi", "डोगरी"),
        ("bo-IN", "en", "Bhoti"),
        ("fr-FR", "en", ""),
    ):
        context = chromium.new_context(locale=locale)
        page = context.new_page()
        page.goto(f"{site.address}/field/")
        expect(page.locator(f"html[lang={spoken}]")).to_be_attached()
        expect(page.locator("main .way")).to_have_count(3)
        found = page.locator("main p.soft").all_inner_texts()
        assert said in "".join(found) and len(found) == bool(said), (locale, found)
        page.locator("main .way").first.click()
        page.reload()
        expect(page.locator("html[lang=en]")).to_be_attached()
        assert page.locator("main p.soft").count() == 0
        context.close()


def test_a_phone_in_english_fetches_the_names_of_languages_at_most(phone) -> None:
    one = phone("en")
    page = one.page
    one.open_group()
    assert all("umeed-names-" in address for address in page.evaluate(_FETCHED))
    page.reload()
    expect(page.locator(".pin")).to_be_visible()
    wait_until(page, _ARE_HERE, "Umeed Names")
    assert ours(one, ".pills.native .pill:last-child") == "Noto Naskh Arabic"
    assert all("umeed-names-" in address for address in page.evaluate(_FETCHED))
