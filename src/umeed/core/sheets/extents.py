"""How far the sheets of a workbook reach, found without building them: the guard before calamine.

XLSX: one search over the XML for cell references, which also tells the columns with formulas and errors. XLSB: the
record headers ([MS-XLSB] 2.1.4). ODS: rows and cells with their repetitions (OpenDocument 1.2, 9.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from umeed.core.sheets.cells import column_of
from umeed.core.sheets.reasons import Unreadable
from umeed.core.sheets.zips import Zip


@dataclass(frozen=True, slots=True)
class Extent:
    """Rows and columns up to the last filled cell; columns (from 0) that hold formulas and errors."""

    rows: int = 0
    columns: int = 0
    formulas: frozenset[int] = frozenset()
    errors: frozenset[int] = frozenset()


# --- XLSX -------------------------------------------------------------------------------------------------------

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# A cell's tag, its reference first as every common program writes it; a tag that begins otherwise matches without one.
# The tags of some programs have a prefix (<x:c …>); looking for one everywhere would be three times slower.
_REST = rb'c(?:\s+r="([A-Z]{1,3})(\d{1,7})"([^>]*)>|[\s>/])'
_CELL, _PREFIXED_CELL = re.compile(rb"<" + _REST), re.compile(rb"<(?:\w+:)?" + _REST)
_FORMULA = re.compile(rb'\br="([A-Z]{1,3})\d+"[^>]*>\s*<(?:\w+:)?f[\s>/]')
_ERROR = re.compile(rb'\br="([A-Z]{1,3})\d+"[^>]*\bt="e"')
_LONGEST_TAG = 4 * 1024 * 1024


def _whole_tags(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give the pieces cut after a tag; each begins with the last tag of the one before, to see the formula after it."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        end = text.rfind(b">") + 1
        yield text[:end]
        rest = text[max(text.rfind(b"<", 0, end), 0) :]
        if len(rest) > _LONGEST_TAG:
            raise Unreadable("unusual")


def _is_closed(attributes: bytes) -> bool:
    """Say whether a tag with these attributes ends in '/>', so that its cell is empty (a '/' within quotes is none)."""
    return attributes.endswith(b"/") and attributes.count(b'"') % 2 == 0 and b"'" not in attributes


def in_xlsx_part(pieces: Iterator[bytes]) -> Extent:
    """Return the extent of one worksheet part.

    Raises Unreadable: 'unsafe_xml' when it brings definitions, 'unusual' when cells do not say where they stand.
    """
    rows, columns = {b"0"}, set[bytes]()
    formulas, errors = set[bytes](), set[bytes]()
    for at, text in enumerate(_whole_tags(pieces)):
        if at == 0 and b"<!DOCTYPE" in text[:4096]:
            raise Unreadable("unsafe_xml")
        cells = (_PREFIXED_CELL if b":c" in text else _CELL).findall(text)
        filled = [cell for cell in cells if cell[2][-1:] != b"/" or not _is_closed(cell[2])]
        columns.update({cell[0] for cell in filled})
        if b"" in columns or b"\0" in text:
            raise Unreadable("unusual")
        rows = {max(rows.union({cell[1] for cell in filled}), key=int)}
        if b"<f" in text or b":f" in text:
            formulas.update(_FORMULA.findall(text))
        if b't="e"' in text:
            errors.update(_ERROR.findall(text))
    widest = max((column_of(name.decode()) for name in columns), default=-1)
    return Extent(int(rows.pop()), widest + 1, _columns(formulas), _columns(errors))


def _columns(names: set[bytes]) -> frozenset[int]:
    return frozenset(column_of(name.decode()) for name in names)


def ooxml_parts(packed: Zip, kind: str) -> dict[str, str]:
    """Return {part: sheet title} of a workbook: xl/worksheets/sheet1.xml → 'Members'. XLSB keeps titles in binary."""
    relations = f"xl/_rels/workbook.{'xml' if kind == 'xlsx' else 'bin'}.rels"
    if relations not in packed:
        raise Unreadable("damaged")
    try:
        targets = {
            each.get("Id"): each.get("Target", "") for each in fromstring(packed.read(relations), forbid_dtd=True)
        }
        paths = {key: path.lstrip("/") if path.startswith("/") else f"xl/{path}" for key, path in targets.items()}
        if kind == "xlsb":
            return {path: path for path in paths.values() if "worksheets/" in path}
        book = fromstring(packed.read("xl/workbook.xml"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("unsafe_xml") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("damaged") from error
    sheets = [each for each in book.iter() if each.tag.endswith("}sheet")]
    return {paths[each.get(_RELATION)]: each.get("name", "") for each in sheets if each.get(_RELATION) in paths}


# --- XLSB -------------------------------------------------------------------------------------------------------

_BRT_ROW_HEADER = 0
_BRT_CELLS = range(2, 12)  # BrtCellRk … BrtFmlaError; BrtCellBlank (1) holds nothing
_BRT_FORMULAS = range(8, 12)


def _variable(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Return (value, next position) of a number kept in 7-bit groups."""
    value = 0
    for n in range(most):
        byte = data[at + n]
        value |= (byte & 0x7F) << (7 * n)
        if not byte & 0x80:
            return value, at + n + 1
    return value, at + most


