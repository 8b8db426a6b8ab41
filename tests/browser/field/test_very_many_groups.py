"""Four hundred groups on one phone: all come, the one that is sought is found, what is written stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
GROUPS = 400
# A row that is drawn is waited for by every thumb on this screen.
MOST_ROWS = 50
_ROWS = "main .way[data-group]"


def test_four_hundred_groups_on_one_phone(phone) -> None:
    one = phone(groups=GROUPS, made_by="many")
    page = one.page
    all_groups = page.locator("main section:last-child")
    expect(page.locator("main .coming")).to_have_count(0, timeout=60_000)
    expect(page.get_by_text(f"{GROUPS - 15} more meetings are due")).to_be_visible()
    expect(all_groups.get_by_text(f"30 of {GROUPS}")).to_be_visible()
    assert page.locator(_ROWS).count() <= MOST_ROWS
    one.tap("main section:last-child > .button")
    expect(all_groups.get_by_text(f"60 of {GROUPS}")).to_be_visible()
    one.looks_right()
    _seeks(one, "roshni 39", 10)
    # Without a network she begins a meeting of the one that was found.
    one.is_ready_without_network()
    one.context.set_offline(True)
    _seeks(one, "Roshni 398", 1)
    one.open_group()
    one.begin()
    one.tap(".pill.absent", 2)
    expect(page.locator(".pill.absent[aria-pressed=true]")).to_have_count(1)
    page.wait_for_timeout(100)
    page.reload()
    one.unlock()
    expect(page.locator(".pill.absent[aria-pressed=true]")).to_have_count(1)
    page.close()
    page = one.page = one.opened()
    one.unlock()
    first = page.locator("main .way").first
    expect(first).to_contain_text("Roshni 398")
    expect(page.locator("main section:last-child").get_by_text(f"30 of {GROUPS}")).to_be_visible()
    _seeks(one, "Roshni 001", 1)


def _seeks(one, words: str, found: int) -> None:
    """Only what is found is shown then, right below what was typed."""
    one.page.fill("#sought", words)
    expect(one.page.locator(_ROWS)).to_have_count(found)
