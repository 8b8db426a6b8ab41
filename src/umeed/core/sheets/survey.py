"""From a raw sheet to a table: headings found, lines above and below set apart, rows counted, notes taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from umeed.core.sheets import headings
from umeed.core.sheets.book import Cell, Merge, RawSheet, Row, Sheet
from umeed.core.sheets.cells import clean, filled_span, letters
from umeed.core.sheets.limits import Limits
from umeed.core.sheets.reasons import Unreadable, note
from umeed.kernel.money import grouped
from umeed.kernel.refusals import Refusal

_NARROW = 3  # a table of fewer columns cannot tell a line of text below it from a row
_TEXT_SHOWN = 80

_Raw = tuple[int, list[object]]


@dataclass
class _Counts:
    """What one walk through the data rows found."""

    rows: int = 0
    last_row: int = 0
    width: int = 0
    empty: int = 0
    below: list[tuple[int, str]] = field(default_factory=list)


def _numbered(raw: RawSheet) -> Iterator[_Raw]:
    """Give the filled rows only."""
    return ((number, cells) for number, cells in raw.rows() if filled_span(cells) is not None)


def _count(rows: Iterator[_Raw], after: int, wide: frozenset[int], narrow: bool) -> _Counts:
    """Count the data rows; lone texts after an empty row, or stretched over the table, may stand below it."""
    counts, previous = _Counts(), after
    for number, cells in rows:
        span = filled_span(cells)
        if span is None:
            continue
        lone = span[0] == span[1] and not narrow
        if lone and (number > previous + 1 or counts.below or number in wide):
            counts.below.append((number, str(clean(cells[span[0]]))))
        else:
            counts.rows += 1 + len(counts.below)
            counts.empty += number - counts.last_row - 1 - len(counts.below) if counts.last_row else 0
            counts.last_row = number
            counts.below.clear()
            counts.width = max(counts.width, span[1] + 1)
        previous = number
    return counts


def _stretched(merges: Sequence[Merge], width: int) -> frozenset[int]:
    """Return the rows that hold a text stretched over most of the table."""
    return frozenset(m.top for m in merges if m.right - m.left + 1 > max(width / 2, 1))


def _texts_above(rows: Sequence[tuple[int, Sequence[Cell]]], top: int) -> tuple[str, ...]:
    return tuple(str(cell) for number, cells in rows if number < top for cell in cells if cell is not None)


def _columns(columns: frozenset[int]) -> str:
    return ", ".join(letters(column) for column in sorted(columns))


def _notes(raw: RawSheet, found: headings.Headings, counts: _Counts, above: tuple[str, ...]) -> Iterator[Refusal]:
    yield from raw.notes
    if above:
        yield note("lines_above", row=found.top)
    yield from found.notes
    if raw.formulas:
        yield note("formulas", columns=_columns(raw.formulas))
    if raw.errors:
        yield note("error_cells", columns=_columns(raw.errors))
    if counts.empty:
        yield note("empty_rows", count=grouped(counts.empty))
    if counts.below:
        yield note("lines_below", text=" · ".join(text for _, text in counts.below)[:_TEXT_SHOWN])


def _stream(raw: RawSheet, after: int, last: int, width: int) -> Iterator[Row]:
    padding = (None,) * width
    for number, cells in raw.rows():
        if number <= after:
            continue
        if number > last:
            return
        if filled_span(cells) is not None:
            row = tuple([clean(cell) for cell in cells[:width]])
            yield Row(number, row + padding[len(row) :])


def surveyed(raw: RawSheet, limits: Limits) -> Sheet | None:
    """Return the table of a raw sheet, or None for an empty sheet; Unreadable 'no_headings' or a limit passed."""
    rows = _numbered(raw)
    first = list(islice(rows, headings.LOOKED_AT))
    if not first:
        return None
    cleaned = [(number, [clean(cell) for cell in cells]) for number, cells in first]
    found = headings.find(cleaned, raw.merges)
    if found is None:
        raise Unreadable("no_headings")
    width = len(found.names)
    rest = ((number, cells) for number, cells in chain(first, rows) if number > found.bottom)
    counts = _count(rest, found.bottom, _stretched(raw.merges, width), width < _NARROW)
    if counts.width > limits.columns:
        raise Unreadable("too_many_columns", sheet=raw.title, count=counts.width, most=limits.columns)
    if counts.width > width:
        names, more = headings.named(found.names, counts.width)
        found = headings.Headings(names, found.top, found.bottom, (*found.notes, *more))
    above = _texts_above(cleaned, found.top)
    return Sheet(
        title=raw.title,
        headings=found.names,
        row_count=counts.rows,
        header_row=found.bottom,
        last_row=counts.last_row or found.bottom,
        stream=lambda: _stream(raw, found.bottom, counts.last_row, len(found.names)),
        above=above,
        below=tuple(text for _, text in counts.below),
        member=raw.member,
        notes=tuple(_notes(raw, found, counts, above)),
    )
