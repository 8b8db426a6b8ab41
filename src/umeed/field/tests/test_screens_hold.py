"""The screens of a meeting in the real Chromium: the focus comes back, a day is asked for before it is too late,
what is typed stays until it is right, what waits is opened again, and everything is in reach where letters are large or
the phone lies on its side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from umeed.access.models import User
from umeed.books.models import Meeting
from umeed.books.tests.conftest import valley
from umeed.field.actions import give_code
from umeed.field.tests.app_in_chromium import DRAWN, AppInChromium, keys
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.test_renewing_in_chromium import run
from umeed.field.tests.test_what_screens_write import _press, group
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import bookkeeper_of, officer_at

__all__ = ["group", "valley"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
FOCUS = "document.activeElement.getAttribute('aria-label') || document.activeElement.tagName"

# The meeting that is being written is closed as it is.
CLOSES = """
    const { standsOn } = await import("/static/field/screens/commands.js");
    const { draft, judged } = app.state; const outbox = app.session.outbox;
    await app.state.kept;
    const said = { document: { ...judged.document, counted: judged.box }, sure: true, replaces: null, why: "" };
    const command = { id: draft.id, kind: "close_meeting", group: draft.group, said };
    await outbox.add({ ...command, after: standsOn(outbox, command) }, [["delete", "drafts", draft.group]]);
    (await import("/static/field/screens/session.js")).forgetBook(draft.group);
    await app.home();
    return draft.id;
"""

# The server's answer came by a file: the parts have not come yet.
RECEIVED = """
    const { outbox, sync } = app.session; const [{ id, try: attempt }] = outbox.list();
    await outbox.apply([{ id, try: attempt, state: "accepted", receipt: 1 }], { on: sync.meta.today, isByFile: true });
"""
SAYS_WAITS = """
    const [{ group, said }] = app.session.outbox.list();
    const [{ woman }] = said.document.savings;
    const told = [];
    for (const [name, args] of [["history", { group }], ["woman", { group, woman }]]) {
        await app.go(name, args);
        told.push(document.querySelector("main").innerText.includes("waits"));
    }
    return told;
