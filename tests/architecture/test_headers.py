"""Every address × its headers: what somebody who has signed in was told is kept nowhere, and no page gets at a camera,
a microphone or where one is."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture import routes
from tests.architecture.test_routes_and_roles import NO_RECORD, WITH_RECORD, _sample, _url, scene

__all__ = ["scene"]
# The shell of the phone: the same for everybody, with nobody's data; asked for anew each time all the same.
SAME_FOR_ALL = {"field", "field_worker", "field_words"}


def test_what_was_told_to_somebody_is_kept_nowhere(scene):
    known, found = routes.samples(scene), set()
    client = Client(raise_request_exception=False)
    client.force_login(scene.people["block_officer"])
    asked = [(route, _url(route)) for route in NO_RECORD]
    asked += [(route, _url(route, _sample(known, route).inside)) for route in WITH_RECORD]
    for route, address in asked:
        answer = client.get(address)
        said = answer.headers.get("Cache-Control", "")
        kept_by = "no-cache" if route.name in SAME_FOR_ALL else "no-store"
        if kept_by not in said:
            found.add((route.name, address, answer.status_code, said))
    assert not found


def test_a_visitor_s_page_may_be_kept(db):
    assert "no-store" not in Client().get(reverse("home")).headers.get("Cache-Control", "")


@pytest.mark.parametrize("name", ["home", "field", "field_manifest", "health", "account_login"])
def test_no_page_gets_at_what_it_does_not_use(db, name):
    said = Client().get(reverse(name)).headers["Permissions-Policy"]
    assert {f"{one}=()" for one in ("camera", "microphone", "geolocation")} <= set(said.split(", "))
