"""Lists: what is found by what is typed, and what filters narrow them to."""

import re

import pytest

from tests.architecture import scene as scenes
from tests.registers.asking import page_of
from tests.registers.conftest import HER_PHONE
from umeed.core.audit import audited
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.actions import correct_woman
from umeed.institutions.models import Woman
from umeed.institutions.registers import shgs, women
from umeed.places.registers import places

# What is found --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Gulam Jana", {"Ghulam Jan", "Jana Gulam Bano"}),
        ("jan ghulaam", {"Ghulam Jan", "Jana Gulam Bano"}),
        ("Gula", {"Ghulam Jan", "Jana Gulam Bano"}),
        ("shahina", {"Shaheena Akhter"}),
        ("Fatima", {"فاطمہ بیگم"}),
        ("फ़ातिमा", {"فاطمہ بیگم"}),
        ("Smt Shaheena", {"Shaheena Akhter"}),
        ("Ghulam ul", {"Ghulam Jan", "Jana Gulam Bano"}),
        ("Ghulam Khatoon", set()),
    ],
)
def test_a_name_is_found_in_any_spelling_order_and_script(world, typed, found) -> None:
    assert set(world.names("block_officer", women, f"q={typed}")) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Ghulam Abdool Rahman", {"Ghulam Jan"}),
        ("q=rehmaan gulam", {"Ghulam Jan"}),
        ("q=Abdul Rehman", set()),
        ("q=Ghulam Jan Sofi", set()),
        ("belonging=Abdool Rahman", {"Ghulam Jan"}),
        ("belonging=Abdul&q=Shaheena", set()),
    ],
)
def test_her_husbands_or_fathers_name_tells_women_of_one_name_apart(world, query, found) -> None:
    assert set(world.names("block_officer", women, query)) == found


def test_the_closest_come_first_unless_another_order_is_chosen(world, client_of) -> None:
    here = world.scene.here.villages[0]
    with as_system(), audited(by=system(scenes.today()), did="names"):
        for name in ("Zainab Bano", "Ayesha Zooni", "Zoona Lone", "Zooni Dar", "Abla Zuni"):
            world.women[name] = Woman(name=name, place=here)
            world.women[name].save()
    others = ["Abla Zuni", "Zoona Lone", "Zoona of Here group 1", "Zoona of Here group 2"]
    found = ["Zooni Dar", "Ayesha Zooni", *others, "Zainab Bano"]
    assert world.names("block_officer", women, "q=zooni") == found
    assert world.names("block_officer", women, "q=zooni&sort=name") == sorted(found)
    assert world.names("block_officer", women, "q=zooni&sort=-name") == sorted(found, reverse=True)
    page = page_of(client_of, "block_officer", "/women/?q=zooni")
    assert "The closest come first." in page and "aria-sort=" not in page
    by_name = page_of(client_of, "block_officer", "/women/?q=zooni&sort=name")
    assert "The closest come first." not in by_name and 'aria-sort="ascending"' in by_name
    assert "Zooni Dar" in page_of(client_of, "block_officer", "/search/?q=Zooni")


def test_a_corrected_name_of_a_husband_is_found_anew(world, today) -> None:
    correct_woman(by=system(today), woman=world.women["Ghulam Jan"], belonging_name="Nisar Butt")
    assert world.names("block_officer", women, "q=Gulam Nissar Bhat") == ["Ghulam Jan"]
    assert world.names("block_officer", women, "q=Ghulam Rehman") == []


def test_a_phone_is_found_whole_by_those_who_may_see_phones_only(world) -> None:
    assert world.names("block_officer", women, f"q={HER_PHONE}") == ["Ghulam Jan"]
    assert world.names("block_officer", women, "q=%2B91 99065 43210") == ["Ghulam Jan"]
    assert world.names("block_officer", women, f"q={HER_PHONE[:8]}") == []
    assert world.names("auditor", women, f"q={HER_PHONE}") == []
    assert world.names("block_officer", women, "q=9906511111") == [], "a phone of the other block"