"""


@pytest.fixture
def app(group: Institution, js: JavaScript) -> Iterator[AppInChromium]:
    cache.clear()
    bookkeeper_of(group)
    with AppInChromium(js) as one:
        one.enrol(give_code(by=officer_at(group.place), owner=User.objects.get(username="bookkeeper")))
        yield one


def _begins(page: Any, group: Institution) -> None:
    _press(page, group.name)
    _press(page, "Begin")
    page.get_by_role("button", name="Next").click()
    page.locator(".amount").first.wait_for()


def test_the_focus_goes_back_to_what_opened_a_sheet(app: AppInChromium, group: Institution) -> None:
    def tries(page: Any) -> list[str]:
        _begins(page, group)
        found = []
        for key in ("Escape", "Enter"):
            page.locator(".amount").first.focus()
            page.keyboard.press("Enter")
            page.get_by_role("dialog").wait_for()
            page.locator("dialog .screen").focus()
            page.keyboard.press(key)
            page.get_by_role("dialog").wait_for(state="detached")
            page.evaluate(DRAWN)
            found.append(page.evaluate(FOCUS))
        return found

    found = app.do(tries)
    assert all(one.startswith("Afroza Khan") for one in found), found


def test_what_was_received_waits_no_more_before_the_book_says_so(app: AppInChromium, group: Institution) -> None:
    app.do(lambda page: _begins(page, group))
    app.offline = True
    run(app, CLOSES)
    assert run(app, SAYS_WAITS) == [True, True]
    run(app, RECEIVED)
    assert run(app, SAYS_WAITS) == [False, False]


def test_a_second_meeting_of_one_day_asks_for_its_day_first(app: AppInChromium, group: Institution) -> None:
    app.do(lambda page: _begins(page, group))
    app.offline = True
    run(app, CLOSES)

    def again(page: Any) -> None:
        _press(page, group.name)
        _press(page, "Begin")
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("was held on this day already").first.wait_for()
        dialog.get_by_label("Number of the meeting").fill("۱۲")
        assert dialog.get_by_label("Number of the meeting").input_value() == "12"

    app.do(again)


def test_what_is_due_stands_by_late_and_then_by_day(js: JavaScript) -> None:
    said = js.run("""async (load) => {
        const { duesInOrder } = await load("screens/group.js");
        const rows = [["b", "2026-04-09", 0], ["a", "2026-04-03", 0], ["c", null, 3], ["d", null, 0], ["e", null, 9]];
        return rows.map(([name, on, late]) => ({ name, on, late })).sort(duesInOrder).map((one) => one.name).join("");
    }""")
    assert said == "ecdab"


def test_terms_that_are_none_stay_as_typed_with_the_reason(app: AppInChromium, group: Institution) -> None:
    def lends(page: Any) -> list[str]:
        _begins(page, group)
        while not page.locator("main .tile").count():
            page.get_by_role("button", name="Next").click()
            page.evaluate(DRAWN)
        page.locator("main .tile").first.click()
        _press(page, "A woman asks for a loan")
        page.get_by_label("Which woman").select_option(label="Afroza Khan")
        page.get_by_role("button", name="How much").click()
        keys(page, "2000")
        page.get_by_label("What for").select_option(index=1)
        _press(page, "All agreed: granted today")
        _press(page, "Terms")
        page.get_by_label("Instalments", exact=True).fill("abc")
        page.get_by_label("First instalment due").fill("x")
        page.evaluate(DRAWN)
        page.get_by_text("Write in how many instalments it is repaid, from 1 to 600.").first.wait_for()
        page.get_by_text("Write the day on which the first instalment is due.").first.wait_for()
        return [page.get_by_label(one).first.input_value() for one in ("Instalments", "First instalment due")]

    assert app.do(lends) == ["abc", "x"]
    assert run(app, "return app.state.judged.stops.filter((one) => one.code.startsWith('no_')).length;") == 2

    def mends(page: Any) -> None:
        page.get_by_label("Instalments", exact=True).fill("۴")
        page.get_by_text("Write in how many instalments").wait_for(state="detached")

    app.do(mends)
    assert run(app, "return app.state.judged.document.lendings[0].instalments;") == 4


@pytest.mark.parametrize(("wide", "high"), [(740, 360), (180, 370)])
def test_lines_have_room_where_letters_are_large_or_it_lies_on_its_side(
    app: AppInChromium, group: Institution, wide: int, high: int
) -> None:
    def tries(page: Any) -> dict[str, Any]:
        _begins(page, group)
        page.set_viewport_size({"width": wide, "height": high})
        found = page.evaluate("({ wide: document.documentElement.scrollWidth, bars: [...document.querySelectorAll("
                              "'.top, .foot')].map((one) => getComputedStyle(one).position) })")  # fmt: skip
        page.locator(".amount").first.click()
        page.get_by_role("dialog").wait_for()
        page.evaluate(DRAWN)
        box = page.get_by_role("dialog").get_by_role("button", name="Done").bounding_box()
        return {**found, "done": box["y"] + box["height"]}

    found = app.do(tries)
    assert found["wide"] <= wide and found["bars"] == ["static", "static"] and found["done"] <= high, found


def _opened_again(app: AppInChromium, group: Institution) -> str:
    """A meeting waits, and is open again on the step of what was saved."""
    app.do(lambda page: _begins(page, group))
    app.offline = True
    meeting = str(run(app, CLOSES))
    run(app, "await app.go('held', given);", {"group": str(group.pk), "meeting": meeting})

    def opens(page: Any) -> None:
        _press(page, "Open this meeting again")
        page.locator(".steps").wait_for()
        page.locator(".steps .step").nth(1).click()
        page.locator(".amount").first.click()
        keys(page, "1500")
        page.evaluate(DRAWN)

    app.do(opens)
    return meeting


def _sends(app: AppInChromium) -> None:
    app.offline = False
    assert run(app, "return (await app.session.rhythm.now()).ok;")


def test_a_meeting_that_waits_is_opened_again_and_goes_up_once(app: AppInChromium, group: Institution) -> None:
    meeting = _opened_again(app, group)

    def closes(page: Any) -> None:
        page.locator(".steps .step").last.click()
        page.get_by_role("button", name="Close the meeting").wait_for()

    app.do(closes)
    run(app, """
        const { draft, judged } = app.state; await app.state.kept;
        const said = { document: { ...judged.document, counted: judged.box }, sure: true, replaces: null, why: "" };
        await app.session.outbox.mend(draft.mends, said, [["delete", "drafts", draft.group]]);
    """)  # fmt: skip
    _sends(app)
    held = Meeting.objects.exclude(number=1).get()
    assert (str(held.pk), held.said["savings"][0]["paise"]) == (meeting, 1_500_00)


def test_what_is_received_while_it_is_open_again_is_put_right(app: AppInChromium, group: Institution) -> None:
    meeting = _opened_again(app, group)
    _sends(app)
    app.do(lambda page: page.get_by_text("The office has received this meeting meanwhile").first.wait_for())
    said = run(app, "const { draft, judged } = app.state;"
                    "return [draft.replaces, draft.mends, judged.document.savings[0].paise, draft.id];")  # fmt: skip
    assert said[:3] == [meeting, None, 1_500_00] and said[3] != meeting


def test_a_meeting_that_was_not_held_is_only_taken_back(app: AppInChromium, group: Institution) -> None:
    def marks(page: Any) -> None:
        _press(page, group.name)
        _press(page, "It was not held")
        page.get_by_role("checkbox").first.check()
        _press(page, "Festival")
        _press(page, "Mark as not held")
        page.get_by_role("button", name="Meetings of the last year").wait_for()

    app.do(marks)
    _sends(app)
    meeting = str(Meeting.objects.get(kind="missed").pk)
    run(app, "await app.go('held', given);", {"group": str(group.pk), "meeting": meeting})

    def looks(page: Any) -> str:
        page.get_by_role("button", name="Take this meeting back").wait_for()
        assert page.get_by_role("button", name="Put this meeting right").count() == 0
        return str(page.inner_text("body"))

    said = app.do(looks)
    assert "Not held" in said and "Counted" not in said and "–" not in said.split("Festival")[0]
