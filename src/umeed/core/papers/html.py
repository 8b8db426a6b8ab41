"""A paper on a page: what the template needs, with the rows of its tables put together here.

A ledger has thousands of cells; through a template they would cost more than all else on the page (decision 4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from umeed.core.papers import qr, written
from umeed.core.papers.laying import ENDINGS
from umeed.core.papers.shapes import Column, Paper, Row, Sides, Table

# Columns that stand beside each other on a phone 360 pixels wide: a name and two amounts.
MOST_BESIDE = 3
# A page of so many lines, in so many tables, begins with a list of them: on a phone it is sixty screens long.
LONG_LINES, LONG_TABLES = 40, 3


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """One table with its rows as HTML; `label` names it where it has no title, `closing` is what it closes with.

    On a phone it `folds` into cards where words stand beside its figures, or more figures than there is room for.
    """

    title: str
    label: str
    columns: Sequence[Column]
    folds: bool
    body: SafeString
    note: str
    empty: str
    closing: str


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """A table by itself, or two that stand beside each other where there is room; `anchor` is where the list of a long
    page leads."""

    title: str
    tables: Sequence[DrawnTable]
    anchor: str

    @property
    def called(self) -> SafeString:
        """What the list of a long page calls it."""
        return SafeString(_linked(self.title or self.tables[0].title, ""))

    @property
    def closing(self) -> str:
        """What it closes with, where that is one amount."""
        return self.tables[0].closing if len(self.tables) == 1 else ""


def drawn(paper: Paper) -> dict[str, Any]:
    """Everything that `core/papers/paper.html` reads, in the language of this moment."""
    groups = [_group(table, written.plain(paper.title), at) for at, table in enumerate(paper.tables, 1)]
    named = [group for group in groups if group.called]
    return {
        "contents": named if paper.lines > LONG_LINES and len(named) >= LONG_TABLES else [],
        "title": written.plain(paper.title),
        "of": written.plain(paper.of),
        "where": written.plain(paper.where),
        "when": written.when(paper),
        "unit": written.plain(paper.unit),
        "facts": [
            {"label": written.plain(label), "value": written.fact(value, kind), "number": kind not in ("text", "day")}
            for label, value, kind in paper.all_facts
        ],
        "groups": groups,
        "notes": [written.plain(note) for note in paper.notes],
        "confirm_url": paper.confirm_url,
        "confirm_said": [part for part in paper.confirm_url.rpartition("/") if part],
        "code": qr.svg(paper.confirm_url) if paper.confirm_url else "",
        "spoken": written.plain(paper.spoken),
    }


def _group(table: Table | Sides, named: str, at: int) -> DrawnGroup:
    anchor = f"part-{at}"
    if isinstance(table, Table):
        return DrawnGroup("", [_table(table, named)], anchor)
    most = max(len(table.first.rows), len(table.second.rows))
    sides = [_table(side, named, most) for side in (table.first, table.second)]
    return DrawnGroup(written.plain(table.title), sides, anchor)


def _table(table: Table, named: str, most: int = 0) -> DrawnTable:
    title = written.plain(table.title)
    return DrawnTable(
        title=title,
        label=title or named,
        columns=table.columns,
        folds=_folds(table),
        body=_body(table, most) if table.rows else SafeString(""),
        note=written.plain(table.note),
        empty=written.plain(table.empty),
        closing=_closing(table),
    )


def _closing(table: Table) -> str:
    is_closed = table.rows and table.rows[-1].kind == "closing" and table.columns[-1].kind == "paise"
    return written.cell(table.rows[-1].cells[-1], "paise") if is_closed else ""


def _folds(table: Table) -> bool:
    """Two columns of figures stand beside a name on the narrowest phone; more would be cut at its edge."""
    return len(table.columns) > MOST_BESIDE or any(column.kind == "text" for column in table.columns[1:])


def _body(table: Table, most: int) -> SafeString:
    """The rows. The shorter of two sides gets one that fills it up, above what sums up: so the totals meet."""
    opens = _openings(table)
    rows = [_row(table.columns, opens, row) for row in table.rows]
    if len(rows) < most:
        at = next((n for n in range(len(rows), 0, -1) if table.rows[n - 1].kind not in ENDINGS), 0)
        rows.insert(at, f'<tr class="filler" aria-hidden="true"><td colspan="{len(table.columns)}"></td></tr>')
    return SafeString("\n".join(rows))


def _openings(table: Table) -> list[tuple[str, str]]:
    """How the cells of each column begin and end; in cards each tells its heading itself."""
    folds, opens = _folds(table), []
    for n, column in enumerate(table.columns):
        css = f' class="{_CLASSES[column.kind]}"' if column.kind in _CLASSES else ""
        if n == 0:
            opens.append((f'<th scope="row"{" role=rowheader" if folds else ""}{css}>', "</th>"))
        else:
            label = f' role="cell" data-label="{escape(written.plain(column.title))}"' if folds else ""
            opens.append((f"<td{label}{css}>", "</td>"))
    return opens


def _row(columns: Sequence[Column], opens: Sequence[tuple[str, str]], row: Row) -> str:
    start = "<tr role=row>" if row.kind == "normal" else f'<tr role=row data-kind="{row.kind}">'
    if row.kind == "heading":
        words = _linked(written.cell(row.cells[0], "text"), row.href)
        return f'{start}<th colspan="{len(columns)}" scope="rowgroup">{words}</th></tr>'
    texts = [written.cell(value, column.kind) for column, value in zip(columns, row.cells, strict=True)]
    named = next((n for n, text in enumerate(texts) if text), 0)
    cells = [
        f"{opening}{_linked(text, row.href if n == named else '')}{closing}"
        for n, (text, (opening, closing)) in enumerate(zip(texts, opens, strict=True))
    ]
    return f"{start}{''.join(cells)}</tr>"


_CLASSES = {"paise": "num", "count": "num", "percent": "num", "rate": "num", "day": "day"}


_ARABIC = re.compile("[\u0600-\u06ff]")


def _linked(text: str, href: str) -> str:
    # A browser looks at the first letter only: "VO سے قرض" would be turned round.
    way = ' dir="rtl"' if _ARABIC.search(text) and get_language_bidi() else ""
    inside = f"<bdi{way}>{escape(text)}</bdi>" if text else ""
    return f'<a href="{conditional_escape(href)}">{inside}</a>' if href and text else inside
