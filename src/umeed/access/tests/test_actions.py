"""Inviting, posting, ending and switching off, on the real database."""

import datetime

import pytest
from tests.architecture.scene import person, post

from umeed.access import actions, invitations
from umeed.access.models import Posting, User
from umeed.access.scope import scope_of
from umeed.core.actions import Refused
from umeed.core.models import AuditEntry
from umeed.core.scope import system
from umeed.core.viewer import as_viewer


def _codes(refused):
    return {reason.code for reason in refused.value.refusals}


def _invite(scene, by_role, role, **values):
    by = scene.scope(by_role)
    given = {"username": "new.person", "name": "New Person", "since": by.today, "why": "Order 7", **values}
    with as_viewer(by.viewer):
        return actions.invite_person(by=by, role=role, **given)


def test_a_block_officer_invites_a_resource_person_who_sets_her_password_once(scene) -> None:
    user, link = _invite(scene, "block_officer", "resource_person", place_id=scene.here.villages[0].pk)
    assert not user.has_usable_password()
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert invitations.person_of(token) == user
    actions.accept_invitation(person=user, password="plough-apricot-jhelum", by=scope_of(user))
    assert invitations.person_of(token) is None
    entry = AuditEntry.objects.filter(did="invite_person").latest("seq")
    assert (entry.place_id, entry.why, entry.actor) == (
        scene.here.villages[0].pk, "Order 7", str(scene.people["block_officer"].pk)
    )  # fmt: skip
    kept = [change.after for change in entry.changes.all()]
    assert "password" not in kept[0] and "plough" not in str(kept)


def test_a_newer_link_ends_the_older_ones(scene) -> None:
    user, first = _invite(scene, "block_officer", "resource_person", place_id=scene.here.villages[0].pk)
    by = scene.scope("block_officer")
    links = [first]
    with as_viewer(by.viewer):
        for why in ("The first went astray", "So did the second"):
            links.append(actions.give_link(by=by, person=User.objects.get(pk=user.pk), why=why))
    tokens = [link.rstrip("/").rsplit("/", 1)[1] for link in links]
    assert len(set(tokens)) == 3
    assert [invitations.person_of(token) for token in tokens] == [None, None, user]
    entry = AuditEntry.objects.filter(did="give_sign_in_link").latest("seq")
    assert entry.why == "So did the second" and "links_given" not in str(list(entry.changes.values()))


def test_she_does_not_reach_into_another_block(scene) -> None:
    with pytest.raises(Refused) as refused:
        _invite(scene, "block_officer", "resource_person", place_id=scene.there.villages[0].pk)
    assert _codes(refused) == {"not_hers_to_give"}
    assert not User.objects.filter(username="new.person").exists()


def test_a_bookkeeper_is_posted_at_a_group_of_the_block(scene) -> None:
    user, _link = _invite(scene, "block_officer", "group_bookkeeper", institution_id=scene.here.groups[1].pk)
    assert user.postings.get().institution_id == scene.here.groups[1].pk
    with pytest.raises(Refused) as refused:
        _invite(scene, "block_officer", "group_bookkeeper", username="b", institution_id=scene.there.groups[1].pk)
    assert _codes(refused) & {"not_hers_to_give", "wrong_kind"}


def test_all_reasons_at_once(scene) -> None:
    with pytest.raises(Refused) as refused:
        _invite(scene, "block_officer", "auditor", username="block_officer", name=" ", why="")
    assert _codes(refused) == {"name_missing", "username_taken", "needs_a_place", "not_hers_to_give", "why_missing"}


def test_nobody_posts_herself_and_nothing_overlaps(scene) -> None:
    by = scene.scope("ut_officer")
    with pytest.raises(Refused) as refused:
        actions.post_person(by=by, user=scene.people["ut_officer"], role="auditor", since=by.today, why="x",
                            place_id=scene.state.pk)  # fmt: skip
    assert _codes(refused) == {"herself"}
    with pytest.raises(Refused) as refused:
        actions.post_person(by=by, user=scene.people["auditor"], role="auditor", since=by.today, why="x",
                            place_id=scene.here.district.pk)  # fmt: skip
    assert _codes(refused) == {"held_already"}


def test_a_posting_ends_today_or_later_and_one_not_begun_is_taken_back(scene) -> None:
    by = scene.scope("ut_officer")
    held = scene.people["auditor"].postings.get()
    with pytest.raises(Refused) as refused:
        actions.end_posting(by=by, posting=held, end=by.today - datetime.timedelta(days=1), why="x")
    assert _codes(refused) == {"ends_in_the_past"}
    actions.end_posting(by=by, posting=held, end=by.today, why="Left")
    assert not scope_of(scene.people["auditor"]).grants
    coming = actions.post_person(by=by, user=scene.people["auditor"], role="auditor", why="x",
                                 since=by.today + datetime.timedelta(days=9), place_id=scene.state.pk)  # fmt: skip
    actions.end_posting(by=by, posting=coming, end=by.today, why="Mistake")
    assert not Posting.objects.filter(pk=coming.pk).exists()


def test_an_officer_changes_only_accounts_she_answers_for(scene) -> None:
    by = scene.scope("block_officer")
    with as_viewer(by.viewer):
        assert actions.switch_off_person(by=by, person=scene.people["partner"], why="Left").is_active is False
        for role in ("district_officer", "ut_officer", "auditor", "site_administrator"):
            with pytest.raises(Refused) as refused:
                actions.give_link(by=by, person=scene.people[role], why="x")
            assert _codes(refused) == {"not_hers_to_change"}, role
    with pytest.raises(Refused):
        actions.change_person(by=by, person=scene.people["ut_officer"], name="Somebody else")
    assert scope_of(scene.people["partner"]).viewer == ""


def test_a_coming_office_counts_when_answering(scene) -> None:
    someone = person("future")
    post(someone, "resource_person", place_id=scene.here.villages[0].pk)
    by = scene.scope("block_officer")
    post(someone, "ut_officer", first=by.today + datetime.timedelta(days=30), place_id=scene.state.pk)
    with pytest.raises(Refused):
        actions.give_link(by=by, person=someone, why="x")


def test_the_last_site_administrator_stays(scene) -> None:
    only = scene.people["site_administrator"]
    for do in (
        lambda: actions.switch_off_person(by=system(scene.scope("nobody").today), person=only, why="x"),
        lambda: actions.end_posting(
            by=system(scene.scope("nobody").today),
            posting=only.postings.get(),
            end=scene.scope("nobody").today,
            why="x",
        ),
    ):
        with pytest.raises(Refused) as refused:
            do()
        assert _codes(refused) == {"last_site_administrator"}


def test_scope_knows_expired_future_and_switched_off(scene, django_assert_num_queries) -> None:
    today = scene.scope("nobody").today
    someone = person("dated")
    one = datetime.timedelta(days=1)
    post(someone, "auditor", end=today, place_id=scene.state.pk)
    post(someone, "partner", first=today + one, place_id=scene.here.block.pk)
    post(someone, "accounts", end=today + one, place_id=scene.here.block.pk)
    with django_assert_num_queries(1):
        grants = scope_of(someone).grants
    assert [(grant.role, grant.until) for grant in grants] == [("accounts", today + one)]
    someone.is_active = False
    assert scope_of(someone).grants == ()
