"""A list of villages through the whole way of a load: received, asked, judged, consented to, written, taken back."""

import pytest

from umeed.core.loads import acts, queries, steps
from umeed.core.loads.models import Load, LoadRow, State
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
    csv = CSV.splitlines(keepends=True)[0] + listed
    her = officer("district_officer", valley.lower)
    with as_viewer(her.viewer):
        load = acts.receive_file(by=her, file_name="villages.csv", pieces=lambda: iter([csv.encode()]))
    load = gone_on(load)
    with as_viewer(her.viewer):
        acts.answer(load, by=her, layout_key="lgd", mapped=load.mapping, options={})
    load = gone_on(load)
    assert queries.counts_in_words(load) == "1 not in the file · 12 known already"
    tabs = {str(tab["title"]): (tab["count"], tab["url"]) for tab in queries.tabs_of(load, "gone", "/")}
    assert tabs["Not in the file"] == ("1", "/?what=gone")
    assert tabs["Known already"] == ("12", "/?what=leave")
    assert tabs["All rows"][0] == "13"
    with as_viewer(her.viewer):
        shown, count = queries.page_of_rows(load, "gone", 1)
        assert (count, [row.shown for row in shown]) == (1, ["Hamlet Ax (980)"])
        assert len(queries.page_of_rows(load, "leave", 1)[0]) == queries.page_of_rows(load, "leave", 1)[1] == 12
        assert queries.page_of_rows(load, "", 1)[1] == 13
    assert queries.what_to_show(load, "") == "gone"
