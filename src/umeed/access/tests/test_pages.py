"""Pages of people, of oneself, and of sight, as a browser without JavaScript uses them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from umeed.access import invitations
from umeed.access.models import User
from umeed.core.audit import audited
from umeed.core.models import AuditEntry
from umeed.places.queries import lines_of

PASSWORD = "plough-apricot-jhelum-maina"


@pytest.fixture
def client_of(scene):
    def signed_in(role):
        client = Client()
        client.force_login(scene.people[role])
        return client

    return signed_in


def test_inviting_step_by_step(scene, client_of) -> None:
    client = client_of("block_officer")
    page = client.get(reverse("access:invite")).content.decode()
    assert "Community resource person" in page and "UT officer" not in page
    page = client.get(reverse("access:invite"), {"role": "resource_person", "q": "village"}).content.decode()
    assert "Here village 1" in page and "There" not in page
    seat = {"role": "resource_person", "place": scene.here.villages[0].pk}
    page = client.get(reverse("access:invite"), seat).content.decode()
    assert "User name" in page and "Here village 1" in page
    today = scene.scope("nobody").today.strftime("%d-%m-%Y")
    given = {**seat, "name": "Mehbooba", "username": "mehbooba", "since": today, "why": "Order 9"}
    answer = client.post(reverse("access:invite"), given, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    someone = User.objects.get(username="mehbooba")
    link = re.search(r"http://testserver(/invitation/[^<\"]+)", answer.content.decode())[1]
    again = client.get(reverse("access:person", args=[someone.pk])).content.decode()
    assert "/invitation/" not in again

    visitor = Client()
    assert "Welcome, Mehbooba" in visitor.get(link).content.decode()
    answer = visitor.post(link, {"password": "mehbooba1", "again": "x"})
    assert "This could not be saved" in answer.content.decode() and "differ" not in answer.content.decode()
    assert visitor.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert visitor.get(link).status_code == 410
    signed = visitor.post(reverse("account_login"), {"login": "mehbooba", "password": PASSWORD})
    assert signed.status_code == 302
    assert AuditEntry.objects.latest("seq").did == "sign_in"
    assert "Community resource person, Here village 1" in visitor.get(reverse("access:me")).content.decode()


def test_inviting_tells_all_reasons_at_once(scene, client_of) -> None:
    seat = {"role": "resource_person", "place": scene.here.villages[0].pk, "name": "Mehbooba", "username": "auditor"}
    given = {**seat, "since": "01-01-2020", "until": "31-02-2020", "why": ""}
    form = client_of("block_officer").post(reverse("access:invite"), given).context["form"]
    assert set(form.errors) == {"username", "since", "until", "why"}


def test_a_seat_outside_is_not_offered_by_its_number(scene, client_of) -> None:
    answer = client_of("block_officer").get(
        reverse("access:invite"), {"role": "resource_person", "place": scene.there.villages[0].pk}
    )
    assert "Community resource person: where?" in answer.content.decode()


def test_refusals_stand_on_the_form(scene, client_of) -> None:
    seat = {"role": "resource_person", "place": scene.here.villages[0].pk}
    answer = client_of("block_officer").post(
        reverse("access:invite"), {**seat, "name": "X", "username": "auditor", "since": "01-01-2020", "why": "y"}
    )
    page = answer.content.decode()
    assert "is taken" in page and "begins today or later" in page


def test_posting_and_ending(scene, client_of) -> None:
    client = client_of("ut_officer")
    someone = scene.people["partner"]
    today = scene.scope("nobody").today.strftime("%d-%m-%Y")
    seat = {"role": "auditor", "place": scene.here.district.pk}
    answer = client.post(reverse("access:post", args=[someone.pk]), {**seat, "since": today, "why": "Order"})
    assert answer.status_code == 302, answer.content.decode()
    posting = someone.postings.get(role="auditor")
    assert "End this posting" in client.get(reverse("access:person", args=[someone.pk])).content.decode()
    assert client.post(reverse("access:end", args=[posting.pk]), {"end": "", "why": "Mistake"}).status_code == 302
    assert not someone.postings.filter(role="auditor").exists()


def test_ending_what_began_today_leads_to_a_page_that_is_there(scene, client_of) -> None:
    client = client_of("block_officer")
    today = scene.scope("nobody").today.strftime("%d-%m-%Y")
    seat = {"role": "resource_person", "place": scene.here.villages[0].pk}
    given = {**seat, "name": "Mehnaz", "username": "mehnaz", "since": today, "why": "Order"}
    client.post(reverse("access:invite"), given)
    posting = User.objects.get(username="mehnaz").postings.get()
    answer = client.post(reverse("access:end", args=[posting.pk]), {"end": "", "why": "Mistake"}, follow=True)
    assert answer.redirect_chain == [(reverse("access:people"), 302)], "nothing of hers is left in the officer's reach"
    assert answer.status_code == 200 and "The posting is ended." in answer.content.decode()


def test_seats_of_one_name_are_told_apart(scene, client_of) -> None:
    client = client_of("block_officer")
    village = scene.here.villages[0]
    way = lines_of([village.pk], scene.scope("nobody").today)[village.pk]
    assert "Here block" in way
    found = client.get(reverse("access:invite"), {"role": "resource_person", "q": village.name}).content.decode()
    assert f"<bdi>{way}</bdi>" in found
    form = client.get(reverse("access:invite"), {"role": "resource_person", "place": village.pk}).content.decode()
    assert f"<bdi>{way}</bdi>" in form, "and once more above the form"
    group = {"role": "group_bookkeeper", "q": "here"}
    assert "Here block › " in client.get(reverse("access:invite"), group).content.decode()


def test_a_password_like_the_user_name_is_refused_in_the_readers_words(scene) -> None:
    person = scene.people["partner"]
    person.username = "zareefabano"
    person.set_unusable_password()
    with audited(by=scene.scope("ut_officer"), did="change_person"):
        person.save()
    given = {"password": "zareefabano1", "again": "zareefabano1"}
    page = Client().post(invitations.link_for(person), given, headers={"accept-language": "ur"}).content.decode()
    beside = page[page.index('id="id_password_error"') :]
    assert "یوزر نام" in beside and "username" not in beside


def test_switching_off_signs_out(scene, client_of) -> None:
    partner, officer = client_of("partner"), client_of("block_officer")
    assert partner.get(reverse("access:me")).status_code == 200
    url = reverse("access:account", args=[scene.people["partner"].pk, "switch-off"])
    assert "Why" in officer.get(url).content.decode()
    assert officer.post(url, {"why": "Left the organisation"}).status_code == 302
    assert partner.get(reverse("access:me")).status_code == 302
    url = reverse("access:account", args=[scene.people["ut_officer"].pk, "link"])
    assert officer.get(url).status_code == 404


def test_a_switched_off_account_gets_no_link_and_is_told_whom_to_ask(scene, client_of) -> None:
    officer, partner = client_of("block_officer"), scene.people["partner"]
    partner.set_password(PASSWORD)
    with audited(by=scene.scope("ut_officer"), did="change_person"):
        partner.save()
    off, link = (reverse("access:account", args=[partner.pk, act]) for act in ("switch-off", "link"))
    assert link in officer.get(reverse("access:person", args=[partner.pk])).content.decode()
    officer.post(off, {"why": "Left"})
    assert link not in officer.get(reverse("access:person", args=[partner.pk])).content.decode()
    assert "Switch it on first" in officer.post(link, {"why": "Lost"}).content.decode()
    typed = {"login": partner.username, "password": PASSWORD}
    told = Client().post(reverse("account_login"), typed, follow=True).content.decode()
    assert "Your account is switched off" in told and "officer of your block or district" in told


def test_a_wrong_password_is_not_something_unsaved(scene) -> None:
    answer = Client().post(reverse("account_login"), {"login": "partner", "password": "wrong"}).content.decode()
    assert "You are not signed in" in answer and "could not be saved" not in answer


def test_who_can_see_is_for_those_who_can(scene, client_of) -> None:
    url = reverse("access:who_can_see", args=["institutions_woman", scene.here.women[0].pk])
    page = client_of("partner").get(url).content.decode()
    assert "Block officer at Here block, in which Here village 1 lies" in page
    assert client_of("site_administrator").get(url).status_code == 404
    assert client_of("bank_branch").get(url).status_code == 404
    place = reverse("access:who_can_see", args=["places_place", scene.here.villages[0].pk])
    assert "Bank branch" in client_of("bank_branch").get(place).content.decode()


def test_without_a_posting_one_is_told_whom_to_ask(scene, client_of) -> None:
    client = client_of("nobody")
    answer = client.get(reverse("access:people"))
    assert answer.status_code == 302 and answer.url == reverse("access:no_posting")
    page = client.get(answer.url).content.decode()
    assert "District officer, Here district" in page
    assert "@" not in re.sub(r"<[^>]+>", "", page)
    assert client_of("auditor").get(reverse("access:no_posting")).status_code == 302


def test_language_and_theme_are_kept_for_people_and_visitors(scene, client_of) -> None:
    client = client_of("auditor")
    client.post(reverse("access:theme"), {"theme": "dark", "next": "/me/"})
    client.post(reverse("access:language"), {"language": "ur", "next": "/me/"})
    scene.people["auditor"].refresh_from_db()
    assert (scene.people["auditor"].theme, scene.people["auditor"].language) == ("dark", "ur")
    assert 'dir="rtl"' in client.get(reverse("access:me")).content.decode()
    visitor = Client()
    visitor.post(reverse("set_language"), {"language": "hi", "next": "/"})
    assert 'lang="hi"' in visitor.get(reverse("account_login")).content.decode()
    before = AuditEntry.objects.count()
    client.post(reverse("access:theme"), {"theme": "pink"})
    assert AuditEntry.objects.count() == before


def test_my_page_covers_my_phone(scene, client_of) -> None:
    client = client_of("auditor")
    given = {"name": "Auditor", "phone": "9419012345", "language": "", "theme": "auto"}
    assert client.post(reverse("access:me"), given).status_code == 302
    page = client.get(reverse("access:me")).content.decode()
    assert "9419012345" not in page and "2345" in page
    scene.people["auditor"].refresh_from_db()
    assert scene.people["auditor"].phone == "9419012345"


def test_a_made_up_link_tells_nothing(db) -> None:
    assert invitations.person_of("made.up:link") is None
    assert Client().get(reverse("access:invitation", args=["x"])).status_code == 410
