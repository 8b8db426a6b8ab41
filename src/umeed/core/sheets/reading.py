"""The way in: any file a person may upload becomes a book of clean tables, or plain reasons why not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from umeed.core.sheets import delimited, spreadsheetml, workbooks
from umeed.core.sheets.book import Book, RawSheet, Sheet
from umeed.core.sheets.limits import MEGABYTE, Limits
from umeed.core.sheets.reasons import Unreadable, note
from umeed.core.sheets.sniff import kind_of
from umeed.core.sheets.survey import surveyed
from umeed.core.sheets.zips import Zip
from umeed.kernel.refusals import Refusal

_SKIPPED_IN_ZIP = ("a_pdf", "a_picture", "a_document", "a_web_page", "other_xml", "not_a_spreadsheet", "empty_file")


def _bytes_of(source: str | os.PathLike[str] | bytes, limits: Limits) -> bytes:
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > limits.file_bytes:
        most = f"{limits.file_bytes / MEGABYTE:.0f}"
        raise Unreadable("file_too_large", size=f"{size / MEGABYTE:.1f}", most=most)
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def _title_of(name: str) -> str:
    """Return a file's name without folders and ending."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return last.rsplit(".", 1)[0] or last or "Sheet"


def _raw_sheets(data: bytes, name: str, limits: Limits, member: str = "") -> tuple[list[RawSheet], list[Refusal]]:
    """Return the raw sheets of a file and notes on what was left out of it."""
    kind = kind_of(data)
    if kind == "text":
        return [delimited.sheet_of(data, _title_of(name), limits, member)], []
    if kind == "xml":
        return spreadsheetml.sheets_of(data, _title_of(name), limits, member), []
    if kind == "ole":
        return workbooks.from_ole(data, limits, member), []
    packed = Zip(data, limits)
    kind_of_zip = workbooks.kind_of_zip(packed)
    if kind_of_zip == "document":
        raise Unreadable("a_document")
    if kind_of_zip != "zip":
        return workbooks.from_zip(packed, kind_of_zip, data, limits, member), []
    if member:
        raise Unreadable("zip_in_zip", name=member)
    return _members(packed, limits)


def _members(packed: Zip, limits: Limits) -> tuple[list[RawSheet], list[Refusal]]:
    """Return the sheets of all files in a zip, each titled by its file when it is the only one there."""
    sheets: list[RawSheet] = []
    notes: list[Refusal] = []
    for name in packed.names:
        try:
            found, more = _raw_sheets(packed.read(name), name, limits, member=name)
        except Unreadable as reason:
            if reason.refusal.code not in _SKIPPED_IN_ZIP:
                raise
            notes.append(note("member_left_out", name=name))
            continue
        only = len(found) == 1
        sheets += [replace(raw, title=_title_of(name) if only else f"{_title_of(name)}: {raw.title}") for raw in found]
        notes += more
        if len(sheets) > limits.sheets:
            raise Unreadable("too_many_sheets", count=len(sheets), most=limits.sheets)
    return sheets, notes


def _tables(raws: Sequence[RawSheet], notes: list[Refusal], limits: Limits) -> list[Sheet]:
    """Return the sheets that hold a table; the others are noted, and the only one is refused with its reason."""
    tables: list[Sheet] = []
    taken: set[str] = set()
    for raw in raws:
        try:
            table = surveyed(raw, limits)
        except Unreadable as reason:
            if reason.refusal.code != "no_headings" or len(raws) == 1:
                raise
            notes.append(note("sheet_without_headings", sheet=raw.title))
            continue
        if table is None:
            notes += raw.notes or [note("sheet_empty", sheet=raw.title)]
            continue
        tables.append(replace(table, title=_untaken(raw.title, taken)))
    return tables


def _untaken(title: str, taken: set[str]) -> str:
    name, count = title, 1
    while name in taken:
        count += 1
        name = f"{title} ({count})"
    taken.add(name)
    return name


def read_book(
    source: str | os.PathLike[str] | bytes, filename: str, limits: Limits | None = None
) -> Book | list[Refusal]:
    """Read a file (a path or its bytes) that a person called `filename`, or say every reason why it cannot be read.

    XLSX, XLSB, XLS, ODS, SpreadsheetML, CSV and its cousins, and plain zips of these. What a file is, its content says;
    its name only titles a sheet that has no title of its own. The book keeps the file in memory and streams rows.
    Refusals have the field 'file' and a code of `reasons.TEXTS`.
    """
    limits = limits or Limits()
    try:
        raws, notes = _raw_sheets(_bytes_of(source, limits), filename, limits)
        tables = _tables(raws, notes, limits)
        if not tables:
            headless = any(each.code == "sheet_without_headings" for each in notes)
            raise Unreadable("no_headings" if headless else "no_rows")
    except Unreadable as reason:
        return [reason.refusal]
    return Book(tuple(tables), tuple(notes))
