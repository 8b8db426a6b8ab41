"""What a promise is: a name, a bar, a function that measures it. Each is declared once and found by its part."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

KEPT, SHORT, UNMEASURED = "kept", "falls short", "not measured"
P95, MEDIAN, MOST = "p95", "median", "most"


@dataclass(frozen=True)
class Figure:
    """What was measured, in the unit of the promise: one value a run.

    beside   what stands beside it, in words and in the same unit: a raw floor or a peer, measured in the same run
    note     something a reader must know; `wrong`: why the measured thing was not even right, which no speed makes good
    """

    values: Sequence[float]
    beside: tuple[str, float] | None = None
    note: str = ""
    wrong: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The value that 95 of 100 runs do not exceed (nearest rank: never better than something measured)."""
        ordered = sorted(self.values)
        return ordered[-(-95 * len(ordered) // 100) - 1]

    @property
    def most(self) -> float:
        return max(self.values)


@dataclass(frozen=True)
class Promise:
    """At most `most` of `unit`, judged by `by` (p95, median or the most)."""

    part: str
    name: str
    most: float
    measure: Callable[[Any], Figure | str]
    unit: str = "ms"
    by: str = P95

    def judged(self, bench: Any) -> "Row":
        """Measure and judge. A function that answers a text could not measure, and says why."""
        figure = self.measure(bench)
        if isinstance(figure, str):
            return Row(self, None, UNMEASURED, figure)
        is_kept = getattr(figure, self.by) <= self.most and not figure.wrong
        return Row(self, figure, KEPT if is_kept else SHORT, figure.wrong or figure.note)


@dataclass(frozen=True)
class Row:
    """A promise with its figure (None when not measured) and verdict."""

    promise: Promise
    figure: Figure | None
    verdict: str
    note: str = ""

    @property
    def is_short(self) -> bool:
        return self.verdict == SHORT


@dataclass
class Book:
    """All declared promises. Names are unique within a part."""

    promises: list[Promise] = field(default_factory=list)

    def declare(self, promise: Promise) -> None:
        if any((one.part, one.name) == (promise.part, promise.name) for one in self.promises):
            raise ValueError(f"{promise.part}: '{promise.name}' is promised twice")
        self.promises.append(promise)

    def of(self, part: str) -> list[Promise]:
        return [one for one in self.promises if one.part == part]


BOOK = Book()


def promise(
    part: str, name: str, *, most: float, unit: str = "ms", by: str = P95, book: Book = BOOK
) -> Callable[[Callable[[Any], Figure | str]], Callable[[Any], Figure | str]]:
    """Declare the decorated function as what measures a promise: it takes a `Bench`, returns a `Figure`, or a text."""

    def declare(measure: Callable[[Any], Figure | str]) -> Callable[[Any], Figure | str]:
        book.declare(Promise(part, name, most, measure, unit, by))
        return measure

    return declare
