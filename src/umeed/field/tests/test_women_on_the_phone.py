"""A new woman and a profile on the phone: what cannot be so stands beside its field, what waits can be changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from umeed.access.models import User
from umeed.books.tests.conftest import kept, valley
from umeed.field.actions import give_code
from umeed.field.tests.app_in_chromium import DRAWN, AppInChromium
from umeed.field.tests.javascript import JavaScript
from umeed.field.tests.test_receiving import adding, first
from umeed.institutions.actions import correct_woman, leave_group
from umeed.institutions.models import Membership, Woman
from umeed.institutions.tests.making import bookkeeper_of, officer_at, us

__all__ = ["kept", "valley"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
APP = "const { app } = await import('/static/field/app.js');"
KEEP = "for (const one of given) await app.session.outbox.add(one);"
SEND = "await app.session.rhythm.now(); await app.session.rhythm.now();"
STATES = "return app.session.outbox.list().map((one) => [one.state, one.try, one.said?.name ?? null]);"


@pytest.fixture
def app(kept: Any, js: JavaScript) -> Any:
    cache.clear()
    bookkeeper_of(kept.group)
    with AppInChromium(js) as one:
        one.enrol(give_code(by=officer_at(kept.group.place), owner=User.objects.get(username="bookkeeper")))
        run(one, SEND)
        yield one


def run(app: Any, source: str, given: Any = None) -> Any:
    return app.do(lambda page: page.evaluate("async (given) => {" + APP + source + "}", given))


def _press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.evaluate(DRAWN)


def _beside(page: Any, label: str) -> str:
    """What stands against a field, beside it."""
    box = page.locator(".field", has=page.get_by_label(label, exact=False))
    return str(box.first.locator(".error").all_inner_texts())


def test_what_cannot_be_so_of_a_new_woman_is_told_at_once_and_she_is_changed_while_she_waits(
    kept: Any, app: Any
) -> None:
    app.offline = True
    group = str(kept.group.pk)

    def wrong(page: Any) -> None:
        page.evaluate("async (given) => {" + APP + "await app.go('add_woman', { group: given }); }", group)
        page.get_by_label("Name", exact=True).fill("Q")
        page.get_by_label("Year of birth").fill("199")
        page.get_by_label("Joined on").fill("01-01-2030")
        page.locator("summary").click()
        page.get_by_label("Phone", exact=True).fill("12345")
        page.get_by_label("PIN code").fill("192")
        page.locator("summary").click()
        assert page.locator("main .error").count() == 0, "nothing is a mistake before she saves"
        _press(page, "Save")
        said = page.inner_text("main")
        for words in (
            "Look at 5 places before going on", "A name has at least 3 letters", "An age of 1827 years is not possible",
            "lies in the future", "A mobile number has 10 digits.", "A PIN code has 6 digits",
        ):  # fmt: skip
            assert words in said, (words, said)
        assert "3 letters" in _beside(page, "Name") and "10 digits" in _beside(page, "Phone")
        assert page.locator("details[open]").count() == 1

    def unread(page: Any) -> None:
        page.get_by_label("Name", exact=True).fill("Haneefa Wani")
        page.get_by_label("Year of birth").fill("1990")
        page.get_by_label("Phone", exact=True).fill("")
        page.get_by_label("PIN code").fill("")
        page.get_by_label("Joined on").fill("soon")
        _press(page, "Save")
        assert "This is no day." in _beside(page, "Joined on")
        page.get_by_label("Joined on").fill("")
        _press(page, "Save")
        assert "This is missing." in _beside(page, "Joined on")
        page.get_by_label("Joined on").fill("01-04-2024")
        _press(page, "Save")
        page.get_by_text("Haneefa Wani is in the group.").first.wait_for()

    def changed(page: Any) -> None:
        page.evaluate("async () => {" + APP + "await app.go('outbox'); }")
        _press(page, "Change")
        page.get_by_label("Joined on").wait_for()
        page.get_by_label("Name", exact=True).fill("Hanifa  Wani")
        _press(page, "Save")
        page.get_by_text("Hanifa Wani is in the group.").first.wait_for()

    for work in (wrong, unread, changed):
        app.do(work)
    assert run(app, STATES) == [["waiting", 2, "Hanifa Wani"]]
    app.offline = False
    run(app, SEND)
    assert run(app, STATES) == [["accepted", 2, "Hanifa Wani"]]
    assert Woman.objects.filter(name__startswith="Han").values_list("name", flat=True).get() == "Hanifa Wani"


def test_what_was_sent_back_of_a_new_woman_is_told_above_and_beside(kept: Any, app: Any) -> None:
    run(app, KEEP + SEND, [adding(kept, phone="12345", joined_on="2030-01-01")])

    def mended(page: Any) -> None:
        page.evaluate("async () => {" + APP + "await app.go('outbox'); }")
        _press(page, "Mend it")
        page.get_by_label("Joined on").wait_for()
        top = page.locator("main .notice.refuse").first.inner_text()
        assert "A mobile number has 10 digits." in top and "lies in the future" in top
        assert "10 digits" in _beside(page, "Phone") and "future" in _beside(page, "Joined on")
        assert page.locator("details[open]").count() == 1
        page.get_by_label("Phone", exact=True).fill("9906543210")
        page.get_by_label("Joined on").fill("01-04-2024")
        page.evaluate(DRAWN)
        assert page.locator(".field .error").count() == 0
        _press(page, "Save")
        page.get_by_text("is in the group.").first.wait_for()

    app.do(mended)
    run(app, SEND)
    assert [one[0] for one in run(app, STATES)] == ["accepted"]


def test_a_profile_is_judged_by_what_is_changed_in_it(kept: Any, app: Any) -> None:
    app.offline = True
    her = kept.women[0]

    def corrected(page: Any) -> None:
        given = {"group": str(kept.group.pk), "woman": str(her.pk)}
        page.evaluate("async (given) => {" + APP + "await app.go('correct', given); }", given)
        page.get_by_label("Bank account").fill("12")
        page.get_by_label("Nominee", exact=True).fill("Bashir")
        _press(page, "Save")
        said = page.inner_text("main")
        for words in ("6 to 18 digits", "The IFSC of the branch is missing.", "Say how the nominee is related to her."):
            assert words in said, words
        page.get_by_label("Bank account").fill("")
        page.get_by_label("Nominee", exact=True).fill("")
        page.get_by_label("Address").fill("By the spring")
        _press(page, "Save")
        page.get_by_text("It is kept on this phone").first.wait_for()
        page.evaluate("async () => {" + APP + "await app.go('outbox'); }")
        _press(page, "Change")
        page.get_by_label("Address").fill("By the mosque")
        _press(page, "Save")
        page.get_by_text("It is kept on this phone").first.wait_for()

    app.do(corrected)
    app.offline = False
    run(app, SEND)
    her.refresh_from_db()
    assert her.address == "By the mosque" and run(app, STATES)[0][:2] == ["accepted", 2]


def test_two_corrections_without_a_network_overwrite_nothing_of_the_officer(kept: Any, app: Any) -> None:
    her = kept.women[0]
    app.offline = True
    run(app, """
        const { send } = await import('/static/field/screens/commands.js');
        const books = await import('/static/field/screens/books.js');
        for (const changes of [{ marital: 'widowed' }, { address: 'By the mosque' }]) {
            const she = (await books.bookOf(given.group)).book.women.find((one) => one.id === given.woman);
            const said = { woman: she.id, revision: she.revision, changes };
            await send(app, { kind: 'correct_woman', group: given.group, said });
        }""", {"group": str(kept.group.pk), "woman": str(her.pk)})  # fmt: skip
    correct_woman(by=us(), woman=her, address="Near the spring")
    app.offline = False
    run(app, SEND)
    her.refresh_from_db()
    assert [one[0] for one in run(app, STATES)] == ["accepted", "conflict"] and her.address == "Near the spring"

    def looked_at(page: Any) -> None:
        page.evaluate("async () => {" + APP + "await app.go('outbox'); }")
        _press(page, "Mend it")
        page.get_by_label("Address").wait_for()
        assert page.get_by_label("Address").input_value() == "By the mosque"
        assert "What stands there now: Near the spring" in page.inner_text("main")
        _press(page, "Save")
        page.get_by_text("It is kept on this phone").first.wait_for()

    app.do(looked_at)
    run(app, SEND)
    her.refresh_from_db()
    assert (her.address, her.marital) == ("By the mosque", "widowed")


def test_what_she_typed_of_a_woman_who_left_stops_the_meeting_until_it_has_its_place(kept: Any, app: Any) -> None:
    her = kept.women[1]
    wrong = first(kept)
    wrong["said"]["document"]["attendance"][str(her.pk)] = "late"
    leave_group(
        by=us(), membership=Membership.objects.get(woman=her).pk, left_on=date(2024, 4, 2), leave_reason="other"
    )
    run(app, KEEP + SEND, [wrong])
    assert run(app, STATES)[0][0] == "refused"

    def mended(page: Any) -> None:
        page.evaluate("async () => {" + APP + "await app.go('outbox'); }")
        _press(page, "Mend it")
        page.locator(".steps").wait_for()
        card = page.locator("main section.card.wrong", has_text=her.name).first
        assert "₹50" in card.inner_text() and "Late" in card.inner_text()
        page.locator(".foot .button.big").click()
        page.get_by_text("against closing").first.wait_for()
        card.get_by_role("button", name="Leave it out of this meeting").click()
        page.evaluate(DRAWN)
        assert page.locator("main section.card.wrong", has_text=her.name).count() == 0

    app.do(mended)
