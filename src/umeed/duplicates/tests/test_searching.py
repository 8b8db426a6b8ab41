"""The search on a real database: what it reads, keeps, corrects, drops, and never offers again."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from umeed.core.models import AuditChange, AuditEntry
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.duplicates import jobs
from umeed.duplicates.actions import merge_women, settle_not_the_same, undo_merge
from umeed.duplicates.finding import records
from umeed.duplicates.finding.searching import search_across, search_district, search_places
from umeed.duplicates.models import Candidate, Search, State
from umeed.duplicates.tests.conftest import TODAY
from umeed.institutions.models import Woman

BY = system(TODAY, name="Search for duplicates")


@pytest.fixture
def twins(world):
    """The pair of `world`, with a birth in the same year and one phone, among women of other names."""
    names = iter(
        (
            "Asha Koul",
            "Bimla Raina",
            "Kaushalya Dutt",
            "Shanti Gupta",
            "Tsering Dolma",
            "Padma Lhamo",
            "Rinchen Yangdol",
            "Sakina Haji",
        )
    )
    for woman in (*world.scene.here.women, *world.scene.there.women):
        woman.name, woman.phone = next(names), ""
        world.save(woman)
    for woman in (world.first, world.second):
        woman.phone, woman.born_year = "9906543210", 1988
        world.save(woman)
    for number, name in enumerate(("Taja Dar", "Mehbooba Lone", "Zeba Mir", "Hajra Wani", "Posh Khan", "Raja Sofi")):
        world.woman(name, belonging_name=f"Wali {name.split()[1]}", born_year=1960 + 3 * number)
    return world


def pairs() -> list[Candidate]:
    with as_system():
        return list(Candidate.objects.order_by("-bits"))


def test_found_once_and_kept_without_any_value(twins, scene) -> None:
    found = search_district(scene.here.district, by=BY)
    assert (found.new, found.open, found.gone) == (1, 1, 0) and found.women >= 12
    (pair,) = pairs()
    assert {pair.low_id, pair.high_id} == {twins.first.pk, twins.second.pk}
    assert pair.signs["name"] == pair.signs["phone"] == "same" and pair.band in ("certain", "likely")
    entry = AuditEntry.objects.latest("seq")
    told = str(list(AuditChange.objects.filter(entry=entry).values_list("after", flat=True)))
    assert entry.did == "find_duplicates" and entry.place_id == scene.here.district.pk
    assert "aleema" not in told and "3210" not in told and "s1:" not in told
    again = search_district(scene.here.district, by=BY)
    assert (again.new, again.open, again.gone) == (0, 1, 0)
    assert Search.objects.filter(district=scene.here.district).count() == 2


def test_what_changes_is_scored_anew_and_what_falls_away_goes(twins, scene) -> None:
    search_district(scene.here.district, by=BY)
    (before,) = pairs()
    twins.second.phone = "9906543299"
    twins.save(twins.second)
    search_district(scene.here.district, by=BY)
    (after,) = pairs()
    assert after.pk == before.pk and after.bits < before.bits and after.signs["phone"] == "differs"
    with as_system():
        second = Woman.objects.get(pk=twins.second.pk)
    second.name, second.belonging_name, second.born_on, second.born_year = "Nusrat Mughal", "Sona Teli", None, 1961
    twins.save(second)
    found = search_district(scene.here.district, by=BY)
    assert found.gone == 1 and pairs() == []


def test_two_women_are_never_offered_again(twins, scene, acting) -> None:
    search_district(scene.here.district, by=BY)
    (pair,) = pairs()
    acting(settle_not_the_same, candidate=pair, why="Two sisters-in-law")
    found = search_district(scene.here.district, by=BY)
    assert (found.new, found.open, found.gone) == (0, 0, 0)
    assert [one.state for one in pairs()] == [State.NOT_THE_SAME]


def test_merged_records_are_not_searched_and_undone_ones_are(twins, scene, acting) -> None:
    search_district(scene.here.district, by=BY)
    merge = acting(merge_women, keep=twins.first, other=twins.second, why="Same")
    assert search_district(scene.here.district, by=BY).open == 0
    assert [one.state for one in pairs()] == [State.MERGED]
    acting(undo_merge, merge=merge, why="Two sisters")
    assert search_district(scene.here.district, by=BY).open == 1


def test_a_pair_across_districts(twins, scene) -> None:
    far = scene.there.women[0]
    far.name, far.phone, far.born_year = "Halima Begum", "9906543210", 1988
    far.belonging_name = "Ghulam Bhat"
    twins.save(far)
    assert search_district(scene.there.district, by=BY).open == 0
    found = search_across(by=BY)
    assert found.new == 2 and found.women == 3
    assert {far.pk} <= {pk for one in pairs() for pk in (one.low_id, one.high_id)}
    assert search_across(by=BY).gone == 0
    assert search_district(scene.here.district, by=BY).gone == 0


def test_a_number_that_many_share_says_nothing(world, scene) -> None:
    for number in range(14):
        world.woman(f"Woman{chr(97 + number)} Wani", phone="6000000000", born_year=1950 + 4 * number)
    with as_system():
        gathered = records.women_of(scene.here.district, TODAY)
    phones = gathered.table["phone"].to_pylist()
    assert len([phone for phone in phones if phone]) == 5, "four of the scene's women and the first of the pair"


def test_sealed_numbers_are_not_opened(twins, scene, monkeypatch) -> None:
    monkeypatch.setattr("umeed.core.fields.opened", lambda *_: pytest.fail("a seal was opened"))
    with as_system():
        gathered = records.women_of(scene.here.district, TODAY)
    assert "9906543210" not in str(gathered.table.to_pydict())
    assert {value for value in gathered.table["phone"].to_pylist() if value}


def test_the_second_door(twins, scene) -> None:
    """Row security: a pair is seen by those who see both women, whatever the query asks."""
    twins.pair()
    twins.pair(twins.first, scene.there.women[0])
    for role, count in (("block_officer", 1), ("ut_officer", 2), ("line_department", 0), ("site_administrator", 0)):
        with as_viewer(str(scene.people[role].pk)):
            assert Candidate.objects.count() == count, role
    with as_viewer(""):
        assert Candidate.objects.count() == 0


def test_only_changed_districts_at_night(twins, scene) -> None:
    first = search_places(None, by=BY, only_changed=True)
    assert [name for name, _found in first] == ["Here district", "There district", "Across districts"]
    assert search_places(None, by=BY, only_changed=True) == []
    later = datetime.datetime.now(datetime.UTC)
    twins.save(twins.second)
    assert later < datetime.datetime.now(datetime.UTC)
    assert next(name for name, _found in search_places(None, by=BY, only_changed=True)) == "Here district"


def test_the_command_takes_a_place_and_tells_how_far_it_is(twins, scene) -> None:
    said = io.StringIO()
    call_command("find_duplicates", "--place", str(scene.here.villages[0].pk), stdout=said, skip_checks=True)
    assert "PROGRESS 100 Ready" in said.getvalue() and "Here district" in said.getvalue()
    assert "There district" not in said.getvalue()
    for wrong in ("moon/1", "district/999999", "here"):
        with pytest.raises(CommandError):
            call_command("find_duplicates", "--place", wrong, skip_checks=True)


def test_the_jobs(twins, scene) -> None:
    jobs.find_duplicates_of(place_id=scene.here.block.pk)
    assert len(pairs()) == 1 and Search.objects.count() == 1
    jobs.find_duplicates_nightly(timestamp=0)
    assert Search.objects.filter(district=scene.here.district).count() == 1, "nothing has changed there since"
    assert Search.objects.count() == 3