def in_xlsb_part(pieces: Iterator[bytes]) -> Extent:
    """Return the extent of one binary worksheet part."""
    data = b"".join(pieces)
    at = row = last_row = width = 0
    formulas = set()
    try:
        while at < len(data):
            kind, at = _variable(data, at, 2)
            size, at = _variable(data, at, 4)
            if kind == _BRT_ROW_HEADER:
                row = int.from_bytes(data[at : at + 4], "little") + 1
            elif kind in _BRT_CELLS:
                column = int.from_bytes(data[at : at + 4], "little")
                last_row, width = max(last_row, row), max(width, column + 1)
                if kind in _BRT_FORMULAS:
                    formulas.add(column)
            at += size
    except IndexError as error:
        raise Unreadable("damaged") from error
    return Extent(last_row, width, frozenset(formulas))


# --- ODS --------------------------------------------------------------------------------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_CELL_TAGS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def _repeated(element: object, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")  # type: ignore[attr-defined]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


class _OdsTable:
    """One table of an ODS file while it is being measured."""

    def __init__(self) -> None:
        self.rows = self.width = self.next_row = 0
        self.formulas: set[int] = set()

    def add(self, row: object) -> None:
        repeated, column = _repeated(row, "rows"), 0
        filled = False
        for cell in row:  # type: ignore[attr-defined]
            if cell.tag not in _CELL_TAGS:
                continue
            across = _repeated(cell, "columns")
            if cell.get(_VALUE_TYPE) or len(cell):
                filled = True
                self.width = max(self.width, column + across)
            if cell.get(f"{_TABLE}formula"):
                self.formulas.update(range(column, min(column + across, column + 1000)))
            column += across
        self.next_row += repeated
        if filled:
            self.rows = self.next_row


def in_ods(packed: Zip) -> dict[str, Extent]:
    """Return {sheet title: extent} of an OpenDocument spreadsheet."""
    for name in packed.names:
        if name != "content.xml":
            for _piece in packed.pieces(name):
                pass
    extents: dict[str, Extent] = {}
    title, table = "", _OdsTable()
    try:
        for event, element in iterparse(BytesIO(packed.read("content.xml")), events=("start", "end"), forbid_dtd=True):
            if event == "start" and element.tag == f"{_TABLE}table":
                title, table = element.get(f"{_TABLE}name", ""), _OdsTable()
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                table.add(element)
                element.clear()
            elif event == "end" and element.tag == f"{_TABLE}table":
                extents[title] = Extent(table.rows, table.width, frozenset(table.formulas))
    except DefusedXmlException as error:
        raise Unreadable("unsafe_xml") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("damaged") from error
    return extents
