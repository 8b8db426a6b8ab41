"""What a bookkeeper meets in the real Chromium when the server does not know her phone any more, when its clock is
wrong, when two share it; and that nothing of hers is lost on the way."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from umeed.access.models import User
from umeed.books.models import Meeting
from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.writing import text_of
from umeed.core.scope import Scope
from umeed.field.actions import end_phone, give_code
from umeed.field.actions.carrying import take_in
from umeed.field.models import Command, Device, PhoneCode
from umeed.field.tests.app_in_chromium import PIN, AppInChromium
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.making import command
from umeed.field.tests.test_receiving import first
from umeed.field.tests.test_safety_in_chromium import SYNC, a_page_is_taken
from umeed.institutions.tests.making import bookkeeper_of, officer_at, signed_in
from umeed.kernel.ids import new_id

__all__ = ["kept", "valley"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

APP = "const { app } = await import('/static/field/app.js');"
OTHER_PIN = "830517"


@pytest.fixture
def officer(kept: Any) -> Scope:
    cache.clear()
    bookkeeper_of(kept.group)
    return officer_at(kept.group.place)


@pytest.fixture
def app(officer: Scope, js: JavaScript) -> Iterator[AppInChromium]:
    with AppInChromium(js) as one:
        one.enrol(code_for(officer))
        yield one


def code_for(officer: Scope, owner: str = "bookkeeper") -> str:
    return give_code(by=officer, owner=User.objects.get(username=owner))


def run(app: AppInChromium, source: str, given: Any = None) -> Any:
    return app.do(lambda page: page.evaluate(f"async (given) => {{ {APP} {source} }}", given))


def press(page: Any, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()


def typed_pin(page: Any, pin: str) -> None:
    press(page, *pin)


def writes(app: AppInChromium, *commands: dict[str, Any]) -> None:
    """She writes without a network."""
    app.offline = True
    run(app, "for (const one of given) await app.session.outbox.add(one);", list(commands))


def is_forgotten(app: AppInChromium) -> None:
    """The server was put back to a day before she was enrolled, and the phone has heard of it."""
    Device.objects.all().delete()
    PhoneCode.objects.all().delete()
    app.offline = False
    assert run(app, "return (await app.session.rhythm.now()).reason;") == "unknown"


def people(app: AppInChromium) -> list[str]:
    found = run(app, "return (await (await import('/static/field/store/device.js')).people()).map((one) => one.name);")
    return list(found)


def at_the_pin(app: AppInChromium) -> None:
    run(app, "await app.locked();")


def begins_to_enrol(page: Any, code: str, pin: str) -> None:
    """From the screen of the PIN, as somebody who comes to this phone."""
    press(page, "Somebody else", "Somebody else comes to this phone", "English")
    page.get_by_label("Code").fill(code)
    press(page, "Next")
    page.get_by_role("heading", name="Choose six digits").wait_for()
    typed_pin(page, pin)
    page.get_by_role("heading", name="The same six digits again").wait_for()
    typed_pin(page, pin)


def test_a_refused_code_asks_for_no_new_pin(officer: Scope, js: JavaScript) -> None:
    code = code_for(officer)

    def types(page: Any) -> None:
        page.goto(f"{js.address}/field/")
        press(page, "English")
        page.get_by_label("Code").fill("7KQ2-9XFA")
        press(page, "Next")
        for _ in range(2):
            typed_pin(page, PIN)
        page.get_by_text("This code is not known, was used, or is too old.").wait_for()
        page.get_by_label("Code").fill(code)
        press(page, "Next")
        page.get_by_role("heading", name="Today").wait_for()

    with AppInChromium(js) as app:
        app.do(types)
        at_the_pin(app)
        app.do(lambda page: typed_pin(page, PIN))
        app.do(lambda page: page.get_by_role("heading", name="Today").wait_for())


# A new code -----------------------------------------------------------------------------------------------------------


def test_what_a_forgotten_phone_holds_goes_up_with_a_new_code(kept: Any, officer: Scope, app: AppInChromium) -> None:
    mine = first(kept)
    writes(app, mine)
    run(app, "await app.session.store.write([['put', 'drafts', 'x', { group: 'x', kind: 'cut_off' }]]);")
    is_forgotten(app)
    bookkeeper_of(kept.group, username="sister")
    of_another, hers = code_for(officer, "sister"), code_for(officer)

    def types(page: Any) -> None:
        page.get_by_text("The server does not know this phone any more").wait_for()
        press(page, "Type the new code")
        page.get_by_label("Code").fill(of_another)
        press(page, "Go on")
        page.get_by_text("This code was made for another person").wait_for()
        page.get_by_label("Code").fill(hers)
        press(page, "Go on")
        page.get_by_role("heading", name="Today").wait_for()
        page.get_by_text("The server knows this phone again. Everything was sent.").first.wait_for()
        assert page.get_by_text("The server does not know").count() == 0

    app.do(types)
    assert Meeting.objects.get().pk == Command.objects.get().uid and str(Meeting.objects.get().pk) == mine["id"]
    assert run(app, "return app.session.store.keys('drafts');") == ["x"] and people(app) == ["Bookkeeper"]
    assert PhoneCode.objects.filter(owner__username="sister", used_at=None).exists(), "it is good for her still"
    at_the_pin(app)
    app.do(lambda page: typed_pin(page, PIN))
    app.do(lambda page: page.get_by_role("heading", name="Today").wait_for())
    assert run(app, "return (await app.session.rhythm.now()).ok;") is True


@pytest.mark.parametrize("pin", [PIN, OTHER_PIN])
def test_who_types_it_where_phones_are_enrolled_is_no_second_person(
    kept: Any, officer: Scope, app: AppInChromium, pin: str
) -> None:
    writes(app, first(kept))
    is_forgotten(app)
    code = code_for(officer)
    at_the_pin(app)

    def comes(page: Any) -> None:
        begins_to_enrol(page, code, pin)
        if pin != PIN:
            page.get_by_text("You are on this phone already").wait_for()
            typed_pin(page, PIN)
            page.get_by_role("heading", name="A new code").wait_for()
            assert page.get_by_label("Code").input_value() == code
            press(page, "Go on")
        page.get_by_text("The server knows this phone again. Everything was sent.").first.wait_for()

    app.do(comes)
    assert Meeting.objects.exists() and people(app) == ["Bookkeeper"] and Device.objects.count() == 1
    assert run(app, "return app.session.outbox.list().map((one) => one.state);") == ["accepted"]
    names = run(app, "return (await indexedDB.databases()).map((one) => one.name).filter((one) => /-/.test(one));")
    assert len(set(names) - {"umeed-post"}) == 1, "nothing is left of the second person who was begun"


def test_who_does_not_know_her_pin_any_more_begins_anew(officer: Scope, app: AppInChromium) -> None:
    code = code_for(officer)
    at_the_pin(app)

    def comes(page: Any) -> None:
        begins_to_enrol(page, code, OTHER_PIN)
        page.get_by_text("You are on this phone already").wait_for()
        press(page, "I do not know this PIN any more")
        page.get_by_text("stays closed, also what was not sent").wait_for()
        assert page.get_by_label("Code").input_value() == code
        press(page, "Next")
        for _ in range(2):
            typed_pin(page, OTHER_PIN)
        page.get_by_role("heading", name="Today").wait_for()

    app.do(comes)
    assert people(app) == ["Bookkeeper", "Bookkeeper"]


def test_a_phone_that_was_enrolled_before_it_was_told_whose_it_is_learns_it(kept: Any, app: AppInChromium) -> None:
    run(
        app,
        """const { session } = app; delete session.device.owner;
        await session.store.write([["put", "meta", "device", session.device]]); await session.rhythm.now();""",
    )
    owner = str(User.objects.get(username="bookkeeper").pk)
    app.until(lambda: run(app, "return app.session.device.owner;") == owner)
    known = "return (await (await import('/static/field/store/device.js')).people()).map((one) => one.owner);"
    assert run(app, known) == [owner]


# Files ----------------------------------------------------------------------------------------------------------------


def test_a_winter_is_carried_in_several_files_and_answers_of_each_are_understood(kept: Any, app: AppInChromium) -> None:
    many = [command("take_back_meeting", kept.group.pk, {"meeting": str(new_id()), "why": "x"}) for _ in range(5)]
    writes(app, *many)
    carried = run(
        app,
        """
        const { carry } = await import("/static/field/store/device.js");
        const { base64Of } = await import("/static/field/core/bytes.js");
        const files = await carry(app.session, null, { most: 2, bytes: 1e6 });
        return files.map(({ bytes, ...one }) => ({ ...one, bytes: base64Of(bytes) }));
    """,
    )
    assert [(one["count"], one["at"], one["of"]) for one in carried] == [(2, 1, 3), (2, 2, 3), (1, 3, 3)]
    assert len({one["name"] for one in carried}) == 3 and carried[0]["name"].endswith("-file-1-of-3.umeed")
    done = [take_in(base64.b64decode(one["bytes"]), by="x", name="x") for one in reversed(carried)]
    states = run(
        app,
        """
        const { readAnswers } = await import("/static/field/store/device.js");
        const { fromBase64 } = await import("/static/field/core/bytes.js");
        for (const one of given) await readAnswers(app.session, fromBase64(one));
        return app.session.outbox.list().map((one) => one.state);
    """,
        [base64.b64encode(one.sealed).decode() for one in done],
    )
    assert states == ["refused"] * 5


def test_files_of_a_winter_are_told_apart_on_the_screen(kept: Any, app: AppInChromium) -> None:
    many = [command("take_back_meeting", kept.group.pk, {"meeting": str(new_id()), "why": "x"}) for _ in range(501)]
    writes(app, *many)

    def gives(page: Any) -> Any:
        page.evaluate(f"async () => {{ {APP} await app.go('carry'); }}")
        press(page, "Give the file")
        page.get_by_text("These are 2 files").wait_for()
        second = page.locator("section.card", has_text="File 2 of 2")
        with page.expect_download() as coming:
            second.get_by_role("button", name="Give the file").click()
        second.get_by_text("given").wait_for()
        assert page.locator("section.card", has_text="File 1 of 2").get_by_text("500 sheets").count() == 1
        return coming.value.path().read_bytes()

    assert len(take_in(app.do(gives), by="x", name="x").answers) == 1


def test_files_are_no_larger_than_an_office_opens(js: JavaScript) -> None:
    commands = [{"id": str(at), "said": "ж" * size} for at, size in enumerate([10, 900, 20, 30, 3000, 40])]
    (files,) = js.calls("store/device.js", "filesOf", [[commands, {"most": 2, "bytes": 2000}]])
    assert [[one["id"] for one in file] for file in files] == [["0", "1"], ["2", "3"], ["4"], ["5"]]


def test_codes_are_drawn_as_large_as_is_said_of_them(js: JavaScript) -> None:
    versions = js.run("""async (load) => {
        const { QR_LEVEL, piecesOf } = await load("store/envelope.js"); const { qrOf } = await load("store/qr.js");
        const texts = await piecesOf(crypto.getRandomValues(new Uint8Array(2000)));
        return [QR_LEVEL, ...texts.slice(0, 2).map((text) => qrOf(text, QR_LEVEL).version)];
    }""")
    assert versions == ["M", 17, 17]


# The clock ------------------------------------------------------------------------------------------------------------

CLOCK = """async (load, cases) => {
    const { compared, todayBy, doubtOf } = await load("store/clock.js");
    const at = (text) => (text ? new Date(text).getTime() : null);
    return cases.map(({ contact, told, now, sure = null }) => {
        const clock = { ...compared({ now: at(contact), told }), sure };
        const moments = { now: at(now), at: at(contact), told };
        return [clock.ahead, todayBy(clock, moments), doubtOf(clock, moments)];
    });
}"""


@pytest.mark.parametrize(("case", "said"), [
    (("2026-06-08T10:00", "2026-06-08", "2026-06-15T10:00"), [0, "2026-06-15", None]),
    # it ran ahead at the contact: today is what it is less that, until it is set right
    (("2026-06-10T10:00", "2026-06-08", "2026-06-11T10:00"), [2, "2026-06-09", "wrong"]),
    (("2027-06-08T10:00", "2026-06-08", "2026-06-09T10:00"), [365, "2026-06-09", "wrong"]),
    (("2026-06-09T10:00", "2026-06-08", "2026-06-09T11:00"), [1, "2026-06-08", "wrong"]),
    # it ran behind: never before the day that the server said
    (("2026-06-05T10:00", "2026-06-08", "2026-06-06T10:00"), [-3, "2026-06-08", "wrong"]),
    (("2019-01-01T10:00", "2026-06-08", "2026-06-09T10:00"), [-2715, "2026-06-09", "wrong"]),
    # around midnight both days are right
    (("2026-06-09T00:05", "2026-06-08", "2026-06-09T10:00"), [0, "2026-06-09", None]),
    # set back since, by days or by hours
    (("2026-06-08T10:00", "2026-06-08", "2026-06-01T10:00"), [0, "2026-06-08", "back"]),
    (("2026-06-08T10:00", "2026-06-08", "2026-06-08T04:00"), [0, "2026-06-08", "back"]),
    # nobody has seen it for long
    (("2026-06-08T10:00", "2026-06-08", "2026-07-13T10:00"), [0, "2026-07-13", None]),
    (("2026-06-08T10:00", "2026-06-08", "2026-07-14T10:00"), [0, "2026-07-14", "long"]),
    (("2026-06-08T10:00", "2026-06-08", "2026-07-20T10:00", "2026-07-14"), [0, "2026-07-20", None]),
    (("2026-06-08T10:00", "2026-06-08", "2027-07-20T10:00", "2026-07-14"), [0, "2027-07-20", "long"]),
])  # fmt: skip
def test_a_clock_that_is_wrong_is_seen_in_either_direction(js: JavaScript, case: tuple[str, ...], said: Any) -> None:
    names = ("contact", "told", "now", "sure")
    assert js.run(CLOCK, [dict(zip(names, case, strict=False))]) == [said]


def test_a_clock_that_is_ahead_is_told_at_once_and_makes_no_wrong_day(app: AppInChromium) -> None:
    told = run(app, "return app.session.sync.meta.today;")
    run(
        app,
        """const real = Date.now; Date.now = () => real() + 40 * 86400e3;
        await app.session.rhythm.now(); await app.go('home', {}, 'home');""",
    )
    app.do(lambda page: page.get_by_text("it was 40 days ahead").wait_for())
    assert run(app, "return (await import('/static/field/screens/session.js')).today();") == told
    at_the_pin(app)
    app.offline = True
    app.do(lambda page: typed_pin(page, PIN))
    app.do(lambda page: page.get_by_text("it was 40 days ahead").wait_for())


def test_who_has_not_heard_of_the_server_for_long_is_asked_for_the_day(app: AppInChromium) -> None:
    app.offline = True
    run(app, """const real = Date.now; Date.now = () => real() + 40 * 86400e3; await app.go('home', {}, 'home');""")

    def says(page: Any) -> None:
        page.get_by_text("This phone spoke with the server last on").wait_for()
        press(page, "Yes, it is")
        page.get_by_text("This phone spoke with the server last on").wait_for(state="detached")

    app.do(says)


# What else a phone owes her -------------------------------------------------------------------------------------------


def test_each_bookkeeper_of_a_phone_has_her_own_language(kept: Any, officer: Scope, app: AppInChromium) -> None:
    bookkeeper_of(kept.group, username="sister")
    User.objects.filter(username="sister").update(name="Sister")
    code = code_for(officer, "sister")
    at_the_pin(app)
    spoken = "return document.documentElement.lang;"

    def comes(page: Any) -> None:
        press(page, "Somebody else", "Somebody else comes to this phone", "اردو")
        page.locator("#code").fill(code)
        page.locator("main button.big").click()
        for _ in range(2):
            typed_pin(page, OTHER_PIN)
        page.locator("header .tool").nth(1).wait_for()

    app.do(comes)
    assert run(app, spoken) == "ur"

    def opens(page: Any, name: str, pin: str) -> None:
        page.locator("main button.plain, main .way").last.wait_for()
        if page.locator("main .pin").count():  # of the one who was here last
            page.locator("main button.plain").last.click()
        page.locator("main .way", has_text=name).click()
        typed_pin(page, pin)
        page.locator("header .tool").nth(1).wait_for()

    at_the_pin(app)
    app.do(lambda page: opens(page, "Bookkeeper", PIN))
    assert run(app, spoken) == "en"
    at_the_pin(app)
    app.do(lambda page: opens(page, "Sister", OTHER_PIN))
    assert run(app, spoken) == "ur"


def test_the_browser_is_asked_to_keep_what_is_here_when_she_comes_and_when_she_opens_it(app: AppInChromium) -> None:
    count = """navigator.storage.persisted = async () => false;
        navigator.storage.persist = async () => { window.asked = (window.asked || 0) + 1; return false; };"""
    run(app, count)
    at_the_pin(app)
    app.do(lambda page: typed_pin(page, PIN))
    app.until(lambda: run(app, "return window.asked;") == 1)


def test_nothing_is_read_aloud_after_she_went_on_or_locked(app: AppInChromium) -> None:
    run(app, "window.hushed = 0; speechSynthesis.cancel = () => { window.hushed += 1; };")
    assert run(app, "await app.go('settings'); return window.hushed;") == 1
    assert run(app, "await app.locked(); return window.hushed;") == 2


@pytest.mark.parametrize("goes_up", [True, False])
def test_the_office_knows_what_went_with_a_phone_that_had_to_forget(
    kept: Any, officer: Scope, app: AppInChromium, goes_up: bool, settings: Any
) -> None:
    a_page_is_taken(app, kept)
    run(app, "await app.session.store.write([['put', 'drafts', 'x', { group: 'x', kind: 'cut_off' }]]);")
    if not goes_up:
        away = "**/field/api/page/**"
        app.do(lambda page: page.route(away, lambda route: route.fulfill(status=503)))
    end_phone(by=officer, device=Device.objects.get().pk, why="Stolen", wipe=True)
    app.do(lambda page: page.evaluate(SYNC))
    device = Device.objects.get()
    assert (device.told_drafts, device.told_pictures) == (1, 0 if goes_up else 1)
    settings.SECOND_FACTOR = "none"
    said = text_of(signed_in("officer").get(f"/phones/{device.pk}/"))
    assert "Half written on it, gone with it" in said
    assert ("Photos that were only on it, gone with it" in said) is not goes_up