def test_an_id_of_another_system_finds_the_woman(world) -> None:
    assert world.names("block_officer", women, "q=9000012345") == ["Shaheena Akhter"]


def test_a_village_code_finds_its_women(world) -> None:
    with as_system(), audited(by=system(world.scope("block_officer").today), did="code"):
        village = world.scene.here.villages[1]
        village.lgd_code = 273645
        village.save()
    assert "Shaheena Akhter" in world.names("block_officer", women, "q=273645")
    assert "Ghulam Jan" not in world.names("block_officer", women, "q=273645")
    for typed in ("273645", "२७३६४५", "۲۷۳۶۴۵"):
        assert world.names("block_officer", places, f"q={typed}") == [village.name], typed


@pytest.mark.parametrize("typed", ["%", "'; drop table", "\\", "()", "a" * 80, "٣٤", "  "])
def test_odd_searches_are_only_searches(world, typed) -> None:
    with as_viewer(str(world.scene.people["block_officer"].pk)):
        listing = world.listing("block_officer", women, "")
        listing.params = listing.params.copy()
        assert isinstance(world.names("block_officer", women, "q=" + typed.replace("%", "%25")), list)


# What is narrowed -----------------------------------------------------------------------------------------------------


def test_the_place_filter_takes_what_lies_within(world) -> None:
    here, there = world.scene.here, world.scene.there
    second = set(world.names("ut_officer", women, f"village={here.villages[1].pk}"))
    assert "Shaheena Akhter" in second
    assert "Ghulam Jan" not in second
    assert "Ghulam Janbaz" in world.names("ut_officer", women, f"place={there.block.pk}")
    assert "Ghulam Jan" not in world.names("ut_officer", women, f"district={there.district.pk}")


def test_a_narrower_place_that_lies_elsewhere_is_dropped(world) -> None:
    query = f"district={world.scene.there.district.pk}&village={world.scene.here.villages[0].pk}"
    assert "Ghulam Janbaz" in world.names("ut_officer", women, query)


def test_a_place_outside_is_refused_in_words_and_not_used(world) -> None:
    with as_viewer(str(world.scene.people["block_officer"].pk)):
        listing = world.listing("block_officer", women, f"place={world.scene.there.block.pk}")
        assert "There is no such place within your reach." in listing.filters.complaints()[0]
        assert "Ghulam Jan" in [row.name for row in listing.rows]


def test_the_narrowest_place_must_be_within_reach_and_the_wider_ones_need_not(world) -> None:
    here, there = world.scene.here, world.scene.there
    with as_viewer(str(world.scene.people["block_officer"].pk)):
        outside = world.listing("block_officer", women, f"block={here.block.pk}&village={there.villages[0].pk}")
        assert "There is no such place within your reach." in outside.filters.complaints()[0]
        passed_on = world.listing("block_officer", women, f"district={here.district.pk}&village={here.villages[0].pk}")
        assert not passed_on.filters.complaints()
        assert passed_on.where == here.villages[0].name


def test_the_lists_to_choose_a_place_from_follow_each_other(world, client_of) -> None:
    first = page_of(client_of, "ut_officer", "/women/")
    assert 'name="district"' in first
    assert 'name="block"' not in first
    second = page_of(client_of, "ut_officer", f"/women/?district={world.scene.here.district.pk}")
    assert 'name="village"' in second, "one block needs no choice"
    assert 'name="district"' not in page_of(client_of, "block_officer", "/women/")


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("missing=phone", "Jana Gulam Bano", "Ghulam Jan"),
        ("age_from=50", "Jana Gulam Bano", "Ghulam Jan"),
        ("age_to=40", "Ghulam Jan", "Jana Gulam Bano"),
        ("social_category=st", "Ghulam Jan", "Jana Gulam Bano"),
        ("social_category=st&social_category=sc", "Ghulam Jan", "Jana Gulam Bano"),
        ("living=died", "Rehti Devi", "Ghulam Jan"),
        ("living=all", "Rehti Devi", "nobody"),
        ("", "Ghulam Jan", "Rehti Devi"),
    ],
)
def test_filters_narrow(world, query, inside, outside) -> None:
    found = world.names("block_officer", women, query)
    assert inside in found
    assert outside not in found


