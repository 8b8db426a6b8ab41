"""The sheets of the app: what is put away, what stands on it, and a picture that the server does not take."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from umeed.books.models import Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.core.scope import Scope
from umeed.field.actions import end_phone, give_code
from umeed.field.models import Command, Device, Page
from umeed.field.tests.app_in_chromium import AppInChromium
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.making import Phone, command
from umeed.field.tests.test_put_away import WHY, short
from umeed.field.tests.test_receiving import first, second
from umeed.institutions.tests.making import bookkeeper_of, officer_at

__all__ = ["kept", "valley"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

SEND = """for (const one of given) await outbox.add(one);
    await rhythm.now(); await rhythm.now();
    return outbox.list().map((one) => one.state);"""
# A photo as the camera of a phone makes it, of one colour.
PHOTO = """async () => {
    const canvas = new OffscreenCanvas(64, 64);
    canvas.getContext("2d").fillRect(0, 0, 64, 64);
    const blob = await canvas.convertToBlob({ type: "image/jpeg" });
    return [...new Uint8Array(await blob.arrayBuffer())];
}"""


@pytest.fixture
def officer(kept: Any) -> Scope:
    cache.clear()
    bookkeeper_of(kept.group)
    return officer_at(kept.group.place)


@pytest.fixture
def app(officer: Scope, js: JavaScript) -> Any:
    with AppInChromium(js) as one:
        one.enrol(give_code(by=officer, owner=Phone(officer).owner))
        yield one


def run(app: Any, source: str, given: Any = None) -> Any:
    begun = "const { app } = await import('/static/field/app.js'); const { outbox, rhythm, store } = app.session;"
    return app.do(lambda page: page.evaluate(f"async (given) => {{ {begun} {source} }}", given))


def put_away(app: Any, title: str) -> None:
    def tapped(page: Any) -> None:
        card = page.locator("section.card", has_text=title)
        card.get_by_role("button", name="Put it away").click()
        page.get_by_role("dialog").get_by_label("Why").fill(WHY)
        page.get_by_role("dialog").get_by_role("button", name="Put it away").click()
        page.get_by_text("Put away").first.wait_for()

    run(app, "await app.go('outbox');")
    app.do(tapped)


def test_what_she_puts_away_is_never_posted(kept: Any, app: Any) -> None:
    """12 is sent back, 13 waits for it. She puts 13 away, then mends 12."""
    wrong = short(kept)
    later = second(kept, after=[wrong["id"]])
    assert run(app, SEND, [wrong, later]) == ["refused", "waits"]
    half = "for (const mends of given) await store.write([['put', 'drafts', mends, { id: mends, mends }]]);"
    run(app, half, [wrong["id"], later["id"]])
    put_away(app, "Meeting 2")
    assert run(app, "return store.keys('drafts');") == [wrong["id"]], "what could only fail to close"
    app.until(lambda: Command.objects.filter(uid=later["id"], state="aside").exists())
    said = first(kept)["said"]
    said["document"]["id"] = wrong["id"]
    mended = "await outbox.mend(given[0], given[1]); await rhythm.now(); await rhythm.now();"
    assert run(app, f"{mended} return outbox.list().map((one) => one.state);", [wrong["id"], said]) == [
        "accepted", "put_away",
    ]  # fmt: skip
    assert [str(one.pk) for one in Meeting.objects.all()] == [wrong["id"]]


def test_what_stands_on_what_was_put_away_is_mended_and_goes_up(kept: Any, app: Any) -> None:
    wrong = short(kept)
    later = second(kept, after=[wrong["id"]])
    run(app, SEND, [wrong, later])
    put_away(app, "Meeting 1")
    home = run(app, "await app.go('home', {}, 'home'); return document.querySelector('main').innerText;")
    assert "1 sheet does not go on by itself" in home
    said = second(kept)["said"]
    said["document"] |= {"id": later["id"], "number": 1, "counted": 250_00}
    mended = "await outbox.mend(given[0], given[1]); await rhythm.now(); await rhythm.now();"
    assert run(app, f"{mended} return outbox.get(given[0]).state;", [later["id"], said]) == "accepted"


def test_what_she_put_away_on_a_phone_that_was_ended_is_told_when_it_has_a_new_code(
    kept: Any, officer: Scope, app: Any
) -> None:
    wrong = short(kept)
    assert run(app, SEND, [wrong]) == ["refused"]
    end_phone(by=officer, device=Device.objects.get().pk, why="Lost on the road")
    put_away(app, "Meeting 1")
    app.until(lambda: run(app, "return app.session.sync.status.isEnded;"))
    run(app, "await app.go('home', {}, 'home'); await app.go('outbox');")
    app.do(lambda page: page.locator("main .way", has_text="Meeting 1").click())
    app.until(lambda: f"Put away because: {WHY}" in app.do(lambda page: page.inner_text("main")))
    assert Command.objects.get().state == "refused", "whoever has that phone puts nothing away"
    renewed = "const { renewed } = await import('/static/field/screens/renew.js'); await renewed(app, given);"
    run(app, renewed, give_code(by=officer, owner=Phone(officer).owner))
    app.until(lambda: Command.objects.filter(uid=wrong["id"], state="aside").exists())
    assert run(app, "return outbox.list().map((one) => [one.state, one.put_away.is_told]);") == [["put_away", True]]


def photo_taken_anew(page: Any) -> None:
    """Among the sheets she presses what stands beside it, and takes another one."""
    page.get_by_role("button", name="Take another photo").click()
    file = {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": bytes(page.evaluate(PHOTO))}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Attach it to the meeting").click()


def test_a_picture_that_is_not_taken_is_taken_anew(kept: Any, app: Any) -> None:
    held = first(kept)
    said = {"meeting": held["id"], "sha256": "0" * 64, "width": 64, "height": 64}
    photo = command("attach_page", kept.group.pk, said, after=[held["id"]])
    broken = "await store.write([['put', 'pages', given[1].id, new Uint8Array([1, 2, 3])]]);"
    assert run(app, broken + SEND, [held, photo]) == ["accepted", "waits"]
    shown = run(app, "await app.go('outbox'); return document.querySelector('main').innerText;")
    assert "The photo was not taken by the server" in shown and "This is no picture" in shown
    app.do(photo_taken_anew)
    app.until(lambda: Page.objects.exclude(meeting=None).exists())
    run(app, "await rhythm.now();")
    assert run(app, "return [outbox.get(given).state, await store.keys('pages')];", photo["id"]) == ["accepted", []]
