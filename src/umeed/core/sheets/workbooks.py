"""Real workbooks (XLSX, XLSB, XLS, ODS), read by calamine after the file has been looked through.

calamine keeps a sheet as one full rectangle up to its last filled cell, so a single cell far away would cost all of
the memory. Each format is therefore measured first (`extents`), and refused where the rectangle passes the limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from struct import unpack_from
from typing import Any

import python_calamine as calamine

from umeed.core.sheets.book import Merge, RawSheet
from umeed.core.sheets.cells import letters
from umeed.core.sheets.extents import Extent, in_ods, in_xlsb_part, in_xlsx_part, ooxml_parts
from umeed.core.sheets.limits import Limits
from umeed.core.sheets.reasons import Unreadable, note
from umeed.core.sheets.zips import Zip

_PASSWORD, _MACROS = ("EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le"))
_DOCUMENTS = ("WordDocument".encode("utf-16-le"), "PowerPoint Document".encode("utf-16-le"))
_XLS = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
# [MS-XLS] 2.4.21 BOF of a workbook (version 5 or 8), 2.4.117 FilePass
_WORKBOOK_STARTS = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
_FILEPASS = 0x002F


def check(extent: Extent, title: str, limits: Limits) -> None:
    """Raise Unreadable when a sheet reaches further than the limits allow."""
    if extent.columns > limits.columns:
        raise Unreadable("too_many_columns", sheet=title, count=extent.columns, most=limits.columns)
    if extent.rows > limits.rows:
        raise Unreadable("too_many_rows", sheet=title, most=limits.rows)
    if extent.rows * extent.columns > limits.cells:
        far = letters(extent.columns - 1)
        raise Unreadable("too_many_cells", sheet=title, rows=extent.rows, columns=far)


def kind_of_zip(packed: Zip) -> str:
    """Return 'xlsx', 'xlsb' or 'ods' for a workbook, 'document' for other office files, 'zip' for a plain zip."""
    if "[Content_Types].xml" in packed:
        for part, kind in (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb")):
            if part in packed:
                return kind
        return "document" if any(name.startswith(("word/", "ppt/")) for name in packed.names) else "zip"
    if "mimetype" in packed and "content.xml" in packed:
        return "ods" if packed.read("mimetype").strip().endswith(b"opendocument.spreadsheet") else "document"
    return "zip"


def from_zip(packed: Zip, kind: str, data: bytes, limits: Limits, member: str = "") -> list[RawSheet]:
    """Return the sheets of an XLSX, XLSB or ODS file."""
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in packed.names):
        raise Unreadable("macros")
    if kind == "ods":
        manifest = "META-INF/manifest.xml"
        if manifest in packed and b"encryption-data" in packed.read(manifest):
            raise Unreadable("password")
        extents = in_ods(packed)
    else:
        extents = _ooxml_extents(packed, kind)
    for title, extent in extents.items():
        check(extent, title, limits)
    return _sheets(data, extents, limits, member)


def _ooxml_extents(packed: Zip, kind: str) -> dict[str, Extent]:
    """Unpack and measure every part of the workbook; sheets by title."""
    titles = ooxml_parts(packed, kind)
    measure: Callable[[Iterator[bytes]], Extent] = in_xlsx_part if kind == "xlsx" else in_xlsb_part
    extents: dict[str, Extent] = {}
    for name in packed.names:
        pieces = packed.pieces(name)
        if name in titles or name.startswith("xl/worksheets/sheet"):
            extents[titles.get(name, name)] = measure(pieces)
        else:
            _no_definitions(name, pieces)
    return extents


def _no_definitions(name: str, pieces: Iterator[bytes]) -> None:
    for at, piece in enumerate(pieces):
        if at == 0 and b"<!DOCTYPE" in piece[:4096] and name.endswith((".xml", ".rels")):
            raise Unreadable("unsafe_xml")


def from_ole(data: bytes, limits: Limits, member: str = "") -> list[RawSheet]:
    """Return the sheets of an old XLS file (65,536 rows × 256 columns at most, by its format)."""
    if _PASSWORD in data:
        raise Unreadable("password")
    if any(name in data for name in _DOCUMENTS):
        raise Unreadable("a_document")
    if not any(name in data for name in _XLS):
        raise Unreadable("damaged" if _lacks_directory(data) else "not_a_spreadsheet")
    if _MACROS in data:
        raise Unreadable("macros")
    if _is_locked(data):
        raise Unreadable("password")
    return _sheets(data, {}, limits, member)


def _lacks_directory(data: bytes) -> bool:
    """Say whether an OLE file ends before the directory that its header points to ([MS-CFB] 2.2)."""
    if len(data) < 512:
        return True
    (shift,), (sector,) = unpack_from("<H", data, 30), unpack_from("<I", data, 48)
    return shift not in (9, 12) or (sector + 2) << shift > len(data)


def _is_locked(data: bytes) -> bool:
    """Say whether an XLS file is encrypted: a FILEPASS record stands among the first of its workbook stream."""
    at = next((found.start() for found in _WORKBOOK_STARTS.finditer(data) if found.start() % 512 == 0), len(data))
    for _ in range(4):
        if len(data) < at + 4:
            return False
        kind, size = unpack_from("<HH", data, at)
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def _answered(call: Callable[[], Any]) -> Any:
    """Return what calamine answers; its errors and the panics of its Rust code as Unreadable."""
    try:
        return call()
    except calamine.PasswordError as error:
        raise Unreadable("password") from error
    except Exception as error:
        raise Unreadable("damaged") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise Unreadable("damaged") from error
        raise


def _sheets(data: bytes, extents: dict[str, Extent], limits: Limits, member: str) -> list[RawSheet]:
    book = _answered(lambda: calamine.CalamineWorkbook.from_filelike(BytesIO(data)))
    if any(meta.typ == calamine.SheetTypeEnum.MacroSheet for meta in book.sheets_metadata):
        raise Unreadable("macros")
    tables = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    if len(tables) > limits.sheets:
        raise Unreadable("too_many_sheets", count=len(tables), most=limits.sheets)
    return [_sheet(book, meta, extents.get(meta.name, Extent()), limits, member) for meta in tables]


def _sheet(book: Any, meta: Any, extent: Extent, limits: Limits, member: str) -> RawSheet:
    if meta.visible != calamine.SheetVisibleEnum.Visible:
        return RawSheet(meta.name, lambda: iter(()), member=member, notes=(note("sheet_hidden", sheet=meta.name),))
    sheet = _answered(lambda: book.get_sheet_by_name(meta.name))
    check(Extent(sheet.total_height, sheet.total_width), meta.name, limits)
    merges = sheet.merged_cell_ranges or ()
    return RawSheet(
        title=meta.name,
        rows=lambda: _rows(sheet),
        merges=tuple(Merge(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in merges),
        formulas=extent.formulas,
        errors=extent.errors,
        member=member,
    )


def _rows(sheet: Any) -> Iterator[tuple[int, list[object]]]:
    """Give the rows of a calamine sheet, which leaves out the empty columns before its first."""
    before: list[object] = [None] * (sheet.start[1] if sheet.start else 0)
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, before + cells
