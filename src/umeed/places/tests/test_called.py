"""A place in its reader's language: one rule for every page; files, the API and the database keep the written name."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from umeed.access.models import Posting, User
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.places import queries
from umeed.places.actions import merge_places, move_place, rename_place
from umeed.places.facts import districts
from umeed.places.models import Place
from umeed.places.naming import called, written
from umeed.places.registers import places
from umeed.places.tests.world import BEGAN, day, make, us

URDU, HINDI = "اننت ناگ", "अनंतनाग"


@pytest.mark.parametrize(
    ("language", "kind", "name", "local", "told"),
    [
        ("en", "district", "Anantnag", URDU, "Anantnag"),
        ("ur", "district", "Anantnag", "", URDU),
        ("hi", "district", "Anantnag", "", HINDI),
        ("ur", "state", "Ladakh", "", "لداخ"),
        ("ur", "district", "Anantnag", "اسلام آباد", "اسلام آباد"),
        ("hi", "district", "Anantnag", "اسلام آباد", HINDI),
        ("ur", "village", "Rangund", "رنگنڈ", "رنگنڈ"),
        ("hi", "village", "Rangund", "رنگنڈ", "Rangund"),
        ("hi", "village", "Rangund", "རང་གུན", "Rangund"),
        # A word of the screen, and a district's name, mean nothing as the name of another kind of place.
        ("ur", "block", "Achabal", "", "Achabal"),
        ("ur", "village", "Name", "", "Name"),
        ("ur", "district", "Name", "", "Name"),
        ("ur", "village", "Anantnag", "", "Anantnag"),
        ("ur", "district", "", "", ""),
    ],
)
def test_a_name_in_the_readers_language(language, kind, name, local, told):
    with translation.override(language):
        assert called(kind, name, local) == told


@pytest.mark.parametrize("language", ["hi", "ur"])
def test_every_district_that_ships_has_a_name(language):
    with translation.override(language):
        bare = [fact.name for fact in districts() if called("district", fact.name).isascii()]
    assert bare == []


def test_a_text_is_found_by_what_its_reader_sees():
    with translation.override("ur"):
        assert written("اننت") == ["Anantnag"]
    with translation.override("hi"):
        assert written("اننت") == []


# Pages ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def named(valley):
    """The valley, its upper district called Anantnag; the village of Chinar has a name in its own script."""
    rename_place(place=valley.upper, name="Anantnag", on=day("2020-01-01"), by=us())
    rename_place(place=valley.chinar, name="Chinar", name_local="چنار", on=day("2020-01-01"), by=us())
    return valley


@pytest.fixture
def read(client, named):
    """Opens a page as a person of the State, in a language."""
    user = User.objects.create(username="reader", name="Reader", language="")
    with audited(by=us(), did="post_person"):
        Posting(user=user, role="ut_officer", place=named.state, during=since(BEGAN)).save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def page(url, language="ur"):
        answer = client.get(url, headers={"accept-language": language})
        assert answer.status_code == 200
        return answer.getvalue().decode()

    return page


def page_of(place):
    return reverse("places:place", args=[place.pk])


@pytest.mark.django_db
def test_the_tree_its_crumbs_and_what_lies_in_it(named, read):
    assert URDU in read(page_of(named.state)) and HINDI in read(page_of(named.state), "hi")
    assert URDU not in read(page_of(named.state), "en")
    crumbs = queries.ancestors([named.chinar.pk], us().today)[named.chinar.pk]
    with translation.override("ur"):
        assert [crumb.called for crumb in crumbs if crumb.kind in ("district", "village")] == [URDU, "چنار"]
        assert queries.lines_of([named.north.pk], us().today)[named.north.pk] == URDU
    assert [crumb.name for crumb in crumbs if crumb.kind == "district"] == ["Anantnag"]
    assert f">{URDU}</a>" in read(page_of(named.north)), "its crumb"


@pytest.mark.django_db
def test_a_places_own_page_tells_both_names(named, read):
    page = read(page_of(named.upper))
    assert URDU in page.partition("<h1")[2].partition("</h1>")[0]
    assert "<dd><bdi>Anantnag</bdi></dd>" in page
    assert "<dd><bdi>Anantnag</bdi></dd>" not in read(page_of(named.upper), "en")
    assert "<dd><bdi>چنار</bdi></dd>" in read(page_of(named.chinar), "hi"), "a script that she may not read"


@pytest.mark.django_db
def test_an_earlier_day_has_the_names_of_that_day(named, read):
    assert URDU not in read(page_of(named.north) + "?on=2019-06-01").partition("</h1>")[0]
    crumbs = queries.ancestors([named.chinar.pk], day("2019-06-01"))[named.chinar.pk]
    with translation.override("ur"):
        assert "چنار" not in [crumb.called for crumb in crumbs]


@pytest.mark.django_db
def test_what_happened_is_told_with_the_names_of_its_reader(named, read):
    west = make("block", "West", named.lower)
    move_place(place=west, parent=named.upper, on=day("2021-01-01"), by=us())
    merge_places(places=[named.lower], into=named.upper, on=day("2022-01-01"), by=us())
    for place in (west, named.lower, named.upper):
        told = read(page_of(place)).partition("timeline")[2].partition("</ol>")[0]
        assert URDU in told and "Anantnag" not in told, place.name


@pytest.mark.django_db
def test_lists_filters_and_headlines(named, read):
    page = read("/places/list/?kind=block")
    assert f">{URDU}</option>" in page and f"<bdi>{URDU}</bdi>" in page
    assert "Anantnag" not in page
    assert URDU in read(f"/places/list/?district={named.upper.pk}").partition("<table")[0], "the chip"
    assert "چنار" in read("/places/list/?kind=village")


@pytest.mark.django_db
def test_files_and_the_api_keep_the_written_name(named, read):
    sheet = read("/places/list/export.csv?kind=district")
    assert "Anantnag," in sheet and URDU not in sheet
    assert URDU not in read("/places/list/export.csv?kind=village")
    answer = read(f"/api/v1/places/{named.north.pk}")
    assert "Anantnag" in answer and URDU not in answer
    assert places.by_key["name"].goes_straight, "a hundred thousand names are copied, not told one by one"


@pytest.mark.django_db
def test_the_list_finds_both_names_and_keeps_one_order(named, read):
    for text in (URDU, "ananT"):
        assert places.url("detail", named.upper.pk) in read(f"/places/list/?q={text}"), text
    assert "چنار" in read("/places/list/?q=چنار") and "Deodar" not in read("/places/list/?q=چنار")
    orders = [read("/places/list/?kind=district&sort=name", language) for language in ("en", "ur")]
    ids = [
        [page.index(places.url("detail", one.pk)) for one in Place.objects.filter(kind="district").order_by("name")]
        for page in orders
    ]
    assert all(at == sorted(at) for at in ids)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/places/list/?kind=village", "/women/"])
def test_a_language_asks_nothing_more_of_the_database(named, read, url):
    asked = []
    for language in ("en", "ur", "en", "ur"):
        with CaptureQueriesContext(connection) as seen:
            read(url, language)
        asked.append(len(seen))
    assert asked[2] == asked[3]


def test_a_name_is_told_quickly():
    began = datetime.datetime.now()
    with translation.override("ur"):
        for _ in range(5000):
            called("district", "Anantnag")
    assert (datetime.datetime.now() - began).total_seconds() < 0.5, "a list of 50 rows tells 150 names"
