"""A running installation for the browser: its own database, a demonstration mission, the real server and worker.

Made once a run, and gone after the last test of this folder: tests of other rooms would meet Chromium's event loop. The
tests drive it through Chromium as a person would; of the product only the launcher is imported here.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.beside import Beside
from tests.chromium import FLAGS
from tests.databases import migrated_database
from umeed.launcher.children import web_server

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "data" / "samples"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Site:
    """Where it runs and the one password of the demonstration's people; what else must be run beside it."""

    address: str
    password: str
    beside: Beside

    def run(self, module: str, *words: str) -> str:
        """The last line that a Python module told, in the environment of the site."""
        return self.beside.run(module, *words).strip().splitlines()[-1]


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site")
    with migrated_database(os.environ["DATABASE_URL"], f"umeed_browser_{os.getpid()}") as url:
        env = os.environ | {"DATABASE_URL": url, "UMEED_DATA": str(data), "UMEED_MODE": "demonstration"}
        beside = Beside(env, str(ROOT))
        for words in (["make_fonts"], ["compile_languages"], ["collectstatic", "--noinput"], ["load_demo"]):
            beside.run("django", *words)
        port = _free_port()
        children = [
            subprocess.Popen(web_server("127.0.0.1", port, workers=1), env=env),
            subprocess.Popen([sys.executable, "-m", "django", "procrastinate", "worker"], env=env),
        ]
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/health")
            yield Site(address, (data / "demonstration-password").read_text().strip(), beside)
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(20)
            beside.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer in {seconds} s")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    where = os.environ.get("UMEED_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where or None, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody at her phone or desk: signed in, with a page; complaints of the browser fail the test."""

    def __init__(self, site: Site, browser: Browser, language: str, viewport: dict[str, int], script: bool) -> None:
        self.site = site
        locale = {"en": "en-IN", "hi": "hi-IN", "ur": "ur-PK"}[language]
        self.context = browser.new_context(
            viewport=viewport,
            locale=locale,
            java_script_enabled=script,
            accept_downloads=True,  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: object) -> None:
        if message.type == "error" and "with a status of 4" not in message.text:  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def open(self, path: str) -> Page:
        self.page.goto(self.site.address + path)
        return self.page

    def sign_in(self, username: str) -> Page:
        page = self.open("/accounts/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", self.site.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(self.site.address + "/**")
        return page


@pytest.fixture
def somebody(site: Site, chromium: Browser) -> Iterator[object]:
    """`somebody("block", language="ur")` is signed in; afterwards her browser must not have complained."""
    people: list[Person] = []

    def make(
        username: str = "", *, language: str = "en", viewport: dict[str, int] = DESK, script: bool = True
    ) -> Person:
        person = Person(site, chromium, language, viewport, script)
        people.append(person)
        if username:
            person.sign_in(username)
        return person

    yield make
    for person in people:
        person.context.close()
    assert [complaint for person in people for complaint in person.complaints] == []
