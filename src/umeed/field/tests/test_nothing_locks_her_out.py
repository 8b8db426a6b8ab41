"""What must never stand in her way on the phone: a draft that does not open, a language that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from umeed.books.tests.conftest import kept, valley
from umeed.field.tests.app_in_chromium import PIN, AppInChromium
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.test_renewing_in_chromium import code_for, press, run, typed_pin
from umeed.institutions.tests.making import bookkeeper_of, officer_at

__all__ = ["kept", "valley"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]


@pytest.fixture
def app(kept: Any, js: JavaScript) -> Iterator[AppInChromium]:
    cache.clear()
    bookkeeper_of(kept.group)
    with AppInChromium(js) as one:
        one.enrol(code_for(officer_at(kept.group.place)))
        yield one


def test_a_draft_that_does_not_open_is_put_away_and_locks_nobody_out(kept: Any, app: AppInChromium) -> None:
    group = str(kept.group.pk)
    run(app, """
        await (await import("/static/field/screens/meeting.js")).begin(app, given, { on: "2026-04-10", number: 2 });
        const draft = await app.session.store.get("drafts", given) ?? app.state.draft;
        await app.state.kept;
        await app.session.store.write([["put", "drafts", given, { ...draft, requests: null, at: "loans" }]]);
    """, group)  # fmt: skip

    def comes_back(page: Any) -> None:
        page.reload()
        typed_pin(page, PIN)
        page.get_by_text("What was open here before could not be opened again").first.wait_for()
        page.get_by_role("heading", name="Today").wait_for()
        page.get_by_role("button", name="Go on writing meeting 2").click()
        press(page, "Yes, put it away")
        page.get_by_role("button", name="Go on writing meeting 2").wait_for(state="detached")

    app.do(comes_back)
    assert run(app, "return app.session.store.keys('drafts');") == []


def test_a_language_that_is_not_here_changes_nothing(app: AppInChromium) -> None:
    def chooses(page: Any) -> None:
        page.get_by_role("button", name="Settings").click()
        press(page, "اردو")
        page.locator("html[lang=ur][dir=rtl]").wait_for()

    app.do(chooses)
    title = app.do(lambda page: page.locator("h1").inner_text())
    app.offline = True
    app.do(lambda page: press(page, "हिन्दी"))
    app.do(lambda page: page.locator("main > .notice.warn").wait_for())
    said = app.do(lambda page: [page.locator("h1").inner_text(), page.locator("html").get_attribute("lang")])
    assert said == [title, "ur"]
    assert run(app, "return app.session.store.get('meta', 'language');") == "ur"


def test_the_app_is_offered_to_be_installed_until_it_is(app: AppInChromium) -> None:
    def offers(page: Any) -> list[bool]:
        page.evaluate("""() => {
            const offer = new Event("beforeinstallprompt", { cancelable: true });
            offer.prompt = async () => { window.wasAsked = true; };
            dispatchEvent(offer);
        }""")
        press(page, "Install")
        page.get_by_role("button", name="Install").wait_for(state="detached")
        return [bool(page.evaluate("window.wasAsked"))]

    assert app.do(offers) == [True]
