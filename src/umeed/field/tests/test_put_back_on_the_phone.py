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
from umeed.field.tests.app_in_chromium import AppInChromium
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.making import Phone
from umeed.field.tests.test_put_away_on_the_phone import SEND, run
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
