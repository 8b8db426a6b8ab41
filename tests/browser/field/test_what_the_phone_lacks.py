"""No room while a meeting is closed, and a browser that has cleared all that the phone kept: she is told so in plain
words, and nothing that she wrote or that was received is lost. What waits the browser is asked to send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.field.test_an_evening import ordinary
from tests.browser.field.test_the_app_is_closed import lies
from tests.browser.field.test_what_the_office_does import closed_without_network

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
_APP = 'const { app } = await import("/static/field/app.js");'
_NO_ROOM = "This phone has no room left. Delete photos or videos, then try again. Nothing is lost."
# Bytes besides what is used, so that the browser looks at the quota anew before this much more is written.
_LITTLE = 4_000_000
# Other things take what is left, in ever smaller pieces. For half a minute the browser may still give what it has put
# by for this address before; then not even a small one fits. Answers what it said then.
_FILL = """async () => {
    const opening = indexedDB.open("other-things");
    const db = await new Promise((done) => {
        opening.onupgradeneeded = () => opening.result.createObjectStore("things", { autoIncrement: true });
        opening.onsuccess = () => done(opening.result);
    });
    const put = (size) => new Promise((done) => {
        const work = db.transaction("things", "readwrite");
        work.objectStore("things").put(crypto.getRandomValues(new Uint8Array(size)));
        [work.oncomplete, work.onabort] = [() => done(""), () => done(work.error.name)];
    });
    const until = Date.now() + 60_000;
    let said = "";
    for (const size of [50_000, 5_000, 500, 50]) {
        for (said = ""; !said && Date.now() < until;) {
            said = await put(size);
            await new Promise((done) => setTimeout(done, 20));
        }
    }
    db.close();
    return said;
}"""
_WAITS = f"""async () => {{
    {_APP}
    const {{ outbox, store }} = app.session;
    return [outbox.list().length, (await store.keys("commands")).length, (await store.keys("drafts")).length];
}}"""
_TAGS = "navigator.serviceWorker.ready.then((worker) => worker.sync.getTags())"
_KEPT = f"""async () => {{
    {_APP}
    const {{ openBook }} = await import("/static/field/book/parts.js");
    const {{ kept }} = app.session;
    const books = await Promise.all(kept.groups().map(async (group) => openBook(await kept.parts(group))));
    return {{
        meetings: books.flatMap(({{ id, meetings }}) => meetings.map(({{ number, on }}) => [id, number, on])).sort(),
        sheets: books.flatMap(({{ sheets }}) => sheets).length,
    }};
}}"""
# What stands on the server in the books of her groups, and what became of her commands.
_ROWS = """
import json
from umeed.access.models import Posting
from umeed.books.models import Meeting, Sheet
from umeed.core.viewer import as_system
from umeed.field.models import Command
with as_system():
    hers = Posting.objects.filter(user__username={username!r}).values("institution_id")
    meetings = Meeting.objects.filter(book__institution__in=hers).order_by("book__institution__name", "number")
    sheets = Sheet.objects.filter(book__institution__in=hers)
    commands = Command.objects.filter(owner__username={username!r}).order_by("pk")
    print(json.dumps({{
        "meetings": [[str(one.book.institution_id), one.number, one.held_on.isoformat()] for one in meetings],
        "sheets": sheets.count(), "commands": [[one.kind, one.state] for one in commands],
    }}))
