"""The recount of everything: silent while all holds, and naming what somebody spoilt behind the guards' back."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from umeed.books.actions import lock_month, reverse_sheet
from umeed.books.nightly import difference_for, last_verdict, recount
from umeed.books.tests.making import day, entry, make_loan, post, saving, sheet
from umeed.books.tests.test_meetings import close, meeting, saved
from umeed.books.verifying import CHECKS, verify
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.viewer import as_viewer
from umeed.institutions.tests.making import bookkeeper_of, officer_at, us
from umeed.kernel.ids import new_id

_TABLES = ("books_sheet", "books_line", "books_movement", "books_meeting", "books_monthlock", "books_loan")


@contextmanager
def behind_the_guards() -> Iterator[Any]:
    """As the owner of the tables with every guard off: a restored copy, or somebody with the keys of the server."""
    work_as_owner()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    work_as_app()


@pytest.fixture
def lived(kept):
    """A book with savings, a loan, a reversal, a meeting and a closed month."""
    her = kept.women[0]
    loan = make_loan(kept.book, her)
    post(kept.book, saving(her, 500))
    post(kept.book, sheet(entry("loan_to_member", 200, woman=her.pk, loan=loan.pk), entry("cash", -200)))
    wrong = post(kept.book, saving(her, 70, on="2024-05-06"))
    reverse_sheet(by=us(), sheet=wrong, uid=new_id(), why="Twice", on=day("2024-05-07"))
    close(kept, meeting(kept, on="2024-05-13", savings=saved(kept), counted=550_00))
    lock_month(by=us(), book=kept.book, month=day("2024-04-01"))
    return kept


def _found() -> dict[str, str]:
    return {one.check: one.found.said for one in verify() if one.found}


def test_a_book_that_holds_is_passed_over_in_silence(lived) -> None:
    assert _found() == {}
    told = io.StringIO()
    call_command("verify_books", stdout=told)
    assert "hold" in told.getvalue()
    assert last_verdict() is not None


SPOILT = {
    "an amount of two lines": (
        "UPDATE books_line SET amount_paise = amount_paise * 2 WHERE sheet_id = (SELECT min(id) FROM books_sheet)",
        {"lines", "digests"},
    ),
    "the woman of a line": (
        "UPDATE books_line SET woman_id = (SELECT max(woman_id::text)::uuid FROM institutions_membership)"
        " WHERE head = 201 AND sheet_id = (SELECT min(id) FROM books_sheet)",
        {"digests"},
    ),
    "a loan of two, in one book": (
        "UPDATE books_loan SET twin_id = id, head = 'loan_to_body';"
        "UPDATE books_line SET head = 112, body_id = (SELECT institution_id FROM books_book LIMIT 1), woman_id = NULL"
        " WHERE head = 111",
        {"linked"},
    ),
    "a line gone": ("DELETE FROM books_line WHERE position = 2 AND amount_paise = 20000", set()),
    "a sheet gone": ("DELETE FROM books_sheet WHERE id = (SELECT min(id) FROM books_sheet)", {"lines"}),
    "a movement": ("UPDATE books_movement SET debit_paise = debit_paise + 1 WHERE head = 101", {"lines"}),
    "a movement gone": ("DELETE FROM books_movement WHERE head = 101", {"lines"}),
    "the day of a sheet": (
        "UPDATE books_sheet SET on_date = '2024-05-20' WHERE id = (SELECT min(id) FROM books_sheet)",
        {"lines", "digests"},
    ),
    "the day of a meeting": ("UPDATE books_meeting SET held_on = held_on + 1", {"meetings"}),
    "a reversal": (
        "UPDATE books_sheet SET reverses_id = (SELECT min(id) FROM books_sheet) WHERE kind = 6", {"reversals"},
    ),
    "an event in one book": ("UPDATE books_sheet SET event = uid WHERE kind = 6", {"events", "digests"}),
    "whose a loan is": (
        "UPDATE books_loan SET woman_id = (SELECT max(woman_id::text)::uuid FROM books_line)", {"loans"},
    ),
    "a loan gone": ("DELETE FROM books_loan", {"loans"}),
    "a woman of another group": (
        "UPDATE institutions_membership SET institution_id = '%(other)s' WHERE woman_id = '%(her)s'", {"women"},
    ),
    "a month closed earlier": ("UPDATE books_monthlock SET locked_at = '2024-05-01'", {"months"}),
    "a day to come": (
        "UPDATE books_sheet SET recorded_at = '2024-05-12 12:00+05:30' WHERE on_date = '2024-05-13'", {"days"},
    ),
    "what was said in a meeting": (
        "UPDATE books_meeting SET said = jsonb_set(said, '{counted}', '55001')", {"documents"},
    ),
    "a meeting gone": ("DELETE FROM books_meeting", {"records", "chain"}),
    "the kind of a meeting's sheet": ("UPDATE books_sheet SET kind = 2 WHERE kind = 1", {"meetings", "digests"}),
    "a meeting without its sheet": ("UPDATE books_meeting SET sheet_id = NULL", {"records", "documents"}),
    "the digest of a document": ("UPDATE books_meeting SET digest = sha256('x')", {"chain", "documents"}),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "checks"), SPOILT.values(), ids=SPOILT.keys())
def test_what_was_spoilt_is_named(lived, other, sql, checks) -> None:
    sql = sql.replace("%(other)s", str(other.group.pk)).replace("%(her)s", str(lived.women[0].pk))
    with behind_the_guards() as cursor:
        cursor.execute(sql)
        changed = cursor.rowcount
    found = _found()
    assert bool(changed) == bool(found) and checks <= found.keys(), found


def test_the_command_ends_badly_and_says_what_differs(lived) -> None:
    with behind_the_guards() as cursor:
        cursor.execute("UPDATE books_movement SET debit_paise = debit_paise + 1 WHERE head = 101 AND month = 24291")
    with pytest.raises(CommandError, match=rf"Book {lived.book.pk}, 2024-04, cash: kept are"):
        call_command("verify_books", stdout=io.StringIO(), stderr=io.StringIO())


def test_who_answers_for_the_book_is_told_the_next_day(lived, other, valley) -> None:
    cache.clear()
    assert recount().said == "" and difference_for(us()) is None
    with behind_the_guards() as cursor:
        cursor.execute("UPDATE books_movement SET debit_paise = debit_paise + 1 WHERE head = 101 AND month = 24291")
    assert recount().book == lived.book.pk
    over, elsewhere = officer_at(valley.north), officer_at(valley.south, username="other")
    hers = bookkeeper_of(lived.group)
    answers: dict[str, Callable[[], object]] = {
        "over": lambda: difference_for(over),
        "hers": lambda: difference_for(hers),
    }
    with as_viewer(over.viewer):
        assert answers["over"]() is not None
    with as_viewer(hers.viewer):
        assert answers["hers"]() is None, "a bookkeeper cannot do anything about it"
    with as_viewer(elsewhere.viewer):
        assert difference_for(elsewhere) is None
    assert difference_for(us()) is not None
    cache.clear()


def test_documents_of_earlier_nights_are_not_read_again(lived) -> None:
    with behind_the_guards() as cursor:
        cursor.execute("UPDATE books_meeting SET said = jsonb_set(said, '{counted}', '55001')")
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    assert [one.check for one in verify(since=later) if one.found] == []
    assert [one.check for one in verify() if one.found] == ["documents"]
    assert len(CHECKS) == 16
