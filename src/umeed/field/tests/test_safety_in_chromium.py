"""A phone in the hands of somebody else, in the real Chromium: what she reads without the PIN, what is left when it was
told to forget, when its bookkeeper leaves, when a group is another's."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from umeed.access.models import Posting, User
from umeed.books.actions import close_meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import meeting, saved
from umeed.core.audit import audited
from umeed.core.dated import between
from umeed.field.actions import ask_wipe, end_phone, give_code
from umeed.field.models import Command, Device, Page
from umeed.field.queries import has_left
from umeed.field.tests.app_in_chromium import PIN, AppInChromium
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.test_pages_of_books import picture
from umeed.institutions.tests.making import bookkeeper_of, officer_at, us

__all__ = ["kept", "valley"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

# Whatever a script of this address finds on the phone, without any key: bytes as they would be read.
ALL = """async () => {
    const keys = [];
    const read = (value) => {
        if (value instanceof CryptoKey) { keys.push(value); return `${value.algorithm.name} ${value.usages}`; }
        if (ArrayBuffer.isView(value)) return new TextDecoder("latin1").decode(value);
        if (Array.isArray(value)) return value.map(read);
        if (!value || typeof value !== "object") return value;
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, read(one)]));
    };
    const asked = (request) => new Promise((found, lost) => {
        request.onsuccess = () => found(request.result);
        request.onerror = () => lost(request.error);
    });
    const dbs = {};
    for (const { name } of await indexedDB.databases()) {
        const db = await asked(indexedDB.open(name));
        dbs[name] = {};
        for (const box of db.objectStoreNames) {
            const from = db.transaction(box).objectStore(box);
            const [names, values] = [await asked(from.getAllKeys()), await asked(from.getAll())];
            dbs[name][box] = names.map((key, at) => [key, read(values[at])]);
        }
        db.close();
    }
    const extractable = keys.filter((key) => key.extractable).length;
    const does = keys.flatMap((key) => key.usages);
    return { dbs, extractable, does, local: { ...localStorage }, session: { ...sessionStorage },
        cookies: document.cookie, caches: await caches.keys(), address: location.href, history: history.state,
        title: document.title };
}"""
# A sheet that was never sent, in the outbox; a half-written one beside it.
WRITES = """async (group) => {
    const { app } = await import("/static/field/app.js");
    const { outbox, store } = app.session;
    const said = { meeting: crypto.randomUUID(), why: "Zooni paid 4711" };
    await outbox.add({ id: crypto.randomUUID(), kind: "take_back_meeting", group, said });
    await store.write([["put", "drafts", group, { group, note: "Zooni owes 4712" }]]);
}"""
SYNC = """async () => {
    const { app } = await import("/static/field/app.js");
    return (await app.session?.sync.session())?.ok ?? null;
}"""


GO = """async ([name, args]) => {
    const { app } = await import("/static/field/app.js");
    await app.go(name, args);
}"""
# What a script of this address has for trying PINs past the count of tries.
TRIES = """async () => {
    const { openDb } = await import("/static/field/store/db.js");
    const name = (await indexedDB.databases()).map((one) => one.name).find((one) => one !== "umeed");
    const store = await openDb(name);
    const [lock, device] = await store.many("lock", ["lock", "device"]);
    store.close();
    const kind = [device.algorithm.name, device.extractable, String(device.usages), lock.iterations];
    const taken = await crypto.subtle.exportKey("raw", device).then(() => true, () => false);
    return { kind, taken };
}"""


@pytest.fixture
def code(kept: Any) -> str:
    cache.clear()
    keeper = bookkeeper_of(kept.group)
    return give_code(by=officer_at(kept.group.place), owner=User.objects.get(pk=keeper.viewer))


def words_of(kept: Any) -> list[str]:
    """What must be nowhere in the clear."""
    names = [kept.group.name, *(word for woman in kept.women for word in woman.name.split())]
    return [*names, "Zooni", "4711", "4712", PIN]


def test_a_thief_without_the_pin_reads_who_keeps_books_and_nothing_of_them(
    kept: Any, code: str, js: JavaScript
) -> None:
    with AppInChromium(js) as app:
        app.enrol(code)
        assert app.do(lambda page: page.evaluate(SYNC)) is True
        app.offline = True
        app.do(lambda page: page.evaluate(WRITES, str(kept.group.pk)))
        found = app.do(lambda page: page.evaluate(ALL))
        tries = app.do(lambda page: page.evaluate(TRIES))
    boxes = next(boxes for name, boxes in found["dbs"].items() if name not in ("umeed", "umeed-post"))
    assert all(boxes[name] for name in ("parts", "commands", "drafts", "meta")), "there is something to steal"
    text = json.dumps(found, ensure_ascii=False)
    assert [word for word in [*words_of(kept), code, "phone_"] if word in text] == []
    assert "Bookkeeper" in text, "her name stands on the screen of the PIN"
    assert (found["session"], found["cookies"], found["caches"]) == ({}, "", [])
    assert set(found["local"]) <= {"umeed-field-last", "umeed-field-language"}
    assert found["address"].endswith("/field/")
    # No key lies there that reads or signs without the PIN; what the slow part runs over does not leave the browser.
    assert (found["extractable"], found["does"]) == (0, ["deriveBits"])
    assert tries == {"kind": ["PBKDF2", False, "deriveBits", 600_000], "taken": False}


def test_whoever_looks_at_a_woman_leaves_no_name_in_the_history_of_the_browser(
    kept: Any, code: str, js: JavaScript
) -> None:
    hers = {"woman": str(kept.women[0].pk)}

    def looks(page: Any) -> str:
        page.evaluate(SYNC)
        seen = []
        for name, more in (("women", {}), ("woman", hers), ("group", {}), ("correct", hers), ("queue", {})):
            page.evaluate(GO, [name, {"group": str(kept.group.pk), **more}])
            page.locator("h1").wait_for()
            seen.append(page.evaluate("() => [document.title, location.href, JSON.stringify(history.state)]"))
        return json.dumps(seen, ensure_ascii=False)

    with AppInChromium(js) as app:
        app.enrol(code)
        seen = app.do(looks)
    assert [word for word in words_of(kept) if word in seen] == [], seen


def _signs_out(page: Any) -> None:
    page.evaluate(GO, ["settings", {}])
    page.get_by_role("button", name="Sign out of this phone").click()
    page.get_by_role("button", name="Yes, sign out and delete").click()


@pytest.mark.parametrize("how", ["wiped", "signs out"])
def test_nothing_of_hers_is_left_when_the_phone_forgets(kept: Any, code: str, js: JavaScript, how: str) -> None:
    with AppInChromium(js) as app:
        app.enrol(code)
        app.do(lambda page: page.evaluate(SYNC))
        if how == "wiped":
            officer = officer_at(kept.group.place, username="second")
            end_phone(by=officer, device=Device.objects.get().pk, why="Stolen", wipe=True)
            app.do(lambda page: page.evaluate(WRITES, str(kept.group.pk)))
            app.do(lambda page: page.evaluate(SYNC))
            assert Command.objects.get().state == "held", "what was written is at the office"
        else:
            app.do(_signs_out)
        app.do(lambda page: page.get_by_role("heading", name="Which language do you read?").wait_for())
        found = app.do(lambda page: page.evaluate(ALL))
    assert set(found["dbs"]) == {"umeed", "umeed-post"} and found["dbs"]["umeed"]["people"] == []
    assert "Bookkeeper" not in json.dumps(found)


TAKES = """async ([group, meeting, hex]) => {
    const { app } = await import("/static/field/app.js");
    const picture = Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
    const id = crypto.randomUUID();
    const sha = new Uint8Array(await crypto.subtle.digest("SHA-256", picture));
    const sha256 = [...sha].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const said = { meeting, sha256, width: 640, height: 480 };
    await app.session.outbox.add({ id, kind: "attach_page", group, said }, []);
    await app.session.store.write([["put", "pages", id, picture]]);
}"""


def a_page_is_taken(app: AppInChromium, kept: Any) -> None:
    """A meeting stands; of its signed page a picture lies on the phone."""
    document = meeting(kept, savings=saved(kept), counted=250_00)
    done = close_meeting(by=us(), book=kept.book, said=document)
    app.do(lambda page: page.evaluate(SYNC))
    app.offline = True
    app.do(lambda page: page.evaluate(TAKES, [str(kept.group.pk), str(done.meeting), picture().hex()]))
    app.offline = False


def test_a_phone_that_is_sold_hands_over_its_pictures_before_it_forgets(kept: Any, code: str, js: JavaScript) -> None:
    with AppInChromium(js) as app:
        app.enrol(code)
        a_page_is_taken(app, kept)
        officer = officer_at(kept.group.place, username="second")
        ask_wipe(by=officer, device=Device.objects.get().pk, why="Sold")
        app.do(lambda page: page.evaluate(SYNC))
        app.do(lambda page: page.get_by_role("heading", name="Which language do you read?").wait_for())
    assert Command.objects.get().state == "accepted" and Page.objects.get().meeting is not None


def test_nobody_signs_out_while_a_picture_has_not_left(kept: Any, code: str, js: JavaScript) -> None:
    counts = """async () => {
        const { app } = await import("/static/field/app.js");
        const { leaving } = await import("/static/field/store/device.js");
        return leaving(app.session);
    }"""
    with AppInChromium(js) as app:
        app.enrol(code)
        a_page_is_taken(app, kept)
        app.do(lambda page: page.route("**/field/api/page/**", lambda route: route.abort()))
        app.do(lambda page: page.evaluate(SYNC))
        assert Command.objects.get().state == "waits"
        assert app.do(lambda page: page.evaluate(counts))["unsent"] == 1
        app.do(lambda page: page.unroute("**/field/api/page/**"))
        app.do(lambda page: page.evaluate(SYNC))
        assert app.do(lambda page: page.evaluate(counts))["unsent"] == 0
    assert Command.objects.get().state == "accepted"


def test_a_phone_that_dies_while_it_forgets_goes_on_forgetting(kept: Any, code: str, js: JavaScript) -> None:
    dies = """async () => {
        const { openDb } = await import("/static/field/store/db.js");
        const list = await openDb("umeed", { boxes: ["phone", "people"] });
        const [[id]] = await list.all("people");
        await list.write([["put", "people", id, { isGoing: true }]]);
        list.close();
    }"""

    def opened_anew(page: Any) -> Any:
        page.evaluate(dies)
        page.reload()
        page.get_by_role("heading", name="Which language do you read?").wait_for()
        return page.evaluate(ALL)

    with AppInChromium(js) as app:
        app.enrol(code)
        found = app.do(opened_anew)
    assert set(found["dbs"]) == {"umeed", "umeed-post"} and found["dbs"]["umeed"]["people"] == []


def test_of_a_group_that_is_anothers_now_the_phone_keeps_no_part(kept: Any, code: str, js: JavaScript) -> None:
    with AppInChromium(js) as app:
        app.enrol(code)
        app.do(lambda page: page.evaluate(SYNC))
        before = app.do(lambda page: page.evaluate(ALL))["dbs"]
        leaves()
        app.do(lambda page: page.evaluate(SYNC))
        after = app.do(lambda page: page.evaluate(ALL))["dbs"]
    (name,) = set(after) - {"umeed", "umeed-post"}
    assert before[name]["parts"] and before[name]["kept"]
    assert after[name]["parts"] == [] and after[name]["kept"] == []


def leaves() -> None:
    """Her posting ended."""
    with audited(by=us(), did="end_posting"):
        for posting in Posting.objects.filter(user__username="bookkeeper"):
            posting.during = between(posting.during.lower, date(2026, 1, 1))
            posting.save()


@pytest.mark.parametrize("is_online", [True, False])
def test_who_signs_out_is_told_to_the_office_where_there_is_a_network(
    kept: Any, code: str, js: JavaScript, is_online: bool
) -> None:
    with AppInChromium(js) as app:
        app.enrol(code)
        app.do(lambda page: page.evaluate(SYNC))
        app.offline = not is_online
        app.do(_signs_out)
        app.do(lambda page: page.get_by_role("heading", name="Which language do you read?").wait_for())
    device = Device.objects.get()
    assert (device.ended_at is not None) == is_online and has_left(device) == is_online


def test_while_a_file_of_hers_is_on_its_way_the_phone_is_not_ended(kept: Any, code: str, js: JavaScript) -> None:
    carries = """async () => {
        const { app } = await import("/static/field/app.js");
        await (await import("/static/field/store/device.js")).carry(app.session);
    }"""
    with AppInChromium(js) as app:
        app.enrol(code)
        app.offline = True
        app.do(lambda page: page.evaluate(WRITES, str(kept.group.pk)))
        app.do(lambda page: page.evaluate(carries))
        app.do(lambda page: page.route("**/field/api/sync", lambda route: route.abort()))
        app.offline = False
        app.do(_signs_out)
        app.do(lambda page: page.get_by_role("heading", name="Which language do you read?").wait_for())
    assert Device.objects.get().ended_at is None
