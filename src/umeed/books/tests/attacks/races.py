"""Two sessions that try to step between each other: run on a database of its own, since what is posted stays."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import django

django.setup()

import psycopg  # noqa: E402

from umeed.books.ledger.proving import first_difference  # noqa: E402
from umeed.books.models import Book  # noqa: E402
from umeed.books.tests.making import make_book, post, saving  # noqa: E402
from umeed.books.tests.raw import EVEN, LINE, line, sheet_of  # noqa: E402
from umeed.core.viewer import as_system  # noqa: E402
from umeed.institutions.models import Woman  # noqa: E402
from umeed.institutions.tests.making import make_federation, make_group  # noqa: E402
from umeed.kernel.ids import new_id  # noqa: E402
from umeed.places.tests.world import Valley  # noqa: E402

APRIL, MAY = 2024 * 12 + 3, 2024 * 12 + 4
_ids = iter(range(10**9, 10**9 + 10**6))


class Session:
    """A session of the product's role that says it is the system, as a thief with SQL would."""

    def __init__(self, isolation: str = "READ COMMITTED") -> None:
        self.link = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self.link.execute("SET ROLE umeed_app")
        self.link.execute("SELECT set_config('umeed.viewer', 'system', false)")
        self.link.execute(f"BEGIN ISOLATION LEVEL {isolation}")

    def line(self, sheet: int, position: int, book: int, head: int, paise: int) -> None:
        self.link.execute(LINE, line(sheet, position, book, head, paise))

    def sheet(self, book: int, *, on: str = "2024-04-08", **said: Any) -> int:
        """A sheet of 100 paise; `lines` are (head, paise, woman, loan, body)."""
        number = next(_ids)
        self.link.execute(*sheet_of(number, book, said.pop("lines", EVEN), on_date=on, **said))
        return number

    def lock(self, book: int, month: int) -> None:
        self.link.execute(
            "INSERT INTO books_monthlock (book_id, month, locked_by) VALUES (%s, %s, 'thief')", [book, month]
        )

    def commit(self) -> None:
        self.link.execute("COMMIT")
        self.link.close()


def meanwhile(doing: Callable[[], None]) -> Callable[[], str]:
    """Begin to do something in another thread; answers what gives its end: 'done', or the reason why not."""
    answers: list[str] = []

    def do() -> None:
        try:
            doing()
            answers.append("done")
        except psycopg.Error as refused:
            answers.append(str(refused))

    thread = threading.Thread(target=do)
    thread.start()
    thread.join(0.4)

    def end() -> str:
        thread.join(20)
        assert answers, "it waits for ever"
        return answers[0]

    return end


def refused(doing: Callable[[], object], why: str) -> None:
    try:
        doing()
    except psycopg.Error as said:
        assert why in str(said), said
    else:
        raise AssertionError(f"it went through, though {why}")


def both(session: Session, book: int, **said: Any) -> None:
    session.sheet(book, **said)
    session.commit()


def a_month_is_closed_beside_a_sheet(book: int) -> None:
    first, second = Session(), Session()
    first.sheet(book)
    end = meanwhile(lambda: (second.lock(book, APRIL), second.commit()))
    first.commit()
    assert end() == "done", "the month is closed after the sheet"
    refused(lambda: both(Session(), book), "locked")


def a_sheet_comes_beside_the_closing_of_its_month(book: int) -> None:
    first, second = Session(), Session()
    first.lock(book, MAY)
    end = meanwhile(lambda: both(second, book, on="2024-05-08"))
    first.commit()
    assert "locked" in end()


def a_session_that_looks_at_yesterday(book: int, isolation: str) -> None:
    """It began before a month was closed, and before a sheet was posted: it may spoil neither."""
    month = 2024 * 12 + (5 if isolation == "SERIALIZABLE" else 6)
    old, older = Session(isolation), Session(isolation)
    for session in (old, older):
        session.link.execute("SELECT count(*) FROM books_sheet")
    closing, posting = Session(), Session()
    closing.lock(book, month)
    closing.commit()
    refused(lambda: both(old, book, on=f"2024-{month % 12 + 1:02}-08"), "READ COMMITTED")
    sheet = posting.sheet(book, on="2024-08-08")
    posting.commit()

    def stray() -> None:
        older.line(sheet, 3, book, 101, 50)
        older.line(sheet, 4, book, 101, -50)
        older.commit()

    refused(stray, "")


def one_id_in_two_sessions(book: int) -> None:
    uid, first, second = new_id(), Session(), Session()
    first.sheet(book, uid=uid, on="2024-09-08")
    end = meanwhile(lambda: both(second, book, uid=uid, on="2024-09-09"))
    first.commit()
    assert "books_sheet_uid" in end()


