"""The pages of the tree, as each role sees them."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from umeed.access.models import Posting, User
from umeed.core.audit import audited
from umeed.core.dated import between, since
from umeed.core.models import AuditEntry
from umeed.places.actions import (
    end_place,
    merge_places,
    move_place,
    open_place,
    rename_place,
    tag_place,
    untag_place,
)
from umeed.places.models import Lying, Place, PlaceName
from umeed.places.tests.world import BEGAN, day, us

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    """Signs a person in who holds a role at a place."""

    def sign_in(role, place):
        user = User.objects.create(username=f"{role}-{place.pk}", name=role)
        with audited(by=us(), did="post_person"):
            Posting(user=user, role=role, place=place, during=since(BEGAN)).save()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


def at(what, place):
    return reverse("places:change", args=[place.pk, what])


def page_of(place):
    return reverse("places:place", args=[place.pk])


def text(response):
    return response.content.decode()


def test_a_visitor_signs_in_first(client, valley):
    assert client.get(reverse("places:tree")).status_code == 302
    assert client.get(page_of(valley.north)).status_code == 302


def test_the_tree_begins_at_ones_own_place(sign_in, valley):
    client = sign_in("block_officer", valley.north)
    response = client.get(reverse("places:tree"), follow=True)
    assert response.redirect_chain == [(page_of(valley.north), 302)]
    assert "Halqa" in text(response) and "Deodar" in text(response)
    assert "Testland" in text(response), "the way down names what lies above"
    assert page_of(valley.state) not in text(response), "but does not lead there"
    assert client.get(page_of(valley.south)).status_code == 404
    assert client.get(page_of(valley.state)).status_code == 404


def test_a_place_as_it_was(sign_in, valley):
    rename_place(place=valley.north, name="Northern", on=day("2022-01-01"), by=us(), why="Order 12")
    move_place(place=valley.poplar, parent=valley.north, on=day("2022-01-01"), by=us())
    tag_place(place=valley.north, tag="vibrant", on=day("2023-01-01"), by=us())
    client = sign_in("ut_officer", valley.state)
    now = text(client.get(page_of(valley.north)))
    assert "<h1>Northern</h1>" in now and "Poplar" in now and "Vibrant village" in now
    assert "Renamed from North to Northern" in now and "Order 12" in now
    then = text(client.get(page_of(valley.north) + "?on=2021-12-31"))
    assert "<h1>North</h1>" in then and "Poplar" not in then and "as it was on 31 Dec 2021" in then
    assert then.count("Vibrant village") == 1, "not carried then: told among the tags over time only"
    early = text(client.get(page_of(valley.north) + "?on=01-01-2001"))
    assert "did not exist on this day" in early
    assert "This day cannot be shown" in text(client.get(page_of(valley.north) + "?on=someday"))


def test_a_place_leads_to_the_records_that_lie_in_it(sign_in, valley):
    client = sign_in("block_officer", valley.north)
    page = text(client.get(page_of(valley.chinar)))
    links = [f"/{register}/?place={valley.chinar.pk}" for register in ("women", "shgs")]
    assert all(link in page for link in links)
    assert all(client.get(link).status_code == 200 for link in links)


def test_an_ended_and_a_merged_place_still_have_a_page(sign_in, valley):
    move_place(place=valley.chinar, parent=valley.north, on=day("2020-01-01"), by=us())
    end_place(place=valley.halqa, on=day("2021-01-01"), by=us())
    merge_places(places=[valley.poplar], into=valley.deodar, on=day("2021-01-01"), by=us())
    client = sign_in("ut_officer", valley.state)
    assert "no longer on 1 Jan 2021" in text(client.get(page_of(valley.halqa)))
    assert "Merged into Deodar" in text(client.get(page_of(valley.poplar)))
    assert at("rename", valley.halqa) not in text(client.get(page_of(valley.halqa)))
    assert sign_in("block_officer", valley.east).get(page_of(valley.halqa)).status_code == 404


def test_only_who_may_changes(sign_in, valley):
    client = sign_in("block_officer", valley.north)
    assert at("rename", valley.north) not in text(client.get(page_of(valley.north)))
    assert client.get(at("rename", valley.north)).status_code == 404
    client = sign_in("mis_officer", valley.upper)
    assert at("rename", valley.north) in text(client.get(page_of(valley.north)))
    assert client.get(at("rename", valley.east)).status_code == 404
    assert client.get(at("nonsense", valley.north)).status_code == 404


@pytest.mark.parametrize("what", ["rename", "move", "open", "split", "merge", "end", "tag", "untag"])
def test_every_form_opens_and_keeps_what_is_typed(sign_in, valley, what):
    client = sign_in("ut_officer", valley.state)
    assert client.get(at(what, valley.upper)).status_code == 200
    assert client.get(at(what, valley.chinar)).status_code == 200
    answer = client.post(at(what, valley.chinar), {"on": "01-01-2999", "name": "Q"})
    assert answer.status_code == 200 and "01-01-2999" in text(answer), "the date is wrong, so the form comes back"


def test_reasons_stand_beside_their_fields(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    answer = client.post(at("rename", valley.north), {"name": "7", "on": "01-01-2090"})
    errors = answer.context["form"].errors
    assert set(errors) == {"name", "on"}
    assert Place.objects.get(pk=valley.north.pk).name == "North"


def refused(client, what, place, **given):
    """The fields that a refused form names, each with the codes of its reasons."""
    answer = client.post(at(what, place), given)
    assert answer.status_code == 200, "a refused form comes back"
    return {
        field: [error.code for error in errors.as_data()] for field, errors in answer.context["form"].errors.items()
    }


def test_nothing_changed_is_not_told_as_done(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    tag_place(place=valley.north, tag="vibrant", on=day("2020-01-01"), by=us())
    entries = AuditEntry.objects.count()
    assert refused(client, "rename", valley.north, name="North", on="01-01-2021") == {"name": ["same_name"]}
    here = {"development": valley.upper.pk, "on": "01-01-2021"}
    assert refused(client, "move", valley.north, **here) == {"development": ["moved_nowhere"]}
    assert refused(client, "move", valley.north, on="01-01-2021") == {"development": ["required"]}
    assert refused(client, "move", valley.chinar, on="01-01-2021") == {"development": ["moved_nowhere"]}
    assert refused(client, "tag", valley.north, tag="vibrant", on="01-01-2021") == {"tag": ["tagged_already"]}
    assert AuditEntry.objects.count() == entries, "and who did what does not tell of it"


def test_a_place_that_cannot_be_moved_there_is_told_beside_its_list(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    young = open_place(kind="block", name="Young", parents=[valley.upper], on=day("2022-01-01"), by=us())
    reasons = refused(client, "move", valley.halqa, development=young.pk, on="01-01-2021")
    assert reasons == {"development": ["before_it_existed"]}


def test_namesakes_in_a_list_are_told_apart(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    open_place(kind="panchayat", name="Halqa", parents=[valley.south], on=day("2020-01-01"), by=us())
    page = text(client.get(at("move", valley.chinar)))
    assert "Halqa · Panchayat · North" in page and "Halqa · Panchayat · South" in page


def test_a_place_with_nothing_in_it_is_not_asked_what_goes(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    assert "What goes to the new place" in text(client.get(at("split", valley.south)))
    assert "What goes to the new place" not in text(client.get(at("split", valley.chinar)))


def test_a_day_that_is_none_does_not_hide_a_name_that_is_none(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    assert set(refused(client, "rename", valley.north, name="N", on="31-02-2022")) == {"name", "on"}
    assert set(refused(client, "rename", valley.north, name="", on="01-02-2096")) == {"name", "on"}


def test_ending_and_merging_are_looked_at_once_more(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    typed = {"into": valley.south.pk, "on": "01-02-2022", "why": "Order 7"}
    asked = client.post(at("merge", valley.north), typed)
    assert "North ends on 1 Feb 2022. Its records, and what lies in it, come under South · Upper" in text(asked)
    assert "Order 7" in text(asked), "what was typed is kept"
    assert refused(client, "merge", valley.north, **{**typed, "on": "01-01-2001"})["on"], "reasons come at once"
    confirmed = asked.context["form"].to_confirm
    other = client.post(at("merge", valley.north), {**typed, "into": valley.east.pk, "confirmed": confirmed})
    assert other.status_code == 200, "another target is another question"
    assert Lying.objects.filter(place=valley.north, line="merged").count() == 0
    assert client.post(at("merge", valley.north), {**typed, "confirmed": confirmed}).status_code == 302
    asked = client.post(at("end", valley.willow), {"on": "01-01-2024"})
    assert "Willow ends on 1 Jan 2024" in text(asked)


def test_who_merges_is_told_of_the_people_who_are_posted_there(sign_in, valley):
    sign_in("block_officer", valley.north)
    ended = User.objects.create(username="ended", name="Ended")
    with audited(by=us(), did="post_person"):
        Posting(user=ended, role="block_officer", place=valley.north, during=between(BEGAN, day("2020-01-01"))).save()
        off = User.objects.create(username="off", name="Off", is_active=False)
        Posting(user=off, role="block_officer", place=valley.north, during=since(BEGAN)).save()
    client = sign_in("ut_officer", valley.state)
    typed = {"into": valley.south.pk, "on": "01-02-2022"}
    asked = client.post(at("merge", valley.north), typed)
    assert "One person holds a posting at North" in text(asked) and "Give her one at South" in text(asked)
    confirmed = asked.context["form"].to_confirm
    sign_in("resource_person", valley.north)
    client = sign_in("mis_officer", valley.state)
    again = client.post(at("merge", valley.north), {**typed, "confirmed": confirmed})
    assert "2 people hold a posting at North" in text(again), "more people are another question"
    confirmed = again.context["form"].to_confirm
    assert client.post(at("merge", valley.north), {**typed, "confirmed": confirmed}).status_code == 302
    assert "posting" not in text(client.post(at("merge", valley.south), {**typed, "into": valley.east.pk}))


def test_an_lgd_code_is_explained_in_our_own_words(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    for code in ("-4", "abc", "12345678901"):
        answer = client.post(at("split", valley.south), {"name": "Midsouth", "lgd_code": code, "on": "01-01-2022"})
        assert "An LGD code is a whole number such as 623" in text(answer)


def test_tags_are_part_of_what_was(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    tag_place(place=valley.north, tag="vibrant", on=day("2020-01-01"), by=us(), source="Order 9")
    untag_place(place=valley.north, tag="vibrant", on=day("2021-01-01"), by=us())
    page = text(client.get(page_of(valley.north)))
    assert "Vibrant village · Order 9" in page and "from 1 Jan 2020, no longer on 1 Jan 2021" in page


def test_a_heading_is_never_followed_by_nothing():
    assert "Nothing yet." in render_to_string("places/parts/history.html", {"told": []})


def test_a_day_that_cannot_be_read_stays_as_typed(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    page = text(client.get(page_of(valley.north) + "?on=31-02-2026"))
    assert 'value="31-02-2026" aria-invalid="true" aria-describedby="refusals"' in page


def test_what_happened_is_written_in_the_direction_of_the_page(sign_in, valley):
    rename_place(place=valley.north, name="Northern", on=day("2022-01-01"), by=us(), why="Order 12")
    client = sign_in("ut_officer", valley.state)
    page = text(client.get(page_of(valley.north), headers={"accept-language": "ur"}))
    assert "<p><bdi>Order 12</bdi></p>" in page
    assert '<bdi dir="rtl">' in page, "a sentence that begins with a Latin name is still an Urdu sentence"


def test_a_refusal_is_read_first(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    page = text(client.post(at("rename", valley.north), {"name": "7", "on": "01-01-2090"}))
    assert 'tabindex="-1" autofocus id="refusals"' in page, "the keyboard and the screen reader begin there"
    asked = text(client.post(at("end", valley.willow), {"on": "01-01-2024"}))
    assert 'id="confirmed" autofocus' in asked, "or at what is asked once more"


def test_changes_by_form(sign_in, valley):
    client = sign_in("ut_officer", valley.state)
    client.post(at("rename", valley.north), {"name": "Northern", "on": "01-01-2020", "why": "Order"})
    assert Place.objects.get(pk=valley.north.pk).name == "Northern"
    client.post(at("move", valley.chinar), {"development": valley.south.pk, "on": "01-01-2021"})
    assert valley.chinar.lyings.get(during__contains=day("2021-01-01"), line="development").parent == valley.south
    client.post(at("open", valley.hill), {
        "kind": "village", "name": "Almond", "also_in": valley.south.pk, "on": "05-05-2021"})  # fmt: skip
    assert Place.objects.get(name="Almond").lyings.count() == 2
    client.post(at("split", valley.south), {"name": "Midsouth", "children": [valley.poplar.pk], "on": "01-01-2022"})
    assert Place.objects.get(name="Midsouth").holds.get().place == valley.poplar
    answer = client.post(at("merge", valley.deodar), {
        "into": valley.poplar.pk, "on": "01-02-2022", "confirmed": f"merges_into_{valley.poplar.pk}"})  # fmt: skip
    assert answer.url == page_of(valley.poplar)
    client.post(at("tag", valley.south), {"tag": "aspirational", "source": "List", "on": "01-01-2023"})
    assert valley.south.tags.get().source == "List"
    client.post(at("untag", valley.south), {"tag": "aspirational", "on": "01-01-2024"})
    assert valley.south.tags.get().during.upper == day("2024-01-01")
    client.post(at("end", valley.willow), {"on": "01-01-2024", "confirmed": "ends"})
    assert valley.willow.lyings.get().during.upper == day("2024-01-01")


def test_lost_villages_come_into_a_block(sign_in, valley):
    client = sign_in("block_officer", valley.south)
    page = text(client.get(reverse("places:lost") + f"?tehsil={valley.hill.pk}"))
    assert "Willow" in page and "Walnut" not in page and "Upper › Hill" in page
    nothing = client.post(reverse("places:lost"), {"parent": valley.south.pk})
    assert set(nothing.context["form"].errors) == {"villages"}
    client.post(reverse("places:lost"), {"villages": [valley.willow.pk], "parent": valley.south.pk})
    assert valley.willow.lyings.get(line="development").parent == valley.south
    assert "Every village lies in a block" in text(client.get(reverse("places:lost")))


def test_pages_ask_a_known_number_of_questions(sign_in, valley, django_assert_max_num_queries):
    client = sign_in("ut_officer", valley.state)
    client.get(page_of(valley.upper))
    with django_assert_max_num_queries(30):
        client.get(page_of(valley.upper))
    few = len(client.get(page_of(valley.upper)).content)
    assert few < 100_000


def test_a_rename_for_the_past_says_nothing_of_todays_local_name_left_as_it_stands(sign_in, valley):
    rename_place(place=valley.north, name="North", name_local="شمال", on=day("2020-01-01"), by=us())
    client = sign_in("mis_officer", valley.upper)
    sent = {"name": "Old North", "name_local": "شمال", "on": "1-1-2016", "why": "Order 3"}
    assert client.post(at("rename", valley.north), sent).status_code == 302
    names = PlaceName.objects.filter(place=valley.north).order_by("during")
    assert [(row.during.lower.year, row.name, row.name_local) for row in names] == [
        (2012, "North", ""), (2016, "Old North", ""), (2020, "Old North", "شمال"),
    ]  # fmt: skip
