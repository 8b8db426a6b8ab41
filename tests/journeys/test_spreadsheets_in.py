"""From the government's own files to women on the register and back again, through the pages, without a script."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from umeed.access.models import User
from umeed.core.loads import steps
from umeed.core.loads.models import Load
from umeed.core.viewer import as_viewer
from umeed.institutions.models import Institution, Membership, Woman
from umeed.institutions.tests.loading import lokos
from umeed.institutions.tests.making import NAMES
from umeed.places.models import Place
from umeed.places.tests.lgd_form import lgd_zip
from umeed.places.tests.world import make_mission, officer

pytestmark = pytest.mark.django_db

DISTRICTS = [(1, "ANANTNAG", "06", "014"), (2, "BUDGAM", "02", "010")]
VILLAGES = [
    (1, "ANANTNAG", 11, "PAHALGAM", 3664 + n, name, "Inhabitant", "01886400", "003664")
    for n, name in enumerate(["Aru", "Chinar", "Langanbal"])
]


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def worked_on(load):
    """The load after what the background does for files that take longer than a moment."""
    load.refresh_from_db()
    if load.is_at_work:
        steps.go_on(load.pk)
        load.refresh_from_db()
    return load


class Officer:
    """An MIS officer at her desk."""

    def __init__(self, state):
        self.scope = officer("mis_officer", state)
        self.client = Client()
        self.client.force_login(User.objects.get(pk=self.scope.viewer))

    def sends(self, name, content):
        self.client.post("/loads/", {"file": SimpleUploadedFile(name, content)})
        return self.latest()

    def latest(self):
        return worked_on(Load.objects.latest("made_at"))

    def posts(self, load, what, **given):
        page = self.client.post(f"/loads/{load.pk}/{what}/", given, follow=True)
        worked_on(load)
        return words(self.client.get(f"/loads/{load.pk}/") if page.redirect_chain else page)

    def answers(self, load, **given):
        """Takes what the page proposes, as a person does who only presses the button."""
        page = self.client.get(f"/loads/{load.pk}/answers/").content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(layout|sheet_\w+)" value="([^"]*)">', page))
        selects = re.findall(r'<select name="(column_\w+)".*?</select>', page, re.S)
        chosen = {}
        for name, block in zip(selects, re.findall(r'<select name="column_.*?</select>', page, re.S), strict=True):
            chosen[name] = (re.findall(r'<option value="(\d*)" selected', block) or [""])[0]
        return self.posts(load, "answers", **hidden, **chosen, **given)


@pytest.fixture
def mis(db):
    _mission, state = make_mission("jk", 1, "Jammu And Kashmir")
    return Officer(state)


def test_places_then_groups_and_women_and_back(mis):
    places = mis.sends("lgd.zip", lgd_zip(districts=DISTRICTS, villages=VILLAGES))
    assert places.state == "mapping", "LGD asks from which day the list holds"
    assert "New" in mis.answers(places, option_on="01-04-2020")
    assert (places.state, places.counts["refuse"]) == ("judged", 0), places.refusals
    assert not Place.objects.filter(kind="village").exists()
    assert "rows were loaded" in mis.posts(places, "consent", revision=places.revision)
    assert set(Place.objects.filter(kind="village").values_list("lgd_code", flat=True)) == {3664, 3665, 3666}

    members = [{"name": name} for name in NAMES[:7]] + [{"name": NAMES[7], "born_on": "12_03_2014"}]
    women = mis.sends("lokos.xlsx", lokos([{"panchayat": ""}], members))
    assert (women.state, women.layout_key) == ("judged", "lokos"), women.refusals
    assert women.counts["refuse"] == 1, "a woman of twelve"
    assert "refused" in mis.posts(women, "consent", revision=women.revision)
    assert not Woman.objects.exists(), "nothing is written while a row is refused and she has not said otherwise"
    mis.posts(women, "consent", revision=women.revision, which="good")
    assert women.state == "applied", women.refusals
    with as_viewer(mis.scope.viewer):
        assert Institution.objects.get().place.lgd_code == 3665
        assert Membership.objects.count() == 7

    page = mis.posts(places, "undo")
    assert places.state == "applied"
    assert "can no longer be taken back as a whole" in page
    assert "Chinar" in page, "the reason names what was built on it"

    mis.posts(women, "undo")
    assert women.state == "undone", women.refusals
    assert not Woman.objects.exists()
    mis.posts(places, "undo")
    assert places.state == "undone", places.refusals
    assert not Place.objects.filter(kind="village").exists()


def test_both_files_again_change_nothing(mis):
    for _time in range(2):
        places = mis.sends("lgd.zip", lgd_zip(districts=DISTRICTS, villages=VILLAGES))
        mis.answers(places, option_on="01-04-2020")
        mis.posts(places, "consent", revision=places.revision)
        women = mis.sends("lokos.xlsx", lokos([{"panchayat": ""}], [{"name": name} for name in NAMES[:8]]))
        mis.posts(women, "consent", revision=women.revision)
    assert (places.state, women.state) == ("judged", "judged"), "there was nothing to load"
    assert places.counts["create"] == places.counts["change"] == 0
    assert women.counts["create"] == women.counts["change"] == 0
    assert Woman.objects.count() == 8
