"""While a sheet is posted and not yet committed, another session adds a line to it; and another
afterwards. Run on a database of its own."""

import threading

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402

from umeed.books.ledger.proving import first_difference  # noqa: E402
from umeed.books.tests.making import make_book  # noqa: E402
from umeed.books.tests.raw import EVEN, FIRST, LINE, line, sheet_of  # noqa: E402
from umeed.core.viewer import as_system  # noqa: E402
from umeed.institutions.tests.making import make_group  # noqa: E402
from umeed.places.tests.world import Valley  # noqa: E402


def main() -> None:
    with as_system():
        book = make_book(make_group(Valley().chinar, members=5)).pk
    answers: list[str] = []
    other = threading.Thread(target=stray, args=(book, answers))
    with as_system(), connection.cursor() as cursor:
        cursor.execute(*sheet_of(FIRST, book, EVEN))
        other.start()
        other.join(20)
        assert len(answers) == 1 and "not written with its lines" in answers[0], answers
    stray(book, answers)
    assert len(answers) == 2 and "too late" in answers[1], answers
    with as_system():
        assert first_difference() is None


def stray(book: int, answers: list[str]) -> None:
    try:
        with as_system(), connection.cursor() as cursor:
            cursor.execute(LINE, line(FIRST, 3, book, 101, 999))
        answers.append("committed")
    except DatabaseError as refused:
        answers.append(str(refused))
    finally:
        connection.close()


if __name__ == "__main__":
    main()
