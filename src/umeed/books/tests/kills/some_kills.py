"""Twenty kills of a process that posts, on the PostgreSQL of the tests: part of every run of them."""

import django

django.setup()

from umeed.books.tests.kills.killing import Killing, make_world  # noqa: E402


def main() -> None:
    make_world(4)
    Killing(20, lambda: None, lambda: 0, {"client": 100}).run()


if __name__ == "__main__":
    main()
