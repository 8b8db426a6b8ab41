"""Instead of a page: what is the matter, and a way on that fits who asks."""

import pytest
from django.test import Client
from django.urls import reverse

from umeed.access.models import User

TODAY = 'class="button" href="/"'


@pytest.fixture
def client_of_somebody(db, settings) -> Client:
    settings.SECOND_FACTOR = "none"
    client = Client()
    client.force_login(User.objects.create_user("somebody"))
    return client


def _answers(client: Client) -> list[str]:
    """The page of an address that is not there, and the page of a form without its protection."""
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = client.cookies
    answers = [client.get("/no-such-page/"), guarded.post(reverse("set_language"), {"language": "en"})]
    assert [answer.status_code for answer in answers] == [404, 403]
    return [answer.content.decode() for answer in answers]


def test_a_visitor_is_offered_to_sign_in(db) -> None:
    sign_in = f'class="button" href="{reverse("account_login")}"'
    for page in _answers(Client()):
        assert sign_in in page and TODAY not in page


def test_somebody_signed_in_is_offered_todays_work(client_of_somebody) -> None:
    for page in _answers(client_of_somebody):
        assert TODAY in page
