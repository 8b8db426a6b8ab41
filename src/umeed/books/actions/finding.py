"""Finds a book within the scope, and locks it for the length of an action."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, When

from umeed.books.models import Book
from umeed.core.actions import Refused
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution
from umeed.kernel.refusals import N_, Refusal

KEEP = "books.keep"
_LEVEL = Case(When(institution__kind="shg", then=0), When(institution__kind="vo", then=1), default=2)
_HELD = """
SELECT (h.kept_by).*, h.opened_on AS has_book_since, h.places AS lies_in, h.above AS is_below FROM books_held(%s, %s) h
"""
_NO_BOOK = N_("This book is not among those that you may keep.")


def book_to_keep(by: Scope, book: Book | int) -> Book:
    """A book in scope, locked: two sheets of one book are posted one after the other. Within a transaction.

    The database answers whether the viewer reaches it, and what it lies in; the scope, whether she may keep it.
    """
    pk = book.pk if isinstance(book, Book) else book
    for kept_by in Institution.objects.raw(_HELD, [pk, by.today]):
        if by.reaches(KEEP, kept_by.lies_in, kept_by.is_below):
            found = Book.from_db(None, ("id", "institution_id", "opened_on"), (pk, kept_by.pk, kept_by.has_book_since))
            found.institution = kept_by
            return found
    raise Refused([Refusal("book", "not_found", _NO_BOOK)])


def hold_together(book: Book | int, others: Iterable[UUID]) -> None:
    """Lock a book and those of other institutions in one order, so that two who write into both never wait for each
    other: groups, then VOs, then CLFs. A group's meeting may thus lock its own book first; who writes from above calls
    this before anything else."""
    pk = book.pk if isinstance(book, Book) else book
    with as_system():
        rows = Book.objects.filter(institution__in=list(others)) | Book.objects.filter(pk=pk)
        list(rows.order_by(_LEVEL, "pk").select_for_update(of=("self",)).values_list("pk"))
