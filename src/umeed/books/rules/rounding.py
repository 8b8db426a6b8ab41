"""Exact amounts become whole paise here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from umeed.kernel.money import Paise

Halves = Literal["even", "up"]


@dataclass(frozen=True, slots=True)
class Rounding:
    """To multiples of `unit` paise (1, 100 for whole rupees, 1000 for tens); a half goes to the even one, or up."""

    unit: int = 1
    halves: Halves = "even"

    def __post_init__(self) -> None:
        if self.unit < 1:
            raise ValueError(f"amounts are rounded to one paisa or more, not to {self.unit}")

    def __call__(self, exact: Fraction | int, per: int = 1) -> Paise:
        """`exact` paise (over `per`), rounded once. Negative amounts round like positive ones (away from nothing when
        up). In whole numbers, which are quicker than fractions."""
        above, below = exact.numerator, exact.denominator * per * self.unit
        whole, rest = divmod(abs(above), below)
        up = 2 * rest > below or (2 * rest == below and (self.halves == "up" or whole % 2 == 1))
        return Paise((whole + up) * self.unit * (1 if above >= 0 else -1))

    def part(self, paise: int, rate: Fraction, per: int = 1) -> Paise:
        """A part of an amount (over `per`), rounded once."""
        return self(paise * rate.numerator, rate.denominator * per)


TO_THE_PAISA = Rounding()


def shared_out(total: Paise, weights: Sequence[int]) -> list[Paise]:
    """Parts of `total` in proportion to whole `weights`, which add up to it exactly (largest remainder).

    Each part is within one paisa of its exact share; of equal remainders the larger weight
    gains, of equal weights the earlier. All weights
    nought: nothing can be shared, a ValueError.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or whole == 0:
        raise ValueError("weights are counts, at least one of them above nought")
    parts = [total * weight // whole for weight in weights]
    lost = total - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), -weights[at], at))
    for at in by_remainder[:lost]:
        parts[at] += 1
    return [Paise(part) for part in parts]
