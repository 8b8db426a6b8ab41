"""Files made for tests, byte by byte where no library writes them: each function returns the bytes of one file."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile

PEOPLE = [["Name", "Village", "Phone"], ["Fatima Bano", "Alawla", "0987"], ["Sunita Devi", "Birpur", "0654"]]


def xlsx(*tables, merges=(), titles=(), hidden=()):
    """A workbook; each table is a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, rows in enumerate(tables):
        sheet = book.create_sheet(titles[at] if at < len(titles) else f"Sheet{at + 1}")
        for row in rows:
            sheet.append(row)
        for merge in merges:
            sheet.merge_cells(merge)
        if sheet.title in hidden:
            sheet.sheet_state = "hidden"
    return saved(book)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def encrypted(data, password="secret"):
    """An XLSX behind a password (an OLE file that holds an EncryptedPackage)."""
    out = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def packed(members, compression=zipfile.ZIP_DEFLATED):
    """A zip file of {name: bytes}."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as book:
        for name, content in members.items():
            book.writestr(name, content)
    return out.getvalue()


def repacked(data, changes):
    """The same zip file with the members of `changes` put in place of its own or beside them."""
    with zipfile.ZipFile(BytesIO(data)) as book:
        members = {name: book.read(name) for name in book.namelist()}
    return packed(members | changes)


def member_of(data, name):
    with zipfile.ZipFile(BytesIO(data)) as book:
        return book.read(name)


def csv_bytes(rows, separator=",", encoding="utf-8"):
    return "".join(separator.join(map(str, row)) + "\r\n" for row in rows).encode(encoding)


def spreadsheetml(body, before="", sheet="Report"):
    """A SpreadsheetML 2003 workbook around the rows in `body`."""
    return (
        f'<?xml version="1.0"?>{before}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="{sheet}"><ss:Table>'
        f"{body}</ss:Table></Worksheet></Workbook>"
    ).encode()


def ml_row(*cells, attributes=""):
    """A row of SpreadsheetML; a cell is a text, a number, or (value, attributes of its Cell)."""
    parts = []
    for cell in cells:
        value, extra = cell if isinstance(cell, tuple) else (cell, "")
        kind = "Number" if isinstance(value, (int, float)) else "String"
        parts.append(f'<Cell {extra}><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>')
    return f"<Row {attributes}>{''.join(parts)}</Row>"


# --- ODS --------------------------------------------------------------------------------------------------------

_ODS_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def ods(rows, after="", manifest=""):
    """An OpenDocument spreadsheet of text cells; `after` is XML put behind the rows."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
            for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {_ODS_NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="People">{body}{after}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="content.xml">{manifest}</manifest:file-entry>'
    names = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    return packed(
        {
            "mimetype": kind,
            "content.xml": content,
            "META-INF/manifest.xml": f'<?xml version="1.0"?><manifest:manifest {names}>{entry}</manifest:manifest>',
        }
    )


# --- XLS: an OLE file with a stream of BIFF8 records ------------------------------------------------------------


def ole(streams):
    """A compound file (OLE) of {name: bytes}, every stream in whole sectors of 512 bytes."""
    sectors, fat, entries = [], [], []
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")  # shorter ones would need the mini stream
        content += b"\0" * (-len(content) % 512)
        first, count = len(sectors), len(content) // 512
        sectors += [content[at : at + 512] for at in range(0, len(content), 512)]
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append(_ole_entry(name, 2, first, len(content)))
    for at in range(len(entries) - 1):  # a chain of right siblings is tree enough
        entries[at] = entries[at][:72] + struct.pack("<I", at + 2) + entries[at][76:]
    directory = _ole_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + b"".join(entries)
    directory += b"\0" * (-len(directory) % 512)
    first_directory, count = len(sectors), len(directory) // 512
    sectors += [directory[at : at + 512] for at in range(0, len(directory), 512)]
    fat += [*range(first_directory + 1, first_directory + count), 0xFFFFFFFE]
    fat_at = len(sectors)
    fat.append(0xFFFFFFFD)
    assert len(fat) <= 128, "one FAT sector holds 128 entries"
    sectors.append(struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat))))
    header = struct.pack(
        "<8s16s6H10I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, first_directory,
        0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    return header + struct.pack("<109I", fat_at, *[0xFFFFFFFF] * 108) + b"".join(sectors)


def _ole_entry(name, kind, first, size, child=0xFFFFFFFF):
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBB3I16sI8s8sIQ", text, len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, b"", 0, b"", b"", first, size
    )


def _biff(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def xls(rows, protected=False, extra=()):
    """An XLS file of text cells (BIFF8)."""
    begin = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    lock = _biff(0x002F, struct.pack("<HHH", 1, 1, 1) + b"\0" * 48) if protected else b""
    name = b"People"
    ahead = len(begin) + len(lock) + 4 + 8 + len(name) + 4
    bound = _biff(0x0085, struct.pack("<IHBB", ahead, 0, len(name), 0) + name)
    sheet = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            text = str(cell).encode("utf-16-le")
            sheet += _biff(0x0204, struct.pack("<HHHHB", r, c, 0, len(text) // 2, 1) + text)
    return ole({"Workbook": begin + lock + bound + _biff(0x000A) + sheet + _biff(0x000A), **dict.fromkeys(extra, b"")})


# --- XLSB -------------------------------------------------------------------------------------------------------


def _record(kind, content=b""):
    number = bytes((kind,)) if kind < 128 else bytes((kind & 0x7F | 0x80, kind >> 7))
    size, length = b"", len(content)
    while True:
        size += bytes((length & 0x7F | (0x80 if length > 0x7F else 0),))
        length >>= 7
        if not length:
            return number + size + content


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(cells):
    """An XLSB workbook of {(row, column): text}, both from 0, in order."""
    book = _record(131) + _record(143) + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("People"))
    book += _record(144) + _record(132)
    rows = sorted({row for row, _ in cells})
    sheet = _record(129) + _record(148, struct.pack("<4I", 0, max(rows), 0, max(c for _, c in cells))) + _record(145)
    for row in rows:
        sheet += _record(0, struct.pack("<I", row) + b"\0" * 13)
        for (at, column), text in cells.items():
            if at == row:
                sheet += _record(6, struct.pack("<II", column, 0) + _wide(text))
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return packed(
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{types}"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'<?xml version="1.0"?><Relationships xmlns="{rels}"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": sheet + _record(146) + _record(130),
        }
    )
