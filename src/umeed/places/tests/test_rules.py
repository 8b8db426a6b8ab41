"""The rules of the tree, without a database."""

import datetime

from umeed.places import rules
from umeed.places.models import Kind, Line

D = datetime.date
LABELS = {kind: kind for kind in rules.KINDS}


def codes(reasons):
    return [reason.code for reason in reasons]


def test_kinds_and_lines_are_those_of_the_records():
    assert set(rules.KINDS) == set(Kind.values)
    assert {rules.DEVELOPMENT, rules.REVENUE, rules.MERGED} == set(Line.values)
    assert {line for parents in rules.LINES.values() for line in parents.values()} <= set(Line.values)


def test_a_parent_is_always_wider_so_no_circle_is_possible():
    for kind, parents in rules.LINES.items():
        for parent in parents:
            assert rules.KINDS.index(parent) < rules.KINDS.index(kind)


def test_a_village_has_at_most_one_parent_a_line():
    assert rules.why_not_parents("village", ["tehsil", "panchayat"], LABELS) == []
    assert codes(rules.why_not_parents("village", ["block", "panchayat"], LABELS)) == ["two_parents"]
    assert codes(rules.why_not_parents("village", [], LABELS)) == ["no_parent"]
    assert codes(rules.why_not_parents("block", ["tehsil"], LABELS)) == ["wrong_kind_of_parent"]
    assert rules.why_not_parents("state", [], LABELS) == []


def test_names_need_two_letters_of_any_script():
    assert rules.why_not_name("لہ") == []
    assert rules.why_not_name("लेह") == []
    assert codes(rules.why_not_name("7 B")) == ["name_too_short"]
    assert codes(rules.why_not_name("x" * 121)) == ["name_too_long"]


def test_days():
    life = [(D(2015, 1, 1), D(2018, 1, 1)), (D(2020, 1, 1), None)]
    assert rules.why_not_there("X", life, D(2015, 1, 1)) == []
    assert rules.why_not_there("X", life, D(2026, 1, 1)) == []
    assert codes(rules.why_not_there("X", life, D(2014, 12, 31))) == ["before_it_existed"]
    assert codes(rules.why_not_there("X", life, D(2018, 1, 1))) == ["no_longer_exists"]
    assert rules.why_not_until("X", life, D(2015, 1, 1), D(2018, 1, 1)) == []
    assert codes(rules.why_not_until("X", life, D(2015, 1, 1), None)) == ["parent_ends"]
    assert codes(rules.why_not_on(D(2026, 1, 2), D(2026, 1, 1))) == ["in_the_future"]
    assert rules.why_not_on(D(2026, 1, 1), D(2026, 1, 1)) == []


def test_like_merges_with_like():
    assert rules.why_not_merge("village", "village", same=False) == []
    assert codes(rules.why_not_merge("village", "village", same=True)) == ["merged_with_itself"]
    assert codes(rules.why_not_merge("village", "block", same=False)) == ["other_kind"]
    assert codes(rules.why_not_merge("state", "state", same=False)) == ["state_stays"]
