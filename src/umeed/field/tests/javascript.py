"""The phone's own JavaScript, run in the real Chromium: called with plain values, answered with plain values.

How to use it. `js` is a fixture of this folder (see `conftest.py`); elsewhere import it from here. A test names it and
is marked, so that one worker runs all of them:

    pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

    def test_something(js: JavaScript) -> None:
        assert js.call("rules/schedules.js", "dueDays", "2026-01-31", 2, "monthly") == ["2026-01-31", "2026-02-28"]
        many = js.calls("rules/allocation.js", "allocated", [[100, owed], [200, owed]])   # one question to Chromium
        some = js.calls("rules/running.js", "runningLoan", cases, pick=["owed", "dues"])  # of what getters answer too
        days = js.run("async (load, one, two) => (await load('core/days.js')).daysBetween(one, two)", one, two)

Paths are those below `static/field/`. What goes in is written by `plain` (days as ISO text, data classes as objects
with camelCase keys, refusals by `as_dict`), what comes out is JSON: a Map as an object, a Set as a list, a BigInt as
its digits, `undefined` as None. What JavaScript throws is a `JavaScriptError` of `call` and `run`; in the answers of
`calls` one stands in its place, not raised.

Chromium is driven in a thread of its own: playwright runs an event loop in its thread, and Django refuses the database
to a thread in which one runs. So these tests may stand beside any others, may use the database, and may use Hypothesis.
The folder is served from http://127.0.0.1, under /static/field/ as in the product and as strictly (no script but its
own files), so modules, WebCrypto and IndexedDB work. Its one page is blank; `js.page(lambda page: …)` does something
with the page itself, in that thread. Nothing that a test leaves in the page may matter to another one.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
import http.server
import json
import os
import queue
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.chromium import FLAGS

from umeed.kernel.refusals import Refusal

STATIC = Path(__file__).resolve().parents[1] / "static" / "field"
FONTS = Path(__file__).resolve().parents[2] / "core" / "static" / "core" / "fonts"
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self'; style-src 'self'; "
    "font-src 'self'"
)
_BATCH = 4000

# Of one call: what is asked for of its answer, as text, because BigInt, Map and Set are none of JSON.
_CALLS = """async ({path, name, cases, pick}) => {
    const plain = (key, one) => typeof one === "bigint" ? String(one) : one instanceof Map ? Object.fromEntries(one)
        : one instanceof Set ? [...one] : one;
    const work = (await import("/static/field/" + path))[name];
    if (typeof work !== "function") throw new Error(`${path} exports no function ${name}`);
    const answers = [];
    for (const args of JSON.parse(cases)) {
        try {
            const whole = await work(...args);
            const found = pick && whole ? Object.fromEntries(pick.map((one) => [one, whole[one]])) : whole;
            answers.push({ok: found === undefined ? null : found});
        } catch (error) {
            answers.push({error: String(error && error.stack || error)});
        }
    }
    return JSON.stringify(answers, plain);
}"""
_RUN = """async ([args]) => {
    const plain = (key, one) => typeof one === "bigint" ? String(one) : one instanceof Map ? Object.fromEntries(one)
        : one instanceof Set ? [...one] : one;
    const load = (path) => import("/static/field/" + path);
    const found = await (%s)(load, ...JSON.parse(args));
    return JSON.stringify(found === undefined ? null : found, plain);
}"""


class JavaScriptError(Exception):
    """What JavaScript threw, with where."""


def camel(name: str) -> str:
    """first_due → firstDue"""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def plain(value: Any) -> Any:
    """A value of Python as JavaScript is given it, and as its answers are compared."""
    if isinstance(value, Refusal):
        return plain(value.as_dict())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {camel(one.name): plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return {"n": str(value.numerator), "d": str(value.denominator)}
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (Sequence, Set, Iterator)) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value


class JavaScript:
    """A page of Chromium in a thread of its own, and the folder of the phone served to it."""

    def __init__(self) -> None:
        self._jobs: queue.Queue[tuple[Callable[[Any], Any], queue.Queue[tuple[bool, Any]]] | None] = queue.Queue()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Folder)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._driver = threading.Thread(target=self._drive, daemon=True)
        self._driver.start()
        self.page(lambda page: page.goto(f"{self.address}/"))

    def close(self) -> None:
        self._jobs.put(None)
        self._driver.join(30)
        self._server.shutdown()
        self._server.server_close()

    def call(self, path: str, name: str, *args: Any) -> Any:
        """What a function that a module exports answers."""
        (answer,) = self.calls(path, name, [args])
        if isinstance(answer, JavaScriptError):
            raise answer
        return answer

    def calls(
        self, path: str, name: str, cases: Sequence[Sequence[Any]], *, pick: Sequence[str] | None = None
    ) -> list[Any]:
        """What it answers to each of many cases, its arguments in a list; of an object only what is to be picked."""
        answers = []
        for at in range(0, len(cases), _BATCH):
            asked = {"path": path, "name": name, "cases": json.dumps(plain(cases[at : at + _BATCH])), "pick": pick}
            answers += json.loads(self.page(functools.partial(_evaluated, _CALLS, asked)))
        return [one["ok"] if "ok" in one else JavaScriptError(one["error"]) for one in answers]

    def run(self, source: str, *args: Any) -> Any:
        """What a function in JavaScript answers to `load` (path → module) and some values."""
        return json.loads(self.page(functools.partial(_evaluated, _RUN % source, [json.dumps(plain(args))])))

    def page(self, work: Callable[[Any], Any]) -> Any:
        """Do something with the page of playwright, in the thread in which it lives."""
        done: queue.Queue[tuple[bool, Any]] = queue.Queue()
        self._jobs.put((work, done))
        is_well, answer = done.get(timeout=300)
        if not is_well:
            raise answer
        return answer

    def _drive(self) -> None:
        """The thread: a browser, a page, and one piece of work after the other until there is None."""
        from playwright.sync_api import sync_playwright

        where = os.environ.get("UMEED_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=where or None, args=FLAGS)
                page = browser.new_page()
                while (job := self._jobs.get()) is not None:
                    job[1].put(_tried(job[0], page))
                browser.close()
        except Exception as error:  # whoever waits is told, now and later
            while (job := self._jobs.get()) is not None:
                job[1].put((False, error))


def _tried(work: Callable[[Any], Any], page: Any) -> tuple[bool, Any]:
    try:
        return True, work(page)
    except Exception as error:  # it is raised again where the work came from
        return False, error


def _evaluated(source: str, value: Any, page: Any) -> Any:
    try:
        return page.evaluate(source, value)
    except Exception as error:
        raise JavaScriptError(str(error)) from error


class _Folder(http.server.SimpleHTTPRequestHandler):
    """`static/field` as /static/field/, fonts where they lie, and one blank page; nothing is kept by the browser."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, directory=str(STATIC))

    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!doctype html><html lang=en><title>.</title><link rel=icon href=data:,>")
        elif self.path.startswith(("/static/field/", "/static/core/fonts/")):
            super().do_GET()
        else:
            self.send_error(404)

    def translate_path(self, path: str) -> str:
        room, name = path.removeprefix("/static/").split("/", 1)
        self.directory = str(STATIC if room == "field" else FONTS.parent)
        return super().translate_path(f"/{name}")

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_said: Any) -> None:
        """Nothing is written beside the tests."""


@pytest.fixture(scope="session")
def js() -> Iterator[JavaScript]:
    page = JavaScript()
    yield page
    page.close()
