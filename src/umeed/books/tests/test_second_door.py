"""Of one book PostgreSQL says whether the viewer reaches it, without looking at the others: the same as of all."""

from collections import Counter

import pytest
from django.db import DatabaseError, connection, transaction

from umeed.books.actions import lock_month, post_sheet
from umeed.books.actions.finding import KEEP, book_to_keep
from umeed.books.ledger.before import before
from umeed.books.ledger.lowest import below_nothing
from umeed.books.ledger.reach import open_all_to_viewer, open_to_viewer
from umeed.books.ledger.writing import put_one
from umeed.books.models import Book, Sheet
from umeed.books.tests.conftest import keep
from umeed.books.tests.making import day, entry, post, saving, sheet
from umeed.core.actions import Refused
from umeed.core.audit import picture
from umeed.core.scope import nobody
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.tests.making import bookkeeper_of, codes_of, make_group, officer_at, us

_ALL = "SELECT umeed_sees_book(%s), %s IN (SELECT umeed_books())"


def test_one_book_is_reached_as_among_all(kept, other, valley) -> None:
    viewers = [bookkeeper_of(kept.group), bookkeeper_of(other.group, username="gulab"), officer_at(kept.group.place)]
    for viewer in [*(scope.viewer for scope in viewers), "", "00000000-0000-7000-8000-000000000000"]:
        with as_viewer(viewer), connection.cursor() as cursor:
            for book in (kept.book.pk, other.book.pk, 0):
                cursor.execute(_ALL, [book, book])
                alone, among = cursor.fetchone()
                assert bool(alone) == bool(among), f"book {book} for {viewer or 'nobody'}"


def test_a_book_to_keep_is_one_of_those_in_scope(kept, other, valley) -> None:
    """The scope answers for one record what it answers for a list, and so does the second door."""
    everybody = [
        bookkeeper_of(kept.group), bookkeeper_of(other.group, username="gulab"), officer_at(kept.group.place),
        officer_at(valley.north, username="north"), nobody(us().today), us(),
    ]  # fmt: skip
    held = Counter()
    for scope in everybody:
        with as_viewer(scope.viewer):
            for book in (kept.book.pk, other.book.pk, 0):
                listed = list(Book.objects.filter(pk=book).seen_by(scope, KEEP).select_related("institution"))
                try:
                    found = [book_to_keep(scope, book)]
                except Refused:
                    found = []
                assert found == listed, f"book {book} for {scope.viewer or 'nobody'}"
                for one, same in zip(found, listed, strict=True):
                    assert (picture(one), picture(one.institution)) == (picture(same), picture(same.institution))
                    held[scope.viewer] += 1
    assert held[us().viewer] == 2 and held[everybody[0].viewer] == 1, "somebody keeps something, and not all keep all"


def test_what_a_wide_reach_leaves_out_is_all_that_it_does_not_see(kept, other, valley) -> None:
    far = keep(make_group(valley.walnut, "Sahar", members=5))
    officers = officer_at(kept.group.place), officer_at(valley.upper, username="upper")
    viewers = [bookkeeper_of(kept.group), *officers, us()]
    told = []
    with as_system():
        every = set(Book.objects.values_list("pk", flat=True))
    for viewer in [*(scope.viewer for scope in viewers), ""]:
        with as_viewer(viewer), connection.cursor() as cursor:
            cursor.execute("SELECT umeed_books_left_out(), ARRAY(SELECT umeed_books())")
            left_out, seen = cursor.fetchone()
            cursor.execute("SELECT current_setting('umeed.viewer')")
            assert cursor.fetchone() == (viewer,), "who asks is the viewer again"
        told.append(left_out)
        assert left_out is None or every - set(left_out) == (every if viewer == "system" else set(seen))
    assert None in told and told[-2] == [], "some see little, and the product everything"
    assert [far.book.pk] in told, "and somebody nearly everything"


def test_an_open_book_is_open_to_her_who_opened_it_and_no_longer_than_the_transaction(kept, other) -> None:
    hers, others = bookkeeper_of(kept.group).viewer, bookkeeper_of(other.group, username="gulab").viewer
    post(kept.book, saving(kept.women[0]))
    post(other.book, saving(other.women[0]))

    def seen() -> set[int]:
        return {*Sheet.objects.values_list("book", flat=True), *Book.objects.values_list("pk", flat=True)}

    with as_viewer(hers), transaction.atomic():
        assert open_to_viewer(kept.book.pk) and seen() == {kept.book.pk}
        assert not open_to_viewer(other.book.pk) and seen() == {kept.book.pk}, "what is out of reach is not opened"
        with as_viewer(others):
            assert seen() == {other.book.pk}, "another viewer does not look in by it"
        with as_viewer(""):
            assert seen() == set()
        with as_viewer(""), connection.cursor() as cursor:
            cursor.execute("SELECT umeed_sees_book(%s)", [kept.book.pk])
            assert cursor.fetchone() == (False,)
    with as_viewer(others):
        assert seen() == {other.book.pk}


def test_some_books_are_opened_at_once_as_far_as_they_are_reached(kept, other) -> None:
    hers, others = bookkeeper_of(kept.group).viewer, bookkeeper_of(other.group, username="gulab").viewer
    both = {kept.book.pk, other.book.pk}
    for one in (kept, other):
        post(one.book, saving(one.women[0]))

    def seen() -> set[int]:
        return {*Sheet.objects.values_list("book", flat=True), *Book.objects.values_list("pk", flat=True)}

    with as_viewer(hers), transaction.atomic():
        assert open_all_to_viewer(both) == seen() == {kept.book.pk}, "what is out of reach is left out"
        with as_viewer(others):
            assert seen() == {other.book.pk}, "another viewer does not look in by it"
        assert open_all_to_viewer([]) == set() and seen() == {kept.book.pk}, "nothing open hides nothing"
        assert open_all_to_viewer([other.book.pk]) == set() and seen() == {kept.book.pk}
        assert open_to_viewer(kept.book.pk) and open_all_to_viewer(both) == {kept.book.pk}
    with as_viewer(""):
        assert open_all_to_viewer(both) == seen() == set()
    with as_viewer(us().viewer):
        assert open_all_to_viewer(both) == both <= seen()


def test_rows_written_under_an_open_book_lie_in_books_that_are_reached(kept, other) -> None:
    with as_viewer(bookkeeper_of(kept.group).viewer):
        assert open_to_viewer(kept.book.pk)
        with (
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO books_monthlock (book_id, month, locked_by) VALUES (%s, 24290, 'her')", [other.book.pk]
            )


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
