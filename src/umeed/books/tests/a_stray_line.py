"""While a sheet is posted and not yet committed, another session adds a line to it. Run on a database of its own."""

import threading

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402

from umeed.books.ledger.proving import first_difference  # noqa: E402
from umeed.books.tests.making import make_book  # noqa: E402
from umeed.core.viewer import as_system  # noqa: E402
from umeed.institutions.tests.making import make_group  # noqa: E402
from umeed.kernel.ids import new_id  # noqa: E402
from umeed.places.tests.world import Valley  # noqa: E402

SHEET = 10**9
LINE = "INSERT INTO books_line (sheet_id, position, book_id, head, amount_paise) VALUES (%s, %s, %s, %s, %s)"
POST = (
    "INSERT INTO books_sheet (id, uid, book_id, on_date, kind, line_count, digest, recorded_by)"
    " VALUES (%s, %s, %s, '2024-04-08', 1, 2, '', 'raw')"
)


def main() -> None:
    with as_system():
        book = make_book(make_group(Valley().chinar, members=5)).pk
    answers: list[str] = []
    other = threading.Thread(target=stray, args=(book, answers))
    with as_system(), connection.cursor() as cursor:
        cursor.execute(LINE, [SHEET, 1, book, 101, 100])
        cursor.execute(LINE, [SHEET, 2, book, 423, -100])
        cursor.execute(POST, [SHEET, new_id(), book])
        other.start()
        other.join(1)
        assert answers == [], "it waits for the one that posts"
    other.join(20)
    assert len(answers) == 1 and "too late" in answers[0], answers
    with as_system():
        assert first_difference() is None


def stray(book: int, answers: list[str]) -> None:
    try:
        with as_system(), connection.cursor() as cursor:
            cursor.execute(LINE, [SHEET, 3, book, 101, 999])
        answers.append("committed")
    except DatabaseError as refused:
        answers.append(str(refused))
    finally:
        connection.close()


if __name__ == "__main__":
    main()
