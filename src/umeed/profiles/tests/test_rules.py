"""Ranks: by exact share, ties share a rank, movement counts places."""

from hypothesis import given
from hypothesis import strategies as st

from umeed.profiles.rules import FIELDS, Unit, possible_weight, ranked, ranks


def unit(number: int, filled: int, possible: int = 100) -> Unit:
    return Unit(number, f"Block {number:02d}", records=possible // 10, filled=filled, possible=possible)


def test_best_share_is_first_and_equal_shares_share_a_rank() -> None:
    placed = ranks([unit(1, 50), unit(2, 90), unit(3, 25, 50), unit(4, 10)])
    assert placed == {2: 1, 1: 2, 3: 2, 4: 4}


def test_a_unit_without_profiles_has_no_rank() -> None:
    assert ranks([unit(1, 0, 0), unit(2, 0)]) == {2: 1}


def test_movement_is_places_won_and_new_units_have_none() -> None:
    now = ranked([unit(1, 90), unit(2, 80), unit(3, 70)], [unit(1, 10), unit(2, 80)])
    assert [(item.unit.id, item.rank, item.move) for item in now] == [(1, 1, 1), (2, 2, -1), (3, 3, None)]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30))
def test_ranks_agree_with_shares(fills: list[int]) -> None:
    units = [unit(number, filled) for number, filled in enumerate(fills)]
    placed = ranks(units)
    for one in units:
        assert placed[one.id] == 1 + sum(other.filled > one.filled for other in units)


def test_every_kind_declares_fields_with_keys_used_once() -> None:
    for kind, fields in FIELDS.items():
        keys = [field.key for field in fields]
        assert len(keys) == len(set(keys)), kind
        assert possible_weight(kind) == sum(field.weight for field in fields) >= len(fields)
