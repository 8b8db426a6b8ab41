"""Finds a Chromium for the tests that drive one, or installs it."""

# ruff: noqa: S603 - looking for and installing a browser is what this module is for

import os
import shutil
import subprocess
import sys
from pathlib import Path

from umeed.launcher import debian
from umeed.launcher.screen import Screen

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright as start\nwith start() as p: print(p.chromium.executable_path)"
)


def ensure_chromium(screen: Screen) -> str | None:
    """The path of a Chromium that starts; None, after a plain sentence, when none can be had."""
    found = find_chromium()
    if found:
        return found
    with screen.step("Chromium for the browser tests") as step:
        step.progress(5, "fetching about 110 MB")
        found = _from_debian() or _from_playwright()
        step.failed = found is None
    if found is None:
        screen.line("  No Chromium was found or could be installed, so the browser tests will fail.")
        screen.line("  Install Chromium or Google Chrome, or set UMEED_CHROMIUM to its program, and run again.")
    return found


def find_chromium() -> str | None:
    """A Chromium that is on the machine already: UMEED_CHROMIUM, the PATH, the usual applications, Playwright's own."""
    chosen = os.environ.get("UMEED_CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    named = [shutil.which(name) for name in _NAMES]
    present = [path for path in _APPLICATIONS if Path(path).exists()]
    return next((path for path in [*named, *present] if path and _starts(path)), None) or _playwrights()


def _starts(path: str) -> bool:
    """Ubuntu's chromium-browser, for one, may be a mere notice that asks for a snap."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights() -> str | None:
    told = subprocess.run([sys.executable, "-P", "-c", _ASK_PLAYWRIGHT], capture_output=True, text=True).stdout.strip()
    return told if told and Path(told).exists() else None


def _from_debian() -> str | None:
    return shutil.which("chromium") if debian.install("chromium") else None


def _from_playwright() -> str | None:
    # Ubuntu has Chromium as a snap only; Playwright brings its own, and as root the libraries it needs.
    libraries = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    command = [sys.executable, "-P", "-m", "playwright", "install", *libraries, "chromium"]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    return _playwrights()
