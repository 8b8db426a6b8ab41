"""A kill at any moment leaves a sheet wholly in or wholly out."""


def test_twenty_kills_leave_nothing_half_in(own_database) -> None:
    own_database("umeed.books.tests.kills.some_kills")
