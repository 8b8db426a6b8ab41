"""Lays tables out for print: how wide each column is, and two sides of an account in one ruling."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from umeed.core.papers import written
from umeed.core.papers.shapes import Column, Row, Sides, Table

# Widths in em of the letters that papers are set in, on the safe side. What stands above or below takes none.
_DIGIT, _POINT, _LATIN, _DEVANAGARI, _ARABIC, _BLANK = 0.58, 0.29, 0.57, 0.62, 0.5, 0.27
_INSET = 1.0
_NARROWEST, _WIDEST = 5.0, 30.0
_SMALLEST = 0.62
# Two sides are set beside each other while their letters need not become smaller than this.
_SIDES_SMALLEST = 0.74
# What sums up at a table's end.
ENDINGS = frozenset({"total", "subtotal", "closing"})


@dataclass(frozen=True, slots=True)
class Part:
    """A line's cells of one table: one cell where it is a heading."""

    kind: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A table as it is ruled: columns with widths, lines of one part or, of two sides, two."""

    title: str
    titles: list[str]
    columns: list[list[dict[str, Any]]]
    lines: list[list[Part]]
    notes: list[str]
    empty: str
    size: float


def rulings(tables: Sequence[Table | Sides], line: float) -> Iterator[Ruling]:
    """Each table ready to be ruled on lines of so many em; sides that do not fit beside each other follow in turn."""
    for table in tables:
        if isinstance(table, Table):
            yield _ruled(written.plain(table.title), [table], line)
            continue
        both = [table.first, table.second]
        beside = _ruled(written.plain(table.title), both, line)
        if beside.size >= _SIDES_SMALLEST:
            yield beside
        else:
            title = written.plain(table.title)
            for side in both:
                named = " · ".join(part for part in (title, written.plain(side.title)) if part)
                yield _ruled(named, [side], line)


def _ruled(title: str, tables: Sequence[Table], line: float) -> Ruling:
    parts = [[_part(table.columns, row) for row in table.rows] for table in tables]
    widths = [_widths(table.columns, rows) for table, rows in zip(tables, parts, strict=True)]
    needed = sum(least for side in widths for least, _wish in side)
    size = max(_SMALLEST, min(1.0, line / needed))
    return Ruling(
        title=title,
        titles=[written.plain(table.title) for table in tables] if len(tables) > 1 else [],
        columns=[
            _columns(table.columns, side, needed * size > line) for table, side in zip(tables, widths, strict=True)
        ],
        lines=_lines(tables, parts),
        notes=[note for table in tables if (note := written.plain(table.note))],
        empty=next((said for table in tables if (said := written.plain(table.empty))), ""),
        size=round(size, 3),
    )


def _part(columns: Sequence[Column], row: Row) -> Part:
    if row.kind == "heading":
        return Part(row.kind, [written.cell(row.cells[0], "text")])
    return Part(row.kind, [written.cell(v, c.kind) for c, v in zip(columns, row.cells, strict=True)])


def _lines(tables: Sequence[Table], parts: Sequence[Sequence[Part]]) -> list[list[Part]]:
    """The lines of tables beside each other: the shorter is left blank above what sums it up, so that totals meet."""
    most = max((len(rows) for rows in parts), default=0)
    filled = []
    for table, rows in zip(tables, parts, strict=True):
        body = next((n for n in range(len(rows), 0, -1) if rows[n - 1].kind not in ENDINGS), 0)
        blank = Part("normal", [""] * len(table.columns))
        filled.append([*rows[:body], *[blank] * (most - len(rows)), *rows[body:]])
    return [list(line) for line in zip(*filled, strict=True)]


# Widths -------------------------------------------------------------------------------------------------------------


def em(text: str) -> float:
    """About how wide a text is, in em: a little more than it will be."""
    return sum(_letter(letter) for letter in text)


def _letter(letter: str) -> float:
    if letter.isdigit():
        return _DIGIT
    if letter in ",.:;'|()[]-/":
        return _POINT
    if letter.isspace():
        return _BLANK
    if unicodedata.category(letter) in ("Mn", "Cf"):
        return 0.0
    code = ord(letter)
    return _DEVANAGARI if 0x900 <= code < 0x980 else _ARABIC if 0x600 <= code < 0x780 else _LATIN


def _longest_word(text: str) -> float:
    return max((em(word) for word in text.split()), default=0.0)


def _widths(columns: Sequence[Column], parts: Sequence[Part]) -> list[tuple[float, float]]:
    """For each column the least width that it can do with, and the width that it wishes for."""
    whole = [part.cells for part in parts if part.kind != "heading"]
    cells = list(zip(*whole, strict=True)) if whole else [()] * len(columns)
    return [_width(column, texts) for column, texts in zip(columns, cells, strict=True)]


def _width(column: Column, texts: Sequence[str]) -> tuple[float, float]:
    heading = min(_longest_word(written.plain(column.title)) * 1.08, 9.0)
    if column.kind != "text":
        # Numbers and days keep to one line; only words among them (“Total”) may take more.
        widest = max((em(text) for text in texts), default=0.0) * 1.04
        least = max(heading, min(widest, 14.0)) + _INSET
        return least, least
    longest = max((em(text) for text in texts), default=0.0)
    wish = column.width * _LATIN if column.width else longest
    words = max((_longest_word(text) for text in texts), default=0.0)
    least = max(heading, min(words, 9.0), min(wish, _NARROWEST)) + _INSET
    return least, max(least, min(wish, _WIDEST) + _INSET)


def _columns(columns: Sequence[Column], widths: Sequence[tuple[float, float]], crowded: bool) -> list[dict[str, Any]]:
    """What the page needs to know of each column: those of numbers fixed, those of text sharing what is left."""
    shared = crowded or all(column.kind != "text" for column in columns)
    return [
        {
            "title": written.plain(column.title),
            "number": column.is_number,
            "em": None if shared or column.kind == "text" else round(least, 2),
            "fr": round(wish, 2),
        }
        for column, (least, wish) in zip(columns, widths, strict=True)
    ]
