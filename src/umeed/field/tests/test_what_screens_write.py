"""What the screens write when a bookkeeper presses “Save”: it lies on the server as she typed it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from umeed.access.models import User
from umeed.books.actions import close_meeting, open_book
from umeed.books.models import Agreement, Meeting
from umeed.books.tests.conftest import valley
from umeed.field.actions import give_code
from umeed.field.tests.app_in_chromium import DRAWN, AppInChromium, keys
from umeed.field.tests.javascript import JavaScript
from umeed.institutions.models import Institution, Membership, Woman
from umeed.institutions.tests.making import bookkeeper_of, make_group, make_member, make_office, officer_at, us
from umeed.kernel.ids import new_id
from umeed.places.tests.world import Valley

__all__ = ["valley"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]
WOMEN = ("Afroza Khan", "Bilquees Dar", "Dilafroz Mir", "Fareeda Malik", "Gulnaz Lone")
SAVING = 1_000_00


@pytest.fixture
def group(valley: Valley) -> Institution:
    """Five women; three weeks ago they met, 5,000 lie in the box. Two days went by without a meeting, one is today."""
    today = timezone.localdate()
    formed, by = today - datetime.timedelta(days=400), us(today)
    made = make_group(valley.chinar, "Roshni", by=by, formed_on=formed, meeting_frequency="weekly",
                      meeting_day=f"{today:%a}".lower(), saving_paise=SAVING)  # fmt: skip
    ties = [make_member(made, name, joined_on=formed, by=by) for name in WOMEN]
    make_office(ties[0], on=formed.isoformat())
    on = today - datetime.timedelta(days=21)
    women = [str(tie.woman_id) for tie in ties]
    close_meeting(by=by, book=open_book(by=by, institution=made, on=on), is_sure=True, said={
        "id": str(new_id()), "on": on.isoformat(), "number": 1, "president": women[0], "counted": 5 * SAVING,
        "attendance": dict.fromkeys(women, "present"),
        "savings": [{"woman": one, "head": "saving_compulsory", "paise": SAVING} for one in women],
    })  # fmt: skip
    return made


def test_what_is_typed_without_a_network_lies_on_the_server(js: JavaScript, group: Institution) -> None:
    cache.clear()
    bookkeeper_of(group)
    with AppInChromium(js) as app:
        app.enrol(give_code(by=officer_at(group.place), owner=User.objects.get(username="bookkeeper")))
        app.offline = True
        for work in (_comes, _corrected, _not_held, _lent):
            app.do(lambda page, work=work: work(page, group))
        assert Meeting.objects.count() == 1
        app.offline = False
        app.do(lambda page: page.evaluate("dispatchEvent(new Event('online'))"))
        app.until(lambda: Meeting.objects.count() == 4)
        assert [one for one in app.errors if "ERR_INTERNET_DISCONNECTED" not in one] == []
    came = Membership.objects.get(institution=group, woman__name="Haneefa Wani")
    assert (came.during.lower, came.woman.born_year) == (timezone.localdate(), 1990)
    hers = Woman.objects.get(name="Bilquees Dar")
    assert (hers.education, hers.address) == ("graduate", "Ward 4, by the spring")
    held = Meeting.objects.filter(book__institution=group).order_by("held_on")
    assert [one.kind for one in held] == ["regular", "missed", "missed", "regular"]
    assert {one.said["why"] for one in held[1:3]} == {"Snow or rain"}
    lent = Agreement.objects.get(loan__book__institution=group)
    assert (lent.rate_bp_a_year, lent.principal_paise, lent.instalments) == (1_800, 2_000_00, 4)


def _press(page: Any, name: str, at: int = 0) -> None:
    page.get_by_role("button", name=name).nth(at).click()
    page.evaluate(DRAWN)


def _comes(page: Any, group: Institution) -> None:
    _press(page, group.name)
    _press(page, "A new woman comes to the group")
    _press(page, "Save")
    assert "The name is missing." in page.inner_text("main")
    page.get_by_label("Name", exact=True).fill("Haneefa Wani")
    page.get_by_label("Year of birth").fill("۱۹۹۰")
    _press(page, "Save")
    page.get_by_role("button", name="Loan queue").wait_for()


def _corrected(page: Any, group: Institution) -> None:
    _press(page, "Women")
    _press(page, "Bilquees Dar")
    _press(page, "Correct her profile")
    page.get_by_label("Education").select_option("graduate")
    page.get_by_label("Address").fill("Ward 4, by the spring")
    _press(page, "Save")
    page.get_by_role("button", name="Correct her profile").wait_for()
    for _ in range(2):
        _press(page, "Back")


def _not_held(page: Any, group: Institution) -> None:
    _press(page, "It was not held")
    page.get_by_role("checkbox").first.wait_for()
    for box in page.get_by_role("checkbox").all():
        box.check()
    _press(page, "Snow or rain")
    _press(page, "Mark as not held")
    page.get_by_role("paragraph").get_by_text("Marked as not held.").wait_for()


def _lent(page: Any, group: Institution) -> None:
    """A loan is asked for, granted and paid out at a rate that is typed sign by sign."""
    page.get_by_role("button", name="Loan queue").wait_for()
    _press(page, "Begin")
    page.locator(".steps").wait_for()
    while not page.locator("main .tile").count():
        _next(page)
    page.locator("main .tile").first.click()
    _press(page, "A woman asks for a loan")
    page.get_by_label("Which woman").select_option(label="Dilafroz Mir")
    page.get_by_role("button", name="How much").click()
    keys(page, "2000")
    page.get_by_label("What for").select_option("cattle")
    _press(page, "All agreed: granted today")
    _press(page, "Terms")
    rate = page.get_by_label("Per cent a month")
    rate.fill("")
    rate.press_sequentially("x")
    page.evaluate(DRAWN)
    assert "is no rate: write per cent a month" in page.inner_text("main")
    rate.fill("")
    rate.press_sequentially("۱٫۵")
    page.evaluate(DRAWN)
    assert (rate.input_value(), "is no rate" in page.inner_text("main")) == ("۱٫۵", False)
    page.get_by_label("Instalments", exact=True).fill("4")
    page.evaluate(DRAWN)
    while not page.locator("main .button.big").count():
        _next(page)
    page.locator("main .button.big").click()
    _next(page)
    _next(page)
    page.locator("main .empty").wait_for()


def _next(page: Any) -> None:
    page.locator(".foot .button.big").click()
    page.evaluate(DRAWN)
