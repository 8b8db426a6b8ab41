"""A register's page of rows as a django-tables2 table: headings that sort, cells that the declared columns write."""

from collections.abc import Sequence
from typing import Any

import django_tables2
from django.utils.safestring import SafeString
from django_tables2.data import TableListData

from umeed.core.registers.columns import Column
from umeed.core.registers.declare import Register
from umeed.core.registers.listing import SORT, Listing, RowValues
from umeed.core.scope import Scope

TEMPLATE = "core/registers/table.html"


class PageOfRows(TableListData):
    """One page that the database has sorted already: sorting it again would follow another alphabet."""

    def order_by(self, aliases: Any) -> None:
        return


class DeclaredColumn(django_tables2.Column):
    """Writes the cell of a declared column."""

    empty_values = ()

    def __init__(self, column: Column, **given: Any) -> None:
        super().__init__(
            verbose_name=column.title, orderable=bool(column.order), accessor="pk",
            attrs={"th": {"class": "num"}, "td": {"class": "num"}} if column.number else {}, **given,
        )  # fmt: skip
        self.declared = column

    def render(self, record: Any, table: "RowsTable") -> SafeString:
        return table.write(record, self.declared)


class RowsTable(django_tables2.Table):
    """The base of every register's table; `write` answers the inside of one cell."""

    def __init__(
        self, values: RowValues, rows: Sequence[Any], *, register: Register, scope: Scope, **given: Any
    ) -> None:
        self.values, self.declared, self.scope = values, register, scope
        super().__init__(data=PageOfRows(list(rows)), template_name=TEMPLATE, **given)

    def write(self, row: Any, column: Column) -> SafeString:
        value, covered = self.values.of(row, column)
        if covered:
            return cover(column, value)
        return column.cell(row, value, self.scope, self.declared.url("detail", row.pk) if column.link else "")


def cover(column: Column, value: Any) -> SafeString:
    """A sealed value as it stands until somebody asks: its end, set left to right."""
    from django.utils.html import format_html

    return format_html('<bdi class="ltr">{}</bdi>', column.covered(value))


def table_of(values: RowValues, rows: Sequence[Any], *, sort: str = "", orderable: bool = True) -> RowsTable:
    """A table of rows with the columns that were gathered; `sort` is the column sorted by (with `-` downwards)."""
    made = {column.key: DeclaredColumn(column) for column in values.columns}
    kind = type("Rows", (RowsTable,), made)
    return kind(
        values, rows, register=values.register, scope=values.scope, order_by=sort or None, orderable=orderable,
        order_by_field=SORT,
    )  # fmt: skip


def list_table(listing: Listing) -> RowsTable:
    return table_of(listing.values, listing.rows, sort=listing.sort)
