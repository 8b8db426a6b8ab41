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


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """One table with its rows as HTML; `label` names it where it has no title.

    On a phone it `folds` into cards where words stand beside its figures, or more figures than there is room for.
    """

    title: str
    label: str
    columns: Sequence[Column]
    folds: bool
    body: SafeString
    note: str
    empty: str


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """A table by itself, or two that stand beside each other where there is room."""

    title: str
    tables: Sequence[DrawnTable]


def drawn(paper: Paper) -> dict[str, Any]:
    """Everything that `core/papers/paper.html` reads, in the language of this moment."""
    return {
        "title": written.plain(paper.title),
        "of": written.plain(paper.of),
        "where": written.plain(paper.where),
        "when": written.when(paper),
        "unit": written.plain(paper.unit),
        "facts": [
            {"label": written.plain(label), "value": written.fact(value, kind), "number": kind not in ("text", "day")}
            for label, value, kind in paper.all_facts
        ],
        "groups": [_group(table, written.plain(paper.title)) for table in paper.tables],
        "notes": [written.plain(note) for note in paper.notes],
        "confirm_url": paper.confirm_url,
        "confirm_said": [part for part in paper.confirm_url.rpartition("/") if part],
        "code": qr.svg(paper.confirm_url) if paper.confirm_url else "",
        "spoken": written.plain(paper.spoken),
    }


def _group(table: Table | Sides, named: str) -> DrawnGroup:
    if isinstance(table, Table):
        return DrawnGroup("", [_table(table, named)])
    most = max(len(table.first.rows), len(table.second.rows))
    return DrawnGroup(written.plain(table.title), [_table(side, named, most) for side in (table.first, table.second)])


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
    )


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
