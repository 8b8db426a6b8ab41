"""The invented mission keeps to the published figures, exactly."""

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from umeed.simulator.chance import Chance
from umeed.simulator.sizes import MEMBERS_LEAST, MEMBERS_MOST, SHGS_OF_JK, WOMEN_OF_JK, members_of, spread


def test_the_full_ut_has_the_published_groups_and_women() -> None:
    draw = random.Random(1)
    sizes = members_of(WOMEN_OF_JK, [draw.random() for _ in range(SHGS_OF_JK)])
    assert len(sizes) == 94_962
    assert sum(sizes) == 766_000
    assert min(sizes) >= MEMBERS_LEAST and max(sizes) <= MEMBERS_MOST


@given(st.integers(0, 5000), st.lists(st.floats(0.01, 9), min_size=1, max_size=40))
def test_spread_adds_up_and_keeps_proportion(total: int, weights: list[float]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1 + 1e-6


def test_one_seed_gives_one_stream_and_ids_that_sort() -> None:
    first, second, other = Chance(1, "a"), Chance(1, "a"), Chance(1, "b")
    ids = [first.id() for _ in range(100)]
    assert ids == [second.id() for _ in range(100)]
    assert ids == sorted(ids) and all(UUID(one).version == 7 for one in ids)
    assert first.uniform() != other.uniform()
