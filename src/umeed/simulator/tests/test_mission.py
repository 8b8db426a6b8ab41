"""A small invented mission on a real database: whole, repeatable, with its planted errors and sign-ins."""

import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from umeed.access.models import User
from umeed.core.scope import Scope
from umeed.institutions.models import Institution, Membership, Woman
from umeed.places import closure
from umeed.places.models import Lying, Place, Within
from umeed.places.tests.lgd_form import lgd_zip
from umeed.profiles import filling
from umeed.profiles.keeping import first_difference, recount, settle
from umeed.profiles.models import Stale
from umeed.profiles.queries import ranking, rankings, standing
from umeed.simulator import mission, real_places, sign_ins, sizes
from umeed.simulator.sizes import Size

TINY = Size("tiny", 12, 2, 1, 1, panchayats_a_block=2, villages_a_block=3)


@pytest.fixture
def tiny(db: None, monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setitem(sizes.SIZES, "tiny", TINY)
    monkeypatch.setitem(sizes.SIZES, "village", TINY)
    settings.DATA = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def invented(tiny: None, by: Scope) -> mission.Made:
    return mission.invent("tiny", by=by, told=lambda _percent, _words: None)


def test_what_is_told_is_what_is_there(invented: mission.Made) -> None:
    assert Woman.objects.count() == invented.women
    assert Institution.objects.filter(kind="shg").count() == invented.groups
    assert Membership.objects.count() == invented.women
    assert not Woman.objects.filter(place__kind="district").exists()


def test_a_block_was_split_in_the_middle_of_a_year(invented: mission.Made, today: datetime.date) -> None:
    """Its villages lay in the old block the day before and lie in the new one since; nothing is lost between them."""
    new = Place.objects.get(kind="block", is_invented=True)
    since = new.lyings.get().during.lower
    assert (since.month, since.day) == (10, 1) and since < today
    before, after = (Within.objects.on(day) for day in (since - datetime.timedelta(days=1), since))
    moved = set(after.filter(above=new, below__kind="village").values_list("below_id", flat=True))
    (old,) = Place.objects.filter(pk__in=before.filter(below__in=moved, above__kind="block").values("above_id"))
    stayed = set(after.filter(above=old, below__kind="village").values_list("below_id", flat=True))
    assert moved and stayed and not moved & stayed
    assert moved | stayed == set(before.filter(above=old, below__kind="village").values_list("below_id", flat=True))


def test_real_villages_of_an_lgd_download_are_used(tiny: None, by: Scope, tmp_path: Path) -> None:
    codes = range(3664, 3664 + 40)
    villages = [(1, "ANANTNAG", 55, "Anantnag", code, f"Village {code}", "Inhabitant", "", "") for code in codes]
    file = tmp_path / "downloadDir.zip"
    file.write_bytes(lgd_zip(districts=[(1, "ANANTNAG", "06", "014")], villages=villages))
    filed: list[int] = []
    mission.invent(
        "tiny", by=by, told=lambda _percent, _words: None,
        after_ground=lambda: filed.append(real_places.load_lgd(file, by=by)),
    )  # fmt: skip
    assert filed == [40]
    home = Place.objects.get(kind="block", lgd_code=sizes.HOME_BLOCK)
    inside = Within.objects.on(by.today).filter(above=home).values("below_id")
    groups = Institution.objects.filter(kind="shg", place__in=inside)
    assert groups.count() == TINY.home_block_groups
    assert {group.place.lgd_code in codes and not group.place.is_invented for group in groups} == {True}


def test_a_file_that_is_no_lgd_download_says_so(db: None, by: Scope, tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text("Group,Women\nNoor SHG,8\n")
    with pytest.raises(real_places.UnreadableDownload, match="LGD"):
        real_places.load_lgd(file, by=by)


def test_a_file_that_is_not_there_is_told_before_anything_is_written(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("load_demo", lgd=tmp_path / "nothing.zip")
    assert not Place.objects.exists()


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


@pytest.mark.parametrize("field", ["", "phone"])
def test_what_is_to_be_filled_comes_village_by_village_and_whole(invented: mission.Made, by: Scope, field: str) -> None:
    state = Place.objects.get(kind="state", mission="jk")
    wanted = {"place_id": state.pk, "kind": "woman", "field": field}
    everyone = set(filling.to_fill(by, **wanted).values_list("pk", flat=True))
    pages, number = [], 1
    while (page := filling.page_to_fill(by, page=number, size=7, **wanted))[0]:
        assert page[1] == len(everyone)
        pages += page[0]
        number += 1
    assert len(pages) == len(everyone) == len({woman.pk for woman in pages})
    assert everyone == {woman.pk for woman in pages}
    villages = [village for village, _women in groupby(pages, key=attrgetter("place_id"))]
    assert len(villages) == len(set(villages))


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
    at = {user: where for _role, where, user, _name in sign_ins.table()}
    assert at["block"] == "Achabal" and at["new"] == ""
    assert all(Institution.objects.filter(name=at[key].rpartition(", ")[0]).exists() for key in ("group", "vo", "clf"))
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
    held = standing(by, place_id=old.pk, kind="shg").records
    Lying.objects.filter(place=village, line="development").update(parent=new)
    closure.refresh([village.pk])
    assert settle(today) == 0 and first_difference(today) == ""
    assert standing(by, place_id=old.pk, kind="shg").records < held


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
