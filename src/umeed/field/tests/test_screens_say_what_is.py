"""What the phone says where something is not as usual: a meeting that was sent back, a PIN that everybody guesses, a
voice that is not on the phone, a browser that is too old."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from umeed.books.tests.conftest import kept, valley
from umeed.books.tests.test_meetings import lend, meeting, saved
from umeed.field.models import Device
from umeed.field.tests.app_in_chromium import PIN, AppInChromium
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.making import closing
from umeed.field.tests.test_nothing_locks_her_out import app
from umeed.field.tests.test_renewing_in_chromium import press, run, typed_pin, writes
from umeed.field.views.shell import STATIC, files

__all__ = ["app", "kept", "valley"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
# Newer than the oldest Chrome that is promised (103).
TOO_NEW = (
    r"\.to(Spliced|Sorted|Reversed)\(", r"Object\.groupBy", r"AbortSignal\.any", r"withResolvers", r"fromAsync",
    r"isWellFormed", r"URL\.canParse", r"scheduler\.", r"\.(union|intersection|difference|isSubsetOf)\(",
    r"(values|keys|entries)\(\)\.(map|filter|some|every|find|reduce|toArray)\(", r"showPopover", r"import .* with \{",
)  # fmt: skip


def lately(kept: Any) -> dict[str, Any]:
    """She closes a meeting of yesterday, of which her phone tells word for word."""
    on = (date.today() - timedelta(days=1)).isoformat()
    return closing(kept.group.pk, meeting(kept, 1, on, savings=saved(kept), counted=250_00))


def shown(app: AppInChromium, screen: str, args: dict[str, Any]) -> str:
    """What a screen says."""
    run(app, "await app.go(...given);", [screen, args])
    return str(app.do(lambda page: page.inner_text("main")))


def became(app: AppInChromium, command: dict[str, Any], answer: dict[str, Any]) -> None:
    """The server's answer to what she wrote."""
    run(app, """
        await app.session.outbox.apply([given[1]], { on: "2026-04-10" });
        (await import("/static/field/screens/session.js")).forgetBook(given[0]);
    """, [command["group"], {"id": command["id"], "try": 1, **answer}])  # fmt: skip


FORGET = "(await import('/static/field/screens/session.js')).forgetBook(given);"
SENT_BACK = {"state": "refused", "reasons": [{"field": None, "code": "x", "text": "The box was counted twice."}]}
ASIDE = {"state": "aside", "why": {"field": None, "code": "x", "text": "The other one holds."}}
CONFLICT = {"state": "conflict", "with": {"number": 1, "on": "2026-04-10", "closed_by": "Rifat"}}


@pytest.mark.parametrize(("answer", "says", "why"), [
    (SENT_BACK, "This meeting was sent back", "The box was counted twice."),
    (ASIDE, "This meeting was put aside", "The other one holds."),
    (CONFLICT, "Another meeting stands in the place of this one", "Meeting 1 of 10 Apr 2026 stands already"),
])  # fmt: skip
def test_a_meeting_that_fell_out_of_the_book_is_not_spoken_of_as_if_it_stood(
    kept: Any, app: AppInChromium, answer: dict[str, Any], says: str, why: str
) -> None:
    one = lately(kept)
    writes(app, one)
    run(app, FORGET, one["group"])
    about = {"group": one["group"], "meeting": one["id"]}
    assert "Everything stands in the book" in shown(app, "closed", about)
    assert "Saved altogether" in shown(app, "slips", about)
    assert "Slips" in shown(app, "held", about)
    became(app, one, answer)
    for screen in ("closed", "slips", "held"):
        told = shown(app, screen, about)
        assert says in told and why in told and "Sheets" in told, screen
        assert not re.search(
            "Everything stands|Saved altogether|A slip for each|no longer on the phone|not .* yet", told
        )
    assert app.errors == []


def test_a_slip_adds_what_all_her_loans_ask_for_on_the_first_day(kept: Any, app: AppInChromium) -> None:
    yesterday = date.today() - timedelta(days=1)
    first, later = [(yesterday + timedelta(days=days)).isoformat() for days in (21, 28)]
    lent = [
        lend(kept, 1, rupees, first_due=due, rate_bp_a_year=0)
        for rupees, due in ((100, first), (50, first), (75, later))
    ]
    held = meeting(kept, 1, yesterday.isoformat(), savings=saved(kept), lendings=lent, counted=25_00)
    one = closing(kept.group.pk, held)
    writes(app, one)
    run(app, FORGET, one["group"])
    told = shown(app, "slips", {"group": one["group"], "meeting": one["id"]})
    assert re.findall(r"Next due on .*: ₹.(\d+)\.", told) == ["30"]
    assert "Due now" not in told


def test_a_meeting_with_the_officer_says_that_nothing_is_posted_yet(kept: Any, app: AppInChromium) -> None:
    one = lately(kept)
    writes(app, one)
    run(app, FORGET, one["group"])
    became(app, one, {"state": "held", "why": {"field": None, "code": "x", "text": "You may not write there."}})
    about = {"group": one["group"], "meeting": one["id"]}
    for screen in ("slips", "held"):
        assert "It stands in the book of the office when it is let in." in shown(app, screen, about)
    assert "when the block officer has let it in" in shown(app, "held", about)


