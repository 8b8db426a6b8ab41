"""A bookkeeper with her phone: 360 × 640 points, her groups of an evening, the network by the browser's own switch."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.conftest import Site
from tests.browser.patience import wait_until

PIN = "135246"
LOCALES = {"en": "en-IN", "hi": "hi-IN", "ur": "ur-PK", "doi": "doi-IN"}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
_WHO = iter(range(1, 1000))
# What a tap changes is drawn as a piece of work of its own (app.js): whoever reads the page at once waits for it.
DRAWN = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


class Phone:
    """One phone. `taps` counts what a thumb does: each press, and each word that is typed as one."""

    def __init__(
        self, site: Site, browser: Browser, language: str, groups: int, address: str = "", made_by: str = "evening"
    ) -> None:
        self.site, self.language, self.taps = site, language, 0
        self.address = address or site.address
        self.username = f"phone_{next(_WHO)}"
        self.told = json.loads(site.run(f"tests.browser.field.{made_by}", self.username, str(groups)))
        self.context = browser.new_context(
            viewport={"width": 360, "height": 640}, locale=LOCALES[language], timezone_id="Asia/Kolkata",
            has_touch=True, accept_downloads=True,
        )  # fmt: skip
        self.complaints: list[str] = []
        self.page = self.opened()

    def opened(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.address}/field/")
        return page

    def _hear(self, message: object) -> None:
        text = message.text  # type: ignore[attr-defined]
        if message.type == "error" and "net::ERR" not in text:  # type: ignore[attr-defined]
            self.complaints.append(text)

    # What a thumb does ------------------------------------------------------------------------------------------------

    def tap(self, what: str, at: int = 0) -> None:
        self.taps += 1
        self.page.locator(what).nth(at).tap()
        self._drawn()

    def tap_words(self, words: str) -> None:
        """The button or row that says these words first."""
        self.taps += 1
        self.page.locator("button, summary, label", has_text=words).locator("visible=true").first.tap()
        self._drawn()

    def _drawn(self) -> None:
        # Some taps open the page anew.
        with contextlib.suppress(Error):
            self.page.evaluate(DRAWN)

    def pin(self, pin: str = PIN) -> None:
        for digit in pin:
            self.tap(f'.pin .key:text-is("{digit}")')

    def amount(self, typed: str) -> None:
        """On the pad for amounts."""
        for key in typed:
            self.tap(f'dialog .key:text-is("{key}")')
        self.tap("dialog .button.big")

    # Ways -------------------------------------------------------------------------------------------------------------

    def enrol(self) -> None:
        page = self.page
        page.locator(f"li[lang={self.language}] button").tap()
        page.fill("#code", self.told["code"])
        page.fill("#label", "Redmi of the family")
        page.locator("main .button.big").tap()
        self.pin()
        expect(page.locator(".dots .on")).to_have_count(0)
        self.pin()
        expect(page.locator("main .way").first).to_be_visible(timeout=60_000)
        expect(page.locator("main .coming")).to_have_count(0, timeout=60_000)

    def office(self, *deed: str) -> None:
        """Something that the office does meanwhile: see `office`."""
        self.site.run("tests.browser.field.office", self.username, *deed)

    def unlock(self) -> None:
        expect(self.page.locator(".pin")).to_be_visible()
        self.pin()
        expect(self.page.locator(".pin")).to_have_count(0)

    def is_ready_without_network(self) -> None:
        """The service worker has the whole shell."""
        wait_until(self.page, "navigator.serviceWorker.controller !== null")

    def is_later(self, *, days: int) -> None:
        """By its clock, without a network: the server would say which day it is."""
        self.is_ready_without_network()
        self.context.set_offline(True)
        self.page.clock.set_fixed_time(datetime.datetime.now() + datetime.timedelta(days=days))
        self.page.reload()
        self.unlock()

    def open_group(self, at: int = 0) -> None:
        self.tap("main .way[data-group]", at)
        expect(self.page.locator("main .figures")).to_be_visible()

    def begin(self) -> None:
        self.tap("main .card.mark .button.big")
        expect(self.page.locator(".steps")).to_be_visible()

    def next(self) -> None:
        self.tap(".foot .button.big")

    def step(self) -> str:
        return self.page.locator("main h2").first.inner_text()

    def is_counting(self) -> bool:
        return str(self.page.locator(".steps [aria-current] use").get_attribute("href")).endswith("#notes")

    def box(self) -> str:
        return self.page.locator("#box").inner_text()

    # What must hold of every screen -----------------------------------------------------------------------------------

    def looks_right(self) -> None:
        """Nothing wider than the screen, nothing too small for a thumb, nothing that a screen reader stumbles over."""
        page = self.page
        page.evaluate("scrollTo(0, 0)")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.step()
        assert page.evaluate(_TOO_SMALL) == []
        # What lies half behind a bar, above or below, is no smaller for that.
        page.evaluate(_BARS, "static")
        wrong = Axe().run(page, options=AXE).response["violations"]
        page.evaluate(_BARS, "")
        assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in wrong] == []


_BARS = "how => document.querySelectorAll('.top, .foot').forEach(one => { one.style.position = how; })"
_TOO_SMALL = """() => {
    const pressed = "button, select, summary, .check, input:not([type=file]):not([type=checkbox])";
    const small = ({ height, width }) => height < 47.5 || width < 40;
    return [...document.querySelectorAll(pressed)]
        .filter(one => one.checkVisibility() && small(one.getBoundingClientRect()))
        .map(one => `${one.className} ${one.innerText} ${one.getBoundingClientRect().height}`);
}"""


@pytest.fixture
def phone(site: Site, chromium: Browser) -> Iterator[Callable[..., Phone]]:
    """`phone("ur", groups=5)` is enrolled; afterwards it must not have complained. `made_by`: the module that makes her
    groups. `is_new`: nobody is on it yet."""
    phones: list[Phone] = []

    def make(
        language: str = "en", *, groups: int = 2, address: str = "", made_by: str = "evening", is_new: bool = False
    ) -> Phone:
        made = Phone(site, chromium, language, groups, address, made_by)
        phones.append(made)
        if not is_new:
            made.enrol()
        return made

    yield make
    for one in phones:
        one.context.close()
    assert [complaint for one in phones for complaint in one.complaints] == []
