"""The door on a view, and the matrix that is printed from all doors."""

import pytest
from django.core.management import call_command
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from umeed.core.doors import door_of, needs, posted, public, scope_of_viewer, signed_in


def _ask(door, user, path="/x/"):
    request = RequestFactory().get(path)
    request.user = user
    return door(lambda request: HttpResponse(request.scope.viewer))(request)


def test_who_comes_in(scene) -> None:
    from django.contrib.auth.models import AnonymousUser

    officer, nobody, visitor = scene.people["partner"], scene.people["nobody"], AnonymousUser()
    assert _ask(needs("women.see", "site.run"), officer).content.decode() == str(officer.pk)
    with pytest.raises(Http404):
        _ask(needs("women.change"), officer)
    assert _ask(needs("women.see"), visitor).url.startswith("/accounts/login/")
    assert _ask(needs("women.see"), visitor, "/api/v1/women").status_code == 401
    assert _ask(needs("women.see"), nobody).url == "/no-posting/"
    assert _ask(needs("women.see"), nobody, "/api/v1/women").status_code == 403
    assert [_ask(posted, who).status_code for who in (officer, nobody, visitor)] == [200, 302, 302]
    assert [_ask(signed_in, who).status_code for who in (officer, nobody, visitor)] == [200, 200, 302]
    assert [_ask(public, who).status_code for who in (officer, nobody, visitor)] == [200, 200, 200]


def test_a_door_says_what_it_is_and_wants_a_capability() -> None:
    view = needs("women.see", of="institutions_woman")(lambda request: None)
    assert (door_of(view).capabilities, door_of(view).of) == (("women.see",), "institutions_woman")
    assert door_of(lambda request: None) is None
    with pytest.raises(ValueError, match="at least one"):
        needs()


def test_work_in_somebodys_name_after_her_request(scene) -> None:
    assert scope_of_viewer(str(scene.people["partner"].pk)).grants
    for unknown in ("", "somebody", "00000000-0000-7000-8000-000000000000"):
        assert scope_of_viewer(unknown).viewer == ""


def test_the_matrix(db, capsys) -> None:
    call_command("doors")
    rows = capsys.readouterr().out.splitlines()
    users = next(row for row in rows if row.startswith("| `/users/new/`"))
    assert users.count("yes") == 5
    assert any("`GET /api/v1/women`" in row for row in rows)
