"""What a bookkeeper sees more rarely, in English and in Urdu: her first minute, a wrong PIN, a cut-off, what the office
says of a sheet, a phone with which something is wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.field.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
_APP = 'const { app } = await import("/static/field/app.js");'
# What the server may say of the meeting that waits, as it stands in an answer.
_TOLD = f"""async (answer) => {{
    {_APP}
    const {{ outbox }} = app.session;
    const {{ id, try: at }} = outbox.list().at(-1);
    await outbox.apply([{{ id, try: at, ...answer }}], {{ on: "2026-01-01" }});
    app.session.books.clear();
}}"""
_BROKEN = f"""async (group) => {{
    {_APP}
    const {{ store }} = app.session;
    const draft = await store.get("drafts", group);
    await store.write([["put", "drafts", group, {{ ...draft, requests: null, at: "loans" }}]]);
}}"""
_GO = f"async ([name, args]) => {{ {_APP} await app.go(name, args); }}"
REASON = {"code": "gone", "field": "women", "severity": "refuse", "text": "Nobody belonged to the group on that day"}
OTHER = {"number": 5, "on": "2026-01-01", "closed_by": "Shameema Dar"}


def _pin(one, pin: str) -> None:
    one.pin(pin)
    one.page.wait_for_timeout(150)


def test_her_first_minute_and_a_wrong_pin(phone) -> None:
    # Her browser asks for a language that is not spoken here.
    one = phone("doi", is_new=True)
    walk, page = Walk(one), one.page
    expect(page.locator("main p.soft")).to_be_visible()
    walk.look("language")
    one.tap("li[lang=en] button")
    one.tap("main .button.big")
    walk.look("code-wrong")
    page.fill("#code", one.told["code"])
    one.tap("main .button.big")
    _pin(one, "123456")
    walk.look("pin-weak")
    _pin(one, "135246")
    walk.look("pin-again")
    _pin(one, "135247")
    walk.look("pin-other")
    _pin(one, "135246")
    _pin(one, "135246")
    expect(page.locator("main .way").first).to_be_visible(timeout=60_000)
    one.tap(".top .tool", 1)
    one.tap_words("Change the PIN")
    walk.look("pin-change")
    one.tap("main .button", -1)
    one.tap_words("Sign out of this phone")
    expect(page.locator("dialog[open]")).to_be_visible()
    walk.look("sign-out")
    page.keyboard.press("Escape")
    one.tap_words("Type a new code")
    page.fill("#code", "WRONG-CODE")
    one.tap("main .button.big")
    expect(page.locator(".notice.refuse")).to_be_visible()
    # The browser complains of the server's no, which it is to say.
    one.complaints.clear()
    walk.look("renew")
    page.reload()
    expect(page.locator(".pin")).to_be_visible()
    _pin(one, "000001")
    expect(page.locator(".notice.refuse")).to_be_visible(timeout=20_000)
    walk.look("pin-wrong")
    one.tap("main .button.plain", -1)
    walk.look("who-are-you")


def test_a_cut_off_step_by_step(phone) -> None:
    one = phone()
    walk, page = Walk(one), one.page
    one.tap_words("Roshni 2")
    expect(page.locator("main .empty")).to_be_visible()
    walk.look("group-without-book")
    one.tap("main .empty .button")
    walk.look("cut-off-begin")
    one.tap("main .button.big")
    expect(page.locator(".steps")).to_be_visible()
    for at in range(page.locator(".steps .step").count()):
        one.tap(".steps .step", at)
        walk.look(f"cut-off-{at}")
        if page.locator("main .way").count():
            one.tap("main .way")
            walk.look(f"cut-off-{at}-open")
            for more in range(page.locator("main .button.quiet").count()):
                one.tap("main .button.quiet", more)
            walk.look(f"cut-off-{at}-loan")
    one.tap(".top .tool")
    page.wait_for_timeout(200)


def test_what_the_office_may_say_of_a_sheet(phone) -> None:
    one = phone()
    walk, page = Walk(one), one.page
    one.is_ready_without_network()
    walk.look("home")
    one.context.set_offline(True)
    one.open_group()
    one.begin()
    page.evaluate(_GO, ["home", {}])
    walk.look("home-half-written")
    one.tap("main .way")
    while not one.is_counting():
        one.next()
    one.tap("main .button.big")
    one.next()
    page.locator("main .button.plain, main .button.quiet").last.tap()
    page.wait_for_timeout(200)
    walk.look("close-asks")
    page.keyboard.press("Escape")
    one.next()
    expect(page.locator("main .badge").first).to_be_visible()
    walk.look("closed-waits")
    said = page.evaluate(f"async () => {{ {_APP} return app.here.args; }}")
    _by_hand(one, walk)
    for name, answer in (
        ("held", {"state": "held", "why": "The bookkeeper is not posted there any more"}),
        ("waits", {"state": "waits"}),
        ("conflict", {"state": "conflict", "with": OTHER}),
        ("refused", {"state": "refused", "reasons": [REASON]}),
    ):
        page.evaluate(_TOLD, answer)
        for screen, args in (("home", {}), ("outbox", {}), ("closed", said), ("held", said)):
            page.evaluate(_GO, [screen, args])
            walk.look(f"{screen}-{name}")
    page.evaluate(_GO, ["outbox", {}])
    one.tap_words("Put it away")
    expect(page.locator("dialog[open]")).to_be_visible()
    walk.look("put-away")
    page.fill("#away", "Written twice")
    one.tap("dialog .button.danger")
    expect(page.locator("dialog")).to_have_count(0)
    one.tap("main .way", -1)
    walk.look("outbox-put-away")


def _by_hand(one, walk: Walk) -> None:
    page = one.page
    page.evaluate(_GO, ["outbox", {}])
    walk.look("outbox-waiting")
    page.evaluate(_GO, ["carry", {}])
    walk.look("carry-waiting")
    one.tap_words("Show as QR codes")
    expect(page.locator(".qr")).to_be_visible()
    walk.look("carry-qr")


_WRONG = {
    "unknown": "session.isUnknown = true",
    "ended": "session.isUnknown = false; session.sync.meta = { ...session.sync.meta, ended: true }",
    "differs": "session.sync.meta = { ...session.sync.meta, ended: false };"
    " session.kept.differing = () => session.kept.groups().map((group) => [group, '2026-01-01'])",
    "clock-wrong": "session.kept.differing = () => []; session.clock = { ahead: 5, sure: null }",
    "clock-behind": "session.clock = { ahead: -1, sure: null }",
}


def test_a_phone_with_which_something_is_wrong(phone) -> None:
    one = phone()
    walk, page = Walk(one), one.page
    for name, deed in _WRONG.items():
        page.evaluate(f"async () => {{ {_APP} const {{ session }} = app; {deed}; app.redraw(); }}")
        expect(page.locator("main .notice").first).to_be_visible()
        walk.look(f"wrong-{name}")
    page.evaluate("async () => { const { app } = await import('/static/field/app.js');"
                  " app.update = () => {}; app.install = () => {}; app.redraw(); }")  # fmt: skip
    walk.look("home-new-version")
    group = page.locator("main .way[data-group]").first.get_attribute("data-group")
    page.evaluate(_GO, ["history", {"group": group}])
    one.tap("main .way")
    page.wait_for_timeout(300)
    for at, name in enumerate(("put-right", "take-back")):
        page.locator("main .button.wide").nth(at).tap()
        expect(page.locator("dialog[open]")).to_be_visible()
        walk.look(name)
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
    one.tap_words("Read to me")
    page.wait_for_timeout(300)
    walk.look("read-aloud")
    picture = page.screenshot()
    page.evaluate(_GO, ["photo", {"group": group}])
    page.set_input_files("input[type=file]", {"name": "page.png", "mimeType": "image/png", "buffer": picture})
    expect(page.locator("canvas.photo")).to_be_visible()
    walk.look("photo-taken")
    page.evaluate(_GO, ["group", {"group": group}])
    one.begin()
    page.evaluate(_GO, ["home", {}])
    page.evaluate(_BROKEN, group)
    one.tap("main section .way")
    expect(page.locator("dialog[open]")).to_be_visible()
    walk.look("draft-does-not-open")
    # It complained of the draft itself: that is what is tested.
    one.complaints.clear()
