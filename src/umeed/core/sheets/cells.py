"""Cells made clean: text trimmed and free of control marks, whole numbers as int, dates as dates, nothing as None."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from umeed.core.sheets.book import Cell

# Excel keeps 15 digits of a number: larger ones stay float, so that no reader takes them for exact.
_EXACT = 10**15

# What Excel, LibreOffice and Google Sheets take for the start of a formula (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|_x000[dD]_|\ufeff")
_EDGES = " \t\r\n\u00a0\u200b\u200e\u200f\u2028\u2029\u3000"


def _text(value: str) -> Cell:
    value = value.strip(_EDGES)
    if not value:
        return None
    if not value.isprintable():
        value = _CONTROL.sub("", value).replace("\r\n", "\n").strip(_EDGES)
    elif "_x000" in value:
        value = _CONTROL.sub("", value).strip(_EDGES)
    return value or None


def _float(value: float) -> Cell:
    if value != value or value in (float("inf"), float("-inf")):
        return None
    return int(value) if -_EXACT < value < _EXACT and value.is_integer() else value


def _datetime(value: datetime) -> Cell:
    return value.date() if value.time() == time() else value


def _bool(value: bool) -> Cell:
    return "TRUE" if value else "FALSE"


def _as_it_is(value: Any) -> Cell:
    return value  # type: ignore[no-any-return]


_BY_TYPE: dict[type, Callable[[Any], Cell]] = {
    str: _text,
    float: _float,
    int: _as_it_is,
    bool: _bool,
    date: _as_it_is,
    datetime: _datetime,
    time: lambda value: str(value.isoformat("minutes")),
    timedelta: str,
    type(None): _as_it_is,
}


def clean(value: object) -> Cell:
    """Return one cell clean; an empty one as None."""
    return _BY_TYPE.get(type(value), lambda other: _text(str(other)))(value)


def is_empty(value: object) -> bool:
    """Say, more quickly than `clean`, whether a cell holds nothing."""
    return value is None or value == "" or (isinstance(value, str) and clean(value) is None)


def filled_span(cells: Sequence[object]) -> tuple[int, int] | None:
    """Return (first, last) index of the filled cells, or None for an empty row."""
    last = len(cells) - 1
    while last >= 0 and is_empty(cells[last]):
        last -= 1
    if last < 0:
        return None
    first = 0
    while is_empty(cells[first]):
        first += 1
    return first, last


def letters(column: int) -> str:
    """Return the letters Excel shows above a column counted from 0: 0 → 'A', 27 → 'AB'."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(text: str) -> int:
    """Return the column, counted from 0, that Excel calls `text`: 'A' → 0, 'AB' → 27."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
