"""Finding the row that names the columns: under title rows, perhaps over two rows with merged cells.

The heading row is the first that fills most of the table's width with short texts of several kinds. Rows above it are
titles. What merges downwards from it, stretches over several columns in it, or stands in brackets under it belongs to
it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from umeed.core.sheets.book import Cell, Merge
from umeed.core.sheets.cells import letters
from umeed.core.sheets.reasons import note
from umeed.kernel.refusals import Refusal

LOOKED_AT = 60  # filled rows among which the headings must be

_FILLED = 0.6  # of the widest row
_TEXTS = 0.7  # of the filled cells
_LONGEST, _AVERAGE = 300, 90  # characters
_DEEPEST = 3  # rows
_LETTER = re.compile(r"[^\W\d_]")
_DATED = re.compile(r"\d{1,4}[-/._ ]\w{1,9}[-/._ ]\d{2,4}")

_Rows = Sequence[tuple[int, Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Headings:
    """The names of the columns and where they stand: rows `top` to `bottom` as Excel counts them."""

    names: tuple[str, ...]
    top: int
    bottom: int
    notes: tuple[Refusal, ...]


def _spread(number: int, cells: Sequence[Cell], merges: Sequence[Merge]) -> list[Cell]:
    """Return a row with the text of each merged cell in all columns it stretches over."""
    row = list(cells)
    for merge in merges:
        if merge.top == number and merge.right > merge.left and merge.left < len(row):
            end = min(merge.right + 1, 1000)
            row.extend([None] * (end - len(row)))
            row[merge.left : end] = [row[merge.left]] * (end - merge.left)
    return row


def _is_name(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_LETTER.search(cell)) and not _DATED.fullmatch(cell)


def _names_columns(row: Sequence[Cell], width: int) -> bool:
    """Say whether a row can be the headings of a table `width` cells wide."""
    filled = [cell for cell in row if cell is not None]
    if len(filled) < max(min(width, 2), ceil(_FILLED * width)):
        return False
    names = [cell for cell in filled if isinstance(cell, str) and _is_name(cell)]
    if len(names) < _TEXTS * len(filled):
        return False
    lengths = [len(name) for name in names]
    if max(lengths) > _LONGEST or sum(lengths) > _AVERAGE * len(lengths):
        return False
    return len(set(filled)) > 1 or width == 1


def _bottom(at: int, rows: _Rows, merges: Sequence[Merge]) -> int:
    """Return the number of the last row of the headings that begin with rows[at]."""
    top = rows[at][0]
    here = [merge for merge in merges if merge.top == top]
    deepest = max((merge.bottom for merge in here), default=top)
    if deepest > top:
        return min(deepest, top + _DEEPEST - 1)
    if at + 1 == len(rows) or rows[at + 1][0] != top + 1:
        return top
    below = [cell for cell in rows[at + 1][1] if cell is not None]
    if below and all(isinstance(cell, str) and cell.startswith(("(", "[")) for cell in below):
        return top + 1
    return top + 1 if _divides(rows[at + 1][1], here) else top


def _divides(below: Sequence[Cell], merges: Sequence[Merge]) -> bool:
    """Say whether a row names each column under headings that stretch over several."""
    under = [column for merge in merges if merge.right > merge.left for column in range(merge.left, merge.right + 1)]
    if not under:
        return False
    names = [below[column] if column < len(below) else None for column in under]
    others = [cell for column, cell in enumerate(below) if column not in under and cell is not None]
    return all(_is_name(name) for name in names) and all(_is_name(cell) for cell in others)


def _joined(rows: Sequence[Sequence[Cell]], width: int) -> list[str]:
    """Return one text a column from the rows of headings, top to bottom, what repeats left out."""
    names = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            cell = row[column] if column < len(row) else None
            text = " ".join(str(cell).split()) if cell is not None else ""
            if text and text not in parts[-1:]:
                parts.append(text)
        names.append(" ".join(parts))
    return names


def named(texts: Sequence[str], width: int) -> tuple[tuple[str, ...], list[Refusal]]:
    """Return `width` names, one a column, none empty and none twice, and notes on what had to be named."""
    texts = [*texts, *[""] * (width - len(texts))]
    taken = {text for text in texts if text}
    names: list[str] = []
    nameless: list[str] = []
    notes: list[Refusal] = []
    for column, text in enumerate(texts):
        wanted = text or f"Column {letters(column)}"
        name, count = wanted, 1
        while name in names or (name in taken and name != text):
            count += 1
            name = f"{wanted} ({count})"
        if not text:
            nameless.append(letters(column))
        elif name != text:
            notes.append(note("headings_repeated", heading=text, column=letters(column), name=name))
        names.append(name)
    if nameless:
        notes.append(note("headings_missing", columns=", ".join(nameless)))
    return tuple(names), notes


def find(rows: _Rows, merges: Sequence[Merge]) -> Headings | None:
    """Return the headings among the first filled rows of a sheet [(number, clean cells)], or None."""
    width = max((sum(cell is not None for cell in cells) for _, cells in rows), default=0)
    by_number = dict(rows)
    for at, (number, cells) in enumerate(rows):
        row = _spread(number, cells, merges)
        if not _names_columns(row, width) or _is_title(number, merges, width):
            continue
        bottom = _bottom(at, rows, merges)
        parts = [_spread(n, by_number.get(n, ()), merges) for n in range(number, bottom + 1)]
        texts = _joined(parts, max(map(len, parts)))
        while not texts[-1]:
            texts.pop()
        names, notes = named(texts, len(texts))
        if bottom > number:
            example = next((name for name in names if " " in name and "(" in name), names[-1])
            notes.insert(0, note("headings_joined", example=example))
        return Headings(names, number, bottom, tuple(notes))
    return None


def _is_title(number: int, merges: Sequence[Merge], width: int) -> bool:
    """Say whether the row holds one text stretched over most of the table."""
    return any(m.top == number and m.right - m.left + 1 >= max(_FILLED * width, 2) and m.left == 0 for m in merges)
