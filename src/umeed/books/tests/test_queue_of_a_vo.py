"""The loan queue of a VO: who asked first is served first, or the reason stands beside it; a promised day is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from umeed.books.models import LoanDecision, OpenMeeting
from umeed.books.tests.test_bodies import Vo, a_day, close, vo
from umeed.books.tests.test_bodies_pages import _fields, begin, browser, step, url
from umeed.books.tests.writing import text_of
from umeed.core.actions import Refused
from umeed.core.viewer import as_system
from umeed.kernel.ids import new_id

__all__ = ["browser", "vo"]


def requests(vo: Vo) -> list[dict[str, Any]]:
    """One asks first, Two asks as much after it."""
    return [{"id": new_id(), "body": one.group.pk, "paise": 9_000_00} for one in (vo.one, vo.two)]


def granted(request: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {"id": new_id(), "request": request["id"], "outcome": "granted", **said}


@pytest.mark.parametrize("way", ["left waiting", "put off", "of an earlier day"])
def test_no_group_is_served_before_one_that_waits_without_a_reason(vo: Vo, way: str) -> None:
    first, second = requests(vo)
    said = a_day(vo, requests=[first, second])
    if way == "of an earlier day":
        close(vo, a_day(vo, requests=[first]), is_sure=True)
        said = a_day(vo, number=2, on="2024-06-10", requests=[second])
    put_off = {"id": new_id(), "request": first["id"], "outcome": "deferred", "why": "Little money"}
    before = [put_off] if way == "put off" else []
    with pytest.raises(Refused) as refused:
        close(vo, {**said, "decisions": [*before, granted(second)]}, is_sure=True)
    assert [(one.code, one.field) for one in refused.value.refusals] == [("jump", f"decisions.{len(before)}.jump_why")]
    assert refused.value.refusals[0].message().startswith(f"{vo.one.group.name} asked before, on ")
    close(vo, {**said, "decisions": [*before, granted(second, jump_why="Seed is sown now")]}, is_sure=True)
    assert LoanDecision.objects.get(outcome="granted").jump_why == "Seed is sown now"


def test_the_page_asks_for_the_reason_and_keeps_the_order_of_writing(vo: Vo, browser: Client) -> None:
    """Also of a loan that is only said, on the next page, to answer the later request."""
    begin(browser, vo, "2024-05-15")
    step(browser, vo, "attendance")
    for at, one in enumerate((vo.one, vo.two)):
        step(browser, vo, "requests", **{f"q-{at}-body": one.group.pk, f"q-{at}-paise": "9000"})
    with as_system():
        first, second = (one["id"] for one in OpenMeeting.objects.get().said["requests"])
    assert first < second
    page = text_of(browser.get(url(vo, "days", "open", "requests")))
    assert page.index(f"1 {vo.one.group.name}") < page.index(f"2 {vo.two.group.name}")
    put_off = {"outcome": "deferred", "why": "Little money", "promised_on": "2024-06-10"}
    step(browser, vo, "requests", **{f"d-{first}-{key}": value for key, value in put_off.items()})
    loan = {"n-rows": "1", "n-0-body": vo.two.group.pk, "n-0-paise": "9000", "n-0-mode": "bank", "n-0-request": second}
    step(browser, vo, "lendings", **loan)
    for name in ("money", "bank", "agenda"):
        step(browser, vo, name)
    step(browser, vo, "count", counted="0")
    assert f"{vo.one.group.name} asked before" in text_of(browser.get(url(vo, "days", "open", "close")))
    step(browser, vo, "requests", **{f"d-{second}-jump_why": "Seed is sown now"})
    page = browser.get(url(vo, "days", "open", "close"))
    sent = browser.post(url(vo, "days", "open", "close"), _fields(page.content.decode()))
    assert sent.status_code == 302, text_of(sent)
    queue = text_of(browser.get(url(vo, "registers", "loan-queue") + "?as_of=2024-05-15"))
    assert "Seed is sown now" in queue and "10 Jun 2024" in queue
    begin(browser, vo, "2024-05-22")
    assert "promised for 10 Jun 2024" in text_of(browser.get(url(vo, "days", "open", "requests")))
