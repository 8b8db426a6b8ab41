"""What all registers share: their head, their columns, their addresses, their sums."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from umeed.books.heads import CHART, Head
from umeed.books.models import Book
from umeed.books.registers.reading import Entered
from umeed.core.papers.shapes import Column, Paper, Row, Sides, Table
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.kernel.money import rupees
from umeed.kernel.periods import Period

ONE_DAY = datetime.timedelta(days=1)


def paper(book: Book, title: str, tables: Iterable[Any], *, period: Period | None = None, **said: Any) -> Paper:
    """A paper of a book: whose it is, for when, in what."""
    group = book.institution
    return Paper(
        title=title, of=said.pop("of", group.name), where=said.pop("where", group.place.called), tables=list(tables),
        unit=said.pop("unit", gettext("Amounts in rupees")), period=period_of(period) if period else "", **said,
    )  # fmt: skip


def period_of(period: Period) -> str:
    """As people say it, with its first and last day where its name does not tell them."""
    if period.kind == "month":
        return period.label(gettext)
    days = gettext("%(first)s to %(last)s") % {
        "first": written_day(period.first_day), "last": written_day(period.last_day)
    }  # fmt: skip
    return f"{period.label(gettext)} ({days})"


def officers() -> list[str]:
    """Who signs."""
    return [gettext("President"), gettext("Secretary"), gettext("Bookkeeper")]


def table(title: str, columns: Iterable[Column], rows: Iterable[Any], *, empty: str = "", note: str = "") -> Table:
    return Table(title, tuple(columns), tuple(rows), note, empty or gettext("Nothing in this time."))


def summed(rows: list[Row], *at: int) -> list[Row]:
    """The rows with their total beneath: the sums of these columns. Of no rows there is no total."""
    if not rows:
        return rows
    width = len(rows[0].cells)
    sums = [sum(row.cells[n] or 0 for row in rows) if n in at else None for n in range(1, width)]
    return [*rows, Row((gettext("Total"), *sums), "total")]


def without_empty(one: Table, *places: int) -> Table:
    """A table without those of the columns at these places in which nothing stands."""
    shown = [n for n in range(len(one.columns)) if n not in places or any(row.cells[n] for row in one.rows)]
    rows = [replace(row, cells=tuple(row.cells[n] for n in shown)) for row in one.rows]
    return replace(one, columns=[one.columns[n] for n in shown], rows=rows)


def account(first: tuple[str, list[Row]], second: tuple[str, list[Row]], title: str = "") -> Sides:
    """Heads and amounts on two sides, each with its title; both are totalled, also one on which nothing stands."""
    columns = [Column(gettext("Head"), width=30), *money(gettext("Amount"))]
    nought = [Row((gettext("Total"), 0), "total")] if first[1] or second[1] else []
    one, other = (table(of, columns, summed(rows, 1) or nought) for of, rows in (first, second))
    return Sides(one, other, title)


def money(*titles: str) -> list[Column]:
    return [Column(title, "paise") for title in titles]


def some(paise: int) -> int | None:
    """An amount, or a blank for nought: registers leave out what did not happen."""
    return paise or None


def head_title(head: Head) -> str:
    return gettext(head.title)


def sheet_url(book: Book, one: Entered | int) -> str:
    return _url("sheet", book, one.sheet if isinstance(one, Entered) else one)


def register_url(book: Book, key: str, **asked: Any) -> str:
    query = urlencode({name: value for name, value in asked.items() if value not in (None, "")})
    address = _url("register", book, key)
    return f"{address}?{query}" if query and address else address


def _url(route: str, book: Book, part: Any) -> str:
    try:
        return reverse(f"books:{route}", args=[book.institution_id, part])
    except NoReverseMatch:
        return ""


def in_order(heads: Iterable[Head]) -> list[Head]:
    wanted = set(heads)
    return [head for head in CHART if head in wanted]


def said_rupees(paise: int) -> str:
    """An amount as it is spoken: "2,500 rupees"."""
    return gettext("%(amount)s rupees") % {"amount": rupees(paise, sign="")}
