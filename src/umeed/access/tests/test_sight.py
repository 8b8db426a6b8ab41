"""Who can see a record, and why; whom an officer finds in the list of people."""

import datetime

from tests.architecture.scene import post

from umeed.access import queries, records, sight
from umeed.access.models import Posting
from umeed.core.audit import audited
from umeed.core.scope import system
from umeed.core.viewer import as_viewer


def _seers(scene, by_role, woman):
    by = scene.scope(by_role)
    with as_viewer(by.viewer):
        offer = records.offered("institutions_woman")
        lies = offer.resolver(by, str(woman.pk))
        return lies and sight.who_can_see(by, capability=offer.capability, place_id=lies.place_id,
                                          institution_ids=lies.institution_ids, sensitive=offer.sensitive)  # fmt: skip


def test_everybody_who_sees_a_woman_is_named_with_the_reason(scene) -> None:
    seers = {seer.role: seer for seer in _seers(scene, "block_officer", scene.here.women[0])}
    assert set(seers) == {
        "group_bookkeeper", "vo_bookkeeper", "clf_bookkeeper", "resource_person", "block_officer", "district_officer",
        "ut_officer", "mis_officer", "accounts", "partner", "auditor",
    }  # fmt: skip
    assert seers["block_officer"].why == "Block officer at Here block, in which Here village 1 lies"
    assert seers["vo_bookkeeper"].why == "VO bookkeeper of Here VO, to which this record belongs"
    assert "See phone numbers" in seers["block_officer"].also_sees
    assert seers["partner"].also_sees == ()
    assert seers["auditor"].also_sees == ()


def test_it_says_the_same_as_the_scope(scene) -> None:
    """Whoever is named can see her, and whoever is not named cannot."""
    from umeed.institutions.models import Woman

    for woman in (scene.here.women[0], scene.here.women[2], scene.there.women[0]):
        named = {seer.user_id for seer in _seers(scene, "ut_officer", woman) if not seer.ended}
        for role, someone in scene.people.items():
            scope = scene.scope(role)
            with as_viewer(scope.viewer):
                sees = Woman.objects.seen_by(scope, "women.see").filter(pk=woman.pk).exists()
            assert (someone.pk in named) == sees, (role, woman)


def test_a_record_outside_is_nothing(scene) -> None:
    assert _seers(scene, "block_officer", scene.there.women[0]) is None
    assert _seers(scene, "site_administrator", scene.here.women[0]) is None
    assert records.offered("institutions_woman").resolver(scene.scope("block_officer"), "not-an-id") is None


def test_who_saw_it_until_lately_is_told(scene) -> None:
    today = scene.scope("nobody").today
    for days, role in ((30, "block_officer"), (200, "district_officer")):
        held = Posting.objects.get(user=scene.people[role])
        with audited(by=system(today), did="test"):
            held.during = (held.during.lower, today - datetime.timedelta(days=days))
            held.save()
    seers = {seer.role: seer for seer in _seers(scene, "ut_officer", scene.here.women[0])}
    assert seers["block_officer"].ended
    assert seers["block_officer"].last_day == today - datetime.timedelta(days=31)
    assert "district_officer" not in seers


def test_an_officer_finds_the_people_of_her_own_place(scene, django_assert_max_num_queries) -> None:
    by = scene.scope("block_officer")
    with as_viewer(by.viewer), django_assert_max_num_queries(8):
        rows, total = queries.people(by)
    found = {row.username for row in rows}
    assert {"block_officer", "partner", "resource_person", "group_bookkeeper", "clf_bookkeeper"} <= found
    assert not found & {"district_officer", "ut_officer", "site_administrator", "nobody"}
    assert total == len(rows)
    rows, total = queries.people(scene.scope("site_administrator"), q="NOBO")
    assert [(row.username, row.state) for row in rows] == [("nobody", "invited")]


def test_which_postings_she_may_end(scene) -> None:
    by = scene.scope("block_officer")
    with as_viewer(by.viewer):
        rows, _total = queries.people(by)
    may_end = {row.username: row.postings[0].may_end for row in rows}
    assert may_end["partner"] and may_end["group_bookkeeper"] and may_end["resource_person"]
    assert not may_end["block_officer"]


def test_whom_to_ask_tells_offices_and_no_names(scene) -> None:
    assert queries.whom_to_ask(scene.scope("nobody").today) == [
        ("District officer", "Here district"), ("MIS officer", "Test UT"), ("UT officer", "Test UT"),
    ]  # fmt: skip


def test_a_posting_of_the_past_keeps_her_in_the_list(scene) -> None:
    by = scene.scope("block_officer")
    someone = scene.people["nobody"]
    post(someone, "resource_person", end=by.today, place_id=scene.here.villages[1].pk)
    with as_viewer(by.viewer):
        rows, _total = queries.people(by, state="without")
    assert [row.username for row in rows] == ["nobody"]
