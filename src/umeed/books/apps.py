"""Meeting books and ledgers."""

from django.apps import AppConfig

from umeed.core.roles import withhold


class BooksConfig(AppConfig):
    name = "umeed.books"
    label = "books"

    def ready(self) -> None:
        from umeed.books import tellings

        tellings.declare()
        withhold("books_sheet", "books_line", "books_meeting", "books_monthlock")
        withhold("books_movement", also=("INSERT",))
