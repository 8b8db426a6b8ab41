"""Meeting books and ledgers."""

from django.apps import AppConfig

from umeed.core.roles import withhold


class BooksConfig(AppConfig):
    name = "umeed.books"
    label = "books"

    def ready(self) -> None:
        from umeed.books import leaving, tellings
        from umeed.books.loads import layouts
        from umeed.institutions.leaving import ask_before_leaving

        tellings.declare()
        layouts.offer_all()
        ask_before_leaving(leaving.why_not_leave, leaving.leaves_from)
        withhold("books_sheet", "books_line", "books_meeting", "books_monthlock", "books_bylaw", "books_grading")
        withhold("books_creditlimit")
        withhold("books_movement", also=("INSERT",))
