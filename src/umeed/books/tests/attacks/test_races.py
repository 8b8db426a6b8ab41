"""What two sessions could do between each other, on a database of its own."""


def test_two_sessions_do_not_step_between_each_other(own_database) -> None:
    own_database("umeed.books.tests.attacks.races")
