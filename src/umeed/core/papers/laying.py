"""Lays tables out for print: how wide each column is, and two sides of an account in one ruling."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from umeed.core.papers import written
from umeed.core.papers.shapes import Column, Row, Sides, Table

# Widths in em of the letters that papers are set in, on the safe side. What stands above or below takes none.
_DIGIT, _POINT, _LATIN, _DEVANAGARI, _ARABIC, _BLANK = 0.58, 0.29, 0.57, 0.62, 0.5, 0.27
# Of Latin letters those that are wider than most: “Came”, “Owed” and “Women” stand alone at the head of narrow columns.
_BROAD = {**dict.fromkeys("mwMW", 0.95), **dict.fromkeys("ABCDGHKNOPQRSUVXZ", 0.7)}
_INSET = 1.0
_NARROWEST, _WIDEST = 5.0, 30.0
_SMALLEST = 0.62
# So that a long text takes about so many lines, letters become as small as this, but no smaller.
_LINES_OF_TEXT, _SMALLER_FOR_TEXT = 4, 0.85
_WIDEST_FOR_TEXT = 15.0
# A cell of more letters than this may go on on the next page.
_LONG = 400
# Two sides are set beside each other while their letters need not become smaller than this.
_SIDES_SMALLEST = 0.74
# What sums up at a table's end.
ENDINGS = frozenset({"total", "subtotal", "closing"})


@dataclass(frozen=True, slots=True)
class Part:
    """A line's cells of one table: one cell where it is a heading. The first one `spans` two columns where words stand
    under the heading of days or numbers and nothing stands beside them: “Closing balance”."""

    kind: str
    cells: list[str]
    spans: int = 1
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """A table as it is ruled: columns with widths, lines of one part or, of two sides, two. The last `together` of them
    stay on one page, so that no sum stands alone."""

    title: str
    titles: list[str]
    columns: list[list[dict[str, Any]]]
    lines: list[list[Part]]
    notes: list[str]
    empty: str
    size: float
    together: int


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
    needed = sum(column.least for side in widths for column in side)
    roomy = sum(column.room for side in widths for column in side)
    size = max(_SMALLEST, min(1.0, line / needed, max(line / roomy, _SMALLER_FOR_TEXT)))
    lines = _lines(tables, parts)
    return Ruling(
        title=title,
        titles=[written.plain(table.title) for table in tables] if len(tables) > 1 else [],
        columns=[
            _columns(table.columns, side, needed * size > line) for table, side in zip(tables, widths, strict=True)
        ],
        lines=lines,
        notes=[note for table in tables if (note := written.plain(table.note))],
        empty=next((said for table in tables if (said := written.plain(table.empty))), ""),
        size=round(size, 3),
        together=_together(lines),
    )


def _part(columns: Sequence[Column], row: Row) -> Part:
    if row.kind == "heading":
        return Part(row.kind, [written.cell(row.cells[0], "text")])
    cells = [written.cell(v, c.kind) for c, v in zip(columns, row.cells, strict=True)]
    is_words = row.kind != "normal" and columns[0].kind != "text" and isinstance(row.cells[0], str)
    is_alone = is_words and len(cells) > 1 and columns[1].kind == "text" and not cells[1]
    return Part(row.kind, cells, 2 if is_alone else 1, any(len(cell) > _LONG for cell in cells))


def _lines(tables: Sequence[Table], parts: Sequence[Sequence[Part]]) -> list[list[Part]]:
    """The lines of tables beside each other: the shorter is left blank above what sums it up, so that totals meet."""
    most = max((len(rows) for rows in parts), default=0)
    filled = []
    for table, rows in zip(tables, parts, strict=True):
        body = next((n for n in range(len(rows), 0, -1) if rows[n - 1].kind not in ENDINGS), 0)
        blank = Part("normal", [""] * len(table.columns))
        filled.append([*rows[:body], *[blank] * (most - len(rows)), *rows[body:]])
    return [list(line) for line in zip(*filled, strict=True)]


def _together(lines: Sequence[Sequence[Part]]) -> int:
    """How many lines at the end stay on one page: what sums up, with the line above it."""
    body = next((n for n in range(len(lines), 0, -1) if all(part.kind not in ENDINGS for part in lines[n - 1])), 0)
    is_short = not any(part.breaks for line in lines[max(body - 1, 0) :] for part in line)
    return len(lines) - body + 1 if 1 < body < len(lines) and is_short else 0


# Widths -------------------------------------------------------------------------------------------------------------


def em(text: str) -> float:
    """About how wide a text is, in em: a little more than it will be."""
    return sum(_letter(letter) for letter in text)


def _letter(letter: str) -> float:
    if letter in _BROAD:
        return _BROAD[letter]
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


class Width(NamedTuple):
    """The least width that a column can do with, the width in which a long text is no long list of lines, and the one
    that it wishes for."""

    least: float
    room: float
    wish: float


def _widths(columns: Sequence[Column], parts: Sequence[Part]) -> list[Width]:
    whole = [["", *part.cells[1:]] if part.spans > 1 else part.cells for part in parts if part.kind != "heading"]
    cells = list(zip(*whole, strict=True)) if whole else [()] * len(columns)
    return [_width(column, texts) for column, texts in zip(columns, cells, strict=True)]


def _width(column: Column, texts: Sequence[str]) -> Width:
    heading = min(_longest_word(written.plain(column.title)) * 1.08, 9.0)
    if column.kind != "text":
        # Numbers and days keep to one line; only words among them (“Total”) may take more.
        widest = max((em(text) for text in texts), default=0.0) * 1.04
        least = max(heading, min(widest, 14.0)) + _INSET
        return Width(least, least, least)
    longest = max((em(text) for text in texts), default=0.0)
    wish = column.width * _LATIN if column.width else longest
    words = max((_longest_word(text) for text in texts), default=0.0)
    least = max(heading, min(words, 9.0), min(wish, _NARROWEST)) + _INSET
    room = min(longest / _LINES_OF_TEXT, _WIDEST_FOR_TEXT) + _INSET
    return Width(least, max(least, room), max(least, min(wish, _WIDEST) + _INSET))


def _columns(columns: Sequence[Column], widths: Sequence[Width], crowded: bool) -> list[dict[str, Any]]:
    """What the page needs to know of each column: those of numbers fixed, those of text sharing what is left."""
    shared = crowded or all(column.kind != "text" for column in columns)
    return [
        {
            "title": written.plain(column.title),
            "number": column.is_number,
            "em": None if shared or column.kind == "text" else round(width.least, 2),
            "fr": round(width.wish, 2),
        }
        for column, width in zip(columns, widths, strict=True)
    ]
