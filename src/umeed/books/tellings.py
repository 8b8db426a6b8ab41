"""How this room's actions, records and columns are told in "who did what"."""

from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import words

ACTIONS = {
    "open_book": _("Opened a book"),
    "post_sheet": _("Posted a sheet"),
    "reverse_sheet": _("Reversed a sheet"),
    "lock_month": _("Closed a month of a book"),
}
TABLES = {
    "books_book": _("Book"),
    "books_sheet": _("Sheet"),
    "books_loan": _("Loan"),
    "books_monthlock": _("Closed month"),
}
COLUMNS = {
    "institution": _("Institution"),
    "book": _("Book"),
    "uid": _("Id"),
    "woman": _("Woman"),
    "body": _("Institution"),
    "way": _("Given or taken"),
    "month": _("Month"),
    "locked_at": _("Closed at"),
    "locked_by": _("Closed by"),
}


def declare() -> None:
    """Called once at start."""
    words.say(ACTIONS)
    words.call(TABLES)
    for table in TABLES:
        words.title(table, COLUMNS)
