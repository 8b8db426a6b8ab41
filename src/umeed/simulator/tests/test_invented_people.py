"""What is invented keeps the rules of the rooms it is written for, and holds the errors planted on purpose."""

import datetime
from collections import Counter
from typing import Any

import pytest

from umeed.institutions.rules import age_on, why_not_woman
from umeed.kernel.refusals import hard
from umeed.simulator import errors, groups
from umeed.simulator.chance import Chance
from umeed.simulator.groups import Block, Rows
from umeed.simulator.people import WOMAN_COLUMNS, Ground
from umeed.simulator.sizes import MEMBERS_LEAST, members_of, women_in
from umeed.simulator.words import KASHMIR

TODAY = datetime.date(2026, 2, 10)
PANCHAYATS = [[1, 2], [3], [4, 5]]
GROUPS = 140


def invented(care: float = 0.85) -> tuple[Rows, Block]:
    """A block of 140 groups without a database, filled by clerks of so much care."""
    chance = Chance(5, "block")
    sizes = members_of(women_in(GROUPS), [chance.uniform() for _ in range(GROUPS)])
    block = Block("Achabal", PANCHAYATS, Ground(KASHMIR, care), sizes, chance, TODAY)
    return groups.fill(block), block


def named(rows: list[tuple[Any, ...]], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return invented()[0]


@pytest.fixture(scope="module")
def women(rows: Rows) -> dict[str, dict[str, Any]]:
    return {woman["id"]: woman for woman in named(rows.women, WOMAN_COLUMNS)}


@pytest.fixture(scope="module")
def institutions(rows: Rows) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in named(rows.institutions, groups.INSTITUTION_COLUMNS)}


def test_one_seed_gives_the_same_rows_twice() -> None:
    (first, block), (second, other) = invented(), invented()
    errors.plant(first, block)
    errors.plant(second, other)
    assert first == second


def test_nobody_was_a_child_when_she_joined(rows: Rows, women: dict[str, dict[str, Any]]) -> None:
    known = 0
    for tie in named(rows.memberships, groups.MEMBERSHIP_COLUMNS):
        woman = women[tie["woman_id"]]
        age = age_on(woman["born_on"], woman["born_year"], tie["during"][0])
        known += age is not None
        assert age is None or age >= 18, woman
    assert known > 900


def test_nothing_but_a_missing_age_stands_against_correcting_a_woman() -> None:
    women = named(invented(care=0.6)[0].women, WOMAN_COLUMNS)
    said = ("name", "belonging_name", "born_on", "born_year", "phone", "disability", "nominee_name", "nominee_relation")
    found = Counter(
        reason.code
        for woman in women
        for reason in hard(why_not_woman(today=TODAY, **{key: woman[key] for key in said}))
    )
    assert set(found) == {"age_missing"}
    assert found["age_missing"] < len(women) / 4


def test_offices_and_signatures_begin_when_their_holders_are_there(
    rows: Rows, institutions: dict[str, dict[str, Any]]
) -> None:
    joined = {tie["woman_id"]: tie["during"][0] for tie in named(rows.memberships, groups.MEMBERSHIP_COLUMNS)}
    opened = {one["id"]: one["opened_on"] for one in named(rows.accounts, groups.ACCOUNT_COLUMNS)}
    offices = named(rows.offices, groups.OFFICE_COLUMNS)
    signatures = named(rows.signatories, groups.SIGNATORY_COLUMNS)
    for office in offices:
        formed = institutions[office["institution_id"]]["formed_on"]
        assert max(formed, joined[office["woman_id"]]) <= office["during"][0] <= TODAY
    holders = {office["woman_id"] for office in offices}
    assert signatures and all(one["woman_id"] in holders for one in signatures)
    assert all(opened[one["account_id"]] <= one["during"][0] <= TODAY for one in signatures)


def test_federations_follow_their_rules(rows: Rows, institutions: dict[str, dict[str, Any]]) -> None:
    """A VO's groups lie in one panchayat; a VO is six months old when it joins; nothing joins what is not formed."""
    panchayat = {village: at for at, villages in enumerate(PANCHAYATS) for village in villages}
    for tie in named(rows.federations, groups.FEDERATION_COLUMNS):
        member, above, since = institutions[tie["member_id"]], institutions[tie["above_id"]], tie["during"][0]
        assert max(member["formed_on"], above["formed_on"]) <= since <= TODAY
        if above["kind"] == "vo":
            assert panchayat[member["place_id"]] == panchayat[above["place_id"]]
        else:
            assert since - member["formed_on"] >= groups.HALF_A_YEAR
    kinds = Counter(one["kind"] for one in institutions.values())
    assert kinds == {"shg": 140, "vo": 13, "clf": 1}, "10.9 groups a VO, 12.2 VOs a CLF"


def test_groups_have_the_published_size(rows: Rows) -> None:
    sizes = Counter(tie[2] for tie in rows.memberships)
    assert min(sizes.values()) >= MEMBERS_LEAST
    assert round(sum(sizes.values()) / len(sizes), 2) == 8.06 == round(women_in(GROUPS) / GROUPS, 2)


def test_twins_are_spelt_otherwise_in_another_group_and_some_numbers_are_swapped() -> None:
    swapped = same = respelt = planted = 0
    for seed in range(12):
        rows, block = invented()
        block.chance = Chance(seed, "errors")
        group_of = {woman: group for _id, woman, group, *_ in rows.memberships}
        errors.plant(rows, block)
        women = named(rows.women, WOMAN_COLUMNS)
        for first, second in errors.twins(rows, block):
            one, twin = women[first], women[second]
            planted += 1
            respelt += one["name"] != twin["name"]
            assert group_of[one["id"]] != group_of[twin["id"]]
            same += bool(one["account_number"]) and one["account_number"] == twin["account_number"]
            swapped += bool(one["account_number"]) and twin["account_number"] == errors.swapped(one["account_number"])
    assert planted == 48 and respelt > planted / 2
    assert same and swapped


def test_one_phone_belongs_to_several_women() -> None:
    rows, block = invented()
    errors.plant(rows, block)
    phones = Counter(woman["phone"] for woman in named(rows.women, WOMAN_COLUMNS) if woman["phone"])
    assert [count for count in phones.values() if count >= 5] == [5, 5, 5]


def test_swapped_digits_stay_a_number_of_the_same_digits() -> None:
    assert errors.swapped("9900123455") == "9900123545"
    assert errors.swapped("1111") == "1111"
