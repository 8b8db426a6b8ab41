"""Single sign-on, as the environment configures it: it opens accounts of known people and makes none."""

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import Client, RequestFactory

from umeed.access import actions
from umeed.access.models import User
from umeed.core.models import AuditEntry
from umeed.core.scope import system


@pytest.fixture
def provider(settings):
    """What config/settings.py makes of UMEED_OIDC_…"""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso", "name": "Mission sign-on", "client_id": "umeed", "secret": "x",
                    "settings": {"server_url": "https://sso.example.in", "email_authentication": True},
                }
            ],
        }
    }  # fmt: skip


def _arrive(email, *, verified):
    """Somebody comes back from the provider."""
    request = RequestFactory().get("/accounts/oidc/sso/login/callback/")
    SessionMiddleware(lambda _: None).process_request(request)
    MessageMiddleware(lambda _: None).process_request(request)
    request.user = AnonymousUser()
    with context.request_context(request):
        app = get_adapter().get_app(request, provider="sso")
        login = SocialLogin(
            user=User(email=email), account=SocialAccount(provider="sso", uid=email),
            email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
            provider=app.get_provider(request),
        )  # fmt: skip
        answer = complete_social_login(request, login)
    return request, answer


def test_the_button_is_there_when_it_is_configured(db, provider) -> None:
    assert "Mission sign-on" in Client().get("/accounts/login/").content.decode()


@pytest.mark.parametrize("configured", [True, False])
def test_its_tab_is_there_only_when_it_is_configured(scene, settings, client, request, configured) -> None:
    settings.SECOND_FACTOR = "none"
    if configured:
        request.getfixturevalue("provider")
    client.force_login(User.objects.filter(is_active=True).first())
    page = client.get("/accounts/sessions/").content.decode()
    assert "Devices" in page and ("Single sign-on" in page) is configured


def test_another_door_to_an_account_is_opened_only_after_the_password(scene, provider, settings, client) -> None:
    settings.SECOND_FACTOR = "none"
    person = User.objects.filter(is_active=True).first()
    User.objects.filter(pk=person.pk).update(password=make_password("a long walk to school"))
    client.force_login(User.objects.get(pk=person.pk))
    answer = client.post("/accounts/oidc/sso/login/?process=connect")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/accounts/reauthenticate/")


def test_a_person_whom_an_officer_has_entered_comes_in(scene, provider) -> None:
    by = system(scene.scope("nobody").today)
    person, _link = actions.invite_person(
        by=by, username="sso.person", name="Known", email="known@example.in", role="auditor", since=by.today, why="x",
        place_id=scene.state.pk,
    )  # fmt: skip
    request, _answer = _arrive("known@example.in", verified=True)
    assert request.user == person
    assert "sign_in" in AuditEntry.objects.order_by("-seq").values_list("did", flat=True)[:3]


@pytest.mark.parametrize(("email", "verified"), [("stranger@example.in", True), ("known@example.in", False)])
def test_strangers_and_unverified_addresses_stay_outside(scene, provider, email, verified) -> None:
    auditor = scene.people["auditor"]
    actions.change_person(by=system(scene.scope("nobody").today), person=auditor, email="known@example.in")
    before = User.objects.count()
    request, answer = _arrive(email, verified=verified)
    assert not request.user.is_authenticated
    assert User.objects.count() == before
    assert "Ask the MIS officer of your mission" in answer.content.decode()


WAY = "/accounts/oidc/sso/login/?process=login"


def test_the_way_to_the_provider_is_a_page_since_forms_may_not_lead_there(db, provider, monkeypatch) -> None:
    """A browser holds a form's redirects to `form-action 'self'`: an answer of 302 would end there."""
    told = {"authorization_endpoint": "https://login.example.in/auth", "token_endpoint": "https://login.example.in/t"}
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", told)
    client = Client()
    assert f'method="post" action="{WAY}' in client.get("/accounts/login/").content.decode()
    answer = client.post(WAY)
    assert answer.status_code == 200 and "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert 'http-equiv="refresh" content="0;url=https://login.example.in/auth?' in answer.content.decode()


def test_a_provider_that_is_down_leaves_a_plain_page(db, provider, settings) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = Client().post(WAY)
    page = answer.content.decode()
    assert answer.status_code == 503 and "Single sign-on does not work just now" in page
    assert "127.0.0.1" not in page and 'href="/accounts/login/"' in page
