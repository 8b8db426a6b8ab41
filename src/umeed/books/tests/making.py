"""Books and sheets for tests, made through the actions."""

from __future__ import annotations

import datetime
from typing import Any

from umeed.books.actions import open_book, post_sheet
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Book, Loan, Sheet
from umeed.core.audit import audited
from umeed.institutions.models import Institution, Woman
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

BEGAN = datetime.date(2024, 4, 1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def make_book(group: Institution) -> Book:
    return open_book(by=us(), institution=group, on=BEGAN)


def entry(head: str, rupees: float, **about: Any) -> Entry:
    return Entry(head, Paise(round(rupees * 100)), **about)


def sheet(*entries: Entry, on: str = "2024-04-08", **said: Any) -> Draft:
    """Of the bank, unless said otherwise: a meeting's sheet has its meeting."""
    return Draft(said.pop("uid", new_id()), day(on), said.pop("kind", Sheet.Kind.BANK), entries, **said)


def saving(woman: Woman, rupees: float = 100, on: str = "2024-04-08", **said: Any) -> Draft:
    """A sheet in which she saves."""
    paid, kept = entry("cash", rupees), entry("saving_compulsory", -rupees, woman=woman.pk)
    return sheet(paid, kept, on=on, **said)


def post(book: Book, draft: Draft, **said: Any) -> int:
    return post_sheet(by=said.pop("by", us()), book=book, draft=draft).sheet


def make_loan(book: Book, woman: Woman) -> Loan:
    with audited(by=us(), did="lend"):
        loan = Loan(uid=new_id(), book=book, way="given", head="loan_to_member", woman=woman, lent_on=BEGAN)
        loan.save()
    return loan
