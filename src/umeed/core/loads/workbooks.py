"""The spreadsheets that the load page gives out: an empty one to fill in, and the report with what is wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import get_language_bidi, gettext

from umeed.core.actions import Refused
from umeed.core.loads import files, tabs
from umeed.core.loads.headings import first_spelling
from umeed.core.loads.judging import opened_book_of
from umeed.core.loads.layouts import REFUSE, Layout
from umeed.core.loads.models import Load, LoadRow
from umeed.core.loads.rows import reasons_of
from umeed.core.sheets import OutSheet, write_book

MOST_REFUSED = 20_000
# Reading a larger file again takes longer than a person waits for a download.
MOST_BYTES = 6_000_000


def sample_of(of: Layout) -> IO[bytes]:
    """An empty workbook with the headings of a layout; needed ones are marked, cells are text so that zeros stay."""
    import xlsxwriter  # here, not above: every start would wait for it

    made = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        needed, other = (book.add_format({"bold": bold, "bg_color": "#F0E9DF"}) for bold in (True, False))
        for kind, columns in of.sheets.items():
            sheet = book.add_worksheet(kind[:31])
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(columns):
                heading = first_spelling(column)
                sheet.set_column(at, at, max(12, min(40, len(heading) + 2)), text)
                sheet.write_string(0, at, heading, needed if column.required else other)
    made.seek(0)
    return made


def gives_rows_back(load: Load) -> bool:
    """Whether refused rows can be given out as they stood in the file."""
    return load.size <= MOST_BYTES and files.is_kept(load)


def refused_rows(load: Load) -> IO[bytes]:
    """The refused rows as they stood in the file, with a column that says what is wrong: to correct and load again.

    At most 20,000 of a sheet; where `gives_rows_back` says no, the report of all rows instead.
    """
    if not gives_rows_back(load):
        return all_rows(load)
    try:
        with opened_book_of(load) as source:
            return _written(_refused_of(load, sheet) for sheet in source.sheets if sheet.title in load.mapping)
    except Refused:
        return all_rows(load)


def _refused_of(load: Load, source: Any) -> OutSheet:
    """One sheet again. The column of an earlier report gives way to the new one."""
    wrong = gettext("What is wrong")
    kept = [at for at, heading in enumerate(source.headings) if heading != wrong]
    matched = _matched(source.rows, _reasons_by_row(load, source.title))
    rows = ((*(cells[at] for at in kept), reasons) for cells, reasons in matched)
    return OutSheet(source.title, [*(source.headings[at] for at in kept), wrong], rows)


def _reasons_by_row(load: Load, title: str) -> Iterator[tuple[int, str]]:
    refused = LoadRow.objects.filter(load=load, what=REFUSE, sheet=title[:120], number__gt=0).order_by("id")
    for row in refused[:MOST_REFUSED]:
        yield row.number, reasons_in_words(row)


def _matched(rows: Iterator[Any], refused: Iterator[tuple[int, str]]) -> Iterator[tuple[Any, str]]:
    """Cells of the rows that are refused, with the reasons; both streams run in the file's order."""
    wanted = next(refused, None)
    for row in rows:
        if wanted is None:
            return
        if row.number == wanted[0]:
            yield row.cells, wanted[1]
        while wanted is not None and wanted[0] <= row.number:
            wanted = next(refused, None)


def all_rows(load: Load) -> IO[bytes]:
    """Every row with its verdict and the reasons, without what stood in the file."""
    headings = [gettext("Sheet"), gettext("Row"), gettext("Verdict"), gettext("What it is"), gettext("What is wrong")]
    known = tabs.differences_of(load)
    stored = LoadRow.objects.filter(load=load).order_by("id").iterator(chunk_size=2000)
    rows = (
        (row.sheet, row.number, ", ".join(tabs.words_of(row, known)), row.shown, reasons_in_words(row))
        for row in stored
    )
    return _written([OutSheet(gettext("Report"), headings, rows, right_to_left=get_language_bidi())])


def reasons_in_words(row: LoadRow) -> str:
    """The reasons of a row in the reader's language, one after the other."""
    return " ".join(reason.message(gettext) for reason in reasons_of(row))


def _written(sheets: Iterable[OutSheet]) -> IO[bytes]:
    """A workbook in a temporary file that deletes itself when it is closed."""
    made = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_book(made, sheets)
    made.seek(0)
    return made
