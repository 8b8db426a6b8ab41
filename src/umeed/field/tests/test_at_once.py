"""Several phones and officers at once, on a database of its own."""

from umeed.books.tests.conftest import own_database

__all__ = ["own_database"]


def test_several_at_once(own_database) -> None:  # type: ignore[no-untyped-def]
    own_database("umeed.field.tests.two_phones_at_once")
