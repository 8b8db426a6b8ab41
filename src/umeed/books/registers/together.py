"""The trial balance of all books that an officer sees, one table for each kind of institution."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from umeed.books.heads import CHART
from umeed.books.ledger.together import Together
from umeed.books.registers.accounts import two_sides
from umeed.books.registers.papering import head_title, money, summed, table
from umeed.core.papers.shapes import Column, Paper, Row, Table
from umeed.institutions.codes import Kind
from umeed.kernel.money import grouped

# What a group owes its VO is what the VO has lent: added up over all kinds, the same money would stand twice.
KINDS = (Kind.SHG, Kind.VO, Kind.CLF)


def trial_balance_together(
    books: dict[str, Together], *, as_of: datetime.date, where: str, query: dict[str, str]
) -> Paper:
    """Each head's balance on its side. `query` is what narrows the list of books that each table opens."""
    return Paper(
        title=gettext("Trial balance of all books"), of=gettext("Groups, VOs and CLFs apart"), where=where,
        unit=gettext("Amounts in rupees"), as_of=as_of,
        tables=[_table(kind, books[kind], query) for kind in KINDS if kind in books],
    )  # fmt: skip


def _table(kind: Kind, one: Together, query: dict[str, str]) -> Table:
    href = f"{reverse('ledgers:list')}?{urlencode({**query, 'kind': kind.value})}"
    rows = [Row((head_title(head), *two_sides(one.held[head])), href=href) for head in CHART if head in one.held]
    count = ngettext("%(n)s book", "%(n)s books", one.books) % {"n": grouped(one.books)}
    columns = [Column(gettext("Head"), width=40), *money(gettext("Debit"), gettext("Credit"))]
    return table(f"{kind.label} · {count}", columns, summed(rows, 1, 2))
