"""A phone in the real Chromium, six times slower than this machine; a meter on its main thread and on its network."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SLOWER = 6
# Chromium's own "Slow 3G": 400 kbit/s both ways, two seconds before each answer begins.
SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PIN = "135246"
REST_MS = 900
"""What a tap sets going has ended by then, also six times slower."""
_CAME = """(of) => {
    const found = performance.getEntriesByType("resource").filter((one) => one.name.includes(of));
    performance.clearResourceTimings();
    return found.reduce((sum, one) => sum + one.transferSize, 0);
}"""
_HOME = "() => document.querySelector('main .way') && !document.querySelector('main .coming')"
# The longest piece of work after a tap, and when what was tapped for is on the screen and answers again.
_METER = """() => {
    window.pieces = [];
    const heard = (of) => new PerformanceObserver((list) => window.pieces.push(...list.getEntries().map(of)));
    heard((one) => one.duration).observe({ type: "longtask" });
    const handled = (one) => (one.interactionId ? one.processingEnd - one.processingStart : 0);
    heard(handled).observe({ type: "event", durationThreshold: 16 });
    addEventListener("pointerdown", () => { window.tapped = performance.now(); window.shown = 0; }, { capture: true });
    new MutationObserver(() => {
        if (window.awaited && !window.shown && document.querySelector(window.awaited)) {
            window.shown = -1;
            requestAnimationFrame(() => setTimeout(() => { window.shown = performance.now(); }, 0));
        }
    }).observe(document.body, { childList: true, subtree: true });
}"""


class Hand:
    """A phone and the thumb on it. `blocked` has, in order, each tap with the longest block after it (ms)."""

    def __init__(self, browser: Any, address: str) -> None:
        self.context = browser.new_context(
            viewport={"width": 360, "height": 640}, locale="en-IN", timezone_id="Asia/Kolkata", has_touch=True
        )
        self.page = self.context.new_page()
        self.address, self.taps = address, 0
        self.blocked: list[tuple[str, float]] = []
        self.cdp = self.context.new_cdp_session(self.page)

    def kilobytes(self, of: str) -> float:
        """What came from addresses that hold a text, headers included, since it was asked last or the page was opened.
        As the page knows it: of an answer read piece by piece the protocol does not always tell that it ended."""
        return float(self.page.evaluate(_CAME, of)) / 1024

    def slow(self, *, network: bool) -> None:
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        if network:
            self.cdp.send("Network.emulateNetworkConditions", SLOW_3G)

    # Ways -------------------------------------------------------------------------------------------------------------

    def enrol(self, code: str) -> None:
        """Up to the last digit of the PIN, after which the phone asks for its groups."""
        page = self.page
        page.goto(f"{self.address}/field/")
        page.locator("li[lang=en] button").tap()
        page.fill("#code", code)
        page.fill("#label", "Phone of the bench")
        page.locator("main .button.big").tap()
        self.pin()
        page.locator("main .pin .dots .on").first.wait_for(state="detached")
        self.pin()

    def is_home(self) -> None:
        """All that is hers has come, and stands on the screen."""
        self.page.wait_for_function(_HOME, timeout=120_000)

    def is_kept(self) -> None:
        """The service worker has the whole shell, so that the network may go."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    def opened_anew(self) -> None:
        """Killed, opened, unlocked: nothing is warm."""
        self.page.evaluate("history.replaceState(null, '')")  # the screen of before is not shown again
        self.page.goto(f"{self.address}/field/")
        self.page.locator(".pin").wait_for()
        self.pin()
        self.is_home()
        self.page.evaluate(_METER)
        self.page.wait_for_timeout(REST_MS)

    def pin(self) -> None:
        for digit in PIN:
            self.page.locator(f'.pin .key:text-is("{digit}")').tap()

    def now(self) -> float:
        return float(self.page.evaluate("performance.now()"))

    # Taps -------------------------------------------------------------------------------------------------------------

    def tap(self, name: str, what: str, at: int = 0, *, until: str = "") -> float:
        """Milliseconds until something is on the screen, where it is awaited. The tap is the browser's own: nothing of
        ours runs in the page while it is measured."""
        found = self.page.locator(what).nth(at)
        found.scroll_into_view_if_needed()
        self.page.wait_for_timeout(200)
        box = found.bounding_box() or {}
        self.page.evaluate("(until) => { window.pieces = []; window.awaited = until; }", until)
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        self.cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        self.cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.wait_for_timeout(REST_MS)
        if until:
            self.page.wait_for_function("() => window.shown > 0", timeout=30_000)
        self.taps += 1
        told = json.loads(self.page.evaluate("JSON.stringify([window.pieces, window.shown - window.tapped])"))
        self.blocked.append((name, max(told[0], default=0.0)))
        return float(told[1])


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser; ImportError where the tools of development are not installed."""
    from playwright.sync_api import sync_playwright

    where = os.environ.get("UMEED_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's own loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where or None, args=FLAGS)
        yield browser
        browser.close()
