"""A loan that is paid out in a meeting or day that is being written, and whose decision is taken back on the step
before: it is seen, its reason stands on its own line, and it can be taken out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from umeed.books.models import Loan, OpenMeeting
from umeed.books.tests.conftest import Kept
from umeed.books.tests.test_bodies import Vo, vo
from umeed.books.tests.test_bodies_pages import begin, browser, step, url
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.core.viewer import as_system

__all__ = ["browser", "vo"]
_NOT = "This request was not granted."


def two_lent(kept: Kept, keeper: Keeper) -> tuple[str, str]:
    """Requests of the second and the third woman, both granted and paid out in the meeting."""
    keeper.begin()
    for one in ("attendance", "savings", "repayments", "receipts"):
        keeper.send(one, **({"president": str(kept.women[0].pk)} if one == "attendance" else {}))
    for at, paise in ((1, "100"), (2, "120")):
        asked = {"woman": str(kept.women[at].pk), "paise": paise, "purpose": "cattle", "granted": "yes"}
        keeper.send("requests", go="more", **{f"q-{at - 1}-{key}": value for key, value in asked.items()})
    first, second = (one["id"] for one in OpenMeeting.objects.get().said["requests"])
    for id in (first, second):
        keeper.send("requests", **{f"d-{id}-outcome": "granted"})
    keeper.send("lendings", **{f"l-{id}-first_due": "8-5-2024" for id in (first, second)})
    assert len(OpenMeeting.objects.get().said["lendings"]) == 2
    return first, second


def told_on(answer: HttpResponse) -> list[str]:
    """The fields that are told to be wrong."""
    return re.findall(r'name="([^"]+)"[^>]*aria-invalid', answer.content.decode())


@pytest.mark.parametrize("way", ["not decided", "put off", "not asked for"])
def test_a_loan_that_is_no_longer_granted_is_seen_and_taken_out(kept: Kept, keeper: Keeper, way: str) -> None:
    first, second = two_lent(kept, keeper)
    her, other = kept.women[1].name, kept.women[2].name
    changed = {
        "not decided": {f"d-{first}-outcome": "", f"d-{second}-jump_why": "Seed is sown"},
        "put off": {f"d-{first}-outcome": "deferred", f"d-{first}-why": "Little money",
                    f"d-{second}-jump_why": "Seed is sown"},
        "not asked for": {"q-0-gone": "yes", f"d-{first}-outcome": ""},
    }[way]  # fmt: skip
    assert keeper.send("requests", **changed).status_code == 302
    page = keeper.open("lendings")
    assert her in text_of(page) and other in text_of(page)
    assert told_on(page) == [f"l-{first}-paise"]
    assert "no longer granted" in text_of(page)
    # What stands on the page is what leaves the box; the last page names her too.
    sent = fields_of(page)
    assert sent[f"l-{first}-today"] == sent[f"l-{second}-today"] == "yes"
    close = text_of(keeper.open("close"))
    assert re.search(rf"{her} ?: (This request was not granted|Nobody asked for this loan)", close), close
    assert not re.search(rf"{other} ?:", close)
    # Sent as it is, it is told again; she is not dropped in silence.
    assert keeper.send("lendings").status_code == 422
    assert keeper.send("lendings", **{f"l-{first}-today": None}).status_code == 302
    assert [one["request"] for one in OpenMeeting.objects.get().said["lendings"]] == [second]
    assert her not in text_of(keeper.open("lendings"))


def test_her_loan_granted_again_is_the_loan_that_stood_there(kept: Kept, keeper: Keeper) -> None:
    first, _second = two_lent(kept, keeper)
    before = OpenMeeting.objects.get().said["lendings"]
    keeper.send("requests", **{f"d-{first}-outcome": ""})
    keeper.send("requests", **{f"d-{first}-outcome": "granted"})
    assert told_on(keeper.open("lendings")) == []
    assert keeper.send("lendings").status_code == 302
    assert OpenMeeting.objects.get().said["lendings"] == before


def test_of_two_the_one_that_is_wrong_is_named_whichever_stands_first(kept: Kept, keeper: Keeper) -> None:
    _first, second = two_lent(kept, keeper)
    keeper.send("requests", **{f"d-{second}-outcome": ""})
    assert told_on(keeper.open("lendings")) == [f"l-{second}-paise"]


def test_who_was_no_member_then_is_told_on_no_others_line(kept: Kept, keeper: Keeper) -> None:
    """A saving of a woman whom the page does not show: nobody else is blamed for it."""
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    keeper.send("savings")
    row = OpenMeeting.objects.get()
    with as_system():
        gone = {**row.said["savings"][0], "woman": "00000000-0000-7000-8000-000000000000"}
        OpenMeeting.objects.filter(pk=row.pk).update(said={**row.said, "savings": [gone, *row.said["savings"]]})
    page = keeper.open("savings")
    assert "was not a member" in text_of(page) and told_on(page) == []


@pytest.mark.parametrize("way", ["deferred", "not asked for"])
def test_a_loan_of_a_vo_that_is_no_longer_granted(vo: Vo, browser: Client, way: str) -> None:
    """Its request stays chosen beside it, with the reason, though it waits no more and no other does."""
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    step(browser, vo, "requests", **{"q-0-body": vo.one.group.pk, "q-0-paise": "9000"})
    with as_system():
        asked = OpenMeeting.objects.get().said["requests"][0]["id"]
    step(browser, vo, "requests", **{f"d-{asked}-outcome": "granted"})
    assert step(browser, vo, "lendings").status_code == 302
    put_off: dict[str, Any] = {f"d-{asked}-outcome": "deferred", f"d-{asked}-why": "Little money"}
    gone = {"q-0-paise": "", f"d-{asked}-outcome": ""}
    assert step(browser, vo, "requests", **(put_off if way == "deferred" else gone)).status_code == 302
    page = browser.get(url(vo, "days", "open", "lendings"))
    assert told_on(page) == ["n-0-request"] and fields_of(page)["n-0-request"] == asked
    assert "clear its amount" in text_of(page)
    assert step(browser, vo, "lendings").status_code == 422
    assert step(browser, vo, "lendings", **{"n-0-paise": ""}).status_code == 302
    with as_system():
        assert OpenMeeting.objects.get().said["lendings"] == [] and not Loan.objects.exists()


def test_a_step_with_something_against_it_is_not_told_as_done(kept: Kept, keeper: Keeper) -> None:
    first, _second = two_lent(kept, keeper)

    def sign(page: HttpResponse) -> str:
        return re.findall(r'class="(\w*)"><b>[^<]*</b><span>Loans paid out', page.content.decode())[0]

    assert sign(keeper.open("payments")) == "done"
    keeper.send("requests", **{f"d-{first}-outcome": ""})
    for page in (keeper.open("lendings"), keeper.open("close"), keeper.open("begin")):
        assert sign(page) == "wrong"
    keeper.send("lendings", **{f"l-{first}-today": None})
    assert sign(keeper.open("close")) == "done"
