"""The way out: tables as XLSX and CSV, streamed, in which no text can become a formula and no code loses a zero."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import IO, Any

from umeed.core.sheets.cells import FORMULA_STARTS

_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_CELL = 32_767
_CUT = "… (cut)"
_EXACT = 10**15
_PIECE_CHARACTERS = 64 * 1024
# A moment is a date too, so it is asked for first.
_PATTERNS: tuple[tuple[type, str], ...] = ((datetime, "dd-mm-yyyy hh:mm"), (date, "dd-mm-yyyy"), (time, "hh:mm"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell that says how it is shown: a number or a day by its pattern (as a spreadsheet writes it), or bold."""

    value: object
    pattern: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class OutSheet:
    """A table to be written: `rows` may be a stream; a row may be shorter than the headings.

    widths  of columns, in letters; without them each is as wide as its heading
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[object]]
    right_to_left: bool = False
    widths: Sequence[float] = ()


class _Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Any] = {}

    def of(self, value: object) -> tuple[object, Any]:
        """The value of a cell and the format it is written in, None for a spreadsheet's own."""
        inner, pattern, bold = (
            (value.value, value.pattern, value.bold) if isinstance(value, Shown) else (value, "", False)
        )
        pattern = pattern or next((own for kind, own in _PATTERNS if isinstance(inner, kind)), "")
        return inner, self._format(pattern, bold) if pattern or bold else None

    def _format(self, pattern: str, bold: bool) -> Any:
        key = (pattern, bold)
        if key not in self._made:
            self._made[key] = self._book.add_format({"num_format": pattern or "General", "bold": bold})
        return self._made[key]


def _title(wanted: str, taken: set[str]) -> str:
    """Return a title Excel accepts: 31 characters, none of []:*?/\\, not the same as another but for its case."""
    base = _NOT_IN_TITLES.sub(" ", wanted).strip(" '") or "Sheet"
    name, count = base[:31], 1
    while name.lower() in taken or name.lower() == "history":  # Excel keeps that name for itself
        count += 1
        ending = f" ({count})"
        name = base[: 31 - len(ending)] + ending
    taken.add(name.lower())
    return name


def _text(value: object) -> str:
    text = _NOT_IN_XML.sub("", str(value))
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT


def _write_cell(sheet: Any, row: int, column: int, cell: object, formats: _Formats) -> None:
    """Write one cell by its type; text is always text, and numbers Excel would round are text too."""
    if cell is None or cell == "":
        return
    value, drawn = formats.of(cell)
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, drawn)
    elif isinstance(value, (int, float, Decimal, Fraction)) and -_EXACT < value < _EXACT:
        sheet.write_number(row, column, float(value) if isinstance(value, Fraction) else value, drawn)
    elif (isinstance(value, date) and value.year >= 1900) or isinstance(value, time):
        sheet.write_datetime(row, column, value, drawn)
    else:
        sheet.write_string(row, column, _text(value), drawn)


def _write_sheet(book: Any, out: OutSheet, taken: set[str], formats: _Formats, bold: Any) -> int:
    sheet = book.add_worksheet(_title(out.title, taken))
    if out.right_to_left:
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(out.headings):
        wide = out.widths[column] if column < len(out.widths) else len(str(heading)) + 2
        sheet.set_column(column, column, min(max(wide, 10), 40))
        sheet.write_string(0, column, _text(heading), bold)
    number = 0
    for number, row in enumerate(out.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, formats)
    return number


def write_book(target: str | os.PathLike[str] | IO[bytes], sheets: Iterable[OutSheet]) -> int:
    """Write tables as XLSX into a path or an open binary file and return how many rows were written.

    Rows go through temporary files, so that memory does not grow with them. Dates are real dates (25-01-2016).
    """
    import xlsxwriter  # here, not above: few processes ever write a workbook, and every start would wait for it

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    place = target if hasattr(target, "write") else os.fspath(target)
    with xlsxwriter.Workbook(place, options) as book:
        formats = _Formats(book)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        taken: set[str] = set()
        return sum([_write_sheet(book, out, taken, formats, bold) for out in sheets])


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bool, int, float, Decimal, Fraction)):
        return str(value)
    text = str(value).replace("\0", "")
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Give a table as CSV in pieces of bytes: UTF-8 with the mark that Excel needs, dates as 2016-01-25.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, which `read_book` takes off again.
    """
    buffer = StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([_csv_cell(heading) for heading in headings])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        if buffer.tell() > _PIECE_CHARACTERS:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")
