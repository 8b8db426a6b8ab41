"""A share: so many out of so many, kept exact, added up by its parts and rounded only when shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from umeed.kernel.money import rounded_text

NOTHING_TO_SHARE = "—"


@dataclass(frozen=True, slots=True)
class Share:
    """`part` out of `whole`, both ≥ 0. Adding shares pools them, so that the districts add up to the UT."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        if self.part < 0 or self.whole < 0:
            raise ValueError(f"a share counts things, it cannot be negative: {self.part} of {self.whole}")

    @property
    def fraction(self) -> Fraction | None:
        """The exact value, or None when there is nothing to share."""
        return Fraction(self.part, self.whole) if self.whole else None

    @property
    def rank(self) -> Fraction:
        """A number to sort by; shares of nothing come last when the largest stands first."""
        return Fraction(-1) if self.fraction is None else self.fraction

    def percent(self, places: int = 1) -> str:
        """Return '81.3%'; '—' of nothing. Says 100% only of all, 0% only of none."""
        exact = self.fraction
        if exact is None:
            return NOTHING_TO_SHARE
        step = Fraction(1, 10**places)
        hundredths = exact * 100
        if 0 < hundredths < step / 2:
            return f"<{rounded_text(step, places)}%"
        if 100 - step < hundredths < 100:
            return f"{rounded_text(100 - step, places)}%"
        text = rounded_text(hundredths, places)
        return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    @classmethod
    def pooled(cls, shares: Iterable[Share]) -> Share:
        """Return all shares as one: the sum of the parts out of the sum of the wholes."""
        return sum(shares, start=cls(0, 0))