def test_a_group_on_which_phone_and_server_do_not_agree_is_said_until_they_do(kept: Any, app: AppInChromium) -> None:
    group = str(kept.group.pk)
    differs = run(app, """
        const { kept } = app.session;
        const [parts, has] = [await kept.parts(given), { sheets: 99, last: 99, sum: 7 }];
        const sheets = { ...parts.sheets[0], first: true };
        await kept.take([{ id: given, parts: {}, has }], [], { today: "2026-04-10" }); // not all came anew
        const before = kept.differing();
        await kept.take([{ id: given, parts: {}, sheets, has }], [], { today: "2026-04-11" });
        await kept.take([{ id: given, parts: {}, sheets, has }], [], { today: "2026-04-12" });
        await app.home();
        return [before, kept.differing()];
    """, group)  # fmt: skip
    assert differs == [[], [[group, "2026-04-11"]]]
    told = app.do(lambda page: page.inner_text("main"))
    assert "do not agree on 1 group" in told and "11 Apr 2026" in told and "tell the block office" in told
    assert run(app, "return [app.session.kept.anew(), (await app.session.rhythm.now()).ok];") == [[], True]
    assert Device.objects.get().told_differs == 1
    app.do(lambda page: press(page, "Fetch it once more"))
    app.do(lambda page: page.get_by_text("do not agree on 1 group").wait_for(state="detached"))
    assert run(app, "await app.home(); return app.session.kept.differing();") == []
    assert "do not agree" not in app.do(lambda page: page.inner_text("main"))
    run(app, "await app.session.rhythm.now();")
    assert Device.objects.get().told_differs == 0


# Her PIN --------------------------------------------------------------------------------------------------------------

WEAK = ["000000", "111111", "123456", "654321", "901234", "121212", "123123", "112233", "775533", "123321", "246802"]
WEAK += ["147258", "159753", "456123"]


def test_plainly_weak_pins_are_none(app: AppInChromium) -> None:
    weak, share = run(app, """
        const { whyWeak } = await import("/static/field/screens/pin_pad.js");
        const every = Array.from({ length: 1000 }, (_, at) => `${(at * 999983 + 271828) % 1000000}`.padStart(6, "0"));
        return [given.filter((pin) => !whyWeak(pin)), every.filter((pin) => whyWeak(pin)).length];
    """, WEAK)  # fmt: skip
    assert weak == [] and share < 10, "hardly any others"


def test_a_changed_pin_is_neither_weak_nor_the_one_before(app: AppInChromium) -> None:
    def changes(page: Any) -> None:
        press(page, "Settings")
        page.get_by_role("button", name="Change the PIN").click()
        typed_pin(page, PIN)
        for pin, says in (("123123", "too easy to guess"), (PIN, "This is the PIN that you have now")):
            page.get_by_role("heading", name="The new PIN, six digits").wait_for()
            typed_pin(page, pin)
            page.get_by_role("alert").get_by_text(says).wait_for()
        typed_pin(page, "830517")
        page.get_by_role("heading", name="The new PIN again").wait_for()
        typed_pin(page, "830517")
        page.get_by_text("The PIN is changed.").first.wait_for()

    app.do(changes)


# Voices ---------------------------------------------------------------------------------------------------------------


def test_only_a_voice_that_lies_on_the_phone_reads(app: AppInChromium) -> None:
    found = run(app, """
        const { voiceFor } = await import("/static/field/screens/aloud.js");
        const far = { lang: "en-IN", name: "far", localService: false };
        const near = { lang: "en_GB", name: "near", localService: true };
        return [voiceFor([far]) ?? null, voiceFor([far, near]).name, voiceFor([]) ?? null];
    """)  # fmt: skip
    assert found == [None, "near", None]
    said = run(app, """
        const spoken = [];
        speechSynthesis.getVoices = () => [{ lang: "en-IN", name: "far", localService: false }];
        speechSynthesis.speak = (one) => spoken.push(one.text);
        const { readButton } = await import("/static/field/screens/aloud.js");
        await readButton(app, "x", () => "Zooni owes 4711.").props.onclick();
        return spoken;
    """)  # fmt: skip
    assert said == []
    app.do(lambda page: page.get_by_text("This phone has no voice for this language.").first.wait_for())


# The browser ----------------------------------------------------------------------------------------------------------


def opened(js: JavaScript, before: str) -> tuple[list[str], str]:
    """Which scripts of the phone a browser asked for, and what it shows then; `before` is what it lacks."""

    def opens(first: Any) -> tuple[list[str], str]:
        context = first.context.browser.new_context(service_workers="block")
        page, asked = context.new_page(), list[str]()
        page.add_init_script(before)
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        page.route("**/field/", lambda route: route.fulfill(body=SHELL, content_type="text/html"))
        page.goto(f"{js.address}/field/")
        page.wait_for_timeout(500)
        told = page.inner_text("body")
        context.close()
        return asked, told

    return js.page(opens)  # type: ignore[no-any-return]


SHELL = (STATIC.parents[1] / "templates" / "field" / "shell.html").read_text("utf-8").partition("%}\n")[2]
SHELL = SHELL.partition("{% endcomment %}\n")[2] or SHELL


@pytest.mark.parametrize("lacks", ["delete AbortSignal.timeout", "delete window.structuredClone", ""])
def test_a_browser_that_is_too_old_is_told_so(js: JavaScript, lacks: str) -> None:
    asked, told = opened(js, lacks)
    assert ("app.js" in asked) == (lacks == "")
    for words in ("too old for Umeed", "बहुत पुराना", "بہت پرانا"):
        assert (words in told) == (lacks != "")


def test_the_first_script_is_read_by_the_oldest_and_no_other_needs_a_newer_one() -> None:
    text = (STATIC / "first.js").read_text("utf-8")
    code = "\n".join(line.partition("//")[0] for line in text.split("\n"))
    assert not re.search(r"=>|`|\b(const|let|async|await|class|import|export)\b|\?\.|\?\?|\.\.\.", code)
    newer = [(file.name, one) for file in files() for one in TOO_NEW if re.search(one, file.read_text("utf-8"))]
    assert newer == []
