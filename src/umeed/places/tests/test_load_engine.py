"""A list of villages through the whole way of a load: received, asked, judged, consented to, written, taken back."""

import pytest
from django.urls import reverse

from umeed.access.models import User
from umeed.core.loads import acts, queries, steps, tabs, workbooks
from umeed.core.loads.models import Load, LoadRow, State
from umeed.core.loads.telling import in_words
from umeed.core.sheets import Limits, read_book
from umeed.core.viewer import as_system, as_viewer
from umeed.places import closure
from umeed.places.models import Place
from umeed.places.tests.world import make, officer

pytestmark = pytest.mark.django_db
CSV = """District Code,District Name,Tehsil Code,Tehsil Name,Village Code,Village Name
901,UPPER,921,HILL,955,ALMOND GROVE
901,UPPER,921,HILL,941,CHINAR
902,LOWER,922,PLAIN,956,FAR AWAY
"""


def gone_on(load: Load) -> Load:
    steps.go_on(load.pk)
    load.refresh_from_db()
    return load


def judged(her, csv: str, **options) -> Load:
    """A list of places, with what the officer answers to what is asked beside it."""
    with as_viewer(her.viewer):
        load = acts.receive_file(by=her, file_name="villages.csv", pieces=lambda: iter([csv.encode()]))
    load = gone_on(load)
    with as_viewer(her.viewer):
        acts.answer(load, by=her, layout_key="lgd", mapped=load.mapping, options=options)
    return gone_on(load)


def shown_under(load: Load, tab: str) -> list[str]:
    """What stands under a tab, which holds as many rows as it says."""
    rows, count = queries.page_of_rows(load, tab, 1)
    assert len(rows) == count
    return [row.shown for row in rows]


def test_a_block_officers_list_goes_in_and_out(valley):
    her = officer("block_officer", valley.north)
    with as_viewer(her.viewer):
        load = acts.receive_file(by=her, file_name="villages.csv", pieces=lambda: iter([CSV.encode()]))
    load = gone_on(load)
    assert (load.state, load.layout_key, load.refusals) == (State.MAPPING, "lgd", []), "it asks from which day"
    with as_viewer(her.viewer):
        acts.answer(load, by=her, layout_key="lgd", mapped=load.mapping, options={})
    load = gone_on(load)
    with as_system():
        assert list(LoadRow.objects.order_by("id").values_list("what", flat=True)) == ["create", "leave", "refuse"]
    with as_viewer(her.viewer):
        acts.consent(load, by=her, revision=load.revision, which=acts.GOOD)
    load = gone_on(load)
    assert load.state == State.APPLIED, load.refusals
    assert Place.objects.get(lgd_code=955).name == "Almond Grove"
    assert not Place.objects.filter(lgd_code=956).exists()
    with as_viewer(her.viewer):
        acts.ask_to_undo(load, by=her)
    load = gone_on(load)
    assert load.state == State.UNDONE, load.refusals
    assert not Place.objects.filter(lgd_code=955).exists()
    assert closure.first_difference() is None


def test_what_is_not_in_the_file_has_a_tab_of_its_own(valley):
    hamlets = [make("village", f"Hamlet {chr(65 + n)}x", valley.plain, code=980 + n) for n in range(12)]
    listed = "".join(f"902,LOWER,922,PLAIN,{place.lgd_code},{place.name}\n" for place in [*hamlets[1:], valley.walnut])
    her = officer("district_officer", valley.lower)
    load = judged(her, CSV.splitlines(keepends=True)[0] + listed)
    assert tabs.counts_in_words(load) == "1 not in the file · 12 known already"
    links = {str(tab["title"]): (tab["count"], tab["url"]) for tab in tabs.as_links(load, "gone", "/")}
    assert links["Not in the file"] == ("1", "/?what=gone")
    assert links["Known already"] == ("12", "/?what=leave")
    assert links["All rows"][0] == "13"
    with as_viewer(her.viewer):
        assert shown_under(load, "gone") == ["Hamlet Ax (980)"]
        assert len(shown_under(load, "leave")) == 12
        assert len(shown_under(load, "")) == 13
    assert tabs.to_show(load, "") == "gone"


def test_what_is_to_end_is_counted_as_ended_and_not_as_missing(valley):
    hamlets = [make("village", f"Hamlet {chr(65 + n)}x", valley.plain, code=980 + n) for n in range(12)]
    listed = "".join(f"902,LOWER,922,PLAIN,{place.lgd_code},{place.name}\n" for place in [*hamlets[1:], valley.walnut])
    her = officer("mis_officer", valley.state)
    load = judged(her, CSV.splitlines(keepends=True)[0] + listed, end_gone=True)
    assert tabs.counts_in_words(load) == "1 ended · 12 known already"
    with as_viewer(her.viewer):
        assert shown_under(load, "ended") == ["Hamlet Ax (980)"]
        assert shown_under(load, "gone") == []


