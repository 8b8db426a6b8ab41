"""The pages that papers are printed on, as data. A bound page leaves more room on its inner side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from umeed.core.papers.shapes import FormName

_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Form:
    """A page in millimetres, the size of its letters in points.

    inside, outside  the margins at the binding and away from it; they change sides from page to page
    facts            how many facts stand in a line; signatures likewise
    """

    width: float
    height: float
    top: float
    bottom: float
    inside: float
    outside: float
    size: float
    facts: int
    signatures: int

    @property
    def line(self) -> float:
        """How many em of its letters a line is long."""
        return (self.width - self.inside - self.outside) / (self.size * _MM_PER_POINT)


FORMS: Mapping[FormName, Form] = {
    "a4": Form(210, 297, 18, 17, 18, 14, 9.5, 3, 3),
    # The cash book, the general ledger: receipts and payments beside each other on one opening.
    "a4_landscape": Form(297, 210, 17, 15, 16, 12, 9, 4, 4),
    # The page of a bound member's passbook: A5, sewn at the inner side, small and close.
    "register": Form(148, 210, 15, 14, 16, 9, 7.5, 2, 3),
    # What one takes home from a meeting: half the width of A4, so that several are cut from one page (cut.typ).
    "slip": Form(97, 94, 11, 11, 5, 5, 8, 2, 1),
}
