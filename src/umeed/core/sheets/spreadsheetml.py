"""SpreadsheetML 2003: the XML that the Local Government Directory and many portals give out under the ending .xls.

Cells keep the type the file gives them: a code written as text ('00236400') stays text with its zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from umeed.core.sheets.book import Merge, RawSheet
from umeed.core.sheets.limits import Limits
from umeed.core.sheets.reasons import Unreadable

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_ROW, _CELL, _DATA, _SHEET = (f"{_SS}{tag}" for tag in ("Row", "Cell", "Data", "Worksheet"))
_NAME, _INDEX, _TYPE, _FORMULA = (f"{_SS}{name}" for name in ("Name", "Index", "Type", "Formula"))
_ACROSS, _DOWN = f"{_SS}MergeAcross", f"{_SS}MergeDown"

_Rows = list[tuple[int, list[object]]]


def _number(element: Any, attribute: str) -> int | None:
    """Return a positive whole number of an attribute, or None when it is absent or not one."""
    text = element.get(attribute)
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else None


def _value(data: Any) -> object:
    """Return the value of a Data element by the type it declares; what does not fit its type stays text."""
    text = "".join(data.itertext()) if len(data) else data.text or ""
    kind = data.get(_TYPE)
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.fromisoformat(text)
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() == "1"
    return None if kind == "Error" else text


class _Table:
    """One worksheet while it is being read."""

    def __init__(self, title: str, limits: Limits) -> None:
        self.title, self.limits = title, limits
        self.rows: _Rows = []
        self.merges: list[Merge] = []
        self.formulas: set[int] = set()
        self.errors: set[int] = set()
        self.next_row = 1
        self.cells = 0

    def add(self, row: Any) -> None:
        number = _number(row, _INDEX) or self.next_row
        self.next_row = number + 1
        if number > self.limits.rows:
            raise Unreadable("too_many_rows", sheet=self.title, most=self.limits.rows)
        cells: list[object] = []
        for cell in row.iterfind(_CELL):
            self._add_cell(number, cells, cell)
        self.cells += len(cells)
        if self.cells > self.limits.cells:
            raise Unreadable("too_many_cells", sheet=self.title, rows=number, columns=len(cells))
        if cells:
            self.rows.append((number, cells))

    def _add_cell(self, number: int, cells: list[object], cell: Any) -> None:
        given = cell.attrib
        at = (_number(cell, _INDEX) or len(cells) + 1) - 1
        if _ACROSS in given or _DOWN in given:
            down, across = _number(cell, _DOWN) or 0, _number(cell, _ACROSS) or 0
            self.merges.append(Merge(number, at, number + down, at + across))
        data = cell.find(_DATA)
        if data is None:
            return
        if at >= self.limits.columns:
            raise Unreadable("too_many_columns", sheet=self.title, count=at + 1, most=self.limits.columns)
        cells.extend([None] * (at - len(cells)))
        cells[at:] = [_value(data)]
        if _FORMULA in given:
            self.formulas.add(at)
        if data.get(_TYPE) == "Error":
            self.errors.add(at)

    def sheet(self, member: str) -> RawSheet:
        rows = self.rows
        return RawSheet(
            title=self.title,
            rows=lambda: iter(rows),
            merges=tuple(self.merges),
            formulas=frozenset(self.formulas),
            errors=frozenset(self.errors),
            member=member,
        )


def _tables(data: bytes, name: str, limits: Limits) -> Iterator[_Table]:
    """Read only where elements end (half the events): a worksheet's own title comes with its end."""
    table = _Table(name, limits)
    for _event, element in iterparse(BytesIO(data), events=("end",), forbid_dtd=True):
        if element.tag == _ROW:
            table.add(element)
            element.clear()
        elif element.tag == _SHEET:
            table.title = element.get(_NAME) or name
            yield table
            element.clear()
            table = _Table(name, limits)


def sheets_of(data: bytes, name: str, limits: Limits, member: str = "") -> list[RawSheet]:
    """Return the worksheets of a file called `name`; Unreadable 'unsafe_xml', 'damaged' or a limit passed."""
    try:
        return [table.sheet(member) for table in _tables(data, name, limits)]
    except DefusedXmlException as error:
        raise Unreadable("unsafe_xml") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("damaged") from error
