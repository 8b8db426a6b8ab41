"""The pages, as a browser without JavaScript uses them."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse

from umeed.core.models import AuditChange
from umeed.core.viewer import as_system
from umeed.duplicates.actions import merge_women
from umeed.duplicates.models import Candidate, Merge, Search, State
from umeed.duplicates.tests.conftest import LONG_AGO, TODAY
from umeed.institutions.actions import correct_woman
from umeed.institutions.models import Woman


@pytest.fixture
def client_of(scene):
    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(scene.people[role])
        return client

    return signed_in


@pytest.fixture
def client(client_of) -> Client:
    return client_of("block_officer")


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def form_of(answer) -> dict[str, str]:
    """What the pair's form would send as it stands."""
    page = answer.content.decode().split('class="stack" method="post"')[1].split("</form>")[0]
    sent = dict(re.findall(r'<input type="(?:hidden|text)" name="(\w+)"[^>]*? value="([^"]*)"', page))
    return sent | dict(re.findall(r'<input type="radio" name="(\w+)" value="([^"]*)" checked>', page))


def test_the_list_counts_filters_and_says_what_agrees(client, world, scene) -> None:
    world.pair()
    other = world.woman("Zoona Begum", village=1), world.woman("Zuna Begum", village=1)
    world.pair(*other, band="maybe", bits=1, signs={"name": "close", "born": "differs", "phone": "unknown"})
    world.pair(world.first, scene.there.women[0])
    page = text_of(client.get(reverse("duplicates:list")))
    assert "To review 2" in page and "Almost certain 1" in page and "Perhaps 1" in page
    assert "Name sounds the same" in page and "Years of birth far apart" in page
    assert page.index("Haleema Begum") < page.index("Zoona Begum")
    page = text_of(client.get(reverse("duplicates:list"), {"band": "maybe"}))
    assert "Zoona" in page and "Haleema" not in page and "All 2" in page


def test_the_place_narrows_the_list(client_of, world, scene) -> None:
    world.pair()
    far = world.woman("Zoona"), world.woman("Zuna")
    for woman in far:
        woman.place = scene.there.villages[0]
        world.save(woman)
    world.pair(*far)
    client = client_of("ut_officer")
    page = text_of(client.get(reverse("duplicates:list")))
    assert "To review 2" in page
    page = text_of(client.get(reverse("duplicates:list"), {"place": scene.here.district.pk}))
    assert "Haleema" in page and "Zoona" not in page
    assert client.get(reverse("duplicates:list"), {"place": "9" * 30, "band": "x", "page": "y"}).status_code == 200


def test_when_the_search_was_made(client, world, scene) -> None:
    assert "No search has been made" in text_of(client.get(reverse("duplicates:list")))
    at = datetime.datetime(2026, 2, 3, 1, 40, tzinfo=datetime.UTC)
    Search.objects.create(district=scene.here.district, at=at, women=3210, found=4, milliseconds=900)
    assert "3,210 women" in text_of(client.get(reverse("duplicates:list")))


def test_asking_for_a_search_queues_it_once(client, world) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    for _ in range(2):
        assert client.post(reverse("duplicates:search")).status_code == 302
    assert ProcrastinateJob.objects.filter(task_name="find_duplicates_of").count() == 1


def test_side_by_side(client, world) -> None:
    world.member(world.first, world.group)
    world.member(world.second, world.second_group)
    neighbour = world.woman("Taja Begum")
    world.member(neighbour, world.group, LONG_AGO, datetime.date(2022, 1, 1))
    world.member(neighbour, world.second_group, datetime.date(2022, 1, 1))
    page = text_of(client.get(reverse("duplicates:pair", args=[world.pair().pk])))
    for words in ("Haleema Begum", "Halima Begam", "Ghulam Bhat", "1988", "Here group 1", "Here group 2", "Taja Begum"):
        assert words in page
    assert "In which one is she really?" in page and "Alike" in page and "Only in one" in page
    assert "9906543210" not in page and "••••••3210" in page


def test_looking_at_a_covered_value_is_recorded_and_keeps_the_ticks(client, world) -> None:
    pair = world.pair()
    form = form_of(client.get(reverse("duplicates:pair", args=[pair.pk])))
    form |= {"look": "phone", "why": "Asked her sister", "part_name": "high"}
    answer = client.post(reverse("duplicates:look", args=[pair.pk]), form)
    page = answer.content.decode()
    assert "9906543210" in page and "Asked her sister" in page and answer.headers["Cache-Control"] == "no-store"
    assert re.search(r'name="part_name" value="high" checked', page)
    read = AuditChange.objects.filter(kind="read").values_list("subject_id", flat=True)
    assert set(read) == {str(world.first.pk), str(world.second.pk)}
    assert client.post(reverse("duplicates:look", args=[pair.pk]), {"look": "name"}).status_code == 404


