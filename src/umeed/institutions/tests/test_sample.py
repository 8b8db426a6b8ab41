"""The upload workbook of LokOS as it came, where it is at hand: every heading known, every row given its verdict."""

from pathlib import Path

import pytest

from umeed.core.loads.models import LoadRow
from umeed.institutions.models import Institution, Woman
from umeed.institutions.tests.loading import applied, judged, told, undone, verdicts
from umeed.institutions.tests.making import day, make_group, officer_at
from umeed.places.tests.world import make

SAMPLE = (
    Path(__file__).resolve().parents[5] / "shared" / "data" / "samples"
    / "12_lokos_shg_member_cutoff_upload_masked.xlsx"
)  # fmt: skip
pytestmark = pytest.mark.skipif(not SAMPLE.exists(), reason="the sample workbook is not part of the project")


@pytest.fixture
def officer(valley):
    return officer_at(valley.north)


@pytest.fixture
def alawla(valley):
    return make("village", "Alawla", valley.hill, make("panchayat", "Alawla", valley.north, code=948), code=949)


def test_without_its_village_every_group_is_refused_with_the_reason(valley, officer):
    load = judged(officer, SAMPLE.read_bytes(), layout_key="")
    assert load.layout_key == "lokos"
    assert {sheet["title"]: len(load.mapping[sheet["title"]]["columns"]) for sheet in load.found} == {
        "SHGs": 60, "Members": 60, "Cutoff Meetings": 88,
    }  # fmt: skip
    groups = LoadRow.objects.filter(load=load, sheet="SHGs")
    assert {row.what for row in groups} == {"refuse"}
    assert "There is no village “ALAWLA” in the places that your posting covers." in told(load)


def test_with_village_and_group_it_loads_and_goes_back(valley, officer, alawla):
    gupta = make_group(alawla, "Sample Gupta SHG", special="disability")
    load = applied(officer, SAMPLE.read_bytes())
    assert Institution.objects.filter(place=alawla).exclude(pk=gupta.pk).count() == 3
    made = Institution.objects.get(name="Sample Two SHG")
    assert (made.formed_on, made.coopted_on, made.origin) == (day("2016-01-25"), day("2020-06-05"), "coopted")
    assert (made.meeting_frequency, made.meeting_date, made.saving_paise) == ("fortnightly", 15, 30_000)
    rows = verdicts(load)
    assert {what for what, _ in rows[3:-1]} <= {"create", "refuse"}
    refused = {reason for what, reasons in rows for reason in reasons if what == "refuse"}
    assert "too_young" in refused, "born 25_01_2002, joined 02_08_2019: she was 17"
    assert LoadRow.objects.get(load=load, sheet="Cutoff Meetings").after["meeting_number"] == "13"
    women = Woman.objects.count()
    assert women == sum(what == "create" for what, _ in rows[3:])
    assert {what for what, _ in verdicts(judged(officer, SAMPLE.read_bytes()))} == {"leave", "refuse"}
    undone(officer, load)
    assert (Woman.objects.count(), Institution.objects.count()) == (0, 1)


def test_men_are_refused_in_an_ordinary_group(valley, officer, alawla):
    make_group(alawla, "Sample Gupta SHG")
    load = judged(officer, SAMPLE.read_bytes())
    assert "man_in_a_womens_group" in {reason for _, reasons in verdicts(load) for reason in reasons}
