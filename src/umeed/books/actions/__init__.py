"""The only writers of books. Keyword arguments, `by=` who acts, an id made by the caller: twice is once."""

from umeed.books.actions.posting import Conflict, lock_month, open_book, post_sheet, reverse_sheet

__all__ = ["Conflict", "lock_month", "open_book", "post_sheet", "reverse_sheet"]
