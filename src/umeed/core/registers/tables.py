"""A register's page of rows as a table: headings that sort, cells that the declared columns write.

The body is put together here and not in a template: 350 cells through a template, or through django-tables2, cost more
than everything else on the page (docs/decisions/0004).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from umeed.core.registers.columns import Choice, Column, drawn
from umeed.core.registers.listing import SORT, Listing, RowValues
from umeed.core.scope import Scope


@dataclass(frozen=True)
class Heading:
    """A column's heading. `sort_url` is empty when one cannot sort by it; `sorted` is ascending, descending or ''."""

    title: Any
    number: bool
    sort_url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class RowsTable:
    """What `core/registers/table.html` draws: cards on a phone, the first column names the row."""

    headings: tuple[Heading, ...]
    body: SafeString
    caption: Any = ""


def list_table(listing: Listing) -> RowsTable:
    """The table of a list, whose headings lead to the same list in another order."""
    headings = tuple(_sortable(listing, column) for column in listing.columns)
    return RowsTable(headings, body_of(listing.values, listing.rows))


def plain_table(values: RowValues, rows: Sequence[Any]) -> RowsTable:
    """A table on another record's page: not to be sorted."""
    return RowsTable(tuple(Heading(column.title, column.number) for column in values.columns), body_of(values, rows))


def _sortable(listing: Listing, column: Column) -> Heading:
    if not column.order:
        return Heading(column.title, column.number)
    is_sorted = listing.sort.lstrip("-") == column.key and not listing.by_closeness
    down = is_sorted and listing.sort.startswith("-")
    turned = column.key if down or not is_sorted else f"-{column.key}"
    # What is searched stands by closeness when no order is named, so the own order is named too.
    own = turned == listing.register.order and not listing.searches
    url = f"?{listing.query(**{SORT: None if own else turned})}"
    return Heading(column.title, column.number, url, "descending" if down else "ascending" if is_sorted else "")


def body_of(values: RowValues, rows: Sequence[Any]) -> SafeString:
    """The rows of a table body. Every cell comes escaped from its column."""
    register, scope = values.register, values.scope
    # A code list's few words are translated once a page, not once a row.
    columns = [column.fresh() if isinstance(column, Choice) else column for column in values.columns]
    opens, has_link = [_opening(column) for column in columns], any(column.link for column in columns)
    written = []
    for row in rows:
        url = register.url("detail", row.pk) if has_link else ""
        cells = [write(values, row, column, scope, url) for column in columns]
        first = f'<th role="rowheader" scope="row"><span>{cells[0]}</span></th>'
        rest = [f"{start}{cell}</span></td>" for start, cell in zip(opens[1:], cells[1:], strict=True)]
        written.append(f'<tr role="row">{first}{"".join(rest)}</tr>')
    return SafeString("\n".join(written))


def _opening(column: Column) -> str:
    number = ' class="num"' if column.number else ""
    return f'<td role="cell" data-label="{escape(column.title)}"{number}><span>'


def write(values: RowValues, row: Any, column: Column, scope: Scope, url: str) -> SafeString:
    """The inside of one cell."""
    value, covered = values.of(row, column)
    return cover(column, value) if covered else column.cell(row, value, scope, url)


def cover(column: Column, value: Any) -> SafeString:
    """A sealed value as it stands until somebody asks: its end, set left to right."""
    return drawn('<bdi class="ltr">%s</bdi>', column.covered(value))