"""


def rows(one) -> dict[str, Any]:
    return json.loads(one.site.run("django", "shell", "-v", "0", "-c", _ROWS.format(username=one.username)))


@contextmanager
def quota(one) -> Iterator[Any]:
    """`put(bytes)` is all that the browser gives this address; put() without a number takes that back."""
    cdp = one.context.new_cdp_session(one.page)

    def put(size: int | None = None) -> None:
        told = {} if size is None else {"quotaSize": size}
        cdp.send("Storage.overrideQuotaForOrigin", {"origin": one.address, **told})

    yield put
    cdp.detach()


def used(one) -> int:
    return int(one.page.evaluate("navigator.storage.estimate().then((room) => room.usage)"))


def test_a_meeting_is_closed_on_a_phone_that_is_full(phone) -> None:
    one = phone(is_new=True)
    page = one.page
    with quota(one) as put:
        put(used(one) + _LITTLE)
        one.enrol()
        one.is_ready_without_network()
        one.context.set_offline(True)
        ordinary(one, absent=1, late=2)
        page.wait_for_timeout(500)
        put(used(one))
        assert page.evaluate(_FILL) == "QuotaExceededError"

        said = one.box()
        one.next()
        expect(page.locator("main .notice.refuse")).to_contain_text(_NO_ROOM)
        # Nothing says that it is closed, what she wrote stands, on the screen and on the phone.
        expect(page.locator(".foot .button.big")).to_have_text("Close the meeting")
        assert one.box() == said
        assert page.evaluate(_WAITS) == [0, 0, 1]
        assert one.complaints and all(told.startswith("StoreFull") for told in one.complaints)
        one.complaints.clear()
        one.looks_right()

        # The app is started again: her books open all the same, a wrong PIN is one, and the meeting is where it was.
        page.reload()
        one.pin("830517")
        expect(page.locator(".pin .refuse, main .refuse").first).to_contain_text("This PIN does not open it.")
        one.unlock()
        assert page.evaluate(_WAITS) == [0, 0, 1]
        expect(page.locator(".foot .button.big")).to_have_text("Close the meeting")
        assert one.box() == said
        assert all(told.startswith("StoreFull") for told in one.complaints)
        one.complaints.clear()

        put()
        one.next()
        expect(page.locator("main .badge.is-info").first).to_be_visible()
        assert page.evaluate(_WAITS) == [1, 1, 0]
    assert rows(one)["commands"] == []
    one.context.set_offline(False)
    expect(page.locator("main .badge.is-good").first).to_be_visible(timeout=60_000)
    there = rows(one)
    assert there["commands"] == [["close_meeting", "accepted"]]
    assert [number for _group, number, _on in there["meetings"]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("what", ["all", "indexeddb"])
def test_what_was_received_comes_back_to_a_phone_that_was_cleared(phone, what: str) -> None:
    """By the browser, where it needs the room: all of it with the app, or the books without it."""
    one = phone(groups=3)
    one.is_ready_without_network()
    ordinary(one, absent=1, late=2)
    one.next()
    expect(one.page.locator("main .badge.is-good")).to_be_visible(timeout=60_000)
    there = rows(one)
    assert len(there["meetings"]) == 9 and there["commands"] == [["close_meeting", "accepted"]]
    one.page.close()

    beside = one.context.new_page()
    cdp = one.context.new_cdp_session(beside)
    cdp.send("Storage.clearDataForOrigin", {"origin": one.address, "storageTypes": what})
    beside.close()
    # Without a network she reads the same, where the app itself was left.
    one.context.set_offline(what == "indexeddb")
    page = one.page = one.opened()
    expect(page.locator("main h2")).to_have_text("Which language do you read?")
    one.looks_right()
    one.tap("li[lang=en] button")
    expect(page.locator("main h2")).to_have_text("The code from the block office")
    # The code that she had is used up.
    one.context.set_offline(False)
    page.reload()
    _comes_with(one, one.told["code"])
    expect(page.locator("main .notice.refuse")).to_contain_text("Ask the office for a new one.", timeout=20_000)
    # The browser complains of the server's no, which it is to say.
    one.complaints.clear()
    page.fill("#code", json.loads(one.site.run("tests.browser.field.evening", one.username))["code"])
    one.tap("main .button.big")
    expect(page.locator("main section:last-child .way[data-group]")).to_have_count(3, timeout=60_000)
    expect(page.locator("main .coming")).to_have_count(0, timeout=60_000)
    kept = page.evaluate(_KEPT)
    assert kept["meetings"] == sorted(there["meetings"])
    assert kept["sheets"] == there["sheets"]
    assert rows(one) == there
    page.reload()
    one.unlock()
    assert page.evaluate(_KEPT) == kept


@pytest.mark.parametrize("what", ["all", "indexeddb"])
def test_what_waits_goes_up_though_all_was_cleared_while_the_app_is_open(phone, what: str) -> None:
    """A cleaner on the family's phone, in the midst of a meeting: what she closed is in that window only."""
    one = phone(groups=3)
    page = one.page
    one.is_ready_without_network()
    closed_without_network(one)
    one.open_group()
    one.begin()
    cdp = one.context.new_cdp_session(page)
    cdp.send("Storage.clearDataForOrigin", {"origin": one.address, "storageTypes": what})
    notice = page.locator("main .notice.refuse")
    expect(notice).to_contain_text("1 sheet that waits is only in this window: do not close it")
    one.looks_right()
    # What she goes on to write cannot be kept, and nothing says that it is.
    page.locator("main .amount, .pill.late").first.click()
    expect(notice).to_contain_text("1 sheet that waits")
    assert rows(one)["commands"] == []

    one.context.set_offline(False)
    expect(notice).to_contain_text("What you had closed is at the office.", timeout=60_000)
    assert rows(one)["commands"] == [["close_meeting", "accepted"]]
    one.next()
    one.next()
    expect(notice).to_contain_text("note it on paper, then ask the office for a new code")
    one.looks_right()
    assert one.complaints and all(told.startswith(("StoreGone", "Failed to load")) for told in one.complaints)
    one.complaints.clear()


def test_by_a_clock_that_is_years_ahead_no_meeting_begins_unasked(phone) -> None:
    one = phone()
    page = one.page
    one.is_later(days=1558)
    one.open_group()
    expect(page.locator("main .notice", has_text="Is it")).to_be_visible()
    asked = page.locator("dialog[open]")
    one.tap("main .card.mark .button.big")
    expect(asked).to_contain_text("nobody has seen it")
    one.looks_right()
    one.tap("dialog .button.quiet")
    expect(asked).to_contain_text("Held on")
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(page.locator(".steps")).to_have_count(0)
    # Who says that it is that day may write it.
    one.tap("main .card.mark .button.big")
    one.tap("dialog .button.big")
    expect(page.locator(".steps")).to_be_visible()


def _comes_with(one, code: str) -> None:
    one.tap("li[lang=en] button")
    one.page.fill("#code", code)
    one.page.fill("#label", "Redmi of the family")
    one.tap("main .button.big")
    for _typed in range(2):
        one.pin()
        expect(one.page.locator(".dots .on")).to_have_count(0)


def test_with_work_that_waits_the_browser_is_asked_to_wake_the_worker(phone) -> None:
    one = phone()
    one.is_ready_without_network()
    one.page.wait_for_timeout(1000)
    assert one.page.evaluate(_TAGS) == []
    closed_without_network(one)
    lies(one.page, "letters", 1)
    for _ in range(50):
        if tags := one.page.evaluate(_TAGS):
            break
        one.page.wait_for_timeout(100)
    assert tags == ["umeed-post"]
