"""What Python counts under a difference while judging, SQL finds under its tab; layouts without differences stay so."""

from types import SimpleNamespace

import pytest

from umeed.core.loads import differences, layouts, rows, tabs
from umeed.core.loads.layouts import CHANGE, CREATE, LEAVE, REFUSE, Difference, Verdict
from umeed.core.loads.models import Load, LoadRow
from umeed.core.viewer import as_system

RENAMED = Difference("renamed", "Renamed", "%(count)s renamed", frozenset({"name", "name_local"}))
BANK = Difference("bank", "Bank account", "%(count)s with another account", frozenset({"account"}))
DECLARED = (RENAMED, BANK, differences.OTHERWISE)
AFTER = ({"name": "A"}, {"account": {"ifsc": "X"}}, {"name": "B", "account": {}}, {"address": "C"}, {"name_local": ""})


def verdicts():
    """Five rows that change, then one of each other verdict with the same keys, which differ in nothing."""
    for number, after in enumerate(AFTER, start=1):
        yield Verdict("S", number, CHANGE, f"row {number}", after=after)
    for number, what in enumerate((CREATE, LEAVE, REFUSE), start=len(AFTER) + 1):
        yield Verdict("S", number, what, what, after={"name": "D"} if what != LEAVE else {})


@pytest.fixture
def load(db, monkeypatch):
    """A load of the trial layout, judged."""
    trial = SimpleNamespace(key="trial", title="Trial", sheets={}, differences=DECLARED[:-1])
    monkeypatch.setitem(layouts._layouts, "trial", trial)
    load = Load(layout_key="trial", file_name="a.csv", size=1, sha256="0", made_by="1", made_by_name="She")
    with as_system():
        Load.objects.bulk_create([load])
        load.counts = rows.write(load, verdicts(), frozenset(), differences.declared(trial))
        yield load


def test_each_tab_holds_the_rows_that_were_counted_for_it(load):
    counted = {each.key: load.counts.get(each.key, 0) for each in DECLARED}
    assert counted == {"renamed": 3, "bank": 2, "otherwise": 1}
    for key, count in counted.items():
        found = LoadRow.objects.filter(tabs.under(key, DECLARED), load=load).order_by("id")
        assert len(found) == count == tabs.count(load, key)
        assert all(key in {each.key for each in differences.of_row(row, DECLARED)} for row in found)


def test_a_row_that_differs_twice_is_told_of(load):
    assert load.counts["several"] == 1
    assert tabs.count(load, CHANGE) == 5, "three and two and one are five rows"
    assert "Changed rows: 5. Of these, 1 changes" in tabs.overlap_in_words(load)
    assert tabs.count(load, "") == 8


def test_a_layout_that_tells_nothing_apart_has_one_tab_for_what_changes(load, monkeypatch):
    monkeypatch.setitem(layouts._layouts, "trial", SimpleNamespace(key="trial", title="Trial", sheets={}))
    load.counts = rows.write(load, verdicts(), frozenset(), differences.declared(layouts.layout("trial")))
    assert not {"otherwise", "several"} & load.counts.keys()
    assert [tab.key for tab in tabs.tabs_of(load)] == ["refuse", "change", "create", "leave"]
    assert tabs.overlap_in_words(load) == ""


def test_loads_judged_before_differences_were_counted_keep_their_tab(load):
    load.counts = {"create": 1, "change": 5, "leave": 1, "refuse": 1, "gone": 0, "chosen": 6}
    assert [tab.key for tab in tabs.tabs_of(load)] == ["refuse", "change", "create", "leave"]


def test_only_a_tab_that_there_is_can_be_opened(load):
    assert tabs.to_show(load, "renamed") == "renamed"
    assert tabs.to_show(load, "nonsense") == "refuse", "what needs her eyes first"
    assert tabs.to_show(load, "all") == ""
