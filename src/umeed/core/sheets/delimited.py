"""CSV and its cousins: which encoding, which separator, and then rows of text with nothing guessed about them."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper

from charset_normalizer import from_bytes

from umeed.core.sheets.book import RawSheet
from umeed.core.sheets.cells import FORMULA_STARTS
from umeed.core.sheets.limits import Limits
from umeed.core.sheets.reasons import Unreadable, note

_SEPARATORS = ",;\t|"
_SAMPLE_LINES = 60
_SAMPLE_BYTES = 256 * 1024
_FIELD_LIMIT = 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OLD = ("cp1252", "cp1256")
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line naming the separator


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def encoding_of(data: bytes) -> str:
    """Return the encoding of a text: by its mark, else UTF-8 if it is, else UTF-16 by its zeros, else Windows."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    zeros_first, zeros_second = data[:4096:2].count(0), data[1:4096:2].count(0)
    if zeros_first or zeros_second:
        return "utf-16-be" if zeros_first > zeros_second else "utf-16-le"
    if _is(data, "utf-8"):
        return "utf-8"
    possible = [encoding for encoding in _OLD if _is(data, encoding)]
    if not possible:
        raise Unreadable("damaged")
    accented = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE_BYTES]
    best = from_bytes(accented, cp_isolation=possible).best()
    return best.encoding if best is not None and best.encoding in possible else possible[0]


def _consistency(sample: str, separator: str) -> tuple[float, int]:
    """Return (share of rows with the commonest number of fields, that number); (0, 1) where nothing is separated."""
    try:
        widths = [len(row) for row in csv.reader(StringIO(sample), delimiter=separator) if row]
    except csv.Error:
        return 0.0, 1
    separated = Counter(width for width in widths if width > 1)
    if not separated:
        return 0.0, 1
    width, rows = max(separated.items(), key=lambda item: (item[1], item[0]))
    return rows / len(widths), width


def separator_of(text: str) -> str:
    """Return the separator that gives the most even table; ',' when there is but one column."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE_LINES])
    return max(_SEPARATORS, key=lambda separator: (*_consistency(sample, separator), -_SEPARATORS.index(separator)))


def _rows(data: bytes, encoding: str, skip: int, separator: str) -> Iterator[list[str]]:
    text = TextIOWrapper(BytesIO(data), encoding=encoding, newline="")
    text.read(skip)
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield from csv.reader(text, delimiter=separator)
    except (csv.Error, UnicodeDecodeError) as error:
        raise Unreadable("damaged") from error


def _armed(cell: str) -> str:
    """Return a text without the apostrophe that keeps it from being a formula ("'+91…", as `write_csv` writes it).

    One of several: a text that itself begins with apostrophes was given one more.
    """
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in FORMULA_STARTS else cell


def _numbered(rows: Iterator[list[str]], limits: Limits, title: str) -> Iterator[tuple[int, list[object]]]:
    for number, row in enumerate(rows, start=1):
        if number > limits.rows:
            raise Unreadable("too_many_rows", sheet=title, most=limits.rows)
        if len(row) > limits.columns:
            raise Unreadable("too_many_columns", sheet=title, count=len(row), most=limits.columns)
        yield number, [_armed(cell) for cell in row]


def _quotes_closed(data: bytes, encoding: str, rows: Iterator[tuple[int, list[object]]]) -> None:
    """Raise 'open_quote' when the last cell runs over lines to the end because a quotation mark was left open."""
    last = max(rows, key=lambda row: row[0], default=(0, []))
    number, cells = last
    if cells and "\n" in str(cells[-1]) and data.decode(encoding, "ignore").count('"') % 2:
        raise Unreadable("open_quote", row=number)


def sheet_of(data: bytes, title: str, limits: Limits, member: str = "") -> RawSheet:
    """Return a delimited text as one sheet of text cells; Unreadable where it cannot be decoded or a limit is passed.

    Row numbers count records, as Excel does, so that a cell with line breaks does not shift them.
    """
    encoding = encoding_of(data)
    try:
        start = data[:_SAMPLE_BYTES].decode(encoding, errors="ignore")
    except UnicodeError as error:
        raise Unreadable("damaged") from error
    said = _SEP_LINE.match(start)
    separator = said[1] if said else separator_of(start)
    skip = said.end() if said else 0

    def rows() -> Iterator[tuple[int, list[object]]]:
        return _numbered(_rows(data, encoding, skip, separator), limits, title)

    _quotes_closed(data, encoding, rows())
    return RawSheet(
        title=title,
        rows=rows,
        member=member,
        notes=(note("encoding", encoding=encoding),) if encoding in _OLD else (),
    )