def one_sheet_reversed_by_two_sessions(book: int) -> None:
    session = Session()
    wrong = session.sheet(book, on="2024-09-10")
    session.commit()
    mirror = {"lines": [(101, -100), (423, 100)], "kind": 6, "reverses_id": wrong, "on": "2024-09-11"}
    first, second = Session(), Session()
    first.sheet(book, **mirror)
    end = meanwhile(lambda: both(second, book, **mirror))
    first.commit()
    assert "reverses" in end()


Body = tuple[int, Any]


def _pair(session: Session, group: Body, vo: Body, event: Any) -> None:
    """A group saves 100 paise with its VO, in both books."""
    said = {"event": event, "kind": 3, "on": "2024-10-01"}
    session.sheet(group[0], lines=[(104, 100, None, None, vo[1]), (119, -100, None, None, vo[1])], **said)
    session.sheet(vo[0], lines=[(221, -100, None, None, group[1]), (119, 100, None, None, group[1])], **said)


def one_event_told_by_two_sessions(first_two: tuple[Body, Body], last_two: tuple[Body, Body]) -> None:
    """Each session's own pair agrees; together they are four sheets of one event."""
    event, first, second = new_id(), Session(), Session()
    _pair(first, *first_two, event)
    _pair(second, *last_two, event)
    first.link.execute("SET CONSTRAINTS ALL IMMEDIATE")
    end = meanwhile(second.commit)
    first.commit()
    assert "same in both books" in end()


def a_line_beside_a_sheet_that_is_being_posted(book: int) -> None:
    """The other session cannot see the sheet yet, and has not written it."""
    first, second = Session(), Session()
    sheet = first.sheet(book, on="2024-10-05")
    refused(lambda: second.line(sheet, 3, book, 101, 50), "not written with its lines")
    first.commit()


def what_is_posted_one_by_one_waits_for_nobody(one: int, other: int) -> None:
    """Two sessions that post several sheets each, in each other's books, and end after each other."""
    first, second = Session(), Session()
    for session, books in ((first, (one, other)), (second, (other, one))):
        session.link.execute("SET lock_timeout = '10s'")
        session.sheet(books[0], on="2024-10-06", lines=[(101, 100), (421, -100)])
    first.sheet(other, on="2024-10-06", lines=[(102, 100), (422, -100)])
    first.commit()
    second.sheet(one, on="2024-10-06", lines=[(102, 100), (422, -100)])
    second.commit()


def a_savepoint_takes_the_sheet_back_and_its_lines(book: int) -> None:
    session = Session()
    session.link.execute("SAVEPOINT a")
    number = session.sheet(book, on="2024-10-05")
    session.link.execute("ROLLBACK TO SAVEPOINT a")
    assert session.link.execute("SELECT count(*) FROM books_line WHERE sheet_id = %s", [number]).fetchone() == (0,)
    session.commit()


def a_transaction_is_not_put_aside(book: int) -> None:
    session = Session()
    session.sheet(book, on="2024-10-03")
    refused(lambda: session.link.execute("PREPARE TRANSACTION 'thief'"), "")


def _body(valley: Valley, name: str) -> tuple[Body, Body]:
    """A group and its VO, each with a book: (number of the book, id of the institution)."""
    group, vo = make_group(valley.chinar, name, members=5), make_group(valley.chinar, f"{name} VO", kind="vo")
    make_federation(group, vo)
    return (make_book(group).pk, group.pk), (make_book(vo).pk, vo.pk)


def main() -> None:
    with as_system():
        valley = Valley()
        ours, others = _body(valley, "Roshni"), _body(valley, "Gulab")
        her = Woman.objects.filter(memberships__institution=ours[0][1])[0]
        post(Book.objects.get(pk=ours[0][0]), saving(her, on="2024-11-08"))
    book = ours[0][0]
    a_month_is_closed_beside_a_sheet(book)
    a_sheet_comes_beside_the_closing_of_its_month(book)
    a_session_that_looks_at_yesterday(book, "REPEATABLE READ")
    a_session_that_looks_at_yesterday(book, "SERIALIZABLE")
    one_id_in_two_sessions(book)
    one_sheet_reversed_by_two_sessions(book)
    one_event_told_by_two_sessions(ours, others)
    a_line_beside_a_sheet_that_is_being_posted(book)
    what_is_posted_one_by_one_waits_for_nobody(book, ours[1][0])
    a_savepoint_takes_the_sheet_back_and_its_lines(book)
    a_transaction_is_not_put_aside(book)
    with as_system():
        assert first_difference() is None


if __name__ == "__main__":
    main()
