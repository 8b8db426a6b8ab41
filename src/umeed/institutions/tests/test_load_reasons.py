"""Why a row of a workbook is refused or asked about: the woman, the group, the village, what stands twice."""

import pytest

from umeed.core.loads import queries, tabs
from umeed.core.loads.models import State
from umeed.institutions import actions
from umeed.institutions.loads import group_cases
from umeed.institutions.loads.differing import COMPARED, DIFFERENCES
from umeed.institutions.models import (
    Alias,
    Institution,
    StatusTerm,
    Woman,
)
from umeed.institutions.tests.loading import (
    ACCOUNT,
    EIGHT,
    applied,
    judged,
    lokos,
    plain_groups,
    plain_women,
    told,
    undone,
    verdicts,
)
from umeed.institutions.tests.making import (
    NAMES,
    make_group,
    make_member,
    officer_at,
    us,
)
from umeed.kernel.ids import new_id


@pytest.fixture
def officer(valley):
    return officer_at(valley.north)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"born_on": "12_03_2004"}, "too_young"),
        ({"born_on": "12_03_2030"}, "born_in_the_future"),
        ({"born_on": "31_02_1984"}, "no_such_day"),
        ({"born_on": "03/25/1984"}, "month_first"),
        ({"joined_on": "01_01_2015"}, "before_formation"),
        ({"joined_on": None}, "joining_missing"),
        ({"joined_on": "1_1_2090"}, "in_the_future"),
        ({"gender": "Male"}, "man_in_a_womens_group"),
        ({"name": "Al"}, "name_short"),
        ({"name": None}, "name_missing"),
        ({"group": "No such group"}, "group_unknown"),
        (ACCOUNT | {"account_again": "#90000000034"}, "typed_differently"),
        (ACCOUNT | {"account_number": 9.00000000431e15}, "rounded"),
        (ACCOUNT | {"ifsc": "SBINO000125"}, "ifsc_shape"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_reason(valley, officer, said, code):
    load = judged(officer, lokos([{}], [*EIGHT[:5], {"name": "Raja Begum"} | said]))
    what, reasons = verdicts(load)[-1]
    assert what == "refuse" and code in reasons, told(load)
    assert load.counts["create"] == 6


def test_a_woman_of_twelve_is_told_plainly(valley, officer):
    load = judged(officer, lokos([{}], [*EIGHT[:5], {"name": "Raja Begum", "born_on": "12_03_2004"}]))
    assert "She is 11 years old on 1 Feb 2016; a member is at least 18." in told(load)


def test_the_second_president_and_the_twenty_first_member_are_refused(valley, officer):
    members = [{"name": name} for name in NAMES] + [{"name": "Asha Devi", "belonging": "Ram Lal"}]
    members[0] |= {"office": "President"}
    members[1] |= {"office": "President"}
    load = judged(officer, lokos([{}], members))
    found = verdicts(load)[1:]
    assert found[1] == ("refuse", ["two_officers"])
    assert found[21] == ("refuse", ["too_many_members"])
    assert [what for what, _ in found].count("create") == 20
    assert "Haseena Bano is President already" in told(load)


def test_a_group_below_five_stays_forming_until_the_rest_come(valley, officer):
    load = applied(officer, lokos([{}], EIGHT[:3]))
    assert "stays_forming" in verdicts(load)[0][1]
    assert Institution.objects.get().status == "forming"
    second = applied(officer, lokos([], EIGHT[3:6]))
    assert verdicts(second)[-1] == ("change", ["becomes_active"])
    group = Institution.objects.get()
    assert (group.status, [term.status for term in StatusTerm.objects.order_by("during")]) == (
        "active",
        ["forming", "active"],
    )
    assert undone(officer, second).state == State.UNDONE
    assert (Institution.objects.get().status, StatusTerm.objects.get().until_on) == ("forming", None)


def test_villages_are_found_by_name_sound_and_code_or_refused(valley, officer):
    load = judged(officer, lokos([
        {"name": "Aab SHG", "village": "Chinaar"}, {"name": "Bab SHG", "village": 942},
        {"name": "Cab SHG", "village": "Walnut"}, {"name": "Dab SHG", "village": 944},
        {"name": "Eab SHG", "village": 777777}, {"name": "Fab SHG", "village": None},
    ]))  # fmt: skip
    found = verdicts(load)
    assert "read_as" in found[0][1] and found[0][0] == found[1][0] == "create"
    assert [reasons[-1] for _, reasons in found[2:]] == [
        "village_unknown", "village_outside", "village_code_unknown", "village_missing",
    ]  # fmt: skip
    assert "another State" in told(load)


def test_a_village_in_another_panchayat_than_the_file_says_is_told_with_where_it_lies(valley, officer):
    load = judged(officer, lokos([{"panchayat": "Bala"}, {"name": "Himmat SHG", "panchayat": "Halqaa"}]))
    assert [(what, "other_panchayat" in reasons) for what, reasons in verdicts(load)] == [
        ("create", True), ("create", False),
    ]  # fmt: skip
    assert "lies in Halqa, North, Upper. It is taken." in told(load) and "untick the row" in told(load)


def test_a_village_that_only_sounds_alike_in_another_panchayat_is_not_guessed(valley, officer):
    load = judged(officer, lokos([{"panchayat": "Bala", "village": "Chinaar"}, {"village": "Chinaar"}]))
    assert verdicts(load)[0] == ("refuse", ["other_altogether"])
    assert verdicts(load)[1][0] == "create" and "read_as" in verdicts(load)[1][1]


def test_what_changes_is_told_apart_by_kind_for_who_reviews_many_columns(valley, officer):
    applied(officer, lokos([{}], [{"phone": "9000000036"}, *EIGHT[1:6]]))
    load = judged(
        officer,
        lokos(
            [{"status": "Inactive", "saving": 200} | ACCOUNT],
            [
                {"phone": "9000000055", "belonging": "Abdul Gani"}, EIGHT[1] | {"office": "President"},
                EIGHT[2] | {"education": "Primary"}, EIGHT[3] | {"relation": "Father"} | ACCOUNT,
                EIGHT[4] | {"born_on": "12_04_1984"}, EIGHT[5],
            ],
        ),
    )  # fmt: skip
    counted = {tab.key: tab.in_words for tab in tabs.tabs_of(load)}
    assert counted == {
        "named": "1 with another name", "born": "1 with another birth", "office": "1 with a new office",
        "phone": "1 with another phone", "bank": "2 with another bank account", "otherwise": "1 changed otherwise",
        "leave": "1 known already",
    }, told(load)  # fmt: skip
    assert load.counts["several"] == 1 and tabs.count(load, "change") == 6
    bank, count = queries.page_of_rows(load, "bank", 1)
    assert count == len(bank) == 2 and {row.sheet for row in bank} == {"SHGs", "Members"}


def test_every_key_that_tells_of_a_difference_is_one_that_a_load_writes():
    written = {*COMPARED, *group_cases.COMPARED, "account", "account_id", "office", "status", "lokos_id"}
    keys = [key for each in DIFFERENCES for key in each.keys]
    assert set(keys) <= written and len(keys) == len(set(keys)), "and each is told once"


def test_a_name_of_two_villages_is_refused_with_both(valley, officer):
    from umeed.places.tests.world import make

    make("village", "Chinar", valley.hill, valley.north, code=947)
    load = judged(officer, lokos([{"panchayat": None}, {"name": "Himmat SHG"}]))
    assert verdicts(load)[0] == ("refuse", ["village_ambiguous"])
    assert verdicts(load)[1][0] == "create"
    assert "Halqa" in told(load)


def test_a_woman_of_another_group_is_refused_and_the_group_named(valley, officer):
    make_member(make_group(valley.chinar, "Himmat"), "Haseena Banu", phone="9000000036")
    load = judged(officer, lokos([{}], [*EIGHT[1:6], EIGHT[0] | {"phone": "9000000036", "belonging": "Gulam Nabi"}]))
    assert verdicts(load)[-1] == ("refuse", ["in_another_group"])
    assert "already a member of Himmat since 1 Feb 2016" in told(load)


def test_by_lokos_id_a_woman_out_of_sight_is_known_but_not_named(valley, officer):
    tie = make_member(make_group(valley.walnut, "Himmat"), "Haseena Bano")
    actions.give_alias(by=us(), id=new_id(), system="lokos", value="LK77", woman=tie.woman_id)
    make_group(valley.chinar, "Roshni")
    load = judged(officer, plain_women({
        "name": "Haseena Bano", "group": "Roshni", "joined_on": "01-02-2020", "born_year": 1984, "lokos_id": "LK77",
    }), "women")  # fmt: skip
    assert verdicts(load) == [("refuse", ["in_another_group"])]
    assert "another group since 1 Feb 2016" in told(load) and "Himmat" not in told(load)


def test_a_plain_list_finds_its_groups_in_any_spelling(valley, officer):
    make_group(valley.chinar, "Gulshan")
    rows = [
        {
            "name": name,
            "group": "Gulshun",
            "village": "Chinar",
            "joined_on": "01-02-2020",
            "age": 30,
            "phone": 9906543210 + n,
        }
        for n, name in enumerate(NAMES[:6])
    ]
    load = applied(officer, plain_women(*rows), "women")
    assert Woman.objects.count() == 6, told(load)
    assert "group_read_as" in verdicts(load)[0][1]
    assert Institution.objects.get().status == "active"


def test_a_plain_list_of_groups_with_ids(valley, officer):
    row = {"name": "Gulshan", "village": 941, "formed_on": "5 Mar 2019", "lokos_id": "G1", "ifsc": "JAKA0SHOPAN"}
    applied(officer, plain_groups(row), "groups")
    assert Alias.objects.get().institution == Institution.objects.get()
    again = judged(officer, plain_groups(row | {"name": "Gulshan Mahila"}), "groups")
    assert verdicts(again)[0][0] == "leave"


def test_a_row_twice_and_an_account_twice_in_one_file(valley, officer):
    account = {"account_number": "#90000000040", "ifsc": "SBIN0000131"}
    load = judged(officer, lokos([account, {"name": "Himmat SHG"} | account, {}], [*EIGHT[:5], EIGHT[0]]))
    found = verdicts(load)
    assert found[1][0] == "create" and "account_twice" in found[1][1]
    assert found[2] == ("refuse", ["row_twice"])
    assert found[-1] == ("refuse", ["row_twice"])
