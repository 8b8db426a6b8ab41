"""A list on a page ends with one empty row, however often the page was sent."""

from __future__ import annotations

from umeed.books.pages.writing.parts import rows_shown
from umeed.books.pages.writing.shown import Shown
from umeed.books.tests.conftest import Kept
from umeed.books.tests.writing import Keeper, fields_of


def test_rows_that_say_nothing_are_not_counted() -> None:
    by_itself = {"c-0-mode": "cash", "c-1-mode": "cash", "c-1-head": "", "c-2-mode": "cash"}
    assert list(rows_shown(Shown({"c-rows": "3", **by_itself}), "c")) == [0]
    assert list(rows_shown(Shown({"c-rows": "3", **by_itself, "c-1-paise": "fifty"}), "c")) == [0, 1, 2]
    assert list(rows_shown(Shown({"c-rows": "3", **by_itself, "c-2-note": "To be asked"}), "c")) == [0, 1, 2, 3]
    assert list(rows_shown(Shown({}), "c")) == [0]
    full = {f"c-{at}-paise": "1" for at in range(60)}
    assert len(rows_shown(Shown({"c-rows": "60", **full}), "c")) == 60


def test_refusals_and_another_line_leave_one_empty_row(kept: Kept, keeper: Keeper) -> None:
    keeper.begin()
    keeper.send("attendance", president=str(kept.women[0].pk))
    for _again in range(3):
        answer = keeper.send("receipts", **{"c-0-head": "other_income", "c-0-paise": "fifty"})
        assert answer.status_code == 422
        shown = fields_of(answer)
        assert (shown["f-rows"], shown["c-rows"], shown["c-0-paise"]) == ("1", "2", "fifty")
    for _again in range(2):
        keeper.send("receipts", go="more", **{"c-0-head": "other_income", "c-0-paise": "50"})
        assert keeper.fields("receipts")["c-rows"] == "2"
    asked = {"q-0-woman": str(kept.women[1].pk), "q-0-paise": "many", "q-0-purpose": "cattle"}
    for _again in range(2):
        answer = keeper.send("requests", **asked)
        assert fields_of(answer)["q-rows"] == "2" and answer.content.count(b'id="more"') == 1
