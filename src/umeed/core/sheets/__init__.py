"""Spreadsheets in and out, without Django: hostile files in, clean tables out; tables out as XLSX and CSV."""

from umeed.core.sheets.book import Book, Cell, Row, Sheet
from umeed.core.sheets.limits import Limits
from umeed.core.sheets.reading import read_book
from umeed.core.sheets.writing import OutSheet, Shown, write_book, write_csv

__all__ = ["Book", "Cell", "Limits", "OutSheet", "Row", "Sheet", "Shown", "read_book", "write_book", "write_csv"]
