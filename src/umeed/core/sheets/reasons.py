"""Why a file cannot be read, and what a reader should be told about one that can: all sentences in one place."""

from __future__ import annotations

from umeed.kernel.refusals import N_, Refusal, warning

FIELD = "file"

# --- Refusals: nothing of the file is read ------------------------------------------------------------------------

TEXTS = {
    "empty_file": N_("The file is empty."),
    "file_too_large": N_("The file has %(size)s MB; at most %(most)s MB can be loaded. Split it into several files."),
    "a_pdf": N_("This is a PDF document, not a spreadsheet. Ask for the Excel or CSV file it was made from."),
    "a_picture": N_("This is a picture, not a spreadsheet. A photo of a table cannot be loaded."),
    "a_program": N_("This is a program, not a spreadsheet. Do not open it; delete it."),
    "a_web_page": N_("This is a web page under the name of a spreadsheet. Open it in Excel and save it as .xlsx."),
    "a_document": N_("This is a text document, not a spreadsheet. Copy its table into Excel and save it as .xlsx."),
    "an_archive": N_("This kind of archive is not read. Unpack it, or pack its files as .zip."),
    "other_xml": N_("This XML file is not a spreadsheet."),
    "not_a_spreadsheet": N_(
        "This is not a spreadsheet. Excel (.xlsx, .xls), OpenDocument (.ods) and CSV files are read."
    ),
    "password": N_(
        "The file is protected by a password. Open it in Excel, remove the password, save it and load it again."
    ),
    "zip_password": N_(
        "The zip file is protected by a password. Unpack it and load the files inside, or pack them without."
    ),
    "damaged": N_(
        "The file is damaged or was cut off on its way. Download it again, or open it in Excel and save it anew."
    ),
    "unusual": N_("The workbook is written in an unusual way. Open it in Excel, save it anew as .xlsx and load that."),
    "macros": N_("The workbook holds macros (small programs). Save it as .xlsx, without macros, and load that file."),
    "unsafe_xml": N_("The file holds definitions (a DOCTYPE) that a spreadsheet does not need and that can do harm."),
    "zip_bomb": N_("The file unpacks to far more than a spreadsheet holds. It was not opened."),
    "zip_too_many_members": N_("The zip file holds %(count)s files; at most %(most)s can be read at once."),
    "zip_unsafe_name": N_("The zip file holds a file whose name points outside of it: “%(name)s”. It was not opened."),
    "zip_same_name": N_("The zip file holds two files of one name: “%(name)s”. It was not opened."),
    "zip_in_zip": N_("The zip file holds another zip file: “%(name)s”. Unpack it once and load what is inside."),
    "zip_packed_otherwise": N_(
        "The zip file is packed in a way that is not read. Unpack it and load the files inside."
    ),
    "too_many_sheets": N_("The workbook has %(count)s sheets; at most %(most)s can be read at once."),
    "too_many_columns": N_("The sheet “%(sheet)s” has %(count)s columns; at most %(most)s can be read."),
    "too_many_rows": N_("The sheet “%(sheet)s” has more than %(most)s rows. Split it into several files."),
    "too_many_cells": N_(
        "The sheet “%(sheet)s” reaches to row %(rows)s and column %(columns)s, which is too much to read at once. "
        "Delete what stands far below or beside the table, or split it into several files."
    ),
    "open_quote": N_(
        "The text has a quotation mark in or before row %(row)s that is never closed, so that rows run together. "
        "Remove it and load the file again."
    ),
    "no_rows": N_("The file has no filled rows."),
    "no_headings": N_(
        "No row of headings was found. The first row of the table must name its columns, like Name, Village, Phone."
    ),
}

# --- Notes: the file is read, and this was done or seen -----------------------------------------------------------

NOTES = {
    "headings_joined": N_("The headings stand in several rows; they were joined, like “%(example)s”."),
    "headings_repeated": N_("The heading “%(heading)s” occurs more than once; column %(column)s is called “%(name)s”."),
    "headings_missing": N_("Columns without a heading were named by their letters: %(columns)s."),
    "lines_above": N_("The table begins in row %(row)s; the lines above it were not read as data."),
    "lines_below": N_("Lines below the table were not read as data: “%(text)s”."),
    "formulas": N_("Columns %(columns)s hold formulas; their last calculated values were read."),
    "error_cells": N_("Some cells of columns %(columns)s show an error such as #N/A; they were read as empty."),
    "empty_rows": N_("%(count)s empty rows inside the table were passed over."),
    "sheet_empty": N_("The sheet “%(sheet)s” is empty and was left out."),
    "sheet_hidden": N_("The sheet “%(sheet)s” is hidden and was left out."),
    "sheet_without_headings": N_("The sheet “%(sheet)s” has no row of headings and was left out."),
    "member_left_out": N_("“%(name)s” in the zip file is not a spreadsheet and was left out."),
    "encoding": N_("The text is written in the old encoding %(encoding)s. Check that names look right."),
}


class Unreadable(Exception):
    """Raised inside this package where reading ends; `read_book` turns it into its answer."""

    def __init__(self, code: str, **values: object) -> None:
        self.refusal = Refusal(FIELD, code, TEXTS[code], values)
        super().__init__(self.refusal.message())


def note(code: str, **values: object) -> Refusal:
    """Return something to tell the reader about a file that was read (severity 'warn')."""
    return warning(FIELD, code, NOTES[code], values)
