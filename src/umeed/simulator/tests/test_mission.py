"""A small invented mission on a real database: whole, repeatable, with its planted errors and sign-ins."""

import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from umeed.access.models import User
from umeed.core.scope import Scope
from umeed.institutions.models import Institution, Membership, Woman
from umeed.places import closure
from umeed.places.models import Lying, Place, Within
from umeed.profiles.keeping import first_difference, recount, settle
from umeed.profiles.models import Stale
from umeed.profiles.queries import ranking, rankings, record_counts, standing
from umeed.simulator import mission, sign_ins, sizes
from umeed.simulator.sizes import Size

TINY = Size("tiny", 12, 2, 1, 1, panchayats_a_block=2, villages_a_block=3)


@pytest.fixture
def invented(db: None, by: Scope, monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> mission.Made:
    monkeypatch.setitem(sizes.SIZES, "tiny", TINY)
    monkeypatch.setitem(sizes.SIZES, "village", TINY)
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return mission.invent("tiny", by=by, told=lambda _percent, _words: None)


def test_what_is_told_is_what_is_there(invented: mission.Made) -> None:
    assert Woman.objects.count() == invented.women
    assert Institution.objects.filter(kind="shg").count() == invented.groups
    assert Membership.objects.count() == invented.women
    assert not Woman.objects.filter(place__kind="district").exists()


def test_kept_profile_counts_equal_a_recount_after_any_write(
    invented: mission.Made, by: Scope, today: datetime.date
) -> None:
    assert settle(today) == 0, "the load has counted all it wrote"
    assert first_difference(today) == ""
    Woman.objects.filter(pk=Woman.objects.order_by("pk").first().pk).update(phone="", nominee_name="Changed")
    assert Stale.objects.exists(), "a write past every action still marks the village"
    assert first_difference(today) == ""
    recount(today)
    assert first_difference(today) == ""


def test_no_guard_is_missing_after_the_load(invented: mission.Made) -> None:
    """What the load lays aside is put back: constraints, indexes, row security, triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE contype = 'f'), count(*) FILTER (WHERE contype = 'x') FROM pg_constraint"
            " WHERE conrelid = 'institutions_membership'::regclass"
        )
        assert cursor.fetchone() >= (2, 2)
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'institutions_woman'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("umeed_app",)


def test_ranking_holds_every_district_with_groups(invented: mission.Made, by: Scope) -> None:
    placed, _earlier = ranking(by, kind="woman", level="district", missions=["jk"])
    assert len(placed) == 20
    assert [item.rank for item in placed] == sorted(item.rank for item in placed)
    state = Institution.objects.first().place.mission.places.get(kind="state", lgd_code=1)
    assert standing(by, place_id=state.pk, kind="woman").records == sum(item.unit.records for item in placed)


def test_everybody_can_sign_in_and_sees_her_day(invented: mission.Made, by: Scope, settings: object) -> None:
    settings.MODE = "demonstration"  # type: ignore[attr-defined]
    sign_ins.make(by=by)
    assert User.objects.count() == len(sign_ins.PEOPLE)
    client = Client()
    assert client.login(username="block", password=sign_ins.password())
    page = client.get("/")
    assert page.status_code == 200
    assert "Achabal" in page.content.decode()


def test_the_password_is_not_made_in_production(settings: object) -> None:
    settings.MODE = "production"  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError):
        sign_ins.password()


def test_a_change_of_the_tree_moves_the_kept_sums(invented: mission.Made, by: Scope, today: datetime.date) -> None:
    """A group's village moves to another block: both blocks' sums follow, and equal a recount."""
    village = Institution.objects.filter(kind="shg", place__mission="jk").order_by("place_id").first().place
    blocks = Within.objects.on(today).filter(below=village, above__kind="block")
    old = blocks.get().above
    new = Place.objects.filter(kind="block", mission="jk").exclude(pk=old.pk).order_by("pk").first()
    held = record_counts(by, place_id=old.pk)["shg"]
    Lying.objects.filter(place=village, line="development").update(parent=new)
    closure.refresh([village.pk])
    assert settle(today) == 0 and first_difference(today) == ""
    assert record_counts(by, place_id=old.pk).get("shg", 0) < held


def test_ranks_are_of_all_kinds_and_levels_at_once(
    invented: mission.Made, by: Scope, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        found, _on = rankings(by, kinds=["woman", "shg", "vo", "clf"], levels=["district", "block"], missions=["jk"])
    assert found["woman", "block"] == ranking(by, kind="woman", level="block", missions=["jk"])[0] != []
    units = found["shg", "district"]
    assert (
        sum(item.unit.records for item in units) == Institution.objects.filter(kind="shg", place__mission="jk").count()
    )
