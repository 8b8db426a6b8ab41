"""What a person must do today."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from umeed.access.models import User
from umeed.core.audit import audited
from umeed.core.loads.models import Load, State
from umeed.core.viewer import as_system, as_viewer
from umeed.places.actions import merge_places
from umeed.places.tests.world import TODAY, Valley, officer, us
from umeed.web.today import Day


def test_a_person_whose_place_was_merged_is_told_and_whom_to_ask(db, settings) -> None:
    settings.SECOND_FACTOR = "none"
    valley = Valley()
    her = officer("resource_person", valley.deodar, "hers")
    client = Client()
    client.force_login(User.objects.get(pk=her.viewer))
    assert "was merged or has ended" not in client.get("/").content.decode()
    assert client.get(reverse("access:no_posting")).status_code == 302
    merge_places(places=[valley.deodar], into=valley.chinar, on=TODAY, by=us())
    today = client.get("/").content.decode()
    assert "Deodar was merged or has ended, and your posting there with it: ask for a new one" in today
    assert reverse("access:no_posting") in today
    assert client.get(reverse("access:no_posting")).status_code == 200


def _today(role: str, place, key: str) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=officer(role, place, key).viewer))
    return client.get("/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("role", ["partner", "auditor", "accounts", "bank_branch", "line_department"])
def test_a_role_without_work_is_told_what_it_may_look_at_and_not_praised(db, settings, role) -> None:
    settings.SECOND_FACTOR = "none"
    page = _today(role, Valley().south, role)
    ways = page.partition("You may look at:")[2].partition("</ul>")[0]
    assert f'href="{reverse("shgs:list")}"' in ways
    assert (f'href="{reverse("audit:list")}"' in ways) is (role == "auditor")
    assert (f'href="{reverse("women:list")}"' in ways) is (role not in ("bank_branch", "line_department"))
    assert "Well done" not in page and "What waits for you" not in page


def test_a_role_with_work_is_not_told_so(db, settings) -> None:
    settings.SECOND_FACTOR = "none"
    page = _today("block_officer", Valley().south, "officer")
    assert "You may look at:" not in page and "What waits for you comes first" in page


def test_files_that_could_not_be_read_are_one_quiet_line_below_the_work(db, settings) -> None:
    settings.SECOND_FACTOR = "none"
    valley = Valley()
    her = officer("block_officer", valley.south, "hers")
    with as_system(), audited(by=us(), did="receive_load"):
        for state, number in ((State.FAILED, 5), (State.MAPPING, 1)):
            for _one in range(number):
                Load(file_name="a.xlsx", size=1, sha256="0", state=state, made_by=her.viewer).save()
    with as_viewer(her.viewer), override("en"):
        work = Day(her).work
    assert work[-1].text == "5 files could not be read" and work[-1].kind == "quiet"
    assert [line.kind for line in work].count("quiet") == 1 and work[0].kind == "warn"
    client = Client()
    client.force_login(User.objects.get(pk=her.viewer))
    page = client.get(work[-1].url, headers={"accept-language": "en"}).content.decode()
    assert page.count("<article") == 5 and "Files that could not be read" in page
    assert "Urgent" not in client.get("/", headers={"accept-language": "en"}).content.decode()
