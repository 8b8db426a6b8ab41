"""A list of villages through the whole way of a load: received, asked, judged, consented to, written, taken back."""

import pytest

from umeed.core.loads import acts, steps
from umeed.core.loads.models import Load, LoadRow, State
from umeed.core.viewer import as_system, as_viewer
from umeed.places import closure
from umeed.places.models import Place
from umeed.places.tests.world import officer

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
