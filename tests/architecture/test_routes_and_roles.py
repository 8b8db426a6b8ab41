"""Every address × every role: who gets in, who is sent away, and that an id outside one's scope does not exist.

What a view asks for stands on the view (`core.doors`); here stands what is open without it, and every exception.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture import routes
from tests.architecture import scene as scenes
from umeed.access.capabilities import CAPABILITIES, ROLES
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_system
from umeed.field.views.shell import version as shell_version

# Open to everybody, visitors included. Adding a line here is a decision.
PUBLIC = {
    "home", "health", "styleguide", "set_language", "set_theme", "access:language", "access:theme", "access:invitation",
    "books:confirm", "field", "field_worker", "field_shell", "field_manifest", "field_words", "field_enrol",
    "field_carried",
}  # fmt: skip
# Open to everybody who has signed in, even without a posting.
SIGNED_IN = {
    "search", "access:me", "access:second_factor", "access:no_posting", "api_docs", "api-1:openapi-json", "api_tokens",
    "end_api_token",
}  # fmt: skip
# What phones talk to, each by the token that it got when it was enrolled.
PHONES = {"field_sync", "field_page", "field_leave"}
# Without a door of ours: django-ninja's own root, which answers 404.
WITHOUT_DOOR = {"api-1:api-root"}
# A record that one sees may still be 404 here, for the reason given.
STRICTER = {
    "access:edit": "only for those who answer for the person",
    "access:account": "only for those who answer for the person",
    "loads:choose": "only while the load waits for consent",
    "profiles:to_fill": "the ranking's door counts too, and a list of women needs women.see",
    "profiles:mine": "a list of women needs women.see",
    "books:sheet": "a sheet of this very book",
    "phones:answers": "a file that was just made for a phone",
}
# Pages that more people open than see the whole record.
WIDER = {"loads:load": "a summary is shown to those who may see who did what"}
# What fills parts of addresses that are not a record's id.
FILL = {
    "kind": "csv",
    "act": "link",
    "key": "lokos",
    "token": "made-up",
    "table": "institutions_woman",
    "what": "rename",
    "which": "last",
    "register": "cash-book",
    "sheet": "1",
    "language": "ur",
    "of": shell_version(),
}
# django-allauth's own pages: it decides by itself. A new one is looked at before it stands here.
ALLAUTH = """
    account_login account_logout account_inactive account_signup account_reauthenticate account_email
    account_change_password account_set_password account_reset_password account_reset_password_done
    account_reset_password_from_key account_reset_password_from_key_done mfa_index mfa_authenticate mfa_reauthenticate
    mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes
    mfa_download_recovery_codes mfa_list_webauthn mfa_add_webauthn mfa_reauthenticate_webauthn mfa_remove_webauthn
    mfa_edit_webauthn mfa_login_webauthn socialaccount_login_cancelled socialaccount_login_error
    socialaccount_connections openid_connect_login openid_connect_callback usersessions_list