def test_renamed_moved_and_placed_have_counts_and_tabs_of_their_own(valley):
    make("tehsil", "Ridge", valley.upper, code=924)
    her = officer("mis_officer", valley.upper)
    load = judged(
        her,
        """District Code,Tehsil Code,Tehsil Name,Block Code,Village Code,Village Name,Census 2011 Code
901,921,HILL,,941,CHINAR,004411
901,921,HILL,,942,DEODAR KALAN,
901,924,RIDGE,,943,POPLAR,
901,924,RIDGE,911,945,WILLOW KHURD,
901,921,HILL,,955,ALMOND GROVE,
""",
    )
    assert tabs.counts_in_words(load) == "2 renamed · 2 moved · 1 newly placed · 1 changed otherwise · 1 new"
    assert tabs.overlap_in_words(load).startswith("Changed rows: 4. Of these, 1 changes in more than one way")
    assert tabs.to_show(load, "") == "renamed"
    with as_viewer(her.viewer):
        under = {tab.key: shown_under(load, tab.key) for tab in tabs.tabs_of(load)}
        assert len(shown_under(load, "change")) == 4, "an address kept from before still opens"
        (moved,) = (row for row in queries.page_of_rows(load, "moved", 1)[0] if row.shown == "Poplar (943)")
        ((created,), _count) = queries.page_of_rows(load, "create", 1)
        (both,) = (row for row in queries.page_of_rows(load, "renamed", 1)[0] if row.shown == "Willow Khurd (945)")
    assert under == {
        "renamed": ["Deodar Kalan (942)", "Willow Khurd (945)"], "moved": ["Poplar (943)", "Willow Khurd (945)"],
        "placed": ["Willow Khurd (945)"], "otherwise": ["Chinar (941)"], "create": ["Almond Grove (955)"],
    }  # fmt: skip
    told = {str(line["field"]): (line["before"], line["after"]) for line in moved.changes}
    assert told.pop("Holds from") == ("", in_words(her.today))
    assert told == {"Tehsil code": ("921", "924"), "Tehsil": ("Hill", "Ridge")}, "its district stays, so it is not told"
    assert both.words == ["Renamed", "Moved", "Newly placed"]
    assert {"Name", "Since"} <= {str(line["field"]) for line in both.changes}, "told in words, and as a place's own"
    new = {str(line["field"]): line["after"] for line in created.changes}
    assert (new["Kind"], new["Name"], new["Code"]) == ("Village", "Almond Grove", "955")


def test_the_report_says_of_every_row_under_which_tab_it_stands(valley, tmp_path):
    her = officer("mis_officer", valley.upper)
    load = judged(her, CSV.replace("921,HILL,941,CHINAR", "926,RIDGE,941,CHINAR TOP"))
    path = tmp_path / "report.xlsx"
    with as_viewer(her.viewer):
        path.write_bytes(workbooks.all_rows(load).read())
    (sheet,) = read_book(path, path.name, Limits()).sheets
    assert [row.cells[2] for row in sheet.rows] == ["New", "Renamed, Moved", "Refused"]


def test_counts_stay_when_the_load_is_applied_and_taken_back(valley):
    her = officer("mis_officer", valley.upper)
    load = judged(her, CSV.replace("941,CHINAR", "941,CHINAR TOP"))
    told = "1 refused · 1 renamed · 1 new"
    assert tabs.counts_in_words(load) == told
    with as_viewer(her.viewer):
        acts.consent(load, by=her, revision=load.revision, which=acts.GOOD)
    load = gone_on(load)
    assert (load.state, tabs.counts_in_words(load)) == (State.APPLIED, told)
    with as_viewer(her.viewer):
        assert shown_under(load, "renamed") == ["Chinar Top (941)"]
        acts.ask_to_undo(load, by=her)
    load = gone_on(load)
    assert (load.state, tabs.counts_in_words(load)) == (State.UNDONE, told)
    assert Place.objects.get(lgd_code=941).name == "Chinar"


def test_the_page_shows_each_tab_keeps_it_when_ticks_are_kept_and_tells_what_was_done(valley, client):
    make("tehsil", "Ridge", valley.upper, code=924)
    her = officer("mis_officer", valley.upper)
    load = judged(her, CSV.replace("921,HILL,941,CHINAR", "924,RIDGE,941,CHINAR TOP"))
    client.force_login(User.objects.get(pk=her.viewer))
    address = reverse("loads:load", args=[load.pk])
    page = client.get(f"{address}?what=moved").content.decode()
    assert "Changed rows: 1. Of these, 1 changes in more than one way" in page
    assert "What will change" in page and ">Renamed</span>" in page and ">Moved</span>" in page
    with as_system():
        pk = LoadRow.objects.get(load=load, what="change").pk
    kept = client.post(reverse("loads:choose", args=[load.pk]), {"what": "moved", "page": 1, "shown": pk, "row": pk})
    assert kept.url == f"{address}?what=moved&page=1"
    load.refresh_from_db()
    with as_viewer(her.viewer):
        acts.consent(load, by=her, revision=load.revision, which=acts.GOOD)
    gone_on(load)
    page = client.get(f"{address}?what=moved").content.decode()
    assert "What the load changes" in page and "What will change" not in page
    assert "2 villages lie in no block yet" in page and reverse("places:lost") in page, "what comes next"
