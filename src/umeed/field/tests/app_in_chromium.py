"""The whole app of the phone in the real Chromium, against the real server of the test's own transaction.

What the page asks of /field/ is answered by Django's client in the test's thread, which alone has the database of the
test; files come from the folder, as strictly as in the product. There is no service worker here: a phone that lies
without network is `offline`.

    with AppInChromium(js) as app:
        app.do(lambda page: page.get_by_role("button", name="Next").click())
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from umeed.field.tests.javascript import JavaScript

PHONE = {"width": 360, "height": 640}
PIN = "274913"
_SECONDS = 120
# What a tap changes is drawn as a piece of work of its own (app.js): whoever reads the page at once waits for it.
DRAWN = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


class AppInChromium:
    """One phone. `errors` is what its page threw or complained of."""

    def __init__(self, js: JavaScript) -> None:
        self.js, self.client, self.offline = js, Client(), False
        self.errors: list[str] = []
        self._asked: queue.Queue[tuple[Any, queue.Queue[Any]]] = queue.Queue()
        self.page: Any = None

    def __enter__(self) -> AppInChromium:
        self.js.page(self._open)
        return self

    def __exit__(self, *_why: object) -> None:
        self.js.page(lambda _page: self.page.context.close())

    def _open(self, first: Any) -> None:
        context = first.context.browser.new_context(viewport=PHONE, service_workers="block", locale="en-IN")
        context.set_default_timeout(15_000)
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda told: self.errors.append(told.text) if told.type == "error" else None)
        self.page.route(lambda url: urlsplit(url).path.startswith("/field/"), self._answer)

    def _answer(self, route: Any) -> None:
        """In the thread of Chromium: hands the question over and waits."""
        if self.offline:
            route.abort("internetdisconnected")
            return
        answer: queue.Queue[Any] = queue.Queue()
        self._asked.put((route.request, answer))
        route.fulfill(**answer.get(timeout=_SECONDS))

    def do(self, work: Callable[[Any], Any]) -> Any:
        """Does something with the page; meanwhile this thread is the server."""
        done: queue.Queue[tuple[bool, Any]] = queue.Queue()
        threading.Thread(target=self._driven, args=(work, done), daemon=True).start()
        while done.empty():
            with contextlib.suppress(queue.Empty):
                request, answer = self._asked.get(timeout=0.05)
                answer.put(self._served(request))
        is_well, found = done.get()
        if not is_well:
            raise found
        return found

    def _driven(self, work: Callable[[Any], Any], done: queue.Queue[tuple[bool, Any]]) -> None:
        try:
            done.put((True, self.js.page(lambda _first: work(self.page))))
        except Exception as error:  # raised again by whoever asked
            done.put((False, error))

    def _served(self, request: Any) -> dict[str, Any]:
        given = {name: value for name, value in request.headers.items() if not name.startswith("sec-")}
        answer = self.client.generic(
            request.method, urlsplit(request.url).path, request.post_data_buffer or b"",
            content_type=given.get("content-type", "application/octet-stream"), headers=given,
        )  # fmt: skip
        return {"status": answer.status_code, "body": answer.content, "headers": dict(answer.items())}

    def until(self, is_so: Callable[[], bool]) -> None:
        """Waits for something on the server, ten seconds at the most."""
        for _ in range(100):
            if is_so():
                return
            self.do(lambda page: page.wait_for_timeout(100))
        raise AssertionError(self.do(lambda page: page.inner_text("body")))

    def enrol(self, code: str) -> None:
        """A bookkeeper makes herself at home with the code of an officer."""

        def typed(page: Any) -> None:
            page.goto(f"{self.js.address}/field/")
            page.get_by_role("button", name="English").click()
            page.get_by_label("Code").fill(code)
            page.get_by_role("button", name="Next").click()
            for _ in range(2):
                for key in PIN:
                    page.get_by_role("button", name=key, exact=True).click()
            page.get_by_role("heading", name="Today").wait_for()
            page.locator("main .coming").wait_for(state="detached")

        self.do(typed)


def keys(page: Any, rupees: str) -> None:
    """Types an amount on the pad that is open."""
    dialog = page.get_by_role("dialog")
    for key in rupees:
        dialog.get_by_role("button", name=key, exact=True).click()
    dialog.get_by_role("button", name="Done").click()
    dialog.wait_for(state="detached")
