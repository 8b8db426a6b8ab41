"""The app in the real Chromium, and a server whose disk was put back to an earlier day under it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from umeed.books.models import Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.core.scope import Scope
from umeed.field.actions import give_code
from umeed.field.models import Page
from umeed.field.tests.app_in_chromium import AppInChromium
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.making import Phone
from umeed.field.tests.test_put_away_on_the_phone import PHOTO, SEND, photo_taken_anew, run
from umeed.field.tests.test_receiving import first, second
from umeed.institutions.tests.making import bookkeeper_of, officer_at

__all__ = ["kept", "valley"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

TALK = "await rhythm.now(); await rhythm.now();"
MEETINGS = """const { openBook } = await import("/static/field/book/parts.js");
    const { meetings } = openBook(await app.session.kept.parts(given));
    return [meetings.length, outbox.list().map((one) => one.state), outbox.doubted];"""


@pytest.fixture
def officer(kept: Any) -> Scope:
    cache.clear()
    for owner in ("bookkeeper", "second"):
        bookkeeper_of(kept.group, username=owner)
    return officer_at(kept.group.place)


def test_what_the_server_forgot_goes_up_again_and_what_others_wrote_is_shown_no_more(
    kept: Any, officer: Scope, js: JavaScript
) -> None:
    hers, theirs, group = first(kept), second(kept), str(kept.group.pk)
    with AppInChromium(js) as app:
        app.enrol(give_code(by=officer, owner=Phone(officer).owner))
        other = Phone(officer, "second").enrol()
        run(app, TALK)
        before = transaction.savepoint()
        assert run(app, SEND, [hers]) == ["accepted"]
        assert other.send(theirs) == ["accepted"]
        run(app, TALK)
        assert run(app, MEETINGS, group) == [2, ["accepted"], 0]
        transaction.savepoint_rollback(before)
        assert not Meeting.objects.exists()
        run(app, TALK)
        assert [str(one.pk) for one in Meeting.objects.all()] == [hers["id"]]
        assert run(app, MEETINGS, group) == [1, ["accepted"], 0]


PHOTO_OF = """const { sha256, hexOf } = await import("/static/field/core/bytes.js");
    const bytes = new Uint8Array(given.bytes);
    const said = { meeting: given.meeting, sha256: hexOf(await sha256(bytes)), width: 64, height: 64 };
    const { send } = await import("/static/field/screens/commands.js");
    const id = crypto.randomUUID();
    await send(app, { id, kind: "attach_page", group: given.group, said }, [["put", "pages", id, bytes]]);
    await rhythm.now();
    return id;"""
STATES = "return outbox.list().map((one) => [one.kind, one.state]);"


@pytest.fixture
def app(officer: Scope, js: JavaScript) -> Any:
    with AppInChromium(js) as one:
        one.enrol(give_code(by=officer, owner=Phone(officer).owner))
        run(one, TALK)
        yield one


def photo_of(app: Any, kept: Any, meeting: str) -> str:
    said = {"bytes": app.do(lambda page: page.evaluate(PHOTO)), "meeting": meeting, "group": str(kept.group.pk)}
    return run(app, PHOTO_OF, said)


def test_a_photo_that_was_not_sent_follows_its_meeting(kept: Any, app: Any) -> None:
    hers, before = first(kept), transaction.savepoint()
    assert run(app, SEND, [hers]) == ["accepted"]
    app.offline = True
    photo_of(app, kept, hers["id"])
    transaction.savepoint_rollback(before)
    app.offline = False
    for _ in range(3):
        run(app, TALK)
    assert run(app, STATES) == [["close_meeting", "accepted"], ["attach_page", "accepted"]]
    assert str(Page.objects.get().meeting) == hers["id"]


def test_a_photo_that_the_server_had_and_lost_is_told_and_taken_anew(kept: Any, app: Any) -> None:
    hers, before = first(kept), transaction.savepoint()
    assert run(app, SEND, [hers]) == ["accepted"]
    photo_of(app, kept, hers["id"])
    run(app, TALK)
    assert str(Page.objects.get().meeting) == hers["id"] and run(app, "return store.keys('pages');") == []
    transaction.savepoint_rollback(before)
    for _ in range(3):
        run(app, TALK)
    assert run(app, STATES) == [["close_meeting", "accepted"], ["attach_page", "waits"]]
    home = run(app, "await app.go('home', {}, 'home'); return document.querySelector('main').innerText;")
    assert "1 sheet does not go on by itself" in home
    sheets = run(app, "await app.go('outbox'); return document.querySelector('main').innerText;")
    assert "This photo is lost" in sheets and "not on this phone either" in sheets
    app.do(photo_taken_anew)
    app.until(lambda: Page.objects.exclude(meeting=None).exists())
    assert run(app, f"await rhythm.now(); {STATES}")[1] == ["attach_page", "accepted"]


def test_what_only_the_receipt_is_left_of_is_shown_as_lost(kept: Any, app: Any) -> None:
    hers, before = first(kept), transaction.savepoint()
    assert run(app, SEND, [hers]) == ["accepted"]
    run(app, "await outbox.trim('2099-01-01', app.session.kept.groups());")
    photo = photo_of(app, kept, hers["id"])
    run(app, TALK)
    transaction.savepoint_rollback(before)
    for _ in range(3):
        run(app, TALK)
    home = run(app, "await app.go('home', {}, 'home'); return document.querySelector('main').innerText;")
    assert "The office has lost 1 sheet that it had received" in home
    shown = run(app, "await app.go('outbox'); return document.querySelector('main').innerText;")
    assert "Lost at the office" in shown and "Meeting 1" in shown and "write it again" in shown
    assert run(app, "return outbox.get(given).state;", photo) == "waits"
    assert "The office does not have the meeting of this photo" in shown
    app.do(lambda page: page.get_by_role("button", name="I have read it").click())
    app.until(lambda: run(app, "return outbox.counts().lost;") == 0)
    done = run(app, "await app.go('home', {}, 'home'); await app.go('outbox'); return document.body.innerText;")
    assert "Lost at the office" in done, "it is never shown as received"
    assert not app.errors
