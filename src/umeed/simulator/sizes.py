"""How large an invented mission is, calibrated to published figures; the README names their sources."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from math import gcd

SHGS_OF_JK = 94_962
WOMEN_OF_JK = 766_000
GROUPS_A_VO = 10.9
VOS_A_CLF = 12.2
MEMBERS_LEAST, MEMBERS_MOST = 5, 14
HOME_DISTRICT, HOME_BLOCK = 1, 1
"""LGD codes of the district (Anantnag) and the block (Achabal) in which the demonstration's people work."""


@dataclass(frozen=True)
class Size:
    """Groups to invent: in the home block, in the other blocks of the home district, and in each other block.

    `sample_blocks` limits the other districts to their first n blocks; None is all. `groups`, where given, is the exact
    total for J&K.
    """

    key: str
    home_block_groups: int
    district_block_groups: int
    other_block_groups: int
    sample_blocks: int | None
    groups: int | None = None
    panchayats_a_block: int = 15
    villages_a_block: int = 24


SIZES = {
    "village": Size("village", 131, 8, 8, 2, panchayats_a_block=4, villages_a_block=6),
    "district": Size("district", 331, 331, 8, 2),
    "ut": Size("ut", 331, 331, 331, None, groups=SHGS_OF_JK),
}


def spread(total: int, weights: list[float]) -> list[int]:
    """Whole parts in proportion to weights that add up to the total exactly (largest remainder)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(weights)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts


# Groups of 5, 6, … 14 members in a hundred: most have 6 to 10, 8.07 on average.
SHARE_OF_SIZE = (10, 15, 18, 18, 15, 12, 6, 3, 2, 1)


def women_in(groups: int) -> int:
    """The women of so many groups, in the published proportion: 766,000 in 94,962."""
    return round(groups * WOMEN_OF_JK / SHGS_OF_JK)


def members_of(women: int, draw: list[float]) -> list[int]:
    """Members a group: 5 to 14, and exactly `women` in all.

    `draw` holds one number in [0, 1) a group, so that the caller owns the chance.
    """
    edges = [edge / sum(SHARE_OF_SIZE) for edge in accumulate(SHARE_OF_SIZE)]
    sizes = [MEMBERS_LEAST + bisect_right(edges, value) for value in draw]
    short = women - sum(sizes)
    step = 1 if short > 0 else -1
    # A stride without a common divisor visits every group once before it comes back.
    stride = next(number for number in (7, 11, 13, 17) if gcd(number, len(sizes)) == 1)
    at = 0
    while short:
        changed = sizes[at] + step
        if MEMBERS_LEAST <= changed <= MEMBERS_MOST:
            sizes[at] = changed
            short -= step
        at = (at + stride) % len(sizes)
    return sizes
