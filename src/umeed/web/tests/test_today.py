"""What a person must do today."""

from django.test import Client
from django.urls import reverse

from umeed.access.models import User
from umeed.places.actions import merge_places
from umeed.places.tests.world import TODAY, Valley, officer, us


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