""".split()
ROUTES = routes.all_routes()
OURS = [route for route in ROUTES if not route.is_allauth and route.name not in WITHOUT_DOOR]
WITH_RECORD = [route for route in OURS if route.door and (route.door.of or route.name == "access:who_can_see")]
NO_RECORD = [route for route in OURS if route not in WITH_RECORD]
EVERYBODY = [*ROLES, "nobody"]
ANSWERS = {200, 202, 204, 302, 400, 405, 410, 422}


@pytest.fixture
def scene(db, settings):
    settings.SECOND_FACTOR = "none"
    return scenes.build()


@pytest.fixture
def client_of(scene):
    def signed_in(role):
        client = Client(raise_request_exception=True)
        if role:
            client.force_login(scene.people[role])
        return client

    return signed_in


def _url(route, pk=None):
    """The address of a record; without one, of a record that never was."""
    never = 999_999_999 if route.counts else "00000000-0000-7000-8000-000000000000"
    return route.filled({part: FILL.get(f"{route.name} {part}", FILL.get(part, pk or never)) for part in route.parts})


def _sample(known, route):
    if route.name == "access:who_can_see":
        return known[FILL["table"]]
    space = route.name.split(":")[0] if not route.path.startswith("api/") else route.path.split("/")[2]
    return known.get(f"{space}|{route.door.of}") or known[route.door.of]


def _sent_away(answer):
    return answer.status_code == 401 or (
        answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
    )


def _told_whom_to_ask(answer):
    return answer.status_code == 403 or (
        answer.status_code == 302 and answer.headers["Location"] == reverse("access:no_posting")
    )


def _opens(answer):
    return answer.status_code in ANSWERS and not _sent_away(answer) and not _told_whom_to_ask(answer)


def _holds(scope, door):
    return any(scope.can(capability) for capability in door.capabilities)


# What every view says -------------------------------------------------------------------------------------------------


def test_every_view_has_a_door() -> None:
    missing = [f"{route.name} {route.path}" for route in OURS if None in route.doors.values()]
    assert missing == [], "put @needs, @posted, @signed_in or @public (umeed.core.doors) on these views"


def test_what_is_open_is_decided_here() -> None:
    by_kind = {kind: {route.name for route in OURS if any(d and d.kind == kind for d in route.doors.values())}
               for kind in ("public", "signed_in", "phone")}  # fmt: skip
    assert by_kind == {"public": PUBLIC, "signed_in": SIGNED_IN, "phone": PHONES}
    assert {route.name for route in ROUTES if route.is_allauth} == set(ALLAUTH)


def test_capabilities_asked_for_exist() -> None:
    asked = {key for route in OURS for door in route.doors.values() for key in (door.capabilities if door else ())}
    assert asked <= set(CAPABILITIES)
    assert all(asked & role.capabilities for role in ROLES.values())


def test_an_address_with_an_id_says_whose(scene) -> None:
    known = routes.samples(scene)
    silent = [
        f"{route.name} {route.path}"
        for route in OURS
        if route.door.kind in ("needs", "posted") and set(route.parts) - set(FILL) and route not in WITH_RECORD
    ]
    assert silent == [], "say needs(…, of='table')"
    unknown = {route.door.of for route in WITH_RECORD if route.door.of and route.door.of not in known}
    assert unknown == set(), "give these tables a line in tests/architecture/routes.py: samples()"


# Who gets in ----------------------------------------------------------------------------------------------------------


def test_a_visitor_sees_what_is_public_and_is_sent_to_sign_in_elsewhere(scene, client_of) -> None:
    client, wrong = client_of(""), []
    for route in OURS:
        for ask in (client.get, client.post):
            answer = ask(_url(route))
            right = _opens(answer) if route.door.kind == "public" else _sent_away(answer) or answer.status_code == 405
            if not right:
                wrong.append((route.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_address(scene, client_of, role) -> None:
    """With the capability a page opens, without it does not exist; a record only in reach; nothing is written else."""
    known = routes.samples(scene)
    client, scope = client_of(role), scene.scope(role)
    wrong = [
        *_wrong_without_record(client, scope),
        *_wrong_with_record(client, scope, known),
        *_written_from_outside(client, scope, known),
    ]
    assert wrong == []


def _wrong_without_record(client, scope):
    for route in NO_RECORD:
        answer, door = client.get(_url(route)), route.door
        if door.kind in ("public", "signed_in"):
            right = _opens(answer) or not scope.grants
        elif door.kind == "phone":
            right = answer.status_code == 401
        elif not scope.grants:
            right = _told_whom_to_ask(answer)
        elif door.kind == "posted" or _holds(scope, door):
            right = _opens(answer) or route.name in STRICTER
        else:
            right = answer.status_code == 404
        # A page that is only sent to answers 405 to reading, whoever asks.
        if not right and answer.status_code != 405:
            yield route.name, answer.status_code


def _wrong_with_record(client, scope, known):
    for route in WITH_RECORD:
        sample = _sample(known, route)
        for where, pk in (("inside", sample.inside), ("outside", sample.outside)):
            answer = client.get(_url(route, pk))
            with as_system():
                seen = _holds(scope, route.door) and sample.seen(scope, pk)
            if not scope.grants:
                right = _told_whom_to_ask(answer)
            elif seen:
                right = _opens(answer) or (route.name in STRICTER and answer.status_code == 404)
            else:
                right = answer.status_code == 404 or route.name in WIDER
            if not right and answer.status_code != 405:
                yield route.name, where, answer.status_code


def _written_from_outside(client, scope, known):
    """Sending to a page that one may not use, or to a record out of reach, is answered 404 and leaves no trace."""
    before = AuditEntry.objects.count()
    for route in OURS:
        door = route.doors.get("POST", route.doors.get("")) or route.door
        sample = _sample(known, route) if route in WITH_RECORD else None
        pk = sample.outside if sample else None
        with as_system():
            may = _holds(scope, door) and (sample is None or sample.seen(scope, pk))
        if door.kind != "needs" or may:
            continue
        answer = client.post(_url(route, pk) if pk else _url(route))
        # The API reads the body before it comes to the door, and says first what is wrong with it.
        right = (400, 404, 405, 422) if route.path.startswith("api/") else (404, 405)
        if answer.status_code not in right and not _told_whom_to_ask(answer):
            yield "POST", route.name, answer.status_code
    if AuditEntry.objects.count() != before:
        yield "POST", "something was written", AuditEntry.objects.latest("seq").did


def test_an_id_that_never_was_is_answered_like_one_outside(scene, client_of) -> None:
    client = client_of("ut_officer")
    told = {route.name: client.get(_url(route)).status_code for route in WITH_RECORD}
    assert {name: status for name, status in told.items() if status not in (404, 405)} == {}


def test_allauth_pages_break_for_nobody(scene, client_of) -> None:
    values = {"key": "x", "uidb36": "1", "pk": 1, "provider_id": "sso"}
    for client in (client_of(""), client_of("block_officer"), client_of("nobody")):
        for route in ROUTES:
            if route.is_allauth and not re.search(r"[\\^$(]", route.path):
                assert client.get(route.filled(values)).status_code < 500, route.path
