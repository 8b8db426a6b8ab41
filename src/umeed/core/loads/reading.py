"""From a file to its sheets, and from a sheet's cells to rows under mapped keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from umeed.core.loads.headings import fitted
from umeed.core.loads.layouts import Layout, SheetRow, layout, layouts_for
from umeed.core.scope import Scope
from umeed.core.sheets import Book, Limits, Sheet, read_book
from umeed.kernel.refusals import Refusal

_SAMPLE_ROWS = 3
SAMPLE_LETTERS = 40

# {sheet title: {"kind": key in Layout.sheets, "columns": {column key: index of the heading}}}
Mapping_ = Mapping[str, Mapping[str, Any]]


def opened_book(path: Path, file_name: str) -> Book | list[Refusal]:
    """The sheets of a file, or every reason why it cannot be read."""
    return read_book(path, file_name, Limits(file_bytes=settings.UPLOAD_LIMIT_BYTES))


def found_in(book: Book) -> list[dict[str, Any]]:
    """[{title, headings, rows}] of a book: what the mapping page and the load remember of it."""
    return [
        {"title": sheet.title, "headings": [str(text) for text in sheet.headings], "rows": sheet.row_count}
        for sheet in book.sheets
    ]


def samples_of(book: Book) -> str:
    """The first cells of each column as JSON {title: [[text, …] a column]}; it is kept sealed."""
    return json.dumps({sheet.title: _first_cells(sheet) for sheet in book.sheets})


def _first_cells(sheet: Sheet) -> list[list[str]]:
    columns: list[list[str]] = [[] for _heading in sheet.headings]
    for count, row in enumerate(sheet.rows):
        if count == _SAMPLE_ROWS:
            break
        for texts, cell in zip(columns, row.cells, strict=False):
            if cell is not None:
                texts.append(str(cell)[:SAMPLE_LETTERS])
    return columns


def headings_of(found: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    return {sheet["title"]: sheet["headings"] for sheet in found}


def recognised_by(
    scope: Scope, file_name: str, found: Sequence[Mapping[str, Any]], wanted: str = ""
) -> tuple[Layout, Mapping[str, str]] | None:
    """The layout (the wanted one, or any that the person may load) that knows this book, and {title: kind}.

    When several know it, the one that finds a use for most of its columns wins: a list of women also has a name and a
    village code, as a list of villages has. Two that know it equally well leave the choice to the person: None.
    """
    headings = headings_of(found)
    asked = [layout(wanted)] if wanted else layouts_for(scope)
    answers = [(each, kinds) for each in asked if (kinds := each.recognises(file_name, headings))]
    answers.sort(key=lambda answer: -_used(*answer, headings))
    if len(answers) > 1 and _used(*answers[0], headings) == _used(*answers[1], headings):
        return None
    return answers[0] if answers else None


def _used(of: Layout, kinds: Mapping[str, str], headings: Mapping[str, Sequence[str]]) -> int:
    """How many columns of a book a layout can read."""
    return sum(len(fitted(of.sheets[kind], headings[title])) for title, kind in kinds.items() if kind in of.sheets)


def rows_of(book: Book, of: Layout, mapping: Mapping_) -> Iterator[SheetRow]:
    """The rows of the mapped sheets under mapped keys, sheets in the layout's order, rows in the file's."""
    for kind in of.sheets:
        for sheet in book.sheets:
            if mapping.get(sheet.title, {}).get("kind") == kind:
                yield from _rows_of_sheet(sheet, kind, mapping[sheet.title]["columns"])


def _rows_of_sheet(sheet: Sheet, kind: str, columns: Mapping[str, int]) -> Iterator[SheetRow]:
    for row in sheet.rows:
        cells = row.cells
        values = {key: cells[at] if at < len(cells) else None for key, at in columns.items()}
        if any(value is not None for value in values.values()):
            yield SheetRow(sheet.title, row.number, values, kind)


def row_count(book: Book, mapping: Mapping_) -> int:
    return sum(sheet.row_count for sheet in book.sheets if sheet.title in mapping)
