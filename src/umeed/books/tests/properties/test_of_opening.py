"""A book that begins later with what an older one had stands like it, whatever came before and after."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from umeed.books.actions import post_sheet
from umeed.books.heads import BY_NUMBER
from umeed.books.ledger import writing
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Book, Sheet
from umeed.books.tests.making import BEGAN, make_loan
from umeed.books.tests.properties.histories import HISTORIES, LAST, World, all_lines, lived, quickly
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise


@given(HISTORIES, st.integers(0, LAST))
@quickly(max_examples=15)
def test_15_opening_and_what_followed_is_one_opening_later(world: World, steps, later) -> None:
    """The second group begins on day D with what the first one had then: from D on both stand alike."""
    on = BEGAN + datetime.timedelta(days=later)
    mine = [replace(step, group=0) for step in steps if step.what != "above"]
    with lived(world, mine) as now:
        first, second = now.groups
        hers = {one.pk: other.pk for one, other in zip(first.women, second.women, strict=True)}
        loans = {loan.pk: make_loan(second.book, second.women[at]).pk for (_group, at), loan in now.loans.items()}
        lines = [one for one in all_lines() if one[0] == first.book.pk]

        def moved(line: tuple[Any, ...]) -> Entry:
            _book, _on, _sheet, head, paise, woman, loan, _body = line
            return Entry(BY_NUMBER[head].key, Paise(paise), hers.get(woman), loans.get(loan))

        opening: dict[Entry, int] = defaultdict(int)
        for line in lines:
            if line[1] <= on:
                one = moved(line)
                opening[Entry(one.head, Paise(0), one.woman, one.loan)] += one.amount
        entries = tuple(Entry(one.head, Paise(paise), one.woman, one.loan) for one, paise in opening.items() if paise)
        if entries:
            _post(second.book, Draft(new_id(), on, Sheet.Kind.CUT_OFF, entries))
        for sheet in dict.fromkeys(line[2] for line in lines if line[1] > on):
            parts = [line for line in lines if line[2] == sheet]
            _post(second.book, Draft(new_id(), parts[0][1], 1, tuple(moved(line) for line in parts)))
        for day in sorted({on, us().today, *(line[1] for line in lines if line[1] > on)}):
            assert balances(first.book.pk, day) == balances(second.book.pk, day)
        assert first_difference() is None


def _post(book: Book, draft: Draft) -> None:
    # Days of the older book come in their own order, so that only its whole is without debts: written, not asked.
    writing.put_one(book.pk, draft, by="system")
    assert post_sheet(by=us(), book=book, draft=draft).is_new is False