def test_a_filter_on_what_one_may_not_see_is_no_filter(world) -> None:
    """An auditor may not see social categories, so she cannot ask for them either."""
    assert "Jana Gulam Bano" in world.names("auditor", women, "social_category=st")


def test_members_of_a_group_are_what_its_count_opens(world, client_of) -> None:
    group = world.scene.here.groups[0]
    with as_viewer(str(world.scene.people["block_officer"].pk)):
        listing = world.listing("block_officer", shgs)
        counted = listing.values.of(next(row for row in listing.rows if row.pk == group.pk), shgs.by_key["members"])[0]
    members = world.names("block_officer", women, f"institution={group.pk}")
    assert counted == len(members) == 3
    assert f"/women/?institution={group.pk}" in page_of(client_of, "block_officer", "/shgs/")


def test_small_groups_and_ended_ones(world) -> None:
    assert world.names("block_officer", shgs, "members_from=3") == ["Here group 1"]
    assert world.names("block_officer", shgs, "members_to=2") == ["Here group 2"]
    with as_system(), audited(by=system(world.scope("block_officer").today), did="close"):
        group = world.scene.here.groups[1]
        group.status = "closed"
        group.save()
    assert world.names("block_officer", shgs) == ["Here group 1"]
    assert world.names("block_officer", shgs, "status=closed") == ["Here group 2"]


@pytest.mark.parametrize(
    "query",
    ["age_from=xx&formed_on_from=31-02-2020&status=nonsense&institution=7&place=abc&members_from=9999999999",
     "age_from=-1&page=zz&sort=nothing", "page=-4&sort=phone", "page=99999999999&show=phone&show=nothing"],
)  # fmt: skip
def test_wrong_values_are_told_and_break_nothing(world, client_of, query) -> None:
    for path in ("/women/", "/shgs/"):
        page = page_of(client_of, "block_officer", f"{path}?{query}")
        assert 'role="status"' in page


def test_a_wrong_value_is_named_with_its_reason(world, client_of) -> None:
    page = page_of(client_of, "block_officer", "/shgs/?formed_on_from=31-02-2020")
    assert "The filter “Formed from” was left out." in page
    assert "a day that does not exist" in page


def test_each_chip_takes_out_its_own_value_only(world, client_of) -> None:
    page = page_of(client_of, "block_officer", "/women/?missing=phone&missing=born_on&q=Jan&sort=-name")
    links = re.findall(r'<span class="badge is-info">(.*?) <a href="\?([^"]*)"', page)
    told = {text: href.replace("&amp;", "&") for text, href in links}
    assert told["Phone is missing"] == "missing=born_on&q=Jan&sort=-name"
    assert told["Search: Jan"] == "missing=phone&missing=born_on&sort=-name"


def test_a_drawing_of_the_filters_is_only_shared_by_those_who_ask_the_same(world, client_of) -> None:
    plain = page_of(client_of, "block_officer", "/women/")
    assert 'name="social_category"' in plain and "Enter a whole number." not in plain
    assert 'name="social_category"' not in page_of(client_of, "auditor", "/women/")
    assert "Enter a whole number." in page_of(client_of, "block_officer", "/women/?age_from=abc")
    assert 'value="41"' in page_of(client_of, "block_officer", "/women/?age_from=41")
    assert 'value="41"' not in page_of(client_of, "block_officer", "/women/")
    urdu = page_of(client_of, "block_officer", "/women/", **{"Accept-Language": "ur"})
    assert "Age from" in plain and "Age from" not in urdu
    assert page_of(client_of, "block_officer", "/women/?page=1").count("Age from") == plain.count("Age from")
