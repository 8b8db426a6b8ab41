"""Who may give which role: pure rules, no database."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.access import rules
from umeed.access.capabilities import ROLES

TODAY = datetime.date(2026, 11, 21)


def _wish(role="resource_person", kind="village", at="place", since=TODAY, until=None, why="Order 12"):
    return rules.Wish(role, role, ROLES[role].at, at == "place", at == "institution", kind, since, until, why)


def _codes(wish, givers=("block_officer",), **given_values):
    values = {"to_herself": False, "overlaps": False, "today": TODAY, **given_values}
    return {reason.code for reason in rules.why_not_post(wish, giver_roles=set(givers), **values)}


def test_a_block_officer_posts_a_resource_person_in_her_block() -> None:
    assert _codes(_wish()) == set()


def test_nobody_gives_more_than_she_has() -> None:
    """But for the site administrator, who appoints those who answer for a UT, and for keeping books."""
    for giver, given_roles in rules.MAY_GIVE.items():
        if giver == "site_administrator":
            continue
        for role in given_roles:
            assert ROLES[role].capabilities - rules.GIVEN_NOT_HELD <= ROLES[giver].capabilities, (giver, role)


def test_no_officer_keeps_the_books_that_she_verifies() -> None:
    keepers = {key for key, role in ROLES.items() if "books.keep" in role.capabilities}
    assert not keepers & set(rules.MAY_GIVE)
    assert keepers == {"group_bookkeeper", "vo_bookkeeper", "clf_bookkeeper", "resource_person"}


def test_every_giver_may_change_users_and_only_givers_may() -> None:
    assert {key for key, role in ROLES.items() if "users.change" in role.capabilities} == set(rules.MAY_GIVE)


def test_the_lists_grow_upward() -> None:
    give = rules.MAY_GIVE
    assert give["block_officer"] < give["district_officer"] < give["ut_officer"] == give["mis_officer"]
    assert "site_administrator" not in give["ut_officer"]
    assert give["site_administrator"] == {"ut_officer", "mis_officer", "site_administrator"}


@pytest.mark.parametrize("role", ["block_officer", "district_officer", "auditor", "site_administrator", "ut_officer"])
def test_a_block_officer_gives_no_office(role) -> None:
    kind = {"block_officer": "block", "district_officer": "district", "ut_officer": "state"}.get(role, "block")
    at = "nowhere" if role == "site_administrator" else "place"
    assert _codes(_wish(role, kind, at)) == {"not_hers_to_give"}


def test_all_reasons_come_at_once() -> None:
    yesterday = TODAY - datetime.timedelta(days=1)
    wish = _wish("partner", "village", since=yesterday, until=yesterday, why=" ")
    assert _codes(wish, givers=(), to_herself=True, overlaps=True) == {
        "wrong_kind", "begins_in_the_past", "ends_before_it_begins", "herself", "not_hers_to_give", "held_already",
        "why_missing",
    }  # fmt: skip


def test_a_role_at_a_place_is_not_held_at_an_institution_and_the_reverse() -> None:
    assert _codes(_wish("resource_person", "shg", "institution")) == {"needs_a_place"}
    assert _codes(_wish("group_bookkeeper", "village", "place")) == {"needs_an_institution"}
    assert _codes(_wish("group_bookkeeper", "vo", "institution")) == {"wrong_kind"}
    assert _codes(_wish("site_administrator", "block", "place"), givers=("site_administrator",)) == {"held_nowhere"}


def test_a_partner_sees_adopted_blocks_only() -> None:
    assert _codes(_wish("partner", "block")) == set()
    assert _codes(_wish("partner", "district"), givers=("ut_officer",)) == {"wrong_kind"}


@given(st.integers(-400, 400), st.integers(-400, 5000))
def test_days_are_sane(first, length) -> None:
    since = TODAY + datetime.timedelta(days=first)
    codes = _codes(_wish(since=since, until=since + datetime.timedelta(days=length)))
    assert ("begins_in_the_past" in codes) == (first < 0)
    assert ("ends_before_it_begins" in codes) == (length <= 0)
    assert ("too_long" in codes) == (length > 3660)


def test_answering_for_an_account_needs_every_role_it_holds() -> None:
    mine = [("resource_person", {"block_officer"}), ("partner", {"block_officer"})]
    assert rules.why_not_answer_for(seats=mine, herself=False) == []
    reasons = rules.why_not_answer_for(seats=[*mine, ("block_officer", {"block_officer"})], herself=False)
    assert [reason.code for reason in reasons] == ["not_hers_to_change"]
    assert [reason.code for reason in rules.why_not_answer_for(seats=mine, herself=True)] == ["herself"]
