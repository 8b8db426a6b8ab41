"""Shares are exact, pool, and never claim all or none falsely."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umeed.kernel.shares import Share

counts = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "—"),
        (0, 5, "0%"),
        (5, 5, "100%"),
        (1, 2, "50%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (9999, 10000, "99.9%"),
        (1, 10000, "<0.1%"),
        (1, 1000, "0.1%"),
        (3, 2, "150%"),
    ],
)
def test_percent(part, whole, text):
    assert Share(part, whole).percent() == text


def test_percent_places():
    assert Share(2, 3).percent(0) == "67%"
    assert Share(999, 1000).percent(0) == "99%"
    assert Share(1, 1000).percent(0) == "<1%"
    assert Share(1, 3).percent(3) == "33.333%"


@given(counts, counts)
def test_all_and_none_are_said_only_when_true(part, whole):
    text = Share(part, whole).percent()
    assert (text == "0%") == (whole > 0 and part == 0)
    assert (text == "100%") <= (part >= whole > 0)


@given(st.lists(st.tuples(counts, counts)))
def test_pooling_is_the_sum_of_parts_over_the_sum_of_wholes(pairs):
    pooled = Share.pooled(Share(p, w) for p, w in pairs)
    whole = sum(w for _, w in pairs)
    assert pooled == Share(sum(p for p, _ in pairs), whole)
    assert pooled.fraction == (Fraction(pooled.part, whole) if whole else None)


def test_nothing_ranks_last_from_the_top():
    shares = [Share(0, 0), Share(1, 2), Share(0, 9), Share(3, 4)]
    assert sorted(shares, key=lambda s: s.rank, reverse=True) == [Share(3, 4), Share(1, 2), Share(0, 9), Share(0, 0)]


def test_negative_counts_are_an_error():
    with pytest.raises(ValueError, match="negative"):
        Share(-1, 2)
