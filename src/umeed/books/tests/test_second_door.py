"""Of one book PostgreSQL says whether the viewer reaches it, without looking at the others: the same as of all."""

import pytest
from django.db import DatabaseError, connection, transaction

from umeed.books.actions import lock_month, post_sheet
from umeed.books.ledger.before import before
from umeed.books.ledger.lowest import below_nothing
from umeed.books.ledger.writing import put_one
from umeed.books.tests.making import day, entry, saving, sheet
from umeed.core.actions import Refused
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.tests.making import bookkeeper_of, codes_of, officer_at, us

_ALL = "SELECT umeed_sees_book(%s), %s IN (SELECT umeed_books())"


def test_one_book_is_reached_as_among_all(kept, other, valley) -> None:
    viewers = [bookkeeper_of(kept.group), bookkeeper_of(other.group, username="gulab"), officer_at(kept.group.place)]
    for viewer in [*(scope.viewer for scope in viewers), "", "00000000-0000-7000-8000-000000000000"]:
        with as_viewer(viewer), connection.cursor() as cursor:
            for book in (kept.book.pk, other.book.pk, 0):
                cursor.execute(_ALL, [book, book])
                alone, among = cursor.fetchone()
                assert bool(alone) == bool(among), f"book {book} for {viewer or 'nobody'}"


def test_what_works_on_one_book_refuses_a_foreign_one(kept, other) -> None:
    draft = saving(other.women[0])
    asking = [
        lambda: before(other.book.pk, draft),
        lambda: below_nothing(other.book.pk, draft.on, sheet(entry("cash", -1), entry("rent", 1)).entries),
        lambda: put_one(other.book.pk, draft, by="her"),
    ]
    with as_viewer(bookkeeper_of(kept.group).viewer):
        assert before(kept.book.pk, saving(kept.women[0])).sheet is None
        for ask in asking:
            with pytest.raises(DatabaseError, match="not among those that the viewer reaches"), transaction.atomic():
                ask()
    assert before(other.book.pk, draft).sheet is None, "the product itself reaches every book"


def test_who_asks_is_the_viewer_again_afterwards(kept) -> None:
    with as_viewer(bookkeeper_of(kept.group).viewer), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('umeed.viewer')")
        asked = cursor.fetchone()
        draft = saving(kept.women[0])
        put_one(kept.book.pk, draft, by="her")
        assert before(kept.book.pk, draft).members == {kept.women[0].pk}
        cursor.execute("SELECT current_setting('umeed.viewer')")
        assert cursor.fetchone() == asked


def test_a_closed_month_closes_all_before_it(kept) -> None:
    lock_month(by=us(), book=kept.book, month=day("2024-05-01"))
    assert lock_month(by=us(), book=kept.book, month=day("2024-04-30")).month == 2024 * 12 + 4, "it is closed already"
    with pytest.raises(Refused) as refused:
        post_sheet(by=us(), book=kept.book, draft=saving(kept.women[0], on="2024-04-10"))
    assert codes_of(refused) == ["month_locked"]
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic(), as_system():
        put_one(kept.book.pk, saving(kept.women[0], on="2024-04-10"), by="system")
    assert post_sheet(by=us(), book=kept.book, draft=saving(kept.women[0], on="2024-06-10")).is_new
