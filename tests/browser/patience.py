"""Waiting for what a page says. Not `wait_for_function`: what that asks a second time is evaluated by the page, which
our content security policy forbids."""

from typing import Any

from playwright.sync_api import Page

STEP_MS = 50


def wait_until(page: Page, holds: str, given: Any = None, *, seconds: float = 30) -> None:
    """Returns when an expression or function of JavaScript says yes; AssertionError when it never does."""
    for _ in range(int(seconds * 1000 / STEP_MS)):
        if page.evaluate(holds, given):
            return
        page.wait_for_timeout(STEP_MS)
    raise AssertionError(f"It never held: {holds}")