def test_merged_and_undone_by_pages(client, world) -> None:
    world.member(world.first, world.group)
    double = world.member(world.second, world.second_group)
    pair = world.pair()
    address = reverse("duplicates:pair", args=[pair.pk])
    settle = reverse("duplicates:settle", args=[pair.pk])
    form = form_of(client.get(address)) | {"do": "merge"}
    answer = client.post(settle, form)
    assert answer.status_code == 422
    assert "Say why." in text_of(answer) and "she cannot be in both at once" in text_of(answer)
    with as_system():
        mine = world.first.memberships.get().pk
    form |= {"why": "Her own words", "stays_0": str(mine), "ends_0": f"{TODAY:%d-%m-%Y}", "keep": "low"}
    form["keep"] = "low" if world.first.pk < world.second.pk else "high"
    answer = client.post(settle, form, follow=True)
    page = text_of(answer)
    assert answer.status_code == 200 and "Halima Begam became part of Haleema Begum" in page
    assert "1 membership ended, for it was entered twice." in page
    assert "History of the kept record" in page and "Merged two records of one woman" in page
    with as_system():
        double.refresh_from_db()
        assert double.leave_reason == "duplicate"
        merge = Merge.objects.get()
    listed = text_of(client.get(reverse("women:list")))
    assert "Haleema Begum" in listed and "Halima Begam" not in listed
    survivor = text_of(client.get(reverse("women:detail", args=[world.first.pk])))
    assert "Merged records" in survivor and "Halima Begam" in survivor
    undo = reverse("duplicates:undo", args=[merge.pk])
    assert client.post(undo, {"revision": merge.revision}).status_code == 422
    page = text_of(client.post(undo, {"revision": merge.revision, "why": "Two sisters"}, follow=True))
    assert "The merge is undone" in page and "This merge was undone" in page
    with as_system():
        assert Candidate.objects.get(pk=pair.pk).state == State.OPEN
        assert Woman.objects.filter(merged_into__isnull=False).count() == 0


def test_not_the_same_later_and_again(client, world) -> None:
    pair = world.pair()
    settle = reverse("duplicates:settle", args=[pair.pk])
    assert client.post(settle, {"do": "later", "revision": 1}).status_code == 302
    assert "Haleema" in text_of(client.get(reverse("duplicates:list"), {"state": "later"}))
    assert "Haleema" not in text_of(client.get(reverse("duplicates:list")))
    assert client.post(settle, {"do": "not_the_same", "why": "No", "revision": 1}).status_code == 422
    assert client.post(settle, {"do": "not_the_same", "why": "Two sisters", "revision": 2}).status_code == 302
    page = text_of(client.get(reverse("duplicates:list"), {"state": "not_the_same"}))
    assert "Two sisters" in page
    assert "Review again" in text_of(client.get(reverse("duplicates:pair", args=[pair.pk])))
    assert client.post(settle, {"do": "again", "why": "Mistake", "revision": 3}).status_code == 302
    assert client.post(settle, {"do": "nothing"}).status_code == 404


def test_others_do_not_find_the_pages(client_of, world, scene) -> None:
    pair = world.pair()
    far = world.pair(world.first, scene.there.women[0])
    for role in ("resource_person", "auditor", "site_administrator"):
        assert client_of(role).get(reverse("duplicates:list")).status_code == 404
    client = client_of("block_officer")
    assert client.get(reverse("duplicates:pair", args=[pair.pk])).status_code == 200
    for name in ("pair", "look", "settle"):
        address = reverse(f"duplicates:{name}", args=[far.pk])
        assert (client.get if name == "pair" else client.post)(address).status_code == 404


def test_how_many_queries(client, world, django_assert_num_queries) -> None:
    pairs = [world.pair()]
    pairs += [world.pair(world.woman(f"Zoona {n}"), world.woman(f"Zuna {n}")) for n in range(4)]
    world.member(world.first, world.group)
    world.member(world.second, world.second_group)
    client.get(reverse("duplicates:list"))
    with django_assert_num_queries(13):
        client.get(reverse("duplicates:list"))
    with django_assert_num_queries(30):
        client.get(reverse("duplicates:pair", args=[pairs[0].pk]))


def test_the_page_of_a_merged_record_leads_to_the_kept_one_and_keeps_its_history(world, acting, client) -> None:
    acting(correct_woman, woman=world.second, name="Haleema Bagum")
    merge = acting(merge_women, keep=world.first, other=world.second, why="Same woman")
    page = client.get(reverse("women:detail", args=[world.second.pk]))
    content = page.content.decode()
    assert page.status_code == 200 and "Haleema Bagum" in content
    assert reverse("women:detail", args=[world.first.pk]) in content and "Merged into: Haleema Begum" in content
    assert reverse("duplicates:merge", args=[merge.pk]) in content and "Halima Begam" in content
    edit = reverse("women:edit", args=[world.second.pk])
    assert edit not in content and client.get(edit).status_code == 404
    looked = client.post(reverse("women:look", args=[world.first.pk]), {"field": "phone"})
    assert looked.status_code == 200
    listed = client.get(reverse("women:list"), {"q": "Haleema Bagum"}).content.decode()
    assert reverse("women:detail", args=[world.second.pk]) not in listed
