"""A paper as a workbook: first what it is, then a sheet a table. Amounts are numbers in rupees, days are dates.

Written by the house's own writer (core/sheets): no text can become a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext

from umeed.core.papers import laying, written
from umeed.core.papers.shapes import Column, Kind, Paper, Row, Sides, Table
from umeed.core.sheets import OutSheet, Shown, write_book
from umeed.core.templatetags.umeed_text import moment

# Lakh and crore. A format has room for two conditions, so that what is below minus one lakh is grouped in thousands.
_GROUPS = r"[>=10000000]##\,##\,##\,##0{0};[>=100000]##\,##\,##0{0};#,##0{0}"
PATTERNS: dict[Kind, str] = {
    "paise": _GROUPS.format(".00"),
    "count": _GROUPS.format(""),
    "percent": "0.0%",
    "rate": "0.00%",
}
# How many of what we keep make one of what a spreadsheet shows: paise in a rupee, basis points in the whole.
_PARTS: dict[Kind, int] = {"paise": 100, "rate": 10_000}
_WIDEST = 40.0


def xlsx(paper: Paper) -> bytes:
    """The paper, in the language of this moment."""
    target = io.BytesIO()
    backwards = translation.get_language_bidi()
    first, *about = _about(paper)
    sheets = [OutSheet(gettext("About"), [str(cell) for cell in first], about, backwards, _widths([first, *about]))]
    sheets += [_sheet(paper, table, backwards) for table in paper.tables]
    write_book(target, sheets)
    return target.getvalue()


def _about(paper: Paper) -> list[list[Any]]:
    """What the reader of a forwarded file must know."""
    rows: list[list[Any]] = [
        [written.plain(paper.title), written.plain(paper.of)],
        [gettext("Place"), written.plain(paper.where)],
        [gettext("Period"), written.plain(paper.period)],
        [gettext("As on"), paper.as_of],
        [gettext("Unit"), written.plain(paper.unit)],
    ]
    rows = [row for row in rows if row[1]]
    rows += [[written.plain(label), _cell(value, kind, False)] for label, value, kind in paper.all_facts]
    rows += [[gettext("Remark"), written.plain(note)] for note in paper.notes]
    rows += [[gettext("Remark"), note] for table in _tables(paper) if (note := written.plain(table.note))]
    if paper.confirm_url:
        rows.append([gettext("Confirmed at"), paper.confirm_url])
    return [*rows, [gettext("Exported at"), moment(timezone.localtime())]]


def _tables(paper: Paper) -> Iterator[Table]:
    for table in paper.tables:
        yield from (table,) if isinstance(table, Table) else (table.first, table.second)


def _sheet(paper: Paper, table: Table | Sides, backwards: bool) -> OutSheet:
    """One table under its headings; two sides beside each other, a blank column between them."""
    title = written.plain(table.title) or written.plain(paper.title)
    if isinstance(table, Table):
        headings, lines = _headings(table.columns), _lines(table)
    else:
        one, other = table.first, table.second
        headings = [*_headings(one.columns, one), "", *_headings(other.columns, other)]
        blank: list[Any] = [None] * len(one.columns)
        lines = [
            [*(left or blank), None, *(right or [])]
            for left, right in zip_longest(_lines(one), _lines(other), fillvalue=None)
        ]
    return OutSheet(title, headings, lines, backwards, _widths([headings, *lines]))


def _headings(columns: Sequence[Column], of: Table | None = None) -> list[str]:
    before = f"{written.plain(of.title)} · " if of is not None and of.title else ""
    return [before + written.plain(column.title) for column in columns]


def _lines(table: Table) -> list[list[Any]]:
    if not table.rows:
        return [[written.plain(table.empty)]]
    return [_line(table.columns, row) for row in table.rows]


def _line(columns: Sequence[Column], row: Row) -> list[Any]:
    bold = row.kind != "normal"
    if row.kind == "heading":
        return [_cell(row.cells[0], "text", bold), *[None] * (len(columns) - 1)]
    return [_cell(value, column.kind, bold) for column, value in zip(columns, row.cells, strict=True)]


def _cell(value: Any, kind: Kind, bold: bool) -> Any:
    """The value as a spreadsheet reckons with it."""
    pattern = ""
    if isinstance(value, (int, float, Decimal, Fraction)):
        pattern = PATTERNS.get(kind, "")
        value = Decimal(int(value)) / _PARTS[kind] if kind in _PARTS else value
    elif value is not None and not isinstance(value, date):
        value = written.plain(value)
    return Shown(value, pattern, bold) if pattern or bold else value


def _widths(rows: Sequence[Sequence[Any]]) -> list[float]:
    """How wide each column is, in letters of what stands in it; the first two hundred lines tell."""
    columns = zip_longest(*rows[:200], fillvalue=None)
    return [min(max((_letters(cell) for cell in column), default=0.0) + 2, _WIDEST) for column in columns]


def _letters(cell: Any) -> float:
    inner = cell.value if isinstance(cell, Shown) else cell
    if inner is None:
        return 0.0
    if isinstance(inner, str):
        return max((laying.em(line) for line in inner.split("\n")), default=0.0) / 0.55
    return 14.0 if isinstance(inner, Decimal) else 11.0
