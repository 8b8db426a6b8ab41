"""Who did what is shown within one's own place, with covered fields covered."""

import pytest
from django.test import Client
from django.urls import reverse

from umeed.core.audit import audited, picture
from umeed.core.models import AuditEntry
from umeed.core.scope import system


@pytest.fixture
def changed(scene):
    """A woman of each side was corrected; the entries by side."""
    made = {}
    for name, side in (("here", scene.here), ("there", scene.there)):
        woman = side.women[0]
        before = picture(woman)
        by = scene.scope("mis_officer") if name == "here" else system(scene.scope("nobody").today)
        with audited(by=by, did="correct_woman", why=f"Correction {name}") as trail:
            woman.name, woman.social_category, woman.phone = f"Corrected {name}", "st", "9797123456"
            woman.save()
            trail.changed(woman, before)
        made[name] = AuditEntry.objects.latest("seq")
    return made


def _client(scene, role):
    client = Client()
    client.force_login(scene.people[role])
    return client


def test_an_officer_sees_her_own_place(scene, changed) -> None:
    page = _client(scene, "block_officer").get(reverse("audit:list")).content.decode()
    assert "Correction here" in page and "Correction there" not in page
    page = _client(scene, "ut_officer").get(reverse("audit:list")).content.decode()
    assert "Correction here" in page and "Correction there" in page


def test_an_entry_tells_before_and_after(scene, changed) -> None:
    url = reverse("audit:entry", args=[changed["here"].seq])
    page = _client(scene, "block_officer").get(url).content.decode()
    assert "<del>Zoona of Here group 1</del>" in page and "<ins>Corrected here</ins>" in page
    assert page.count("••••••") == 3, "a phone changed and a category came"
    assert "Scheduled Tribe" not in page and "3456" not in page, "opening an entry is not recorded: no look by it"
    page = _client(scene, "auditor").get(url).content.decode()
    assert "<ins>Corrected here</ins>" in page and "Scheduled Tribe" not in page and "3456" not in page
    assert _client(scene, "block_officer").get(reverse("audit:entry", args=[changed["there"].seq])).status_code == 404


def test_filters(scene, changed) -> None:
    client = _client(scene, "ut_officer")
    ask = reverse("audit:list")
    today = scene.scope("nobody").today.strftime("%d-%m-%Y")
    for asked, seen in (
        ({"who": "MIS"}, True), ({"who": "Umeed"}, False), ({"did": "correct_woman"}, True), ({"did": "x"}, False),
        ({"since": today}, True), ({"until": "01-01-2020"}, False), ({"since": "not a day"}, True),
        ({"table": "institutions_woman", "subject_id": str(scene.here.women[0].pk)}, True),
        ({"subject_id": str(scene.here.women[1].pk)}, False), ({"before": changed["here"].seq}, False),
        ({"before": "x"}, True),
    ):  # fmt: skip
        assert ("Correction here" in client.get(ask, asked).content.decode()) == seen, asked


def test_who_runs_the_site_sees_accounts_of_no_place_and_no_woman(scene, changed) -> None:
    client = _client(scene, "site_administrator")
    page = client.get(reverse("audit:list")).content.decode()
    assert "Correction" not in page
    assert client.get(reverse("audit:entry", args=[changed["here"].seq])).status_code == 404
    with audited(by=system(scene.scope("nobody").today), did="sign_in_failed") as trail:
        trail.about(scene.people["nobody"])
    assert "Wrong password" in client.get(reverse("audit:list")).content.decode()
    assert _client(scene, "partner").get(reverse("audit:list")).status_code == 404
