"""What a file holds once it is read: a book of sheets, each with its headings and a stream of clean rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from umeed.kernel.refusals import Refusal

# A datetime (which is a date) stands only where the cell has a time of day other than midnight.
Cell = str | int | float | date | None


class Row(NamedTuple):
    """One filled row. `number` is the row as Excel counts it; `cells` are as many as the sheet has headings."""

    number: int
    cells: tuple[Cell, ...]


class Merge(NamedTuple):
    """Cells shown as one: rows as Excel counts them, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class RawSheet:
    """A sheet as its file format gives it, before headings are looked for.

    rows     gives (row number, cells) anew at every call; cells are not yet clean, blank rows may be left out
    member   the file inside a zip that it came from, '' when there is none
    """

    title: str
    rows: Callable[[], Iterator[tuple[int, list[object]]]]
    merges: tuple[Merge, ...] = ()
    formulas: frozenset[int] = frozenset()
    errors: frozenset[int] = frozenset()
    member: str = ""
    notes: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One table.

    title       unique in its book
    headings    one for each column, unique, never empty
    rows        a new stream at every asking; empty rows and lines below the table are not in it
    row_count   rows in that stream
    header_row  the (last) row of headings, as Excel counts it; data begin after it
    last_row    the last row of data, as Excel counts it
    above       texts above the headings (a title, a State, a date), below: texts under the table
    member      the file inside a zip that it came from, '' when there is none
    notes       what was done or seen while reading (severity 'warn')
    """

    title: str
    headings: tuple[str, ...]
    row_count: int
    header_row: int
    last_row: int
    stream: Callable[[], Iterator[Row]] = field(repr=False, compare=False)
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    member: str = ""
    notes: tuple[Refusal, ...] = ()

    @property
    def rows(self) -> Iterator[Row]:
        return self.stream()


@dataclass(frozen=True)
class Book:
    """The sheets of a file that hold a table, in the file's order; `notes` say what was left out."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Refusal, ...] = ()

    def sheet(self, title: str) -> Sheet:
        """Return the sheet of that title; KeyError when there is none."""
        for each in self.sheets:
            if each.title == title:
                return each
        raise KeyError(title)
