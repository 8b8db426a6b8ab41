"""Which of the product's own layouts a sheet is taken for: the one that can read most of it, or nobody's guess."""

import datetime

import pytest

from umeed.core.loads.reading import recognised_by
from umeed.core.scope import system

WOMEN = "Name,SHG,District,Block,Village,Village code,Date of birth,Joining date"


def taken_for(headings: str) -> str | None:
    found = [{"title": "Sheet1", "headings": headings.split(","), "rows": 1}]
    known = recognised_by(system(datetime.date(2026, 11, 22)), "list.xlsx", found)
    return known[0].key if known else None


@pytest.mark.parametrize(
    ("headings", "key"),
    [
        (WOMEN, "women"),
        ("Name,Group,Village,Date of birth,Joined on", "women"),
        ("District Code,District Name (In English),State Code", "lgd"),
    ],
)
def test_the_layout_that_can_read_most_of_it_wins(headings, key) -> None:
    assert taken_for(headings) == key


def test_what_two_layouts_know_equally_well_is_asked() -> None:
    assert taken_for("Name,Village code") is None
